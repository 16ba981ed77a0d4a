// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/artifact"
	"rootceremony/transcripts/event"
)

// otherwise tells of another plan in a folder, with other files, and gives all that verify has
// against the bundle; nothing where it accepts it.
func (d desk) otherwise(t *testing.T, folder string, files map[string][]byte, change func(p *plan.Plan), o verify.Options) string {
	t.Helper()
	d.instead = map[string][]byte{}
	records := slices.Clone(d.records)
	pl, err := plan.Decode(read(t, d.from, folder+"/plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	change(pl)
	forged, err := pl.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range files {
		if _, err := os.Stat(filepath.Join(d.from, name)); err == nil {
			records = d.replace(t, records, name, data)
			continue
		}
		d.instead[name] = data
		at := slices.IndexFunc(records, func(r event.Record) bool {
			e, is := r.Event.(event.FileLoaded)
			return is && e.Kind == "input"
		})
		records = slices.Insert(records, at, told(records[at], event.FileLoaded{Path: name, Kind: "status", SHA256: plan.SHA256Hex(data)}, event.Observed))
	}
	if l := d.readAgain(t, folder, pl, forged); l != nil { // else verify says it
		records = d.follows(t, records, folder, &plan.Preview{Loaded: l, Canonical: forged, Digest: artifact.Sum(forged).SHA256})
	}
	records = d.replace(t, records, folder+"/plan.json", forged)
	if folder == plan.Folder {
		d.plan = plan.SHA256Hex(forged)
	}
	out, err := reseal(records, 0, d.plan, d.seals)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "bundle")
	if err := d.write(dir, out); err != nil {
		t.Fatal(err)
	}
	v, problems := verified(t, dir, o)
	if v != nil && v.OK() {
		return ""
	}
	return problems
}

// readAgain reads a forged plan; nothing where it cannot be read.
func (d desk) readAgain(t *testing.T, folder string, pl *plan.Plan, forged []byte) *plan.Loaded {
	t.Helper()
	reading := func(name string, _ int64) ([]byte, error) {
		if data, is := d.instead[name]; is {
			return data, nil
		}
		return os.ReadFile(filepath.Join(d.from, filepath.FromSlash(name)))
	}
	text, err := reading(folder+"/ceremony.yaml", 0)
	if err != nil {
		t.Fatal(err)
	}
	l, err := plan.Load(folder+"/ceremony.yaml", text, plan.Bundled{Folder: folder, Plan: pl, ReadAs: reading})
	if err != nil {
		return nil
	}
	if again, err := l.Plan.Canonical(); err != nil || !bytes.Equal(again, forged) {
		return nil
	}
	return l
}

// follows makes right what follows from a plan: script, warnings, and the difference of an
// amendment.
func (d *desk) follows(t *testing.T, records []event.Record, folder string, p *plan.Preview) []event.Record {
	t.Helper()
	site, _ := fastSite()
	script, err := p.Script(site)
	if err != nil {
		t.Fatal(err)
	}
	records = d.replace(t, records, folder+"/script.html", script)
	first, err := plan.Decode(read(t, d.from, event.PlanPath))
	if err != nil {
		t.Fatal(err)
	}
	difference, err := plan.Difference(first, p.Plan)
	if err != nil {
		t.Fatal(err)
	}
	approvals := 0
	for i, r := range records {
		switch e := r.Event.(type) {
		case event.PlanAmended:
			e.Difference = difference
			records[i].Event = e
		case event.PlanApproval:
			if approvals++; (approvals > 1) == (folder != plan.Folder) {
				e.Warnings = event.Legible(p.WarningTexts())
				records[i].Event = e
			}
		}
	}
	return records
}
