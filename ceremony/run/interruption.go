// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// interruption takes over what an interruption left: calls without an outcome, keys
// that are on a token, signatures without their files.
type interruption struct {
	*session
	state   *state
	room    *room
	keys    *keys
	signing *signing
}

// resolve gives every call without an outcome one, finds the keys of earlier
// sessions again, and finishes what was signed but not written.
func (s *interruption) resolve() error {
	for _, o := range s.state.replay.Open() {
		if err := s.resolveOpenCall(o); err != nil {
			return err
		}
	}
	if !s.o.Abandon {
		for _, in := range unknownSignatures(s.state.Plan, s.state.replay, s.o.Redo) { // what is repeated is decided there
			if err := s.resolveUnknownSignature(in); err != nil {
				return err
			}
		}
	}
	if err := s.storeWithheld(); err != nil {
		return err
	}
	for i := range s.state.Plan.Keys {
		if err := s.findAgain(&s.state.Plan.Keys[i]); err != nil {
			return err
		}
	}
	_, err := s.journal.Seal()
	return err
}

// findAgain finds a key of an earlier session, and proves it where it is on another device.
func (s *interruption) findAgain(k *plan.Key) error {
	made, ok := s.state.replay.Keys[k.ID]
	if !ok || s.keys.have(k.ID) || s.keys.tokens.of(k) == nil {
		return nil
	}
	moved := s.keys.moved(k, made)
	if k.Source == plan.KeyExisting && !s.state.replay.Proved[k.ID] && !moved {
		return nil // its step finds it again: it may be another key
	}
	pair, err := s.keys.locateRecorded(k, "", made)
	switch {
	case err != nil && s.o.Abandon:
		s.say("Key %s is not found: %v.", k.ID, err)
		return nil
	case err != nil:
		return fmt.Errorf("key %s of an earlier session: %w", k.ID, err)
	}
	s.keys.take(k.ID, pair)
	if !moved || s.o.Abandon {
		return nil
	}
	if err := s.keys.proveUse(k); err != nil {
		return fmt.Errorf("key %s on another device: %w", k.ID, err)
	}
	return nil
}

// storeWithheld gives what failed a check its files, where the interruption came
// between: its step can be repeated then.
func (s *interruption) storeWithheld() error {
	for i := range s.state.Plan.Artifacts {
		a := &s.state.Plan.Artifacts[i]
		done, made := s.state.replay.Signed(a.ID), s.state.replay.Artifact(a.ID)
		if done == nil || made.Failure() == "" || made.Filed() {
			continue
		}
		var withheld *withheldError
		if err := s.signing.finish(a, done.Finished.Event); !errors.As(err, &withheld) {
			return err
		}
		s.state.recall(s.journal)
	}
	return nil
}

// resolveOpenCall settles a call of a token that was interrupted, so that it is not
// known whether it had its effect. Looking for a key or drawing random bytes is
// simply repeated. A key that the call may have made is looked for by the id
// that was written down before, and people decide to adopt or to destroy it. A
// signature whose C_Sign has no known outcome may exist: only the same bytes may be
// signed again, and people decide that.
func (s *interruption) resolveOpenCall(o *history.Operation) error {
	if err := s.note(outcomeUnknown(o), event.Observed); err != nil {
		return err
	}
	s.state.recall(s.journal)
	if in := o.Intended.Event; in.What == event.WhatGenerate {
		return s.orphan(in)
	}
	return nil
}

// outcomeUnknown says that nobody knows what a call did.
func outcomeUnknown(o *history.Operation) event.OperationFailed {
	in := o.Intended.Event
	failed := event.OperationFailed{Operation: in.Operation, What: in.What, Token: in.Token, Key: in.Key,
		Error: "the session was interrupted during this call", Effect: event.EffectUnknown}
	if in.What == event.WhatFind || in.What == event.WhatRandom {
		failed.Effect = event.EffectNone
	}
	return failed
}

// orphan looks for a key that an interrupted call may have made.
func (s *interruption) orphan(in event.OperationIntended) error {
	k := plan.Find(s.state.Plan.Keys, func(k *plan.Key) bool { return s.state.label(k) == in.Key.Label })
	if k == nil {
		return fmt.Errorf("operation %d generated key %q, which is not in the plan", in.Operation, in.Key.Label)
	}
	id, err := hex.DecodeString(in.Key.ID)
	if err != nil {
		return err
	}
	if s.keys.tokens.of(k) == nil {
		return nil // an abandoned ceremony may do without its token
	}
	pair, err := s.keys.locate(k, in.Key.Label, id, nil)
	if errors.Is(err, token.ErrNoSuchKey) {
		s.say("The interrupted call generated no key %s; it is generated now.", k.ID)
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for key %s, whose generation was interrupted: %w", k.ID, err)
	}
	s.say("The call that generated key %s was interrupted, but the key exists, with id\n      %s. SHA-256 of its public key (SPKI):\n%s", k.ID, in.Key.ID, plan.Groups(plan.SHA256Hex(pair.SPKI)))
	adopt, by, err := s.room.decideAbout(aboutCall(in.Operation), "adopt", "destroy", "Adopt this key for the ceremony, or destroy it and make another")
	if err != nil {
		return err
	}
	e := event.DeviationRecorded{
		Expected: "operation " + fmt.Sprint(in.Operation) + " returns", DecidedBy: by,
		Happened: "the session was interrupted after the token made key " + k.ID,
		Decision: map[bool]string{true: "the key is adopted", false: "the key is destroyed and another one made"}[adopt],
	}
	if err := s.note(e, s.o.People.How(), by...); err != nil {
		return err
	}
	s.keys.take(k.ID, pair)
	if adopt {
		return nil
	}
	if err := s.keys.destroy(k, pair.Handle()); err != nil {
		return err
	}
	s.keys.forget(k.ID)
	s.state.recall(s.journal)
	return nil
}

// resolveUnknownSignature has people decide about a signature that may exist.
func (s *interruption) resolveUnknownSignature(in event.OperationIntended) error {
	what := cmp.Or(in.Artifact, in.PurposeText())
	s.say("Outcome of C_Sign for %s unknown, a signature may exist. Only the same\nbytes may be signed again. Their SHA-256:\n%s", what, plan.Groups(in.TBSSHA256))
	again, by, err := s.room.decideAbout(aboutCall(in.Operation), "again", wordStop, "Sign the same bytes again, or stop here")
	if err != nil {
		return err
	}
	e := event.DeviationRecorded{
		Expected: fmt.Sprintf("operation %d returns a signature for %s", in.Operation, what), DecidedBy: by,
		Happened: "it is not known what the call signed; a signature over these bytes may exist",
		Decision: map[bool]string{true: "the same bytes are signed again", false: "the ceremony stops here"}[again],
	}
	if err := s.note(e, s.o.People.How(), by...); err != nil {
		return err
	}
	if !again {
		return &decline{signingDeclined, s.stepOf(in)}
	}
	if in.Purpose != "" {
		return nil // a proof has the same bytes whenever it is signed
	}
	moment, err := time.Parse(time.RFC3339, in.Moment)
	if err != nil {
		return err
	}
	s.signing.again(in.Artifact, moment)
	return nil
}

// stepOf is the step to which a signature belongs.
func (s *interruption) stepOf(in event.OperationIntended) string {
	if in.Artifact != "" {
		return s.state.Plan.StepOf(in.Artifact).ID
	}
	if k := s.state.Plan.Key(in.For); k != nil {
		return s.state.Plan.GeneratingStep(k)
	}
	return ""
}
