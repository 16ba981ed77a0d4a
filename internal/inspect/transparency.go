// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	ct "github.com/google/certificate-transparency-go"
)

// AddChain returns the JSON body of an add-chain request to a Certificate
// Transparency log, RFC 6962 4.1: the certificate first, each next one the
// issuer of the one before. Somebody submits it later, from another machine.
func AddChain(chain [][]byte) ([]byte, error) {
	if len(chain) == 0 {
		return nil, errors.New("no certificate to submit")
	}
	var previous *Certificate
	for i, der := range chain {
		c, err := ParseCertificate(der)
		if err != nil {
			return nil, fmt.Errorf("certificate %d of the chain: %w", i+1, err)
		}
		if previous != nil && !bytes.Equal(previous.RawIssuer, c.RawSubject) {
			return nil, fmt.Errorf("certificate %d of the chain is not the issuer of the one before", i+1)
		}
		previous = c
	}
	return json.Marshal(ct.AddChainRequest{Chain: chain})
}

// LeafHash returns the Merkle leaf hash of a certificate logged at a time in
// milliseconds, RFC 6962 3.4, for a later proof of inclusion.
func LeafHash(cert []byte, timestamp uint64) ([32]byte, error) {
	if _, err := ParseCertificate(cert); err != nil {
		return [32]byte{}, err
	}
	hash, err := ct.LeafHashForLeaf(ct.CreateX509MerkleTreeLeaf(ct.ASN1Cert{Data: cert}, timestamp))
	if err != nil {
		return [32]byte{}, fmt.Errorf("hashing the leaf: %w", err)
	}
	return hash, nil
}
