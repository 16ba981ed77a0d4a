// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"bytes"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"unsafe"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/secret"

	"github.com/miekg/pkcs11"
)

// begun is a signature that C_SignInit began with a key that wants a login before each
// one, and for which that was made.
type begun struct {
	handle    Handle
	algorithm algorithm.Signature
	form      directForm
}

// of reports whether a signature that is asked for is the one that was begun.
func (b *begun) of(q *wireRequest) bool {
	h := q.Handle
	return q.Op == opSign && q.Algorithm == b.algorithm && bytes.Equal(h.ID, b.handle.ID) && bytes.Equal(h.SPKI, b.handle.SPKI) &&
		h.Alone == b.handle.Alone && h.Label == b.handle.Label && h.Facts == b.handle.Facts
}

// endBegun ends a signature that was begun when another request follows than the one that
// it waits for.
func (w *worker) endBegun(q *wireRequest) error {
	if w.begun == nil || w.begun.of(q) {
		return nil
	}
	return w.dropBegun()
}

// dropBegun ends C_SignInit without a signature. PKCS#11 has no call for that (v2.40,
// 5.11), but it ends with its session.
func (w *worker) dropBegun() error {
	w.begun = nil
	_ = w.direct.CloseSession(w.session)
	return w.openSession()
}

// asksNothing refuses a private key that wants a login before each signature: nobody
// has made one.
func (w *worker) asksNothing(private pkcs11.ObjectHandle) error {
	value, err := w.attribute(private, pkcs11.CKA_ALWAYS_AUTHENTICATE)
	switch {
	case isRV(err, absent...):
		return nil
	case err != nil:
		return fmt.Errorf("reading CKA_ALWAYS_AUTHENTICATE: %w", err)
	case len(value) == 1 && value[0] != 0:
		return fail(errAsksPIN, "", "%w", errAsksPIN)
	}
	return nil
}

// authenticate begins a signature and makes the login that the key wants before it:
// C_Login with CKU_CONTEXT_SPECIFIC between C_SignInit and C_Sign (PKCS#11 v2.40, 5.6).
// Without a PIN people enter it at a PIN pad.
func (w *worker) authenticate(handle Handle, alg algorithm.Signature, pin *secret.PIN) error {
	private, form, err := w.signer(handle, alg)
	if err != nil {
		return err
	}
	if err := w.signInit(private, form); err != nil {
		return err
	}
	view := unsafe.String(unsafe.SliceData(pin.Reveal()), pin.Len()) // of the locked bytes
	if err := w.direct.Login(w.session, pkcs11.CKU_CONTEXT_SPECIFIC, view); err != nil {
		return errors.Join(fmt.Errorf("logging in for one signature: %w", err), w.dropBegun())
	}
	w.begun = &begun{handle, alg, form}
	return nil
}

// signer finds the private key of a handle, and how it signs.
func (w *worker) signer(handle Handle, alg algorithm.Signature) (pkcs11.ObjectHandle, directForm, error) {
	if err := checkSign(handle, alg, 1); err != nil {
		return 0, nil, err
	}
	key, err := algorithm.KeyOf(handle.SPKI)
	if err != nil {
		return 0, nil, err
	}
	form := directForms[key.Family()]
	if form == nil {
		return 0, nil, fmt.Errorf("a key %s signs only where its halves are a pair on the token, and without a login before each signature", key)
	}
	if handle.Alone {
		private, err := w.findAlone(handle, key)
		return private, form, err
	}
	found, err := w.findPair("", handle)
	if err != nil {
		return 0, nil, err
	}
	return found.private, form, nil
}

func (w *worker) signInit(private pkcs11.ObjectHandle, form directForm) error {
	if w.tether.gone() {
		return errGone
	}
	mechanism := pkcs11.NewMechanism(uint(form.mechanism().Type), nil)
	if err := w.direct.SignInit(w.session, []*pkcs11.Mechanism{mechanism}, private); err != nil {
		return fmt.Errorf("beginning a signature: %w", err)
	}
	return nil
}

// signDirect signs without crypto11, which finds a private key only by an id that no other
// has and that its public half has too.
func (w *worker) signDirect(handle Handle, alg algorithm.Signature, input []byte) ([]byte, error) {
	private, form, err := w.signer(handle, alg)
	if err == nil {
		err = w.asksNothing(private)
	}
	if err == nil {
		err = w.signInit(private, form)
	}
	if err != nil {
		return nil, err
	}
	return w.signWith(form, alg, input)
}

// signBegun signs with the key for which a login was made.
func (w *worker) signBegun(_ Handle, alg algorithm.Signature, input []byte) ([]byte, error) {
	form := w.begun.form
	w.begun = nil // C_Sign ends it, also where it fails
	return w.signWith(form, alg, input)
}

// signWith ends what C_SignInit began.
func (w *worker) signWith(form directForm, alg algorithm.Signature, input []byte) ([]byte, error) {
	data, err := form.data(alg, input)
	if err != nil {
		return nil, err
	}
	signature, err := w.direct.Sign(w.session, data)
	if err != nil {
		return nil, signingFailed(err)
	}
	return form.signature(signature)
}

// findAlone finds the one private key that a handle names by id and label, and that
// does not show that it is another one.
func (w *worker) findAlone(handle Handle, key algorithm.Key) (pkcs11.ObjectHandle, error) {
	objects, err := w.find(pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PRIVATE_KEY)) // one may have no CKA_ID to search by
	if err != nil {
		return 0, err
	}
	name := Object{Class: ClassPrivate, Label: handle.Label, ID: hex.EncodeToString(handle.ID), KeyType: key.PKCS11().KeyType}
	var named, shown []alone
	for _, object := range objects {
		o := w.object(object)
		if o.ID != name.ID || o.KeyType != name.KeyType || name.Label != "" && o.Label != name.Label || handle.Facts != "" && w.facts(object) != handle.Facts {
			continue
		}
		by, other := w.shown(object, key, handle.SPKI)
		switch {
		case by != "":
			shown = append(shown, alone{object, Half{Object: o, By: []Recognised{by}, Attributes: w.report(HalfPrivate, object, key)}})
		case !other:
			named = append(named, alone{object: object})
		}
	}
	if len(shown) > 0 {
		named = shown // of two with one name, the one that shows that it is the key
	}
	switch {
	case len(named) == 0:
		return 0, fmt.Errorf("%s: %w", name.called(), ErrNoSuchKey)
	case len(named) > 1 && !sameKey(halvesOf(shown)):
		return 0, fmt.Errorf("%d objects: %s: %w", len(named), name.called(), ErrAmbiguous)
	}
	return named[0].object, nil
}

// alone is a private key that has the name of a handle.
type alone struct {
	object pkcs11.ObjectHandle
	half   Half
}

func halvesOf(all []alone) []Half {
	out := make([]Half, len(all))
	for i, a := range all {
		out[i] = a.half
	}
	return out
}

// directForm is what a mechanism takes and gives, and what we sign and keep.
type directForm interface {
	mechanism() algorithm.Mechanism
	data(alg algorithm.Signature, input []byte) ([]byte, error)
	signature(raw []byte) ([]byte, error)
}

// directForms are those of the families whose keys sign without crypto11.
var directForms = map[algorithm.Family]directForm{algorithm.RSA: rsaForm{}, algorithm.ECDSA: ecdsaForm{}}

// rsaForm is CKM_RSA_PKCS, which takes the DigestInfo (PKCS#11 v2.40, mechanisms 2.1.6).
type rsaForm struct{}

func (rsaForm) mechanism() algorithm.Mechanism { return algorithm.RSA2048.PKCS11().Sign }

func (rsaForm) data(alg algorithm.Signature, input []byte) ([]byte, error) {
	prefix := digestInfo[alg]
	if prefix == "" {
		return nil, fmt.Errorf("signature algorithm %s: no DigestInfo", alg)
	}
	head, err := hex.DecodeString(prefix)
	return append(head, input...), err
}

func (rsaForm) signature(raw []byte) ([]byte, error) { return raw, nil }

// digestInfo has the DER of DigestInfo before the digest (RFC 8017, 9.2, note 1).
var digestInfo = map[algorithm.Signature]string{
	algorithm.SHA256RSA: "3031300d060960864801650304020105000420",
	algorithm.SHA384RSA: "3041300d060960864801650304020205000430",
	algorithm.SHA512RSA: "3051300d060960864801650304020305000440",
}

// ecdsaForm is CKM_ECDSA, which gives r and s one after the other (PKCS#11 v2.40,
// mechanisms 2.3.1).
type ecdsaForm struct{}

func (ecdsaForm) mechanism() algorithm.Mechanism { return algorithm.ECDSAP256.PKCS11().Sign }

func (ecdsaForm) data(_ algorithm.Signature, input []byte) ([]byte, error) { return input, nil }

func (ecdsaForm) signature(raw []byte) ([]byte, error) {
	if len(raw) == 0 || len(raw)%2 != 0 {
		return nil, &failure{kind: errRefused, effect: true, hint: "do not use this module",
			err: fmt.Errorf("signing: the module gives %d bytes as r and s: want an even number", len(raw))}
	}
	half := len(raw) / 2
	return asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(raw[:half]), new(big.Int).SetBytes(raw[half:])})
}
