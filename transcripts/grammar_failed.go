// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"cmp"

	"rootceremony/transcripts/event"
)

// failures are what follows from calls that failed in a session: a key that was sought in
// vain is not sought again before people say which one it is; after a proof by the wrong
// key they do so; any other failure ends the session. Random bytes are drawn for a serial
// number, of which there is one for an artifact.
type failures struct {
	ended event.OperationFailed // nothing but a stop follows; its number is 0 where there is none
	drawn int                   // the call that drew random bytes of which no serial number was made yet
	vain  map[string]bool       // keys, by SPKI digest, or by id where nobody knows that
}

func (g *grammar) afterFailure(r *event.Record) {
	f := &g.failures
	switch e := r.Event.(type) {
	case event.SessionStarted:
		g.failures = failures{vain: map[string]bool{}}
	case event.OperationFailed:
		intent := g.operations.intents[e.Operation]
		switch disproved := intent.Purpose == event.PurposeProof && e.Signature != ""; {
		case r.How == event.Observed || disproved: // of the session before, or of a key that is another one
		case e.What == event.WhatFind:
			f.vain[soughtAs(intent.Key)] = true
		default:
			f.ended = e
		}
	case event.OperationFinished:
		if e.What == event.WhatRandom {
			f.drawn = e.Operation
		}
	case event.SerialDrawn:
		if g.serials[e.Artifact] == r.Session {
			g.bad(r, "a serial number of %s was drawn in this session", e.Artifact)
		}
		f.drawn, g.serials[e.Artifact] = 0, r.Session
	case event.StepRedone:
		delete(g.serials, e.Artifact)
	case event.DeviationRecorded:
		delete(f.vain, soughtAs(e.Chosen))
	case event.OperationIntended:
		if f.ended.What != event.WhatDestroy || e.What != event.WhatDestroy { // the others of a rehearsal are destroyed all the same
			g.failedBefore(r)
		}
		if f.drawn != 0 {
			g.bad(r, "no serial number was made of the random bytes of operation %d", f.drawn)
			f.drawn = 0 // said once
		}
		if e.What == event.WhatFind && f.vain[soughtAs(e.Key)] {
			g.bad(r, "this key was sought in vain in this session, and nobody chose one since")
		}
	case event.StepStarted, event.StepRecorded:
		g.failedBefore(r)
	case event.StepFinished:
		if e.Outcome == event.StepDone {
			g.failedBefore(r)
		}
	}
}

// failedBefore says once that a call failed and the session went on.
func (g *grammar) failedBefore(r *event.Record) {
	if n := g.failures.ended.Operation; n > 0 {
		g.bad(r, "operation %d failed, and nothing but a stop follows that", n)
		g.failures.ended = event.OperationFailed{}
	}
}

// soughtAs names a key that is looked for.
func soughtAs(k *event.Key) string {
	if k == nil {
		return ""
	}
	return cmp.Or(k.SPKISHA256, k.ID)
}
