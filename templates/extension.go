// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"errors"
	"fmt"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/profiles"
)

// surroundings are what extensions take their values from.
type surroundings struct {
	spki   []byte   // of the subject; nil in a CRL
	issuer Issuer   // absent in a request
	number *big.Int // of a CRL
}

// encoders write the contents of extnValue, one extension each.
var encoders = map[profiles.ExtensionName]func(*cryptobyte.Builder, *profiles.Extension, surroundings){
	profiles.ExtAuthorityKeyID:   addAuthorityKeyID,
	profiles.ExtSubjectKeyID:     addSubjectKeyID,
	profiles.ExtBasicConstraints: addBasicConstraints,
	profiles.ExtKeyUsage:         addKeyUsage,
	profiles.ExtExtKeyUsage:      addExtKeyUsage,
	profiles.ExtPolicies:         addPolicies,
	profiles.ExtNameConstraints:  addNameConstraints,
	profiles.ExtCRLPoints:        addCRLPoints,
	profiles.ExtInfoAccess:       addInfoAccess,
	profiles.ExtOCSPNoCheck:      addNoCheck,
	profiles.ExtIssuingPoint:     addIssuingPoint,
	profiles.ExtCRLNumber:        addCRLNumber,
	profiles.ExtRaw:              addRaw,
}

// encodeExtensions returns the SEQUENCE OF Extension in the order given, or
// nothing when there are none.
func encodeExtensions(list []profiles.Extension, in surroundings) ([]byte, error) {
	if len(list) == 0 {
		return nil, nil
	}
	seen := map[profiles.OID]bool{}
	var out cryptobyte.Builder
	var err error
	out.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for i := range list {
			e := &list[i]
			if seen[e.OID()] {
				err = errors.Join(err, fmt.Errorf("extension %s stands twice (RFC 5280 4.2)", e.Name))
			}
			seen[e.OID()] = true
			value, e1 := encodeValue(e, in)
			if e1 != nil {
				err = errors.Join(err, fmt.Errorf("encoding %s: %w", e.Name, e1))
				continue
			}
			addExtension(b, e.OID(), e.Critical, value)
		}
	})
	der, buildErr := out.Bytes()
	if err := errors.Join(err, buildErr); err != nil {
		return nil, err
	}
	return der, nil
}

// addExtension writes one Extension, RFC 5280 4.1.
func addExtension(b *cryptobyte.Builder, id profiles.OID, critical bool, value []byte) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		addOID(b, id)
		if critical {
			addTrue(b)
		}
		b.AddASN1OctetString(value)
	})
}

// encodeValue returns the contents of extnValue.
func encodeValue(e *profiles.Extension, in surroundings) ([]byte, error) {
	add, ok := encoders[e.Name]
	if !ok {
		return nil, errors.New("unknown extension")
	}
	if err := e.Check(); err != nil {
		return nil, err
	}
	return build(func(b *cryptobyte.Builder) { add(b, e, in) })
}

// addAuthorityKeyID writes the key identifier and nothing else (BR 7.1.2.11.1).
func addAuthorityKeyID(b *cryptobyte.Builder, _ *profiles.Extension, in surroundings) {
	if len(in.issuer.KeyID) == 0 {
		b.SetError(errors.New("the issuer has no key identifier"))
		return
	}
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(implicit(0), func(b *cryptobyte.Builder) { b.AddBytes(in.issuer.KeyID) })
	})
}

func addSubjectKeyID(b *cryptobyte.Builder, e *profiles.Extension, in surroundings) {
	id, err := keyID(e.SubjectKeyID, in.spki)
	if err != nil {
		b.SetError(err)
		return
	}
	b.AddASN1OctetString(id)
}

// addBasicConstraints writes RFC 5280 4.2.1.9. cA FALSE is left out, a path
// length of zero is written.
func addBasicConstraints(b *cryptobyte.Builder, e *profiles.Extension, _ surroundings) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		if e.BasicConstraints.CA {
			addTrue(b)
		}
		if n := e.BasicConstraints.PathLength; n != nil {
			b.AddASN1Int64(int64(*n))
		}
	})
}

// usageBits are bit numbers of RFC 5280 4.2.1.3; bit 0 is the leftmost.
var usageBits = map[profiles.KeyUsage]uint{
	profiles.DigitalSignature: 0,
	profiles.CertSign:         5,
	profiles.CRLSign:          6,
}

// addKeyUsage writes a BIT STRING without trailing zero bits (X.690 11.2.2).
func addKeyUsage(b *cryptobyte.Builder, e *profiles.Extension, _ surroundings) {
	var octet byte
	unused := uint(7)
	for _, u := range e.KeyUsage {
		bit := usageBits[u]
		octet |= 0x80 >> bit
		unused = min(unused, 7-bit)
	}
	b.AddASN1(asn1.BIT_STRING, func(b *cryptobyte.Builder) { b.AddBytes([]byte{byte(unused), octet}) })
}

func addExtKeyUsage(b *cryptobyte.Builder, e *profiles.Extension, _ surroundings) {
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, p := range e.ExtKeyUsage {
			addOID(b, p.OID)
		}
	})
}

// addNoCheck writes NULL, RFC 6960 4.2.2.2.1.
func addNoCheck(b *cryptobyte.Builder, _ *profiles.Extension, _ surroundings) { b.AddASN1NULL() }

func addCRLNumber(b *cryptobyte.Builder, _ *profiles.Extension, in surroundings) {
	if in.number == nil {
		b.SetError(errors.New("only a CRL has a number"))
		return
	}
	b.AddASN1BigInt(in.number)
}

func addRaw(b *cryptobyte.Builder, e *profiles.Extension, _ surroundings) { b.AddBytes(e.Raw.DER) }
