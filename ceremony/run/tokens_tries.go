// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"

	"rootceremony/internal/token"
)

// manyTries is after how many wrong PINs many tokens lock, also without saying
// before that it is the last.
const manyTries = 3

// tries is what is known of how many tries of its PIN a token has left, beside what it
// tells itself.
type tries struct {
	token.Config     // as far as the site file knows it
	wrong        int // PINs since the last right one, as far as it was recorded
}

// tries gives what is known of a token of the ceremony.
func (ts *tokens) tries(name string) tries {
	t := tries{wrong: ts.journal.History().WrongPINs(name)}
	t.Config.Name = name
	if ts.o.Site != nil {
		if c, err := ts.o.Site.Device(name); err == nil {
			t.Config = c
		}
	}
	return t
}

// last says why the next try may be the last one; nothing where it is not.
func (t tries) last(info token.Info) string {
	switch {
	case info.HasPIN(t.User, token.FlagPINFinalTry):
		return "it has one try left"
	case t.Tries > 0 && t.wrong+1 >= int(t.Tries):
		return fmt.Sprintf("%d wrong ones were entered, and by the site file %s", t.wrong, t.AtWorst())
	case t.Tries == 0 && t.wrong+1 >= manyTries:
		return fmt.Sprintf("%d wrong ones were entered, and many tokens lock after %d", t.wrong, manyTries)
	}
	return ""
}

// announced says how many tries are left, after wrong ones.
func (t tries) announced(info token.Info) []string {
	var lines []string
	switch {
	case info.HasPIN(t.User, token.FlagPINFinalTry) && t.Then != token.ThenZeroizes:
		lines = append(lines, fmt.Sprintf("LAST TRY. Token %s reports that another wrong PIN locks it.", t.Name))
	case info.HasPIN(t.User, token.FlagPINFinalTry):
		lines = append(lines, fmt.Sprintf("LAST TRY. Token %s reports one try left.", t.Name))
	case t.last(info) != "" && t.Tries > 0:
		lines = append(lines, fmt.Sprintf("LAST TRY. Wrong PINs on token %s: %d. By the site file %s.", t.Name, t.wrong, t.AtWorst()))
	case t.last(info) != "":
		lines = append(lines, fmt.Sprintf("THIS MAY BE THE LAST TRY. Many tokens lock after %d wrong PINs.", manyTries))
	case t.Tries > 0 && t.wrong > 0:
		const text = "%d of %d tries of the PIN of token %s are left, by the site file and what was typed here. Wrong PINs that were entered elsewhere count, too."
		return []string{fmt.Sprintf(text, int(t.Tries)-t.wrong, t.Tries, t.Name)}
	default:
		return nil
	}
	if t.Then == token.ThenZeroizes {
		lines = append(lines, "ANOTHER WRONG PIN DESTROYS ALL KEYS ON IT.")
	}
	return lines
}
