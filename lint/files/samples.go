// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"bufio"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// specimenText holds public keys, and a root with each of them that really
// signed itself: a cross-certificate is checked against one. The private keys
// were thrown away when the file was made (TestMakeSpecimens).
//
//go:embed specimens.txt
var specimenText string

// specimenKeys are public keys whose private keys were destroyed.
type specimenKeys struct {
	spkis    map[string][]byte // by algorithm and role
	existing map[algorithm.Key]*inspect.Certificate
}

// spki gives a key: the roles are subject, issuer and other.
func (k *specimenKeys) spki(a algorithm.Key, role string) []byte {
	return k.spkis[string(a)+" "+role]
}

// readSpecimens reads lines "ALGORITHM ROLE HEX".
func readSpecimens() (*specimenKeys, error) {
	out := &specimenKeys{spkis: map[string][]byte{}, existing: map[algorithm.Key]*inspect.Certificate{}}
	lines := bufio.NewScanner(strings.NewReader(specimenText))
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if len(words) != 3 || strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		der, err := hex.DecodeString(words[2])
		if err != nil {
			return nil, fmt.Errorf("reading specimen %s %s: %w", words[0], words[1], err)
		}
		if words[1] != "existing" {
			out.spkis[words[0]+" "+words[1]] = der
			continue
		}
		c, err := inspect.ParseCertificate(der)
		if err != nil {
			return nil, fmt.Errorf("reading specimen %s %s: %w", words[0], words[1], err)
		}
		out.existing[algorithm.Key(words[0])] = c
		out.spkis[words[0]+" subject"] = c.RawSPKI
	}
	return out, errors.Join(lines.Err(), out.whole())
}

// whole says which key is missing: -make-specimens of TestMakeSpecimens makes all.
func (k *specimenKeys) whole() error {
	for _, a := range algorithm.Keys() {
		for _, role := range []string{"subject", "issuer", "other"} {
			if k.spki(a, role) == nil {
				return fmt.Errorf("specimens.txt has no key %s %s", a, role)
			}
		}
	}
	return nil
}

// sampleURLs are where the specimen issuer publishes.
func sampleURLs() profiles.URLs {
	return profiles.URLs{
		CRL: []string{"http://crl.example.com/specimen.crl"}, CAIssuers: []string{"http://ca.example.com/specimen.crt"},
		OCSP: []string{"http://ocsp.example.com/"},
	}
}

// sampleValues are what attributes of a sample subject hold.
var sampleValues = map[string]string{
	"country": "US", "organization": "Example Trust", "organizational-unit": "Specimens", "state": "New York",
	"locality": "New York", "postal-code": "10001", "street": "1 Example Street", "serial-number": "1234567890",
	"domain-component": "example", "organization-identifier": "NTRUS-1234567890", "email": "ca@example.com",
	"given-name": "Sample", "surname": "Person", "dn-qualifier": "Sample", "user-id": "sample",
}

// assign gives each attribute of a subject its sample value.
func assign(subject []profiles.SubjectAttribute, commonName string) []profiles.Assigned {
	out := make([]profiles.Assigned, len(subject))
	for i, a := range subject {
		value := sampleValues[a.Type]
		if a.Type == "common-name" {
			value = commonName
		}
		out[i] = profiles.Assigned{Type: a.Type, Value: value}
	}
	return out
}
