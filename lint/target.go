// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto"
	"fmt"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// target is the one object that rules look at, with all that is known.
type target struct {
	obj     *Object
	ctx     *Context
	purpose *profiles.Purpose
	der     []byte
	cleared []byte     // the to-be-signed bytes that were cleared; nil before signing
	static  bool       // the object's own signature is static or by a throw-away key
	keys    *KeyMemory // costly checks of keys are on, unless nil
	zlint   zlintEngine

	// One of these is set, by the kind of the object.
	cert *inspect.Certificate
	crl  *inspect.RevocationList
	resp *inspect.Response
	req  *inspect.Request

	// What signed objects have in common.
	tbs, alg, signature []byte
	exts                inspect.Extensions
	spki                []byte           // of the subject: certificates and requests
	key                 crypto.PublicKey // the same, read
	signer              crypto.PublicKey // of ctx.IssuerKey
	issuer              *inspect.Certificate
	record              *inspect.Certificate // issuer of record

	// Of a CRL, by serial number in hexadecimal: its entries, those of the
	// previous one, where each declared entry stands in the ceremony file, and
	// whether it corrects the previous one.
	entries, previous entryIndex
	fields            map[string]string
	corrections       map[string]bool
}

// newTarget parses the object. The error is one nobody can waive.
func newTarget(obj *Object, ctx *Context, der []byte) (*target, error) {
	t := &target{obj: obj, ctx: ctx, purpose: purposeOf(obj), der: der, issuer: ctx.Issuer, record: ctx.IssuerOfRecord}
	if t.record == nil {
		t.record = ctx.Issuer
	}
	if err := declaredSide(obj); err != nil {
		return t, err
	}
	if err := t.parse(); err != nil {
		return t, err
	}
	if t.crl != nil {
		t.entries, t.previous, t.fields = indexEntries(t.crl), indexEntries(ctx.Previous), entryFields(obj.RevocationList.Entries)
		t.corrections = correctedSerials(obj.RevocationList.Entries)
	}
	if len(ctx.IssuerKey) > 0 {
		key, err := parseKey(ctx.IssuerKey)
		if err != nil {
			return t, fmt.Errorf("reading the issuer's key: %w", err)
		}
		t.signer = key
	}
	return t, nil
}

// declaredSide checks that the object declares exactly what its kind asks for.
func declaredSide(o *Object) error {
	ok := false
	switch o.Kind {
	case profiles.RootCA, profiles.SubordinateCA, profiles.CrossCertifiedCA, profiles.OCSPResponder:
		ok = o.Certificate != nil
	case profiles.CRL:
		ok = o.RevocationList != nil
	case profiles.OCSPResponse:
		ok = o.Response != nil
	case profiles.CertRequest:
		ok = o.Request != nil
	}
	if !ok {
		return fmt.Errorf("nothing is declared for an object of kind %q", o.Kind)
	}
	return nil
}

// parse reads the bytes by the second parser.
func (t *target) parse() (err error) {
	switch {
	case t.obj.Certificate != nil:
		if t.cert, err = inspect.ParseCertificate(t.der); err == nil {
			c := t.cert
			t.tbs, t.alg, t.signature, t.exts = c.RawTBS, c.OuterAlgorithm, c.Signature, c.Extensions
			t.spki, t.key = c.RawSPKI, c.PublicKey
		}
	case t.obj.RevocationList != nil:
		if t.crl, err = inspect.ParseRevocationList(t.der); err == nil {
			c := t.crl
			t.tbs, t.alg, t.signature, t.exts = c.RawTBS, c.OuterAlgorithm, c.Signature, c.Extensions
		}
	case t.obj.Response != nil:
		t.resp, err = inspect.ParseResponse(t.der)
		if err == nil && (t.resp.Status != 0 || len(t.resp.Singles) != 1) {
			err = fmt.Errorf("OCSP response with status %d and %d single responses", t.resp.Status, len(t.resp.Singles))
		}
		if err == nil {
			c := t.resp
			t.tbs, t.alg, t.signature, t.exts = c.RawTBS, c.Algorithm, c.Signature, c.Extensions
		}
	default:
		if t.req, err = inspect.ParseRequest(t.der); err == nil {
			c := t.req
			t.tbs, t.alg, t.signature, t.exts = c.RawTBS, c.Algorithm, c.Signature, c.Extensions
			t.spki, t.key = c.RawSPKI, c.PublicKey
		}
	}
	return err
}

// single is the one SingleResponse of an OCSP response.
func (t *target) single() *inspect.Single { return &t.resp.Singles[0] }
