// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"bytes"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/internal/algorithm"
	"rootceremony/profiles"
)

// Assemble puts a signature to a certificate, a CRL or a certificate request.
// It refuses an algorithm other than the one inside the signed bytes: RFC 5280
// 4.1.1.2 wants both to be the same.
func Assemble(tbs []byte, alg algorithm.Signature, signature []byte) ([]byte, error) {
	if err := checkInner(tbs, alg); err != nil {
		return nil, err
	}
	if len(signature) == 0 {
		return nil, errors.New("the signature is empty")
	}
	return build(func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(tbs)
			addAlgorithm(b, alg)
			b.AddASN1BitString(signature)
		})
	})
}

// checkInner compares the AlgorithmIdentifier inside the signed bytes. In a
// TBSCertificate it follows version [0] and serial number, in a TBSCertList the
// version 1; a request, whose version is 0, has none.
func checkInner(tbs []byte, alg algorithm.Signature) error {
	want, err := alg.Identifier()
	if err != nil {
		return err
	}
	if err := checkSequence("to-be-signed part", tbs); err != nil {
		return err
	}
	s := cryptobyte.String(tbs)
	var version, serial, inner cryptobyte.String
	var tag asn1.Tag
	s.ReadASN1(&s, asn1.SEQUENCE)
	if !s.ReadAnyASN1(&version, &tag) {
		return errors.New("the to-be-signed part is empty")
	}
	switch {
	case tag == asn1.INTEGER && bytes.Equal(version, []byte{0}):
		return nil
	case tag == explicit(0) && !s.ReadASN1(&serial, asn1.INTEGER):
		return errors.New("the to-be-signed part has no serial number")
	}
	if !s.ReadASN1Element(&inner, asn1.SEQUENCE) || !bytes.Equal(inner, want) {
		return fmt.Errorf("the to-be-signed part does not name the algorithm %s", alg)
	}
	return nil
}

// oidBasic is id-pkix-ocsp-basic.
const oidBasic profiles.OID = "1.3.6.1.5.5.7.48.1.1"

// AssembleResponse puts a signature to ResponseData and gives a successful
// OCSPResponse (RFC 6960 4.2.1) with the certificates a client needs to check
// it, if any.
func AssembleResponse(tbs []byte, alg algorithm.Signature, signature []byte, certificates [][]byte) ([]byte, error) {
	basic, err := basicResponse(tbs, alg, signature, certificates)
	if err != nil {
		return nil, err
	}
	return build(func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1Enum(0) // successful
			b.AddASN1(explicit(0), func(b *cryptobyte.Builder) {
				b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
					addOID(b, oidBasic)
					b.AddASN1OctetString(basic)
				})
			})
		})
	})
}

// basicResponse returns the BasicOCSPResponse.
func basicResponse(tbs []byte, alg algorithm.Signature, signature []byte, certificates [][]byte) ([]byte, error) {
	if err := checkSequence("response data", tbs); err != nil {
		return nil, err
	}
	for _, c := range certificates {
		if err := checkSequence("certificate of the responder", c); err != nil {
			return nil, err
		}
	}
	if len(signature) == 0 {
		return nil, errors.New("the signature is empty")
	}
	return build(func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(tbs)
			addAlgorithm(b, alg)
			b.AddASN1BitString(signature)
			if len(certificates) > 0 {
				b.AddASN1(explicit(0), func(b *cryptobyte.Builder) {
					b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(bytes.Join(certificates, nil)) })
				})
			}
		})
	})
}
