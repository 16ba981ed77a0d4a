// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// keys are the key pairs on the tokens: made, found, accepted, proved, signing and
// destroyed.
type keys struct {
	*session
	state    *state
	room     *room
	tokens   *tokens
	handles  map[string]token.Handle // by key id
	lastRead map[string]*token.Pair  // by key id, as it was last read from its token
	unproved []string                // generated since the last proof
}

// take has a key pair on a token be a key of the plan from here on.
func (ks *keys) take(id string, pair *token.Pair) {
	ks.handles[id], ks.state.Keys[id] = pair.Handle(), pair.SPKI
}

// have reports whether a key pair is known to be on its token.
func (ks *keys) have(id string) bool { return ks.handles[id].SPKI != nil }

// forget lets a key be made anew.
func (ks *keys) forget(id string) {
	delete(ks.handles, id)
	delete(ks.state.Keys, id)
}

// generateAll makes the keys of a step, each once people say so, and names those who
// did. After the last of several such steps, fresh processes prove the new keys.
func (ks *keys) generateAll(st plan.Step, last bool) (by []string, err error) {
	by = []string{}
	for _, id := range st.Keys {
		k := ks.state.Plan.Key(id)
		ks.unproved = append(ks.unproved, id)
		if ks.have(id) { // made in an earlier session
			if err := ks.accept(k); err != nil {
				return nil, err
			}
			continue
		}
		if by, err = ks.ready(st, k); err != nil {
			return nil, err
		}
		if attempt := ks.state.replay.Attempt(st.ID); attempt > 1 {
			ks.say("      attempt %d, under the label %q", attempt, ks.state.label(k))
		}
		if err := ks.generate(k); err != nil {
			return nil, err
		}
		ks.say("      SHA-256 of its public key (SPKI):\n%s", plan.Groups(plan.SHA256Hex(ks.state.Keys[id])))
		if err := ks.accept(k); err != nil {
			return nil, err
		}
	}
	if !last {
		return by, nil
	}
	return by, ks.prove()
}

// ready has two people say that a key may be generated now: what a token made cannot
// be taken back.
func (ks *keys) ready(st plan.Step, k *plan.Key) (by []string, err error) {
	ks.say("%4s  Generate key %s (%s) on token %s", st.ID, k.ID, k.Algorithm, k.Token)
	err = ks.room.asking(func() error {
		by = ks.room.two()
		return ks.o.People.Ready(ks.room.named(by), "generate key "+k.ID)
	})
	return by, err
}

// useAll finds keys that exist; in a rehearsal it makes stand-ins.
func (ks *keys) useAll(st plan.Step) error {
	use := ks.use
	if ks.state.Rehearsal {
		use = ks.standIn
	}
	for _, id := range st.Keys {
		if err := use(st, ks.state.Plan.Key(id)); err != nil {
			return err
		}
	}
	return nil
}

// generate makes one key pair under an id that is journaled before the call.
func (ks *keys) generate(k *plan.Key) error {
	t := ks.tokens.of(k)
	id, err := ks.tokens.drawID(k.Token)
	if err != nil {
		return err
	}
	req := token.Request{Label: ks.state.label(k), ID: id, Algorithm: algorithm.Key(k.Algorithm)}
	intent := event.OperationIntended{What: event.WhatGenerate, Token: k.Token,
		Key: &event.Key{Label: req.Label, ID: hex.EncodeToString(id), Algorithm: string(k.Algorithm)}}
	err = ks.tokens.operation(intent, func() (event.OperationFinished, error) {
		pair, err := t.Generate(ks.ctx, req)
		var out event.OperationFinished
		if pair != nil {
			out.Key = eventKey(pair)
			out.Census = changed(pair.Before, pair.After)
		}
		if err == nil {
			ks.handles[k.ID], ks.state.Keys[k.ID], ks.lastRead[k.ID] = pair.Handle(), pair.SPKI, pair
		}
		return out, err
	})
	if err != nil {
		return err
	}
	return ks.checkNewKey(k)
}

// changed is what a call made of the objects of a token; nil where nobody could count them
// after it, as the device did not answer any more.
func changed(before, after token.Census) *event.CensusChange {
	if after == nil {
		return nil
	}
	added, removed := token.Difference(before, after)
	return &event.CensusChange{Added: eventObjects(added), Removed: eventObjects(removed)}
}

// locate finds a key pair that was made here, in the process that runs now.
func (ks *keys) locate(k *plan.Key, label string, id, spki []byte) (*token.Pair, error) {
	asked := event.Key{Label: label, ID: hex.EncodeToString(id)}
	if spki != nil {
		asked.SPKISHA256 = plan.SHA256Hex(spki)
	}
	return ks.search(k, asked, func(t token.Token) (*token.Pair, error) { return t.Find(ks.ctx, label, id, spki) })
}

// search looks for a key pair, with the record around it.
func (ks *keys) search(k *plan.Key, asked event.Key, look func(t token.Token) (*token.Pair, error)) (*token.Pair, error) {
	var found *token.Pair
	err := ks.tokens.operation(event.OperationIntended{What: event.WhatFind, Token: k.Token, Key: &asked}, func() (event.OperationFinished, error) {
		pair, err := look(ks.tokens.of(k))
		found = pair
		var out event.OperationFinished
		if pair != nil {
			out.Key, ks.lastRead[k.ID] = eventKey(pair), pair
		}
		return out, err
	})
	return found, err
}

// locateRecorded finds a key pair that the journal knows, by id and public key.
func (ks *keys) locateRecorded(k *plan.Key, label string, recorded event.Key) (*token.Pair, error) {
	if !k.Made(ks.state.Rehearsal) {
		name := verify.NameOf(ks.o.Site, ks.journal.History(), k)
		return ks.recognise(k, token.KeyName{Label: name.Label, ID: recorded.ID, Facts: name.Facts})
	}
	spki, err := base64.StdEncoding.DecodeString(recorded.SPKI)
	if err != nil {
		return nil, fmt.Errorf("reading its public key: %w", err)
	}
	if len(spki) == 0 {
		spki = nil // it is found by its id
	}
	id, err := hex.DecodeString(recorded.ID)
	if err != nil {
		return nil, fmt.Errorf("reading its id: %w", err)
	}
	return ks.locate(k, label, id, spki)
}

// keyLeft is a key pair that an earlier attempt of a step left on a token.
type keyLeft struct {
	*plan.Key
	token.Handle
	label string
}

// left finds the keys that a generate step has made so far, also those of a
// call that failed after it had its effect.
func (ks *keys) left(st *plan.Step) ([]keyLeft, error) {
	if st.Kind != plan.StepGenerate {
		return nil, nil
	}
	var left []keyLeft
	for _, id := range st.Keys {
		k := ks.state.Plan.Key(id)
		if h, ok := ks.handles[id]; ok {
			left = append(left, keyLeft{k, h, ks.state.label(k)})
			continue
		}
		failed, ok := ks.state.replay.LeftBehind[id]
		if !ok {
			continue
		}
		pair, err := ks.locateRecorded(k, failed.Label, failed)
		if errors.Is(err, token.ErrNoSuchKey) {
			continue // the failed call left nothing after all
		}
		if err != nil {
			return nil, fmt.Errorf("looking for key %s of the earlier attempt: %w", id, err)
		}
		left = append(left, keyLeft{k, pair.Handle(), failed.Label})
	}
	return left, nil
}

// finish takes the last census of each token and closes it. In a
// rehearsal on devices the keys made are destroyed first, with evidence.
func (ks *keys) finish() error {
	if ks.state.Rehearsal && ks.o.Site != nil {
		if err := ks.destroyAll(); err != nil {
			return err
		}
	}
	return ks.tokens.shut(event.CensusClosing)
}

// destroyAll destroys every key that was made, also where one of them cannot be.
func (ks *keys) destroyAll() error {
	var failed error
	for _, k := range ks.state.Plan.Keys {
		if h, made := ks.handles[k.ID]; made {
			failed = errors.Join(failed, ks.destroy(&k, h))
		}
	}
	return failed
}

// destroy deletes a key pair, with the census before and after as evidence.
func (ks *keys) destroy(k *plan.Key, h token.Handle) error {
	return ks.destroyPair(k, ks.state.label(k), h)
}

func (ks *keys) destroyPair(k *plan.Key, label string, h token.Handle) error {
	intent := event.OperationIntended{What: event.WhatDestroy, Token: k.Token,
		Key: &event.Key{Label: label, ID: hex.EncodeToString(h.ID), SPKISHA256: plan.SHA256Hex(h.SPKI)}}
	return ks.tokens.operation(intent, func() (event.OperationFinished, error) {
		d, err := ks.tokens.of(k).Destroy(ks.ctx, h.ID, h.SPKI)
		var out event.OperationFinished
		if d != nil {
			out.Census = changed(d.Before, d.After)
		}
		return out, err
	})
}
