// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/token"
	"rootceremony/transcripts"
)

// tokens are the devices of the ceremony: opened, counted, called between an intent
// and a result, and closed.
type tokens struct {
	*session
	work     *work
	room     *room
	byName   map[string]token.Token // those that are open
	seen     map[string]bool        // token and id of objects
	last     int                    // number of the last operation
	rootSaid bool                   // people accepted in this session that the program runs as root
}

// open opens every token of the plan and takes a census of each. A label
// that is taken is found here, before any key is made.
func (ts *tokens) open() error {
	if err := ts.asRoot(); err != nil {
		return err
	}
	for _, name := range ts.work.Plan.Tokens() {
		if ts.byName[name] != nil {
			continue // an amendment may name more tokens
		}
		t, err := ts.openOne(name)
		if err != nil {
			return err
		}
		ts.byName[name] = t
		if err := ts.note(openedEvent(t), transcripts.Reported); err != nil {
			return err
		}
		if t.Info().Software && ts.o.Site != nil && !ts.o.Site.SoftwareToken {
			return &Refusal{Reason: fmt.Sprintf("token %q is a software token (%s)", name, t.Info().Model),
				Hint: ts.otherSite("a trial says software-token: true in its site file")}
		}
		if err := ts.offered(t); err != nil {
			return err
		}
		if err := ts.census(t, "opened"); err != nil {
			return err
		}
	}
	return nil
}

// offered refuses a token that says it cannot do what the plan needs of it.
func (ts *tokens) offered(t token.Token) error {
	for _, k := range ts.work.Plan.Keys {
		if k.Token != t.Name() {
			continue
		}
		generate := k.Source == plan.KeyGenerated && !ts.work.made(&k) || ts.work.Rehearsal
		if lacks := t.Info().Unoffered(token.Algorithm(k.Algorithm), generate); lacks != "" {
			return &Refusal{Reason: fmt.Sprintf("token %q does not offer %s, which key %q (%s) needs", t.Name(), lacks, k.ID, k.Algorithm),
				Hint: ts.otherSite("name another device in the site file, or another algorithm in the ceremony file")}
		}
	}
	return nil
}

// otherSite is the hint where only another site file or plan helps. A bundle is
// of one site: with another the ceremony is begun anew.
func (ts *tokens) otherSite(text string) string {
	c := ts.work.commands()
	switch {
	case len(ts.work.past.Records) > 0:
		return "put in the device with which it was begun:\n  " + c.Resume()
	case ts.o.Mode == transcripts.Rehearsal:
		return text + "; then\n  " + c.RehearseAgain()
	}
	return text + "; then\n  " + c.RunElsewhere()
}

func (ts *tokens) openOne(name string) (token.Token, error) {
	if ts.o.Site == nil {
		return token.NewMemory(name, ts.o.Rand), nil
	}
	c, err := ts.o.Site.Device(name)
	if err != nil {
		return nil, err
	}
	ts.say("\nOpening token %s (%s)", name, c.Label)
	return ts.o.OpenToken(ts.ctx, c, ts.login(name))
}

// census records all objects of a token and refuses labels that are taken.
func (ts *tokens) census(t token.Token, when string) error {
	objects, err := t.Census(ts.ctx)
	if err != nil {
		return err
	}
	for _, o := range objects {
		ts.seen[t.Name()+" "+o.ID] = true
	}
	if err := ts.note(transcripts.TokenCensus{Token: t.Name(), When: when, Objects: eventObjects(objects)}, transcripts.Reported); err != nil {
		return err
	}
	if when != "opened" {
		return nil
	}
	for _, k := range ts.work.Plan.Keys {
		if k.Token != t.Name() || (k.Source != plan.KeyGenerated && !ts.work.Rehearsal) || ts.work.made(&k) {
			continue
		}
		for _, o := range objects {
			if o.Label == ts.work.label(&k) {
				return fmt.Errorf("token %q holds a %s with label %q already: %w; no key was made; use an empty token, or rename the key in the ceremony file",
					t.Name(), o.Class, o.Label, token.ErrKeyExists)
			}
		}
	}
	return nil
}

// made reports whether an earlier session made a key, or may have.
func (w *work) made(k *plan.Key) bool {
	_, made := w.past.Keys[k.ID]
	_, left := w.past.LeftBehind[k.ID]
	ok := made || left
	for _, in := range w.past.Open {
		ok = ok || in.Key != nil && in.Key.Label == w.label(k)
	}
	return ok
}

// label is what a key is called on its token.
func (w *work) label(k *plan.Key) string {
	return k.Label(w.Rehearsal, w.past.Attempts[w.Plan.Generates(k)])
}

// operation brackets a call of a token between its intent and its result, both
// on the medium before anything else happens.
func (ts *tokens) operation(intent transcripts.OperationIntended, call func() (transcripts.OperationFinished, error)) error {
	if err := ts.ctx.Err(); err != nil {
		return err
	}
	ts.last++
	intent.Operation = ts.last
	intent.PlanSHA256 = hex.EncodeToString(ts.work.Digest[:])
	if err := ts.note(intent, transcripts.Observed); err != nil {
		return err
	}
	began := ts.o.Clock.Mono()
	result, err := call()
	result.Operation, result.What, result.Token = intent.Operation, intent.What, intent.Token
	result.DurationMS = (ts.o.Clock.Mono() - began).Milliseconds()
	if err == nil {
		return ts.note(result, transcripts.Reported)
	}
	failed := transcripts.OperationFailed{
		Operation: result.Operation, What: result.What, Token: result.Token, DurationMS: result.DurationMS,
		Error: err.Error(), Effect: effect(err), Key: result.Key, Signature: result.Signature, Census: result.Census,
	}
	return errors.Join(err, ts.note(failed, transcripts.Reported))
}

// effect says what is known of an operation that failed.
func effect(err error) string {
	var worker *token.WorkerError
	var module *token.ModuleError
	var signature *token.SignatureError
	switch {
	case errors.Is(err, token.ErrOrphan), errors.As(err, &signature):
		return transcripts.EffectHappened
	case errors.As(err, &worker) && worker.Effect, errors.As(err, &module) && module.Effect:
		return transcripts.EffectUnknown
	}
	return transcripts.EffectNone
}

// generate makes one key pair under an id that is journaled before the call.
func (ks *keys) generate(k *plan.Key) error {
	t := ks.tokens.byName[k.Token]
	id, err := ks.tokens.drawID(k.Token)
	if err != nil {
		return err
	}
	req := token.Request{Label: ks.work.label(k), ID: id, Algorithm: token.Algorithm(k.Algorithm)}
	intent := transcripts.OperationIntended{What: transcripts.WhatGenerate, Token: k.Token,
		Key: &transcripts.Key{Label: req.Label, ID: hex.EncodeToString(id), Algorithm: string(k.Algorithm)}}
	err = ks.tokens.operation(intent, func() (transcripts.OperationFinished, error) {
		pair, err := t.Generate(ks.ctx, req)
		var out transcripts.OperationFinished
		if pair != nil {
			out.Key = eventKey(pair)
			added, removed := token.Difference(pair.Before, pair.After)
			out.Census = &transcripts.CensusChange{Added: eventObjects(added), Removed: eventObjects(removed)}
		}
		if err == nil {
			ks.handles[k.ID], ks.work.Keys[k.ID], ks.lastRead[k.ID] = pair.Handle(), pair.SPKI, pair
		}
		return out, err
	})
	if err != nil {
		return err
	}
	return ks.trustworthy(k)
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
	return nil, fmt.Errorf("token %q: no key id is free among 1000 that were drawn", name)
}

// template names the template that keys on a token are made with.
func (ts *tokens) template(name string) (string, error) {
	if ts.o.Site == nil {
		return token.DefaultTemplate, nil
	}
	c, err := ts.o.Site.Device(name)
	return c.Template, err
}

// locate finds a key pair by its public key, in the process that runs now.
func (ks *keys) locate(k *plan.Key, label string, id, spki []byte) (*token.Pair, error) {
	t := ks.tokens.byName[k.Token]
	intent := transcripts.OperationIntended{What: transcripts.WhatFind, Token: k.Token,
		Key: &transcripts.Key{Label: label, ID: hex.EncodeToString(id)}}
	if spki != nil {
		intent.Key.SPKISHA256 = plan.SHA256Hex(spki)
	}
	var found *token.Pair
	err := ks.tokens.operation(intent, func() (transcripts.OperationFinished, error) {
		pair, err := t.Find(ks.ctx, label, id, spki)
		found = pair
		var out transcripts.OperationFinished
		if pair != nil {
			out.Key, ks.lastRead[k.ID] = eventKey(pair), pair
		}
		return out, err
	})
	return found, err
}

// locateRecorded finds a key pair that the journal knows, by id and public key.
func (ks *keys) locateRecorded(k *plan.Key, label string, recorded transcripts.Key) (*token.Pair, error) {
	spki, err := base64.StdEncoding.DecodeString(recorded.SPKI)
	if err != nil {
		return nil, fmt.Errorf("reading its public key: %w", err)
	}
	id, err := hex.DecodeString(recorded.ID)
	if err != nil {
		return nil, fmt.Errorf("reading its id: %w", err)
	}
	return ks.locate(k, label, id, spki)
}

// random draws bytes from a token's generator.
func (ts *tokens) random(name, purpose string, n int) ([]byte, error) {
	var drawn []byte
	intent := transcripts.OperationIntended{What: transcripts.WhatRandom, Token: name, Purpose: purpose}
	err := ts.operation(intent, func() (transcripts.OperationFinished, error) {
		var err error
		drawn, err = ts.byName[name].Random(ts.ctx, n)
		return transcripts.OperationFinished{Random: base64.StdEncoding.EncodeToString(drawn)}, err
	})
	return drawn, err
}

func (ks *keys) destroyAll() error {
	for _, k := range ks.work.Plan.Keys {
		if h, made := ks.handles[k.ID]; made {
			if err := ks.destroy(&k, h); err != nil {
				return err
			}
		}
	}
	return nil
}

// destroy deletes a key pair, with the census before and after as evidence.
func (ks *keys) destroy(k *plan.Key, h token.Handle) error {
	return ks.destroyPair(k, ks.work.label(k), h)
}

func (ks *keys) destroyPair(k *plan.Key, label string, h token.Handle) error {
	intent := transcripts.OperationIntended{What: transcripts.WhatDestroy, Token: k.Token,
		Key: &transcripts.Key{Label: label, ID: hex.EncodeToString(h.ID), SPKISHA256: plan.SHA256Hex(h.SPKI)}}
	return ks.tokens.operation(intent, func() (transcripts.OperationFinished, error) {
		d, err := ks.tokens.byName[k.Token].Destroy(ks.ctx, h.ID, h.SPKI)
		var out transcripts.OperationFinished
		if d != nil {
			added, removed := token.Difference(d.Before, d.After)
			out.Census = &transcripts.CensusChange{Added: eventObjects(added), Removed: eventObjects(removed)}
		}
		return out, err
	})
}

// openedEvent writes down what a token and its module say of themselves.
func openedEvent(t token.Token) transcripts.TokenOpened {
	i := t.Info()
	e := transcripts.TokenOpened{
		Token: t.Name(), Label: i.Label, Serial: i.Serial, Model: i.Model, Manufacturer: i.Manufacturer,
		Firmware: i.Firmware, Hardware: i.Hardware, Flags: i.Flags, Libraries: i.Libraries,
		Environment: i.Environment, Software: i.Software,
	}
	if i.ModulePath != "" {
		e.Module = &transcripts.Module{Path: i.ModulePath, Description: i.ModuleDescription, Manufacturer: i.ModuleManufacturer,
			Version: i.ModuleVersion, Cryptoki: i.Cryptoki, SHA256: i.ModuleSHA256}
	}
	return e
}

func eventObjects(c token.Census) []transcripts.Object {
	out := []transcripts.Object{}
	for _, o := range c {
		out = append(out, transcripts.Object(o))
	}
	return out
}

func eventKey(p *token.Pair) *transcripts.Key {
	k := &transcripts.Key{Label: p.Label, ID: hex.EncodeToString(p.ID), Algorithm: string(p.Algorithm),
		SPKI: base64.StdEncoding.EncodeToString(p.SPKI), SPKISHA256: plan.SHA256Hex(p.SPKI)}
	for _, a := range p.Attributes {
		k.Attributes = append(k.Attributes, transcripts.Attribute{Half: string(a.Half), Name: a.Name, State: string(a.State), Value: a.Value})
	}
	return k
}

func joinWords(words []string) string { return strings.Join(words, " ") }

// signingTime is the moment of signing: whole seconds of the ceremony clock.
func (s *session) signingTime() time.Time { return s.clock.Now().UTC().Truncate(time.Second) }
