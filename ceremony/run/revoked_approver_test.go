// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/approval"
	"rootceremony/internal/term/termtest"
	"rootceremony/transcripts/event"
)

// revocationOf is a list that revokes somebody's key, or an object.
func revocationOf(t *testing.T, of string, at time.Time) []byte {
	t.Helper()
	what := fmt.Sprintf(`"object": %q`, of)
	if s := signers(t)[of]; s != nil {
		what = fmt.Sprintf(`"key": %q`, ssh.FingerprintSHA256(s.PublicKey()))
	}
	return fmt.Appendf(nil, `{"type": "ceremony/revocations/v1", "revoked": [{%s, "reason": "lost", "time": %q}]}`, what, at.UTC().Format(time.RFC3339))
}

// TestRevokedApprover guards an auditor who has a list of what was revoked against a plan
// that a lost key approved, or an old policy: the list counts for all that people signed,
// not only for the manifest.
func TestRevokedApprover(t *testing.T) {
	g := &golden{dir: filepath.Join(t.TempDir(), "bundle"), preview: quick(t)}
	manifest := g.run(t, g.dir)
	peopleSign(t, g.dir)
	policy := plan.SHA256Hex(policyFor(t, nil))
	profile, err := g.preview.ResolvedProfiles()
	if err != nil {
		t.Fatal(err)
	}
	from := g.preview.Plan.Ceremony.Window.From
	for name, c := range map[string]struct{ of, says string }{
		"the key of an approver":  {"cat", "plan/approvals: with the given revocations, the approvals do not meet the policy"},
		"the plan":                {plan.SHA256Hex(g.preview.Canonical), "it was revoked at"},
		"a profile":               {plan.SHA256Hex(profile[0].Data), "it was revoked at"},
		"the policy":              {policy, "the policy was revoked at"},
		"the record":              {manifest, "MANIFEST: by the given list it was revoked at"},
		"the key of someone else": {"eve", ""},
	} {
		o := verify.Options{PolicySHA256: policy, Revocations: revocationOf(t, c.of, from.AddDate(-1, 0, 0))}
		v, problems := verified(t, g.dir, o)
		if !strings.Contains(problems, c.says) || (len(v.Problems) == 0) != (c.says == "") {
			t.Errorf("%s: want %q in\n%s", name, c.says, problems)
		}
	}
	for of, says := range map[string]string{
		"cat": "plan: the key SHA256:", "ben": "signatures: the key SHA256:", "dana": "signatures: the key SHA256:",
		policy: "signatures: the policy was revoked later", plan.SHA256Hex(read(t, g.dir, "attestations/ben.json")): "signatures: it was revoked later",
	} {
		later := verify.Options{PolicySHA256: policy, Revocations: revocationOf(t, of, from.AddDate(1, 0, 0))}
		if v, problems := verified(t, g.dir, later); len(v.Problems) > 0 || !strings.Contains(strings.Join(v.Notices, "\n"), says) {
			t.Errorf("%s revoked after the ceremony: %s\n%q", of, problems, v.Notices)
		}
	}
}

// TestPolicyMissing guards an auditor who knows the trust policy from outside against a
// record that was written anew under a plan which nobody has to approve.
func TestPolicyMissing(t *testing.T) {
	for says, o := range map[string]verify.Options{
		"trust/policy.json: it is missing, and its SHA-256 was given":       {PolicySHA256: strings.Repeat("ab", 32)},
		"trust/policy.json: it is missing, and the given policy demands":    {Policy: policyFor(t, nil)},
		"the policy requires 1 signature on MANIFEST as administrator, and": {Policy: policyFor(t, withoutPlans)},
	} {
		if _, problems := verified(t, ceremonytest.GoldenBundle, o); !strings.Contains(problems, says) {
			t.Errorf("a policy is given, and nobody misses it; want %q in %s", says, problems)
		}
	}
}

// TestRevokedUnapproved guards an auditor whose list takes back what nobody had to approve,
// or what the room decided alone: no approval is there that the list could be compared with.
func TestRevokedUnapproved(t *testing.T) {
	excepted := exceptional(t, "for: 3y}", "for: 2y}").dir
	for _, c := range []struct{ dir, file, name string }{
		{ceremonytest.GoldenBundle, event.PlanPath, "plan"},
		{ceremonytest.GoldenBundle, "plan/profiles/example-root.profile.json", "example-root.profile.json of plan"},
		{ceremonytest.GoldenBundle, "plan/site.json", "site file"},
		{excepted, amendedFolder + "/plan.json", "amendment 1"},
	} {
		revoked := plan.SHA256Hex(read(t, c.dir, c.file))
		for year, says := range map[int]string{2020: c.file + ": by the given list it was revoked at", 2030: c.name + ": it was revoked later"} {
			o := verify.Options{Revocations: revocationOf(t, revoked, time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC))}
			v, _ := verified(t, c.dir, o)
			if told := fmt.Sprint(v.Problems, v.Notices); (len(v.Problems) == 0) != (year == 2030) || !strings.Contains(told, says) {
				t.Errorf("the list says that %s was taken back: want %q in %s", c.file, says, told)
			}
		}
	}
}

// withoutPlans leaves a policy that says who signs MANIFEST, and not who approves plans.
func withoutPlans(d *approval.Draft) { d.Rules = d.Rules[2:] }

// TestSignedUnderOldPolicy guards an auditor against signatures on MANIFEST that the policy
// demands, and of which none counts, because it had expired.
func TestSignedUnderOldPolicy(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "bundle")
	if err := os.CopyFS(dir, os.DirFS(ceremonytest.GoldenBundle)); err != nil {
		t.Fatal(err)
	}
	peopleSign(t, dir)
	o := verify.Options{Policy: policyFor(t, withoutPlans)}
	if v, problems := verified(t, dir, o); problems != "" || !v.IsAnchored() {
		t.Fatalf("signed under a policy in force: %s", problems)
	}
	o.Policy = policyFor(t, func(d *approval.Draft) { withoutPlans(d); d.Expires = d.Expires.AddDate(-2, 0, 0) })
	v, problems := verified(t, dir, o)
	for _, what := range []string{"signature", "review"} {
		if says := "the policy requires a " + what + " on MANIFEST, and none counts: the policy expired"; v.IsAnchored() || !strings.Contains(problems, says) {
			t.Errorf("want %q in %s; anchored by %q", says, problems, v.Anchored)
		}
	}
	if s := v.Signed; len(s.Manifest.Signed)+len(s.Reviews.Signed)+len(s.Exhibits) > 0 {
		t.Errorf("none counts, and these are shown as if they did: %+v", s)
	}
	for _, name := range []string{"signatures/MANIFEST.ann.sig", "signatures/MANIFEST.dana.ceremony-review-v1.sig", "evidence-late/001.json.dana.sig"} {
		if says := name + ": not counted: the policy expired"; !strings.Contains(strings.Join(v.Notices, "\n"), says) {
			t.Errorf("want %q in %q", says, v.Notices)
		}
	}
}

// TestRevokedBeforeAmendment guards the second day against a key that was revoked on the
// first: the list that came with the first plan holds for its amendments, in the room and
// afterwards.
func TestRevokedBeforeAmendment(t *testing.T) {
	dir := t.TempDir()
	policy := policyFor(t, nil)
	first := ceremonytest.Amended(t, "approval: none, ", "")
	site, memory := fastSite()
	o := inMemory(runOptions(first, site, filepath.Join(dir, "bundle")), memory)
	day := approvedIn(t, first, "ann", "ben")
	write(t, day, approval.RevocationsFile, revocationOf(t, "cat", first.Plan.Ceremony.Window.From.AddDate(0, 0, -1)))
	o.Policy, o.PolicySHA256, o.Approvals = policy, plan.SHA256Hex(policy), os.DirFS(day)
	if _, err := Execute(context.Background(), first, o); err != nil {
		t.Fatal(err)
	}
	second := ceremonytest.Amended(t, "approval: none, ", "", "for: 3y}", "for: 2y}")
	o.Approvals = os.DirFS(approvedIn(t, second, "ann", "cat"))
	amend(&o, second)
	d := &amendedDay{first: first}
	o.People = Asked{Terminal: d.people(5)}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	if all := events[event.PlanApproval](t, o.Bundle); len(all) != 2 || all[1].Class != event.ApprovedByException {
		t.Errorf("a revoked key approved the amendment, %d approvals", len(all))
	}
	write(t, o.Bundle, "plan/amendment-1/approvals/plan.json.ann.sig", signature(t, "ann", approval.PlanApproval, second.Canonical))
	if _, problems := verified(t, o.Bundle, verify.Options{}); !strings.Contains(problems, "plan/amendment-1/approvals: nobody approved amendment 1 by the policy, but files") {
		t.Errorf("what nobody evaluates lies there as an approval: %s", problems)
	}
}

// TestRevokedBySiteChange guards an amendment against a key that was revoked when another
// site file was approved: the list that came with that holds for what is approved later.
func TestRevokedBySiteChange(t *testing.T) {
	policy := policyFor(t, nil)
	first, second := ceremonytest.Amended(t, "approval: none, ", ""), ceremonytest.Amended(t, "approval: none, ", "", "for: 3y}", "for: 2y}")
	o := fastRun(t, first)
	o.Site.Tokens[0].Template = "strict"
	o.Policy, o.PolicySHA256, o.Approvals = policy, plan.SHA256Hex(policy), os.DirFS(approvedIn(t, first, "ann", "cat"))
	if _, err := Execute(context.Background(), first, o); err != nil {
		t.Fatal(err)
	}
	lesser := *o.Site
	lesser.Tokens = slices.Clone(lesser.Tokens)
	lesser.Tokens[0].Template = "crypto11"
	folder := siteApprovedIn(t, t.TempDir(), &lesser)
	write(t, folder, approval.RevocationsFile, revocationOf(t, "ben", first.Plan.Ceremony.Window.From.AddDate(0, 0, -1)))
	d := &amendedDay{first: first}
	o.Site, o.SiteApprovals, o.Script = &lesser, os.DirFS(folder), nil
	o.People = Asked{Terminal: termtest.NewScript(80).On("Continue with the changed site", termtest.Reply("change")).
		On("Why the site file", termtest.Reply("the device refuses it")).
		Once("first four digits", termtest.Reply("PAUSE")).On("ceremony paused", termtest.Reply("lunch")).Then(d.people(5))}
	if res, err := Resume(context.Background(), o); err != nil || res.Pause == "" {
		t.Fatalf("not paused: %+v, %v", res, err)
	}
	o.Approvals, o.SiteApprovals = os.DirFS(approvedIn(t, second, "ann", "ben")), nil
	amend(&o, second)
	o.People = Asked{Terminal: d.people(7)}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	if all := events[event.PlanApproval](t, o.Bundle); len(all) != 2 || all[1].Class != event.ApprovedByException {
		t.Errorf("a key that was revoked with the site file approved the amendment: %+v", all[1:])
	}
}

// TestRevokedInBundle guards an auditor who brings a list of revocations: it takes back
// more, and gives back nothing that the list in the bundle took.
func TestRevokedInBundle(t *testing.T) {
	dir := t.TempDir()
	policy := policyFor(t, nil)
	p := ceremonytest.Amended(t, "approval: none, ", "")
	site, memory := fastSite()
	o := inMemory(runOptions(p, site, filepath.Join(dir, "bundle")), memory)
	folder := approvedIn(t, p, "ann", "cat")
	write(t, folder, approval.RevocationsFile, revocationOf(t, "ben", p.Plan.Ceremony.Window.From.AddDate(0, 0, -1)))
	o.Policy, o.PolicySHA256, o.Approvals = policy, plan.SHA256Hex(policy), os.DirFS(folder)
	if _, err := Execute(context.Background(), p, o); err != nil { // until it pauses
		t.Fatal(err)
	}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"ann", "ben"} {
		write(t, o.Bundle, "signatures/MANIFEST."+who+".sig", signature(t, who, approval.ManifestDeclaration, read(t, o.Bundle, "MANIFEST")))
	}
	for name, given := range map[string][]byte{"no list": nil, "a list about somebody else": revocationOf(t, "eve", p.Plan.Ceremony.Window.From)} {
		v, problems := verified(t, o.Bundle, verify.Options{PolicySHA256: plan.SHA256Hex(policy), Revocations: given})
		if v.IsAnchored() || !strings.Contains(problems, "1 signature on MANIFEST as internal-witness, and has 0") {
			t.Errorf("%s: the revoked key counts, anchored by %q; %s", name, v.Anchored, problems)
		}
	}
}
