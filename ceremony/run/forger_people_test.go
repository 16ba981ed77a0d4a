// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/approval"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// added is a row of the table of what people add to a closed bundle and somebody else can
// take away, or put there: nothing shows it, whatever is known from outside.
type added struct {
	says string // in docs/limits.md
	do   func(t *testing.T, dir string)
}

// addings are what verify accepts with every anchor there is.
var addings = []added{
	{"a review that the policy does not demand, a statement with its signature, or a signature on an exhibit: taken away. The signer can show a copy", func(t *testing.T, dir string) {
		remove(t, dir, "attestations/ben.json", "attestations/ben.json.sig", "evidence-late/001.json.dana.sig")
	}},
	{"how a signature that people added is written down: where its lines end, which of its two forms an ECDSA signature has, and whether an RSA signature has its leading zeros", func(t *testing.T, dir string) {
		for _, name := range []string{"signatures/MANIFEST.ann.sig", "attestations/ben.json.sig", "evidence-late/001.json.dana.sig"} {
			write(t, dir, name, otherLines(read(t, dir, name)))
		}
	}},
	{"a statement that nobody signed, under anybody's name; `verify` says not to rely on it", func(t *testing.T, dir string) {
		said, err := approval.NewAttestation(approval.Attestation{Manifest: plan.SHA256Hex(read(t, dir, transcripts.ManifestPath)), Text: "All was well."})
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, "attestations/ann.json", said)
	}},
	{"the last exhibits: taken away", func(t *testing.T, dir string) {
		remove(t, dir, "evidence-late/002.json", "evidence-late/002-log.txt")
	}},
	{"an exhibit whose record nobody signed, nor the record of one after it: another file in its place, or one that is `external`, that somebody else added, with another description, for another step or key, or at another time after the ceremony was closed (by the clock of the room or of the host, whichever is behind; in a rehearsal, by that of the host); `verify` says that nobody signed it", otherExhibit},
}

func remove(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			t.Fatal(err)
		}
	}
}

// otherExhibit has another last exhibit, whose record nobody signed either.
func otherExhibit(t *testing.T, dir string) {
	t.Helper()
	remove(t, dir, "evidence-late/002.json", "evidence-late/002-log.txt")
	attachedLate(t, dir)
}

// attachedLate adds an exhibit that is not in the bundle and is said to be about a key.
func attachedLate(t *testing.T, dir string) {
	t.Helper()
	v, err := transcripts.Verify(dir, transcripts.VerifyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	e := transcripts.Exhibit{File: "video", What: "all of it", By: "eve", Step: "1", Key: v.History.Keys[0].SPKISHA256, Added: "2026-12-24T00:00:00Z", External: true}
	if _, err := transcripts.Attach(dir, v, e, strings.NewReader("")); err != nil {
		t.Fatal(err)
	}
}

// TestReviewTakenAway guards an auditor against thinking that a review which no rule of the
// policy demands stays: verify tells of it, and accepts the bundle without it with every anchor.
func TestReviewTakenAway(t *testing.T) {
	const review = "signatures/MANIFEST.dana.ceremony-review-v1.sig"
	p := quick(t)
	for _, demanded := range []bool{true, false} {
		o := fastRun(t, p)
		policy := policyFor(t, func(d *approval.Draft) {
			d.Rules = slices.DeleteFunc(d.Rules, func(r approval.Rule) bool { return r.For == approval.Review && !demanded })
		})
		o.Policy, o.PolicySHA256, o.Approvals = policy, plan.SHA256Hex(policy), os.DirFS(approvedIn(t, p, "ann", "cat"))
		o.People = Asked{Terminal: talkative(p)}
		res, err := Execute(context.Background(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		peopleSign(t, o.Bundle)
		known := verify.Options{PolicySHA256: o.PolicySHA256}
		known.Anchor.ManifestSHA256 = res.ManifestSHA256
		v, problems := verified(t, o.Bundle, known)
		if problems != "" || !slices.ContainsFunc(v.Signed.Reviews.Signed, func(a approval.Approval) bool { return a.Person == "dana" }) {
			t.Fatalf("verify does not tell of the review: %s", problems)
		}
		remove(t, o.Bundle, review)
		if v, problems := verified(t, o.Bundle, known); (problems != "") != demanded || !v.IsAnchored() {
			t.Errorf("demanded %t: %q", demanded, problems)
		}
	}
}

// TestDeclaredApproval guards readers against somebody who says to have approved the plan,
// and signed a profile alone; or to know nothing of a ceremony in which they were.
func TestDeclaredApproval(t *testing.T) {
	p := quick(t)
	o := fastRun(t, p)
	folder := approvedIn(t, p, "ann", "cat")
	resolved, err := p.ResolvedProfiles()
	if err != nil {
		t.Fatal(err)
	}
	write(t, folder, approval.SignatureFile(resolved[0].Name, "ben"), signature(t, "ben", approval.ProfileApproval, resolved[0].Data))
	policy := policyFor(t, nil)
	o.Policy, o.PolicySHA256, o.Approvals = policy, plan.SHA256Hex(policy), os.DirFS(folder)
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	v, problems := verified(t, o.Bundle, verify.Options{})
	if len(v.Problems) > 0 {
		t.Fatal(problems)
	}
	for who, c := range map[string]struct {
		what approval.Declared
		says string
	}{
		"cat":   {approval.DeclaredApproved, ""},
		"ben":   {approval.DeclaredApproved, "ben declares to have approved the plan, but no approval is theirs"},
		"ann":   {approval.DeclaredReceived, ""},
		"alice": {approval.DeclaredReceived, "alice declares to know nothing of the ceremony itself, but is in an attendance list"},
	} {
		if said := strings.Join(v.Doubts(who, &approval.Declaration{What: c.what}), "\n"); said != c.says {
			t.Errorf("%s, %s: %q, want %q", who, c.what, said, c.says)
		}
	}
}

// TestPINInParts guards a token against a PIN of which one person knows both parts: who
// knows a part has to be in the room when it is opened, and the record says so.
func TestPINInParts(t *testing.T) {
	p := quickly(t, strings.Replace(ceremonytest.TwiceText, "  - pause: ", "  - do: ", 1))
	run := func(parts []string, people *termtest.Script) (*golden, error) {
		site, memory := fastSite()
		site.Tokens[0].Login, site.Tokens[0].PINParts = token.LoginSplit, parts
		o := inMemory(runOptions(p, site, filepath.Join(t.TempDir(), "bundle")), memory)
		o.People = Asked{Terminal: people.Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)))}
		_, err := Execute(context.Background(), p, o)
		return &golden{dir: o.Bundle, preview: p}, err
	}
	alone := termtest.NewScript(80).On("Type ARRIVE", termtest.Reply("STOP")).On("second person", termtest.Reply("STOP"))
	if _, err := run([]string{"alice", "carol"}, alone); !errors.Is(err, ErrStopped) || !strings.Contains(strings.Join(strings.Fields(alone.Screen()), " "), "carol knows a part of the PIN of token root, and is not in the room") {
		t.Fatalf("carol is not there: %v\n%s", err, alone.Screen())
	}
	comes := termtest.NewScript(80).Once("Type ARRIVE", termtest.Reply("ARRIVE")).Once("Who arrives", termtest.Reply("carol"))
	g, err := run([]string{"alice", "carol"}, comes)
	if err != nil {
		t.Fatal(err)
	}
	if v, problems := verified(t, g.dir, verify.Options{}); !v.OK() {
		t.Fatal(problems)
	}
	g.forge(t, g.dir, func(records []event.Record) []event.Record {
		return slices.DeleteFunc(records, func(r event.Record) bool {
			e, is := r.Event.(event.ParticipantArrived)
			return is && e.Person == "carol"
		})
	})
	if _, problems := verified(t, g.dir, verify.Options{}); !strings.Contains(problems, `token "root" was opened, but carol was not in the room, who knows a part of its PIN`) {
		t.Errorf("carol never came: %s", problems)
	}
	g, err = run([]string{"alice", "olga"}, termtest.NewScript(80))
	if v, problems := verified(t, g.dir, verify.Options{}); err != nil || !v.OK() || !strings.Contains(strings.Join(v.Notices, "\n"), "olga knows a part of the PIN of token root and is not in the plan") {
		t.Errorf("the plan does not know olga: %v, %s, %q", err, problems, v.Notices)
	}
}

// TestNoPINRefused guards readers against a wrong PIN of a token that asks for none.
func TestNoPINRefused(t *testing.T) {
	p := quickly(t, strings.Replace(ceremonytest.TwiceText, "  - pause: ", "  - do: ", 1))
	site, memory := fastSite()
	site.Tokens[0].Login = token.LoginExternal
	o := inMemory(runOptions(p, site, filepath.Join(t.TempDir(), "bundle")), memory)
	o.LookAt = func(ctx context.Context, c token.Config) (*token.Seen, error) {
		c.Login = ""
		return looksWell(ctx, c)
	}
	o.People = Asked{Terminal: attendants(p.Plan.Ceremony.Window.From.Add(time.Hour))}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	g := &golden{dir: o.Bundle, preview: p}
	if v, problems := verified(t, g.dir, verify.Options{}); !v.OK() {
		t.Fatal(problems)
	}
	g.forge(t, g.dir, func(records []event.Record) []event.Record {
		at := slices.IndexFunc(records, func(r event.Record) bool { return r.Event.Type() == "token.opened" })
		return slices.Insert(records, at, told(records[at], event.PINRefused{Token: "root", Outcome: event.PINWrong, Person: "alice"}, event.Reported))
	})
	if _, problems := verified(t, g.dir, verify.Options{}); !strings.Contains(problems, `by the site file its login is "external", and nobody is asked for one`) {
		t.Errorf("a PIN that nobody is asked for is wrong: %s", problems)
	}
}
