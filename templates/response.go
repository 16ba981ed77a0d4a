// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package templates

import (
	"crypto/sha1" //nolint:gosec // CertID and KeyHash name a key, RFC 6960 4.1.1, 4.2.1
	"errors"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"

	"rootceremony/internal/algorithm"
	"rootceremony/profiles"
	"rootceremony/profiles/value"
)

// Response returns the ResponseData (RFC 6960 4.2.1) of a response for one
// certificate. producedAt is the time of signing. The issuer is that of the
// certificate asked about; the responder is who signs, perhaps the same.
func Response(r *profiles.Response, signing time.Time, issuer, responder Issuer) ([]byte, error) {
	data, err := response(r, signing, issuer, responder)
	if err != nil {
		return nil, fmt.Errorf("building OCSP response %s: %w", r.Artifact, err)
	}
	return data, nil
}

func response(r *profiles.Response, signing time.Time, issuer, responder Issuer) ([]byte, error) {
	if err := wholeSeconds(signing); err != nil {
		return nil, err
	}
	responderID, err := encodeResponder(r.Responder, responder)
	if err != nil {
		return nil, fmt.Errorf("encoding responder: %w", err)
	}
	single, err := encodeSingle(r, signing, issuer)
	if err != nil {
		return nil, err
	}
	extensions, err := encodeExtensions(r.Extensions, extensionContext{issuer: issuer})
	if err != nil {
		return nil, err
	}
	return build(func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(responderID) // version v1 is the default
			addGeneralizedTime(b, signing)
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(single) })
			if len(extensions) > 0 {
				b.AddASN1(explicit(1), func(b *cryptobyte.Builder) { b.AddBytes(extensions) })
			}
		})
	})
}

// encodeResponder returns the ResponderID: byName [1], or byKey [2] with the
// SHA-1 of the key bits, regardless of the hash of the CertID.
func encodeResponder(how profiles.ResponderID, responder Issuer) ([]byte, error) {
	switch how {
	case profiles.ResponderByName:
		if _, err := value.ParseName(responder.Name); err != nil {
			return nil, err
		}
		return build(func(b *cryptobyte.Builder) {
			b.AddASN1(explicit(1), func(b *cryptobyte.Builder) { b.AddBytes(responder.Name) })
		})
	case profiles.ResponderByKey:
		bits, err := publicKeyBits(responder.SPKI)
		if err != nil {
			return nil, err
		}
		sum := sha1.Sum(bits) //nolint:gosec // RFC 6960 fixes it
		return build(func(b *cryptobyte.Builder) {
			b.AddASN1(explicit(2), func(b *cryptobyte.Builder) { b.AddASN1OctetString(sum[:]) })
		})
	}
	return nil, fmt.Errorf("unknown responder id %q", string(how))
}

// encodeSingle returns the SingleResponse.
func encodeSingle(r *profiles.Response, signing time.Time, issuer Issuer) ([]byte, error) {
	this, next, err := updates(r.ThisUpdate, r.NextUpdate, signing)
	if err != nil {
		return nil, err
	}
	serial, err := revokedSerial(string(r.Serial))
	if err != nil {
		return nil, fmt.Errorf("certificate %q: %w", r.Serial, err)
	}
	id, err := encodeCertID(r.CertIDHash, serial, issuer)
	if err != nil {
		return nil, fmt.Errorf("encoding certificate id: %w", err)
	}
	status, err := encodeStatus(r, signing)
	if err != nil {
		return nil, fmt.Errorf("encoding certificate status: %w", err)
	}
	return build(func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(id)
			b.AddBytes(status)
			addGeneralizedTime(b, this)
			b.AddASN1(explicit(0), func(b *cryptobyte.Builder) { addGeneralizedTime(b, next) })
		})
	})
}

// encodeCertID returns the CertID, RFC 6960 4.1.1. NULL parameters of the hash are
// what clients send, and cached responses are found by comparing bytes (RFC 5019
// 5).
func encodeCertID(hash algorithm.Hash, serial *big.Int, issuer Issuer) ([]byte, error) {
	if _, err := value.ParseName(issuer.Name); err != nil {
		return nil, err
	}
	bits, err := publicKeyBits(issuer.SPKI)
	if err != nil {
		return nil, err
	}
	if hash != algorithm.SHA1 && hash != algorithm.SHA256 { // RFC 5019 2.1.1, RFC 6960
		return nil, fmt.Errorf("unknown hash %q", hash)
	}
	return build(func(b *cryptobyte.Builder) {
		b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
				addOID(b, profiles.OID(hash.OID()))
				b.AddASN1NULL()
			})
			b.AddASN1OctetString(hash.Sum(issuer.Name))
			b.AddASN1OctetString(hash.Sum(bits))
			b.AddASN1BigInt(serial)
		})
	})
}

// encodeStatus returns the CertStatus: good [0] or revoked [1].
func encodeStatus(r *profiles.Response, signing time.Time) ([]byte, error) {
	switch {
	case r.Status == "good" && r.Revoked == nil:
		return []byte{byte(implicit(0)), 0}, nil
	case r.Status == "good":
		return nil, errors.New("status good with a revocation")
	case r.Status != "revoked":
		return nil, fmt.Errorf("unknown status %q", r.Status)
	case r.Revoked == nil:
		return nil, errors.New("status revoked without a revocation")
	case r.Revoked.Serial != r.Serial:
		return nil, fmt.Errorf("the revocation is that of %q", r.Revoked.Serial)
	}
	e, err := readEntry(r.Revoked, signing)
	if err != nil {
		return nil, err
	}
	return build(func(b *cryptobyte.Builder) {
		b.AddASN1(explicit(1), func(b *cryptobyte.Builder) {
			addGeneralizedTime(b, e.date)
			if e.reason != 0 {
				b.AddASN1(explicit(0), func(b *cryptobyte.Builder) { b.AddASN1Enum(int64(e.reason)) })
			}
		})
	})
}
