// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strings"
	"sync"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

//go:embed templates/report.html.tmpl templates/report.css
var reportFiles embed.FS

// reportView is what the report shows: strings for people, nothing to compute.
// [newReport] makes one from what a journal adds up to.
type reportView struct {
	Ceremony, Title                             string
	Rehearsal, Software, Unattended, Unapproved bool

	TemplateNotes []string
	Departing     []deviationView // keys that people accepted
	Outcome       string
	When          string
	Verdict       *verdictView // outside of a bundle only
	Numbers       []numberView
	Digests       []Labelled
	Roots         []rootView
	Diagram       *diagram
	Artifacts     []artifactView
	Revocations   []revocationView
	Keys          []keyView
	Signatures    []signatureView
	Orphans       []string // keys without a use or an end
	Findings      []findingView
	Deviations    []deviationView
	Approvals     []approvalView
	Warnings      []warningView
	Notes         []noteView
	People        []personView
	Clock         []clockView
	Tokens        []tokenView
	Seals         []sealView
	Sessions      []sessionView // each program and host once
	Files         []Labelled
	Timeline      []stepView
}

// verdictView is the result of Verify, as the report shows it.
type verdictView struct {
	OK, Anchored                           bool
	Problems, Incomplete, Notices, Anchors []string
	Tool                                   string // that verified
	ManifestSHA256                         string
	After                                  After
	Exhibits                               []exhibitView
}

// numberView is a count with its name.
type numberView struct {
	Value int
	Name  string
}

// Labelled is a value with its name.
type Labelled struct{ Label, Value, Note string }

// rootView is a root certificate's digest, for large type.
type rootView struct{ Artifact, Subject, SHA256 string }

// noteView is something that people said at some time.
type noteView struct{ Time, Text, By, How string }

// deviationView is one departure from the plan.
type deviationView struct {
	Number                                            int
	Time, Step, Expected, Happened, Decision, Decider string
	Line                                              int
}

// reportOf renders the report of a journal, as it is in a bundle: it
// states the record and gives no verdict.
func reportOf(h *history.History) ([]byte, error) {
	r, err := newReport(h)
	if err != nil {
		return nil, err
	}
	return r.html()
}

// newReport collects what the report shows.
func newReport(h *history.History) (*reportView, error) {
	head, err := journalHead(h.Records)
	if err != nil {
		return nil, fmt.Errorf("rendering report: %w", err)
	}
	r := &reportView{
		Ceremony: h.Opened.Ceremony, Title: h.Opened.Title, Rehearsal: h.Opened.Mode == event.Rehearsal,
		Software: h.Opened.SoftwareTokens, TemplateNotes: h.TemplateNotes(), Unattended: h.Opened.Unattended, Unapproved: h.Opened.Unapproved, Outcome: outcomeOf(h),
		When:    span(h.Begun(), h.Until()),
		Diagram: newDiagram(h.Artifacts), Timeline: timeline(h), Approvals: approvals(h), Warnings: planWarnings(h),
		Signatures: signatures(h), Orphans: h.Orphans(),
	}
	r.addNumbers(h)
	r.addDigests(h, head)
	r.addObjects(h)
	r.addRoom(h)
	return r, nil
}

func outcomeOf(h *history.History) string {
	switch {
	case h.Closed != nil:
		return h.Closed.Outcome
	case h.Stopped != nil:
		return "stopped"
	}
	return "not closed"
}

func (r *reportView) addNumbers(h *history.History) {
	delivered, withheld, made := 0, 0, 0
	for _, f := range h.Artifacts {
		switch {
		case len(f.Files) == 0:
		case f.Withheld() != "":
			withheld++
		default:
			delivered++
		}
	}
	for _, k := range h.Keys {
		if k.Generated {
			made++
		}
	}
	r.Numbers = []numberView{
		count(made, "key made", "keys made"), count(h.Finished()[event.WhatSign], "signature", "signatures"),
		count(delivered, "artifact delivered", "artifacts delivered"), count(withheld, "withheld", "withheld"),
		count(len(h.Deviations), "deviation", "deviations"), count(h.Failures(), "failed operation", "failed operations"),
	}
	if n := h.Mistyped(); n > 0 {
		r.Numbers = append(r.Numbers, count(n, "wrong PIN", "wrong PINs"))
	}
}

func count(n int, one, many string) numberView {
	if n == 1 {
		return numberView{n, one}
	}
	return numberView{n, many}
}

func (r *reportView) addDigests(h *history.History, head predicateJournal) {
	r.Digests = []Labelled{{"Plan", h.Opened.PlanSHA256, "SHA-256 of plan/plan.json: what was to be done"}}
	for _, s := range h.Sites {
		if s.Number == 0 {
			r.Digests = append(r.Digests, Labelled{"Site", s.SHA256, "SHA-256 of plan/site.json: which devices"})
			continue
		}
		r.Digests = append(r.Digests, Labelled{fmt.Sprintf("Site change %d", s.Number), s.SHA256,
			fmt.Sprintf("SHA-256 of %s/site.json, in force since line %d: %s", s.Folder(), s.Seq, strings.Join(s.Changed.Difference, "; "))})
	}
	for _, e := range h.Amendments() {
		r.Digests = append(r.Digests, Labelled{fmt.Sprintf("Amendment %d", e.Number), e.PlanSHA256,
			"SHA-256 of " + event.AmendmentFolder(e.Number) + "/plan.json, in force for the steps after it"})
	}
	r.Digests = append(r.Digests, Labelled{
		"Journal", head.SHA256, fmt.Sprintf("SHA-256 of journal/journal.jsonl, %d lines; tree root %s", head.Size, head.Root),
	})
	for _, f := range history.Events(h.Loaded()) {
		r.Files = append(r.Files, Labelled{f.Path, f.SHA256, f.Kind})
	}
	for _, f := range history.Events(h.Written()) {
		r.Files = append(r.Files, Labelled{f.Path, f.SHA256, f.Kind})
	}
}

//nolint:gochecknoglobals // parsed once
var reportTemplate = sync.OnceValues(func() (*template.Template, error) {
	return template.New("report.html.tmpl").Funcs(template.FuncMap{
		"fours": fours, "upper": strings.ToUpper, "css": stylesheet,
	}).ParseFS(reportFiles, "templates/report.html.tmpl")
})

// html renders the report as one page that needs nothing else.
func (r *reportView) html() ([]byte, error) {
	t, err := reportTemplate()
	if err != nil {
		return nil, fmt.Errorf("rendering report: %w", err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, r); err != nil {
		return nil, fmt.Errorf("rendering report: %w", err)
	}
	return visible(out.Bytes()), nil
}

// stylesheet is a constant of the program, not data.
func stylesheet() (template.CSS, error) {
	data, err := reportFiles.ReadFile("templates/report.css")
	return template.CSS(data), err //nolint:gosec // embedded
}

// templateDigest binds a transcript to the templates it was rendered with.
func templateDigest() string {
	var all []byte
	for _, name := range []string{"templates/report.html.tmpl", "templates/report.css"} {
		data, err := reportFiles.ReadFile(name)
		if err != nil {
			panic("internal error: " + err.Error())
		}
		all = append(all, data...)
	}
	return hexDigest(append(all, readmeTemplate...))
}
