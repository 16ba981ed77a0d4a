// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"rootceremony/internal/algorithm"
)

// Bounds of a message that is signed, in bytes.
const (
	maxMessage = 1 << 26 // a CRL with a million entries
	chunk      = 1 << 15 // in one Write
)

// checkSign refuses what must not reach a signing key: unknown algorithms, keys
// that no token makes, keys and hashes that do not match.
func checkSign(handle Handle, alg algorithm.Signature, length int) error {
	key, err := algorithm.KeyOf(handle.SPKI)
	switch {
	case err != nil:
		return err
	case !alg.Valid():
		return fmt.Errorf("signature algorithm %q is not allowed", alg)
	case !key.CanMake(alg):
		return fmt.Errorf("signature algorithm %s does not fit a key %s", alg, key)
	case length < 1 || length > maxMessage:
		return fmt.Errorf("message of %d bytes: want 1 to %d", length, maxMessage)
	}
	return nil
}

// verify checks in software that signature is one by the key in spki over a
// message, in the form that X.509 wants. Anything else that a module returns is
// ErrBadSignature, wrapped.
func verify(spki []byte, alg algorithm.Signature, message, signature []byte) error {
	if err := algorithm.Verify(spki, alg, bytes.NewReader(message), signature); err != nil {
		return fmt.Errorf("%s over a message with SHA-256 %x: %w", alg, sha256.Sum256(message), ErrBadSignature)
	}
	return nil
}

// writeMessage writes a message in chunks.
func writeMessage(w io.Writer, message []byte) error {
	for len(message) > 0 {
		n, err := w.Write(message[:min(len(message), chunk)])
		if err != nil {
			return err
		}
		message = message[n:]
	}
	return nil
}

// errAnnounced says that a message is not the one that the request announced.
var errAnnounced = errors.New("the bytes to be signed changed in transit")

// readMessage reads the message behind a request to its end, also where it will not
// be signed: the next request follows. It gives what a key signs of it, made while
// it is read: a digest, or the message itself where the algorithm has no hash.
func readMessage(r io.Reader, q *wireRequest) ([]byte, error) {
	sum := sha256.New()
	scheme, unknown := q.Algorithm.Scheme()
	input := scheme.Input()
	to := io.MultiWriter(sum, input)
	if unknown != nil {
		to = sum
	}
	if _, err := io.CopyN(to, r, int64(q.MessageLength)); err != nil {
		return nil, fmt.Errorf("reading the bytes to be signed: %w", err)
	}
	switch {
	case unknown != nil:
		return nil, unknown
	case !bytes.Equal(sum.Sum(nil), q.MessageSHA256):
		return nil, fmt.Errorf("%w: their SHA-256 is %x, the request said %x", errAnnounced, sum.Sum(nil), q.MessageSHA256)
	}
	return input.Bytes(), nil
}
