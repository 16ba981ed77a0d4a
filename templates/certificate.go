// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/profiles"
	"rootceremony/profiles/value"
)

// Certificate returns the TBSCertificate (RFC 5280 4.1) of a certificate that
// is signed at that moment. The SPKI is carried byte for byte.
func Certificate(c *profiles.Certificate, spki []byte, serial *big.Int, signing time.Time, issuer Issuer) ([]byte, error) {
	tbs, err := certificate(c, spki, serial, signing, issuer)
	if err != nil {
		return nil, fmt.Errorf("building certificate %s: %w", c.Artifact, err)
	}
	return tbs, nil
}

func certificate(c *profiles.Certificate, spki []byte, serial *big.Int, signing time.Time, issuer Issuer) ([]byte, error) {
	subject, err := EncodeName(c.Subject)
	if err != nil {
		return nil, fmt.Errorf("encoding subject: %w", err)
	}
	if err := errors.Join(
		checkKey(spki), wholeSeconds(signing), checkSerial(serial, c.SerialOctets),
		checkIssuer(c, subject, spki, issuer),
	); err != nil {
		return nil, err
	}
	notBefore, notAfter, err := c.Validity.At(signing)
	if err != nil {
		return nil, fmt.Errorf("encoding validity: %w", err)
	}
	if !notAfter.After(notBefore) {
		return nil, errors.New("notAfter is before notBefore")
	}
	extensions, err := encodeExtensions(c.Extensions, extensionContext{spki: spki, issuer: issuer})
	if err != nil {
		return nil, err
	}
	return build(func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(explicit(0), func(b *cryptobyte.Builder) { b.AddASN1Int64(2) }) // v3
			b.AddASN1BigInt(serial)
			addAlgorithm(b, c.Signature)
			b.AddBytes(issuer.Name)
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
				addTime(b, notBefore)
				addTime(b, notAfter)
			})
			b.AddBytes(subject)
			b.AddBytes(spki)
			if len(extensions) > 0 {
				b.AddASN1(explicit(3), func(b *cryptobyte.Builder) { b.AddBytes(extensions) })
			}
		})
	})
}

// checkKey refuses bytes that are no SubjectPublicKeyInfo.
func checkKey(spki []byte) error {
	_, err := publicKeyBits(spki)
	return err
}

// checkIssuer refuses an issuer that cannot be in this certificate: one without
// a name, and for a root one other than the root itself.
func checkIssuer(c *profiles.Certificate, subject, spki []byte, issuer Issuer) error {
	if _, err := value.ParseName(issuer.Name); err != nil {
		return fmt.Errorf("encoding issuer: %w", err)
	}
	if c.Kind != profiles.RootCA {
		return nil
	}
	switch {
	case !bytes.Equal(issuer.Name, subject):
		return errors.New("the issuer of a root must equal its subject (RFC 5280 3.2)")
	case !bytes.Equal(issuer.SPKI, spki):
		return errors.New("a root must be signed with its own key (RFC 5280 3.2)")
	}
	return nil
}
