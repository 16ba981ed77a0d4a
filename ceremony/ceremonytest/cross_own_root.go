// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremonytest

import (
	"os"
	"path/filepath"
	"testing"
)

// CrossOwnRoot is a ceremony in which an old root, whose files [WriteOldCA]
// writes, certifies the new root that the same ceremony makes.
const CrossOwnRoot = `version: 1
ceremony:
  id: cross-own-root
  title: A new root and its cross-certificate
  approval: none
  window: {from: 2027-03-01T08:00:00Z, to: 2027-03-01T20:00:00Z}
people:
  administrator:    {of: [alice], need: 1}
  internal-witness: {of: [bob], need: 1}
inputs:
  old-cert: {file: old.pem, kind: certificate}
keys:
  old: {token: root, algorithm: ecdsa-p384, class: root, certificate: old-cert}
  new: {token: root, algorithm: ecdsa-p384, class: root}
authorities:
  old: {key: old, certificate: old-cert, ocsp: none}
  new: {key: new, subject: {organization: Example, common-name: New Root}, ocsp: none}
steps:
  - generate: [new]
  - use: [old]
  - issue: new-cert
    profile: builtin:private-root
    subject: new
    issuer: new
    validity: {not-before: signing-day, for: 10y}
  - issue: new-by-old
    profile: cross.yaml
    existing: new-cert
    issuer: old
    validity: {not-before: signing-day, for: 5y}
`

const crossProfile = `version: 1
profile: private-cross
kind: cross-certified-ca
intent: private
subject-hierarchy: private
ocsp: none
key: [ecdsa-p384]
signature: [ecdsa-sha384]
validity: {at-most: 8y}
extensions:
  - authority-key-identifier: {key-id: issuer}
  - subject-key-identifier: {method: existing}
  - basic-constraints: {critical: true, ca: true}
  - key-usage: {critical: true, bits: [cert-sign, crl-sign]}
`

// CrossOwnRootFolder writes that ceremony, or another that needs its files.
func CrossOwnRootFolder(t testing.TB, ceremony string) string {
	t.Helper()
	folder := WriteOldCA(t, 3)
	for name, text := range map[string]string{"ceremony.yaml": ceremony, "cross.yaml": crossProfile} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
