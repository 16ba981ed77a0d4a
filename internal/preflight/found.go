// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package preflight

import (
	"fmt"
	"strings"
)

// What checks find that the rest of a record shows as well: verify says the same of it.
const (
	NamesTokens     = "it names every token of the plan"
	NoApprovals     = "the ceremony file asks for none"
	NoPlaceholder   = "no name and no URL is left of an example"
	OffersAll       = "it offers what the plan needs"
	ListsNone       = "the module lists none"
	NoPIN           = "the token asks for none"
	LoggedIn        = "somebody is logged in already, and this program asks for none"
	OfficerLocked   = "the PIN of the security officer is locked: nobody can reset a user PIN that is locked"
	OfficerToChange = "the PIN of the security officer must be changed, as the token reports"
	NoWrongPIN      = "the token tells of no wrong one"
	LastTry         = "LAST TRY: another wrong PIN locks the token"
	WrongPIN        = "a wrong PIN was entered since the last login"
	HasPad          = "login: pin, but the token has a PIN pad of its own"
	NoLogin         = "login: pin, but the token says that it requires no login"
	NoVariables     = "none is set that says where code comes from"
)

// Joined is what a check finds that finds several things.
func Joined(found ...string) string { return strings.Join(found, "; ") }

// PINWarnings are all that the check of a PIN may warn of.
func PINWarnings() []string {
	all := []string{OfficerLocked, OfficerToChange}
	for _, pin := range []string{LastTry, WrongPIN} {
		all = append(all, pin, Joined(pin, OfficerLocked), Joined(pin, OfficerToChange))
	}
	return all
}

// Root is the check of the host that session.started tells as well.
const Root = "root"

// Variables is the check of the host that the environment of a token's process tells as well.
const Variables = "variables"

// RunsAsRoot says whether the program runs as root.
func RunsAsRoot(root bool) string { return "the program runs as root: " + yes(root) }

// IsPlan says which plan it is that people approved.
func IsPlan(sha256 string) string {
	return fmt.Sprintf("it is the one in the plan folder (SHA-256 %s)", sha256)
}

// ApprovedBy says by which policy approvals are as they have to be.
func ApprovedBy(policySHA256 string) string {
	return fmt.Sprintf("they are as the policy demands (SHA-256 %s)", policySHA256)
}

// HasLogin says that the token has the login of the site file.
func HasLogin(mode string) string { return "the token has login: " + mode }

// AsksNone says why a token with a login of the site file asks for no PIN; nothing where
// it asks for one.
func AsksNone(login string) string {
	return map[string]string{"none": NoPIN, "external": LoggedIn}[login]
}

// ByTheSite adds to what a token tells of its PIN what the site file says of too many
// wrong ones, if it says anything.
func ByTheSite(found, worst string) string {
	if worst == "" {
		return found
	}
	return found + "; by the site file " + worst
}

// FirstOf says the first of several things, and how many more there are.
func FirstOf(all []string) string {
	const most = 3
	text := strings.Join(all[:min(len(all), most)], ", ")
	if more := len(all) - most; more > 0 {
		text += fmt.Sprintf(", and %d more", more)
	}
	return text
}
