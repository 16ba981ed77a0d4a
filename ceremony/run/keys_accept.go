// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"errors"
	"fmt"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/lint"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// checkNewKey refuses a key that was just made and that anyone can compute, or
// that no certificate may have, before it signs anything: a proof of it would be a
// signature by everybody.
func (ks *keys) checkNewKey(k *plan.Key) error {
	linter, err := ks.state.Linter()
	if err != nil {
		return err
	}
	var bad []lint.Finding
	for _, f := range linter.Key(k.ID, ks.state.Keys[k.ID]) {
		if f.Status == lint.Error || f.Status == lint.Fatal {
			bad = append(bad, f)
		}
	}
	if len(bad) == 0 {
		return nil
	}
	return fmt.Errorf("key %s was generated on token %s and will not sign; do not trust keys of this token until its vendor explains this: %w",
		k.ID, k.Token, plan.Blocked("the key", &lint.Report{Findings: bad}))
}

// accept has people decide about a key that the module reports otherwise than the
// template of its token asks for, as it was last read. Without their acceptance,
// which is a deviation, the key signs nothing; nobody is asked again about what
// they accepted before.
func (ks *keys) accept(k *plan.Key) error {
	pair := ks.lastRead[k.ID]
	if pair == nil {
		return fmt.Errorf("key %q was never read back from its token", k.ID)
	}
	if pair.SignsNothing() { // whatever people say of it
		return fmt.Errorf("key %s on token %s: %w", k.ID, k.Token, errSignsNothing)
	}
	template, err := ks.state.templateOf(ks.journal.History(), k.Token, plan.SHA256Hex(pair.SPKI))
	if err != nil {
		return err
	}
	made := k.Made(ks.state.Rehearsal) && !ks.journal.History().Restored(plan.SHA256Hex(pair.SPKI))
	departures := pair.Departures(template, made)
	if len(departures) == 0 || ks.journal.History().Accepted(plan.SHA256Hex(pair.SPKI), departures) {
		return nil
	}
	ks.say("\n      KEY %s DIFFERS FROM WHAT WAS REQUESTED.", k.ID)
	for _, d := range departures {
		ks.say("%s", plan.Indent(d, 6))
	}
	if k.Source == plan.KeyGenerated && !ks.state.Rehearsal { // a rehearsal is not resumed
		ks.say("      To replace it, type stop, then redo its step:\n  %s", ks.state.commands().Redo(ks.state.Plan.GeneratingStep(k)))
	}
	e := event.DeviationRecorded{
		Expected: fmt.Sprintf("key %s matches the template %q of token %s", k.ID, template.Name, k.Token),
		Happened: "key " + k.ID + ": " + strings.Join(departures, "; "), Decision: "the key is used as it is",
		KeySHA256: plan.SHA256Hex(pair.SPKI), Departures: departures,
	}
	agreed, by, err := ks.room.decideAbout(aboutDeparting(k.ID, departures), wordAccept, wordStop, "Accept key "+k.ID+" as it is, permanently and on the record")
	if err != nil {
		return err
	}
	if !agreed {
		return fmt.Errorf("not accepted: %s: %w", e.Happened, &decline{problem: keyDeclined})
	}
	e.DecidedBy = by
	return ks.note(e, ks.o.People.How(), by...)
}

// errSignsNothing is that no decision of people makes a key of use.
var errSignsNothing = errors.New(signsNothing)

// The words that people decide by about a key that departs from what was asked.
const (
	wordAccept = "accept"
	wordStop   = "stop"
)

// departingKey is a key that the module reports otherwise than was asked for, and that
// nobody has accepted yet.
type departingKey struct {
	*plan.Key
	departures []string
}

// aboutDeparting is what the decision about a key is about: what the record says of it.
// Where the token says something else now, people are asked again.
func aboutDeparting(id string, departures []string) string {
	return "key " + id + ": " + strings.Join(departures, "; ")
}

// departing lists the keys about which people decide before they sign: an interruption
// came between their generation and that question.
func (r *runner) departing(p *plan.Plan, h *history.History) []departingKey {
	var all []departingKey
	made := verify.NewReplay(p, h).Keys
	for i := range p.Keys {
		k := &p.Keys[i]
		recorded, ok := made[k.ID]
		template, err := r.state.templateOf(h, k.Token, recorded.SPKISHA256)
		if !ok || err != nil || k.Source == plan.KeyGenerated && r.o.Redo == p.GeneratingStep(k) {
			continue
		}
		d := verify.PairOf(&recorded).Departures(template, k.Made(false) && !h.Restored(recorded.SPKISHA256))
		if len(d) > 0 && !h.Accepted(recorded.SPKISHA256, d) {
			all = append(all, departingKey{k, d})
		}
	}
	return all
}
