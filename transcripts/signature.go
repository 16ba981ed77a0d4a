// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	_ "crypto/sha256" // the hashes of the signature algorithms
	_ "crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
)

// scheme is a signature algorithm by the name it has in the journal.
type scheme struct {
	hash crypto.Hash
	pss  bool
	rsa  bool
}

var schemes = map[string]scheme{
	"sha256-rsa":    {hash: crypto.SHA256, rsa: true},
	"sha384-rsa":    {hash: crypto.SHA384, rsa: true},
	"sha512-rsa":    {hash: crypto.SHA512, rsa: true},
	"sha256-rsapss": {hash: crypto.SHA256, rsa: true, pss: true},
	"sha384-rsapss": {hash: crypto.SHA384, rsa: true, pss: true},
	"sha512-rsapss": {hash: crypto.SHA512, rsa: true, pss: true},
	"ecdsa-sha256":  {hash: crypto.SHA256},
	"ecdsa-sha384":  {hash: crypto.SHA384},
	"ecdsa-sha512":  {hash: crypto.SHA512},
}

var errSignature = errors.New("the signature does not verify under the public key")

// verify checks the signature of an operation whose bytes stand in the intent.
func (o *operations) verify(intent OperationIntended, e OperationFinished) error {
	s, ok := schemes[intent.Algorithm]
	if !ok {
		return fmt.Errorf("unknown signature algorithm %q", intent.Algorithm)
	}
	tbs, err := base64.StdEncoding.DecodeString(intent.TBS)
	if err != nil {
		return fmt.Errorf("tbs: %w", err)
	}
	h := s.hash.New()
	h.Write(tbs)
	return o.verifyDigest(intent, e, s, h.Sum(nil))
}

// verifyStream is verify for bytes that stand in a file.
func (o *operations) verifyStream(intent OperationIntended, e OperationFinished, tbs io.Reader) error {
	s, ok := schemes[intent.Algorithm]
	if !ok {
		return fmt.Errorf("unknown signature algorithm %q", intent.Algorithm)
	}
	h := s.hash.New()
	if _, err := io.Copy(h, tbs); err != nil {
		return err
	}
	return o.verifyDigest(intent, e, s, h.Sum(nil))
}

func (o *operations) verifyDigest(intent OperationIntended, e OperationFinished, s scheme, digest []byte) error {
	signature, err := base64.StdEncoding.DecodeString(e.Signature)
	if err != nil {
		return fmt.Errorf("signature: %w", err)
	}
	spki, err := base64.StdEncoding.DecodeString(o.keys[intent.Key.SPKISHA256].SPKI)
	if err != nil {
		return fmt.Errorf("spki: %w", err)
	}
	public, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return fmt.Errorf("spki: %w", err)
	}
	switch key := public.(type) {
	case *rsa.PublicKey:
		if !s.rsa {
			break
		}
		if s.pss {
			err = rsa.VerifyPSS(key, s.hash, digest, signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
		} else {
			err = rsa.VerifyPKCS1v15(key, s.hash, digest, signature)
		}
		if err != nil {
			return errSignature
		}
		return nil
	case *ecdsa.PublicKey:
		if s.rsa {
			break
		}
		if !ecdsa.VerifyASN1(key, digest, signature) {
			return errSignature
		}
		return nil
	}
	return fmt.Errorf("algorithm %q is not for a key of type %T", intent.Algorithm, public)
}
