// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"

	"rootceremony/internal/algorithm"

	"github.com/miekg/pkcs11"
)

// errGone ends an operation before its effect when its result is no longer
// needed.
var errGone = errors.New("the ceremony ended in the meantime")

// generate makes a key pair and returns the public key as the token shows it. An error
// does not mean that there is no key. It calls the module itself: crypto11 sends the
// attributes in another order each time, and to tpm2-pkcs11 1.9.0 the order matters: of
// CKA_SENSITIVE and CKA_EXTRACTABLE the last says whether the TPM lets the key leave.
func (w *worker) generate(q Request) ([]byte, error) {
	profile, err := w.config.Named(q.Template).resolve()
	if err != nil {
		return nil, err
	}
	if err := q.check(w.config); err != nil {
		return nil, err
	}
	public, private, err := attributesFor(q, profile.settings(q.Algorithm))
	if err != nil {
		return nil, err
	}
	if w.tether.gone() {
		return nil, errGone
	}
	by, _ := w.offers.generator(q.Algorithm)
	made, _, err := w.direct.GenerateKeyPair(w.session, []*pkcs11.Mechanism{pkcs11.NewMechanism(uint(by.Type), nil)}, public, private)
	if err != nil {
		err = fmt.Errorf("generating %s with template %q: %w", q.Algorithm, profile.name, err)
		if w.took == profile.name && slices.Contains(generalCodes, codeOf(err)) {
			err = &failure{kind: errRefused, hint: "it took this template before; " + hintDevice, err: err}
		}
		return nil, err
	}
	w.took = profile.name
	return w.readSPKI(made)
}

// attributesFor makes the two templates of a key pair, in the order of its settings.
func attributesFor(q Request, settings []setting) (public, private []*pkcs11.Attribute, err error) {
	sized := parameters[q.Algorithm.Family()]
	if sized == nil {
		return nil, nil, fmt.Errorf("generating %s: no attributes are known that ask for it", q.Algorithm)
	}
	named := []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_ID, q.ID), pkcs11.NewAttribute(pkcs11.CKA_LABEL, q.Label)}
	public = append(append([]*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PUBLIC_KEY)}, sized(q.Algorithm)...), named...)
	private = named
	for _, s := range settings {
		set := &public
		if s.half == HalfPrivate {
			set = &private
		}
		kind, value, err := s.wire()
		if err != nil {
			return nil, nil, fmt.Errorf("making template: %s: %w", s.name, err)
		}
		*set = append(*set, pkcs11.NewAttribute(kind, value))
	}
	return public, private, nil
}

// parameters are the attributes that ask for a key type and size, by the family.
var parameters = map[algorithm.Family]func(algorithm.Key) []*pkcs11.Attribute{
	algorithm.RSA: func(k algorithm.Key) []*pkcs11.Attribute {
		return []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_KEY_TYPE, pkcs11.CKK_RSA),
			pkcs11.NewAttribute(pkcs11.CKA_MODULUS_BITS, k.Bits()), pkcs11.NewAttribute(pkcs11.CKA_PUBLIC_EXPONENT, []byte{1, 0, 1})}
	},
	algorithm.ECDSA: func(k algorithm.Key) []*pkcs11.Attribute {
		return []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_KEY_TYPE, pkcs11.CKK_EC), pkcs11.NewAttribute(pkcs11.CKA_EC_PARAMS, k.Parameters())}
	},
}

// sign signs what a key signs of a message. What of it is over the bound of a
// signature is not recorded.
func (w *worker) sign(handle Handle, alg algorithm.Signature, length int, input []byte) ([]byte, error) {
	if err := checkSign(handle, alg, length); err != nil {
		return nil, err
	}
	if len(handle.ID) == 0 && !handle.Alone {
		return nil, errors.New("signing wants the id of a key")
	}
	make := w.signPaired
	switch {
	case w.begun != nil:
		make = w.signBegun
	case handle.Alone:
		make = w.signDirect
	}
	signature, err := make(handle, alg, input)
	if err != nil {
		return nil, err
	}
	if most := len(handle.SPKI) + maxPastSPKI; len(signature) > most {
		return nil, &failure{kind: errRefused, effect: true, hint: "do not use this module",
			err: fmt.Errorf("signing: the module gives %d bytes as a signature: want at most %d; they are not recorded, for they may be memory of the process", len(signature), most)}
	}
	return signature, nil
}

// signPaired signs with a key whose id and public key name exactly one pair.
func (w *worker) signPaired(handle Handle, alg algorithm.Signature, input []byte) ([]byte, error) {
	if w.crypto == nil {
		return w.signDirect(handle, alg, input)
	}
	found, err := w.findPair("", handle)
	if err == nil {
		err = w.asksNothing(found.private)
	}
	if err != nil {
		return nil, err
	}
	signer, err := w.crypto.FindKeyPair(handle.ID, nil)
	if err != nil {
		return nil, fmt.Errorf("finding key: %w", err)
	}
	if signer == nil { // crypto11's way to say that there is none: it has a session of its own
		return nil, fail(ErrNoSuchKey, hintForwards, "id %x: %w in a session that was open before the login", handle.ID, ErrNoSuchKey)
	}
	spki, err := x509.MarshalPKIXPublicKey(signer.Public())
	if err != nil {
		return nil, fmt.Errorf("encoding public key: %w", err)
	}
	if !bytes.Equal(spki, handle.SPKI) {
		return nil, fmt.Errorf("crypto11 found another public key under id %x: %w", handle.ID, ErrAmbiguous)
	}
	if w.tether.gone() {
		return nil, errGone
	}
	signature, err := signer.Sign(nil, input, alg.Hash())
	if err != nil {
		return nil, signingFailed(err)
	}
	return signature, nil
}

// signingFailed is the error of a call of C_Sign, which may have signed.
func signingFailed(err error) error {
	return &failure{kind: errRefused, effect: true, err: fmt.Errorf("signing: %w", err)}
}

// generateRandom reads the token's generator.
func (w *worker) generateRandom(n int) ([]byte, error) {
	if err := checkRandomSize(n); err != nil {
		return nil, err
	}
	out, err := w.direct.GenerateRandom(w.session, n)
	if err != nil {
		return nil, fmt.Errorf("reading the token's generator: %w", err)
	}
	return out, nil
}

// destroy deletes both halves of a pair, the private one first.
func (w *worker) destroy(handle Handle) error {
	if err := checkDestroy(handle.ID, handle.SPKI); err != nil {
		return err
	}
	found, err := w.findPair("", handle)
	if err != nil {
		return err
	}
	if w.tether.gone() {
		return errGone
	}
	for _, object := range []pkcs11.ObjectHandle{found.private, found.public} {
		if err := w.direct.DestroyObject(w.session, object); err != nil {
			return &failure{kind: errRefused, effect: true, err: fmt.Errorf("destroying object: %w", err)}
		}
	}
	return nil
}
