// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package token talks PKCS#11 in a worker process, and holds the in-memory
// rehearsal token; the only importer of crypto11 and pkcs11, behind a cgo
// build tag.
//
// # Why a worker process
//
// A PKCS#11 module that crashes, exits or hangs takes its process with it.
// The ceremony's own process, here the parent, therefore never loads one: it
// starts its own executable again with the argument [WorkerArgument], writes
// one JSON request a line to its standard input and reads one JSON reply a
// line from its file descriptor 3. What the module prints goes to
// [Options.Log].
//
// # What is trusted
//
// Nothing that a module says is taken as proof. The parent counts the objects
// before and after each operation that makes or destroys one, on success and
// on error; it binds keys by public key; it verifies every signature itself,
// in Go, over the message it sent. Attributes read back are what the module
// reports, and are called so.
package token

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"rootceremony/internal/algorithm"
)

// WorkerArgument is the hidden first argument with which the executable is
// started again as a worker; the command line hands over to [WorkerMain]
// before it parses anything.
const WorkerArgument = "token-worker"

// A Token makes keys and signs with them. Its methods may be called from
// several goroutines and are carried out one at a time.
//
// Once a request has gone to a module, only the deadline of [Deadlines] ends
// it: contexts are looked at before, and while people are waited for, because
// an abandoned call may still have its effect.
type Token interface {
	// Name returns the token's name in the site file.
	Name() string

	// Info returns what was found when the token was last opened.
	Info() Info

	// Census lists all objects that the logged-in user can see.
	Census(ctx context.Context) (Census, error)

	// Generate makes a key pair. It refuses with ErrKeyExists where an object
	// of any class has the same label or id. With an error it may return a
	// Pair all the same: that holds what is known, at least the census before
	// and, where one could be taken, the one after. *OrphanError says that the
	// token holds a key from a failed call.
	Generate(ctx context.Context, request Request) (*Pair, error)

	// Find returns the one key pair that matches all arguments that are not
	// empty; at least one must be given. With a public key in DER (spki) alone
	// all public keys are compared with it. It returns ErrNoSuchKey where
	// there is none, and ErrAmbiguous where there are several candidates, for
	// either half. Attributes are filled, censuses are not.
	Find(ctx context.Context, label string, id, spki []byte) (*Pair, error)

	// Traces finds out what the token shows of a key that exists, also where its halves
	// are no pair by their ids, or where it is there twice: see [Traces.Pick]. Nothing
	// is changed, and nothing signed.
	Traces(ctx context.Context, known Known) (*Traces, error)

	// Sign signs a message and returns the signature in the form that X.509
	// wants: PKCS#1 v1.5 for RSA, the DER of ECDSA-Sig-Value for ECDSA, with the
	// lower of its two valid s ([algorithm.OneForm]). A key that wants a login before
	// each signature gets one, without a deadline while people are at a PIN pad.
	// A signature that does not verify under handle.SPKI is returned together
	// with a *SignatureError, so that it can be recorded.
	Sign(ctx context.Context, handle Handle, alg algorithm.Signature, message []byte) ([]byte, error)

	// Random returns n bytes from the token's generator, 1 <= n <= 4096.
	Random(ctx context.Context, n int) ([]byte, error)

	// Destroy deletes both halves of one key pair, found by id and public key.
	// With an error it may return a Destruction all the same: the evidence of
	// how far it went.
	Destroy(ctx context.Context, id, spki []byte) (*Destruction, error)

	// Restart ends the worker, starts a fresh process and logs in again, so
	// that a Find after it shows that a key persists. It is also the way to go
	// on after a *WorkerError. Where Info.FreshProcess is false, Restart
	// changes nothing and a Find after it proves nothing.
	Restart(ctx context.Context) error

	// Logout ends the login. Only Info, Restart and Close work after it.
	Logout(ctx context.Context) error

	// Close logs out, ends the worker and wipes the PIN. Nothing works after
	// it; a second Close does nothing.
	Close() error
}

// LoginMode says how a user proves to the token who they are.
type LoginMode string

// The login modes.
const (
	LoginPIN   LoginMode = "pin"       // a PIN typed into this program
	LoginSplit LoginMode = "split-pin" // the same, in parts that different people know
	LoginPad   LoginMode = "pad"       // at a PIN pad of the device; C_Login gets a NULL PIN
	LoginNone  LoginMode = "none"      // the token needs no login; C_Login is not called

	// LoginExternal says that somebody logged in before, with another program whose login
	// the module shares; C_Login is not called.
	LoginExternal LoginMode = "external"
)

// LoginModes lists the login modes, as a site file names them.
func LoginModes() []string {
	return []string{string(LoginPIN), string(LoginSplit), string(LoginPad), string(LoginNone), string(LoginExternal)}
}

// Typed reports whether a PIN is typed into this program.
func (m LoginMode) Typed() bool { return m == "" || m == LoginPIN || m == LoginSplit }

// Calls reports whether a login calls C_Login.
func (m LoginMode) Calls() bool { return m != LoginNone && m != LoginExternal }

// What a token does after too many wrong PINs.
const (
	ThenLocks    = "locks"    // no PIN is accepted until somebody resets it
	ThenZeroizes = "zeroizes" // its keys are destroyed
)

// AtWorst says what too many wrong PINs do, as the site file says it; empty where it says
// nothing.
func (c Config) AtWorst() string {
	does := map[string]string{"": "end its tries", ThenLocks: "lock it", ThenZeroizes: "zeroize it"}[c.Then]
	switch {
	case c.Tries > 0:
		return fmt.Sprintf("%d wrong PINs %s", c.Tries, does)
	case c.Then != "":
		return "too many wrong PINs " + does
	}
	return ""
}

// UserSO is the security officer. A user type of the vendor is a number, such as
// "0x80000001"; the normal user is not named.
const UserSO = "so"

// vendorUser is a user type of the vendor.
var vendorUser = regexp.MustCompile(`^0x[89a-f][0-9a-f]{7}$`)

// LoginSaid says how people log in and as whom, and what too many wrong PINs do.
func (c Config) LoginSaid() string {
	said := string(c.Login)
	if c.User != "" {
		said += " of user " + c.User
	}
	if worst := c.AtWorst(); worst != "" {
		said += "; " + worst
	}
	return said
}

// Config names one token of one module. Every one of Label, Serial and Model
// that is not empty must match, and exactly one token must match them all.
// They are written as Info shows them: without trailing spaces, and with \xNN
// for what does not print.
type Config struct {
	Name     string    `json:"name"`                   // the name in the site file
	Module   string    `json:"module"`                 // absolute path of the shared object
	Label    string    `json:"label,omitempty"`        // CK_TOKEN_INFO.label
	Serial   string    `json:"serial,omitempty"`       // CK_TOKEN_INFO.serialNumber
	Model    string    `json:"model,omitempty"`        // CK_TOKEN_INFO.model
	Login    LoginMode `json:"login"`                  // empty means LoginPIN
	Template string    `json:"template"`               // one of Templates(), or the name of Own; empty means "default"
	Own      *Own      `json:"own_template,omitempty"` // a template of the site's own
	Shared   bool      `json:"shared_token,omitempty"` // sacrificial keys may be made beside the keys of others

	Manufacturer string  `json:"manufacturer,omitempty"`  // CK_TOKEN_INFO.manufacturerID
	ModuleSHA256 string  `json:"module_sha256,omitempty"` // of the module, in hexadecimal; no other is loaded
	Slot         *uint64 `json:"slot,omitempty"`          // CK_SLOT_ID, where label, serial and model name several tokens
	Spares       []Spare `json:"spares,omitempty"`        // devices that may take the place of this one

	// PINParts names who knows each part of a PIN, in the order in which the parts are
	// joined: with LoginSplit, and only then.
	PINParts []string `json:"pin_parts,omitempty"`

	// User is whom C_Login logs in, where it is not the normal user: [UserSO], or a number
	// of the vendor's.
	User string `json:"user,omitempty"`

	// Tries is how many wrong PINs in a row the token takes, and Then what it does after
	// them: a constant Then*. 0 and empty where nobody says so.
	Tries int64  `json:"tries,omitempty"`
	Then  string `json:"then,omitempty"`

	// Deadlines are longer, or shorter, than those that calls of a module have otherwise.
	Deadlines *StatedDeadlines `json:"deadlines,omitempty"`
	// Environment are variables that the module gets besides those of this program.
	Environment map[string]string `json:"environment,omitempty"`

	// Keys says how private keys that exist are called on the token, by their names in
	// the ceremony file, where what can be read of them does not tell.
	Keys map[string]KeyName `json:"keys,omitempty"`
}

// StatedDeadlines bound the calls of a module, in seconds; 0 means as usual.
type StatedDeadlines struct {
	Open     int64 `json:"open,omitempty"`
	Call     int64 `json:"call,omitempty"`
	Sign     int64 `json:"sign,omitempty"`
	Generate int64 `json:"generate,omitempty"`
}

// variableName is how a variable of the environment is called.
var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// loading are the variables that load code into every program.
var loading = []string{"LD_PRELOAD", "LD_AUDIT"}

// KeyName is how a private key is called on its token. One of the two is enough.
type KeyName struct {
	Label string `json:"label,omitempty"` // CKA_LABEL
	ID    string `json:"id,omitempty"`    // CKA_ID in hexadecimal
	Facts string `json:"-"`               // by which people chose it: see [Half]
}

// Entry is what a site file has under keys: to say that a key of the ceremony file is
// called so.
func (n KeyName) Entry(key string) string {
	var fields []string
	for _, f := range [][2]string{{"label", n.Label}, {"id", n.ID}} {
		if f[1] != "" {
			fields = append(fields, f[0]+": "+strconv.Quote(f[1]))
		}
	}
	return key + ": {" + strings.Join(fields, ", ") + "}"
}

// Spare is a device that may take the place of another one.
type Spare struct {
	Module       string `json:"module"`
	Label        string `json:"label,omitempty"`
	Serial       string `json:"serial,omitempty"`
	Model        string `json:"model,omitempty"`
	ModuleSHA256 string `json:"module_sha256,omitempty"`
	Manufacturer string `json:"manufacturer,omitempty"`
}

// Device is the part of c that says which device it is.
func (c Config) Device() Spare {
	return Spare{c.Module, c.Label, c.Serial, c.Model, c.ModuleSHA256, c.Manufacturer}
}

// Request asks for a key pair. Its ID was chosen, and recorded, by the caller
// before: 16 to 64 random bytes, or 2 for the template "yubihsm"; see NewID.
type Request struct {
	Label     string        `json:"label"`
	ID        []byte        `json:"id"`
	Algorithm algorithm.Key `json:"algorithm"`
	Template  string        `json:"template,omitempty"` // another than that of the token, for a sacrificial key
}

// NewID draws an id for a key that is made with a template: 20 random bytes; for
// the YubiHSM 2 the two of its object ids, but not 0000 and ffff, which it keeps
// for itself.
func NewID(random io.Reader, template Template) ([]byte, error) {
	t, err := template.resolve()
	if err != nil {
		return nil, err
	}
	id := make([]byte, 20)
	if t.shortID {
		id = id[:2]
	}
	for {
		if _, err := io.ReadFull(random, id); err != nil {
			return nil, fmt.Errorf("drawing a key id: %w", err)
		}
		if !t.reserved(id) {
			return id, nil
		}
	}
}

// reserved reports whether a device keeps an id for itself.
func (t template) reserved(id []byte) bool {
	return t.shortID && (bytes.Equal(id, []byte{0, 0}) || bytes.Equal(id, []byte{0xff, 0xff}))
}

func (r Request) check(c Config) error {
	t, err := c.Named(r.Template).resolve()
	if err != nil {
		return fmt.Errorf("generating key %q: %w", r.Label, err)
	}
	low, high := 16, 64
	if t.shortID {
		low, high = 2, 2
	}
	switch {
	case t.reserved(r.ID):
		return fmt.Errorf("generating key %q: id %x: the device reserves it", r.Label, r.ID)
	case r.Template != "" && checkSacrificial(r.Label) != nil:
		return fmt.Errorf("generating key %q: a template other than that of the token is for sacrificial keys", r.Label)
	case r.Label == "" || len(r.Label) > 255:
		return fmt.Errorf("generating key: label %q: want 1 to 255 bytes", r.Label)
	case r.Label != printable([]byte(r.Label)):
		return fmt.Errorf("generating key: label %q: want printable UTF-8 without backslash", r.Label)
	case len(r.ID) < low || len(r.ID) > high:
		return fmt.Errorf("generating key %q: id of %d bytes: want %d to %d", r.Label, len(r.ID), low, high)
	case !r.Algorithm.Valid():
		return fmt.Errorf("generating key %q: algorithm %q: want one of %q", r.Label, r.Algorithm, algorithm.Keys())
	}
	return nil
}

// Handle names a private key: its CKA_ID and the public key, in DER, that its
// signatures must verify under.
type Handle struct {
	ID   []byte `json:"id"`
	SPKI []byte `json:"spki"`

	// Alone says that the private key is named by itself: no public half has its id, or
	// other keys have it, too. Then Label is its CKA_LABEL, if it has one.
	Alone bool   `json:"alone,omitempty"`
	Label string `json:"label,omitempty"`
	Facts string `json:"facts,omitempty"` // by which it was chosen, where others have its id and label: see [Half]
}

// Pair is a key pair as a token shows it.
type Pair struct {
	Label      string        `json:"label"`
	ID         []byte        `json:"id"`
	Algorithm  algorithm.Key `json:"algorithm"`
	SPKI       []byte        `json:"spki,omitempty"` // SubjectPublicKeyInfo in DER
	Attributes []Attribute   `json:"attributes,omitempty"`
	Before     Census        `json:"before,omitempty"` // Generate only
	After      Census        `json:"after,omitempty"`  // Generate only; nil where it could not be taken
	Alone      bool          `json:"alone,omitempty"`  // see Handle
	Facts      string        `json:"facts,omitempty"`  // see Handle

	// By is what the private key of a key that existed before was recognised by.
	By Recognised `json:"-"`
}

// Handle returns what Sign needs to know of the pair.
func (p *Pair) Handle() Handle {
	h := Handle{ID: p.ID, SPKI: p.SPKI, Alone: p.Alone}
	if p.Alone {
		h.Label, h.Facts = p.value(HalfPrivate, "CKA_LABEL"), p.Facts
	}
	return h
}

// value gives what the module reports of an attribute, or nothing.
func (p *Pair) value(half, name string) string {
	for _, a := range p.Attributes {
		if a.Half == half && a.Name == name && a.State == StateValue {
			return a.Value
		}
	}
	return ""
}

// SignsNothing reports whether the module says that it will not sign with the private key:
// CKA_SIGN "must be CK_TRUE" for C_SignInit (PKCS#11 v2.40, 5.11).
func (p *Pair) SignsNothing() bool { return p.value(HalfPrivate, "CKA_SIGN") == "false" }

// AsksEachTime reports whether the private key wants a login before each signature
// (CKA_ALWAYS_AUTHENTICATE; PKCS#11 v2.40, 4.9).
func (p *Pair) AsksEachTime() bool { return p.value(HalfPrivate, "CKA_ALWAYS_AUTHENTICATE") == "true" }

// Destruction is the evidence that a key pair was deleted.
type Destruction struct {
	ID     []byte `json:"id"`
	Before Census `json:"before"`
	After  Census `json:"after,omitempty"` // nil where it could not be taken
}
