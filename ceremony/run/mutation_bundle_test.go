// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
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
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// golden is a bundle with everything people can put into one, and what is known
// of it from outside.
type golden struct {
	dir     string
	other   string // another ceremony after the same plan, with other keys
	preview *plan.Preview
	anchors verify.Options // all there are
	also    []string       // who approves beside ann and cat
	instead []event.Record // the same told otherwise
}

// makeGolden runs a ceremony that ann and cat approved, and lets people sign.
func makeGolden(t *testing.T) *golden {
	t.Helper()
	dir := t.TempDir()
	g := &golden{dir: filepath.Join(dir, "bundle"), other: filepath.Join(dir, "other"),
		preview: quick(t)}
	g.anchors.Anchor.ManifestSHA256 = g.run(t, g.dir)
	g.run(t, g.other)
	g.anchors.PolicySHA256 = plan.SHA256Hex(policyFor(t, nil))
	g.takeHeads(t)
	peopleSign(t, g.dir)
	return g
}

// quick is a plan that has to be approved.
func quick(t *testing.T) *plan.Preview {
	t.Helper()
	return quickly(t, strings.NewReplacer("approval: none, ", "", "  - pause: Put", "  - do: Put").Replace(ceremonytest.TwiceText))
}

// quickly plans a ceremony on keys whose signatures are quick to verify: this happens
// some thousands of times. Programs of browsers take no such roots, so their rules are
// left out.
func quickly(t *testing.T, text string, alsoReplace ...string) *plan.Preview {
	t.Helper()
	folder := ceremonytest.FastFolder(t)
	smaller := strings.NewReplacer(append(alsoReplace, "ecdsa-p384", "ecdsa-p256", "ecdsa-sha384", "ecdsa-sha256", ", mozilla, chrome, apple, microsoft, ccadb", "")...).Replace
	write(t, folder, "ceremony.yaml", []byte(smaller(text)))
	for _, name := range []string{"root", "tls-issuing", "root-crl"} {
		file := "profiles/" + name + ".yaml"
		write(t, folder, file, []byte(smaller(string(read(t, folder, file)))))
	}
	return ceremonytest.Preview(t, folder)
}

// run carries out the ceremony, on keys that are made for it, and gives the
// digest of its manifest.
func (g *golden) run(t *testing.T, bundle string) string {
	t.Helper()
	policy := policyFor(t, nil)
	site, memory := fastSite()
	o := inMemory(runOptions(g.preview, site, bundle), memory)
	o.Policy, o.PolicySHA256, o.Approvals = policy, plan.SHA256Hex(policy), os.DirFS(approvedIn(t, g.preview, append([]string{"ann", "cat"}, g.also...)...))
	o.People = Asked{Terminal: talkative(g.preview)}
	res, err := Execute(context.Background(), g.preview, o)
	if err != nil {
		t.Fatal(err)
	}
	return res.ManifestSHA256
}

// talkative are people who have a note and a deviation written down.
func talkative(p *plan.Preview) *termtest.Script {
	return termtest.NewScript(80).
		Once("type done", termtest.Reply("NOTE")).
		Once("Whose note", termtest.Reply("bob")).
		Once("The note", termtest.Reply("The room is cold.")).
		Once("Record this note", termtest.Reply("record")).
		Once("type done", termtest.Reply("DEVIATION")).
		Once("What was expected", termtest.Reply("two cameras")).
		Once("What happened", termtest.Reply("one camera")).
		Once("What was decided", termtest.Reply("go on")).
		On("Record this deviation", termtest.Reply("record")).
		Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)))
}

// peopleSign puts signatures, statements and an exhibit into a bundle.
func peopleSign(t *testing.T, dir string) {
	t.Helper()
	manifest := read(t, dir, "MANIFEST")
	for _, who := range []string{"ann", "ben"} {
		write(t, dir, "signatures/MANIFEST."+who+".sig", signature(t, who, approval.ManifestDeclaration, manifest))
	}
	write(t, dir, "signatures/MANIFEST.dana.ceremony-review-v1.sig", signature(t, "dana", approval.Review, manifest))
	statement, err := approval.NewAttestation(approval.Attestation{Manifest: plan.SHA256Hex(manifest), Disagree: true, Text: "A bag was open."})
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "attestations/ben.json", statement)
	write(t, dir, "attestations/ben.json.sig", signature(t, "ben", approval.Review, statement))
	for _, what := range []string{"scan", "log"} {
		e := transcripts.Exhibit{File: what + ".txt", What: what, By: "dana", Step: "2", Added: "2026-12-03T00:00:00Z"}
		v, err := transcripts.Verify(dir, transcripts.VerifyOptions{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { v.Close() })
		if _, err := transcripts.Attach(dir, v, e, strings.NewReader("The "+what+" itself.")); err != nil {
			t.Fatal(err)
		}
	}
	record := read(t, dir, "evidence-late/001.json")
	write(t, dir, "evidence-late/001.json.dana.sig", signature(t, "dana", approval.Review, record))
}

// takeHeads writes down what is on paper: the seal key and the last head.
func (g *golden) takeHeads(t *testing.T) {
	t.Helper()
	for _, r := range g.records(t) {
		switch e := r.Event.(type) {
		case event.SessionStarted:
			seal, err := transcripts.SealDigest(e.SealKey)
			if err != nil {
				t.Fatal(err)
			}
			g.anchors.Anchor.SealKeys = []string{seal}
		case event.DigestRead:
			if e.What == event.WhatHead {
				root, err := hex.DecodeString(e.SHA256)
				if err != nil {
					t.Fatal(err)
				}
				g.anchors.Anchor.Heads = []transcripts.Head{{Size: e.Size, Root: root[:transcripts.HeadBytes]}}
			}
		}
	}
}

func (g *golden) records(t *testing.T) []event.Record { return journal(t, g.dir) }

// copied is a copy of the bundle to be changed.
func (g *golden) copied(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "bundle")
	linked(t, g.dir, dir)
	return dir
}

// linked gives every file of a folder a second name in another one, which is
// quicker than a copy: write never changes a file, it makes another.
func linked(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := to + strings.TrimPrefix(path, from)
		if d.IsDir() {
			return os.MkdirAll(name, 0o755)
		}
		return os.Link(path, name)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// forge writes the whole record anew, with a seal key of the forger: all that
// follows from the journal follows from it again. Only what is known from
// outside can tell it from the one of the room.
func (g *golden) forge(t *testing.T, dir string, change func([]event.Record) []event.Record) {
	t.Helper()
	g.forgeWith(t, dir, seals{generation: 9}, change)
}

// forgeWith is forge with the given seal keys.
func (g *golden) forgeWith(t *testing.T, dir string, s seals, change func([]event.Record) []event.Record) {
	t.Helper()
	records := g.records(t)
	if change != nil {
		records = change(slices.Clone(records))
	}
	if err := os.RemoveAll(filepath.Join(dir, "journal")); err != nil {
		t.Fatal(err)
	}
	opened, _ := records[0].Event.(event.CeremonyOpened)
	s.ceremony = opened.Ceremony
	d := &desk{from: dir}
	if err := d.gather(); err != nil {
		t.Fatal(err)
	}
	o, err := reseal(records, 0, plan.SHA256Hex(read(t, dir, event.PlanPath)), s)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.list(o); err != nil {
		t.Fatal(err)
	}
	for name, data := range o.files {
		write(t, dir, name, data)
	}
}

func read(t *testing.T, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func write(t *testing.T, dir, name string, data []byte) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// said is all that a verdict has against a bundle.
func said(v *verify.Verdict) string {
	var lines []string
	for _, p := range v.Problems {
		lines = append(lines, p.String())
	}
	return strings.Join(slices.Concat(lines, v.Incomplete, v.Unsigned), "\n")
}

// verified verifies a bundle with what is known of it.
func verified(t *testing.T, dir string, o verify.Options) (*verify.Verdict, string) {
	t.Helper()
	v, err := verify.Bundle(context.Background(), dir, o)
	if err != nil {
		return nil, fmt.Sprint(err)
	}
	t.Cleanup(func() { v.Close() })
	return v, said(v)
}
