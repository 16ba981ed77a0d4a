// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package algorithm

import (
	"bytes"
	"crypto"
	_ "crypto/sha1" //nolint:gosec // objects of the past are signed with it
	_ "crypto/sha256"
	_ "crypto/sha512"
	"errors"
	"fmt"
	"hash"
	"io"
)

// ErrSignature is returned when a signature does not verify.
var ErrSignature = errors.New("signature does not verify")

// Scheme is how a signature is computed. There are more than signature
// algorithms: others' objects are signed with them.
type Scheme struct {
	Family Family
	Hash   crypto.Hash // 0 where the message itself is signed
	PSS    bool        // RSASSA-PSS; hash and salt are in its parameters
	Salt   int         // in octets
}

// Scheme gives the scheme of a signature algorithm.
func (s Signature) Scheme() (Scheme, error) {
	if !s.Valid() {
		return Scheme{}, s.unknown()
	}
	return s.facts().scheme, nil
}

// Input takes in a message and keeps what a key of the scheme signs of it: a
// digest, or the message itself.
type Input struct {
	scheme  Scheme
	digest  hash.Hash // nil where the message is kept
	message bytes.Buffer
}

// Input begins a message.
func (s Scheme) Input() *Input {
	in := &Input{scheme: s}
	if s.Hash != 0 {
		in.digest = s.Hash.New()
	}
	return in
}

// Write takes in more of the message. It never fails.
func (in *Input) Write(p []byte) (int, error) {
	if in.digest != nil {
		return in.digest.Write(p)
	}
	return in.message.Write(p)
}

// Bytes are what is signed.
func (in *Input) Bytes() []byte {
	if in.digest != nil {
		return in.digest.Sum(nil)
	}
	return in.message.Bytes()
}

// Verify checks in software that signature is one by a key over the message. It
// returns ErrSignature where it is not.
func (in *Input) Verify(key crypto.PublicKey, signature []byte) error {
	f, ok := familyOf(key)
	switch {
	case !ok:
		return fmt.Errorf("cannot verify with a key of type %T", key)
	case f.name != in.scheme.Family:
		return fmt.Errorf("signature algorithm is not for an %s key", f.title)
	}
	return f.verify(key, in.scheme, in.Bytes(), signature)
}

// Digest gives what a key signs of a message: its digest, or the message where
// the algorithm has no hash.
func (s Signature) Digest(message []byte) ([]byte, error) {
	scheme, err := s.Scheme()
	if err != nil {
		return nil, err
	}
	in := scheme.Input()
	_, _ = in.Write(message)
	return in.Bytes(), nil
}

// Verify checks in software that a signature over a message is one by the key in
// spki, in the form that X.509 wants. It returns ErrSignature where it is not.
func Verify(spki []byte, s Signature, message io.Reader, signature []byte) error {
	scheme, err := s.Scheme()
	if err != nil {
		return err
	}
	key, err := ParseKey(spki)
	if err != nil {
		return err
	}
	in := scheme.Input()
	if _, err := io.Copy(in, message); err != nil {
		return fmt.Errorf("reading the signed bytes: %w", err)
	}
	return in.Verify(key, signature)
}

// OneForm gives the form that a ceremony keeps of a valid signature by the key in spki.
// Where anybody can turn a valid signature into another one without the key, as with
// ECDSA, a record that accepts both could get another certificate than the one that was
// signed in the room.
func OneForm(spki, signature []byte) []byte {
	key, err := ParseKey(spki)
	if err != nil {
		return signature
	}
	f, ok := familyOf(key)
	if !ok || f.oneForm == nil {
		return signature
	}
	return f.oneForm(key, signature)
}

func verdict(ok bool) error {
	if !ok {
		return ErrSignature
	}
	return nil
}
