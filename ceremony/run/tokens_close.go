// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"rootceremony/internal/token"
	"rootceremony/transcripts"
)

// closeTokens ends all workers; it works after errors too.
func (r *runner) closeTokens() {
	for _, t := range r.tokens {
		_ = t.Close() // a worker that is gone cannot be closed; its end is in the journal
	}
}

// finishTokens takes the last census of each token and closes it. In a
// rehearsal on devices the keys made are destroyed first, with evidence.
func (r *runner) finishTokens() error {
	if r.w.Rehearsal && r.o.Site != nil {
		if err := r.destroyKeys(); err != nil {
			return err
		}
	}
	return r.shutTokens("closing")
}

// shutTokens takes the last census of each token and closes it.
func (r *runner) shutTokens(when string) error {
	for _, name := range r.p.Plan.Tokens() {
		t := r.tokens[name]
		if t == nil {
			continue // it was never opened
		}
		if err := r.census(t, when); err != nil {
			return err
		}
		if err := r.shut(t); err != nil {
			return err
		}
		delete(r.tokens, name)
	}
	return nil
}

// shut closes a token. What its module returns then takes back nothing that was
// made and recorded before: it is a deviation, and the ceremony goes on. The worker
// that was logged in has ended.
func (r *runner) shut(t token.Token) error {
	closed := transcripts.TokenClosed{Token: t.Name()}
	if err := t.Close(); err != nil {
		closed.Error = err.Error()
		r.say("\n      TOKEN %s DID NOT CLOSE IN ORDER: %v.\n      The ceremony goes on; take the token out, or its power away.", t.Name(), err)
		d := transcripts.DeviationRecorded{Expected: "token " + t.Name() + " is logged out of and closed", Happened: closed.Error,
			Decision: "the process that held the token has ended; the ceremony goes on", DecidedBy: []string{}}
		if err := r.note(d, transcripts.Observed); err != nil {
			return err
		}
	}
	return r.note(closed, transcripts.Reported)
}
