// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package inspect turns DER into values and into text by a second parser.
//
// # Independence
//
// Nothing here builds what the tool signs, and nothing here is used to build
// it: what was declared can be compared with what was issued only by a reader
// that shares no code with the writer. Each object is read twice, by a strict
// walk over cryptobyte and by a parser of somebody else
// (certificate-transparency-go for certificates, CRLs and requests,
// golang.org/x/crypto/ocsp for OCSP responses), and the two must agree. What the other
// does not support is told as that ([UnsupportedError]): no ceremony signs it.
//
// # Extensions
//
// Each extension that has a reader is one row of one table, in a file of its
// own (ext_*.go): it is decoded, compared with the other parser, shown to
// people, and written in the canonical form of a declaration by
// [Extensions.Canonical].
//
// # Hostile input
//
// All input may be made to harm. Sizes and list lengths are capped, depth is
// fixed by the code (nothing recurses), and text for people never carries
// a control character of its input.
//
// # Strictness
//
// Trailing data, indefinite and over-long lengths, unsorted sets, times
// without seconds or with an offset are errors. What is against the rules of
// a profile rather than unreadable (an encoded DEFAULT, a reason code of the
// wrong type, an empty list of revoked certificates) is kept as a value, since
// rules have to see it to report it.
package inspect
