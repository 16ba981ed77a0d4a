// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/term/termtest"
	"rootceremony/transcripts/event"
)

// Where the files of the first changes are.
const (
	siteFile      = "plan/site.json"
	otherSite     = "plan/site-1"
	amendedFolder = "plan/amendment-1"
)

// withoutFiles leaves out the files of a folder.
func (d *desk) withoutFiles(folder string) {
	d.static = slices.DeleteFunc(slices.Clone(d.static), func(name string) bool { return strings.HasPrefix(name, folder+"/") })
}

// retoldDigest has a file in place of another, in all lines.
func retoldDigest(t *testing.T, records []event.Record, was, is []byte) []event.Record {
	t.Helper()
	a, b := plan.SHA256Hex(was), plan.SHA256Hex(is)
	return retold(t, retold(t, records, a, b), wordsOf(t, a), wordsOf(t, b))
}

// withFirstSite has another site file from the first day on.
func withFirstSite(t *testing.T, d *desk, records []event.Record, p *plan.Preview, site *plan.Site) []event.Record {
	t.Helper()
	data, err := plan.CanonicalJSON(site)
	if err != nil {
		t.Fatal(err)
	}
	script, err := p.Script(site)
	if err != nil {
		t.Fatal(err)
	}
	return d.replace(t, d.replace(t, records, siteFile, data), scriptPath, script)
}

// withOtherSite says of the token in which slot it is, which no call of it shows.
func withOtherSite(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	site, _ := fastSite()
	site.Tokens[0].Slot = new(uint64(7))
	return withFirstSite(t, d, records, d.preview, site)
}

// withBlanks has the script name no device, so that people compared none with it.
func withBlanks(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	script, err := d.preview.Script(nil)
	if err != nil {
		t.Fatal(err)
	}
	return d.replace(t, compared(records, false), scriptPath, script)
}

// serialIs has a token say a serial number in all lines.
func serialIs(t *testing.T, records []event.Record, serial string) []event.Record {
	t.Helper()
	for _, was := range []string{"REHEARSAL", "SPARE-1"} {
		records = retold(t, retold(t, records, `"serial":"`+was+`"`, `"serial":"`+serial+`"`), `serial \"`+was+`\"`, `serial \"`+serial+`\"`)
	}
	return records
}

// compared has people compare the digest of the site file with paper in a later session, or never.
func compared(records []event.Record, is bool) []event.Record {
	for i, r := range records {
		if e, read := r.Event.(event.DigestRead); read && e.What == event.WhatSite && (r.Session > 1 || !is) {
			e.Compared = is
			records[i].Event = e
		}
	}
	return records
}

// siteChange gives the lines of the first change of the site file.
func siteChange(records []event.Record) (from, to int) {
	isOf := func(r event.Record) bool {
		e, is := r.Event.(event.FileLoaded)
		return is && strings.HasPrefix(e.Path, otherSite+"/")
	}
	return slices.IndexFunc(records, isOf), 1 + slices.IndexFunc(records, func(r event.Record) bool { return r.Event.Type() == "site.changed" })
}

// withoutSiteChange has the first device be there until the end.
func withoutSiteChange(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	from, to := siteChange(records)
	records = leftOut(records, from, to)
	records = serialIs(t, records, "REHEARSAL")
	compared(records, true)
	d.withoutFiles(otherSite)
	return retoldDigest(t, records, read(t, d.from, otherSite+"/site.json"), read(t, d.from, siteFile))
}

// asFirstSite has the other device, with what people signed of it, from the first day on.
func asFirstSite(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	from, to := siteChange(records)
	changed := records[to-1].Event.(event.SiteChanged)
	records = leftOut(records, from, to)
	records = serialIs(t, records, "SPARE-1")
	compared(records, true)
	d.withoutFiles(otherSite)
	site, err := plan.DecodeSite(read(t, d.from, otherSite+"/site.json"))
	if err != nil {
		t.Fatal(err)
	}
	opened := records[0].Event.(event.CeremonyOpened)
	opened.TemplateNotes = changed.TemplateNotes
	records[0].Event = opened
	for _, who := range []string{"ann", "cat"} {
		records = d.replace(t, records, "plan/approvals/site.json."+who+".sig", read(t, d.from, otherSite+"/approvals/site.json."+who+".sig"))
	}
	return withFirstSite(t, d, records, replanned(t, d, read(t, d.from, event.PlanPath)), site)
}

// withSiteChange tells of two people who name the token more closely.
func withSiteChange(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	was, _ := fastSite()
	is, _ := fastSite()
	is.Tokens[0].Slot = new(uint64(7))
	data, err := plan.CanonicalJSON(is)
	if err != nil {
		t.Fatal(err)
	}
	d.instead = map[string][]byte{otherSite + "/site.json": data}
	change := plan.CompareSites(was, is, &plan.Plan{}, func(string) (event.TokenOpened, bool) { return event.TokenOpened{}, false })
	at := slices.IndexFunc(records, func(r event.Record) bool {
		e, is := r.Event.(event.DigestRead)
		return is && r.Session == 2 && e.What == event.WhatPlan
	})
	e := event.SiteChanged{Number: 1, SiteSHA256: plan.SHA256Hex(data), Before: plan.SHA256Hex(read(t, d.from, siteFile)), Needs: change.Needs, Difference: change.Lines}
	both := records[at].By
	decided := event.DeviationRecorded{Expected: "the ceremony continues with the same site file", Happened: e.Happened(), Decision: "go on", DecidedBy: both, Exception: event.ExceptionSite}
	before, after := records[:at:at], retoldDigest(t, records[at:], read(t, d.from, siteFile), data)
	compared(after, false)
	return slices.Concat(before, []event.Record{
		told(records[at], event.FileLoaded{Path: otherSite + "/site.json", Kind: "site", SHA256: e.SiteSHA256}, event.Observed),
		told(records[at], decided, event.Stated, both...), told(records[at], e, event.Stated, both...),
	}, after)
}

// withoutAmendment has the first plan hold until the end.
func withoutAmendment(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	from := slices.IndexFunc(records, func(r event.Record) bool {
		e, is := r.Event.(event.DeviationRecorded)
		return is && e.Exception == event.ExceptionUnapproved
	})
	to := from + slices.IndexFunc(records[from:], func(r event.Record) bool { return r.Event.Type() == "step.started" })
	d.withoutFiles(amendedFolder)
	return retoldDigest(t, leftOut(records, from, to), read(t, d.from, amendedFolder+"/plan.json"), read(t, d.from, event.PlanPath))
}

// asException has two people decide on an amendment that was approved, whose approvals are
// not there.
func asException(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	d.withoutFiles(amendedFolder + "/approvals")
	records = slices.DeleteFunc(records, func(r event.Record) bool {
		e, is := r.Event.(event.FileLoaded)
		return is && strings.HasPrefix(e.Path, amendedFolder+"/approvals/")
	})
	at := slices.IndexFunc(records, func(r event.Record) bool { return r.Event.Type() == "plan.amended" })
	for i, r := range records[at:] {
		if e, is := r.Event.(event.PlanApproval); is {
			records[at+i].Event = event.PlanApproval{Class: event.ApprovedByException, Warnings: e.Warnings}
		}
	}
	both := []string{"alice", "bob"}
	return slices.Insert(records, at, told(records[at], event.DeviationRecorded{Expected: "amendment 1 is approved as the policy requires", Happened: "nobody was there",
		Decision: "the people in the room continue under it", DecidedBy: both, Exception: event.ExceptionUnapproved, Amendment: 1}, event.Stated, both...))
}

// asFirstPlan has the plan that was amended, with what people signed of it, from the first
// day on.
func asFirstPlan(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	isOf := func(r event.Record) bool {
		e, is := r.Event.(event.FileLoaded)
		return is && strings.HasPrefix(e.Path, amendedFolder+"/")
	}
	from := slices.IndexFunc(records, isOf)
	to := from + slices.IndexFunc(records[from:], func(r event.Record) bool { return r.Event.Type() == "step.started" })
	said := records[from:to][slices.IndexFunc(records[from:to], func(r event.Record) bool { return r.Event.Type() == "plan.approval" })].Event
	records = leftOut(records, from, to)
	records[slices.IndexFunc(records, func(r event.Record) bool { return r.Event.Type() == "plan.approval" })].Event = said
	for _, name := range d.static {
		if rest, is := strings.CutPrefix(name, amendedFolder+"/"); is && rest != path.Base(scriptPath) {
			records = d.replace(t, records, plan.Folder+"/"+rest, read(t, d.from, name))
		}
	}
	d.withoutFiles(amendedFolder)
	d.plan = plan.SHA256Hex(d.instead[event.PlanPath])
	site, _ := fastSite()
	script, err := d.preview.Script(site)
	if err != nil {
		t.Fatal(err)
	}
	return d.replace(t, records, scriptPath, script)
}

// asAbandoned has two people end a ceremony for good that is complete.
func asAbandoned(t *testing.T, _ *desk, records []event.Record) []event.Record {
	t.Helper()
	last := len(records) - 2
	closed := records[last].Event.(event.CeremonyClosed)
	closed.Outcome = event.OutcomeAbandoned
	records[last].Event = closed
	at := closing(records)
	both := []string{"alice", "bob"}
	return slices.Insert(records, at, told(records[at], event.DeviationRecorded{Expected: "the ceremony is completed", Happened: "the room is on fire",
		Decision: "the ceremony is abandoned", DecidedBy: both, Exception: event.ExceptionAbandoned}, event.Stated, both...))
}

// asWithheld has the last artifact fail a check that it passes whenever it is repeated.
func asWithheld(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	const id = "root-crl"
	files := map[string][]byte{}
	for i, r := range records {
		switch e := r.Event.(type) {
		case event.ObjectLinted:
			e.Clear = e.Clear && (e.Artifact != id || e.Stage != event.StageAfterSigning)
			records[i].Event = e
		case event.ArtifactChecked:
			if e.Artifact == id {
				e.Checks = slices.Clone(e.Checks)
				e.Checks[0].OK, e.Checks[0].Details = false, "the file is cut off"
				records[i].Event = e
			}
		case event.ArtifactWritten:
			if e.Artifact == id {
				was := e.Path
				e.Path, e.Withheld = strings.Replace(was, "artifacts/", "withheld/", 1), withheldWhy
				files[e.Path] = read(t, d.from, was)
				records[i].Event = e
				d.static = slices.DeleteFunc(slices.Clone(d.static), func(name string) bool { return name == was })
			}
		case event.StepFinished:
			if r.Step == records[max(i-2, 0)].Step && records[max(i-2, 0)].Event.Type() == "artifact.written" && len(files) > 0 {
				records[i].Event = event.StepFinished{Outcome: event.StepFailed}
			}
		}
	}
	if len(files) != 2 {
		t.Fatalf("%d files of %s", len(files), id)
	}
	d.instead = files
	return asAbandoned(t, d, records)
}

// closing is where the last session begins to close the ceremony.
func closing(records []event.Record) int {
	return slices.IndexFunc(records, func(r event.Record) bool {
		e, is := r.Event.(event.TokenCensus)
		return is && e.When == event.CensusClosing && r.Session == records[len(records)-1].Session
	})
}

// asAbandonedEarly leaves out, too, what the last session did, with what it signed.
func asAbandonedEarly(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	from := slices.IndexFunc(records, func(r event.Record) bool { return r.Session == 2 && r.Event.Type() == "step.started" })
	d.withoutFiles("artifacts")
	d.withoutFiles("lint")
	return asAbandoned(t, d, leftOut(records, from, closing(records)))
}

// amendedWithApproval is a ceremony that goes on after a pause under another plan, which
// people approved.
func amendedWithApproval(t *testing.T) *golden {
	t.Helper()
	text := strings.Replace(ceremonytest.TwiceText, "approval: none, ", "", 1)
	p, other := quickly(t, text), quickly(t, strings.Replace(text, "for: 3y}", "for: 2y}", 1))
	o := fastRun(t, p)
	policy := policyFor(t, nil)
	o.Policy, o.PolicySHA256, o.Approvals = policy, plan.SHA256Hex(policy), os.DirFS(approvedIn(t, p, "ann", "cat"))
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	amend(&o, other)
	o.Approvals = os.DirFS(approvedIn(t, other, "ann", "cat"))
	goOn(t, o, termtest.NewScript(80).On("Continue under amendment", termtest.Reply("amend")).
		Then(attendants(p.Plan.Ceremony.Window.From.Add(3*time.Hour))))
	g := &golden{dir: o.Bundle, preview: other}
	g.anchors.PolicySHA256 = o.PolicySHA256
	return g
}

// failedAtEnd is a ceremony whose token fails when all is done: another session closes it.
func failedAtEnd(t *testing.T, p *plan.Preview) *golden {
	t.Helper()
	site, memory := fastSite()
	o := inMemory(runOptions(p, site, filepath.Join(t.TempDir(), "bundle")), uncountable{memory, new(int), true})
	if _, err := Execute(context.Background(), p, o); !errors.Is(err, errTired) {
		t.Fatalf("its objects are counted: %v", err)
	}
	goOn(t, o, attendants(p.Plan.Ceremony.Window.From.Add(3*time.Hour)))
	return &golden{dir: o.Bundle, preview: p}
}

// withoutLeftOver leaves out what an interruption left, and a file of nobody: the line that
// was cut off, files, and what is said of them.
func withoutLeftOver(t *testing.T, d *desk, records []event.Record) []event.Record {
	t.Helper()
	d.withoutFiles("evidence/left-over")
	d.static = slices.DeleteFunc(d.static, func(name string) bool { return strings.HasPrefix(name, tornFiles) })
	left := func(r event.Record) bool {
		switch e := r.Event.(type) {
		case event.FileWritten:
			return e.Kind == event.KindTornLine || e.Kind == event.KindLeftOver
		case event.DeviationRecorded:
			return strings.Contains(e.Decision, "left-over") || strings.Contains(e.Happened, "left-over")
		}
		return false
	}
	if !slices.ContainsFunc(records, left) {
		t.Fatal("nothing was left")
	}
	records = slices.DeleteFunc(records, left)
	for i, r := range records {
		if e, is := r.Event.(event.JournalRecovered); is {
			records[i].Event = event.JournalRecovered{Lines: e.Lines, CutOff: e.CutOff, Removed: []string{}}
		}
	}
	return records
}
