// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"rootceremony/transcripts/event"
)

// StepView is one step of the ceremony, or what happened between two.
type StepView struct {
	ID, Title, Kind, Time, Outcome string
	Rows                           []EventView
}

// EventView is one event in words.
type EventView struct {
	Seq                   int
	Time, Text, Value, By string
	How                   event.How
	Alarm                 bool // a failure, a refusal or a deviation
}

// timeline tells the whole journal, step by step.
func timeline(records []event.Record) []StepView {
	var steps []StepView
	current := ""
	for _, r := range records {
		if e, ok := r.Event.(event.StepStarted); ok {
			steps = append(steps, StepView{ID: r.Step, Title: e.Title, Kind: e.Kind, Time: clock(r.Time)})
			current = r.Step
			continue
		}
		if len(steps) == 0 || r.Step != current {
			steps = append(steps, StepView{Time: clock(r.Time)})
			current = r.Step
		}
		step := &steps[len(steps)-1]
		if e, ok := r.Event.(event.StepFinished); ok {
			step.Outcome = e.Outcome
			current = ""
		}
		step.Rows = append(step.Rows, eventView(r))
	}
	return steps
}

func eventView(r event.Record) EventView {
	v := EventView{Seq: r.Seq, Time: clock(r.Time), By: strings.Join(r.By, ", "), How: r.How}
	v.Text, v.Value = sentence(r.Event)
	switch e := r.Event.(type) {
	case event.OperationFailed, event.PINRefused, event.ConfirmationRefused, event.DeviationRecorded, event.JournalRecovered, event.PlanAmended, event.StepRedone:
		v.Alarm = true
	case event.CeremonyStopped:
		v.Alarm = !e.Pause
	case event.TokenClosed:
		v.Alarm = e.Error != ""
	case event.ObjectLinted:
		v.Alarm = !e.Clear
	case event.ArtifactWritten:
		v.Alarm = e.Withheld != ""
	case event.ArtifactChecked:
		v.Alarm = slices.ContainsFunc(e.Checks, func(c event.Check) bool { return !c.OK })
	case event.StepFinished:
		v.Alarm = e.Outcome != event.StepDone
	case event.PreflightChecked:
		v.Alarm = e.Result == "fail"
	}
	return v
}

// sentence tells an event in words, with the digest or value that belongs to
// it.
func sentence(e event.Event) (text, value string) {
	for _, tell := range []func(event.Event) (string, string){tellRoom, tellFiles, tellToken, tellOperation, tellObject} {
		if text, value = tell(e); text != "" {
			return text, value
		}
	}
	return e.Type(), ""
}

func tellRoom(e event.Event) (text, value string) {
	switch e := e.(type) {
	case event.CeremonyOpened:
		return fmt.Sprintf("The ceremony was opened as a %s, for the plan with SHA-256", e.Mode), e.PlanSHA256
	case event.CeremonyStopped:
		if e.Pause {
			return "The ceremony was put off: " + e.Reason, ""
		}
		return "The ceremony was stopped: " + e.Reason, ""
	case event.CeremonyClosed:
		return fmt.Sprintf("The ceremony was closed: %s", e.Outcome), ""
	case event.SessionStarted:
		return fmt.Sprintf("Session %d began, with the seal key", e.Session), e.SealKey
	case event.SessionEnded:
		return "The session ended; its last checkpoint seals everything up to here", ""
	case event.PlanApproval:
		return approvalText(e), ""
	case event.PlanAmended:
		return fmt.Sprintf("Amendment %d: from here on the plan in %s holds. %s", e.Number, event.AmendmentFolder(e.Number), strings.Join(e.Difference, "; ")), e.PlanSHA256
	case event.JournalRecovered:
		return fmt.Sprintf("Work went on after an interruption at event %d; %d bytes of a torn line were kept", e.Lines, e.TornBytes), ""
	case event.PreflightChecked:
		return strings.TrimSpace(fmt.Sprintf("Check of the host %q (%s): %s. %s", e.ID, e.Level, e.Result, e.Observed)), ""
	case event.ClockAttested:
		return fmt.Sprintf("The clock was set to room time %s; the host said %s", e.Room, e.Host), ""
	case event.ParticipantArrived:
		return fmt.Sprintf("%s arrived, as %s", e.Person, e.Role), ""
	case event.ParticipantLeft:
		return e.Person + " left", ""
	case event.StepRecorded:
		return "Written down: " + fieldList(e.Fields), ""
	case event.StepFinished:
		return "The step is " + e.Outcome, ""
	case event.StepRedone:
		return fmt.Sprintf("Step %s is done again, attempt %d; the earlier attempt is %s%s", e.Step, e.Attempt, e.Earlier, redone(e)), ""
	case event.DeviationRecorded:
		return fmt.Sprintf("Deviation. Expected: %s. Happened: %s. Decided by %s: %s", e.Expected, e.Happened,
			strings.Join(e.DecidedBy, ", "), e.Decision), ""
	case event.NoteAdded:
		return "Note: " + e.Text, ""
	}
	return "", ""
}

// approvalText names who approved which files.
func approvalText(e event.PlanApproval) string {
	text := "Approval of the plan: " + e.Class
	for _, f := range approvedFiles(e) {
		text += fmt.Sprintf("; %s by %s", f.File, f.By)
	}
	return strings.Join(append([]string{text}, e.Notices...), "; ")
}

// redone names what the earlier attempt of a step left.
func redone(e event.StepRedone) string {
	s := ""
	if e.Artifact != "" {
		s = ": " + e.Artifact + " is issued and withheld"
	}
	if len(e.Keys) > 0 {
		s = ": " + strings.Join(e.Keys, ", ")
	}
	return s
}

func fieldList(fields map[string]string) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		list = append(list, name+" = "+fields[name])
	}
	return strings.Join(list, "; ")
}

// spoken names what a digest is of.
func spoken(e event.DigestRead) string {
	if e.What == event.WhatArtifact {
		return e.Artifact
	}
	return "the " + strings.ReplaceAll(e.What, "-", " ")
}

func tellFiles(e event.Event) (text, value string) {
	switch e := e.(type) {
	case event.DigestRead:
		text = fmt.Sprintf("The digest of %s was read aloud and ", spoken(e))
		if e.What == event.WhatHead {
			text = fmt.Sprintf("The head over %d events was read aloud and ", e.Size)
		}
		text += map[bool]string{true: "compared with paper", false: "written down"}[e.Compared]
		if e.Words != "" {
			text += ": " + e.Words
		}
		return text, e.SHA256
	case event.FileLoaded:
		return fmt.Sprintf("Read %s (%s)", e.Path, e.Kind), e.SHA256
	case event.FileWritten:
		return fmt.Sprintf("Wrote %s (%s)", e.Path, e.Kind), e.SHA256
	case event.CheckpointSealed:
		return fmt.Sprintf("The first %d lines were sealed, with the root", e.Size), e.Root
	case event.ArtifactWritten:
		if e.Withheld != "" {
			return fmt.Sprintf("Withheld %s: %s. Wrote %s", e.Artifact, e.Withheld, e.Path), e.SHA256
		}
		return fmt.Sprintf("Wrote %s (%s, %s)", e.Path, e.Kind, e.Encoding), e.SHA256
	}
	return "", ""
}

func tellToken(e event.Event) (text, value string) {
	switch e := e.(type) {
	case event.TokenOpened:
		what := "a device"
		if e.Software {
			what = "a software token"
		}
		return fmt.Sprintf("Opened token %s, %s: label %s, serial %s, model %s", e.Token, what, e.Label, e.Serial, e.Model), ""
	case event.PINRefused:
		return fmt.Sprintf("The PIN of token %s was not accepted: %s%s", e.Token, e.Outcome, enteredBy(e)), ""
	case event.TokenCensus:
		return fmt.Sprintf("Counted the objects on token %s (%s): %d", e.Token, e.When, len(e.Objects)), ""
	case event.TokenRestarted:
		return fmt.Sprintf("A fresh process took over token %s", e.Token), ""
	case event.TokenClosed:
		if e.Error != "" {
			return fmt.Sprintf("The process that held token %s has ended, but not in order: %s", e.Token, e.Error), ""
		}
		return "Closed token " + e.Token, ""
	case event.ModuleOutput:
		return fmt.Sprintf("The module of %s said: %s", e.Token, e.Line), ""
	}
	return "", ""
}

func enteredBy(e event.PINRefused) string {
	if e.Person == "" {
		return ""
	}
	return ". It was entered by " + e.Person
}

func tellOperation(e event.Event) (text, value string) {
	switch e := e.(type) {
	case event.OperationIntended:
		return fmt.Sprintf("Operation %d: to %s on token %s%s", e.Operation, e.What, e.Token, aim(e)), e.TBSSHA256
	case event.OperationFinished:
		text = fmt.Sprintf("Operation %d: done in %d ms", e.Operation, e.DurationMS)
		switch {
		case e.Key != nil:
			return text + "; the public key has SHA-256", e.Key.SPKISHA256
		case e.Signature != "":
			return text + "; signed", ""
		}
		return text, ""
	case event.OperationFailed:
		return fmt.Sprintf("Operation %d failed: %s. Its effect: %s", e.Operation, e.Error, e.Effect), ""
	case event.KeyProved:
		return fmt.Sprintf("Key %s was proved by a %s", e.Key, e.How), e.SPKISHA256
	case event.SerialDrawn:
		return fmt.Sprintf("Serial number of %s, with %d random bits from %s", e.Artifact, e.RandomBits, e.Source), e.Serial
	}
	return "", ""
}

// aim says what an operation is for.
func aim(e event.OperationIntended) string {
	var s string
	if e.Key != nil && e.Key.Label != "" {
		s += " with key " + e.Key.Label
	}
	if e.Artifact != "" {
		s += " for " + e.Artifact
	}
	if purpose := e.PurposeText(); purpose != "" {
		s += " as " + purpose
	}
	if e.TBSSHA256 != "" {
		s += ", over bytes with SHA-256"
	}
	return s
}

func tellObject(e event.Event) (text, value string) {
	switch e := e.(type) {
	case event.ObjectLinted:
		verdict := "cleared"
		if !e.Clear {
			verdict = "not cleared"
		}
		return fmt.Sprintf("Linted %s (%s): %s, %d findings", e.Artifact, e.Stage, verdict, len(e.Findings)), ""
	case event.SignatureConfirmed:
		digits := strings.Join(e.Digits, " ")
		if e.TBSSHA256 != "" {
			return fmt.Sprintf("Signature of %s confirmed by typing %s", e.Artifact, digits), e.TBSSHA256
		}
		return fmt.Sprintf("Signatures of %d objects confirmed by typing %s of the table", len(e.Table), digits), TableSHA256(e.Table)
	case event.ConfirmationRefused:
		return fmt.Sprintf("Signature of %s not confirmed: %s", e.Artifact, e.Reason), e.TBSSHA256
	case event.ArtifactChecked:
		met := 0
		for _, c := range e.Checks {
			if c.OK {
				met++
			}
		}
		return fmt.Sprintf("Read %s back and compared it with the plan: %d of %d checks held", e.Artifact, met, len(e.Checks)), ""
	}
	return "", ""
}
