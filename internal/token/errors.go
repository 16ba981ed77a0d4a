// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// What callers may need to distinguishes with errors.Is.
var (
	ErrNotBuiltIn   = errors.New("this program was built without PKCS#11")
	ErrKeyExists    = errors.New("an object with this label or id exists on the token")
	ErrNoSuchKey    = errors.New("no such key on the token")
	ErrAmbiguous    = errors.New("more than one match on the token")
	ErrNoSuchToken  = errors.New("no token matches")
	ErrBadSignature = errors.New("signature does not verify under the recorded public key")
	ErrPINIncorrect = errors.New("the token refused the PIN")
	ErrPINLocked    = errors.New("the PIN of the token is locked")
	errLoggedIn     = errors.New("someone is logged in already, so that the PIN would not be checked")
	ErrNotOpen      = errors.New("the token is not open")
	ErrOrphan       = errors.New("the failed operation left objects on the token")
	errRefused      = errors.New("the token refused")
	errAsksPIN      = errors.New("the key wants a login before each signature")
)

// failure adds a hint, a sentinel or a possible effect to an error.
type failure struct {
	err    error
	kind   error
	hint   string
	effect bool
}

func (f *failure) Error() string   { return f.err.Error() }
func (f *failure) Unwrap() []error { return []error{f.err, f.kind} }

// fail makes an error of the given kind with a hint.
func fail(kind error, hint, format string, values ...any) error {
	return &failure{kind: kind, hint: hint, err: fmt.Errorf(format, values...)}
}

// whosePIN names the PIN of a user of the site file.
func whosePIN(user string) string {
	switch user {
	case "":
		return "user PIN"
	case UserSO:
		return "PIN of the security officer"
	}
	return "PIN of user " + user
}

// hintLocked is what helps with a PIN that is locked. C_InitPIN sets that of the normal user
// and no other (PKCS#11 v2.40, 5.5); C_InitToken destroys all objects.
func hintLocked(user string) string {
	if user == "" {
		return "the security officer of the token has to reset the user PIN"
	}
	return "ask its vendor what unlocks it; to initialize the token anew destroys its keys"
}

// hintExpired is what helps with a PIN that has to be changed.
func hintExpired(user string) string {
	return "change the " + whosePIN(user) + " with the vendor's tool"
}

// How a token refuses a login.
const (
	RefusedWrong     = "wrong"     // the PIN is not the token's
	RefusedCancelled = "cancelled" // at the token's own pad, or nobody entered one there in time
	RefusedLocked    = "locked"    // too many wrong ones were entered
)

// refused says how a token refused a login, or nothing where it did not.
// PKCS#11 has one code for a PIN pad whose user cancelled and whose time ran out.
func refused(err error) string {
	module, _ := errors.AsType[*ModuleError](err)
	switch {
	case errors.Is(err, ErrPINIncorrect):
		return RefusedWrong
	case errors.Is(err, ErrPINLocked):
		return RefusedLocked
	case module != nil && (module.Code == "CKR_FUNCTION_CANCELED" || module.Code == "CKR_FUNCTION_REJECTED"):
		return RefusedCancelled
	}
	return ""
}

// ModuleError is an error that a PKCS#11 call returned.
type ModuleError struct {
	Token string // name of the token in the site file
	Op    string // "open", "login", "census", "generate", "find", "sign", "random", "destroy", …
	Code  string // CKR_…
	Text  string // what happened, for people
	Hint  string // the next thing to try, or ""

	// Effect says that the operation may have had its effect all the same.
	Effect bool

	kind error
}

// Error says what happened and the next thing to try.
func (e *ModuleError) Error() string {
	text := fmt.Sprintf("token %q: %s: %s", e.Token, e.Op, e.Text)
	if e.Effect {
		text += "; " + effectOf(e.Op)
	}
	if e.Hint != "" {
		text += "; " + e.Hint
	}
	return text
}

// TemplateRefused reports whether the token made no key because of the attributes
// that were asked for.
func (e *ModuleError) TemplateRefused() bool {
	return e.Op == opGenerate && !e.Effect && slices.Contains(templateCodes, e.Code)
}

// templateCodes are what C_GenerateKeyPair returns about attributes.
var templateCodes = []string{"CKR_TEMPLATE_INCONSISTENT", "CKR_TEMPLATE_INCOMPLETE", "CKR_ATTRIBUTE_VALUE_INVALID",
	"CKR_ATTRIBUTE_TYPE_INVALID", "CKR_ATTRIBUTE_READ_ONLY", "CKR_KEY_TYPE_INCONSISTENT"}

// TemplateSuspected reports whether the token made no key, and may have refused the
// attributes without saying so.
func (e *ModuleError) TemplateSuspected() bool {
	return e.Op == opGenerate && !e.Effect && slices.Contains(generalCodes, e.Code)
}

// generalCodes are what some modules return about attributes, too: tpm2-pkcs11
// CKR_GENERAL_ERROR; that of the YubiHSM 2 the others, where the device refuses a
// capability (yrc_to_rv in its source).
var generalCodes = []string{"CKR_GENERAL_ERROR", "CKR_FUNCTION_REJECTED", "CKR_FUNCTION_FAILED", "CKR_DEVICE_ERROR"}

// Unwrap returns one of the package's Err values.
func (e *ModuleError) Unwrap() error { return e.kind }

// WorkerError says that the worker process ended or did not answer. Unless
// stated otherwise there is no worker after it: call Restart.
type WorkerError struct {
	Token  string
	Op     string // the operation in which it happened
	Cause  string // "crashed", "ended", "did not answer", "broke the protocol", "did not start"
	Status string // "exit status 9", "signal: aborted", "killed after 15s"
	Output string // the line that says most of what the module or the runtime printed
	Effect bool   // the operation may have had its effect
	Next   string // the next thing to try
}

// Error says what happened in which operation, its possible effect, and the
// next thing to try, in one line.
func (e *WorkerError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "token %q: the PKCS#11 worker process %s during %s", e.Token, e.Cause, e.Op)
	if e.Status != "" {
		fmt.Fprintf(&b, " (%s)", e.Status)
	}
	if e.Output != "" {
		fmt.Fprintf(&b, ", first output %q", e.Output)
	}
	if e.Effect {
		b.WriteString("; " + effectOf(e.Op))
	}
	if e.Next != "" {
		b.WriteString("; " + e.Next)
	}
	return b.String()
}

// effectOf says what an operation without an answer may have done.
func effectOf(op string) string {
	switch op {
	case opSign:
		return "outcome of C_Sign unknown, a signature may exist"
	case opGenerate:
		return "outcome of C_GenerateKeyPair unknown, the key pair may exist"
	case opDestroy, opRemove:
		return "outcome of C_DestroyObject unknown, objects may be gone"
	}
	return "outcome of " + op + " unknown, it may have taken effect"
}

// SignatureError carries a signature that a token made and that is wrong. It
// exists, so it must be recorded; it must not be used.
type SignatureError struct {
	Token     string
	Signature []byte
	Err       error // wraps ErrBadSignature
}

// Error names token and message.
func (e *SignatureError) Error() string {
	return fmt.Sprintf("token %q: the token returned a wrong signature of %d bytes: %v; "+
		"stop using this token until its vendor explains that", e.Token, len(e.Signature), e.Err)
}

// Unwrap returns the cause, which wraps ErrBadSignature.
func (e *SignatureError) Unwrap() error { return e.Err }

// OrphanError says that an operation failed and the token holds objects from
// it. It is ErrOrphan, and also what the operation failed with.
type OrphanError struct {
	Added Census // objects that were not there before
	Err   error  // what the operation failed with
}

// Error names the objects.
func (e *OrphanError) Error() string {
	return fmt.Sprintf("%v; but these objects are now on the token: %v; record them and use none of them for a CA", e.Err, e.Added)
}

// Unwrap returns ErrOrphan and the operation's error.
func (e *OrphanError) Unwrap() []error { return []error{ErrOrphan, e.Err} }
