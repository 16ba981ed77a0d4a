// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"rootceremony/transcripts/event"
)

// RendererVersion is the version of everything that is derived from a journal:
// transcript, report and README-VERIFY.md. It grows when their bytes change.
const RendererVersion = 1

// Transcript derives transcript.json from the records of a journal. It is a
// pure function: the same records give the same bytes everywhere.
func Transcript(records []event.Record) ([]byte, error) {
	s, err := statement(records)
	if err != nil {
		return nil, err
	}
	data, err := event.Canonical(s)
	if err != nil {
		return nil, fmt.Errorf("deriving transcript: %w", err)
	}
	return data, nil
}

func statement(records []event.Record) (*Statement, error) {
	a := newAccount(records)
	head, err := journalHead(records)
	if err != nil {
		return nil, fmt.Errorf("deriving transcript: %w", err)
	}
	p := Predicate{
		Ceremony: a.ceremony(), Sessions: []PredicateSession{}, Clock: []PredicateClock{}, People: []PredicatePerson{},
		Plan: a.loaded, Amendments: a.amended, Tokens: a.tokens, Keys: []PredicateKey{}, Artifacts: []PredicateArtifact{},
		Operations: a.operations, Failed: a.failed, Deviations: []PredicateDeviated{}, Steps: map[string]int{},
		Journal: head, Renderer: PredicateRenderer{Version: a.renderer(), TemplateSHA256: templateDigest()},
	}
	for _, s := range a.sessions {
		p.Sessions = append(p.Sessions, PredicateSession{s.Session, stamp(s.at), s.SealKey, s.Tool, s.Host})
	}
	for _, c := range a.clock {
		p.Clock = append(p.Clock, PredicateClock{c.ClockAttested, c.by})
	}
	for _, who := range a.people {
		p.People = append(p.People, who.predicate())
	}
	for _, k := range a.keys {
		p.Keys = append(p.Keys, k.predicate())
	}
	for _, d := range a.deviations {
		p.Deviations = append(p.Deviations, PredicateDeviated{d.DeviationRecorded, d.step, stamp(d.at)})
	}
	for _, step := range a.steps {
		p.Steps[step.outcome]++
	}
	out := &Statement{Type: StatementType, PredicateType: PredicateType, Subject: []Subject{}}
	for _, f := range a.artifacts {
		p.Artifacts = append(p.Artifacts, f.predicate())
		for _, file := range f.files {
			out.Subject = append(out.Subject, subject(file))
		}
	}
	out.Predicate = p
	return out, nil
}

func (a *account) ceremony() PredicateCeremony {
	outcome := ""
	if a.closed != nil {
		outcome = a.closed.Outcome
	}
	o := a.opened
	return PredicateCeremony{
		ID: o.Ceremony, Title: o.Title, Mode: o.Mode, Outcome: outcome, SoftwareTokens: o.SoftwareTokens,
		Unattended: o.Unattended, Opened: stamp(a.at), Ended: stamp(a.until), PlanSHA256: o.PlanSHA256, SiteSHA256: o.SiteSHA256,
	}
}

func (a *account) renderer() int {
	if a.closed == nil {
		return RendererVersion
	}
	return a.closed.Renderer
}

func (p *person) predicate() PredicatePerson {
	out := PredicatePerson{Person: p.id, Roles: p.roles, Arrived: stamp(p.at)}
	for _, m := range p.moves {
		if m.left {
			out.Left = append(out.Left, stamp(m.at))
		}
	}
	return out
}

func (k *keyFacts) predicate() PredicateKey {
	return PredicateKey{
		Label: k.Label, Token: k.token, ID: k.ID, Algorithm: k.Algorithm, SPKI: k.SPKI, SPKISHA256: k.SPKISHA256,
		Generated: k.generated, Destroyed: k.destroyed, Parked: k.parked, Signatures: k.signed, Reported: k.Attributes, Proved: k.proved,
	}
}

func (f *artifactFacts) predicate() PredicateArtifact {
	out := PredicateArtifact{
		Artifact: f.id, Attempt: f.attempt, Kind: f.kind(), Withheld: f.withheld(), Possible: f.possible, Files: []string{}, SignedBy: f.key,
		TBSSHA256: f.tbsSHA256, Serial: f.serial, Confirmed: f.confirmedBy(), Checks: f.checks,
	}
	for _, file := range f.files {
		out.Files = append(out.Files, file.Path)
	}
	if s := f.summary(); s != (event.Summary{}) {
		out.Summary = &s
	}
	for _, l := range f.linted {
		out.Lint = append(out.Lint, ObjectLint{l.Stage, l.Clear, l.Engines, l.Counts, l.Findings, l.SHA256})
	}
	return out
}

// confirmedBy returns who confirmed the artifact's signature, each once.
func (f *artifactFacts) confirmedBy() []string {
	var people []string
	for _, r := range f.confirmed {
		for _, who := range r.By {
			if !slices.Contains(people, who) {
				people = append(people, who)
			}
		}
	}
	return people
}

func subject(a event.ArtifactWritten) Subject {
	s := Subject{Name: a.Path}
	s.Digest.SHA256, s.Digest.SHA512 = a.SHA256, a.SHA512
	return s
}

func journalHead(records []event.Record) (PredicateJournal, error) {
	t, err := treeOf(records)
	if err != nil {
		return PredicateJournal{}, err
	}
	if len(records) == 0 {
		return PredicateJournal{}, fmt.Errorf("the journal is empty")
	}
	root, err := t.root(t.size)
	if err != nil {
		return PredicateJournal{}, err
	}
	return PredicateJournal{
		Size: t.size, Root: root.String(), HeadSHA256: records[len(records)-1].SHA256(),
		SHA256: hexDigest(JournalBytes(records)),
	}, nil
}

// JournalBytes returns the file that holds the records.
func JournalBytes(records []event.Record) []byte {
	var b bytes.Buffer
	for _, r := range records {
		b.Write(r.Line)
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// stamp is how a time stands in everything that is derived.
func stamp(t time.Time) string { return t.UTC().Format(event.TimeForm) }
