// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"time"

	"rootceremony/transcripts"
)

// What the tests outside look at: their ceremonies come from ceremonytest, which
// knows the plan.
var (
	Card       = (*Preview).card
	ScriptCard = (*Preview).scriptCard
	ScriptView = (*Preview).scriptView
)

// RoomCard is the card that people see before they confirm the signature of an artifact.
// Values that cannot be encoded are shown beside the bytes of its specimen.
func RoomCard(p *Preview, a *Artifact, signing time.Time) []transcripts.CardRow {
	w := p.Specimens.builder
	if s, err := w.ToBeSigned(a, signing); err == nil {
		if rows, err := w.Card(s); err == nil {
			return rows
		}
	}
	return (&card{Loaded: w.Loaded, a: a, object: a.Object, room: w, signing: signing, read: w.Made[a.ID].Read}).rows()
}
