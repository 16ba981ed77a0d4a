// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package templates turns a bound object, a public key and an issuer into the
// exact bytes to be signed. It is pure: no clock, no randomness, no signing.
//
// # Same input, same bytes
//
// The bytes can be agreed on before a ceremony and rebuilt after it by anyone
// who has the plan and the recorded values. So nothing is left to a default of
// a library or to GODEBUG: names, extensions and their order, string types,
// times and algorithm identifiers are all written here, with
// golang.org/x/crypto/cryptobyte.
//
// # What is refused
//
// A bound object may come from a plan.json that somebody edited. What cannot be
// encoded exactly as declared is an error: a serial number of another length,
// an unresolved reference, a fraction of a second.
package templates
