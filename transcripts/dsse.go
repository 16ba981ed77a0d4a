// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"rootceremony/transcripts/event"
)

// maxTranscript bounds what is read of a transcript from a hostile bundle.
const maxTranscript = 256 << 20

// sealer signs and verifies DSSE envelopes with an Ed25519 key.
type sealer struct {
	private ed25519.PrivateKey
	public  ed25519.PublicKey
	id      string
}

// Sign implements dsse.Signer.
func (s sealer) Sign(_ context.Context, data []byte) ([]byte, error) {
	return ed25519.Sign(s.private, data), nil
}

// Verify implements dsse.Verifier.
func (s sealer) Verify(_ context.Context, data, sig []byte) error {
	if !ed25519.Verify(s.public, data, sig) {
		return errors.New("the signature does not verify under this key")
	}
	return nil
}

// KeyID implements dsse.Signer and dsse.Verifier.
func (s sealer) KeyID() (string, error) { return s.id, nil }

// Public implements dsse.Verifier.
func (s sealer) Public() crypto.PublicKey { return s.public }

// signTranscript returns transcript.dsse.json.
func signTranscript(transcript []byte, key *sealKey) ([]byte, error) {
	signer, err := dsse.NewEnvelopeSigner(sealer{private: key.private, id: key.origin})
	if err != nil {
		return nil, fmt.Errorf("signing transcript: %w", err)
	}
	e, err := signer.SignPayload(context.Background(), payloadType, transcript)
	if err != nil {
		return nil, fmt.Errorf("signing transcript: %w", err)
	}
	data, err := event.Canonical(e)
	if err != nil {
		return nil, fmt.Errorf("signing transcript: %w", err)
	}
	return append(data, '\n'), nil
}

// verifyEnvelope checks that an envelope holds exactly this transcript, with
// exactly one signature, by the key of the vkey. The library alone would skip
// signatures that are wrong, and take other encodings of the same bytes.
func verifyEnvelope(envelope, transcript []byte, vkey string) error {
	public, err := publicKeyOf(vkey)
	if err != nil {
		return err
	}
	var e dsse.Envelope
	if err := event.DecodeStrict(envelope, &e); err != nil {
		return fmt.Errorf("envelope: %w", err)
	}
	if again, err := event.Canonical(e); err != nil || !bytes.Equal(append(again, '\n'), envelope) {
		return errors.New("envelope: not in canonical form (RFC 8785)")
	}
	if e.PayloadType != payloadType {
		return fmt.Errorf("envelope: payload type %q, want %q", e.PayloadType, payloadType)
	}
	if e.Payload != base64.StdEncoding.EncodeToString(transcript) {
		return fmt.Errorf("envelope: the payload is not %s", transcriptPath)
	}
	if len(e.Signatures) != 1 {
		return fmt.Errorf("envelope: %d signatures, want one", len(e.Signatures))
	}
	origin := originOf(vkey)
	verifier, err := dsse.NewEnvelopeVerifier(sealer{public: public, id: origin})
	if err != nil {
		return fmt.Errorf("envelope: %w", err)
	}
	if e.Signatures[0].KeyID != origin {
		return fmt.Errorf("envelope: signed by %q, want %q", e.Signatures[0].KeyID, origin)
	}
	if event.IsBase64("sig", e.Signatures[0].Sig) != nil {
		return errors.New("envelope: the signature is not base64")
	}
	if _, err := verifier.Verify(context.Background(), &e); err != nil {
		return fmt.Errorf("envelope: %w", err)
	}
	return nil
}
