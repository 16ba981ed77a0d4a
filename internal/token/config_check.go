// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// LongestDeadline is a day, in seconds: a module that takes longer does not answer.
const LongestDeadline = 24 * 3600

// Check returns an error that names the first thing wrong with c.
func (c Config) Check() error {
	for _, check := range []func() error{c.checkDevices, c.checkUse, c.checkLogin, c.checkTemplate} {
		if err := check(); err != nil {
			return fmt.Errorf("token %q: %w", c.Name, err)
		}
	}
	return nil
}

// checkDevices is about how a token and its spares are named.
func (c Config) checkDevices() error {
	for _, d := range append([]Spare{c.Device()}, c.Spares...) {
		switch {
		case !strings.HasPrefix(d.Module, "/"):
			return fmt.Errorf("module %q: want an absolute path", d.Module)
		case d.ModuleSHA256 != "" && (len(d.ModuleSHA256) != 64 || strings.Trim(d.ModuleSHA256, "0123456789abcdef") != ""):
			return fmt.Errorf("module-sha256 %q: want 64 characters, 0 to 9 and a to f", d.ModuleSHA256)
		}
	}
	if c.Label == "" && c.Serial == "" && c.Model == "" {
		return errors.New("want at least one of label, serial and model")
	}
	return nil
}

// checkUse is about what a module gets, and how long and how often it is tried.
func (c Config) checkUse() error {
	for name := range c.Environment {
		if !variableName.MatchString(name) || slices.Contains(loading, name) {
			return fmt.Errorf("environment: %q is not a variable that a module may get", name)
		}
	}
	if d := c.Deadlines; d != nil && (min(d.Open, d.Call, d.Sign, d.Generate) < 0 || max(d.Open, d.Call, d.Sign, d.Generate) > LongestDeadline) {
		return errors.New("deadlines: want lengths of time of at most a day")
	}
	if c.Tries != 0 && (c.Tries < 2 || c.Tries > 100) || c.Then != "" && c.Then != ThenLocks && c.Then != ThenZeroizes {
		return fmt.Errorf("tries %d, then %q: want 2 to 100 tries, and then %q or %q", c.Tries, c.Then, ThenLocks, ThenZeroizes)
	}
	return nil
}

// checkTemplate is about the attributes that keys are made with.
func (c Config) checkTemplate() error {
	if _, err := c.Chosen().resolve(); err != nil {
		return err
	}
	if c.Own != nil && slices.Contains(Templates(), c.Template) {
		return fmt.Errorf("template %q: %w", c.Template, errNotOwn)
	}
	return nil
}

// checkLogin is about who logs in, and how.
func (c Config) checkLogin() error {
	switch {
	case c.Login != "" && !slices.Contains(LoginModes(), string(c.Login)):
		return fmt.Errorf("login %q: want one of %q", c.Login, LoginModes())
	case c.User != "" && c.User != UserSO && !vendorUser.MatchString(c.User):
		return fmt.Errorf("user %q: want %q, or a number of the vendor's from \"0x80000000\", in small letters", c.User, UserSO)
	case (c.Login == LoginSplit) != (len(c.PINParts) > 0) || len(c.PINParts) == 1:
		return fmt.Errorf("login %q with %d parts: %q has two or more, and no other login has any", c.Login, len(c.PINParts), LoginSplit)
	case (c.User != "" || c.Tries != 0 || c.Then != "") && !c.Login.Calls():
		return fmt.Errorf("user, tries or then with login %q: this program logs nobody in there", c.Login)
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

// vendorUser is a user type of the vendor.
var vendorUser = regexp.MustCompile(`^0x[89a-f][0-9a-f]{7}$`)

// variableName is how a variable of the environment is called.
var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// loading are the variables that load code into every program.
var loading = []string{"LD_PRELOAD", "LD_AUDIT"}
