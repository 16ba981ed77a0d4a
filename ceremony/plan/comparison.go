// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"io"
	"strings"

	"rootceremony/internal/term"
	"rootceremony/transcripts/event"
)

// Comparison is what differs between two plans: in words, and value by value.
type Comparison struct {
	Changes []Change `json:"changes"`
	Signed  bool     `json:"signed_differs"` // what is signed differs
	Texts   []string `json:"files"`          // whose bytes differ, comments and all
	Values  []string `json:"values"`         // as [Difference] tells them
	Counts  []Count  `json:"counts"`         // of the changes
}

// Change is one thing that differs. Numbers of steps are those of the new plan; of
// one that is taken out, those of the old plan.
type Change struct {
	About string `json:"about"` // step, profile, key, site and so on
	Name  string `json:"name,omitempty"`
	Step  string `json:"step,omitempty"` // its number
	What  string `json:"change"`         // one of the constants of this file
	Text  string `json:"text"`
}

// What can become of a thing.
const (
	changeNew     = "new"
	changeOut     = "taken out"
	changeMoved   = "moved"
	changeRenamed = "renamed"
	changeOther   = "changed"
)

// Count says how many things of a kind changed in one way.
type Count struct {
	About string `json:"about"`
	What  string `json:"change"`
	Count int    `json:"count"`
}

// String says it in words.
func (n Count) String() string {
	about := n.About
	switch {
	case n.Count > 1 && strings.HasSuffix(about, "y") && about != "key":
		about = strings.TrimSuffix(about, "y") + "ies"
	case n.Count > 1:
		about += "s"
	}
	return fmt.Sprintf("%d %s %s", n.Count, about, n.What)
}

// Lines says in words what differs, how many things those are, and whether they bear
// on what is signed.
func (c *Comparison) Lines() []string {
	var lines, counts []string
	for _, change := range c.Changes {
		lines = append(lines, change.Text)
	}
	for _, n := range c.Counts {
		counts = append(counts, n.String())
	}
	switch {
	case len(c.Values) == 0 && len(c.Changes) == 0:
		lines = append(lines, "the plans are the same")
	case len(c.Changes) == 0:
		lines = append(lines, "only comments or layout differ, in "+strings.Join(c.Texts, ", ")+"; the digest of the plan is another one")
	default:
		lines = append(lines, "in all: "+strings.Join(counts, ", "))
	}
	if !c.Signed {
		lines = append(lines, "no difference in what is signed")
	}
	return lines
}

// Write prints what differs: first in words, then value by value.
func (c *Comparison) Write(w io.Writer) error {
	s := &Screen{W: w}
	for _, l := range c.Lines() {
		s.line("%s", term.Hang(inOneLine(l), screenWidth, 2))
	}
	if len(c.Values) > 0 {
		s.line("\n%s", Rule("value by value"))
	}
	for _, l := range c.Values {
		s.line("%s", term.Hang(inOneLine(l), screenWidth, 2))
	}
	return s.err
}

// inOneLine makes a text fit for a screen: an earlier plan may be a file of strangers.
func inOneLine(text string) string { return strings.ReplaceAll(event.Seen(text), "\n", " ") }
