// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"math/big"

	"rootceremony/internal/algorithm"

	"github.com/miekg/pkcs11"
)

// signAlone signs with a private key that crypto11 does not find, or not alone: its
// public half is not on the token or has another id, or several keys have its id.
func (w *worker) signAlone(handle Handle, alg algorithm.Signature, input []byte) ([]byte, error) {
	key, err := algorithm.KeyOf(handle.SPKI)
	if err != nil {
		return nil, err
	}
	private, err := w.findAlone(handle, key)
	if err != nil {
		return nil, err
	}
	form := directForms[key.Family()]
	if form == nil {
		return nil, fmt.Errorf("signing with a key %s whose halves are no pair on the token: not supported", key)
	}
	if w.tether.gone() {
		return nil, errGone
	}
	if err := w.direct.SignInit(w.session, []*pkcs11.Mechanism{pkcs11.NewMechanism(uint(key.PKCS11().Sign.Type), nil)}, private); err != nil {
		return nil, fmt.Errorf("beginning a signature: %w", err)
	}
	return w.signBegun(form, alg, input)
}

// signBegun ends what C_SignInit began.
func (w *worker) signBegun(form directForm, alg algorithm.Signature, input []byte) ([]byte, error) {
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
	objects, err := w.find(pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PRIVATE_KEY), pkcs11.NewAttribute(pkcs11.CKA_ID, handle.ID))
	if err != nil {
		return 0, err
	}
	known := Known{ID: handle.ID, Label: handle.Label}
	var named []pkcs11.ObjectHandle
	for _, object := range objects {
		o := w.object(object)
		if _, other := w.shown(object, key, handle.SPKI); !other && o.KeyType == key.PKCS11().KeyType && known.names(o) {
			named = append(named, object)
		}
	}
	what := Object{Class: ClassPrivate, Label: handle.Label, ID: hex.EncodeToString(handle.ID)}.called()
	switch len(named) {
	case 0:
		return 0, fmt.Errorf("%s: %w", what, ErrNoSuchKey)
	case 1:
		return named[0], nil
	}
	return 0, fmt.Errorf("%d objects: %s: %w", len(named), what, ErrAmbiguous)
}

// directForm is what a mechanism takes and gives, and what we sign and keep.
type directForm interface {
	data(alg algorithm.Signature, input []byte) ([]byte, error)
	signature(raw []byte) ([]byte, error)
}

// directForms are those of the families whose keys sign without crypto11.
var directForms = map[algorithm.Family]directForm{algorithm.RSA: rsaForm{}, algorithm.ECDSA: ecdsaForm{}}

// rsaForm is CKM_RSA_PKCS, which takes the DigestInfo (PKCS#11 v2.40, mechanisms 2.1.6).
type rsaForm struct{}

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

func (ecdsaForm) data(_ algorithm.Signature, input []byte) ([]byte, error) { return input, nil }

func (ecdsaForm) signature(raw []byte) ([]byte, error) {
	if len(raw) == 0 || len(raw)%2 != 0 {
		return nil, &failure{kind: errRefused, effect: true, hint: "do not use this module",
			err: fmt.Errorf("signing: the module gives %d bytes as r and s: want an even number", len(raw))}
	}
	half := len(raw) / 2
	return asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(raw[:half]), new(big.Int).SetBytes(raw[half:])})
}
