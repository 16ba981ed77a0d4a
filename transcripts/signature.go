// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"

	"rootceremony/internal/algorithm"
	"rootceremony/transcripts/event"
)

var (
	errSignature = errors.New("the signature does not verify under the public key")
	errOtherForm = errors.New("the signature has its higher s, which no ceremony records: somebody changed it")
)

// verify checks the signature of an operation, in base64, whose bytes are in the intent.
func (o *operations) verify(intent event.OperationIntended, made string) error {
	tbs, err := base64.StdEncoding.DecodeString(intent.TBS)
	if err != nil {
		return fmt.Errorf("tbs: %w", err)
	}
	return o.verifyStream(intent, made, bytes.NewReader(tbs))
}

// verifyStream is verify for bytes in a file.
func (o *operations) verifyStream(intent event.OperationIntended, made string, tbs io.Reader) error {
	signature, err := base64.StdEncoding.DecodeString(made)
	if err != nil {
		return fmt.Errorf("signature: %w", err)
	}
	spki, err := base64.StdEncoding.DecodeString(o.keys[intent.Key.SPKISHA256].SPKI)
	if err != nil {
		return fmt.Errorf("spki: %w", err)
	}
	key, err := algorithm.ParseKey(spki)
	if err != nil {
		return fmt.Errorf("spki: %w", err)
	}
	alg := algorithm.Signature(intent.Algorithm)
	if alg.Valid() && alg.Family() != algorithm.FamilyOfKey(key) {
		return fmt.Errorf("algorithm %q does not fit a key of type %T", alg, key)
	}
	err = algorithm.Verify(spki, alg, tbs, signature)
	switch {
	case errors.Is(err, algorithm.ErrSignature):
		return errSignature
	case err == nil && !bytes.Equal(algorithm.OneForm(spki, signature), signature):
		return errOtherForm
	}
	return err
}

// exists reports whether what verify said is about a signature that somebody with the
// key made.
func exists(err error) bool { return err == nil || errors.Is(err, errOtherForm) }
