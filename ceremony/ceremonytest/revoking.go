// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremonytest

// Revoking is a ceremony that makes a CA, beside ReferenceFiles, up to where it is
// revoked.
const Revoking = `version: 1
ceremony: {id: revoke, approval: none, title: Make and revoke, window: {from: 2026-12-01T08:00:00Z, to: 2026-12-02T20:00:00Z}}
people:
  administrator: {of: [alice], need: 1}
  internal-witness: {of: [bob], need: 1}
keys:
  root: {token: hsm, algorithm: ecdsa-p384, class: root}
  sub: {token: hsm, algorithm: ecdsa-p384, class: affiliate-sub}
  resp: {token: hsm, algorithm: ecdsa-p384, class: ocsp-responder}
authorities:
  root: {key: root, subject: {organization: Example, common-name: Root}}
  sub: {key: sub, subject: {common-name: Sub}}
  resp: {key: resp, subject: {common-name: Responder}}
steps:
  - generate: [root, sub, resp]
  - {issue: root-cert, profile: "builtin:private-root", subject: root, issuer: root, validity: {not-before: 2026-12-01T00:00:00Z, for: 10y}}
  - {issue: sub-cert, profile: sub.yaml, subject: sub, issuer: root, validity: {not-before: 2026-12-01T00:00:00Z, for: 5y}}
  - {issue: resp-cert, profile: responder.yaml, subject: resp, issuer: root, validity: {not-before: signing-day, for: 1y}}
  - {crl: crl-0, profile: list.yaml, issuer: root, number: 0, first: true, this-update: signing-time, next-update: 6mo}
`
