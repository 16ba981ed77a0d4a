// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package algorithm

import (
	"bytes"
	"crypto"
	"fmt"
	"slices"
)

// Signature is a signature algorithm: a scheme with its hash, by its word in YAML.
type Signature string

// The signature algorithms, RFC 4055 and RFC 5758.
const (
	SHA256RSA   Signature = "sha256-rsa"
	SHA384RSA   Signature = "sha384-rsa"
	SHA512RSA   Signature = "sha512-rsa"
	ECDSASHA256 Signature = "ecdsa-sha256"
	ECDSASHA384 Signature = "ecdsa-sha384"
	ECDSASHA512 Signature = "ecdsa-sha512"
)

// signatureFacts are the facts of one signature algorithm.
type signatureFacts struct {
	signature Signature
	scheme    Scheme
	oid       string
	name      string // in its standard
	der       string // AlgorithmIdentifier, in hexadecimal
}

// signatureTable is in the order in which help lists the signature algorithms. The
// AlgorithmIdentifiers are byte for byte as BR 7.1.3.2 prints them: RSA with NULL
// parameters (RFC 4055 5), ECDSA without (RFC 5758 3.2).
var signatureTable = []signatureFacts{
	{SHA256RSA, Scheme{Family: RSA, Hash: crypto.SHA256}, "1.2.840.113549.1.1.11", "sha256WithRSAEncryption", "300d06092a864886f70d01010b0500"},
	{SHA384RSA, Scheme{Family: RSA, Hash: crypto.SHA384}, "1.2.840.113549.1.1.12", "sha384WithRSAEncryption", "300d06092a864886f70d01010c0500"},
	{SHA512RSA, Scheme{Family: RSA, Hash: crypto.SHA512}, "1.2.840.113549.1.1.13", "sha512WithRSAEncryption", "300d06092a864886f70d01010d0500"},
	{ECDSASHA256, Scheme{Family: ECDSA, Hash: crypto.SHA256}, "1.2.840.10045.4.3.2", "ecdsa-with-SHA256", "300a06082a8648ce3d040302"},
	{ECDSASHA384, Scheme{Family: ECDSA, Hash: crypto.SHA384}, "1.2.840.10045.4.3.3", "ecdsa-with-SHA384", "300a06082a8648ce3d040303"},
	{ECDSASHA512, Scheme{Family: ECDSA, Hash: crypto.SHA512}, "1.2.840.10045.4.3.4", "ecdsa-with-SHA512", "300a06082a8648ce3d040304"},
}

// Signatures lists the signature algorithms.
func Signatures() []Signature {
	out := make([]Signature, len(signatureTable))
	for i, f := range signatureTable {
		out[i] = f.signature
	}
	return out
}

// SignatureOf names a signature algorithm by its AlgorithmIdentifier in DER, or
// gives "".
func SignatureOf(identifier []byte) Signature {
	for _, f := range signatureTable {
		if bytes.Equal(fromHex(f.der), identifier) {
			return f.signature
		}
	}
	return ""
}

// facts gives the row of a signature algorithm, an empty one where there is none.
func (s Signature) facts() signatureFacts {
	i := slices.IndexFunc(signatureTable, func(f signatureFacts) bool { return f.signature == s })
	if i < 0 {
		return signatureFacts{}
	}
	return signatureTable[i]
}

// Valid reports whether s is one of the signature algorithms.
func (s Signature) Valid() bool { return s.facts().signature != "" }

// Family is the family of the keys that make it, "" where s is not valid.
func (s Signature) Family() Family { return s.facts().scheme.Family }

// Hash is the hash whose digest is signed; 0 where the message itself is, and
// where s is not valid.
func (s Signature) Hash() crypto.Hash { return s.facts().scheme.Hash }

// Identifier gives the AlgorithmIdentifier, the exact bytes of BR 7.1.3.2.
func (s Signature) Identifier() ([]byte, error) {
	if !s.Valid() {
		return nil, s.unknown()
	}
	return fromHex(s.facts().der), nil
}

// Signer is the largest key type that makes it, "" where s is not valid.
func (s Signature) Signer() (largest Key) {
	for _, k := range Keys() {
		if k.CanMake(s) {
			largest = k
		}
	}
	return largest
}

func (s Signature) unknown() error { return fmt.Errorf("unknown signature algorithm %q", string(s)) }
