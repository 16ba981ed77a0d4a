// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"crypto/x509"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/crypto/ocsp"
)

// bare returns the response without its certificates. The ocsp package
// verifies the signature when it finds a certificate, and a specimen has none
// that verifies; certificates are read by ParseCertificate instead.
func (r *Response) bare() ([]byte, error) {
	var inner, outer cryptobyte.Builder
	inner.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(r.RawTBS)
		b.AddBytes(r.Algorithm)
		b.AddASN1BitString(r.Signature)
	})
	basic, err := inner.Bytes()
	if err != nil {
		return nil, err
	}
	outer.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Enum(0)
		b.AddASN1(constructed(0), func(b *cryptobyte.Builder) {
			b.AddASN1(casn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(oidBasicResponse)
				b.AddASN1OctetString(basic)
			})
		})
	})
	return outer.Bytes()
}

// compare reads every single response with golang.org/x/crypto/ocsp, and the
// certificates with ParseCertificate.
func (r *Response) compare() error {
	if r.Status != 0 {
		return r.compareFailure()
	}
	for i, der := range r.Certificates {
		if _, err := ParseCertificate(der); err != nil {
			return fmt.Errorf("ocspResponse: certs[%d]: %w", i+1, err)
		}
	}
	der, err := r.bare()
	if err != nil {
		return fmt.Errorf("ocspResponse: preparing the second parser: %w", err)
	}
	seen := make(map[string]bool)
	for i := range r.Singles {
		// It returns the first response of a serial number and no other.
		serial := r.Singles[i].CertID.Serial
		if seen[serial.String()] {
			continue
		}
		seen[serial.String()] = true
		theirs, _, err := second("ocspResponse", parserOCSP, func() (*ocsp.Response, error) {
			return ocsp.ParseResponseForCert(der, &x509.Certificate{SerialNumber: serial}, nil)
		})
		if err != nil {
			return asLimit(err, r.Extensions, nil, nil)
		}
		if err := r.compareSingle(i, theirs); err != nil {
			return err
		}
	}
	return nil
}

func (r *Response) compareFailure() error {
	_, err := ocsp.ParseResponse(r.Raw, nil)
	var status ocsp.ResponseError
	if !errors.As(err, &status) || int(status.Status) != r.Status {
		return fmt.Errorf("ocspResponse: responseStatus: the two parsers disagree: %w", err)
	}
	return nil
}

func (r *Response) compareSingle(i int, theirs *ocsp.Response) error {
	s := &r.Singles[i]
	k := &comparison{object: fmt.Sprintf("ocspResponse: responses[%d]", i+1)}
	k.bytes("tbsResponseData", r.RawTBS, theirs.TBSResponseData)
	k.bytes("signature", r.Signature, theirs.Signature)
	k.time("producedAt", r.ProducedAt, theirs.ProducedAt)
	if r.ResponderByName != nil {
		k.bytes("responderID", r.ResponderByName.Raw, theirs.RawResponderName)
	} else {
		k.bytes("responderID", r.ResponderByKey, theirs.ResponderKeyHash)
	}
	k.number("certID.serialNumber", s.CertID.Serial, theirs.SerialNumber)
	k.check("certStatus", s.Status == theirStatus(theirs.Status))
	k.time("thisUpdate", s.ThisUpdate, theirs.ThisUpdate)
	if s.NextUpdate != nil {
		k.time("nextUpdate", *s.NextUpdate, theirs.NextUpdate)
	} else {
		k.check("nextUpdate", theirs.NextUpdate.IsZero())
	}
	if s.RevokedAt != nil {
		k.time("revocationTime", *s.RevokedAt, theirs.RevokedAt)
		reason := 0 // it cannot tell an absent reason from 0
		if s.Reason != nil {
			reason = *s.Reason
		}
		k.check("revocationReason", reason == theirs.RevocationReason)
	}
	k.check("singleExtensions", len(s.Extensions) == len(theirs.Extensions))
	return k.err
}

func theirStatus(status int) string {
	switch status {
	case ocsp.Good:
		return StatusGood
	case ocsp.Revoked:
		return StatusRevoked
	}
	return StatusUnknown
}
