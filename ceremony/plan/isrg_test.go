// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// isrgHead begins a ceremony of the two roots of a CA that everybody knows. Their
// keys exist and are not ours, so nothing is carried out.
const isrgHead = `version: 1
ceremony: {id: isrg, approval: none, title: Roots that the world knows, window: {from: 2026-12-01T08:00:00Z, to: 2026-12-01T18:00:00Z}}
people:
  administrator: {of: [alice], need: 1}
  internal-witness: {of: [bob], need: 1}
inputs:
  x1-cert: {file: ISRG_Root_X1.pem, kind: certificate}
  x2-cert: {file: ISRG_Root_X2.pem, kind: certificate}
  x2-by-x1-2020: {file: isrg-root-x2-by-x1.pem, kind: certificate}
keys:
  x1: {token: hsm, algorithm: rsa-4096, class: root, certificate: x1-cert}
  x2: {token: hsm, algorithm: ecdsa-p384, class: root, certificate: x2-cert}
  new: {token: hsm, algorithm: ecdsa-p384, class: root}
  resp: {token: hsm, algorithm: rsa-3072, class: ocsp-responder}
authorities:
  x1: {key: x1, certificate: x1-cert, crl-url: "http://x1.c.lencr.org/", ca-issuers-url: "http://x1.i.lencr.org/", ocsp: delegated}
  x2: {key: x2, certificate: x2-cert, crl-url: "http://x2.c.lencr.org/", ca-issuers-url: "http://x2.i.lencr.org/", ocsp: none}
  new: {key: new, subject: {country: US, organization: Example, common-name: Root YE}, ocsp: none}
  resp: {key: resp, subject: {country: US, organization: Example, common-name: Responder of X1}, ocsp: none}
steps:
  - use: [x1, x2]
  - generate: [new, resp]
`

const (
	isrgX2ByX1 = `  - {issue: x2-by-x1, profile: cross.yaml, existing: x2-cert, issuer: x1, validity: {not-before: signing-day, for: 3y}}
`
	isrgRevocation = `  - {issue: resp-cert, profile: "builtin:ocsp-responder", subject: resp, issuer: x1, validity: {not-before: signing-day, for: 1y}}
  - crl: x1-crl
    profile: builtin:ca-crl
    issuer: x1
    number: 200
    first: true
    this-update: signing-time
    next-update: 11mo
    revoke:
      - {certificate: x2-by-x1-2020, date: 2026-12-01T08:00:00Z, reason: superseded}
  - ocsp: x2-by-x1-2020-status
    profile: builtin:ocsp-response
    issuer: x1
    responder: resp-cert
    certificate: x2-by-x1-2020
    status: revoked
    revoked: {date: 2026-12-01T08:00:00Z, reason: superseded}
    this-update: signing-time
    next-update: 11mo
`
	isrgNewRoot = `  - {issue: new-cert, profile: "builtin:br-root", subject: new, issuer: new, validity: {not-before: signing-day, for: 9y6mo}}
  - {issue: new-by-x1, profile: cross.yaml, existing: new-cert, issuer: x1, validity: {not-before: signing-day, for: 3y}}
  - {issue: new-by-x2, profile: cross.yaml, existing: new-cert, issuer: x2, validity: {not-before: signing-day, for: 3y}}
`
	// The last CRL of X1 is not among the files of this test.
	isrgWaiver = `waivers:
  - {rule: crl.first, artifact: x1-crl, reason: the last CRL had no entries, citation: a test, approver: alice, expires: 2027-12-01}
`
)

// TestKnownRoots guards the work that a public CA does with its roots: one
// certifies the other, an older cross-certificate is revoked, a new root is
// certified by both. Without a key purpose the cross-certificate is refused.
func TestKnownRoots(t *testing.T) {
	files := ceremonytest.MemoryFiles{}
	for _, name := range []string{"/etc/ssl/certs/ISRG_Root_X1.pem", "/etc/ssl/certs/ISRG_Root_X2.pem",
		"testdata/isrg-root-x2-by-x1.pem", "../../examples/cross-2026/profiles/cross.yaml"} {
		data, err := os.ReadFile(name)
		if os.IsNotExist(err) {
			t.Skipf("%s is not on this machine: install ca-certificates", name)
		}
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(name)] = data
	}
	text := isrgHead + isrgX2ByX1 + isrgRevocation + isrgNewRoot + isrgWaiver
	if p := plannedOf(t, text, files); len(p.Problems) > 0 {
		t.Fatalf("the plan has errors:\n%v", p.Problems)
	}
	const purpose = "  - extended-key-usage: [server-auth]\n"
	profile := string(files["cross.yaml"])
	files["cross.yaml"] = []byte(strings.Replace(profile, purpose, "", 1))
	p := plannedOf(t, text, files)
	for _, id := range []string{"x2-by-x1: ", "new-by-x1: ", "new-by-x2: "} {
		if found := p.Problems.Error(); !strings.Contains(found, "cross.yaml:") || !strings.Contains(found, id+"error: ") || !strings.Contains(found, "extKeyUsage is missing") {
			t.Errorf("without a key purpose %sis not refused:\n%s", id, found)
		}
	}
}

// plannedOf plans a ceremony file that has no mistakes in itself.
func plannedOf(t *testing.T, text string, files plan.Files) *plan.Preview {
	t.Helper()
	l, err := plan.Load("ceremony.yaml", []byte(text), files)
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.NewPreview(context.Background(), l, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
