// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"cmp"
	"strconv"
	"strings"

	"rootceremony/internal/source"
)

func (l *loader) stepList(n source.Node) {
	for _, item := range n.List() {
		t := stepText{item: item, m: item.Map()}
		row := t.row()
		id := l.nextStep(row)
		if row == nil {
			if item.IsMap() {
				l.unread = true
				item.FailHint(cmp.Or(t.meant(), "start it with one of "+strings.Join(StepWords(), ", ")), "this step has no action")
			}
			continue
		}
		step := Step{ID: id, Kind: row.kind}
		l.Plan.Steps = append(l.Plan.Steps, row.read(l, step, t)...)
		t.m.Close()
	}
}

// meant suggests an action for a key of a step that has none.
func (t *stepText) meant() string {
	for _, k := range t.m.Keys() {
		if hint := source.DidYouMean(k.Name, StepWords()); hint != "" {
			return hint
		}
	}
	return ""
}

// noKey reports a name that no key has.
func (l *loader) noKey(n source.Node, id string) {
	n.FailHint(source.DidYouMean(id, ids(l.Plan.Keys, func(k Key) string { return k.ID })), "there is no key %q", id)
}

// noAuthority reports a name that no authority has.
func (l *loader) noAuthority(n source.Node, id string) {
	n.FailHint(source.DidYouMean(id, ids(l.Plan.Authorities, func(a Authority) string { return a.ID })), "there is no authority %q", id)
}

// ids gives the names of what a section of the file defines.
func ids[T any](of []T, id func(T) string) []string {
	out := make([]string, len(of))
	for i := range of {
		out[i] = id(of[i])
	}
	return out
}

// nextStep gives the next step its number. A section is no step: it has a count of
// its own.
func (l *loader) nextStep(row *stepRow) string {
	if row != nil && row.kind == StepSection {
		l.sectionNo++
		return "section-" + strconv.Itoa(l.sectionNo)
	}
	l.stepNo++
	return strconv.Itoa(l.stepNo)
}

// row finds the word that a step begins with, and the row of its kind; nil where
// there is none.
func (t *stepText) row() (found *stepRow) {
	for _, r := range stepRows() {
		for _, by := range r.words {
			if t.by == "issue" && by == "request" {
				continue // there it names the request of the subject
			}
			if v := t.m.Opt(by); v.Present() {
				if t.by != "" {
					v.Fail("a step has one action; this one has %s and %s", t.by, by)
				}
				t.by, t.word, found = by, v, &r
			}
		}
	}
	return found
}

// sectionStep is a heading.
func (l *loader) sectionStep(st Step, t stepText) []Step {
	st.Title = t.word.Text()
	return []Step{st}
}
