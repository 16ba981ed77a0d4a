// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package files lints files of any kind: it finds them, guesses what they are,
// collects the context that the rules of package lint need, and says where in a
// file each finding is.
//
// # Issued objects
//
// A certificate, CRL, request or OCSP response comes without a statement of
// what it was meant to be. With a profile it is checked against exactly that.
// Without one its kind is guessed and reported as a guess; what it contains is
// used as what was declared, and the rules that compare the two are reported as
// not checked. It is linted as of its own date, never as of today.
//
// # Profiles
//
// A profile is linted without a key: it is bound to sample values and to a
// specimen issuer, built over public keys that are part of the program, and
// given a static signature. A finding points at the line of YAML responsible.
//
// # Missing context is never a pass
//
// A rule whose context is missing is listed with what it lacks. Files given by
// name that are of no known type are findings; those met in a folder are
// counted as skipped.
package files
