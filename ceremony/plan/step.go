// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"slices"

	"rootceremony/internal/source"
	"rootceremony/transcripts/history"
)

// StepKind is what a step does.
type StepKind string

// Step kinds.
const (
	StepSection  StepKind = "section"
	StepDo       StepKind = "do"
	StepPause    StepKind = "pause" // like do; then tokens are closed, and the ceremony continues another day
	StepGenerate StepKind = "generate"
	StepUse      StepKind = "use"
	StepSign     StepKind = "sign"
)

// Step is one line of the script. IDs count from 1; those of sections have a count
// of their own, as in "section-1".
type Step struct {
	ID       string   `json:"id"`
	Kind     StepKind `json:"kind"`
	Title    string   `json:"title"`
	Who      []string `json:"who,omitempty"`
	Record   []Field  `json:"record,omitempty"`
	Takes    string   `json:"takes,omitempty"`
	BacksUp  []string `json:"backs_up,omitempty"` // keys
	Keys     []string `json:"keys,omitempty"`
	Artifact string   `json:"artifact,omitempty"`
}

// Field is something that people write down during a step.
type Field struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// stepRow is what differs between the kinds of steps in this room. A new kind is a
// row here, one in ceremony/run, and a file in each for what it does.
type stepRow struct {
	kind  StepKind
	words []string // of which one begins the step in a ceremony file
	read  func(l *loader, st Step, t stepText) []Step
	// people says that people do the step and type that it is done.
	people bool
	// unmet gives what a step of this kind demands and the record does not hold;
	// nil where other checks of verify see to it.
	unmet func(st *Step, done *history.History) []Unmet
}

// stepText is a step as written in a ceremony file.
type stepText struct {
	by         string      // the word that it begins with
	word, item source.Node // what follows that word; all of it
	m          *source.Map
}

// stepRows gives the rows in the order in which a step is searched for their words.
// The list is made in a function because its rows reach back to it.
func stepRows() []stepRow {
	return []stepRow{
		{kind: StepSection, words: []string{"section"}, read: (*loader).sectionStep},
		{kind: StepDo, words: []string{"do"}, read: (*loader).doStep, people: true, unmet: (*Step).notWritten},
		{kind: StepPause, words: []string{"pause"}, read: (*loader).doStep, people: true, unmet: (*Step).notWritten},
		{kind: StepDo, words: []string{"step-template"}, read: (*loader).addStepTemplate},
		{kind: StepGenerate, words: []string{"generate"}, read: (*loader).generateStep},
		{kind: StepUse, words: []string{"use"}, read: (*loader).useStep},
		{kind: StepSign, words: signWords, read: (*loader).signStep},
	}
}

// row gives the row of the kind of a step; an empty one for a kind that this
// program does not know.
func (st *Step) row() stepRow {
	if r := Find(stepRows(), func(r *stepRow) bool { return r.kind == st.Kind }); r != nil {
		return *r
	}
	return stepRow{}
}

// StepKinds lists the kinds of steps, and StepWords the words they begin with.
func StepKinds() []StepKind {
	var kinds []StepKind
	for _, r := range stepRows() {
		if !slices.Contains(kinds, r.kind) {
			kinds = append(kinds, r.kind)
		}
	}
	return kinds
}

// StepWords lists the words that a step of a ceremony file can begin with.
func StepWords() []string {
	var words []string
	for _, r := range stepRows() {
		words = append(words, r.words...)
	}
	return words
}

// ByPeople reports whether people do a step and say when it is done.
func (st *Step) ByPeople() bool { return st.row().people }

// Unmet is something that a step demands and the record does not hold.
type Unmet struct {
	Seq int // line of the journal
	Why string
}

// Unmet gives what a step demands and its last attempt does not hold, at the end of
// that.
func (st *Step) Unmet(done *history.History) []Unmet {
	if unmet := st.row().unmet; unmet != nil {
		return unmet(st, done)
	}
	return nil
}

// Copies reports whether a step backs up one of the keys, or compares a copy.
func (st *Step) Copies(keys []string) bool {
	return slices.ContainsFunc(keys, func(k string) bool {
		return slices.Contains(st.BacksUp, k) || slices.Contains(st.Record, Field{Name: k, Type: FieldKey})
	})
}
