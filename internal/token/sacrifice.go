// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"rootceremony/internal/algorithm"
)

// SacrificialPrefix begins the label of each key that is made to be destroyed.
const SacrificialPrefix = "SACRIFICIAL-token-test-"

// NewSacrificialLabel draws a label that no other key has: within the 40 bytes that a
// YubiHSM 2 keeps.
func NewSacrificialLabel(random io.Reader) (string, error) {
	var drawn [8]byte
	if _, err := io.ReadFull(random, drawn[:]); err != nil {
		return "", fmt.Errorf("drawing a label: %w", err)
	}
	return SacrificialPrefix + hex.EncodeToString(drawn[:]), nil
}

// Sacrificial reports whether an object belongs to a key that was made to be destroyed.
func (o Object) Sacrificial() bool { return strings.HasPrefix(o.Label, SacrificialPrefix) }

// Sacrificial gives the objects of keys that were made to be destroyed.
func (c Census) Sacrificial() Census {
	var found Census
	for _, o := range c {
		if o.Sacrificial() {
			found = append(found, o)
		}
	}
	return found
}

// A Tester is a token on which sacrificial keys are tried. It refuses to try or to
// remove any other key.
type Tester interface {
	Token

	// Attempt tries to get the private half of a sacrificial key out of the token, or to
	// change it, in one of the ways that Attempts lists. A value that a module gives
	// ends with the worker process. The error is of the attempt itself.
	Attempt(ctx context.Context, handle Handle, what string) (*Attempt, error)

	// Remove deletes objects of sacrificial keys that a test left over, by their labels.
	Remove(ctx context.Context, label string) error
}

// Outcome is what came of an attempt.
type Outcome string

// The outcomes of attempts.
const (
	Refused   Outcome = "refused"
	Allowed   Outcome = "allowed"
	NoEffect  Outcome = "no effect"    // no error, and nothing changed
	Impotent  Outcome = "not possible" // the token lacks what the attempt needs
	Unsettled Outcome = "not known"    // the module ended the process, or did not answer
)

// Attempt is one try to get a key out, or to change it.
type Attempt struct {
	What    string  `json:"attempt"`
	Leak    bool    `json:"leak"` // were it allowed, the key could leave the token; else it would be changed
	Outcome Outcome `json:"outcome"`
	Found   string  `json:"found"` // the CKR_ of a refusal, or what was given
}

// String says what came of it.
func (a Attempt) String() string {
	if a.Found == "" {
		return fmt.Sprintf("%s: %s", a.What, a.Outcome)
	}
	return fmt.Sprintf("%s: %s (%s)", a.What, a.Outcome, a.Found)
}

// The ways in which a key is tried.
const (
	tryRead        = "read the private value"
	tryWrap        = "wrap it with an AES key"
	tryCopyOut     = "copy it with CKA_EXTRACTABLE true"
	tryCopyPlain   = "copy it with CKA_SENSITIVE false"
	trySetOut      = "set CKA_EXTRACTABLE true"
	tryWrapAgain   = "wrap it after that"
	trySetPlain    = "set CKA_SENSITIVE false"
	tryReadAgain   = "read the private value after that"
	trySetUsage    = "set another usage true"
	trySetLabel    = "set another label"
	changedByTrial = SacrificialPrefix + "label-changed"
)

// Attempts lists the ways in which a key is tried. What may change the key comes last.
func Attempts() []string {
	return []string{tryRead, tryWrap, tryCopyOut, tryCopyPlain, trySetOut, tryWrapAgain, trySetPlain, tryReadAgain, trySetUsage, trySetLabel}
}

// attempted is an attempt that was not made yet.
func attempted(what string) *Attempt {
	return &Attempt{What: what, Leak: !strings.HasPrefix(what, "set ")}
}

// checkSacrificial refuses a label of a key that somebody needs.
func checkSacrificial(label string) error {
	if !strings.HasPrefix(label, SacrificialPrefix) {
		return fmt.Errorf("label %q: only keys whose labels begin with %s are tried or removed", label, SacrificialPrefix)
	}
	return nil
}

// removal is the steps around the deletion of left-over objects.
func removal(label string, census func() (Census, error), remove func() error) error {
	if err := checkSacrificial(label); err != nil {
		return err
	}
	err := remove()
	after, censusErr := census()
	switch left := after.conflicts(label, "-"); {
	case censusErr != nil && err == nil:
		return fmt.Errorf("removing %q: counting the objects after: %w", label, censusErr)
	case err != nil:
		return err
	case len(left) > 0:
		return fmt.Errorf("removing %q: the token reports no error, and these are still there: %v", label, left)
	}
	return nil
}

// Lax reports whether an attempt was allowed that no token should allow: what the module
// reports of attributes says little then. Unlike these, a usage or a label may be set
// where the template leaves it open (PKCS#11 v2.40, 4.9).
func (a Attempt) Lax(fixed bool) bool {
	return a.Outcome == Allowed && (a.What == trySetOut || a.What == trySetPlain || fixed && !a.Leak)
}

// Asked lists what a template states for a key beyond class, type, size, label and id,
// so that templates that ask for the same can be told.
func Asked(template Template, key algorithm.Key) ([]string, error) {
	t, err := template.resolve()
	if err != nil {
		return nil, err
	}
	var all []string
	for _, s := range t.settings(key) {
		all = append(all, s.String())
	}
	if t.shortID {
		all = append(all, "CKA_ID of two bytes")
	}
	return all, nil
}
