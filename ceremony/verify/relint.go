// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/lint"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// LintedEvent is what the record says of a lint result, but for the file that has all of it.
func LintedEvent(l *plan.Loaded, report lint.Report, stage string, clear bool) event.ObjectLinted {
	e := ToldToLint(l, report.Artifact)
	e.Artifact, e.Stage, e.Clear, e.Engines, e.Counts = report.Artifact, stage, clear, report.Versions, map[string]int{}
	for engine, c := range report.Ran {
		e.Counts[engine] = c.Evaluated
	}
	for _, f := range report.Findings {
		if (f.Status != lint.NotChecked || f.Required) && !f.SetAside() {
			e.Findings = append(e.Findings, eventFinding(l, f))
		}
	}
	return e
}

func eventFinding(l *plan.Loaded, f lint.Finding) event.Finding {
	out := event.Finding{Rule: f.Rule, Status: string(f.Status), Details: f.Details, Citation: f.Citation, Field: f.Field.String()}
	for _, n := range f.Lacks {
		out.Lacks = append(out.Lacks, string(n))
	}
	if at := l.Place(f.Artifact, f.Field); at.Doc != nil {
		out.Place = &event.Place{File: l.FileOf(at.Doc), Line: at.Pos.Line, Column: at.Pos.Column, Path: at.Path}
	}
	if f.Waived != nil {
		out.Waived = &event.Waiver{Reason: f.Waived.Reason, Citation: f.Waived.Citation, Approver: f.Waived.Approver}
		if f.Waived.Lacks == "" {
			out.Waived.Expires = f.Waived.Expires.UTC().Format(time.DateOnly)
		}
	}
	return out
}

// lintResult is a result as it was recorded.
type lintResult = history.Entry[event.ObjectLinted]

// relinter lints again what the record says was linted. Where this program has the
// engines that the record names, all that they found must be in it, to the byte.
type relinter struct {
	*Verifier
	permits []permit       // that are still to be linted again, in the order of their lines
	done    map[int]bool   // by line: results that were computed again, or are known to be another engine's
	others  map[string]int // how many results other engines made, by their versions
}

// permit is a result before a signature with the call that it permitted.
type permit struct {
	result lintResult
	call   *history.Operation
}

func (re *Verifier) newRelinter() *relinter {
	rl := &relinter{Verifier: re, done: map[int]bool{}, others: map[string]int{}}
	seen := map[int]bool{}
	for _, o := range re.Verdict.History.Operations {
		if !o.SignsArtifact() {
			continue
		}
		if l := rl.last(o.Intended.Event.Artifact, event.StageBeforeSigning, o.Intended.Seq); l != nil && !seen[l.Seq] {
			seen[l.Seq] = true
			rl.permits = append(rl.permits, permit{*l, o})
		}
	}
	slices.SortFunc(rl.permits, func(a, b permit) int { return a.result.Seq - b.result.Seq })
	return rl
}

// last gives the last result on an artifact before a line.
func (rl *relinter) last(artifact, stage string, before int) *lintResult {
	all := rl.Verdict.History.Linted
	for i := len(all) - 1; i >= 0; i-- {
		if l := &all[i]; l.Seq < before && l.Event.Artifact == artifact && l.Event.Stage == stage {
			return l
		}
	}
	return nil
}

// until lints again what was linted before a line: beside what was made by then, and
// beside the objects of a table that were to be signed together.
func (rl *relinter) until(seq int) {
	for len(rl.permits) > 0 && rl.permits[0].result.Seq < seq {
		rl.clear(rl.permits[0])
		rl.permits = rl.permits[1:]
	}
}

// clear lints again before the signature, and leaves a specimen beside which the
// objects of the same table are linted.
func (rl *relinter) clear(p permit) {
	in := p.call.Intended.Event
	builder := rl.at(p.call.Intended.Seq).Builder
	a := builder.Plan.Artifact(in.Artifact)
	signing, err := time.Parse(time.RFC3339, in.Moment)
	if a == nil || err != nil {
		return // said where it was signed
	}
	rl.drawn(a, p.call)
	s, err := builder.ToBeSigned(a, signing)
	switch where := line(p.call.Intended.Seq); {
	case p.call.Finished != nil && (err != nil || plan.SHA256Hex(s.Bytes) != in.TBSSHA256): // said where it is rebuilt
		return
	case err != nil:
		rl.Verdict.problem(where, "%s cannot be rebuilt: %v", a.ID, err)
		return
	case plan.SHA256Hex(s.Bytes) != in.TBSSHA256:
		rl.Verdict.problem(where, "the bytes to be signed for %s do not follow from plan.json", a.ID)
		return
	}
	clearance, report, err := builder.Clear(s)
	if err != nil {
		rl.Verdict.problem(line(p.result.Seq), "%s cannot be linted again: %v", a.ID, err)
		return
	}
	rl.compareResult(p.result, report, clearance != nil)
	if err := builder.Specimen(s); err != nil {
		rl.Verdict.problem(line(p.result.Seq), "%s: %v", a.ID, err)
	}
}

// drawn takes over the serial number that was drawn for a call.
func (re *Verifier) drawn(a *plan.Artifact, o *history.Operation) {
	if re.Builder.Serials[a.ID] = nil; o.Serial != nil {
		re.Builder.Serials[a.ID] = re.serials[o.Serial.Seq]
	}
}

// issued compares what was found after a signature, and the checks that follow from
// it. A check that failed then may pass now: what failed is withheld, as the grammar
// of the journal demands.
func (rl *relinter) issued(o *history.Operation, report lint.Report, parseErr error) {
	h, id := rl.Verdict.History, o.Artifact.ID
	until := len(h.Records) + 1
	if i := slices.IndexFunc(h.Operations, func(next *history.Operation) bool {
		return next.Intended.Seq > o.Finished.Seq && next.Intended.Event.Artifact == id
	}); i >= 0 {
		until = h.Operations[i].Intended.Seq
	}
	ours := func(r event.Record, artifact string) bool {
		return artifact == id && r.Seq > o.Finished.Seq && r.Seq < until
	}
	compared := false
	for _, l := range h.Linted {
		if ours(l.Record, l.Event.Artifact) && l.Event.Stage == event.StageAfterSigning {
			clear := len(report.Blocking()) == 0 && parseErr == nil && l.Event.Clear
			compared = rl.compareResult(l, report, clear)
		}
	}
	for _, c := range h.Checked {
		if ours(c.Record, c.Event.Artifact) && compared && !sameChecks(c.Event, event.Legible(CheckedEvent(id, report, parseErr))) {
			rl.Verdict.problem(line(c.Seq), "the checks of %s are recorded otherwise than they end", id)
		}
	}
}

// sameChecks compares recorded checks with those that were repeated.
func sameChecks(got, want event.ArtifactChecked) bool {
	return slices.EqualFunc(got.Checks, want.Checks, func(got, want event.Check) bool {
		return got == want || !got.OK && got.Name == want.Name
	})
}

// compareResult compares a recorded result with what this program finds, and reports
// whether it has the engines that it takes.
func (rl *relinter) compareResult(l lintResult, report lint.Report, clear bool) bool {
	e := l.Event
	rl.done[l.Seq] = true
	if !maps.Equal(e.Engines, report.Versions) {
		rl.others[versionsText(e.Engines)]++
		return false
	}
	want := LintedEvent(rl.Verdict.planAt(l.Seq).Loaded, report, e.Stage, clear)
	want.File, want.SHA256 = e.File, e.SHA256
	if differ(e, event.Legible(want)) {
		rl.Verdict.problem(line(l.Seq), "the result for %s is recorded otherwise than the same engines find it", e.Artifact)
	}
	data, err := plan.CanonicalJSON(report)
	stored, readErr := rl.Verdict.ReadFile(e.File, plan.MaxInput)
	if err != nil || readErr != nil || !bytes.Equal(data, stored) {
		rl.Verdict.problem(e.File, "it is not what the same engines find on %s", e.Artifact)
	}
	return true
}

// differ reports whether two values of one type have different JSON.
func differ(a, b any) bool {
	one, err := json.Marshal(a)
	other, otherErr := json.Marshal(b)
	return err != nil || otherErr != nil || !bytes.Equal(one, other)
}

// end says which results were not computed again, and why.
func (rl *relinter) end() {
	for _, made := range slices.Sorted(maps.Keys(rl.others)) {
		rl.Verdict.Notices = append(rl.Verdict.Notices, fmt.Sprintf("%d lint results were made with %s; this program has %s, so findings, counts and checks were not compared",
			rl.others[made], made, versionsText(lint.Versions())))
	}
	var unsigned []string
	for _, l := range rl.Verdict.History.Linted {
		if !rl.done[l.Seq] {
			unsigned = append(unsigned, l.Event.File)
		}
	}
	if len(unsigned) > 0 {
		rl.Verdict.Notices = append(rl.Verdict.Notices, "not compared, because nothing was signed after it: "+strings.Join(unsigned, ", "))
	}
}

// versionsText names engines with their versions.
func versionsText(versions map[string]string) string {
	var all []string
	for _, engine := range slices.Sorted(maps.Keys(versions)) {
		all = append(all, engine+" "+versions[engine])
	}
	if len(all) == 0 {
		return "no engine"
	}
	return strings.Join(all, ", ")
}

// planAt gives the plan that was in force at a line.
func (v *Verdict) planAt(seq int) planPeriod { return v.plans[v.planNumber(seq)] }

func (v *Verdict) planNumber(seq int) int {
	at := 0
	for i, p := range v.plans {
		if p.recorded.Seq <= seq {
			at = i
		}
	}
	return at
}

// engines gives the engines of the program that carried out a session: those that it
// named when it began, or, of an older program, those of its first result.
func (v *Verdict) engines(session int) map[string]string {
	var named map[string]string
	for _, s := range v.History.Sessions {
		if s.Event.Session == session {
			named = s.Event.Tool.Linters
		}
	}
	for _, l := range v.History.Linted {
		if l.Session == session && len(l.Event.Engines) > len(named) {
			return l.Event.Engines
		}
	}
	return named
}

// checkEngines checks that all results of a session are of the same engines: none can
// pass for that of another program.
func (v *Verdict) checkEngines() {
	bySession := map[int]map[string]string{}
	for _, l := range v.History.Linted {
		named, known := bySession[l.Session]
		if !known {
			named = v.engines(l.Session)
			bySession[l.Session] = named
		}
		if !maps.Equal(l.Event.Engines, named) {
			v.problem(line(l.Seq), "the result for %s was made with %s, but the program of session %d has %s",
				l.Event.Artifact, versionsText(l.Event.Engines), l.Session, versionsText(named))
		}
	}
}
