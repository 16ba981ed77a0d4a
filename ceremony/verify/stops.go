// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"fmt"
	"slices"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// lastStep gives the step whose attempt began last, and that attempt.
func (w *stepChecker) lastStep() (*plan.Step, *history.Step) {
	if n := len(w.before.Steps); n > 0 {
		s := w.before.Steps[n-1]
		return w.plan().Step(s.Step), s
	}
	return nil, nil
}

// beginsSection checks that a section begins with a checkpoint, and each but the first
// with a head that was read aloud since the step before it.
func (w *stepChecker) beginsSection(r event.Record) {
	steps := w.plan().Steps
	at := slices.IndexFunc(steps, func(st plan.Step) bool { return st.ID == r.Step })
	if at < 1 || steps[at-1].Kind != plan.StepSection {
		return
	}
	since := 0
	if _, last := w.lastStep(); last != nil && last.Step != r.Step {
		since = last.Seq
	}
	sealed := slices.ContainsFunc(w.before.Checkpoints, func(c history.Entry[event.CheckpointSealed]) bool { return c.Seq > since })
	read := slices.ContainsFunc(w.before.Digests, func(d history.Entry[event.DigestRead]) bool {
		return d.Seq > since && d.Event.What == event.WhatHead
	})
	if !sealed || at > 1 && !read {
		w.v.problem(line(r.Seq), "the section before step %s began without a head that was read aloud and sealed", r.Step)
	}
}

// paused checks that nothing goes on in the session in which a planned pause was done. A
// rehearsal does not wait.
func (w *stepChecker) paused(r event.Record) {
	if w.v.Mode == event.Rehearsal {
		return
	}
	st, last := w.lastStep()
	if st != nil && st.Kind == plan.StepPause && w.before.DoneAt(st.ID) > 0 && last.Session == r.Session {
		w.v.problem(line(r.Seq), "step %s began in the session that the pause of step %s ended", r.Step, st.ID)
	}
}

// stopped checks that a pause that the plan has is recorded as one, and as the one that
// it has.
func (w *stepChecker) stopped(r event.Record, e event.CeremonyStopped) {
	st, last := w.lastStep()
	planned := st != nil && st.Kind == plan.StepPause && w.before.DoneAt(st.ID) > 0 && last.Session == r.Session
	if planned && (!e.Pause || e.Reason != st.Title) {
		w.v.problem(line(r.Seq), "step %s is the pause %q, and the session was stopped for another reason", st.ID, st.Title)
	}
}

// decided checks that those who decided what to do about a deviation answer for it.
func (w *stepChecker) decided(r event.Record, e event.DeviationRecorded) {
	if !slices.Equal(e.DecidedBy, r.By) && len(e.DecidedBy)+len(r.By) > 0 {
		w.v.problem(line(r.Seq), "%q decided about the deviation, and %q answer for it", e.DecidedBy, r.By)
	}
}

// excepted checks that a deviation is an exception to something that plan and site file
// demand. What the record alone shows is for its grammar.
func (w *stepChecker) excepted(r event.Record, e event.DeviationRecorded) {
	switch e.Exception {
	case event.ExceptionExtended:
		w.needDualControl(r, "extended the window")
		if win := w.plan().Ceremony.Window; win.Extend.IsZero() || !r.Time.After(win.To) || w.before.Extended() {
			w.v.problem(line(r.Seq), "the window is extended, which is %s: it has not ended, was extended before, or the plan lets nobody extend it", win)
		}
	case event.ExceptionChosen:
		w.needDualControl(r, "chose the key")
		k := plan.Find(w.plan().Keys, func(k *plan.Key) bool { return k.SPKISHA256 == e.Chosen.SPKISHA256 })
		if want := (event.Key{Label: e.Chosen.Label, ID: e.Chosen.ID, Facts: e.Chosen.Facts, SPKISHA256: e.Chosen.SPKISHA256}); k == nil || k.Source != plan.KeyExisting || differ(*e.Chosen, want) {
			w.v.problem(line(r.Seq), "a key was chosen that is not one of the plan that exists, or more is said of it than its name")
		}
	case event.ExceptionAbandoned:
		w.needDualControl(r, "ended the ceremony for good")
	case event.ExceptionMedium:
		if site := w.v.sites.At(r.Seq); !w.v.unread && (site == nil || site.JournalMirror == "") {
			w.v.problem(line(r.Seq), "a second medium fails, and the site file names none")
		}
	}
}

// redone checks that a step that is repeated names the keys that its earlier attempt made,
// as of the deviation after which they may have been destroyed.
func (w *stepChecker) redone(r event.Record, e event.StepRedone) {
	st, decided := w.plan().Step(e.Step), w.before.Deviations
	if st == nil || len(decided) == 0 {
		return // said by the grammar, or when the step begins
	}
	var want []string
	if st.Kind == plan.StepGenerate {
		left := NewReplay(w.plan(), history.Of(w.before.Records[:decided[len(decided)-1].Seq])).Keys
		for _, id := range st.Keys {
			if k, is := left[id]; is {
				want = append(want, k.SPKISHA256)
			}
		}
	}
	if !slices.Equal(e.Keys, want) || (len(want) == 0) != (e.Earlier == event.EarlierVoid) {
		w.v.problem(line(r.Seq), "the earlier attempt at step %s left %s, and the record says of %d that they are %s", e.Step, event.Count(len(want), "key"), len(e.Keys), e.Earlier)
	}
}

// recovered checks what a session says of the line that the one before did not finish.
func (w *stepChecker) recovered(r event.Record, e event.JournalRecovered) {
	want := ""
	if e.TornBytes != 0 {
		want = fmt.Sprintf("evidence/journal-torn-after-%06d", e.Lines)
	}
	w.torn, w.tornIn = e.TornFile, r.Session
	if e.TornFile != want || want != "" && !w.keepsTorn(r, e) {
		w.v.problem(line(r.Seq), "an incomplete line of %d bytes, and the file that keeps it is %q", e.TornBytes, e.TornFile)
	}
}

// keepsTorn reports whether the record has the file with an incomplete line: in the session
// that found it or, where a crash came before the next line, among the files of nobody
// of a later one.
func (w *stepChecker) keepsTorn(r event.Record, e event.JournalRecovered) bool {
	cut := r.Seq == len(w.v.Records) || w.v.Records[r.Seq].Session != r.Session
	return cut && w.v.History.Closed == nil || slices.ContainsFunc(w.v.History.Written(), func(f history.Entry[event.FileWritten]) bool {
		if f.Event.Size != e.TornBytes {
			return false
		}
		return f.Event.Path == e.TornFile && f.Event.Kind == event.KindTornLine && f.Session == r.Session ||
			cut && f.Event.From == e.TornFile && f.Session > r.Session
	})
}

// loaded checks that a file is read once, and is in the bundle.
func (w *stepChecker) loaded(r event.Record, e event.FileLoaded) {
	if e.External {
		w.v.problem(line(r.Seq), "%s is in the bundle, and the line says that it is not", e.Path)
	}
	if slices.ContainsFunc(w.before.Loaded(), func(f history.Entry[event.FileLoaded]) bool { return f.Event.Path == e.Path }) {
		w.v.problem(line(r.Seq), "%s was read before", e.Path)
	}
}
