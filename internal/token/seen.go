// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import "errors"

// Seen is what a token shows to anybody, without a login.
type Seen struct {
	Info   Info
	Public Census // objects without CKA_PRIVATE; what others there are is not known
}

// Fit says why keys could not be made or used on the token, whatever PIN is typed.
func (s *Seen) Fit(c Config) error { return c.refused(checkDevice(s.Info)) }

// PIN says why no login could succeed.
func (s *Seen) PIN(c Config) error { return c.refused(checkPIN(s.Info, c)) }

// LoginMode says why the login of the site file is not one that the token has. With
// CKF_PROTECTED_AUTHENTICATION_PATH C_Login takes a NULL PIN, and without it there is
// no pad that could ask for one; without CKF_LOGIN_REQUIRED private objects are used
// without a login, and with it they are not (PKCS#11 v2.40, CK_TOKEN_INFO and C_Login).
func (s *Seen) LoginMode(c Config) error {
	switch {
	case c.Login == LoginPad && !s.Info.Has(FlagProtectedPath):
		return c.refused(fail(errRefused, "set login: pin in the site file", "the site file says login: pad, but the token has no PIN pad"))
	case c.Login == LoginNone && s.Info.Has(FlagLoginRequired):
		return c.refused(fail(errRefused, "set login: pin, or login: pad, in the site file", "the site file says login: none, but the token requires a login"))
	}
	return nil
}

// refused gives an error of the parent the form of one that a worker found.
func (c Config) refused(err error) error {
	if err == nil {
		return nil
	}
	e := &ModuleError{Token: c.Name, Op: opLook, Text: err.Error(), kind: errRefused}
	if f, ok := errors.AsType[*failure](err); ok {
		e.Hint, e.kind = f.hint, f.kind
	}
	return e
}

// checkUsable refuses what a login or a key would fail on.
func checkUsable(i Info, c Config) error {
	if err := checkDevice(i); err != nil {
		return err
	}
	return checkPIN(i, c)
}

// checkDevice refuses a token on which no key could be made or used.
func checkDevice(i Info) error {
	switch {
	case !i.Has(FlagInitialized):
		return fail(errRefused, "initialize it with the vendor's tool", "token is not initialized (%s, slot %d)", NameOf(i.Label, i.Serial, i.Model), i.Slot)
	case i.Has(FlagWriteProtect):
		return fail(errRefused, "choose another slot or token", "token is write-protected (%v)", i)
	case i.MaxRWSessions == 1 || i.MaxSessions == 1 || i.MaxSessions == 2:
		return fail(errRefused, "a token is needed that allows two read-write sessions and three in all",
			"the token allows %d read-write and %d sessions in all (0: no limit; %v)", i.MaxRWSessions, i.MaxSessions, i)
	}
	return nil
}

// checkPIN refuses a token that would accept no PIN.
func checkPIN(i Info, c Config) error {
	switch {
	case !c.Login.Calls():
		return nil
	case i.HasPIN(c.User, FlagPINLocked):
		return fail(ErrPINLocked, hintLocked(c.User), "the %s of the token is locked (%v)", whosePIN(c.User), i)
	case c.User == "" && !i.Has(FlagPINSet) && !i.Has(FlagProtectedPath): // opencryptoki has it changed, too
		return fail(errRefused, "have its security officer set it with the vendor's tool", "the token has no user PIN (%v)", i)
	case i.HasPIN(c.User, FlagPINToChange):
		return fail(errRefused, hintExpired(c.User), "the %s must be changed first (%v)", whosePIN(c.User), i)
	}
	return nil
}
