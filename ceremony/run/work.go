// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"cmp"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/lint"
	"rootceremony/transcripts"
)

// work is what is carried out: the plan that holds, with all that tokens gave for
// it, and how far earlier sessions came. It is the one place where the plan
// stands.
type work struct {
	*plan.Builder
	Digest [32]byte // of plan.json
	linter *lint.Linter
	past   *verify.Replay // what was done before the steps go on; nothing in the first session
	o      *Options
}

// hold lets a plan hold from here on. What tokens gave stays.
func (w *work) hold(p *plan.Preview) (err error) {
	w.Loaded, w.Digest = p.Loaded, p.Digest
	w.linter, err = p.NewLinter()
	return err
}

// recall takes over what the record says now.
func (w *work) recall(j *transcripts.Journal) { w.past = verify.NewReplay(w.Plan, j.History()) }

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
	return k.Label(w.Rehearsal, w.past.Attempt(w.Plan.Generates(k)))
}

// made reports whether an earlier session made a key, or may have.
func (w *work) made(k *plan.Key) bool {
	_, made := w.past.Keys[k.ID]
	_, left := w.past.LeftBehind[k.ID]
	ok := made || left
	for _, o := range w.past.Open() {
		in := o.Intended.Event
		ok = ok || in.Key != nil && in.Key.Label == w.label(k)
	}
	return ok
}

// signer gives the key that signs an artifact.
func (w *work) signer(a *plan.Artifact) *plan.Key {
	return w.Plan.Key(a.IssuerKey.ID())
}

// possible reports whether a signature for an artifact may exist that nobody
// has seen.
func (w *work) possible(artifact string) bool {
	return w.past.Possible(artifact) != nil
}
