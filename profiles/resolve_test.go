// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// unresolve gives what of a profile is in its resolved form.
func unresolve(r profiles.Resolved) profiles.Profile {
	var validity profiles.Limits
	if r.Validity != nil {
		validity = *r.Validity
	}
	switch r.Kind {
	case profiles.CRL:
		return &profiles.RevocationListProfile{Covers: r.Covers, Validity: validity, Extensions: r.Extensions}
	case profiles.OCSPResponse:
		return &profiles.ResponseProfile{
			Covers: r.Covers, Validity: validity, CertIDHash: r.CertIDHash, Responder: r.Responder, Extensions: r.Extensions,
		}
	case profiles.CertRequest:
		return &profiles.RequestProfile{Keys: r.Keys, Subject: r.Subject, Extensions: r.Extensions}
	}
	return &profiles.CertificateProfile{
		Keys: r.Keys, SerialOctets: r.SerialOctets, Subject: r.Subject, Validity: validity, Extensions: r.Extensions,
	}
}

// lostInResolving says what of a profile its resolved form does not tell.
func lostInResolving(t *testing.T, p profiles.Profile) string {
	t.Helper()
	data, err := json.Marshal(profiles.Resolve(p))
	if err != nil {
		t.Fatal(err)
	}
	var r profiles.Resolved
	strict(t, data, &r)
	h := p.Head()
	head := profiles.Head{Name: r.Profile, Kind: r.Kind, Purpose: r.Purpose, Signatures: r.Signatures, SHA256: h.SHA256, Doc: h.Doc}
	if r.SourceSHA256 != fmt.Sprintf("%x", h.SHA256) {
		return "the digest of the YAML"
	}
	options := cmp.Options{
		cmpopts.EquateEmpty(), cmpopts.IgnoreTypes(&source.Document{}), cmpopts.IgnoreUnexported(profiles.Head{},
			profiles.CertificateProfile{}, profiles.RevocationListProfile{}, profiles.ResponseProfile{}, profiles.RequestProfile{}),
	}
	return cmp.Diff(*h, head, options) + cmp.Diff(p, unresolve(r), options)
}

// Whoever approves the resolved form approves all of the profile.
func TestResolve(t *testing.T) {
	files := map[string][]byte{}
	for _, r := range profiles.BuiltIns() {
		files[r.Name] = r.Data
	}
	for _, name := range glob(t, "testdata/ok/*.yaml") {
		files[name] = readFile(t, name)
	}
	for name, data := range files {
		if lost := lostInResolving(t, parse(t, name, data)); lost != "" {
			t.Errorf("%s: the resolved form lacks something: %s", name, lost)
		}
	}
}

// What the YAML leaves to the program is in the resolved form.
func TestResolveDefaults(t *testing.T) {
	p := parse(t, "p.yaml", []byte(`version: 1
profile: small
kind: root-ca
intent: private
ocsp: none
key: [rsa-4096]
signature: [sha256-rsa]
subject: [common-name]
validity: {at-most: 20y}
extensions:
  - subject-key-identifier: {method: rfc7093-1}
  - basic-constraints: {critical: true, ca: true}
  - key-usage: {critical: true, bits: [cert-sign, crl-sign]}
`))
	r := profiles.Resolve(p)
	if r.SerialOctets != 16 || len(r.Subject) != 1 || r.Subject[0].String != profiles.UTF8String || len(r.Purpose.Rules) == 0 {
		t.Errorf("defaults are missing: %+v", r)
	}
}
