// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremonytest

// Small is a whole ceremony that needs no files.
const Small = `version: 1
ceremony: {id: small, approval: none, title: A small ceremony, window: {from: 2026-12-01T08:00:00Z, to: 2026-12-01T09:00:00Z}}
people:
  administrator: {of: [alice], need: 1}
  internal-witness: {of: [bob], need: 1}
keys:
  k: {token: root, algorithm: ecdsa-p384, class: root}
authorities:
  a: {key: k, subject: {organization: Small, common-name: Small Root}}
steps:
  - section: All
  - generate: [k]
  - issue: root
    profile: builtin:private-root
    subject: a
    issuer: a
    validity: {not-before: signing-day, for: 10y}
`
