// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremonytest

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"rootceremony/ceremony/plan"
)

// MemoryFiles holds what a ceremony file names.
type MemoryFiles map[string][]byte

// Read implements [plan.Files].
func (m MemoryFiles) Read(name string) ([]byte, error) {
	if data, ok := m[name]; ok {
		return data, nil
	}
	return nil, fs.ErrNotExist
}

// Bundle implements [plan.Files]: there is no earlier bundle.
func (MemoryFiles) Bundle(string) (*plan.EarlierBundle, error) {
	return nil, errors.New("no such bundle")
}

// ReferenceFiles are inputs and profiles of every kind that a ceremony file may
// name.
func ReferenceFiles(t *testing.T) MemoryFiles {
	t.Helper()
	files := MemoryFiles{}
	for name, from := range map[string]string{
		"cert.pem": "../../examples/cross-2026/inputs/isrg-root-x2.pem", "csr.pem": "../../examples/cross-2026/inputs/partner.csr.pem",
		"old.pem": GoldenBundle + "/artifacts/root-x1-cert.pem", "crl.pem": GoldenBundle + "/artifacts/root-x1-crl-1.pem",
	} {
		data, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = data
	}
	const common = "intent: private\nsignature: [ecdsa-sha384]\n"
	const certificate = common + "ocsp: none\nkey: [ecdsa-p384]\nvalidity: {at-most: 5y}\nextensions:\n" +
		"  - authority-key-identifier: {key-id: issuer}\n"
	for name, text := range map[string]string{
		"sub": "kind: subordinate-ca\nsubject: [common-name]\n" + certificate + "  - subject-key-identifier: {method: rfc7093-1}\n" +
			"  - basic-constraints: {critical: true, ca: true, path-length: 0}\n  - key-usage: {critical: true, bits: [cert-sign, crl-sign]}\n",
		"cross": "kind: cross-certified-ca\nsubject-hierarchy: private\n" + certificate + "  - subject-key-identifier: {method: existing}\n" +
			"  - basic-constraints: {critical: true, ca: true}\n  - key-usage: {critical: true, bits: [cert-sign, crl-sign]}\n",
		"responder": "kind: ocsp-responder\nrules: [rfc5280]\nimplements: https://example.com/cps\nsubject: [common-name]\nkey: [ecdsa-p384]\nvalidity: {at-most: 1y}\nsignature: [ecdsa-sha384]\n" +
			"extensions:\n  - authority-key-identifier: {key-id: issuer}\n  - subject-key-identifier: {method: rfc7093-1}\n" +
			"  - key-usage: {critical: true, bits: [digital-signature]}\n  - extended-key-usage: [ocsp-signing]\n  - ocsp-no-check\n",
		"list": "kind: crl\ncovers: ca-certificates\n" + common + "validity: {at-most: 12mo}\nextensions:\n" +
			"  - authority-key-identifier: {key-id: issuer}\n  - crl-number\n",
		"request":  "kind: certificate-request\nsubject: [common-name]\nkey: [ecdsa-p384]\n" + common,
		"response": "kind: ocsp-response\ncovers: ca-certificates\nvalidity: {at-most: 12mo}\n" + common + "certificate-id: sha1\nresponder-id: by-key\n",
	} {
		files[name+".yaml"] = []byte("version: 1\nprofile: " + name + "\n" + text)
	}
	return files
}
