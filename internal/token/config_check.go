// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"fmt"
	"slices"
	"strings"
)

// LongestDeadline is a day, in seconds: a module that takes longer does not answer.
const LongestDeadline = 24 * 3600

// Check returns an error that names the first thing wrong with c.
func (c Config) Check() error {
	for _, d := range append([]Spare{c.Device()}, c.Spares...) {
		switch {
		case !strings.HasPrefix(d.Module, "/"):
			return fmt.Errorf("token %q: module %q: want an absolute path", c.Name, d.Module)
		case d.ModuleSHA256 != "" && (len(d.ModuleSHA256) != 64 || strings.Trim(d.ModuleSHA256, "0123456789abcdef") != ""):
			return fmt.Errorf("token %q: module-sha256 %q: want 64 characters, 0 to 9 and a to f", c.Name, d.ModuleSHA256)
		}
	}
	if c.Label == "" && c.Serial == "" && c.Model == "" {
		return fmt.Errorf("token %q: want at least one of label, serial and model", c.Name)
	}
	for name := range c.Environment {
		if !variableName.MatchString(name) || slices.Contains(loading, name) {
			return fmt.Errorf("token %q: environment: %q is not a variable that a module may get", c.Name, name)
		}
	}
	if d := c.Deadlines; d != nil && (min(d.Open, d.Call, d.Sign, d.Generate) < 0 || max(d.Open, d.Call, d.Sign, d.Generate) > LongestDeadline) {
		return fmt.Errorf("token %q: deadlines: want lengths of time of at most a day", c.Name)
	}
	if c.Tries != 0 && (c.Tries < 2 || c.Tries > 100) || c.Then != "" && c.Then != ThenLocks && c.Then != ThenZeroizes {
		return fmt.Errorf("token %q: tries %d, then %q: want 2 to 100 tries, and then %q or %q", c.Name, c.Tries, c.Then, ThenLocks, ThenZeroizes)
	}
	if err := c.checkLogin(); err != nil {
		return err
	}
	if _, err := c.Chosen().resolve(); err != nil {
		return fmt.Errorf("token %q: %w", c.Name, err)
	}
	if c.Own != nil && slices.Contains(Templates(), c.Template) {
		return fmt.Errorf("token %q: template %q: %w", c.Name, c.Template, errNotOwn)
	}
	return nil
}

// checkLogin is about who logs in, and how.
func (c Config) checkLogin() error {
	switch {
	case c.Login != "" && !slices.Contains(LoginModes(), string(c.Login)):
		return fmt.Errorf("token %q: login %q: want one of %q", c.Name, c.Login, LoginModes())
	case c.User != "" && c.User != UserSO && !vendorUser.MatchString(c.User):
		return fmt.Errorf("token %q: user %q: want %q, or a number of the vendor's from \"0x80000000\", in small letters", c.Name, c.User, UserSO)
	case (c.Login == LoginSplit) != (len(c.PINParts) > 0) || len(c.PINParts) == 1:
		return fmt.Errorf("token %q: login %q with %d parts: %q has two or more, and no other login has any", c.Name, c.Login, len(c.PINParts), LoginSplit)
	case (c.User != "" || c.Tries != 0 || c.Then != "") && !c.Login.Calls():
		return fmt.Errorf("token %q: user, tries or then with login %q: this program logs nobody in there", c.Name, c.Login)
	}
	return nil
}

// spareHint says what to do about a token that is not there, where others may take its place.
func (c Config) spareHint() string {
	var serials []string
	for _, s := range c.Spares {
		serials = append(serials, fmt.Sprintf("%q", s.Serial))
	}
	if len(serials) == 0 {
		return ""
	}
	return "insert it; or have a spare take its place, with serial " + strings.Join(serials, " or ") + ": move its names from spares: into the token entry of the site file"
}
