// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package profiles says what each kind of object contains: parsed from YAML,
// bound to the values of one object, and typed.
//
// A profile is the complete description of a kind of certificate, CRL, request
// or OCSP response: what is not listed must not be present. Binding a profile
// to a subject, a validity and the URLs of an issuer gives a bound object,
// which still leaves three things open: the key, the serial number and the time
// of signing. Package templates adds them.
//
// Bound objects are what plan.json holds, so their JSON form is part of the
// plan format: closed, without floats, big integers as strings.
package profiles
