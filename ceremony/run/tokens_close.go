// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"rootceremony/internal/token"
	"rootceremony/transcripts"
)

// close ends all workers; it works after errors too.
func (ts *tokens) close() {
	for _, t := range ts.byName {
		_ = t.Close() // a worker that is gone cannot be closed; its end is in the journal
	}
}

// finish takes the last census of each token and closes it. In a
// rehearsal on devices the keys made are destroyed first, with evidence.
func (ks *keys) finish() error {
	if ks.work.Rehearsal && ks.o.Site != nil {
		if err := ks.destroyAll(); err != nil {
			return err
		}
	}
	return ks.tokens.shut("closing")
}

// shut takes the last census of each token and closes it.
func (ts *tokens) shut(when string) error {
	for _, name := range ts.work.Plan.Tokens() {
		t := ts.byName[name]
		if t == nil {
			continue // it was never opened
		}
		if err := ts.census(t, when); err != nil {
			return err
		}
		if err := ts.shutOne(t); err != nil {
			return err
		}
		delete(ts.byName, name)
	}
	return nil
}

// shutOne closes a token. What its module returns then takes back nothing that was
// made and recorded before: it is a deviation, and the ceremony goes on. The worker
// that was logged in has ended.
func (ts *tokens) shutOne(t token.Token) error {
	closed := transcripts.TokenClosed{Token: t.Name()}
	if err := t.Close(); err != nil {
		closed.Error = err.Error()
		ts.say("\n      TOKEN %s DID NOT CLOSE IN ORDER: %v.\n      The ceremony goes on; take the token out, or its power away.", t.Name(), err)
		d := transcripts.DeviationRecorded{Expected: "token " + t.Name() + " is logged out of and closed", Happened: closed.Error,
			Decision: "the process that held the token has ended; the ceremony goes on", DecidedBy: []string{}}
		if err := ts.note(d, transcripts.Observed); err != nil {
			return err
		}
	}
	return ts.note(closed, transcripts.Reported)
}
