// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// tokens are the devices of the ceremony: opened, counted, called between an intent
// and a result, and closed.
type tokens struct {
	*session
	state    *state
	room     *room
	byName   map[string]token.Token // those that are open
	seen     map[string]bool        // token and id of objects
	held     held                   // the objects of each token since it was opened
	last     int                    // number of the last operation
	rootSaid bool                   // people accepted in this session that the program runs as root
}

// open opens every token of the plan and takes a census of each. A label
// that is taken is found here, before any key is made. A ceremony that is abandoned
// does without a token that cannot be opened.
func (ts *tokens) open() error {
	if err := ts.asRoot(); err != nil {
		return err
	}
	next := ts.state.next()
	for _, name := range ts.state.Plan.Tokens() {
		if ts.byName[name] != nil || !slices.Contains(next.Tokens(), name) && !ts.state.used(name) {
			continue // an amendment may name more tokens, and fewer
		}
		err := ts.openNamed(name)
		if err != nil && ts.o.Abandon && problemOf(err) != stopped {
			err = ts.without(name, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// openNamed opens a token, refuses one that cannot do what the plan needs, and counts
// its objects.
func (ts *tokens) openNamed(name string) error {
	t, err := ts.openOne(name)
	if err != nil {
		return err
	}
	ts.byName[name] = t
	if err := ts.state.sameAs(name, t.Info()); err != nil {
		return err
	}
	if err := ts.note(openedEvent(t), event.Reported); err != nil {
		return err
	}
	if err := ts.state.fits(name, t.Info()); err != nil {
		return err
	}
	return ts.census(t, event.CensusOpened)
}

// without records that a ceremony is abandoned although a token fails: what is on it
// is not counted.
func (ts *tokens) without(name string, failure error) error {
	ts.say("\n      TOKEN %s FAILS: %v.\n      The ceremony is abandoned without it; its objects are not counted.", name, failure)
	return ts.note(event.NotCounted(name, event.Seen(failure.Error())), event.Observed)
}

// of gives the open token of a key.
func (ts *tokens) of(k *plan.Key) token.Token { return ts.byName[k.Token] }

func (ts *tokens) openOne(name string) (token.Token, error) {
	if ts.o.Site == nil {
		return token.NewMemory(name, ts.o.Rand), nil
	}
	c, err := ts.o.Site.Device(name)
	if err != nil {
		return nil, err
	}
	if err := ts.room.await(c.PINParts, "knows a part of the PIN of token "+name); err != nil {
		return nil, err
	}
	ts.say("\nOpening token %s (%s)", name, c.Label)
	return ts.openDevice(c, ts.login(name))
}

// census records all objects of a token and refuses labels that are taken.
func (ts *tokens) census(t token.Token, when string) error {
	over := ts.waiting("token " + t.Name() + " lists its objects")
	objects, err := t.Census(ts.ctx)
	over()
	if err != nil {
		return err
	}
	for _, o := range objects {
		ts.seen[t.Name()+" "+o.ID] = true
	}
	counted := eventObjects(objects)
	if when != event.CensusOpened {
		if err := ts.held.compare(t.Name(), counted, ts.journal.History().Operations); err != nil {
			return err
		}
	}
	if err := ts.note(event.TokenCensus{Token: t.Name(), When: when, Objects: counted}, event.Reported); err != nil || when != event.CensusOpened {
		return err
	}
	ts.held[t.Name()] = counted
	return ts.state.free(t.Name(), objects)
}

// operation brackets a call of a token between its intent and its result, both
// on the medium before anything else happens.
func (ts *tokens) operation(intent event.OperationIntended, call func() (event.OperationFinished, error)) error {
	if err := ts.ctx.Err(); err != nil {
		return err
	}
	if intent.What == event.WhatGenerate || intent.What == event.WhatSign {
		if _, err := ts.room.inWindow(ts.signingTime()); err != nil { // people may have taken long since it was prepared
			return err
		}
	}
	ts.last++
	intent.Operation = ts.last
	intent.PlanSHA256 = hex.EncodeToString(ts.state.Digest[:])
	if err := ts.note(intent, event.Observed); err != nil {
		return err
	}
	began := ts.o.Clock.Mono()
	over := ts.waiting(doing(intent))
	result, err := call()
	over()
	result.Operation, result.What, result.Token = intent.Operation, intent.What, intent.Token
	result.DurationMS = (ts.o.Clock.Mono() - began).Milliseconds()
	if err == nil {
		ts.held.change(intent.Token, result.Census)
		return ts.note(result, event.Reported)
	}
	failed := event.OperationFailed{
		Operation: result.Operation, What: result.What, Token: result.Token, DurationMS: result.DurationMS,
		Error: err.Error(), Effect: effect(err), Key: result.Key, Signature: result.Signature, Census: result.Census,
	}
	return errors.Join(err, ts.note(failed, event.Reported))
}

// effect says what is known of an operation that failed.
func effect(err error) string {
	var worker *token.WorkerError
	var module *token.ModuleError
	var signature *token.SignatureError
	switch {
	case errors.Is(err, token.ErrOrphan), errors.As(err, &signature):
		return event.EffectHappened
	case errors.As(err, &worker) && worker.Effect, errors.As(err, &module) && module.Effect:
		return event.EffectUnknown
	}
	return event.EffectNone
}

// drawID draws the id of a new key. Where ids are short, one that was seen on the
// token is drawn again.
func (ts *tokens) drawID(name string) ([]byte, error) {
	template, err := ts.template(name)
	if err != nil {
		return nil, err
	}
	for range 1000 {
		id, err := token.NewID(ts.o.Rand, template)
		if err != nil {
			return nil, err
		}
		if seen := name + " " + hex.EncodeToString(id); !ts.seen[seen] {
			ts.seen[seen] = true
			return id, nil
		}
	}
	return nil, fmt.Errorf("token %q: no free key id in 1000 draws", name)
}

// template is the template that keys on a token are made with.
func (ts *tokens) template(name string) (token.Template, error) {
	if ts.o.Site == nil {
		return token.Named(token.DefaultTemplate), nil
	}
	c, err := ts.o.Site.Device(name)
	return c.Chosen(), err
}

// random draws bytes from a token's generator, for the serial number of an artifact.
func (ts *tokens) random(name, artifact string, n int) ([]byte, error) {
	var drawn []byte
	intent := event.OperationIntended{What: event.WhatRandom, Token: name, Purpose: event.PurposeSerial, For: artifact}
	err := ts.operation(intent, func() (event.OperationFinished, error) {
		var err error
		drawn, err = ts.byName[name].Random(ts.ctx, n)
		return event.OperationFinished{Random: base64.StdEncoding.EncodeToString(drawn)}, err
	})
	return drawn, err
}

// close ends all workers; it works after errors too.
func (ts *tokens) close() {
	for _, t := range ts.byName {
		_ = t.Close() // a worker that is gone cannot be closed; its end is in the journal
	}
}

// shut takes the last census of each token and closes it, also of one that an amendment
// took out of the plan.
func (ts *tokens) shut(when string) error {
	for _, name := range append(ts.state.Plan.Tokens(), slices.Sorted(maps.Keys(ts.byName))...) {
		t := ts.byName[name]
		if t == nil {
			continue // it was never opened, or is closed by now
		}
		err := ts.census(t, when)
		if err != nil && ts.o.Abandon {
			err = ts.without(name, err)
		}
		if err != nil {
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
// made and recorded before: it is a deviation, and the ceremony continues. The worker
// that was logged in has ended.
func (ts *tokens) shutOne(t token.Token) error {
	closed := event.TokenClosed{Token: t.Name()}
	over := ts.waiting("token " + t.Name() + " is closed")
	err := t.Close()
	over()
	if err != nil {
		closed.Error = event.Seen(err.Error())
		ts.say("\n      TOKEN %s DID NOT CLOSE CLEANLY: %v.\n      The ceremony continues; remove the token or cut its power.", t.Name(), err)
		if err := ts.note(event.NotClosed(t.Name(), closed.Error), event.Observed); err != nil {
			return err
		}
	}
	if c := ts.tries(t.Name()); c.Login == token.LoginExternal {
		ts.say("\n      TOKEN %s IS STILL LOGGED IN, as another program did that. Log out with it.", t.Name())
	}
	return ts.note(closed, event.Reported)
}

// openedEvent writes down what a token and its module say of themselves.
func openedEvent(t token.Token) event.TokenOpened {
	i := t.Info()
	e := event.TokenOpened{
		Token: t.Name(), Label: i.Label, Serial: i.Serial, Model: i.Model, Manufacturer: i.Manufacturer,
		Firmware: i.Firmware, Hardware: i.Hardware, Flags: i.Flags, Libraries: i.Libraries,
		Environment: i.Environment, Software: i.Software,
	}
	if i.ModulePath != "" {
		e.Module = &event.Module{Path: i.ModulePath, Description: i.ModuleDescription, Manufacturer: i.ModuleManufacturer,
			Version: i.ModuleVersion, Cryptoki: i.Cryptoki, SHA256: i.ModuleSHA256}
	}
	return e
}

func eventObjects(c token.Census) []event.Object {
	out := []event.Object{}
	for _, o := range c {
		out = append(out, event.Object(o))
	}
	return out
}

func eventKey(p *token.Pair) *event.Key {
	k := &event.Key{Label: p.Label, ID: hex.EncodeToString(p.ID), Algorithm: string(p.Algorithm)}
	if len(p.SPKI) > 0 { // a call that failed may not have read it back
		k.SPKI, k.SPKISHA256 = base64.StdEncoding.EncodeToString(p.SPKI), plan.SHA256Hex(p.SPKI)
	}
	for _, a := range p.Attributes {
		k.Attributes = append(k.Attributes, event.Attribute{Half: string(a.Half), Name: a.Name, State: string(a.State), Value: a.Value})
	}
	return k
}
