// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremonytest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/plan"
)

// Fast is a ceremony with everything that resume has to deal with, on keys
// that are quick to make.
const Fast = `version: 1
ceremony: {id: fast, approval: none, title: A fast ceremony, window: {from: 2026-12-01T08:00:00Z, to: 2026-12-01T20:00:00Z}}
people:
  administrator: {of: [alice], need: 1}
  internal-witness: {of: [bob], need: 1}
keys:
  root: {token: root, algorithm: ecdsa-p384, class: root}
  ca: {token: root, algorithm: ecdsa-p384, class: affiliate-sub}
authorities:
  root:
    key: root
    subject: {country: US, organization: Example Trust, common-name: Fast Root}
    crl-url: http://fast.c.example.com/root.crl
    ca-issuers-url: http://fast.i.example.com/root.crt
    ocsp: none
  ca: {key: ca, subject: {country: US, organization: Example Trust, common-name: Fast CA}, ocsp: none}
steps:
  - section: Keys
  - do: Look at the clock.
    who: [administrator]
    record: {clock: text}
  - generate: [root, ca]
  - section: Signatures
  - issue: root-cert
    profile: profiles/root.yaml
    subject: root
    issuer: root
    validity: {not-before: signing-day, for: 9y6mo}
  - issue: ca-cert
    profile: profiles/tls-issuing.yaml
    subject: ca
    issuer: root
    validity: {not-before: signing-day, for: 3y}
  - crl: root-crl
    profile: profiles/root-crl.yaml
    issuer: root
    number: 1
    first: true
    this-update: signing-time
    next-update: 11mo
`

// FastFolder writes the fast ceremony beside the profiles of the first example.
func FastFolder(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(Examples(t), "root-2026")
	if err := os.WriteFile(filepath.Join(folder, "ceremony.yaml"), []byte(Fast), 0o600); err != nil {
		t.Fatal(err)
	}
	// The fast root has no OCSP: each response would cost a signature more.
	Replace(t, filepath.Join(folder, "profiles/root.yaml"), "ocsp: delegated", "ocsp: none")
	Replace(t, filepath.Join(folder, "profiles/tls-issuing.yaml"), "ocsp: [issuer], ", "")
	return folder
}

// TwiceText is the fast ceremony with a spare witness and a night in the middle.
var TwiceText = strings.NewReplacer(
	"{of: [bob], need: 1}", "{of: [bob, carol], need: 1}",
	"  - section: Signatures\n", "  - pause: Put everything into the safe.\n    who: [administrator]\n    record: {bag: text}\n  - section: Signatures\n",
).Replace(Fast)

// Twice plans that ceremony.
func Twice(t *testing.T) *plan.Preview {
	t.Helper()
	return Amended(t)
}

// Amended plans the ceremony of Twice again, with other text: old and new in
// turn.
func Amended(t *testing.T, changes ...string) *plan.Preview {
	t.Helper()
	folder := FastFolder(t)
	text := strings.NewReplacer(changes...).Replace(TwiceText)
	if err := os.WriteFile(filepath.Join(folder, "ceremony.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Preview(t, folder)
}

// WithStepTemplates is the fast ceremony with all step templates at its end.
func WithStepTemplates(t *testing.T) string {
	t.Helper()
	folder := FastFolder(t)
	text := Fast + `  - step-template: cameras
    who: [administrator]
  - step-template: hsm-initialisation
    who: [administrator]
    with: {token: root}
  - step-template: partitions-and-card-sets
    who: [administrator]
    with: {token: root, custodians: Alice and Bob}
  - step-template: back-up-and-clone
    who: [administrator, internal-witness]
    with: {token: root, keys: [root, ca], to: HSM B}
  - step-template: seal-in-bags
    who: [administrator]
    with: {things: both HSMs}
  - step-template: export-on-media
    who: [internal-witness]
`
	if err := os.WriteFile(filepath.Join(folder, "ceremony.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}
