// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/miekg/pkcs11"
)

// tooMany is the error for a count beyond its bound.
func tooMany(n int, what string, most int) error {
	return fail(errRefused, "limit what the module shows, or use another module", "the module gives %d %s: want at most %d", n, what, most)
}

// rvOf returns the CK_RV in err. crypto11 wraps with an old pkg/errors, which
// knows Cause and not Unwrap.
func rvOf(err error) (pkcs11.Error, bool) {
	for err != nil {
		var rv pkcs11.Error
		if errors.As(err, &rv) {
			return rv, true
		}
		caused, ok := errors.AsType[interface {
			error
			Cause() error
		}](err)
		if !ok {
			return 0, false
		}
		err = caused.Cause()
	}
	return 0, false
}

// isRV reports whether err is one of the CK_RVs.
func isRV(err error, values ...uint) bool {
	rv, ok := rvOf(err)
	for _, v := range values {
		if ok && uint(rv) == v {
			return true
		}
	}
	return false
}

// codeOf returns the CKR name of err, or "".
func codeOf(err error) string {
	rv, ok := rvOf(err)
	if !ok {
		return ""
	}
	if _, name, found := strings.Cut(rv.Error(), "CKR_"); found {
		return "CKR_" + name
	}
	if name := laterCodes[uint(rv)]; name != "" {
		return name
	}
	return fmt.Sprintf("CK_RV 0x%x", uint(rv))
}

// laterCodes are those of PKCS#11 v2.40 and v3.0 that the binding does not name.
var laterCodes = map[uint]string{
	0x1b: "CKR_ACTION_PROHIBITED", 0x140: "CKR_CURVE_NOT_SUPPORTED", 0x1b9: "CKR_PUBLIC_KEY_INVALID",
	0x201: "CKR_TOKEN_RESOURCE_EXCEEDED", 0x202: "CKR_OPERATION_CANCEL_FAILED", 0x203: "CKR_KEY_EXHAUSTED",
}

// describe prepares an error for the pipe.
func (w *worker) describe(op string, err error) *wireError {
	e := &wireError{Text: err.Error(), Kind: kindOf(err), Code: codeOf(err)}
	if rv, ok := rvOf(err); ok {
		e.Hint = cmp.Or(hintForLogin(op, w.config.User, uint(rv)), hintFor(op, uint(rv)))
		if e.Kind == "" {
			e.Kind = kindOfRV(uint(rv))
		}
	}
	if f, ok := errors.AsType[*failure](err); ok {
		e.Effect = f.effect
		if f.hint != "" {
			e.Hint = f.hint
		}
	}
	return e
}

func kindOfRV(rv uint) string {
	switch rv {
	case pkcs11.CKR_PIN_INCORRECT, pkcs11.CKR_PIN_LEN_RANGE, pkcs11.CKR_PIN_INVALID:
		return kindOf(ErrPINIncorrect)
	case pkcs11.CKR_PIN_LOCKED:
		return kindOf(ErrPINLocked)
	}
	return kindOf(errRefused)
}

const (
	hintLoggedIn = "end the other program, or log it out"
	hintTemplate = "choose another key template for this token in the site file, none is tried without being asked for; ceremony token test shows which it takes"
	hintRefusing = "some tokens answer so to a key template that they do not take"
	hintDevice   = "a device that is gone or does not answer gives this code: look at it, its cable and its service"
	// NSS refuses C_Initialize without a configdir= in pReserved; p11-kit gives it that.
	hintParameters = "a module that wants parameters to begin, such as libsoftokn3.so of NSS, gives this code: name p11-kit-proxy.so as the module, and the parameters in x-init-reserved: of its configuration"
	hintPrinted    = "the lines that the module printed may say more; open the token again and compare the census"
)

// hintForLogin returns the next thing to try after a CK_RV of a login, when a user of the
// site file logs in.
func hintForLogin(op, user string, rv uint) string {
	switch rv {
	case pkcs11.CKR_PIN_INCORRECT, pkcs11.CKR_PIN_LEN_RANGE, pkcs11.CKR_PIN_INVALID:
		return "check which token the PIN belongs to before the next try; many tokens lock after a few"
	case pkcs11.CKR_PIN_LOCKED:
		return hintLocked(user)
	case pkcs11.CKR_PIN_EXPIRED:
		return hintExpired(user)
	case pkcs11.CKR_USER_ALREADY_LOGGED_IN, pkcs11.CKR_USER_ANOTHER_ALREADY_LOGGED_IN:
		if op == opLogin {
			return hintLoggedIn
		}
	case pkcs11.CKR_USER_NOT_LOGGED_IN:
		return "the login was lost: open the token again"
	case pkcs11.CKR_USER_TYPE_INVALID:
		if withPIN(op) {
			return "the token does not know this user: compare user: in the site file with the documents of the vendor"
		}
	case pkcs11.CKR_ARGUMENTS_BAD:
		if withPIN(op) {
			return "a token without a PIN pad refuses a login without a PIN: set login to pin in the site file"
		}
	}
	return ""
}

// hintFor returns the next thing to try after another CK_RV.
func hintFor(op string, rv uint) string {
	switch rv {
	case pkcs11.CKR_DEVICE_REMOVED, pkcs11.CKR_TOKEN_NOT_PRESENT, pkcs11.CKR_SESSION_HANDLE_INVALID, pkcs11.CKR_SESSION_CLOSED:
		return "check the device and its cable, then open the token again"
	case pkcs11.CKR_OBJECT_HANDLE_INVALID:
		return "the object went away, or the token was changed under this program: open it again and compare the census"
	case pkcs11.CKR_TEMPLATE_INCONSISTENT, pkcs11.CKR_TEMPLATE_INCOMPLETE, pkcs11.CKR_ATTRIBUTE_VALUE_INVALID,
		pkcs11.CKR_ATTRIBUTE_TYPE_INVALID, pkcs11.CKR_ATTRIBUTE_READ_ONLY, pkcs11.CKR_KEY_TYPE_INCONSISTENT:
		if op == opGenerate {
			return hintTemplate
		}
	case pkcs11.CKR_MECHANISM_INVALID, pkcs11.CKR_MECHANISM_PARAM_INVALID, pkcs11.CKR_KEY_SIZE_RANGE:
		return "this token does not offer the algorithm; ceremony token list --module MODULE shows what it offers"
	case pkcs11.CKR_SESSION_COUNT:
		return "the token has no session left: end other programs that use it"
	case pkcs11.CKR_ARGUMENTS_BAD:
		if op == opList || op == opLook || op == opOpen {
			return hintParameters
		}
	case pkcs11.CKR_GENERAL_ERROR, pkcs11.CKR_FUNCTION_FAILED, pkcs11.CKR_DEVICE_ERROR:
		if op == opGenerate {
			return hintDevice + "; " + hintRefusing + ": if it fails again, " + hintTemplate
		}
		return hintDevice + "; " + hintPrinted
	case pkcs11.CKR_FUNCTION_REJECTED:
		if op == opGenerate {
			return hintRefusing + ": " + hintTemplate + "; " + hintPrinted
		}
		return hintPrinted
	case pkcs11.CKR_CRYPTOKI_NOT_INITIALIZED:
		return hintPrinted
	case pkcs11.CKR_DEVICE_MEMORY:
		return "the device is full, or its audit log is"
	}
	return ""
}
