// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package algorithm

import (
	"crypto/x509"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
)

// specimenText has lines "ALGORITHM HEX" with public keys that take long to make. Their
// private keys were thrown away when the file was made (TestMakeSpecimens).
//
//go:embed specimens.txt
var specimenText string

// SpecimenKey gives the nth public key of an algorithm, from 0, in DER, for an object that
// is linted before there is a key. Nobody has its private key. It is read from a file, or
// made.
func SpecimenKey(k Key, nth int, random io.Reader) ([]byte, error) {
	for line := range strings.Lines(specimenText) {
		name, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name != string(k) {
			continue
		}
		if nth--; nth < 0 {
			spki, err := hex.DecodeString(text)
			if err != nil {
				return nil, fmt.Errorf("reading a specimen key %s: %w", k, err)
			}
			return spki, nil
		}
	}
	signer, err := k.Generate(random)
	if err != nil {
		return nil, err
	}
	return x509.MarshalPKIXPublicKey(signer.Public())
}
