// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unsafe"

	"github.com/ThalesIgnite/crypto11"
	"github.com/miekg/pkcs11"

	"rootceremony/internal/secret"
)

// States of a session in which nobody is logged in, and in which the normal user is.
var (
	publicStates = []uint{pkcs11.CKS_RO_PUBLIC_SESSION, pkcs11.CKS_RW_PUBLIC_SESSION}
	userStates   = []uint{pkcs11.CKS_RW_USER_FUNCTIONS, pkcs11.CKS_RO_USER_FUNCTIONS}
)

const hintForwards = "use the vendor's module itself, not one that forwards to it"

const hintExternal = "log in with the vendor's tool, in the way in which other programs share its login, and try again; else name another login in the site file"

// login makes the one C_Login, and looks whether it happened.
func (w *worker) login(pin *secret.PIN) ([]Info, error) {
	switch {
	case w.before == (tokenIdentity{}) || w.direct != nil || w.out:
		return nil, fmt.Errorf("unexpected login request: %w", ErrNotOpen)
	case w.config.Login.Typed() && pin.Len() == 0:
		return nil, fail(errRefused, "type the PIN", "an empty PIN would start a login at a PIN pad")
	case !w.config.Login.Typed() && pin.Len() != 0:
		return nil, errors.New("a PIN for a token that takes none")
	}
	if err := w.openCrypto11(); err != nil && w.config.Slot == nil {
		return nil, err // with a slot named, the direct context does without it
	}
	if err := w.openDirect(); err != nil {
		return nil, err
	}
	if err := w.callLogin(pin); err != nil {
		return nil, err
	}
	if err := w.loggedIn(); err != nil {
		return nil, err
	}
	token, err := w.direct.GetTokenInfo(w.slot)
	if err != nil {
		return nil, fmt.Errorf("asking token after login: %w", err)
	}
	info := tokenInfo(w.slot, token)
	if info.identity() != w.before {
		return nil, fail(errRefused, "open the token again", "slot %d has another token after the login: %v", w.slot, info)
	}
	info.addModule(w.direct)
	if info.Mechanisms, err = mechanisms(w.direct, w.slot); err != nil {
		return nil, err
	}
	w.offers = Info{Mechanisms: info.Mechanisms}
	info.describeFiles(w.config.Module, w.config.Environment)
	w.in = true
	return []Info{info}, nil
}

// openSession opens the session of the direct context.
func (w *worker) openSession() (err error) {
	w.session, err = w.direct.OpenSession(w.slot, pkcs11.CKF_SERIAL_SESSION|pkcs11.CKF_RW_SESSION)
	if isRV(err, pkcs11.CKR_SESSION_COUNT) {
		w.session, err = w.direct.OpenSession(w.slot, pkcs11.CKF_SERIAL_SESSION)
	}
	if err != nil {
		return fmt.Errorf("opening a session for evidence: %w", err)
	}
	return nil
}

// openCrypto11 opens crypto11 on the slot, without its login, which takes somebody else's
// for its own. It comes before the direct context, as it refuses a module that is
// initialized; and it gives up at a slot listed before that does not say what its token is.
func (w *worker) openCrypto11() error {
	slot := int(w.slot)
	context, err := crypto11.Configure(&crypto11.Config{Path: w.config.Module, SlotNumber: &slot, MaxSessions: 2, LoginNotSupported: true})
	if err != nil {
		return fmt.Errorf("opening token: %w", err)
	}
	w.crypto = context
	return nil
}

// openDirect opens the context for evidence, next to crypto11's.
func (w *worker) openDirect() error {
	direct := pkcs11.New(w.config.Module)
	if direct == nil {
		return fmt.Errorf("loading module %q a second time: %s", w.config.Module, loadError(w.config.Module))
	}
	err := direct.Initialize()
	if err != nil && !isRV(err, pkcs11.CKR_CRYPTOKI_ALREADY_INITIALIZED) {
		direct.Destroy()
		return fmt.Errorf("initializing the second context: %w", err)
	}
	w.direct, w.owned = direct, err == nil
	return w.openSession()
}

// callLogin makes the one C_Login, through the direct context. The login holds for all
// sessions of a process with the token, so for those of crypto11 too (PKCS#11 v2.40, 5.6,
// C_Login).
func (w *worker) callLogin(pin *secret.PIN) error {
	if !w.config.Login.Calls() {
		return nil
	}
	kind, err := w.config.userType()
	if err != nil {
		return err
	}
	view := unsafe.String(unsafe.SliceData(pin.Reveal()), pin.Len()) // of the locked bytes
	if err := w.direct.Login(w.session, kind, view); err != nil {
		return fmt.Errorf("logging in%s: %w", w.config.asUser(), err)
	}
	return nil
}

// userType is the CK_USER_TYPE that logs in.
func (c Config) userType() (uint, error) {
	switch c.User {
	case "":
		return pkcs11.CKU_USER, nil
	case UserSO:
		return pkcs11.CKU_SO, nil
	}
	kind, err := strconv.ParseUint(c.User, 0, 32)
	if err != nil {
		return 0, fmt.Errorf("user %q: %w", c.User, err)
	}
	return uint(kind), nil
}

// asUser names a user that is not the normal one.
func (c Config) asUser() string {
	if c.User == "" {
		return ""
	}
	return " as user " + c.User
}

// loggedIn looks whether a login happened, as the session of the direct context tells. The
// standard has no state for users of the vendor's: they are not public.
func (w *worker) loggedIn() error {
	info, err := w.direct.GetSessionInfo(w.session)
	if err != nil {
		return fmt.Errorf("reading session state after login: %w", err)
	}
	ok := slices.Contains(userStates, info.State)
	switch {
	case w.config.Login == LoginNone:
		ok = ok || slices.Contains(publicStates, info.State)
	case w.config.User == UserSO:
		ok = info.State == pkcs11.CKS_RW_SO_FUNCTIONS
	case w.config.User != "":
		ok = !slices.Contains(publicStates, info.State)
	}
	hint := hintForwards
	if w.config.Login == LoginExternal {
		hint = hintExternal
	}
	if !ok {
		return fail(errRefused, hint, "session state %d after login: the login is not seen, so the PIN was not checked", info.State)
	}
	return nil
}
