// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"rootceremony/transcripts/event"
)

//go:embed templates/report.html.tmpl templates/report.css
var reportFiles embed.FS

// Report is what the report shows: strings for people, nothing to compute.
// [NewReport] makes one from the records of a journal.
type Report struct {
	Ceremony, Title                             string
	Rehearsal, Software, Unattended, Unapproved bool
	Departing                                   []DeviationView // keys that people accepted
	Outcome                                     string
	When                                        string
	Verdict                                     *VerdictView // outside of a bundle only
	Numbers                                     []Number
	Digests                                     []Labelled
	Roots                                       []RootView
	Diagram                                     *Diagram
	Artifacts                                   []ArtifactView
	Keys                                        []KeyView
	Findings                                    []FindingView
	Deviations                                  []DeviationView
	Approvals                                   []ApprovalView
	Notes                                       []NoteView
	People                                      []PersonView
	Clock                                       []NoteView
	Tokens                                      []TokenView
	Sessions                                    []SessionView
	Files                                       []Labelled
	Timeline                                    []StepView
}

// VerdictView is the result of Verify, as the report shows it.
type VerdictView struct {
	OK, Anchored                           bool
	Problems, Incomplete, Notices, Anchors []string
	Tool                                   string // that judged
	ManifestSHA256                         string
	After                                  After
	Exhibits                               []Exhibit
}

// Number is a count with its name.
type Number struct {
	Value int
	Name  string
}

// Labelled is a value with its name.
type Labelled struct{ Label, Value, Note string }

// RootView is a root certificate's digest, for large type.
type RootView struct{ Artifact, Subject, SHA256 string }

// PersonView is one person.
type PersonView struct {
	Person, Roles, Arrived string
	Confirmed              int
}

// NoteView is something that people said at some time.
type NoteView struct{ Time, Text, By, How string }

// DeviationView is one departure from the plan.
type DeviationView struct {
	Number                                            int
	Time, Step, Expected, Happened, Decision, Decider string
	Line                                              int
}

// SessionView is one run of the program.
type SessionView struct {
	Session                                   int
	Started, Tool, Go, Revision, SHA256, Host string
	SealKeySHA256                             string
	Settings                                  []Labelled
}

// ReportOf renders the report of a journal, as it stands in a bundle: it
// states the record and gives no verdict.
func ReportOf(records []event.Record) ([]byte, error) {
	r, err := NewReport(records)
	if err != nil {
		return nil, err
	}
	return r.HTML()
}

// NewReport collects what the report shows.
func NewReport(records []event.Record) (*Report, error) {
	a := newAccount(records)
	head, err := journalHead(records)
	if err != nil {
		return nil, fmt.Errorf("rendering report: %w", err)
	}
	r := &Report{
		Ceremony: a.opened.Ceremony, Title: a.opened.Title, Rehearsal: a.opened.Mode == event.Rehearsal,
		Software: a.opened.SoftwareTokens, Unattended: a.opened.Unattended, Unapproved: a.opened.Unapproved, Outcome: a.outcome(),
		When:    span(a.at, a.until),
		Diagram: newDiagram(a.artifacts), Timeline: timeline(records), Approvals: approvals(records),
	}
	r.addNumbers(a)
	r.addDigests(a, head)
	r.addObjects(a)
	r.addRoom(a)
	return r, nil
}

func (a *account) outcome() string {
	switch {
	case a.closed != nil:
		return a.closed.Outcome
	case a.stopped != nil:
		return "stopped"
	}
	return "not closed"
}

func (r *Report) addNumbers(a *account) {
	delivered, withheld, made := 0, 0, 0
	for _, f := range a.artifacts {
		switch {
		case len(f.files) == 0:
		case f.withheld() != "":
			withheld++
		default:
			delivered++
		}
	}
	for _, k := range a.keys {
		if k.generated {
			made++
		}
	}
	r.Numbers = []Number{
		count(made, "key made", "keys made"), count(a.operations[event.WhatSign], "signature", "signatures"),
		count(delivered, "artifact delivered", "artifacts delivered"), count(withheld, "withheld", "withheld"),
		count(len(a.deviations), "deviation", "deviations"), count(a.failed, "failed operation", "failed operations"),
	}
}

func count(n int, one, many string) Number {
	if n == 1 {
		return Number{n, one}
	}
	return Number{n, many}
}

func (r *Report) addDigests(a *account, head PredicateJournal) {
	r.Digests = []Labelled{{"Plan", a.opened.PlanSHA256, "SHA-256 of plan/plan.json: what was to be done"}}
	if a.opened.SiteSHA256 != "" {
		r.Digests = append(r.Digests, Labelled{"Site", a.opened.SiteSHA256, "SHA-256 of plan/site.json: which devices"})
	}
	for _, e := range a.amended {
		r.Digests = append(r.Digests, Labelled{fmt.Sprintf("Amendment %d", e.Number), e.PlanSHA256,
			"SHA-256 of " + event.AmendmentFolder(e.Number) + "/plan.json, which holds for the steps after it"})
	}
	r.Digests = append(r.Digests, Labelled{
		"Journal", head.SHA256, fmt.Sprintf("SHA-256 of journal/journal.jsonl, %d lines; tree root %s", head.Size, head.Root),
	})
	for _, f := range a.loaded {
		r.Files = append(r.Files, Labelled{f.Path, f.SHA256, f.Kind})
	}
	for _, f := range a.written {
		r.Files = append(r.Files, Labelled{f.Path, f.SHA256, f.Kind})
	}
}

// presence says when a person came and went.
func (p *person) presence() string {
	var said []string
	for i, m := range p.moves {
		switch {
		case m.left:
			said = append(said, "left "+clock(m.at))
		case i > 0:
			said = append(said, "back "+clock(m.at))
		default:
			said = append(said, clock(m.at))
		}
	}
	return strings.Join(said, ", ")
}

func (r *Report) addRoom(a *account) {
	for _, p := range a.people {
		r.People = append(r.People, PersonView{p.id, strings.Join(p.roles, ", "), p.presence(), confirmations(a, p.id)})
	}
	for i, d := range a.deviations {
		r.Deviations = append(r.Deviations, DeviationView{
			i + 1, clock(d.at), d.step, d.Expected, d.Happened, d.Decision, strings.Join(d.DecidedBy, ", "), d.seq,
		})
		if d.KeySHA256 != "" {
			r.Departing = append(r.Departing, r.Deviations[i])
		}
	}
	for _, n := range a.notes {
		if note, ok := n.Event.(event.NoteAdded); ok {
			r.Notes = append(r.Notes, NoteView{clock(n.Time), note.Text, strings.Join(n.By, ", "), string(n.How)})
		}
	}
	for _, c := range a.clock {
		text := fmt.Sprintf("Room %s, host %s, offset %+d s, by %s", c.Room, c.Host, c.OffsetSeconds, strings.Join(c.References, " and "))
		r.Clock = append(r.Clock, NoteView{clock(c.at), text, strings.Join(c.by, ", "), string(event.Stated)})
	}
	for _, s := range a.sessions {
		r.Sessions = append(r.Sessions, s.view())
	}
	for _, t := range a.tokens {
		r.Tokens = append(r.Tokens, tokenView(t))
	}
}

func (s session) view() SessionView {
	digest, err := SealDigest(s.SealKey)
	if err != nil {
		digest = s.SealKey
	}
	v := SessionView{
		Session: s.Session, Started: minutes(s.at), Tool: s.Tool.Version, Go: s.Tool.Go,
		Revision: s.Tool.VCSRevision, SHA256: s.Tool.SHA256, SealKeySHA256: digest, Settings: labelled(s.Tool.Settings),
	}
	for _, l := range labelled(s.Tool.Linters) {
		v.Settings = append(v.Settings, Labelled{Label: l.Label, Value: l.Value, Note: "linter"})
	}
	if h := s.Host; h != nil {
		v.Host = strings.Join(strings.Fields(h.Name+" "+h.OS+" "+h.Arch+" "+h.Kernel), " ")
		if h.Root {
			v.Host += ", as root"
		}
	}
	return v
}

func confirmations(a *account, who string) int {
	seen := map[int]bool{}
	for _, f := range a.artifacts {
		for _, r := range f.confirmed {
			if slices.Contains(r.By, who) {
				seen[r.Seq] = true
			}
		}
	}
	return len(seen)
}

// HTML renders the report as one page that needs nothing else.
func (r *Report) HTML() ([]byte, error) {
	t, err := template.New("report.html.tmpl").Funcs(template.FuncMap{
		"fours": fours, "upper": strings.ToUpper, "css": stylesheet,
	}).ParseFS(reportFiles, "templates/report.html.tmpl")
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
