// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"encoding/hex"
	"path"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/internal/artifact"
	"rootceremony/internal/term"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// asOneSession leaves out the end of the first session and the beginning of the second.
func asOneSession(t *testing.T, _ *desk, records []event.Record) []event.Record {
	t.Helper()
	stopped := slices.IndexFunc(records, func(r event.Record) bool { _, is := r.Event.(event.CeremonyStopped); return is })
	from, to := stopped-1, stopped
	if e, is := records[from].Event.(event.StepFinished); !is {
		t.Fatalf("%+v is no end of a step", e)
	}
	for ; to < len(records); to++ {
		if e, is := records[to].Event.(event.StepStarted); is && records[to].Step == records[from].Step {
			t.Logf("left out: lines %d to %d, of %s", from+1, to+1, e.Title)
			break
		}
	}
	out := slices.Clone(records[:from])
	for _, r := range records[to+1:] {
		r.Session, r.Mono = 1, r.Time.Sub(records[0].Time)
		out = append(out, r)
	}
	for _, r := range records[from:to] {
		if e, is := r.Event.(event.OperationIntended); is {
			out = renumbered(out, e.Operation)
		}
	}
	return out
}

// asTwoSessions has people stop in the middle, and go on.
func asTwoSessions(t *testing.T, d *desk, _ []event.Record) []event.Record {
	t.Helper()
	if was, is := d.records[len(d.records)-1].Session, d.others[len(d.others)-1].Session; was != 1 || is != 2 {
		t.Fatalf("%d sessions told as %d", was, is)
	}
	return slices.Clone(d.others)
}

// withIdleSession tells of a session that ended before anybody was named.
func withIdleSession(t *testing.T, _ *desk, records []event.Record) []event.Record {
	t.Helper()
	at := slices.IndexFunc(records, func(r event.Record) bool { return r.Session == 2 })
	idle := slices.Clone(records[at : at+2]) // session.started and journal.recovered
	last := idle[1]
	idle = append(idle, told(last, event.CeremonyStopped{Reason: "the site file names no such token"}, event.Observed), told(last, event.SessionEnded{}, event.Observed))
	for i, r := range records[at:] {
		if e, is := r.Event.(event.SessionStarted); is {
			e.Session++
			r.Event = e
		}
		r.Session++
		records[at+i] = r
	}
	return slices.Insert(records, at, idle...)
}

// leftOut leaves lines out, and counts the calls after them anew.
func leftOut(records []event.Record, from, to int) []event.Record {
	out := slices.Concat(records[:from], records[to:])
	for _, r := range slices.Backward(records[from:to]) {
		if e, is := r.Event.(event.OperationIntended); is {
			out = renumbered(out, e.Operation)
		}
	}
	return out
}

// choicesIn gives the lines in which people choose a private key.
func choicesIn(records []event.Record) (lines []int) {
	for i, r := range records {
		if e, is := r.Event.(event.DeviationRecorded); is && e.Chosen != nil {
			lines = append(lines, i)
		}
	}
	return lines
}

// withoutMistake leaves out the first choice, and all until the one that was right. That
// people accepted the key comes after that.
func withoutMistake(_ *testing.T, _ *desk, records []event.Record) []event.Record {
	chosen := choicesIn(records)
	var accepted []event.Record
	for _, r := range records[chosen[0]:chosen[1]] {
		if e, is := r.Event.(event.DeviationRecorded); is && e.KeySHA256 != "" {
			accepted = append(accepted, r)
		}
	}
	out := leftOut(records, chosen[0], chosen[1])
	found := chosen[0]
	for out[found].Event.Type() != "operation.finished" {
		found++
	}
	for i := range accepted {
		accepted[i].Time, accepted[i].Mono = out[found].Time, out[found].Mono
	}
	return slices.Insert(out, found+1, accepted...)
}

// withoutChoice has the token show by itself which private key it is.
func withoutChoice(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	records = withoutMistake(t, d, records)
	chosen := choicesIn(records)[0]
	sought := chosen - 1
	for records[sought].Event.Type() != "operation.intended" {
		sought--
	}
	records = leftOut(records, sought, chosen+1)
	for i, r := range records {
		e, is := r.Event.(event.OperationIntended)
		if !is || e.What != event.WhatFind {
			continue
		}
		k := event.Key{SPKISHA256: e.Key.SPKISHA256}
		if r.Step == "" {
			k.ID = e.Key.ID
		}
		e.Key = &k
		records[i].Event = e
	}
	return records
}

// instead has the forger's file in the place of another, in the record, too.
func (d *desk) replace(t *testing.T, records []event.Record, name string, data []byte) []event.Record {
	t.Helper()
	if d.instead == nil {
		d.instead = map[string][]byte{}
	}
	d.instead[name] = data
	d.static = slices.DeleteFunc(slices.Clone(d.static), func(n string) bool { return n == name })
	was, is := plan.SHA256Hex(read(t, d.from, name)), plan.SHA256Hex(data)
	for _, digest := range [][2]string{{was, is}, {wordsOf(t, was), wordsOf(t, is)}} {
		records = retold(t, records, digest[0], digest[1])
	}
	return records
}

func wordsOf(t *testing.T, digest string) string {
	t.Helper()
	data, err := hex.DecodeString(digest)
	if err != nil {
		t.Fatal(err)
	}
	return joinWords(term.Words(data))
}

// withoutApprovalOf leaves out all that somebody approved.
func withoutApprovalOf(who string) func(t *testing.T, d *desk, records []event.Record) []event.Record {
	return func(_ *testing.T, d *desk, records []event.Record) []event.Record {
		theirs := func(name string) bool {
			return path.Dir(name) == "plan/approvals" && strings.HasSuffix(name, "."+who+".sig")
		}
		d.static = slices.DeleteFunc(slices.Clone(d.static), theirs)
		records = slices.DeleteFunc(records, func(r event.Record) bool {
			e, is := r.Event.(event.FileLoaded)
			return is && theirs(e.Path)
		})
		for i, r := range records {
			if e, is := r.Event.(event.PlanApproval); is {
				e.Approvals = slices.DeleteFunc(slices.Clone(e.Approvals), func(a event.Approval) bool { return a.Person == who })
				records[i].Event = e
			}
		}
		return records
	}
}

// rewrapped breaks the lines of a signature elsewhere, and gives its file another name.
func rewrapped(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	const name, other = "plan/approvals/plan.json.ann.sig", "plan/approvals/plan.json.abe.sig"
	records = d.replace(t, records, name, otherLines(read(t, d.from, name)))
	d.instead = map[string][]byte{other: d.instead[name]}
	return retold(t, records, name, other)
}

// otherLines breaks the lines of a signature elsewhere.
func otherLines(signature []byte) []byte {
	lines := strings.Split(string(signature), "\n")
	lines[1], lines[2] = lines[1][:40], lines[1][40:]+lines[2][:1]+"\n"+lines[2][1:]
	return []byte(strings.Join(lines, "\n"))
}

// withIdleApprovals tells of approvals of the plan that count for nothing, and of a list
// that revokes the key of a stranger.
func withIdleApprovals(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	const annie, eve, list = "plan.json.annie.sig", "plan.json.eve.sig", approval.RevocationsFile
	files := map[string][]byte{
		annie: read(t, d.from, "plan/approvals/plan.json.ann.sig"),
		eve:   signature(t, "eve", approval.PlanApproval, read(t, d.from, event.PlanPath)),
		list:  revocationOf(t, "eve", d.preview.Plan.Ceremony.Window.From),
	}
	d.instead = map[string][]byte{}
	for _, name := range []string{annie, eve, list} {
		at := slices.IndexFunc(records, func(r event.Record) bool { return r.Event.Type() == "plan.approval" })
		said := records[at].Event.(event.PlanApproval)
		switch name {
		case annie:
			said.Notices = append(said.Notices, annie+": duplicate signature by ann, counted once")
		case eve:
			said.Notices = append(said.Notices, eve+": the policy has no such key")
		}
		records[at].Event = said
		in := "plan/approvals/" + name
		d.instead[in] = files[name]
		loaded := slices.IndexFunc(records, func(r event.Record) bool {
			e, is := r.Event.(event.FileLoaded)
			return is && e.Kind == "approval"
		})
		records = slices.Insert(records, loaded, told(records[loaded], event.FileLoaded{Path: in, Kind: "approval", SHA256: plan.SHA256Hex(files[name])}, event.Observed))
	}
	return records
}

// asOtherPlan tells of another plan, under which the same is signed: a step of people
// has another title.
func asOtherPlan(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	const was, is = "Look at the clock.", "Look at the camera."
	p := quickly(t, strings.Replace(strings.Replace(ceremonytest.TwiceText, "  - pause: ", "  - do: ", 1), was, is, 1))
	site, _ := fastSite()
	script, err := p.Script(site)
	if err != nil {
		t.Fatal(err)
	}
	files, err := p.BundleFiles(plan.Folder, read(t, d.from, "plan/site.json"), script)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !bytes.Equal(f.Data, read(t, d.from, f.Path)) {
			records = d.replace(t, records, f.Path, f.Data)
		}
	}
	d.plan = plan.SHA256Hex(d.instead[event.PlanPath])
	return retold(t, records, was, is)
}

// replanned reads the first ceremony file of a bundle again, as the one of a plan.
func replanned(t *testing.T, d *desk, stored []byte) *plan.Preview {
	t.Helper()
	pl, err := plan.Decode(stored)
	if err != nil {
		t.Fatal(err)
	}
	l, err := plan.Load("plan/ceremony.yaml", read(t, d.from, "plan/ceremony.yaml"), plan.Bundled{Folder: plan.Folder, Plan: pl,
		ReadAs: func(name string, _ int64) ([]byte, error) { return read(t, d.from, name), nil }})
	if err != nil {
		t.Fatal(err)
	}
	return &plan.Preview{Loaded: l, Canonical: stored, Digest: artifact.Sum(stored).SHA256}
}

// ofOtherBundle tells of another bundle that the inputs came from. The plan says which it
// was, and verify has copies of the inputs alone.
func ofOtherBundle(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	stored := read(t, d.from, event.PlanPath)
	pl, err := plan.Decode(stored)
	if err != nil {
		t.Fatal(err)
	}
	was := pl.Bundles[0].ManifestSHA256
	forged := bytes.ReplaceAll(stored, []byte(was), []byte(otherText(was)))
	p := replanned(t, d, forged)
	script, err := p.Script(nil)
	if err != nil {
		t.Fatal(err)
	}
	records = d.replace(t, records, event.PlanPath, forged)
	records = d.replace(t, records, scriptPath, script)
	d.plan = plan.SHA256Hex(forged)
	earlier, err := transcripts.Verify(ceremonytest.GoldenBundle, transcripts.VerifyOptions{Anchor: transcripts.Anchor{ManifestSHA256: otherText(was)}})
	if err != nil {
		t.Fatal(err)
	}
	defer earlier.Close()
	if earlier.OK() {
		t.Error("the earlier bundle is not the one of the plan, and verifies with the digest in the plan")
	}
	return records
}
