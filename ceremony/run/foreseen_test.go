// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

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

// ownExtension is a ceremony whose CA has a critical extension of its own, which
// no other implementation validates a path over.
const ownExtension = `version: 1
ceremony: {id: own, approval: none, title: A critical extension of our own, window: {from: 2027-03-01T08:00:00Z, to: 2027-03-01T20:00:00Z}}
people:
  administrator: {of: [alice], need: 1}
  internal-witness: {of: [bob], need: 1}
keys:
  root: {token: t, algorithm: ecdsa-p384, class: root}
  sub: {token: t, algorithm: ecdsa-p384, class: affiliate-sub}
authorities:
  root: {key: root, subject: {organization: Example, common-name: Root}}
  sub: {key: sub, subject: {common-name: Sub}}
steps:
  - generate: [root, sub]
  - {issue: root-cert, profile: "builtin:private-root", subject: root, issuer: root, validity: {not-before: signing-day, for: 20y}}
  - {issue: sub-cert, profile: sub.yaml, subject: sub, issuer: root, validity: {not-before: signing-day, for: 3y}}
waivers:
  - {rule: cert.other-extension, artifact: sub-cert, reason: our own clients know this extension, citation: none, approver: alice, expires: 2028-01-01}
`

const waivePath = "  - {rule: chain.paths, artifact: sub-cert, reason: our own clients build the path, citation: none, approver: alice, expires: 2028-01-01}\n"

// TestForeseenPath guards the room: that others will not validate the path to a
// certificate is found in the plan, where its waiver counts, and what the plan
// accepts the room finishes. Before, it was found after the signature, and its
// waiver was one that matched nothing.
func TestForeseenPath(t *testing.T) {
	folder := t.TempDir()
	sub := string(ceremonytest.ReferenceFiles(t)["sub.yaml"]) + "  - raw: {oid: 1.3.6.1.4.1.99999.1, critical: true, der: \"3003020101\"}\n"
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("sub.yaml", sub)
	write(ceremonyFile, ownExtension)
	p, err := plan.NewPreview(context.Background(), ceremonytest.Load(t, folder), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Problems) != 1 || !strings.Contains(p.Problems.Error(), "sub-cert: error: chain.paths: crypto/x509 at 2027-03-01T00:00:00Z, ") {
		t.Errorf("without a waiver:\n%v", p.Problems)
	}
	write(ceremonyFile, ownExtension+waivePath)
	rehearseAlone(t, folder)
}
