// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io"

	"rootceremony/internal/algorithm"

	"github.com/ThalesIgnite/crypto11"
	"github.com/miekg/pkcs11"
)

// errGone ends an operation before its effect when its result is no longer
// needed.
var errGone = errors.New("the ceremony ended in the meantime")

// generate makes a key pair with crypto11 and returns the public key that
// crypto11 saw. An error does not mean that there is no key.
func (w *worker) generate(q Request) ([]byte, error) {
	profile, err := w.config.Named(q.Template).resolve()
	if err != nil {
		return nil, err
	}
	if err := q.check(w.config); err != nil {
		return nil, err
	}
	public, private, err := attributeSets(q, profile.settings(q.Algorithm))
	if err != nil {
		return nil, err
	}
	if w.tether.gone() {
		return nil, errGone
	}
	if by, _ := w.offers.generator(q.Algorithm); by != q.Algorithm.PKCS11().Generate {
		return w.generateBy(by, q.Algorithm, public, private)
	}
	generate := generators[q.Algorithm.Family()]
	if generate == nil {
		return nil, fmt.Errorf("generating %s: crypto11 makes no such keys", q.Algorithm)
	}
	signer, err := generate(w.crypto, q.Algorithm, public, private)
	if err != nil {
		return nil, fmt.Errorf("generating %s with template %q: %w", q.Algorithm, profile.name, err)
	}
	return x509.MarshalPKIXPublicKey(signer.Public())
}

// generateBy makes an RSA key pair by a mechanism that crypto11 does not know, with what
// crypto11 would state.
func (w *worker) generateBy(by algorithm.Mechanism, k algorithm.Key, public, private crypto11.AttributeSet) ([]byte, error) {
	if k.Family() != algorithm.RSA {
		return nil, fmt.Errorf("generating %s by %s: not known", k, by.Name)
	}
	public.AddIfNotPresent([]*crypto11.Attribute{
		pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PUBLIC_KEY), pkcs11.NewAttribute(pkcs11.CKA_KEY_TYPE, pkcs11.CKK_RSA),
		pkcs11.NewAttribute(pkcs11.CKA_PUBLIC_EXPONENT, []byte{1, 0, 1}), pkcs11.NewAttribute(pkcs11.CKA_MODULUS_BITS, k.Bits()),
	})
	mechanism := []*pkcs11.Mechanism{pkcs11.NewMechanism(uint(by.Type), nil)}
	made, _, err := w.direct.GenerateKeyPair(w.session, mechanism, public.ToSlice(), private.ToSlice())
	if err != nil {
		return nil, fmt.Errorf("generating %s by %s: %w", k, by.Name, err)
	}
	return w.readSPKI(made)
}

// generators make key pairs, by their families.
var generators = map[algorithm.Family]func(c *crypto11.Context, k algorithm.Key, public, private crypto11.AttributeSet) (crypto.Signer, error){
	algorithm.RSA: func(c *crypto11.Context, k algorithm.Key, public, private crypto11.AttributeSet) (crypto.Signer, error) {
		return c.GenerateRSAKeyPairWithAttributes(public, private, k.Bits())
	},
	algorithm.ECDSA: func(c *crypto11.Context, k algorithm.Key, public, private crypto11.AttributeSet) (crypto.Signer, error) {
		return c.GenerateECDSAKeyPairWithAttributes(public, private, k.Curve())
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
		make = w.signAlone
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

// signPaired signs with crypto11, after a direct look that id and public key name
// exactly one pair, and a look that crypto11 found the same one.
func (w *worker) signPaired(handle Handle, alg algorithm.Signature, input []byte) ([]byte, error) {
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
	if signer == nil { // crypto11's way to say that there is none
		return nil, fmt.Errorf("id %x: %w", handle.ID, ErrNoSuchKey)
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
	reader, err := w.crypto.NewRandomReader()
	if err != nil {
		return nil, fmt.Errorf("opening the token's generator: %w", err)
	}
	out := make([]byte, n)
	if _, err := io.ReadFull(reader, out); err != nil {
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
