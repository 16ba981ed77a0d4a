// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"

	"rootceremony/internal/artifact"
	"rootceremony/transcripts"
)

// session is one sitting of a ceremony: what is on the screen and what is written
// down, in which step and at what time. Every part of the ceremony speaks and
// records by it.
type session struct {
	ctx     context.Context
	o       *Options
	dir     *artifact.Dir        // of the bundle
	journal *transcripts.Journal // nil before the record was begun
	clock   *roomClock           // of the room, from when people said what time it is
	step    string               // at hand; empty between steps
	shown   int                  // files that no event accounts for and that people saw
}
