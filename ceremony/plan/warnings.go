// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"slices"

	"rootceremony/internal/source"
)

// Warning is what a plan should have and does not need. It is on the screen of
// the plan, in the script and in the report: people decide whether it is meant.
type Warning struct {
	Pos  source.Pos
	Text string
}

// String gives the place and the text.
func (w Warning) String() string { return fmt.Sprintf("%s: %s", w.Pos, w.Text) }

// Warnings gives all warnings of a plan, in a fixed order.
func (l *Loaded) Warnings() []Warning {
	return slices.Concat(l.lostStatus(), l.origin, l.tooLong(), l.withoutBackup(), l.pointers(), l.movedURLs(), l.deltasLeft(), l.promises(), l.lostLimits(), l.listWarnings)
}

// WarningTexts gives the warnings without their places: as the script, the journal
// and the report say them.
func (l *Loaded) WarningTexts() (out []string) {
	for _, w := range l.Warnings() {
		out = append(out, w.Text)
	}
	return out
}

// withoutBackup warns of a root key that nothing backs up: it is gone with its
// device.
func (l *Loaded) withoutBackup() (out []Warning) {
	for _, entry := range l.Doc.Root().Map().Opt("keys").Map().Keys() {
		k := l.Plan.Key(entry.Name)
		if k == nil || k.Class != ClassRoot || k.Source != KeyGenerated {
			continue
		}
		if !slices.ContainsFunc(l.Plan.Steps, func(s Step) bool { return slices.Contains(s.BacksUp, k.ID) }) {
			out = append(out, Warning{Pos: entry.Pos, Text: fmt.Sprintf("no step backs up root key %q; if its device fails, the key is lost: "+
				"add the step template back-up-and-clone, or backs-up: [%s] to the step that makes the backup", k.ID, k.ID)})
		}
	}
	return out
}
