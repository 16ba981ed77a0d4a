// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// use finds a key that exists, and has it prove that it is the one. Where its token does
// not show which private key it is, people choose; where they chose another, they choose
// again.
func (ks *keys) use(st plan.Step, k *plan.Key) error {
	ks.say("%4s  Looking for key %s on token %s", st.ID, k.ID, k.Token)
	for {
		name := verify.NameOf(ks.o.Site, ks.journal.History(), k)
		pair, err := ks.recognise(k, name)
		if open, is := errors.AsType[*undecided](err); is {
			if err := ks.choose(k, open); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		err = ks.useAs(k, pair)
		if !errors.Is(err, token.ErrBadSignature) || name == (token.KeyName{}) && !pair.By.ByID() {
			return err
		}
		ks.forget(k.ID)
		ks.say("\n      THAT IS NOT KEY %s. Its signature does not verify under the public key of the\n      certificate. It signed nothing but a proof, which is recorded as what it is.", k.ID)
		if name == (token.KeyName{}) {
			return &otherKey{fmt.Errorf("token %q: the private key with id %x is not key %s: it was found by %s", k.Token, pair.ID, k.ID, pair.By), err}
		}
	}
}

// otherKey is a private key that was taken by its id and is another one.
type otherKey struct {
	error
	proof error
}

// Unwrap says what its proof was.
func (o *otherKey) Unwrap() error { return o.proof }

// useAs has a key pair on a token be a key of the plan, once it has signed its proof.
func (ks *keys) useAs(k *plan.Key, pair *token.Pair) error {
	ks.take(k.ID, pair)
	ks.say("      found; SHA-256 of its public key (SPKI):\n%s", plan.Groups(plan.SHA256Hex(pair.SPKI)))
	if lost := eventKey(pair).Restored(); len(lost) > 0 {
		ks.say("      restored or imported: the module reports as false: %s", strings.Join(lost, ", "))
	}
	if pair.AsksEachTime() {
		c, err := ks.o.Site.Device(k.Token)
		if err != nil {
			return err
		}
		ks.say("%s", plan.Indent("It asks for the PIN before each signature: "+eachTime(c.Login), 6))
	}
	if err := ks.accept(k); err != nil {
		return err
	}
	return ks.proveUse(k)
}

// eachTime says what happens before each signature with a key that asks for the PIN.
func eachTime(how token.LoginMode) string {
	switch how {
	case token.LoginPad:
		return "each time somebody enters it at the PIN pad."
	case token.LoginNone, token.LoginExternal:
		return "with login: " + string(how) + " in the site file it gets none."
	}
	return "it gets the one that was typed when the token was opened."
}

// recognise finds a key that existed before, in the process that runs now, by what its
// token shows of it: its halves need be no pair. name says how the private key is called,
// as far as somebody knows. The error is [*undecided] where people can choose.
func (ks *keys) recognise(k *plan.Key, name token.KeyName) (*token.Pair, error) {
	spki, err := ks.state.InputSPKI(k.Input, false)
	if err != nil {
		return nil, err
	}
	known := token.Known{SPKI: spki, Label: name.Label, Facts: name.Facts}
	if known.ID, err = hex.DecodeString(name.ID); err != nil {
		return nil, fmt.Errorf("reading the id of key %s: %w", k.ID, err)
	}
	known.Identifier, _, _ = ks.state.Inputs[k.Input].Cert().SubjectKeyID() // it is one more place to look
	return ks.search(k, event.Key{Label: name.Label, ID: name.ID, Facts: name.Facts, SPKISHA256: plan.SHA256Hex(spki)}, func(t token.Token) (*token.Pair, error) {
		shown, err := t.Traces(ks.ctx, known)
		if err != nil {
			return nil, err
		}
		return pick(fmt.Sprintf("token %q: key %s", k.Token, k.ID), shown)
	})
}

// pick gives the key pair that a token shows to be a key. The error is [*undecided] where
// people can choose.
func pick(about string, shown *token.Traces) (*token.Pair, error) {
	pair, err := shown.Pick()
	if err == nil {
		return pair, nil
	}
	err = fmt.Errorf("%s: %w", about, err)
	among, alike := choices(shown)
	if len(alike) > 0 {
		which := ""
		if len(among) > 0 { // else all of them, which are listed
			which = ": " + token.Halves(alike)
		}
		err = fmt.Errorf("%w; nobody can say which of these it is, as they have the same label and id, and nothing else that is read tells them apart%s; give one of them another label or id with the vendor's tool", err, which)
	}
	if len(among) > 0 {
		err = &undecided{among, alike, err}
	}
	return nil, err
}

// undecided is the end of a search after which several private keys remain, or such as
// show nothing of themselves.
type undecided struct {
	among, alike []token.Half
	error
}

// Unwrap gives the error without the choice.
func (u *undecided) Unwrap() error { return u.error }

// choices are the private keys of which people can say that it is the one: those that
// label, id and facts name alone. The others are alike: what people say of one holds for
// each, and its number on the token is another in the next process.
func choices(shown *token.Traces) (among, alike []token.Half) {
	all := shown.Candidates()
	if len(all) == 0 {
		all = shown.Untold
	}
	for _, h := range all {
		if h.Alike(all) > 0 {
			alike = append(alike, h)
		} else {
			among = append(among, h)
		}
	}
	return among, alike
}

// choose has two people say which private key a key of the plan is, as a deviation.
func (ks *keys) choose(k *plan.Key, open *undecided) error {
	ks.say("\n      TOKEN %s DOES NOT SHOW WHICH PRIVATE KEY IS KEY %s. None signs to find out.", k.Token, k.ID)
	var words []string
	for i := range open.among {
		words = append(words, strconv.Itoa(i+1))
		ks.say("%s", plan.Indent(fmt.Sprintf("%d: %s", i+1, token.Halves(open.among[i:i+1])), 6))
	}
	if len(open.alike) > 0 {
		ks.say("%s", plan.Indent(fmt.Sprintf("Not to be chosen, as nothing that is read tells them apart: %s", token.Halves(open.alike)), 6))
	}
	words = append(words, wordStop)
	var word string
	err := ks.room.asking(func() (err error) {
		word, err = ks.o.People.Choice("Which of them is key "+k.ID, words)
		return err
	})
	if err != nil {
		return err
	}
	i := slices.Index(words, word)
	if i < 0 || i >= len(open.among) {
		return &decline{problem: keyUnchosen}
	}
	chosen := open.among[i]
	by, err := ks.room.mustAgree("use", fmt.Sprintf("Use the %s as key %s, as a deviation", chosen.Called(), k.ID), keyUnchosen)
	if err != nil {
		return err
	}
	return ks.note(event.DeviationRecorded{
		Exception: event.ExceptionChosen, Expected: fmt.Sprintf("token %s shows which private key is key %s", k.Token, k.ID), Happened: event.Seen(open.Error()),
		Decision: fmt.Sprintf("the %s is key %s, if its proof verifies", chosen.Called(), k.ID), DecidedBy: by,
		Chosen: &event.Key{Label: chosen.Object.Label, ID: chosen.Object.ID, Facts: chosen.Facts, SPKISHA256: k.SPKISHA256},
	}, ks.o.People.How(), by...)
}
