// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"sync"

	"rootceremony/internal/algorithm"
)

// standInKey signs in the place of keys whose signature is still to come, so
// that others can validate the path before there is one. It is made from a word
// and no secret; nothing it signs leaves the check it is signed for.
var standInKey = sync.OnceValues(func() (*ecdsa.PrivateKey, error) { //nolint:gochecknoglobals // a constant that takes time to make
	scalar := sha256.Sum256([]byte("ceremony: stand-in for a signature that is still to come"))
	return ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar[:])
})

// standIn gives a certificate as it will be, except for the signature, which the
// stand-in makes. The rule that checks it looks at the real one.
func standIn(tbs []byte) ([]byte, error) {
	key, err := standInKey()
	if err != nil {
		return nil, fmt.Errorf("making a stand-in: %w", err)
	}
	identifier, err := algorithm.ECDSASHA256.Identifier()
	if err != nil {
		return nil, err
	}
	if tbs, err = replaced(tbs, tbsAlgorithm, identifier); err != nil {
		return nil, err
	}
	digest := sha256.Sum256(tbs)
	signature, err := key.Sign(nil, digest[:], crypto.SHA256) // deterministic (RFC 6979)
	if err != nil {
		return nil, fmt.Errorf("signing a stand-in: %w", err)
	}
	return assemble(tbs, identifier, signature)
}

// underStandIn gives an issuer with the key of the stand-in. Its signature no longer
// verifies; that of a trust anchor is not checked.
func underStandIn(cert []byte) ([]byte, error) {
	key, err := standInKey()
	if err != nil {
		return nil, fmt.Errorf("making a stand-in: %w", err)
	}
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	parts, err := sequence(cert)
	if err != nil || len(parts) != 3 {
		return nil, errors.New("the issuer is not a certificate")
	}
	tbs, err := replaced(parts[0].FullBytes, tbsKey, spki)
	if err != nil {
		return nil, err
	}
	parts[0].FullBytes = tbs
	return joined(parts)
}

// Places in a TBSCertificate after its version (RFC 5280 4.1).
const (
	tbsAlgorithm = 2
	tbsKey       = 6
)

// replaced puts another value at a place of a TBSCertificate of version 2 or 3.
func replaced(tbs []byte, place int, with []byte) ([]byte, error) {
	parts, err := sequence(tbs)
	if err != nil {
		return nil, err
	}
	if len(parts) > 0 && parts[0].Class != asn1.ClassContextSpecific {
		place-- // version 1 is not encoded
	}
	if place >= len(parts) {
		return nil, errors.New("a TBSCertificate with too few parts")
	}
	parts[place].FullBytes = with
	return joined(parts)
}

// joined makes a SEQUENCE of encoded values.
func joined(parts []asn1.RawValue) ([]byte, error) {
	var contents []byte
	for _, p := range parts {
		contents = append(contents, p.FullBytes...)
	}
	return asn1.Marshal(asn1.RawValue{Class: asn1.ClassUniversal, Tag: asn1.TagSequence, IsCompound: true, Bytes: contents})
}
