// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/profiles"
)

// build returns what f writes, or the first error.
func build(f func(*cryptobyte.Builder)) ([]byte, error) {
	var b cryptobyte.Builder
	f(&b)
	return b.Bytes()
}

// explicit is the constructed context-specific tag n.
func explicit(n uint8) asn1.Tag { return asn1.Tag(n).ContextSpecific().Constructed() }

// implicit is the primitive context-specific tag n.
func implicit(n uint8) asn1.Tag { return asn1.Tag(n).ContextSpecific() }

// addOID writes an object identifier.
func addOID(b *cryptobyte.Builder, id profiles.OID) {
	arcs, err := id.Identifier()
	if err != nil {
		b.SetError(err)
		return
	}
	b.AddASN1ObjectIdentifier(arcs)
}

// addTrue writes BOOLEAN TRUE. FALSE is never written: wherever it occurs it is
// a DEFAULT, which DER leaves out (X.690 11.5).
func addTrue(b *cryptobyte.Builder) { b.AddASN1Boolean(true) }

// addImplicitTrue writes BOOLEAN TRUE under the context-specific tag n.
func addImplicitTrue(b *cryptobyte.Builder, n uint8) {
	b.AddASN1(implicit(n), func(b *cryptobyte.Builder) { b.AddUint8(0xff) })
}

// addIA5 writes text in a string of that tag that holds ASCII only.
func addIA5(b *cryptobyte.Builder, tag asn1.Tag, s string) {
	for _, r := range s {
		if r < ' ' || r > '~' {
			b.SetError(fmt.Errorf("%q is not allowed in an IA5String", s))
			return
		}
	}
	b.AddASN1(tag, func(b *cryptobyte.Builder) { b.AddBytes([]byte(s)) })
}

// addTime writes a Time: UTCTime through the year 2049, GeneralizedTime from
// 2050 (RFC 5280 4.1.2.5).
func addTime(b *cryptobyte.Builder, t time.Time) {
	t = t.UTC()
	if y := t.Year(); y >= 1950 && y <= 2049 && t.Nanosecond() == 0 {
		b.AddASN1(asn1.UTCTime, func(b *cryptobyte.Builder) { b.AddBytes([]byte(t.Format("060102150405Z"))) })
		return
	}
	addGeneralizedTime(b, t)
}

// addGeneralizedTime writes a GeneralizedTime, which has no fraction of a
// second (RFC 5280 4.1.2.5.2).
func addGeneralizedTime(b *cryptobyte.Builder, t time.Time) {
	t = t.UTC()
	if y := t.Year(); y < 1950 || y > 9999 || t.Nanosecond() != 0 {
		b.SetError(fmt.Errorf("the time %s cannot be encoded", t.Format(time.RFC3339Nano)))
		return
	}
	b.AddASN1(asn1.GeneralizedTime, func(b *cryptobyte.Builder) { b.AddBytes([]byte(t.Format("20060102150405Z"))) })
}

// wholeSeconds refuses a time of signing that the encoding would cut.
func wholeSeconds(signing time.Time) error {
	if signing.Nanosecond() != 0 {
		return fmt.Errorf("the time of signing %s has a fraction of a second", signing.UTC().Format(time.RFC3339Nano))
	}
	return nil
}

// publicKeyBits returns the contents of the subjectPublicKey BIT STRING of an SPKI,
// and refuses bytes that are not exactly one SubjectPublicKeyInfo.
func publicKeyBits(spki []byte) ([]byte, error) {
	s := cryptobyte.String(spki)
	var info, algorithm cryptobyte.String
	var bits []byte
	if !s.ReadASN1(&info, asn1.SEQUENCE) || !s.Empty() ||
		!info.ReadASN1(&algorithm, asn1.SEQUENCE) || !info.ReadASN1BitStringAsBytes(&bits) || !info.Empty() {
		return nil, errors.New("not a SubjectPublicKeyInfo in DER")
	}
	if len(bits) == 0 {
		return nil, errors.New("the SubjectPublicKeyInfo has no key")
	}
	return bits, nil
}

// checkSequence refuses bytes that are not exactly one DER SEQUENCE.
func checkSequence(what string, der []byte) error {
	s := cryptobyte.String(der)
	var contents cryptobyte.String
	if !s.ReadASN1(&contents, asn1.SEQUENCE) || !s.Empty() {
		return fmt.Errorf("the %s is not one DER SEQUENCE", what)
	}
	return nil
}
