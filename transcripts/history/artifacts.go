// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package history

import (
	"cmp"
	"fmt"
	"slices"

	"rootceremony/transcripts/event"
)

// Artifact is one attempt at an artifact, with all that is known of it.
type Artifact struct {
	ID        string
	Attempt   int // from 2; 0 is the first
	Linted    []event.ObjectLinted
	Serial    *event.SerialDrawn
	Replaced  []string // serial numbers that were drawn before it: nothing was signed with them
	Confirmed []event.Record
	Signed    *Operation // the last signature that came of it
	Possible  *Operation // outcome of C_Sign unknown, a signature may exist
	Last      *Operation // of the two, the later one
	Files     []Entry[event.ArtifactWritten]
	Checked   bool // its finished bytes were read back
	Checks    []event.Check
	Settled   *Entry[event.DeviationRecorded] // by which people had its step repeated

	unclear bool   // linting after signing did not clear it
	failed  string // the first check that failed
}

// Name is what pages call an artifact: its id, and which attempt it is.
func (a *Artifact) Name() string {
	if a.Attempt == 0 {
		return a.ID
	}
	return fmt.Sprintf("%s, attempt %d", a.ID, a.Attempt)
}

// Kind is that of its files.
func (a *Artifact) Kind() string {
	if len(a.Files) == 0 {
		return ""
	}
	return a.Files[0].Event.Kind
}

// Summary is that of the first file that has one.
func (a *Artifact) Summary() event.Summary {
	for _, f := range a.Files {
		if f.Event.Summary != nil {
			return *f.Event.Summary
		}
	}
	return event.Summary{}
}

// Withheld says why the artifact is not delivered, or nothing.
func (a *Artifact) Withheld() string {
	for _, f := range a.Files {
		if f.Event.Withheld != "" {
			return f.Event.Withheld
		}
	}
	return ""
}

// File gives the file in an encoding; nil where it was not written.
func (a *Artifact) File(encoding string) *Entry[event.ArtifactWritten] {
	for i := range a.Files {
		if a.Files[i].Event.Encoding == encoding {
			return &a.Files[i]
		}
	}
	return nil
}

// Filed reports whether it has its files, one in each encoding.
func (a *Artifact) Filed() bool {
	return a != nil && a.File(event.EncodingDER) != nil && a.File(event.EncodingPEM) != nil
}

// SignedBy is the SHA-256 of the public key of the last signature that exists or
// may exist.
func (a *Artifact) SignedBy() string {
	if a.Last == nil {
		return ""
	}
	return a.Last.SPKI()
}

// TBSSHA256 is the digest of the bytes of that signature.
func (a *Artifact) TBSSHA256() string {
	if a.Last == nil {
		return ""
	}
	return a.Last.Intended.Event.TBSSHA256
}

// ConfirmedBy names who confirmed its signature, each once.
func (a *Artifact) ConfirmedBy() []string {
	var people []string
	for _, r := range a.Confirmed {
		for _, who := range r.By {
			if !slices.Contains(people, who) {
				people = append(people, who)
			}
		}
	}
	return people
}

// fail keeps the first reason, which is the cause of those after it.
func (a *Artifact) fail(why string) { a.failed = cmp.Or(a.failed, why) }

// Failure says which check after signing failed, or nothing. It stays so
// until the step is repeated: what the same check says later, of other
// neighbours, changes nothing.
func (a *Artifact) Failure() string {
	if a == nil || !a.unclear && a.Withheld() == "" && a.failed == "" {
		return ""
	}
	return cmp.Or(a.failed, "a check after signing failed")
}

// unknownOutcome is what a call lacks that came to no known end.
const unknownOutcome = "outcome of C_Sign unknown, a signature may exist"

// Lacks says what keeps an artifact from being delivered, or nothing.
func (a *Artifact) Lacks() string {
	switch {
	case a == nil || a.Signed == nil && a.Possible == nil:
		return "it was never signed"
	case a.Signed == nil:
		return unknownOutcome
	case a.Failure() != "":
		return "it was signed and is withheld: " + a.Failure()
	case !a.Filed():
		return "it was signed, but its files were never written"
	case !a.Checked:
		return "it was signed, but never checked"
	}
	return ""
}

// Artifact gives the attempt at an artifact that counts; nil where the journal does
// not name it.
func (h *History) Artifact(id string) *Artifact { return h.index.artifacts[id] }

// Signed is the last signature of the attempt at an artifact that counts, or nil.
func (h *History) Signed(artifact string) *Operation {
	if a := h.Artifact(artifact); a != nil {
		return a.Signed
	}
	return nil
}

// Possible is the call of unknown outcome by which a signature for an artifact may
// exist, or nil.
func (h *History) Possible(artifact string) *Operation {
	if a := h.Artifact(artifact); a != nil {
		return a.Possible
	}
	return nil
}

// artifact finds or adds the attempt at an artifact that counts.
func (h *History) artifact(id string) *Artifact {
	a := h.index.artifacts[id]
	if a == nil {
		a = h.attempt(id, 0)
	}
	return a
}

// attempt begins another attempt at an artifact.
func (h *History) attempt(id string, number int) *Artifact {
	a := &Artifact{ID: id, Attempt: number}
	h.index.artifacts[id] = a
	h.Artifacts = append(h.Artifacts, a)
	return a
}

// addObject follows what becomes of artifacts.
func (h *History) addObject(r event.Record) {
	switch e := r.Event.(type) {
	case event.StepRedone:
		h.redo(r, e)
	case event.SerialDrawn:
		a := h.artifact(e.Artifact)
		if a.Serial != nil {
			a.Replaced = append(a.Replaced, a.Serial.Serial)
		}
		a.Serial = &e
		drawn := Entry[event.SerialDrawn]{r, e}
		h.Serials = append(h.Serials, drawn)
		h.index.serials[e.Artifact] = &drawn
	case event.ObjectLinted:
		a := h.artifact(e.Artifact)
		a.Linted = append(a.Linted, e)
		h.Linted = append(h.Linted, Entry[event.ObjectLinted]{r, e})
		if e.Stage == event.StageAfterSigning && !e.Clear {
			a.unclear = true
			a.fail(lintedWhy(e))
		}
	case event.SignatureConfirmed:
		h.confirm(r, e)
	case event.ArtifactWritten:
		a := h.artifact(e.Artifact)
		a.Files = append(a.Files, Entry[event.ArtifactWritten]{r, e})
	case event.ArtifactChecked:
		a := h.artifact(e.Artifact)
		a.Checked, a.Checks = true, append(a.Checks, e.Checks...)
		h.Checked = append(h.Checked, Entry[event.ArtifactChecked]{r, e})
		for _, c := range e.Checks {
			if !c.OK {
				a.fail(fmt.Sprintf("check failed: %s (%s)", c.Name, cmp.Or(c.Details, "no details")))
			}
		}
	}
}

// confirm notes that people confirmed one object, or a table of them.
func (h *History) confirm(r event.Record, e event.SignatureConfirmed) {
	h.Confirmations = append(h.Confirmations, Entry[event.SignatureConfirmed]{r, e})
	rows := e.Table
	if e.Artifact != "" {
		rows = append([]event.Confirmed{{Artifact: e.Artifact, TBSSHA256: e.TBSSHA256}}, rows...)
	}
	for _, row := range rows {
		a := h.artifact(row.Artifact)
		a.Confirmed = append(a.Confirmed, r)
		h.index.confirmed[row] = &r
	}
}

// redo begins another attempt: what the earlier one left is listed by itself, and the
// deviation before answers for it.
func (h *History) redo(r event.Record, e event.StepRedone) {
	settled := h.lastDeviation()
	for _, spki := range e.Keys {
		if k := h.index.keys[spki]; k != nil {
			k.Parked, k.Settled = e.Earlier == event.EarlierParked, settled
			if k.Parked {
				k.ParkedIn = r.Seq
			}
		}
	}
	if e.Artifact != "" {
		h.artifact(e.Artifact).Settled = settled
		h.attempt(e.Artifact, e.Attempt)
	}
}

// lintedWhy names the first finding by which an object was not clear.
func lintedWhy(e event.ObjectLinted) string {
	for _, f := range e.Findings {
		if f.Waived == nil && f.Status != event.StatusNotice {
			return fmt.Sprintf("%s: %s: %s", f.Status, f.Rule, cmp.Or(f.Text(), f.Citation))
		}
	}
	return "" // a check that is no rule failed: the event after it says which
}
