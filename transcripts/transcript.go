// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"fmt"
	"reflect"
	"time"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// RendererVersion is the version of everything that is derived from a journal:
// transcript, report and README-VERIFY.md. It grows when their bytes change, and what a
// released program rendered by stays in [renderers].
const RendererVersion = 1

// transcriptBytes derives transcript.json from what a journal adds up to. It is a
// pure function: the same records give the same bytes everywhere.
func transcriptBytes(h *history.History) ([]byte, error) {
	s, err := newStatement(h)
	if err != nil {
		return nil, err
	}
	data, err := event.Canonical(s)
	if err != nil {
		return nil, fmt.Errorf("deriving transcript: %w", err)
	}
	return data, nil
}

func newStatement(h *history.History) (*statement, error) {
	head, err := journalHead(h.Records)
	if err != nil {
		return nil, fmt.Errorf("deriving transcript: %w", err)
	}
	p := predicate{
		Ceremony: ceremonyOf(h), Sessions: []predicateSession{}, Clock: []predicateClock{}, People: []predicatePerson{},
		Plan: history.Events(h.Loaded()), Amendments: h.Amendments(), Sites: h.SiteChanges(), Tokens: history.Events(h.TokensOpened()), Keys: []predicateKey{}, Artifacts: []predicateArtifact{}, Signatures: []predicateSignature{},
		Operations: h.Finished(), Failed: h.Failed(), Deviations: []predicateDeviated{}, Steps: map[string]int{},
		Journal: head, Renderer: predicateRenderer{Version: rendererOf(h), TemplateSHA256: templateDigest()},
	}
	for _, s := range h.Sessions {
		e := s.Event
		p.Sessions = append(p.Sessions, predicateSession{e.Session, stamp(s.Time), e.SealKey, e.Tool, e.Host})
	}
	for _, c := range h.Clock {
		p.Clock = append(p.Clock, predicateClock{c.Event, c.By})
	}
	for _, who := range h.People {
		p.People = append(p.People, newPredicatePerson(who))
	}
	for _, k := range h.Keys {
		p.Keys = append(p.Keys, newPredicateKey(k))
	}
	for _, s := range h.Ledger() {
		p.Signatures = append(p.Signatures, newPredicateSignature(&s))
	}
	for _, d := range h.Deviations {
		p.Deviations = append(p.Deviations, predicateDeviated{d.Event, d.Step, stamp(d.Time)})
	}
	for _, step := range h.Steps {
		p.Steps[step.Outcome()]++
	}
	out := &statement{Type: statementType, PredicateType: predicateType, Subject: []statementSubject{}}
	for _, f := range h.Artifacts {
		p.Artifacts = append(p.Artifacts, newPredicateArtifact(f))
		for _, file := range f.Files {
			out.Subject = append(out.Subject, newSubject(file.Event))
		}
	}
	out.Predicate = p
	return out, nil
}

func ceremonyOf(h *history.History) predicateCeremony {
	outcome := ""
	if h.Closed != nil {
		outcome = h.Closed.Outcome
	}
	o := h.Opened
	return predicateCeremony{
		ID: o.Ceremony, Title: o.Title, Mode: o.Mode, Outcome: outcome, SoftwareTokens: o.SoftwareTokens,
		Unattended: o.Unattended, Opened: stamp(h.Begun()), Ended: stamp(h.Until()), PlanSHA256: o.PlanSHA256, SiteSHA256: o.SiteSHA256,
	}
}

func rendererOf(h *history.History) int {
	if h.Closed == nil {
		return RendererVersion
	}
	return h.Closed.Renderer
}

func newPredicatePerson(p *history.Person) predicatePerson {
	out := predicatePerson{Person: p.ID, Roles: p.Roles, Arrived: stamp(p.Arrived)}
	for _, m := range p.Moves {
		if m.Left {
			out.Left = append(out.Left, stamp(m.Time))
		}
	}
	return out
}

func newPredicateKey(k *history.Key) predicateKey {
	return predicateKey{
		Label: k.Label, Token: k.Token, ID: k.ID, Algorithm: k.Algorithm, SPKI: k.SPKI, SPKISHA256: k.SPKISHA256,
		Generated: k.Generated, Destroyed: k.Destroyed > 0, Parked: k.Parked, Signatures: k.Signed, Reported: k.Attributes, Proved: k.Proved,
	}
}

func newPredicateArtifact(f *history.Artifact) predicateArtifact {
	out := predicateArtifact{
		Artifact: f.ID, Attempt: f.Attempt, Kind: f.Kind(), Withheld: f.Withheld(), Possible: f.Possible != nil, Files: []string{}, SignedBy: f.SignedBy(),
		TBSSHA256: f.TBSSHA256(), Serial: f.Serial, Confirmed: f.ConfirmedBy(), Checks: f.Checks,
	}
	for _, file := range f.Files {
		out.Files = append(out.Files, file.Event.Path)
	}
	if s := f.Summary(); !reflect.DeepEqual(s, event.Summary{}) {
		out.Summary = &s
	}
	for _, l := range f.Linted {
		out.Lint = append(out.Lint, objectLint{l.Stage, l.Clear, l.Engines, l.Counts, l.Findings, l.SHA256})
	}
	return out
}

func newPredicateSignature(s *history.Signature) predicateSignature {
	in := s.Intended.Event
	out := predicateSignature{
		Operation: s.Number, Line: s.Line(), Time: stamp(s.Time()), Step: s.Intended.Step, Artifact: in.Artifact, Purpose: in.Purpose, For: in.For,
		SignedBy: s.SPKI(), TBSSHA256: in.TBSSHA256, Standing: s.Standing, Owner: s.Owner(), Lacks: s.Lacks,
	}
	if s.Artifact != nil {
		out.Attempt = s.Artifact.Attempt
	}
	for _, d := range s.Due {
		due := predicateDue{What: d.What, Of: d.Of, Citation: d.Citation, Since: stamp(d.Since), Met: d.Met}
		if !d.Until.IsZero() {
			due.Until = stamp(d.Until)
		}
		out.Due = append(out.Due, due)
	}
	return out
}

func newSubject(a event.ArtifactWritten) statementSubject {
	s := statementSubject{Name: a.Path}
	s.Digest.SHA256, s.Digest.SHA512 = a.SHA256, a.SHA512
	return s
}

func journalHead(records []event.Record) (predicateJournal, error) {
	t, err := treeOf(records)
	if err != nil {
		return predicateJournal{}, err
	}
	if len(records) == 0 {
		return predicateJournal{}, fmt.Errorf("the journal is empty")
	}
	root, err := t.root(t.size)
	if err != nil {
		return predicateJournal{}, err
	}
	return predicateJournal{
		Size: t.size, Root: root.String(), HeadSHA256: records[len(records)-1].SHA256(),
		SHA256: hexDigest(journalBytes(records)),
	}, nil
}

// journalBytes returns the file that holds the records.
func journalBytes(records []event.Record) []byte {
	var b bytes.Buffer
	for _, r := range records {
		b.Write(r.Line)
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// stamp is how a time is written in everything that is derived.
func stamp(t time.Time) string { return t.UTC().Format(event.TimeForm) }
