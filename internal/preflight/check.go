// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package preflight

import "strings"

// The names of the checks, beside those of the host.
const (
	Plan         = "plan"           // it is the one in the plan folder
	Site         = "site"           // it names the tokens, and is the one that was approved
	Approvals    = "approvals"      // as the policy demands, whose digest is the one from paper
	Placeholders = "placeholders"   // no name and no URL is left of an example
	Bundle       = "bundle"         // the folder can be made and written, and there is room
	Mirror       = "journal-mirror" // the same for the second medium
	Clock        = "clock"          // of the host, against the window
	Tool         = "tool"           // its digest
	Token        = "token"          // its module loads, it is there, the only one, and of use
	Module       = "module"         // its digest
	PIN          = "pin"            // a login is possible
	Login        = "login"          // the site file names one that the token has
	Mechanisms   = "mechanisms"     // with the sizes that the plan needs
	Labels       = "labels"         // of keys to be made are free, as far as anybody sees
	Keys         = "keys"           // that exist are seen, without a login or after it
)

// The names of the checks that need a login.
const (
	Objects    = "objects"    // all can be read, so that nobody's label or id is missed
	IDs        = "ids"        // that are taken
	Attributes = "attributes" // of a key that exists are those of the template
	Space      = "space"      // for the keys to be made
)

// The names of the checks that need a sacrificial key.
const (
	LeftOver    = "left-over"   // no key of an earlier test is there
	Others      = "others"      // no key of others is there, or the site file says that the token is shared
	Random      = "random"      // the token draws bytes
	Template    = "template"    // a key that is made with it does what the plan needs, and no more
	Persistence = "persistence" // a fresh process finds the key again
	Deletion    = "deletion"    // nothing of the keys is left
	Choice      = "choice"      // the template of the site file works
)

// Level is what follows if a check is not met.
type Level string

// The levels.
const (
	Require Level = "require" // the ceremony does not begin
	Warn    Level = "warn"    // people are told
	Record  Level = "record"  // a fact without a verdict
)

// Outcome is what a check found.
type Outcome string

// The outcomes.
const (
	OK      Outcome = "ok"
	Warning Outcome = "warning"
	Failed  Outcome = "failed"
	Noted   Outcome = "recorded" // of [Record]
)

// Check is one thing that was looked at.
type Check struct {
	Name    string  `json:"check"`
	Of      string  `json:"of,omitempty"` // the token that it is about
	Level   Level   `json:"level"`
	Outcome Outcome `json:"outcome"`
	Found   string  `json:"found"`
	Next    string  `json:"next,omitempty"` // what to try, where it is not met
}

// Title names the check, and the token that it is about.
func (c Check) Title() string { return strings.TrimSpace(c.Name + " " + c.Of) }

// Met is a check that found what it wants.
func Met(name string, level Level, found string) Check {
	c := Check{Name: name, Level: level, Outcome: OK, Found: found}
	if level == Record {
		c.Outcome = Noted
	}
	return c
}

// Unmet is a check that did not, or that could not see.
func Unmet(name string, level Level, found, next string) Check {
	c := Check{Name: name, Level: level, Outcome: Failed, Found: found, Next: next}
	switch level {
	case Warn:
		c.Outcome = Warning
	case Record:
		c.Outcome = Noted
	}
	return c
}

// About says which token a check is about.
func (c Check) About(token string) Check {
	c.Of = token
	return c
}

// With gives those of the checks that have an outcome.
func With(outcome Outcome, all []Check) []Check {
	var some []Check
	for _, c := range all {
		if c.Outcome == outcome {
			some = append(some, c)
		}
	}
	return some
}
