// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"

	"rootceremony/internal/algorithm"
)

// generation is the steps around the generation of one key pair, the same for
// every kind of token: count objects, refuse duplicates, generate, count again,
// compare.
type generation struct {
	token   string
	request Request
}

// run calls make between two censuses. What it returns with an error is the
// evidence: see Token.Generate.
func (g generation) run(census func() (Census, error), make func() (*Pair, error)) (*Pair, error) {
	before, err := census()
	if err != nil {
		return nil, fmt.Errorf("generating key %q: counting the objects before: %w", g.request.Label, err)
	}
	evidence := &Pair{Label: g.request.Label, ID: g.request.ID, Algorithm: g.request.Algorithm, Before: before}
	if err := g.refuse(before); err != nil {
		evidence.After = counted(before) // nothing was done
		return evidence, err
	}
	made, makeErr := make()
	after, err := census()
	if err != nil {
		err = fmt.Errorf("generating key %q: counting the objects after (what is on the token is not known): %w", g.request.Label, err)
		return evidence, errors.Join(makeErr, err)
	}
	if made != nil {
		made.Before = before
		evidence = made
	}
	evidence.After = counted(after)
	return evidence, g.compare(evidence, makeErr)
}

// counted is a census that was taken, also of a token without objects.
func counted(c Census) Census {
	if c == nil {
		return Census{}
	}
	return c
}

// refuse refuses a label or id that is taken, or where that cannot be
// determined.
func (g generation) refuse(before Census) error {
	if taken := before.conflicts(g.request.Label, hex.EncodeToString(g.request.ID)); len(taken) > 0 {
		return fmt.Errorf("generating key %q on token %q: %w: %v", g.request.Label, g.token, ErrKeyExists, taken)
	}
	for _, o := range before {
		if o.Problem != "" {
			return fmt.Errorf("generating key %q on token %q: cannot tell whether label and id are free: %s object: %s",
				g.request.Label, g.token, o.Class, o.Problem)
		}
	}
	return nil
}

// compare compares the censuses: exactly one private and one public object with
// our id must been added, and none removed.
func (g generation) compare(pair *Pair, failed error) error {
	added, removed := Difference(pair.Before, pair.After)
	switch {
	case failed != nil && len(added) > 0:
		return &OrphanError{Added: added, Err: failed}
	case failed != nil:
		return failed
	}
	err := func() error {
		id := hex.EncodeToString(g.request.ID)
		if len(removed) > 0 || len(added) != 2 {
			return fmt.Errorf("want one private and one public object more, got %d more and %d gone (%v)", len(added), len(removed), removed)
		}
		for i, class := range []string{ClassPrivate, ClassPublic} {
			if o := added[i]; o.Class != class || o.ID != id || o.Label != g.request.Label {
				return fmt.Errorf("want %s, got %s", Object{Class: class, Label: g.request.Label, ID: id}, o)
			}
		}
		return g.checkKey(pair)
	}()
	if err == nil {
		return nil
	}
	err = fmt.Errorf("generating key %q on token %q: %w", g.request.Label, g.token, err)
	if len(added) == 0 {
		return err
	}
	return &OrphanError{Added: added, Err: err}
}

func (g generation) checkKey(pair *Pair) error {
	made, err := algorithm.KeyOf(pair.SPKI)
	switch {
	case err != nil:
		return fmt.Errorf("reading public key back: %w", err)
	case made != g.request.Algorithm:
		return fmt.Errorf("reading public key back: it is %s, asked for was %s", made, g.request.Algorithm)
	case !bytes.Equal(pair.ID, g.request.ID):
		return fmt.Errorf("reading public key back: id %x, asked for was %x", pair.ID, g.request.ID)
	}
	return nil
}

// destruction is the steps around the deletion of one key pair.
func destruction(token string, id []byte, census func() (Census, error), destroy func() error) (*Destruction, error) {
	before, err := census()
	if err != nil {
		return nil, fmt.Errorf("destroying key %x: counting the objects before: %w", id, err)
	}
	evidence := &Destruction{ID: id, Before: before}
	destroyErr := destroy()
	if evidence.After, err = census(); err != nil {
		err = fmt.Errorf("destroying key %x: counting the objects after: %w", id, err)
		return evidence, errors.Join(destroyErr, err)
	}
	evidence.After = counted(evidence.After)
	if left := evidence.After.withID(hex.EncodeToString(id)); destroyErr != nil && len(left) > 0 {
		destroyErr = fmt.Errorf("%w; still on the token: %v; destroy them with the vendor's tool", destroyErr, left)
	}
	if destroyErr != nil {
		return evidence, destroyErr
	}
	added, removed := Difference(evidence.Before, evidence.After)
	if len(added) > 0 || len(removed) != 2 || removed[0].Class != ClassPrivate || removed[1].Class != ClassPublic ||
		removed[0].ID != hex.EncodeToString(id) || removed[1].ID != hex.EncodeToString(id) {
		return evidence, fmt.Errorf("destroying key %x on token %q: want its two objects gone, found %d more (%v) and %d gone (%v)",
			id, token, len(added), added, len(removed), removed)
	}
	return evidence, nil
}

func checkDestroy(id, spki []byte) error {
	if len(id) == 0 || len(spki) == 0 {
		return errors.New("destroying key: want its id and its public key")
	}
	return nil
}

// verifySignature verifies what a token returned, and gives it in the one form that a
// ceremony keeps. See Token.Sign.
func verifySignature(token string, handle Handle, alg algorithm.Signature, message, signature []byte) ([]byte, error) {
	err := verify(handle.SPKI, alg, message, signature)
	if err == nil {
		return algorithm.OneForm(handle.SPKI, signature), nil
	}
	return signature, &SignatureError{Token: token, Signature: signature, Err: err}
}

// maxRandom is the most bytes that one call of Random gives.
const maxRandom = 4096

func checkRandomSize(n int) error {
	if n < 1 || n > maxRandom {
		return fmt.Errorf("random bytes: %d: want 1 to %d", n, maxRandom)
	}
	return nil
}
