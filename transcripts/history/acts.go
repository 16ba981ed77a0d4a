// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package history

import (
	"slices"

	"rootceremony/transcripts/event"
)

// Uncovered gives the acts among the lines that a head over the first of them does not
// cover. What that head itself is about is no act.
func Uncovered(records []event.Record, head int) (acts []event.Record) {
	for _, r := range records[min(head, len(records)):] {
		if IsAct(r.Event) {
			acts = append(acts, r)
		}
	}
	return acts
}

// Unsettled reports whether the session that a head ends in had, by then, not compared what
// was done before it with paper, nor had two people confirm that: its head vouches for no
// more than the disk does.
func Unsettled(records []event.Record, head int) bool {
	if head < 1 || head > len(records) {
		return false
	}
	session := records[head-1].Session
	from := slices.IndexFunc(records, func(r event.Record) bool { return r.Session == session })
	before := records[:from]
	settled := slices.ContainsFunc(records[from:head], func(r event.Record) bool {
		switch e := r.Event.(type) {
		case event.DigestRead:
			return e.What == event.WhatHead && e.Compared && len(Uncovered(before, e.Size)) == 0
		case event.DeviationRecorded:
			return e.Exception == event.ExceptionNotOnPaper
		}
		return false
	})
	return !settled && len(Uncovered(before, 0)) > 0
}

// IsAct reports whether a line says what was done or decided in the room: what would be
// lost if somebody cut it off the record.
func IsAct(e event.Event) bool {
	switch e := e.(type) {
	case event.OperationFinished: // people decide about a call without an outcome anyway
		return e.What == event.WhatGenerate || e.What == event.WhatSign || e.What == event.WhatDestroy
	case event.StepFinished:
		return e.Outcome == event.StepDone
	case event.StepRecorded, event.StepRedone, event.PlanAmended, event.SiteChanged, event.KeyProved, event.ArtifactWritten, event.DeviationRecorded, event.NoteAdded:
		return true
	}
	return false
}

// Made is what a line says was made.
type Made struct {
	What, SHA256 string     // a key or an artifact, and the digest of it
	Signed       *Operation // that made a signature, which belongs to an artifact or is a proof
}

// Made gives what a line says was made, if anything. The PEM of an artifact follows from
// its DER.
func (h *History) Made(r event.Record) (m Made, ok bool) {
	switch e := r.Event.(type) {
	case event.ArtifactWritten:
		return Made{What: e.Artifact, SHA256: e.SHA256}, e.Encoding == event.EncodingDER
	case event.OperationFinished:
		if e.Key != nil {
			return Made{What: "public key " + e.Key.Label, SHA256: e.Key.SPKISHA256}, true
		}
		m.Signed = h.Operation(e.Operation)
		return m, e.Signature != "" && m.Signed != nil
	}
	return m, false
}
