// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package lint checks whether an object may be issued, and cites the
// requirement if not: zlint as one engine, our own rules (issuer, signing time,
// siblings, previous artifact) as another.
//
// # One object
//
// A [Linter] lints one object at a time: a bound object of package profiles
// (what was declared), the bytes that came of it, and a [Context] with what
// else a rule may need. A rule that lacks the context it needs says so
// ("not-checked"); it never passes without it.
//
// zlint applies the rules in force at the date in the object. Here every lint
// is also run as of the signing time, and the worse result counts, so that a
// legally backdated cross-certificate is not checked only against rules that
// were in force decades ago.
//
// What takes effect between the signing and the end of the object's validity is
// announced: a notice, suppressed with its date, that informs and never blocks.
// Where a root program counts from another day (Chrome from disclosure), the
// day of signing is used, and the rule says so.
//
// # What is not enforced
//
// [Rules] lists every rule of both engines and [Unenforced] every requirement
// that none of them decides, with the reason, so that a missing finding is not
// taken for a pass.
//
// # Before and after the signature
//
// [Linter.Clear] lints the real to-be-signed bytes under a static signature of
// full size, and is the only maker of a [Clearance]: the proof, carrying those
// bytes, that they may be signed, once. [Linter.Issued] checks the signed
// object: it is parsed again by a parser that did not build it, compared field
// by field with what was declared, verified in software and linted again.
//
// # What blocks
//
// Errors and warnings block, and what is fatal. A notice is told and recorded, and
// blocks nothing: neither a plan nor a signature nor a check of a folder.
//
// # Waivers
//
// What blocks can be waived by a dated [Waiver] for one rule and one artifact.
// Some findings cannot be waived: those that [Finding.Waivable] excludes, and
// errors about the purpose that the profile itself declares. Notices and
// warnings of zlint that the declared purpose of the profile answers, and its
// known false positives, are kept and shown as suppressed, with the reason.
package lint
