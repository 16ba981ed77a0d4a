// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package lint says whether an object may exist, and cites why not: zlint as
// one engine, our own rules (issuer, signing time, siblings, previous artifact)
// as another.
//
// # One object
//
// A [Linter] judges one object at a time: a bound object of package profiles
// (what was declared), the bytes that came of it, and a [Context] with whatever
// a rule may have to know besides. A rule that lacks the context it needs says
// so ("not-checked"); it never passes for want of knowledge.
//
// zlint judges an object by the date it carries. Here every lint is judged at
// the signing time as well, and the worse result counts, so that a legally
// backdated cross-certificate is not measured by the rules of another decade.
//
// What takes effect between the signing and the end of the object's validity is
// announced: a notice, set aside with its date, that informs and never blocks.
// Where a program counts from another day than that of the signing (Chrome from
// disclosure), the day of signing is taken, and the rule says so.
//
// # What is not enforced
//
// [Rules] lists every rule of both engines and [Unenforced] every requirement
// that none of them decides, with the reason: nobody has to take silence for a
// pass.
//
// # Before and after the signature
//
// [Linter.Clear] lints the real to-be-signed bytes under a static signature of
// full size, and is the only maker of a [Clearance]: the proof, carrying those
// bytes, that they may be signed, once. [Linter.Issued] judges what came back:
// it is parsed again by a parser that did not build it, compared field by field
// with what was declared, verified in software and linted again.
//
// # Decisions of people
//
// What blocks can be waived by a dated [Waiver] for one rule and one artifact.
// Some results nobody can waive: those of [Finding.Waivable], and errors about
// the purpose that the profile itself declares. Notices and
// warnings of zlint that the declared purpose of the profile answers, and its
// known false positives, are kept and shown as suppressed, with the reason.
package lint
