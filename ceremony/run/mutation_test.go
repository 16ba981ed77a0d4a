// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/approval"
	"rootceremony/internal/artifact"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// mutation is one change of a bundle.
type mutation struct {
	name string
	do   func(t *testing.T, g *golden, dir string)
	// names are in what verify says: the file or the rule. Any of them will do.
	names []string
	// blind says that nothing in the bundle can show the change: without an
	// anchor it is accepted, and with one it is refused. Docs/limits.md lists
	// these.
	blind bool
}

// fewest is how many mutations the test must try.
const fewest = 200

// TestMutations guards an auditor against every change of a bundle that we could
// think of: verify refuses each and names the place. What only an outside anchor
// can catch is tried with and without one. Without CEREMONY_SWEEPS=all it takes a third.
func TestMutations(t *testing.T) {
	g := makeGolden(t)
	if v, problems := verified(t, g.dir, g.anchors); problems != "" || !v.IsAnchored() || len(v.Anchored) < 3 {
		t.Fatalf("the golden bundle itself: %s, anchored by %q", problems, v.Anchored)
	}
	readmeCommands(t, g.dir) // with everything people can sign and add
	g.refusedByHand(t)
	all := mutations(t, g)
	if len(all) < fewest {
		t.Errorf("%d mutations, want at least %d", len(all), fewest)
	}
	step := 3 // all of them take a minute of two cores
	if os.Getenv("CEREMONY_SWEEPS") == "all" {
		step = 1
	}
	t.Run("all", func(t *testing.T) {
		for i := 0; i < len(all); i += step {
			m := all[i]
			t.Run(strings.ReplaceAll(m.name, "/", "|"), func(t *testing.T) {
				t.Parallel()
				m.try(t, g)
			})
		}
	})
	t.Logf("%d mutations", len(all))
}

// refusedByHand guards an auditor without our program against approvals of
// something else, in a record that is otherwise as it should be.
func (g *golden) refusedByHand(t *testing.T) {
	t.Helper()
	for _, object := range []string{approval.PlanFile, "example-root.profile.json"} {
		dir, name := g.copied(t), plan.ApprovalsFolder(plan.Folder)+"/"+approval.SignatureFile(object, "ann")
		namespace, _ := approval.NamespaceOfFile(object)
		g.replaced(t, dir, name, signature(t, "ann", namespace, []byte("something else")))
		if err := os.RemoveAll(filepath.Join(dir, verify.SignaturesDir)); err != nil {
			t.Fatal(err)
		}
		out, err := byHand(t, dir, "9")
		if err == nil || !strings.Contains(out, "PROBLEM: "+name) {
			t.Errorf("README-VERIFY.md accepts an approval of something else: %v\n%s", err, out)
		}
	}
	g.paperByHand(t)
	for id, kind := range map[string]string{"root-cert": event.KindCertificate, "root-crl": event.KindCRL} {
		dir, name := g.copied(t), "artifacts/"+id+".der"
		der := read(t, dir, name)
		signed := bytes.Index(der, g.signatureOf(t, id))
		if signed < 0 {
			t.Fatalf("%s does not hold its signature", name)
		}
		der[signed+20] ^= 1
		otherFile(t, g, dir, name, der)
		otherFile(t, g, dir, "artifacts/"+id+".pem", transcripts.PEM(kind, der, false))
		out, err := byHand(t, dir, "7", "8")
		if err == nil || !strings.Contains(out, "PROBLEM: "+name+" contains other bytes than were signed") {
			t.Errorf("README-VERIFY.md accepts %s with a signature that nobody made: %v\n%s", name, err, out)
		}
	}
}

// paperByHand guards the same auditor against a paper that approves something else and lies
// there as the approval of the plan, and against one in which two programs read different
// things.
func (g *golden) paperByHand(t *testing.T) {
	t.Helper()
	const name = "plan/approvals/plan.json.ben.paper.json"
	is, other := plan.SHA256Hex(read(t, g.dir, event.PlanPath)), strings.Repeat("ab", 32)
	said := func(more string) string {
		return fmt.Sprintf(`{"type":"ceremony/paper-approval/v1","who":"ben","role":"plan-approver","meaning":"plan",%s"resolution":"7","date":"2026-11-02","scan_sha256":%q}`, more, other)
	}
	object := func(sha256 string) string { return fmt.Sprintf(`"object_sha256":%q,`, sha256) }
	for what, c := range map[string]struct{ paper, says string }{
		"of the plan":      {said(object(is)), ""},
		"in other words":   {strings.ReplaceAll(said(object(is)), ",", " ,\n\t"), ""},
		"of another plan":  {said(object(other)), " is about something else"},
		"of two plans":     {said(object(other) + object(is)), " is no paper, or two in one"},
		"with more":        {said(object(is) + `"valid":"no",`), " is no paper, or two in one"},
		"with a number":    {said(object(is) + `"who":7,`), " is no paper, or two in one"},
		"of another type":  {strings.Replace(said(object(is)), "/v1", "/v2", 1), " is about something else"},
		"and another one":  {said(object(is)) + "{}", " is about something else"},
		"with another key": {strings.Replace(said(object(is)), `"who"`, `"who/string"`, 1), " is no paper, or two in one"},
		"without a person": {strings.Replace(said(object(is)), `"who":"ben",`, "", 1), " is no paper, or two in one"},
	} {
		dir := g.copied(t)
		write(t, dir, name, []byte(c.paper))
		write(t, dir, name+".dana.sig", signature(t, "dana", approval.Review, []byte(c.paper)))
		out, err := byHand(t, dir, "9")
		if said := "PROBLEM: " + name; c.says == "" && strings.Contains(out, said) || c.says != "" && (err == nil || !strings.Contains(out, said+c.says)) {
			t.Errorf("README-VERIFY.md and a paper %s: %v, want %q\n%s", what, err, c.says, out)
		}
	}
}

// signatureOf gives the signature on an artifact, as the record has it.
func (g *golden) signatureOf(t *testing.T, id string) []byte {
	t.Helper()
	operation := -1
	for _, r := range g.records(t) {
		switch e := r.Event.(type) {
		case event.OperationIntended:
			if e.Artifact == id && e.What == event.WhatSign {
				operation = e.Operation
			}
		case event.OperationFinished:
			if e.Operation == operation {
				sig, err := base64.StdEncoding.DecodeString(e.Signature)
				if err != nil {
					t.Fatal(err)
				}
				return sig
			}
		}
	}
	t.Fatalf("nothing was signed for %s", id)
	return nil
}

// mutations are all changes that are tried.
func mutations(t *testing.T, g *golden) []mutation {
	return slices.Concat(fileMutations(t, g), addedFiles(), listedAgain(), journalMutations(t, g), forgedJournals(), forgedKeys(), forgedPeople(t), otherKeys(t, g),
		forgedEncodings(), forgedNames(), forgedRooms(), forgedSessions(), forgedTellings(), forgedLints())
}

func (m mutation) try(t *testing.T, g *golden) {
	dir := g.copied(t)
	m.do(t, g, dir)
	_, problems := verified(t, dir, g.anchors)
	if !m.named(problems) {
		t.Errorf("with every anchor: want one of %q in:\n%s", m.names, problems)
	}
	if !m.blind {
		return
	}
	unsigned(t, dir)
	v, problems := verified(t, dir, verify.Options{})
	switch {
	case !v.OK():
		t.Errorf("it can be caught without an anchor; say so: %s", problems)
	case v.IsAnchored():
		t.Error("a forgery is anchored by nothing")
	case len(v.Unsigned) == 0:
		t.Error("the policy demands signatures, and nobody misses them")
	}
	for name, only := range map[string]verify.Options{
		"manifest": anchorOf(func(to, all *verify.Options) { to.Anchor.ManifestSHA256 = all.Anchor.ManifestSHA256 }, g),
		"seal key": anchorOf(func(to, all *verify.Options) { to.Anchor.SealKeys = all.Anchor.SealKeys }, g),
		"head":     anchorOf(func(to, all *verify.Options) { to.Anchor.Heads = all.Anchor.Heads }, g),
	} {
		if v, _ := verified(t, dir, only); v.OK() {
			t.Errorf("with the %s alone it is accepted", name)
		}
	}
}

// unsigned removes what people signed: a forger has nobody's signature.
func unsigned(t *testing.T, dir string) {
	t.Helper()
	for _, name := range []string{"signatures", "attestations", "evidence-late"} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
}

// anchorOf gives one of the anchors alone.
func anchorOf(take func(to, all *verify.Options), g *golden) verify.Options {
	var o verify.Options
	take(&o, &g.anchors)
	return o
}

func (m mutation) named(problems string) bool {
	return slices.ContainsFunc(m.names, func(n string) bool { return strings.Contains(problems, n) })
}

// growing reports whether a file is one that may come after the closing.
func growing(name string) bool {
	return strings.HasPrefix(name, "signatures/") || strings.HasPrefix(name, "attestations/") || strings.HasPrefix(name, "evidence-late/")
}

// fileMutations change every file of the bundle in every simple way; without CEREMONY_SWEEPS
// in every third, and which differs from file to file.
func fileMutations(t *testing.T, g *golden) []mutation {
	tree, err := artifact.ReadTree(g.dir, artifact.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	var all []mutation
	paths := tree.Paths()
	for i, name := range paths {
		var ways []mutation
		edit := func(what string, change func([]byte) []byte) {
			ways = append(ways, mutation{name: what + " " + name, names: []string{name, "digest of MANIFEST"}, do: func(t *testing.T, _ *golden, dir string) {
				write(t, dir, name, change(read(t, dir, name)))
			}})
		}
		edit("flip a byte of", func(b []byte) []byte { b[len(b)/2] ^= 1; return b })
		edit("truncate", func(b []byte) []byte { return b[:len(b)/2] })
		edit("empty", func([]byte) []byte { return nil })
		if !slices.ContainsFunc(shrinks, func(s string) bool { return strings.Contains(s+" ", name+" ") }) {
			ways = append(ways, deletion(name))
		}
		ways = append(ways, mutation{name: "duplicate " + name, names: []string{name + ".copy"}, do: func(t *testing.T, _ *golden, dir string) {
			write(t, dir, name+".copy", read(t, dir, name))
		}})
		if other := paths[(i+7)%len(paths)]; !growing(name) && !growing(other) {
			ways = append(ways, mutation{name: "swap " + name + " with " + other, names: []string{name, other}, do: func(t *testing.T, _ *golden, dir string) {
				a, b := read(t, dir, name), read(t, dir, other)
				write(t, dir, name, b)
				write(t, dir, other, a)
			}})
		}
		for j, w := range ways {
			if j%3 == i%3 || os.Getenv("CEREMONY_SWEEPS") == "all" {
				all = append(all, w)
			}
		}
	}
	return all
}

// shrinks are the files that may be taken out of a closed bundle unseen, each
// with what goes with it, since nobody signed that they are there: see
// docs/limits.md and TestGrowing.
var shrinks = []string{
	"attestations/ben.json.sig attestations/ben.json", "evidence-late/001.json.dana.sig", "evidence-late/002.json evidence-late/002-log.txt",
}

// deletion takes a file away.
func deletion(name string) mutation {
	m := mutation{name: "delete " + name, names: []string{name}, do: func(t *testing.T, _ *golden, dir string) {
		if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			t.Fatal(err)
		}
	}}
	switch {
	case strings.HasSuffix(name, ".ann.sig") && growing(name), strings.HasSuffix(name, "MANIFEST.ben.sig"):
		m.names = []string{"the policy requires 1 signature on MANIFEST as"}
	case strings.HasSuffix(name, "MANIFEST.dana.ceremony-review-v1.sig"):
		m.names = []string{"the policy requires 1 review on MANIFEST as external-auditor, and has 0"}
	case name == "evidence-late/001.json":
		m.names = []string{"evidence-late/002.json", "evidence-late/001-scan.txt"}
	}
	return m
}

// addedFiles put things into the bundle that do not belong there.
func addedFiles() []mutation {
	var all []mutation
	for _, name := range []string{
		"extra", "artifacts/extra.der", "withheld/root-cert.der", "journal/journal-2.jsonl", "journal/session-2.vkey",
		"journal/checkpoints/000001.note", "plan/extra.json", "plan/approvals/plan.json.ben.sig", "plan/amendment-1/plan.json", "trust/policy-2.json", "lint/extra.json",
		"evidence/extra", "report/report-2.html", "signatures/README", "attestations/README", "evidence-late/README", "evidence-late/003.json",
		"evidence-late/deep/003.json", ".hidden",
	} {
		all = append(all, mutation{name: "add " + name, names: []string{name}, do: func(t *testing.T, _ *golden, dir string) { write(t, dir, name, []byte("x")) }})
	}
	special := func(name, says string, do func(t *testing.T, dir string) error) {
		all = append(all, mutation{name: name, names: []string{says}, do: func(t *testing.T, _ *golden, dir string) {
			if err := do(t, dir); err != nil {
				t.Skip("the file system takes no such file:", err)
			}
		}})
	}
	special("add a symbolic link", "artifacts/link", func(t *testing.T, dir string) error {
		return os.Symlink("/etc/passwd", filepath.Join(dir, "artifacts/link"))
	})
	special("make a folder a symbolic link", "lint", func(t *testing.T, dir string) error {
		if err := os.Rename(filepath.Join(dir, "lint"), filepath.Join(dir, "..", "lint")); err != nil {
			return err
		}
		return os.Symlink("../lint", filepath.Join(dir, "lint"))
	})
	special("add a name with a control character", "artifacts/", func(t *testing.T, dir string) error {
		return os.WriteFile(filepath.Join(dir, "artifacts", "a\nb"), nil, 0o600)
	})
	special("add a name in another case", "ARTIFACTS", func(t *testing.T, dir string) error {
		return os.Mkdir(filepath.Join(dir, "ARTIFACTS"), 0o700)
	})
	special("add a huge file", "huge", func(t *testing.T, dir string) error {
		f, err := os.Create(filepath.Join(dir, "huge"))
		if err != nil {
			return err
		}
		defer f.Close()
		return f.Truncate(9 << 30)
	})
	special("have a journal that takes all memory", "67108865 bytes", func(_ *testing.T, dir string) error {
		return os.Truncate(filepath.Join(dir, transcripts.JournalPath), artifact.MaxLog+1)
	})
	for i, name := range []string{`..\..\evil`, "..%2f..%2fevil", "...", "-rf", "a b", "\u202egnp.evil", "NUL:evil", strings.Repeat("evil", 60)} {
		special(fmt.Sprintf("add a file with a strange name (%d)", i), "artifacts/"+beginningOf(name), func(_ *testing.T, dir string) error {
			return os.WriteFile(filepath.Join(dir, "artifacts", name), nil, 0o600)
		})
	}
	for what, command := range map[string][]string{"named pipe": {"mkfifo"}, "device": {"mknod", "", "c", "1", "3"}} {
		special("add a "+what, "artifacts/special", func(_ *testing.T, dir string) error {
			args := slices.Insert(slices.DeleteFunc(slices.Clone(command[1:]), func(s string) bool { return s == "" }), 0, filepath.Join(dir, "artifacts/special"))
			return exec.Command(command[0], args...).Run()
		})
	}
	special("add deep folders", "deep", func(t *testing.T, dir string) error {
		deep := filepath.Join(dir, strings.Repeat("deep/", 20))
		if err := os.MkdirAll(deep, 0o700); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(deep, "x"), nil, 0o600)
	})
	return all
}

// beginningOf is the beginning of a strange name, which verify shows as it would be
// quoted in Go.
func beginningOf(name string) string {
	quoted := strconv.Quote(name)
	return quoted[1:min(len(quoted)-1, 20)]
}

// TestGrowing guards an auditor against thinking that an anchor covers what people add
// after a ceremony was closed: with all of them verify accepts each row of the table that
// docs/limits.md is made from.
func TestGrowing(t *testing.T) {
	g := makeGolden(t)
	for _, row := range addings {
		dir := g.copied(t)
		row.do(t, dir)
		if v, problems := verified(t, dir, g.anchors); !v.IsAnchored() || problems != "" {
			t.Errorf("%s: verify sees it, so it is no limit: %s", row.says, problems)
		}
	}
	g.replacedExhibit(t)
	dir := g.copied(t)
	if err := os.Remove(filepath.Join(dir, "attestations/ben.json.sig")); err != nil {
		t.Fatal(err)
	}
	if v, _ := verified(t, dir, g.anchors); len(v.Signed.Statements) != 1 || !v.Signed.Statements[0].Dissent() || v.Signed.Statements[0].Problem == "" {
		t.Errorf("dissent that nobody signed: %+v", fmt.Sprint(v.Signed.Statements))
	}
}

// replacedExhibit has another last exhibit, whose record nobody signed either; one before
// a record that somebody signed cannot be another.
func (g *golden) replacedExhibit(t *testing.T) {
	t.Helper()
	dir := g.copied(t)
	otherExhibit(t, dir)
	v, problems := verified(t, dir, g.anchors)
	if problems != "" || !slices.Contains(v.Notices, "evidence-late/002.json: nobody signed this record, so nobody vouches for it") {
		t.Errorf("another exhibit: %s\n%q", problems, v.Notices)
	}
	attachedLate(t, dir)
	write(t, dir, "evidence-late/003.json.dana.sig", signature(t, "dana", approval.Review, read(t, dir, "evidence-late/003.json")))
	write(t, dir, "evidence-late/002.json", bytes.Replace(read(t, dir, "evidence-late/002.json"), []byte("eve"), []byte("ann"), 1))
	if _, problems := verified(t, dir, g.anchors); !strings.Contains(problems, "evidence-late/003.json: the record does not contain the digest of the exhibit before it") {
		t.Errorf("an exhibit before one with a signature is another, and verify says: %q", problems)
	}
}
