// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package run

import (
	"os"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// byOtherDevice is a ceremony whose device dies after it made the keys: another one takes its
// place, by two people where the site file names it, else by those whom the policy names.
func byOtherDevice(t *testing.T, named bool) *golden {
	t.Helper()
	r := newSiteRoom(t, quickly(t, strings.Replace(ceremonytest.TwiceText, "approval: none, ", "", 1), realNames...))
	policy := policyFor(t, nil)
	r.o = Options{Policy: policy, PolicySHA256: plan.SHA256Hex(policy), Approvals: os.DirFS(approvedIn(t, r.p, "ann", "cat"))}
	spare := r.device("example-spare")
	r.site.Tokens[0].Template, r.site.Tokens[0].Own = "leaves", &token.Own{Like: "default", Private: []token.Stated{{Name: "CKA_EXTRACTABLE", Value: "true"}}}
	if named {
		r.site.Tokens[0].Spares = []token.Spare{spare.Device()}
	}
	if err := r.begin(r.people()); err != nil {
		t.Fatal(err)
	}
	other := r.changed(func(c *token.Config) { c.Label, c.Serial, c.Spares = spare.Label, spare.Serial, nil })
	folder := t.TempDir()
	r.o.SiteApprovals = os.DirFS(folder)
	data, err := other.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	if !named {
		for _, who := range []string{"ann", "cat"} {
			write(t, folder, approval.SignatureFile(approval.SiteFile, who), signature(t, who, approval.SiteApproval, data))
		}
	}
	restore(t, "example-root", "example-spare")
	killToken(t, "example-root")
	r.mustResume(other, r.people("serial (text)", spare.Serial))
	g := &golden{dir: r.bundle, preview: r.p}
	g.anchors.PolicySHA256 = r.o.PolicySHA256
	return g
}

// changing tells of another change of the site file, and of the deviation before it.
func changing(change func(e *event.SiteChanged, by *[]string)) telling {
	return func(_ *desk, records []event.Record) []event.Record {
		at := slices.IndexFunc(records, func(r event.Record) bool { return r.Event.Type() == "site.changed" })
		e, by := records[at].Event.(event.SiteChanged), slices.Clone(records[at].By)
		e.Restored, e.Difference = slices.Clone(e.Restored), slices.Clone(e.Difference) // other cases change them, too
		change(&e, &by)
		records[at].Event, records[at].By = e, by
		for i, r := range records[:at] {
			if d, is := r.Event.(event.DeviationRecorded); is && d.Exception == event.ExceptionSite {
				d.Happened, d.DecidedBy = e.Happened(), by
				records[i].Event, records[i].By = d, by
			}
		}
		return records
	}
}

// lessAsked has the difference ask two people only.
func lessAsked(e *event.SiteChanged, _ *[]string) {
	e.Needs, e.Approved = event.SiteByTwo, nil
	for i, l := range e.Difference {
		e.Difference[i] = l[:strings.LastIndex(l, " (")] + " (" + event.SiteAsks(event.SiteByTwo) + ")"
	}
}

// openedAs changes what a token says of itself in one session.
func openedAs(session int, change func(e *event.TokenOpened)) telling {
	return func(_ *desk, records []event.Record) []event.Record {
		for i, r := range records {
			if e, is := r.Event.(event.TokenOpened); is && r.Session == session {
				change(&e)
				records[i].Event = e
			}
		}
		return records
	}
}

// withoutProofs leaves out the proofs of keys in the second session.
func withoutProofs(_ *desk, records []event.Record) []event.Record {
	for again := true; again; {
		again = false
		for i, r := range records {
			e, is := r.Event.(event.KeyProved)
			if !is || r.Session != 2 {
				continue
			}
			first := slices.IndexFunc(records, func(r event.Record) bool {
				in, is := r.Event.(event.OperationIntended)
				return is && in.Operation == e.Operation
			})
			last := slices.IndexFunc(records, func(r event.Record) bool {
				in, is := r.Event.(event.OperationFinished)
				return is && in.Operation == e.Operation
			})
			records = renumbered(slices.Delete(slices.Delete(slices.Delete(records, i, i+1), last, last+1), first, first+1), e.Operation)
			again = true
			break
		}
	}
	return records
}

// earlierChange tells of the change in the first session, before the device died.
func earlierChange(_ *desk, records []event.Record) []event.Record {
	from, to := siteChange(records)
	lines := slices.Clone(records[from:to])
	records = slices.Delete(records, from, to)
	at := slices.IndexFunc(records, func(r event.Record) bool { return r.Event.Type() == "token.opened" })
	for i := range lines {
		lines[i].Session, lines[i].Time, lines[i].Mono = 1, records[at].Time, records[at].Mono
	}
	return slices.Insert(records, at, lines...)
}

// changedBack tells of the first site file in force again at the end.
func changedBack(t *testing.T) telling {
	return func(d *desk, records []event.Record) []event.Record {
		from, to := siteChange(records)
		first, err := plan.DecodeSite(read(t, d.from, siteFile))
		if err != nil {
			t.Fatal(err)
		}
		second, err := plan.DecodeSite(read(t, d.from, otherSite+"/site.json"))
		if err != nil {
			t.Fatal(err)
		}
		c := plan.CompareSites(second, first, d.preview.Plan, func(string) (event.TokenOpened, bool) { return event.TokenOpened{}, false })
		e := records[to-1].Event.(event.SiteChanged)
		e.Number, e.Before, e.SiteSHA256 = 2, e.SiteSHA256, e.Before
		e.Needs, e.Difference, e.TemplateNotes, e.Approved = c.Needs, c.Lines, first.TemplateNotes(), nil
		e.Restored = []event.Restored{{Token: "root", Serial: first.Tokens[0].Serial, Seal: "x", Keys: e.Restored[0].Keys}}
		d.instead = map[string][]byte{"plan/site-2/site.json": read(t, d.from, siteFile)}
		decided := event.DeviationRecorded{Expected: "the ceremony continues with the site file in force", Happened: e.Happened(), Decision: "go on", DecidedBy: records[to-1].By, Exception: event.ExceptionSite}
		return slices.Insert(slices.Clone(records), to,
			told(records[from], event.FileLoaded{Path: "plan/site-2/site.json", Kind: "site", SHA256: e.SiteSHA256}, event.Observed),
			told(records[to-1], decided, event.Stated, records[to-1].By...), told(records[to-1], e, event.Stated, records[to-1].By...))
	}
}

// TestForgerOfSites guards an auditor against a change of the site file that is told
// otherwise than people decided it: as one that needs less, without what was restored or
// proved, at another time, or of other devices. Without CEREMONY_FORGER=all the policy's
// people decided about it, of which more is told.
func TestForgerOfSites(t *testing.T) {
	for _, named := range decidedBy() {
		t.Run(map[bool]string{true: "a spare", false: "approved"}[named], func(t *testing.T) { sitesTold(t, named) })
	}
}

// decidedBy tells whether the site file names the other device.
func decidedBy() []bool {
	if forgerAll() {
		return []bool{false, true}
	}
	return []bool{false}
}

func sitesTold(t *testing.T, named bool) {
	t.Helper()
	d := deskOf(t, byOtherDevice(t, named))
	if said := d.accepts(t, slices.Clone(d.records)); said != "" {
		t.Fatalf("the record itself: %s", said)
	}
	for name, c := range map[string]struct {
		tell telling
		says string // nothing where nothing shows it
	}{
		"less is needed":                 {changing(lessAsked), map[bool]string{true: "", false: "it needs"}[named]},
		"a witness is needed":            {changing(func(e *event.SiteChanged, _ *[]string) { e.Needs = event.SiteByWitness }), "it needs"},
		"nothing was restored":           {changing(func(e *event.SiteChanged, _ *[]string) { e.Restored = nil }), "the record tells of"},
		"no key was restored":            {changing(func(e *event.SiteChanged, _ *[]string) { e.Restored[0].Keys = []string{} }), "the keys that were restored"},
		"one key was restored":           {changing(func(e *event.SiteChanged, _ *[]string) { e.Restored[0].Keys = e.Restored[0].Keys[:1] }), "the keys that were restored"},
		"restored twice":                 {changing(func(e *event.SiteChanged, _ *[]string) { e.Restored = append(e.Restored, e.Restored[0]) }), "the record tells of"},
		"another serial number":          {changing(func(e *event.SiteChanged, _ *[]string) { e.Restored[0].Serial = "77" }), "and the site file has serial"},
		"no seal":                        {changing(func(e *event.SiteChanged, _ *[]string) { e.Restored[0].Seal = "" }), "seal"},
		"another seal":                   {changing(func(e *event.SiteChanged, _ *[]string) { e.Restored[0].Seal = "77" }), ""},
		"one person decided":             {changing(func(_ *event.SiteChanged, by *[]string) { *by = (*by)[:1] }), "two"},
		"a stranger decided":             {changing(func(_ *event.SiteChanged, by *[]string) { (*by)[1] = "mallet" }), "mallet"},
		"another difference":             {changing(func(e *event.SiteChanged, _ *[]string) { e.Difference = []string{"nothing"} }), "recorded difference"},
		"hidden notes":                   {changing(func(e *event.SiteChanged, _ *[]string) { e.TemplateNotes = nil }), "key templates"},
		"another number":                 {changing(func(e *event.SiteChanged, _ *[]string) { e.Number = 3 }), "site-3"},
		"before is another":              {changing(func(e *event.SiteChanged, _ *[]string) { e.Before = strings.Repeat("5c", 32) }), "before_sha256"},
		"another digest":                 {changing(func(e *event.SiteChanged, _ *[]string) { e.SiteSHA256 = e.Before }), "site"},
		"hardware first":                 {openedAs(1, func(e *event.TokenOpened) { e.Software = false }), "software"},
		"hardware then":                  {openedAs(2, func(e *event.TokenOpened) { e.Software = false }), ""},
		"the first device until the end": {openedAs(2, func(e *event.TokenOpened) { e.Serial = serialIn(d, 1) }), "serial"},
		"the spare from the beginning":   {openedAs(1, func(e *event.TokenOpened) { e.Serial = serialIn(d, 2) }), "serial"},
		"another label":                  {openedAs(2, func(e *event.TokenOpened) { e.Label = "x" }), "label"},
		"another model":                  {openedAs(2, func(e *event.TokenOpened) { e.Model = "x" }), "model"},
		"no proofs":                      {withoutProofs, "prove"},
		"before the device died":         {earlierChange, "only a session that continues changes the site file"},
		"changed back":                   {changedBack(t), "serial"},
	} {
		forger := *d
		said := forger.accepts(t, c.tell(&forger, slices.Clone(d.records)))
		if (said == "") != (c.says == "") || !strings.Contains(said, c.says) {
			t.Errorf("%s: %q, want %q", name, said, c.says)
		}
	}
}

// serialIn is the serial number of the token in a session.
func serialIn(d *desk, session int) string {
	for _, r := range d.records {
		if e, is := r.Event.(event.TokenOpened); is && r.Session == session {
			return e.Serial
		}
	}
	return ""
}
