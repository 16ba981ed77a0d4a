// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"bytes"
	"encoding/asn1"

	"rootceremony/internal/algorithm"

	"github.com/miekg/pkcs11"
)

// traces looks for all that a token shows of a key: see [Traces]. handle.ID is its key
// identifier, where the caller knows it.
func (w *worker) traces(handle Handle) (*Traces, error) {
	key, err := algorithm.KeyOf(handle.SPKI)
	if err != nil {
		return nil, err
	}
	found := &Traces{}
	ids, err := w.idsOf(handle, found)
	if err != nil {
		return nil, err
	}
	objects, err := w.find(pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PRIVATE_KEY))
	if err != nil {
		return nil, err
	}
	for _, object := range objects {
		o := w.object(object)
		if o.KeyType != key.PKCS11().KeyType {
			continue
		}
		by, other := w.shown(object, key, handle.SPKI)
		switch {
		case other:
			continue
		case by == "":
			by = w.byID(object, ids)
		}
		if by == "" {
			found.Untold = append(found.Untold, o)
			continue
		}
		found.Private = append(found.Private, Half{Object: o, By: by, Attributes: w.report(HalfPrivate, object, key)})
	}
	return found, nil
}

// idsOf collects the ids under which the private half of a key can be expected: those
// of public key objects and certificates, and the key identifier, as other programs
// choose them.
func (w *worker) idsOf(handle Handle, found *Traces) ([]idOf, error) {
	publics, err := w.find(pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_PUBLIC_KEY))
	if err != nil {
		return nil, err
	}
	var ids []idOf
	add := func(object pkcs11.ObjectHandle, by Recognised) {
		if id, err := w.attribute(object, pkcs11.CKA_ID); err == nil {
			ids = append(ids, idOf{id, by})
		}
	}
	for _, object := range publics {
		if spki, err := w.readSPKI(object); err == nil && bytes.Equal(spki, handle.SPKI) {
			found.Public = append(found.Public, w.object(object))
			add(object, ByPublic)
		}
	}
	certificates, err := w.find(pkcs11.NewAttribute(pkcs11.CKA_CLASS, pkcs11.CKO_CERTIFICATE))
	if err != nil {
		return nil, err
	}
	for _, object := range certificates {
		// A certificate has the DER of its subjectPublicKeyInfo in it (RFC 5280, 4.1).
		if der, err := w.attribute(object, pkcs11.CKA_VALUE); err == nil && bytes.Contains(der, handle.SPKI) {
			add(object, ByCertificate)
		}
	}
	return append(ids, idOf{handle.ID, ByIdentifier}), nil
}

func (w *worker) byID(object pkcs11.ObjectHandle, ids []idOf) Recognised {
	own, err := w.attribute(object, pkcs11.CKA_ID)
	if err != nil || len(own) == 0 {
		return ""
	}
	for _, i := range ids {
		if bytes.Equal(own, i.id) {
			return i.by
		}
	}
	return ""
}

// shown reports whether a private key shows the public values of a key, or that it is
// another one. Each such value is in the subjectPublicKeyInfo as it is (RFC 8017,
// A.1.1; RFC 5480, 2).
func (w *worker) shown(object pkcs11.ObjectHandle, key algorithm.Key, spki []byte) (by Recognised, other bool) {
	kind, by := uint(pkcs11.CKA_MODULUS), ByModulus
	if key.Curve() != nil {
		if params, err := w.attribute(object, pkcs11.CKA_EC_PARAMS); err == nil && len(params) > 0 && !bytes.Equal(params, key.Parameters()) {
			return "", true
		}
		kind, by = pkcs11.CKA_EC_POINT, ByPoint
	}
	value, err := w.attribute(object, kind)
	if err != nil {
		return "", false
	}
	var inner []byte
	if rest, err := asn1.Unmarshal(value, &inner); err == nil && len(rest) == 0 && by == ByPoint {
		value = inner
	}
	value = bytes.TrimLeft(value, "\x00")
	if len(value) < (key.Bits()+7)/8 { // empty, or nothing that could tell keys apart
		return "", false
	}
	if !bytes.Contains(spki, value) {
		return "", true
	}
	return by, false
}
