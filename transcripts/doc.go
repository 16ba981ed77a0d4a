// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package transcripts keeps the record, verifies it (Verify), and shows
// it from view structs.
//
// # The record
//
// A [Journal] is an append-only file of one JSON object a line, in the
// canonical form of RFC 8785. Each line is one [event.Event] with its sequence
// number, the SHA-256 of the line before it, the ceremony time, the step, who
// confirms it ([event.Record.By]) and how the fact is known ([event.How]). A line is on
// the medium before Append returns. The lines are the leaves of an RFC 6962
// tree, whose root is signed now and then, as a C2SP checkpoint, with the
// seal key: an Ed25519 key that is made when a session starts and that never
// leaves the memory of the process.
//
// # The statement
//
// Close derives transcript.json, the report and README-VERIFY.md from the
// journal alone, signs the transcript and writes MANIFEST, the list of
// digests that people sign. All of it is a pure function of the journal and
// the files, so Verify derives it again and compares the bytes.
//
// # What it cannot know
//
// Anyone who has the whole bundle can write another one, with another seal
// key, that is as consistent. Only something outside it tells the two apart:
// the seal key, the digest of MANIFEST or a head of the journal, from paper,
// video or people's signatures. Without such an [Anchor] a [Verdict] says
// that the bundle is unanchored.
package transcripts
