// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"strconv"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

func (p *printer) parsedCertificate(der []byte) error {
	c, err := walkCertificate(der, nil)
	if err != nil {
		return err
	}
	p.certificate(c)
	return nil
}

func (p *printer) certificate(c *Certificate) {
	p.title("Certificate")
	version := strconv.Itoa(c.Version)
	if c.VersionEncoded && c.Version == 1 {
		version += " (an encoded DEFAULT)"
	}
	p.line("version", "%s", version)
	p.serial("serial number", c.Serial)
	p.algorithm("signature", c.InnerAlgorithm)
	p.name("issuer", c.Issuer)
	p.span("not before", c.NotBefore, "not after", &c.NotAfter)
	p.name("subject", c.Subject)
	p.key(c.RawSPKI)
	if c.UniqueIDs {
		p.line("unique identifiers", "present")
	}
	p.extensions("extensions", c.Extensions)
	p.signature(c.OuterAlgorithm, c.InnerAlgorithm, c.Signature)
	p.verdict(c.compare(), c.Remarks)
	p.whole("SHA-256 of certificate", c.Raw)
	p.digest("SHA-256 of SPKI", c.RawSPKI)
	p.depth--
}

// signature writes what follows the to-be-signed part.
func (p *printer) signature(outer, inner, value []byte) {
	p.algorithm("signature algorithm", outer)
	if p.unsigned {
		p.line("signature value", "not made yet")
		return
	}
	if inner != nil && string(outer) != string(inner) {
		p.line("", "DIFFERS from the one that is signed")
	}
	p.hex("signature value", value)
}

func (p *printer) parsedKey(spki []byte) error {
	p.title("Public key")
	d := newDecoder(spki, "")
	d.publicKeyInfo("subjectPublicKeyInfo")
	d.end()
	if d.err() != nil {
		return d.err()
	}
	p.key(spki)
	p.digest("SHA-256 of SPKI", spki)
	return nil
}

func (p *printer) key(spki []byte) {
	p.line("public key", "%s", KeyDescription(spki))
	p.under(func() {
		in := newDecoder(spki, "").open(casn1.SEQUENCE, "")
		p.algorithm("algorithm", in.algorithm(""))
		bits := in.bitString(casn1.BIT_STRING, "")
		if bits.BitLength%8 != 0 {
			p.line("length", "%d bits", bits.BitLength)
		}
		p.hex("key", bits.Bytes)
	})
}

func (p *printer) parsedList(der []byte) error {
	l, err := walkList(der, nil)
	if err != nil {
		return err
	}
	p.title("Certificate revocation list")
	p.line("version", "%d", l.Version)
	p.algorithm("signature", l.InnerAlgorithm)
	p.name("issuer", l.Issuer)
	p.span("this update", l.ThisUpdate, "next update", l.NextUpdate)
	switch {
	case !l.HasEntriesField:
		p.line("revoked certificates", "field absent")
	case l.EntryCount == 0:
		p.line("revoked certificates", "field present and EMPTY (RFC 5280 5.1.2.6)")
	default:
		p.line("revoked certificates", "%d", l.EntryCount)
	}
	for i := range l.Entries {
		p.under(func() { p.entry(i+1, &l.Entries[i]) })
	}
	p.extensions("extensions", l.Extensions)
	p.signature(l.OuterAlgorithm, l.InnerAlgorithm, l.Signature)
	p.verdict(l.compare(), l.Remarks)
	p.whole("SHA-256 of CRL", l.Raw)
	return nil
}

func (p *printer) entry(n int, e *RevokedEntry) {
	p.serial(strconv.Itoa(n)+".", e.Serial)
	p.under(func() {
		p.time("revoked", e.Date)
		if e.Extensions != nil {
			p.extensions("entry extensions", e.Extensions)
		}
	})
}

func (p *printer) parsedRequest(der []byte) error {
	r, err := walkRequest(der, nil)
	if err != nil {
		return err
	}
	p.title("Certificate request")
	p.line("version", "%d", r.Version)
	p.name("subject", r.Subject)
	p.key(r.RawSPKI)
	p.line("attributes", "%d", len(r.Attributes))
	p.under(func() {
		for i, a := range r.Attributes {
			p.requestAttribute(i+1, &a, r)
		}
	})
	p.signature(r.Algorithm, nil, r.Signature)
	p.verdict(r.compare(), r.Remarks)
	verifies := "does NOT verify"
	switch {
	case p.unsigned:
		verifies = "not made yet"
	case r.PublicKey == nil && UnreadKey(r.RawSPKI) != KeyMalformed:
		verifies = "not verified: such a key is not supported here"
	case VerifySignature(r.RawSPKI, r.Algorithm, r.RawTBS, r.Signature) == nil:
		verifies = "verifies"
	}
	p.line("proof of possession", "%s", verifies)
	p.whole("SHA-256 of request", r.Raw)
	p.digest("SHA-256 of SPKI", r.RawSPKI)
	return nil
}

func (p *printer) requestAttribute(n int, a *RequestAttribute, r *Request) {
	title := a.OID.String()
	if name := attributeTitle(a.OID); name != title {
		title = name + " (" + title + ")"
	}
	p.line(strconv.Itoa(n)+".", "%s", title)
	p.under(func() {
		switch {
		case a.asksForExtensions():
			p.extensions("extensions", r.Extensions)
		case a.OID.Equal(OIDChallengePassword):
			p.line("value", "%s", a.text())
		default:
			p.line("says", "%s", shortened(a.text()))
			for _, v := range a.Values {
				p.hex("value", v)
			}
		}
	})
}

func (p *printer) parsedResponse(der []byte) error {
	r, err := walkResponse(der, nil)
	if err != nil {
		return err
	}
	p.title("OCSP response")
	p.line("status", "%d (%s)", r.Status, responseStatusName(r.Status))
	if r.Status != 0 {
		p.verdict(r.compare(), nil)
		return nil
	}
	if r.VersionEncoded {
		p.line("version", "%d (encoded)", r.Version)
	}
	if r.ResponderByName != nil {
		p.name("responder by name", *r.ResponderByName)
	} else {
		p.hex("responder by key", r.ResponderByKey)
	}
	p.time("produced at", r.ProducedAt)
	p.line("responses", "%d", len(r.Singles))
	for i := range r.Singles {
		p.under(func() { p.single(i+1, &r.Singles[i]) })
	}
	p.extensions("response extensions", r.Extensions)
	p.signature(r.Algorithm, nil, r.Signature)
	p.line("certificates", "%d", len(r.Certificates))
	for _, c := range r.Certificates {
		p.embedded(c)
	}
	p.verdict(r.compare(), nil)
	p.whole("SHA-256 of response", r.Raw)
	return nil
}

// embedded writes a certificate in an object, which is signed in any case.
func (p *printer) embedded(der []byte) {
	defer func(unsigned bool) { p.unsigned = unsigned }(p.unsigned)
	p.unsigned = false
	p.under(func() {
		c, err := walkCertificate(der, nil)
		if err != nil {
			p.line("unreadable", "%s", err)
			p.hex("bytes", der)
			return
		}
		p.certificate(c)
	})
}

func (p *printer) single(n int, s *Single) {
	p.serial(strconv.Itoa(n)+". serial number", s.CertID.Serial)
	p.under(func() {
		p.algorithm("hash", s.CertID.HashAlg)
		p.hex("issuer name hash", s.CertID.NameHash)
		p.hex("issuer key hash", s.CertID.KeyHash)
		p.line("certificate status", "%s", s.Status)
		if s.RevokedAt != nil {
			p.time("revoked", *s.RevokedAt)
			if s.Reason != nil {
				p.line("reason", "%d (%s)", *s.Reason, ReasonName(*s.Reason))
			}
		}
		p.span("this update", s.ThisUpdate, "next update", s.NextUpdate)
		if s.Extensions != nil {
			p.extensions("single extensions", s.Extensions)
		}
	})
}

// responseStatusName is OCSPResponseStatus of RFC 6960 4.2.1.
func responseStatusName(status int) string {
	switch status {
	case 0:
		return "successful"
	case 1:
		return "malformedRequest"
	case 2:
		return "internalError"
	case 3:
		return "tryLater"
	case 5:
		return "sigRequired"
	case 6:
		return "unauthorized"
	}
	return "unknown"
}
