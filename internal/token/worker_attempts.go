// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"errors"
	"fmt"
	"strings"

	"github.com/miekg/pkcs11"
)

// errImpotent says that an attempt could not be made.
var errImpotent = errors.New("the token lacks what it needs")

// errNoEffect says that the module reported success, and nothing changed.
var errNoEffect = errors.New("reported as done, and nothing changed")

// attempt tries one thing on a sacrificial key. What a module gives of the key stays in
// this process.
func (w *worker) attempt(handle Handle, what string) (*Attempt, error) {
	found, err := w.findPair("", handle)
	if err != nil {
		return nil, err
	}
	label, err := w.attribute(found.private, pkcs11.CKA_LABEL)
	if err != nil {
		return nil, fmt.Errorf("reading CKA_LABEL: %w", err)
	}
	if err := checkSacrificial(string(label)); err != nil {
		return nil, err
	}
	try := tries[what]
	if try == nil {
		return nil, fmt.Errorf("unknown attempt %q", what)
	}
	if w.tether.gone() {
		return nil, errGone
	}
	a := attempted(what)
	a.Found, err = try(w, found)
	switch _, code := rvOf(err); {
	case err == nil:
		a.Outcome = Allowed
	case errors.Is(err, errNoEffect):
		a.Outcome, a.Found = NoEffect, err.Error()
	case errors.Is(err, errImpotent):
		a.Outcome, a.Found = Impotent, err.Error()
	case code:
		a.Outcome, a.Found = Refused, codesOf(err)
	default:
		return nil, err
	}
	return a, nil
}

// codesOf names the CKR_ of one error, or of several that were joined.
func codesOf(err error) string {
	joined, several := err.(interface{ Unwrap() []error }) // of this error itself
	if !several {
		return codeOf(err)
	}
	var all []string
	for _, e := range joined.Unwrap() {
		all = append(all, e.Error())
	}
	return strings.Join(all, ", ")
}

// tries make the attempts: they say what was given or changed.
var tries = map[string]func(w *worker, found *foundPair) (string, error){
	tryRead:      (*worker).tryRead,
	tryWrap:      (*worker).tryWrap,
	tryWrapAgain: (*worker).tryWrap,
	tryReadAgain: (*worker).tryRead,
	tryCopyOut:   tryCopy("CKA_EXTRACTABLE", true),
	tryCopyPlain: tryCopy("CKA_SENSITIVE", false),
	trySetOut:    trySet("CKA_EXTRACTABLE", true),
	trySetPlain:  trySet("CKA_SENSITIVE", false),
	trySetUsage: func(w *worker, found *foundPair) (string, error) {
		usage := "CKA_DECRYPT"
		if found.algorithm.Curve() != nil {
			usage = "CKA_DERIVE"
		}
		return trySet(usage, true)(w, found)
	},
	trySetLabel: (*worker).tryLabel,
}

// tryRead reads the number that is the private key.
func (w *worker) tryRead(found *foundPair) (string, error) {
	kind, name := uint(pkcs11.CKA_PRIVATE_EXPONENT), "CKA_PRIVATE_EXPONENT"
	if found.algorithm.Curve() != nil {
		kind, name = pkcs11.CKA_VALUE, "CKA_VALUE"
	}
	value, err := w.attribute(found.private, kind)
	defer clear(value)
	switch {
	case err != nil:
		return "", err
	case len(value) == 0:
		return "", fmt.Errorf("%s is empty: %w", name, errNoEffect)
	}
	return fmt.Sprintf("%s has %d bytes", name, len(value)), nil
}

// wrappings are the ways of an AES key to wrap one of any length.
var wrappings = []struct {
	name string
	kind uint
	iv   []byte
}{
	{"CKM_AES_KEY_WRAP_PAD", 0x210a, nil}, {"CKM_AES_KEY_WRAP_KWP", 0x210b, nil},
	{"CKM_AES_KEY_WRAP", pkcs11.CKM_AES_KEY_WRAP, nil}, {"CKM_AES_CBC_PAD", pkcs11.CKM_AES_CBC_PAD, make([]byte, 16)},
}

// tryWrap wraps the key with an AES key that lives as long as the session.
func (w *worker) tryWrap(found *foundPair) (string, error) {
	template := []*pkcs11.Attribute{
		pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_SECRET_KEY), pkcs11.NewAttribute(pkcs11.CKA_KEY_TYPE, pkcs11.CKK_AES),
		pkcs11.NewAttribute(pkcs11.CKA_VALUE_LEN, 32), pkcs11.NewAttribute(pkcs11.CKA_TOKEN, false),
		pkcs11.NewAttribute(pkcs11.CKA_WRAP, true), pkcs11.NewAttribute(pkcs11.CKA_LABEL, changedByTrial),
	}
	key, err := w.direct.GenerateKey(w.session, []*pkcs11.Mechanism{pkcs11.NewMechanism(pkcs11.CKM_AES_KEY_GEN, nil)}, template)
	if err != nil {
		return "", fmt.Errorf("%w: no AES key could be made: %s", errImpotent, codeOf(err))
	}
	defer func() { _ = w.direct.DestroyObject(w.session, key) }() // it ends with the session at the latest
	var refused []error
	for _, how := range wrappings {
		wrapped, err := w.direct.WrapKey(w.session, []*pkcs11.Mechanism{pkcs11.NewMechanism(how.kind, how.iv)}, key, found.private)
		clear(wrapped)
		if err == nil && len(wrapped) > 0 {
			return fmt.Sprintf("%s gave %d bytes", how.name, len(wrapped)), nil
		}
		if err != nil {
			refused = append(refused, &coded{how.name, err})
		}
	}
	if len(refused) == 0 {
		return "", errNoEffect
	}
	return "", errors.Join(refused...)
}

// coded is an error of a mechanism, by its code alone.
type coded struct {
	mechanism string
	err       error
}

func (c *coded) Error() string { return c.mechanism + " " + codeOf(c.err) }
func (c *coded) Unwrap() error { return c.err }

// tryCopy copies the key with one attribute changed, into the session.
func tryCopy(name string, value bool) func(*worker, *foundPair) (string, error) {
	return func(w *worker, found *foundPair) (string, error) {
		kind := attributeKinds[name].kind
		handle, err := w.direct.CopyObject(w.session, found.private, []*pkcs11.Attribute{
			pkcs11.NewAttribute(pkcs11.CKA_TOKEN, false), pkcs11.NewAttribute(kind, value)})
		if err != nil {
			return "", err
		}
		defer func() { _ = w.direct.DestroyObject(w.session, handle) }() // a census follows
		return w.changed(handle, "the copy", name, value)
	}
}

// trySet changes one attribute of the key.
func trySet(name string, value bool) func(*worker, *foundPair) (string, error) {
	return func(w *worker, found *foundPair) (string, error) {
		kind := attributeKinds[name].kind
		before, _ := w.attribute(found.private, kind)
		if boolean(before) == fmt.Sprint(value) {
			return "", fmt.Errorf("%w: %s is %v already", errImpotent, name, value)
		}
		if err := w.direct.SetAttributeValue(w.session, found.private, []*pkcs11.Attribute{pkcs11.NewAttribute(kind, value)}); err != nil {
			return "", err
		}
		return w.changed(found.private, "the key", name, value)
	}
}

// changed reads back what should have been changed.
func (w *worker) changed(object pkcs11.ObjectHandle, what, name string, value bool) (string, error) {
	now, err := w.attribute(object, attributeKinds[name].kind)
	if err != nil {
		return "", err
	}
	if boolean(now) != fmt.Sprint(value) {
		return "", errNoEffect
	}
	return fmt.Sprintf("%s reads back %s %v", what, name, value), nil
}

// tryLabel gives the key another label, and its own again.
func (w *worker) tryLabel(found *foundPair) (string, error) {
	set := func(label []byte) error {
		return w.direct.SetAttributeValue(w.session, found.private, []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_LABEL, label)})
	}
	own, err := w.attribute(found.private, pkcs11.CKA_LABEL)
	if err != nil {
		return "", err
	}
	if err := set([]byte(changedByTrial)); err != nil {
		return "", err
	}
	now, err := w.attribute(found.private, pkcs11.CKA_LABEL)
	if err != nil || string(now) != changedByTrial {
		return "", errors.Join(err, errNoEffect)
	}
	return "the key had another label", set(own)
}

// remove deletes all objects with the label of a sacrificial key, private ones first.
func (w *worker) remove(label string) error {
	if err := checkSacrificial(label); err != nil {
		return err
	}
	for _, class := range []uint{pkcs11.CKO_PRIVATE_KEY, pkcs11.CKO_PUBLIC_KEY, pkcs11.CKO_SECRET_KEY} {
		objects, err := w.find(pkcs11.NewAttribute(pkcs11.CKA_CLASS, class), pkcs11.NewAttribute(pkcs11.CKA_LABEL, label))
		if err != nil {
			return err
		}
		for _, object := range objects {
			if w.tether.gone() {
				return errGone
			}
			if err := w.direct.DestroyObject(w.session, object); err != nil {
				return &failure{kind: errRefused, effect: true, err: fmt.Errorf("destroying object: %w", err)}
			}
		}
	}
	return nil
}
