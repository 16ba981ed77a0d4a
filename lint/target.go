// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto"
	"fmt"
	"sync"

	zx509 "github.com/zmap/zcrypto/x509"

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
	keys    *keyMemory // costly checks of keys are on, unless nil
	zlint   zlintEngine

	read   inspect.Object  // der, read again
	faults []inspect.Fault // that reading it forgave
	// Of a certificate: der as the parser of zlint reads it, once, which costs as much
	// as all our own rules.
	byZLint func() (*zx509.Certificate, error)

	// What signed objects have in common.
	tbs, alg, signature []byte
	exts                inspect.Extensions
	spki                []byte           // of the subject: certificates and requests
	key                 crypto.PublicKey // the same, read
	signer              crypto.PublicKey // of ctx.IssuerKey
	issuer              *inspect.Certificate
	record              *inspect.Certificate // issuer of record

	// Of a CRL, by serial number in hexadecimal: its entries, those of the
	// previous one, those that it lists more than once, where each declared entry is
	// in the ceremony file, and those that are not as they were.
	entries, previous entryIndex
	repeated          map[string][]*inspect.RevokedEntry
	fields            map[string]profiles.Field
	changed           map[string]*profiles.RevokedEntry
	leftOut           map[string]*profiles.LeftOutEntry
}

// newTarget parses the object. The error is one that cannot be waived.
func newTarget(obj *Object, ctx *Context, der []byte) (*target, error) {
	t := &target{obj: obj, ctx: ctx, purpose: purposeOf(obj), der: der, issuer: ctx.Issuer, record: ctx.IssuerOfRecord}
	t.byZLint = sync.OnceValues(func() (*zx509.Certificate, error) { return zx509.ParseCertificate(der) })
	if t.record == nil {
		t.record = ctx.Issuer
	}
	if err := declaredSide(obj); err != nil {
		return t, err
	}
	if err := t.parse(); err != nil {
		return t, err
	}
	if t.crl() != nil {
		t.entries, t.previous, t.fields = indexEntries(t.crl()), indexEntries(ctx.Previous), entryFields(obj.revocationList().Entries)
		t.repeated = repeatedEntries(ctx.Previous, t.previous)
		t.changed, t.leftOut = changedEntries(obj.revocationList().Entries), leftOutEntries(obj.revocationList().LeftOut)
	}
	if len(ctx.IssuerKey) > 0 {
		key, err := parseKey(ctx.IssuerKey)
		if err != nil && !ctx.Published && !postQuantum(keyAlgorithm(ctx.IssuerKey)) {
			return t, fmt.Errorf("reading the issuer's key: %w", err)
		}
		t.signer = key
	}
	return t, nil
}

// declaredSide checks that the object declares what its kind asks for.
func declaredSide(o *Object) error {
	_, known := rows[o.Kind()]
	if !known || (o.certificate() != nil) != o.Kind().IsCertificate() {
		return fmt.Errorf("nothing is declared for an object of kind %q", o.Kind())
	}
	return nil
}

// parse reads the bytes by the second parser. What somebody else made is linted as far
// as it can be understood.
func (t *target) parse() error {
	var o inspect.Object
	var err error
	if form := t.obj.Kind().Form(); t.ctx.Published {
		o, t.faults, err = inspect.ParseForeign(form, t.der)
	} else {
		o, err = inspect.Parse(form, t.der)
	}
	if err != nil {
		return err
	}
	if err := inspect.CheckSingle(o); err != nil {
		return err
	}
	parts := o.Parts()
	t.read, t.tbs, t.alg, t.signature, t.exts = o, parts.TBS, parts.Algorithm, parts.Signature, o.AllExtensions()
	t.spki, t.key = o.SubjectKey()
	return nil
}

// What was read as one of its types, or nil where it is of another.
func (t *target) cert() *inspect.Certificate   { return inspect.As[*inspect.Certificate](t.read) }
func (t *target) crl() *inspect.RevocationList { return inspect.As[*inspect.RevocationList](t.read) }
func (t *target) resp() *inspect.Response      { return inspect.As[*inspect.Response](t.read) }
func (t *target) req() *inspect.Request        { return inspect.As[*inspect.Request](t.read) }

// single is the one SingleResponse of an OCSP response.
func (t *target) single() *inspect.Single { return &t.resp().Singles[0] }
