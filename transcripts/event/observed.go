// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import "slices"

// What the program itself writes down as a deviation or a note. Readers believe what it
// saw more than what somebody said, so the record holds none in other words: a
// change of words here makes records of before invalid.

// NotesUnfinished ends the note of what people had begun to say when the ceremony stopped.
const NotesUnfinished = " (neither recorded nor discarded when the ceremony stopped)"

// PINTyped is that a PIN was typed as something else, where it shows.
func PINTyped(as string) DeviationRecorded {
	return DeviationRecorded{Expected: "a PIN is typed only where the screen does not show it", Happened: "a PIN was typed as " + as,
		Decision: "it was not recorded, and the question was asked again; the PIN is to be changed", DecidedBy: []string{}}
}

// PINPrinted is that the module of a token printed its PIN.
func PINPrinted(token string) DeviationRecorded {
	return DeviationRecorded{Expected: "a module prints no PIN", Happened: "the PIN was printed by the module of token " + token,
		Decision: "the line was recorded without it; the PIN is to be changed", DecidedBy: []string{}}
}

// NotClosed is that a module failed to close a token.
func NotClosed(token, failure string) DeviationRecorded {
	return DeviationRecorded{Exception: ExceptionNotClosed, Token: token, Expected: "the token is logged out of and closed", Happened: failure,
		Decision: "the process that held the token has ended; the ceremony continues", DecidedBy: []string{}}
}

// NotCounted is that a ceremony is abandoned although a token fails.
func NotCounted(token, failure string) DeviationRecorded {
	return DeviationRecorded{Expected: "the objects of each token are counted before the ceremony ends", Happened: "token " + token + ": " + failure,
		Decision: "the ceremony is abandoned without this token", DecidedBy: []string{}}
}

// MediumFailed is that the journal is no longer written on its second medium.
func MediumFailed(failure string) DeviationRecorded {
	return DeviationRecorded{Exception: ExceptionMedium, Expected: "the journal is written on two media", Happened: "the second medium failed: " + failure,
		Decision: "the ceremony continues with the first", DecidedBy: []string{}}
}

// FilesOfNobody is that files were in the bundle for which no line accounts.
func FilesOfNobody(names string) DeviationRecorded {
	return DeviationRecorded{Expected: "an event accounts for every file of the bundle", Happened: "none did for " + names,
		Decision: "moved to " + LeftOverFolder + ", and no part of what is delivered", DecidedBy: []string{}}
}

// FilesMissing is that seal keys or checkpoints were missing when a session began.
func FilesMissing(names string) DeviationRecorded {
	return DeviationRecorded{Expected: "the bundle has the seal key of every session, and the last checkpoint of the one before", Happened: "missing: " + names,
		Decision: "keys are written again, as the journal has them; later checkpoints cover what a missing one covered", DecidedBy: []string{}}
}

// SeenByProgram reports whether a deviation is one that the program writes down itself, by what
// was expected and done: what happened is for people.
func (e DeviationRecorded) SeenByProgram() bool {
	if len(e.DecidedBy) > 0 || e.KeySHA256 != "" || e.Chosen != nil {
		return false
	}
	return slices.ContainsFunc([]DeviationRecorded{
		PINTyped(""), PINPrinted(""), NotClosed(e.Token, ""), NotCounted("", ""), MediumFailed(""), FilesOfNobody(""), FilesMissing(""),
	}, func(form DeviationRecorded) bool {
		return e.Expected == form.Expected && e.Decision == form.Decision && e.Exception == form.Exception && e.Token == form.Token
	})
}
