// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/artifact"
	"rootceremony/transcripts/event"
)

// storeSigned takes a signature that is recorded already: it assembles the object,
// has it checked, and writes it, to artifacts/ or, if a check failed, to
// withheld/. It exists then and must be listed, but is never delivered.
func (sg *signing) storeSigned(s *plan.ToBeSigned, signature []byte) error {
	a := s.Artifact
	o, report, err := sg.state.Issued(s, signature)
	if err != nil {
		return err
	}
	blocking := report.Blocking()
	parseErr := sg.state.Add(a, o)
	if sg.o.AfterSigning != nil {
		parseErr = errors.Join(parseErr, sg.o.AfterSigning(a.ID))
	}
	withheld := ""
	if len(blocking) > 0 || parseErr != nil {
		withheld = withheldWhy
	}
	if _, err := sg.linted(report, event.StageAfterSigning, withheld == ""); err != nil {
		return err
	}
	if err := sg.note(verify.CheckedEvent(a.ID, report, parseErr), event.Observed); err != nil {
		return err
	}
	if err := sg.keep(a, o, withheld); err != nil {
		return err
	}
	switch {
	case parseErr != nil:
		return sg.isWithheld(a, parseErr)
	case withheld != "":
		return sg.isWithheld(a, plan.Blocked("it", &report))
	}
	sg.say("      %s is signed and checked; its SHA-256:\n%s", a.ID, plan.Groups(artifact.Sum(o.DER).SHA256Hex()))
	return nil
}

// withheldWhy is what the record says of every file that is not delivered; the
// events before say which check it was.
const withheldWhy = "a check after signing failed"

// isWithheld is the error of a step whose artifact did not meet a check.
func (sg *signing) isWithheld(a *plan.Artifact, found error) error {
	return &withheldError{Artifact: a.ID, Step: sg.state.Plan.SigningStep(a.ID).ID, Err: found}
}

// keep writes what was checked to its place and seals the record.
func (sg *signing) keep(a *plan.Artifact, o *plan.Object, withheld string) error {
	e := event.ArtifactWritten{Artifact: a.ID, Kind: plan.ArtifactKind(a.Kind()), Withheld: withheld, Summary: sg.state.Summary(a, o)}
	if err := sg.journal.WriteArtifact(e, o.DER, sg.step); err != nil {
		return err
	}
	_, err := sg.journal.Seal()
	return err
}

// finish takes a signature that an earlier session recorded to its file,
// without a second signature. Where that session had checked it already and found
// a check not met, it is withheld, whatever the check would say now.
func (sg *signing) finish(a *plan.Artifact, done event.OperationFinished) error {
	in := sg.state.replay.Signed(a.ID).Intended.Event
	signing, err := time.Parse(time.RFC3339, in.Moment)
	if err != nil {
		return fmt.Errorf("reading the moment of signing: %w", err)
	}
	failed := sg.state.replay.Artifact(a.ID).Failure()
	if failed != "" && sg.state.replay.Artifact(a.ID).Filed() {
		return sg.isWithheld(a, errors.New(failed))
	}
	sg.say("%4s  %s was signed before the interruption; its files are written now", sg.step, a.ID)
	s, err := sg.state.ToBeSigned(a, signing)
	if err != nil {
		return err
	}
	signature, err := base64.StdEncoding.DecodeString(done.Signature)
	if err != nil {
		return fmt.Errorf("reading the recorded signature: %w", err)
	}
	if failed == "" {
		return sg.storeSigned(s, signature)
	}
	o, _, err := sg.state.Issued(s, signature) // what it says today changes nothing
	if err != nil {
		return err
	}
	if err := sg.state.Add(a, o); err != nil {
		failed += "; " + err.Error()
	}
	if err := sg.keep(a, o, withheldWhy); err != nil {
		return err
	}
	return sg.isWithheld(a, errors.New(failed))
}
