// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/internal/algorithm"
	"rootceremony/profiles/ext"
)

var errNoTBS = errors.New("not a TBSCertificate without unique identifiers")

// StandIn gives the TBSCertificate of a rehearsal's stand-in for an existing
// certificate: the same serial number, validity and extensions, but the given
// subject, key and signature algorithm, and key identifiers that follow from
// the key (RFC 7093 method 1). A self-issued certificate stays self-issued.
// existing is the DER of the real TBSCertificate, subject the DER of a Name.
func StandIn(existing, subject, spki []byte, alg algorithm.Signature) ([]byte, error) {
	keyID, err := SubjectKeyID(ext.SKISHA256, spki)
	if err != nil {
		return nil, err
	}
	identifier, err := alg.Identifier()
	if err != nil {
		return nil, err
	}
	in, tbs := cryptobyte.String(existing), cryptobyte.String(nil)
	var version, serial, oldAlgorithm, issuer, validity, oldSubject, oldSPKI cryptobyte.String
	var list cryptobyte.String
	hasList := false
	tag0, tag3 := casn1.Tag(0).ContextSpecific().Constructed(), casn1.Tag(3).ContextSpecific().Constructed()
	if !in.ReadASN1(&tbs, casn1.SEQUENCE) || tbs.PeekASN1Tag(tag0) && !tbs.ReadASN1Element(&version, tag0) ||
		!tbs.ReadASN1Element(&serial, casn1.INTEGER) || !tbs.ReadASN1Element(&oldAlgorithm, casn1.SEQUENCE) ||
		!tbs.ReadASN1Element(&issuer, casn1.SEQUENCE) || !tbs.ReadASN1Element(&validity, casn1.SEQUENCE) ||
		!tbs.ReadASN1Element(&oldSubject, casn1.SEQUENCE) || !tbs.ReadASN1Element(&oldSPKI, casn1.SEQUENCE) ||
		!tbs.ReadOptionalASN1(&list, &hasList, tag3) || !tbs.Empty() {
		return nil, errNoTBS
	}
	self := bytes.Equal(issuer, oldSubject)
	if self {
		issuer = subject
	}
	var extensions []byte // none in a certificate of version 1
	if hasList {
		if extensions, err = standInExtensions(list, keyID, self); err != nil {
			return nil, err
		}
	}
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, part := range [][]byte{version, serial, identifier, issuer, validity, subject, spki} {
			b.AddBytes(part)
		}
		if hasList {
			b.AddASN1(tag3, func(b *cryptobyte.Builder) { b.AddBytes(extensions) })
		}
	})
	return b.Bytes()
}

// standInExtensions copies extensions and sets new key identifiers.
func standInExtensions(wrapped cryptobyte.String, keyID []byte, self bool) ([]byte, error) {
	var list cryptobyte.String
	if !wrapped.ReadASN1(&list, casn1.SEQUENCE) {
		return nil, errNoTBS
	}
	var b cryptobyte.Builder
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for !list.Empty() {
			var whole, fields cryptobyte.String
			var oid asn1.ObjectIdentifier
			if !list.ReadASN1Element(&whole, casn1.SEQUENCE) {
				b.SetError(errNoTBS)
				return
			}
			copied := whole
			if !copied.ReadASN1(&fields, casn1.SEQUENCE) || !fields.ReadASN1ObjectIdentifier(&oid) {
				b.SetError(errNoTBS)
				return
			}
			switch {
			case oid.Equal(asn1.ObjectIdentifier{2, 5, 29, 14}):
				addKeyID(b, oid, func(b *cryptobyte.Builder) { b.AddASN1OctetString(keyID) })
			case self && oid.Equal(asn1.ObjectIdentifier{2, 5, 29, 35}):
				addKeyID(b, oid, func(b *cryptobyte.Builder) {
					b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
						b.AddASN1(casn1.Tag(0).ContextSpecific(), func(b *cryptobyte.Builder) { b.AddBytes(keyID) })
					})
				})
			default:
				b.AddBytes(whole)
			}
		}
	})
	out, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("copying extensions: %w", err)
	}
	return out, nil
}

// addKeyID adds a non-critical extension.
func addKeyID(b *cryptobyte.Builder, oid asn1.ObjectIdentifier, value cryptobyte.BuilderContinuation) {
	b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		b.AddASN1(casn1.OCTET_STRING, value)
	})
}
