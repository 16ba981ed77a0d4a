// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/approval"
	"rootceremony/internal/artifact"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// approvers are three people with keys and the policy that wants two of them
// for a plan, and for each profile that it uses.
func approvers(t *testing.T, dir string) []byte {
	t.Helper()
	d := approval.Draft{Expires: time.Date(2027, 12, 31, 0, 0, 0, 0, time.UTC),
		Roles: []approval.Role{{Name: "plan-approver", Members: []string{"ann", "ben", "cat"}, Threshold: 2}},
		Rules: []approval.Rule{
			{For: approval.PlanApproval, Roles: []string{"plan-approver"}},
			{For: approval.ProfileApproval, Roles: []string{"plan-approver"}},
		}}
	for _, who := range []string{"ann", "ben", "cat", "eve"} {
		sshKeygen(t, dir, "-q", "-t", "ed25519", "-N", "", "-C", who, "-f", who)
		text, err := os.ReadFile(filepath.Join(dir, who+".pub"))
		if err != nil {
			t.Fatal(err)
		}
		key, err := approval.ParsePublicKey(string(text))
		if err != nil {
			t.Fatal(err)
		}
		if who != "eve" {
			d.People = append(d.People, approval.Person{ID: who, Org: "example", Keys: []approval.Key{{SSH: key}}})
		}
	}
	policy, err := approval.NewPolicy(d)
	if err != nil {
		t.Fatal(err)
	}
	return policy
}

func sshKeygen(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("ssh-keygen", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen %v: %v\n%s", args, err, out)
	}
}

// TestApproval guards the thresholds: a plan that has to be approved runs only
// when the people of the policy signed these very bytes, and its bundle shows
// that to whoever knows the policy.
func TestApproval(t *testing.T) {
	folder := ceremonytest.FastFolder(t)
	data, err := os.ReadFile(filepath.Join(folder, "ceremony.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(data), "approval: none, ", "", 1)
	if err := os.WriteFile(filepath.Join(folder, "ceremony.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := ceremonytest.Preview(t, folder)
	dir := t.TempDir()
	policy := approvers(t, dir)
	toApprove(t, dir, p)
	site, memory := fastSite()
	o := runOptions(p, site, filepath.Join(dir, "bundle"))
	o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) { return persistent{memory}, nil }
	refused := func(why string) {
		t.Helper()
		o := o
		o.People = Asked{Terminal: nobodyIsAsked(t)}
		if _, err := Execute(context.Background(), p, o); err == nil || !strings.Contains(err.Error(), why) {
			t.Fatalf("it was not refused for %q: %v", why, err)
		}
		if _, err := os.Stat(o.Bundle); err == nil {
			t.Fatal("a bundle was begun")
		}
	}
	refused("no trust policy")
	o.Policy, o.PolicySHA256, o.Approvals = policy, strings.Repeat("00", 32), os.DirFS(dir)
	refused("digest")
	o.PolicySHA256 = artifact.Sum(policy).SHA256Hex()
	refused("the plan is not approved: 2 approvals of ann, ben or cat (plan.json and 3 more files)")
	for _, who := range []string{"ann", "eve"} {
		signAll(t, dir, who)
	}
	refused("the plan is not approved: one more approval of ben or cat (plan.json and 3 more files)")
	signFile(t, dir, "plan.json", "ben")
	refused("the plan is not approved: one more approval of ben or cat (example-root.profile.json and 2 more files)")
	for _, name := range profilesIn(t, dir) {
		signFile(t, dir, name, "ben")
	}
	res, err := Execute(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	mustBeApproved(t, res.Bundle, o.PolicySHA256, len(p.Plan.Artifacts))
}

// toApprove writes a plan and its profiles, as "plan --out" does.
func toApprove(t *testing.T, dir string, p *plan.Preview) {
	t.Helper()
	objects, err := p.ResolvedProfiles()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range append(objects, approval.Object{Name: approval.PlanFile, Data: p.Canonical}) {
		if err := os.WriteFile(filepath.Join(dir, o.Name), o.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// profilesIn names the resolved profiles in a folder.
func profilesIn(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.profile.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no resolved profile: %v", err)
	}
	for i := range files {
		files[i] = filepath.Base(files[i])
	}
	return files
}

// signAll has a person sign the plan and all profiles.
func signAll(t *testing.T, dir, who string) {
	t.Helper()
	for _, name := range append(profilesIn(t, dir), approval.PlanFile) {
		signFile(t, dir, name, who)
	}
}

// signFile has a person sign a file for what its name says.
func signFile(t *testing.T, dir, name, who string) {
	t.Helper()
	namespace, _ := approval.NamespaceOfFile(name)
	sshKeygen(t, dir, "-q", "-Y", "sign", "-f", who, "-n", string(namespace), name)
	if err := os.Rename(filepath.Join(dir, name+".sig"), filepath.Join(dir, approval.SignatureFile(name, who))); err != nil {
		t.Fatal(err)
	}
}

// mustBeApproved checks what a bundle says of its approval, with the policy's
// digest, with another one, and when a signature is gone.
func mustBeApproved(t *testing.T, bundle, digest string, artifacts int) {
	t.Helper()
	mustVerify(t, bundle, artifacts)
	approvalProblem(t, bundle, digest, "")
	approvalProblem(t, bundle, strings.Repeat("11", 32), "not the one given")
	profile := filepath.Base(profilesIn(t, filepath.Join(bundle, plan.Folder, "profiles"))[0])
	for _, name := range []string{profile, approval.PlanFile} {
		gone := filepath.Join(bundle, plan.ApprovalsFolder(plan.Folder), approval.SignatureFile(name, "ben"))
		data, err := os.ReadFile(gone)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(gone); err != nil {
			t.Fatal(err)
		}
		approvalProblem(t, bundle, digest, "the approvals do not meet the policy")
		if err := os.WriteFile(gone, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// approvalProblem checks that verify finds what it should, or nothing.
func approvalProblem(t *testing.T, bundle, digest, want string) {
	t.Helper()
	v, err := verify.Bundle(context.Background(), bundle, verify.Options{PolicySHA256: digest})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	var all []string
	for _, p := range v.Problems {
		all = append(all, p.String())
	}
	if text := strings.Join(all, "\n"); (want == "") != (text == "") || !strings.Contains(text, want) {
		t.Errorf("want %q among the problems:\n%s\napproval: %s", want, text, v.Approval)
	}
}

// TestApprovalOnPaper guards a class of its own: who approved on paper, by which
// resolution, and who vouches for that, is in the record and in the report.
func TestApprovalOnPaper(t *testing.T) {
	p := ceremonytest.Amended(t, "approval: none, ", "", "  - pause: Put", "  - do: Put")
	dir := t.TempDir()
	policy := policyFor(t, func(d *approval.Draft) {
		d.Rules = slices.DeleteFunc(d.Rules, func(r approval.Rule) bool { return r.For == approval.ProfileApproval })
		plan.Find(d.Rules, func(r *approval.Rule) bool { return r.For == approval.PlanApproval }).Paper = true
	})
	paper := fmt.Appendf(nil, `{"type": "ceremony/paper-approval/v1", "who": "cat", "role": "plan-approver", "meaning": "plan", "object_sha256": %q,
		"resolution": "Board 2026/17", "date": "2026-11-20", "scan_sha256": %q}`, plan.SHA256Hex(p.Canonical), strings.Repeat("ab", 32))
	write(t, dir, "plan.json.ann.sig", signature(t, "ann", approval.PlanApproval, p.Canonical))
	write(t, dir, "plan.json.cat.paper.json", paper)
	write(t, dir, "plan.json.cat.paper.json.ben.sig", signature(t, "ben", approval.Review, paper))
	write(t, dir, "plan.json.eve.sig", signature(t, "eve", approval.PlanApproval, p.Canonical))
	o := fastRun(t, p)
	o.Policy, o.PolicySHA256, o.Approvals = policy, artifact.Sum(policy).SHA256Hex(), os.DirFS(dir)
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	approvalProblem(t, o.Bundle, o.PolicySHA256, "")
	readmeCommands(t, o.Bundle)
	said := events[event.PlanApproval](t, o.Bundle)[0]
	if said.Class != event.ApprovedOnPaper || len(said.Approvals) != 2 || len(said.Notices) != 1 || !strings.HasPrefix(said.Notices[0], "plan.json.eve.sig: ") {
		t.Fatalf("%+v", said)
	}
	want := event.Approval{Object: "plan", File: "plan.json", SHA256: plan.SHA256Hex(p.Canonical), Person: "cat", Roles: []string{"plan-approver"},
		Resolution: "Board 2026/17", Date: "2026-11-20", ScanSHA256: strings.Repeat("ab", 32), Vouchers: []string{"ben"}}
	if d := cmp.Diff(want, said.Approvals[1]); d != "" {
		t.Errorf("on paper (-want +recorded):\n%s", d)
	}
	for given, seen := range map[string]bool{strings.Repeat("ab", 32): true, strings.Repeat("cd", 32): false} {
		v, problems := verified(t, o.Bundle, verify.Options{Exhibits: []string{given}})
		if v == nil {
			t.Fatal(problems)
		}
		if strings.Contains(strings.Join(v.Notices, "\n"), "scan not seen: the paper of cat about plan.json") == seen {
			t.Errorf("with the scan %s: %q", given[:2], v.Notices)
		}
	}
	report := string(read(t, o.Bundle, "report/report.html"))
	for _, text := range []string{"in part on paper", "cat (plan-approver; on paper: Board 2026/17 of 2026-11-20, vouched for by ben)", "plan.json.eve.sig: "} {
		if !strings.Contains(report, text) {
			t.Errorf("the report lacks %q", text)
		}
	}
}
