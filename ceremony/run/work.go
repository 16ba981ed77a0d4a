// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"cmp"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/transcripts"
)

// work is what is carried out: the plan in force, what tokens returned for it, and
// the replay of earlier sessions. No other part holds the plan.
type work struct {
	*plan.Builder
	Digest [32]byte       // of plan.json
	replay *verify.Replay // what was done before the steps go on; nothing in the first session
	o      *Options
}

// usePlan puts a plan into force. What tokens gave stays.
func (w *work) usePlan(p *plan.Preview) { w.Loaded, w.Digest = p.Loaded, p.Digest }

// recall takes over what the record says now.
func (w *work) recall(j *transcripts.Journal) { w.replay = verify.NewReplay(w.Plan, j.History()) }

// commands are those for what is carried out.
func (w *work) commands() plan.Commands { return w.o.commands(w.Plan) }

// commands are those of the ceremony that is carried out.
func (o *Options) commands(p *plan.Plan) plan.Commands {
	c := o.Typed
	c.Bundle = cmp.Or(c.Bundle, o.Bundle)
	c.Approval = p != nil && p.Approval != plan.ApprovalNone
	return c
}

// label is what a key is called on its token.
func (w *work) label(k *plan.Key) string {
	return k.Label(w.Rehearsal, w.replay.Attempt(w.Plan.Generates(k)))
}

// made reports whether an earlier session made a key, or may have.
func (w *work) made(k *plan.Key) bool {
	_, made := w.replay.Keys[k.ID]
	_, left := w.replay.LeftBehind[k.ID]
	ok := made || left
	for _, o := range w.replay.Open() {
		in := o.Intended.Event
		ok = ok || in.Key != nil && in.Key.Label == w.label(k)
	}
	return ok
}

// signer gives the key that signs an artifact.
func (w *work) signer(a *plan.Artifact) *plan.Key {
	return w.Plan.Key(a.IssuerKey.ID())
}

// possible reports whether the outcome of C_Sign for an artifact is unknown, so that
// a signature may exist.
func (w *work) possible(artifact string) bool {
	return w.replay.Possible(artifact) != nil
}
