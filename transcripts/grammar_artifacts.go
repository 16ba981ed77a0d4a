// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"
	"slices"

	"rootceremony/transcripts/event"
)

// artifactState is how far an artifact has come.
type artifactState struct {
	cleared   *event.ObjectLinted // the last result before signing
	confirmed map[string]int      // by TBS digest: the session in which its signature was
	step      string              // that signed it
	signed    int
	until     int // deviations when it was last signed
	written   bool
	encodings map[string]bool // of its files
	last      *signatureState // nil where it was not signed
	settled   bool            // people decided what follows, and its step is repeated
	withheld  bool
	checked   bool
	after     int    // session of the last result after its signature
	linted    bool   // after its signature, and not checked since
	passed    bool   // that result was clear
	failed    string // a check that was not met
	possible  string // SHA-256 of bytes for which the outcome of C_Sign is unknown
}

func (g *grammar) artifact(id string) *artifactState {
	s := g.artifacts[id]
	if s == nil {
		s = newArtifactState()
		g.artifacts[id] = s
		g.order = append(g.order, id)
	}
	return s
}

func newArtifactState() *artifactState {
	return &artifactState{confirmed: map[string]int{}, encodings: map[string]bool{}}
}

func (g *grammar) objectEvent(r *event.Record) {
	switch e := r.Event.(type) {
	case event.ObjectLinted:
		if g.paths[e.File] {
			g.bad(r, "%s was already written", e.File)
		}
		g.paths[e.File] = e.File != ""
		s := g.artifact(e.Artifact)
		s.linted, s.passed = e.Stage == event.StageAfterSigning, e.Clear
		switch {
		case e.Stage == event.StageBeforeSigning:
			s.cleared = &e
		case e.Stage == event.StageAfterSigning:
			g.lintedAfter(r, e, s)
		}
	case event.SignatureConfirmed:
		g.confirm(r, e)
	case event.ArtifactWritten:
		g.write(r, e)
	case event.ArtifactChecked:
		s := g.artifact(e.Artifact)
		if !s.linted {
			g.bad(r, "%s was not linted after its signature since it was last checked", e.Artifact)
		}
		if met := !slices.ContainsFunc(e.Checks, func(c event.Check) bool { return !c.OK }); s.linted && met != s.passed {
			g.bad(r, "all checks of %s were met: %t, but its lint result was clear: %t", e.Artifact, met, s.passed)
		}
		s.checked, s.linted = true, false
		for _, c := range e.Checks {
			if !c.OK {
				s.failed = c.Name
			}
		}
	}
}

// lintedAfter is about a result after a signature: each session that finds one without its
// files lints it once.
func (g *grammar) lintedAfter(r *event.Record, e event.ObjectLinted, s *artifactState) {
	if s.signed == 0 || s.step != r.Step {
		g.bad(r, "%s was not signed in this step", e.Artifact)
	}
	if s.after == r.Session {
		g.bad(r, "%s was linted after its signature already in this session", e.Artifact)
	}
	s.after = r.Session
	if !e.Clear {
		s.failed = "lint after signing"
	}
}

// confirm checks that each person typed the next four digits of the digest.
func (g *grammar) confirm(r *event.Record, e event.SignatureConfirmed) {
	digest := e.TBSSHA256
	if len(e.Table) > 0 {
		digest = event.TableSHA256(e.Table)
	}
	if distinct(r.By) < 2 || len(e.Digits) != len(r.By) {
		g.bad(r, "at least two people must confirm, each with digits")
	}
	for i, typed := range e.Digits {
		if 4*i+4 > len(digest) || typed != digest[4*i:4*i+4] {
			g.bad(r, "digits %q are not those of the digest", typed)
		}
	}
	if e.TBSSHA256 != "" {
		g.confirmOne(r, e.Artifact, e.TBSSHA256)
	}
	for _, row := range e.Table {
		g.confirmOne(r, row.Artifact, row.TBSSHA256)
	}
}

// confirmOne notes that people confirmed a signature; once in a session, before it is
// made. After an interruption they confirm it again.
func (g *grammar) confirmOne(r *event.Record, artifact, tbs string) {
	s := g.artifact(artifact)
	if session, was := s.confirmed[tbs]; was && session == r.Session {
		g.bad(r, "the signature of %s over these bytes was confirmed already", artifact)
	}
	s.confirmed[tbs] = r.Session
}

// allowed checks that a signature for an artifact may be intended.
func (g *grammar) allowed(r *event.Record, e event.OperationIntended) {
	s := g.artifact(e.Artifact)
	switch {
	case s.cleared == nil:
		g.bad(r, "%s was not linted before signing", e.Artifact)
	case !s.cleared.Clear:
		g.bad(r, "lint does not allow %s", e.Artifact)
	case e.LintSHA256 != s.cleared.SHA256:
		g.bad(r, "lint_sha256 is not the digest of the last result for %s", e.Artifact)
	}
	if _, confirmed := s.confirmed[e.TBSSHA256]; !confirmed {
		g.bad(r, "the signature of %s over these bytes was not confirmed", e.Artifact)
	}
	if s.possible != "" && s.possible != e.TBSSHA256 {
		g.bad(r, "the outcome of C_Sign over other bytes is unknown, a signature of %s may exist, and the step was not repeated with redo", e.Artifact)
	}
	if s.signed > 0 && s.until == g.deviations {
		g.bad(r, "%s was already signed, and no deviation says why it is signed again", e.Artifact)
	}
}

func (g *grammar) write(r *event.Record, e event.ArtifactWritten) {
	s := g.artifact(e.Artifact)
	if s.signed == 0 {
		g.bad(r, "%s was not signed", e.Artifact)
	}
	if g.paths[e.Path] {
		g.bad(r, "%s was already written", e.Path)
	}
	g.paths[e.Path] = true
	s.written, s.encodings[e.Encoding] = true, true
	if e.Summary != nil {
		g.certified[e.Summary.SPKISHA256] = true
	}
	s.withheld = s.withheld || e.Withheld != ""
}

// lacks says what keeps an artifact from being delivered, or nothing.
func (s *artifactState) lacks() string {
	switch {
	case s.signed > 0 && !s.written:
		return "was signed but never written"
	case !s.written:
		return "" // not begun, or confirmed and not signed: the plan knows whether it is missing
	case s.withheld:
		return "is withheld"
	case s.failed != "":
		return fmt.Sprintf("failed the check %q, but is not withheld", s.failed)
	case s.signed > 0 && !s.checked:
		return "was delivered without being checked"
	}
	return ""
}

// deliveredIn checks that a step which is done has delivered what it signed.
func (g *grammar) deliveredIn(r *event.Record) {
	for _, id := range g.order {
		s := g.artifacts[id]
		if lacks := s.lacks(); s.step == r.Step && lacks != "" {
			g.bad(r, "step %s is done, but %s %s", r.Step, id, lacks)
		}
	}
}
