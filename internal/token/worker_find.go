// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"rootceremony/internal/algorithm"

	"github.com/miekg/pkcs11"
)

// foundPair is a key pair with its two handles.
type foundPair struct {
	private, public pkcs11.ObjectHandle
	id, label, spki []byte
	algorithm       algorithm.Key
}

// findPair finds one key pair the way boulder does: the public key decides,
// and the private key is the one that has the public key's CKA_ID.
func (w *worker) findPair(label string, handle Handle) (*foundPair, error) {
	public, err := w.findPublic(label, handle)
	if err != nil {
		return nil, err
	}
	found := &foundPair{public: public}
	if found.spki, err = w.readSPKI(public); err != nil {
		return nil, err
	}
	if found.algorithm, err = algorithm.KeyOf(found.spki); err != nil {
		return nil, err
	}
	if found.id, err = w.attribute(public, pkcs11.CKA_ID); err != nil || len(found.id) == 0 {
		return nil, fail(errRefused, "give both halves of the key the same CKA_ID with the vendor's tool", "the public key has no CKA_ID")
	}
	if found.label, err = w.attribute(public, pkcs11.CKA_LABEL); err != nil && !isRV(err, absent...) {
		return nil, fmt.Errorf("reading CKA_LABEL: %w", err)
	}
	if found.private, err = w.only(pkcs11.CKO_PRIVATE_KEY, found.id); err != nil {
		return nil, err
	}
	_, err = w.only(pkcs11.CKO_PUBLIC_KEY, found.id)
	return found, err
}

// findPublic finds the one public key object that matches all that is given.
func (w *worker) findPublic(label string, handle Handle) (pkcs11.ObjectHandle, error) {
	template := []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PUBLIC_KEY)}
	if label != "" {
		template = append(template, pkcs11.NewAttribute(pkcs11.CKA_LABEL, label))
	}
	if len(handle.ID) > 0 {
		template = append(template, pkcs11.NewAttribute(pkcs11.CKA_ID, handle.ID))
	}
	candidates, err := w.find(template...)
	if err != nil {
		return 0, err
	}
	var matching []pkcs11.ObjectHandle
	for _, candidate := range candidates {
		if len(handle.SPKI) > 0 {
			spki, err := w.readSPKI(candidate)
			if isModuleError(err) {
				return 0, err
			}
			if !bytes.Equal(spki, handle.SPKI) {
				continue // also keys of a type that this program does not know
			}
		}
		matching = append(matching, candidate)
	}
	what := Object{Class: ClassPublic, Label: label, ID: hex.EncodeToString(handle.ID)}.called()
	switch {
	case len(matching) == 1:
		return matching[0], nil
	case len(matching) > 1:
		return 0, fmt.Errorf("%d objects: %s: %w", len(matching), what, ErrAmbiguous)
	case len(candidates) > 0:
		return 0, fail(ErrNoSuchKey, "this may be another token, or a key made anew under an old name",
			"%s: %w: %d found, none is the recorded public key", what, ErrNoSuchKey, len(candidates))
	}
	if len(handle.SPKI) > 0 && len(handle.ID) > 0 {
		if other, err := w.findPublic("", Handle{SPKI: handle.SPKI}); err == nil {
			return 0, fail(ErrNoSuchKey, "restore the key with the CKA_ID that it had, or give both halves that id with the vendor's tool",
				"%s: %w: the same key is there as %s", what, ErrNoSuchKey, w.object(other))
		}
	}
	return 0, fmt.Errorf("%s: %w", what, ErrNoSuchKey)
}

// isModuleError tells errors of the device from keys of an unknown type.
func isModuleError(err error) bool {
	_, is := rvOf(err)
	return is && !isRV(err, absent...)
}

// only returns the one object of a class with an id.
func (w *worker) only(class uint, id []byte) (pkcs11.ObjectHandle, error) {
	found, err := w.find(pkcs11.NewAttribute(pkcs11.CKA_CLASS, class), pkcs11.NewAttribute(pkcs11.CKA_ID, id))
	switch {
	case err != nil:
		return 0, err
	case len(found) == 0:
		return 0, fmt.Errorf("no %s object with id %x: %w", classNames[class], id, ErrNoSuchKey)
	case len(found) > 1:
		return 0, fmt.Errorf("%d %s objects with id %x: %w", len(found), classNames[class], id, ErrAmbiguous)
	}
	return found[0], nil
}

// describePair is Find with the attributes.
func (w *worker) describePair(label string, handle Handle) (*Pair, error) {
	found, err := w.findPair(label, handle)
	if err != nil {
		return nil, err
	}
	attributes := append(w.report(HalfPrivate, found.private, found.algorithm), w.report(HalfPublic, found.public, found.algorithm)...)
	return &Pair{Label: printable(found.label), ID: found.id, Algorithm: found.algorithm, SPKI: found.spki, Attributes: attributes}, nil
}

// readSPKI reads a public key object. It does not ask for CKA_MODULUS_BITS,
// which NSS lacks, and takes an EC point with or without its OCTET STRING.
func (w *worker) readSPKI(object pkcs11.ObjectHandle) ([]byte, error) {
	kind, err := w.attribute(object, pkcs11.CKA_KEY_TYPE)
	if err != nil {
		return nil, fmt.Errorf("reading CKA_KEY_TYPE: %w", err)
	}
	name := nameOf(keyTypeNames, kind)
	read := readers[name]
	if read == nil {
		return nil, fmt.Errorf("public key of type %s: want %s", name, strings.Join(slices.Sorted(maps.Keys(readers)), " or "))
	}
	key, err := read(w, object)
	if err != nil {
		return nil, err
	}
	return x509.MarshalPKIXPublicKey(key)
}

// readers read public keys, by the names of their CKK.
var readers = map[string]func(*worker, pkcs11.ObjectHandle) (crypto.PublicKey, error){
	"rsa": (*worker).readRSA, "ec": (*worker).readEC,
}

func (w *worker) readRSA(object pkcs11.ObjectHandle) (crypto.PublicKey, error) {
	modulus, err := w.attribute(object, pkcs11.CKA_MODULUS)
	if err != nil {
		return nil, fmt.Errorf("reading CKA_MODULUS: %w", err)
	}
	exponent, err := w.attribute(object, pkcs11.CKA_PUBLIC_EXPONENT)
	if err != nil {
		return nil, fmt.Errorf("reading CKA_PUBLIC_EXPONENT: %w", err)
	}
	e := new(big.Int).SetBytes(exponent)
	if e.BitLen() > 31 || e.Sign() <= 0 || len(modulus) == 0 {
		return nil, errors.New("malformed RSA public key")
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: int(e.Int64())}, nil
}

func (w *worker) readEC(object pkcs11.ObjectHandle) (crypto.PublicKey, error) {
	params, err := w.attribute(object, pkcs11.CKA_EC_PARAMS)
	if err != nil {
		return nil, fmt.Errorf("reading CKA_EC_PARAMS: %w", err)
	}
	point, err := w.attribute(object, pkcs11.CKA_EC_POINT)
	if err != nil {
		return nil, fmt.Errorf("reading CKA_EC_POINT: %w", err)
	}
	curve := curveOf(params)
	if curve == nil {
		return nil, fmt.Errorf("curve parameters %x: want %s", params, algorithm.ECDSA.Sizes())
	}
	var inner []byte
	if rest, err := asn1.Unmarshal(point, &inner); err == nil && len(rest) == 0 {
		point = inner
	}
	key, err := ecdsa.ParseUncompressedPublicKey(curve, point)
	if err != nil {
		return nil, fmt.Errorf("reading CKA_EC_POINT: %w", err)
	}
	return key, nil
}

func curveOf(params []byte) elliptic.Curve {
	for _, k := range algorithm.Keys() {
		if k.Curve() != nil && bytes.Equal(k.Parameters(), params) {
			return k.Curve()
		}
	}
	return nil
}

// wire gives an attribute as PKCS#11 has it.
func (s setting) wire() (kind uint, value any, err error) {
	switch {
	case s.raw != nil:
		n, err := strconv.ParseUint(s.name, 0, 32)
		return uint(n), s.raw, err
	case s.mechanisms != nil:
		var list []byte // an array of CK_MECHANISM_TYPE
		for _, m := range s.mechanisms {
			list = append(list, pkcs11.NewAttribute(0, uint(m)).Value...)
		}
		return pkcs11.CKA_ALLOWED_MECHANISMS, list, nil
	}
	return attributeKinds[s.name].kind, s.value, nil
}
