// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/lint"
)

// This is the one place that lints artifacts. Planning lints specimens with
// [Builder.Clear]; the room does the same with real keys, and lints what came of
// it with [Builder.Issued]; resume, redo and amend go through the room, and verify
// lints what the record gives with Issued. All of them see an artifact beside the
// same neighbours, as [Builder.context] gathers them, so that what the plan
// accepts the room can finish and verify confirms.

// ToBeSigned is an artifact as it is to be signed at a moment.
type ToBeSigned struct {
	Artifact *Artifact
	Signing  time.Time
	Bytes    []byte
	declared lint.Object
}

// ToBeSigned builds an artifact as of a moment of signing.
func (w *Builder) ToBeSigned(a *Artifact, signing time.Time) (*ToBeSigned, error) {
	tbs, declared, err := w.tbs(a, signing)
	if err != nil {
		return nil, err
	}
	return &ToBeSigned{Artifact: a, Signing: signing, Bytes: tbs, declared: declared}, nil
}

// Clear lints an artifact before its signature. The clearance to sign it is nil
// where a finding blocks. All that is checked after the signature is
// checked here, but for what needs the signature itself; such findings are
// [lint.AbsentUntilSigned].
func (w *Builder) Clear(s *ToBeSigned) (*lint.Clearance, lint.Report, error) {
	linter, err := w.Linter()
	if err != nil {
		return nil, lint.Report{}, err
	}
	clearance, report := linter.Clear(s.declared, w.context(s.Artifact, s.Signing), s.Bytes)
	return clearance, report, nil
}

// Issued puts its signature to an artifact and lints it. The object is not taken
// in: [Builder.Add] does that.
func (w *Builder) Issued(s *ToBeSigned, signature []byte) (*Object, lint.Report, error) {
	linter, err := w.Linter()
	if err != nil {
		return nil, lint.Report{}, err
	}
	o := &Object{TBS: s.Bytes, Signing: s.Signing}
	if o.DER, err = w.Assemble(s.Artifact, s.Bytes, signature); err != nil {
		return nil, lint.Report{}, err
	}
	return o, linter.Issued(s.declared, w.context(s.Artifact, s.Signing), o.DER, s.Bytes), nil
}

// Specimen takes an artifact in with a static signature: others are linted beside
// it before it is signed.
func (w *Builder) Specimen(s *ToBeSigned) error {
	der, err := w.unsigned(s)
	if err != nil {
		return err
	}
	return w.Add(s.Artifact, &Object{DER: der, TBS: s.Bytes, Signing: s.Signing, Specimen: true})
}

// unsigned gives an artifact with a static signature in the place of its own.
func (w *Builder) unsigned(s *ToBeSigned) ([]byte, error) {
	signer, err := w.spki(s.Artifact.IssuerKey)
	if err != nil {
		return nil, err
	}
	signature, err := algorithm.SpecimenSignature(signer)
	if err != nil {
		return nil, err
	}
	return w.Assemble(s.Artifact, s.Bytes, signature)
}

// proofSpecimen lints what a key signs to show that it works, as the room will, and
// puts a static signature to it.
func (w *Builder) proofSpecimen(k *Key, signing time.Time) (lint.Report, error) {
	s, err := w.ToBeSigned(ProofArtifact(w.Plan.Ceremony.ID, k), signing)
	if err != nil {
		return lint.Report{}, err
	}
	_, report, err := w.Clear(s)
	if err != nil {
		return lint.Report{}, err
	}
	return report, w.Specimen(s)
}

// Linter gives the linter of the plan, which knows what people accept.
func (l *Loaded) Linter() (*lint.Linter, error) {
	l.linting.Do(func() {
		l.linter, l.linterErr = lint.New(lint.Options{KeyLints: true, Waivers: l.lintWaivers()})
	})
	if l.linterErr != nil {
		return nil, fmt.Errorf("making the linter: %w", l.linterErr)
	}
	return l.linter, nil
}

// beside gives what an artifact is linted beside: all that is signed, and the
// specimens of earlier steps. Those of later steps, which a table of objects that
// are confirmed together has as well, are not there yet when it is signed.
func (w *Builder) beside(a *Artifact) []neighbour {
	var out []neighbour
	earlier := true
	for i := range w.Plan.Artifacts {
		other := &w.Plan.Artifacts[i]
		if other.ID == a.ID {
			earlier = false
			continue
		}
		if o := w.Made[other.ID]; o != nil && (earlier || !o.Specimen) {
			out = append(out, neighbour{other, o})
		}
	}
	return out
}

// neighbour is another artifact of the plan.
type neighbour struct {
	*Artifact
	made *Object
}
