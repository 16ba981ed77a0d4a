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
