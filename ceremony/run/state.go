// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"cmp"
	"slices"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/transcripts"
	"rootceremony/transcripts/history"
)

// state is what is carried out: the plan in force, what tokens returned for it, and
// the replay of earlier sessions. No other part holds the plan.
type state struct {
	*plan.Builder
	Digest [32]byte       // of plan.json
	replay *verify.Replay // what was done before the steps continue; nothing in the first session
	o      *Options
	sites  verify.Sites // those of the ceremony, the last in force; none in a rehearsal in memory
}

// usePlan puts a plan into force. What tokens gave stays.
func (st *state) usePlan(p *plan.Preview) { st.Loaded, st.Digest = p.Loaded, p.Digest }

// recall takes over what the record says now.
func (st *state) recall(j *transcripts.Journal) { st.replay = verify.NewReplay(st.Plan, j.History()) }

// commands are those for what is carried out.
func (st *state) commands() plan.Commands { return st.o.commands(st.Plan) }

// commands are those of the ceremony that is carried out.
func (o *Options) commands(p *plan.Plan) plan.Commands {
	c := o.Typed
	c.Bundle = cmp.Or(c.Bundle, o.Bundle)
	if p == nil {
		return c.Fresh()
	}
	c.Approval = p.Approval != plan.ApprovalNone
	return c.FileOf(p).Fresh()
}

// next is the plan by which the ceremony goes on: the one in force, or the one that it is
// to be amended to.
func (st *state) next() *plan.Plan {
	if st.o.Amendment != nil {
		return st.o.Amendment.Plan
	}
	return st.Plan
}

// used reports whether the record has a call of a token.
func (st *state) used(token string) bool {
	return slices.ContainsFunc(st.replay.Operations, func(o *history.Operation) bool { return o.Intended.Event.Token == token })
}

// label is what a key is called on its token.
func (st *state) label(k *plan.Key) string {
	return k.Label(st.Rehearsal, st.replay.Attempt(st.Plan.GeneratingStep(k)))
}

// made reports whether an earlier session made a key, or may have.
func (st *state) made(k *plan.Key) bool {
	_, made := st.replay.Keys[k.ID]
	_, left := st.replay.LeftBehind[k.ID]
	ok := made || left
	for _, o := range st.replay.Open() {
		in := o.Intended.Event
		ok = ok || in.Key != nil && in.Key.Label == st.label(k)
	}
	return ok
}

// signer gives the key that signs an artifact.
func (st *state) signer(a *plan.Artifact) *plan.Key {
	return st.Plan.Key(a.IssuerKey.ID())
}

// possible reports whether the outcome of C_Sign for an artifact is unknown, so that
// a signature may exist.
func (st *state) possible(artifact string) bool {
	return st.replay.Possible(artifact) != nil
}
