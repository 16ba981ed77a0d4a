// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"strings"

	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/transcripts"
)

// scriptCard puts a card on paper.
func (p *Preview) scriptCard(a *Artifact) *transcripts.ScriptCard {
	rows := p.planned(a)
	if room := lint.UntilSigned(a.Kind()); len(room) > 0 {
		rows = append(rows, cardRow("Checked in the room", strings.Join(room, ", ")+", by the real signature"))
	}
	return &transcripts.ScriptCard{
		Artifact: a.ID, What: WhatIs(a), Root: a.Kind() == profiles.RootCA,
		SignBefore: Stamp(signBefore(a, p.Plan.Ceremony.Window)), Rows: rows,
	}
}
