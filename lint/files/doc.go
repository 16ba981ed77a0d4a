// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package files lints files of any kind: it finds them, guesses what they
// are, gathers what the rules of package lint have to know, and says where in
// a file each finding stands.
//
// # Issued objects
//
// A certificate, CRL, request or OCSP response has nothing beside it that says
// what it was meant to be. With a profile it is held to exactly that. Without
// one its kind is guessed and the guess is said; what it contains is taken for
// what was declared, and the rules that compare the two are reported as not
// checked. It is judged at its own date, never at today's.
//
// # Profiles
//
// A profile is linted without a key: it is bound to sample values and to a
// specimen issuer, built over public keys that are part of the program, and
// given a static signature. A finding points at the line of YAML responsible.
//
// # Never a pass for want of knowledge
//
// A rule whose context is missing is listed with what it lacks. Files given by
// name that are nothing known here are findings; those met in a folder are
// counted as skipped.
package files
