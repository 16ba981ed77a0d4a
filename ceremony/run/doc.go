// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package run carries a plan out: it rehearses, runs, resumes, repeats steps
// and continues under an amended plan, with tokens, people and a record.
//
// It is the only room that has keys sign. It trusts
// the record of earlier sessions only as far as package verify does.
//
// A ceremony is carried out by parts, each with its own state; a part is given
// those that it uses, and changes what they hold by their methods only:
//
//	session   one sitting: the screen, the journal, the clock, the step at hand
//	state     the plan in force, what tokens returned for it, its progress
//	room      who is there: questions, the words of the room, decisions of two
//	paper     what people compare on paper and read aloud: digests, heads of the record
//	tokens    the devices: opened, counted, called between intent and result
//	keys      key pairs: made, found, accepted, proved, signing, destroyed
//	signing   artifacts: built, cleared, confirmed, signed, checked, written
//	steps     the steps of the plan, in their order
//	interruption  calls, keys and signatures that an interruption left unresolved
//	redoing   steps that are repeated
//	amending  another plan in place of the current one
//	entry     what is refused, and locked, before anybody is asked
//
// What helps after a failure is a row of the table in hints_table.go, by the kind of
// failure and the state of the bundle; hints.go finds the row.
//
// Beside a ceremony, survey.go looks at what can be known before one, token_check.go at
// tokens after a login, and sacrifice.go at what a device does with a key.
//
// The runner opens a ceremony, lets the parts do their work, and closes it.
package run
