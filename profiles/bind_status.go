// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"math/big"
	"time"

	"rootceremony/profiles/ext"
)

// Bind adds the values of one CRL to the profile.
func (p *RevocationListProfile) Bind(v RevocationListValues) (*RevocationList, []Problem) {
	var b binding
	out := &RevocationList{
		Artifact:   v.Artifact,
		Profile:    p.head.Name,
		Covers:     p.Covers,
		Signature:  b.signature(p.head.Signatures, v.IssuerKey),
		Number:     b.number(v.Number, p.head.Purpose.Intent),
		ThisUpdate: v.ThisUpdate,
		NextUpdate: v.NextUpdate,
		Entries:    append([]RevokedEntry{}, v.Entries...),
		LeftOut:    v.LeftOut,
		Extensions: b.extensions(p.Extensions, v.Issuer, ext.SubjectKeyID{}),
		Purpose:    p.head.Purpose.clone(),
	}
	b.artifact(v.Artifact)
	b.updates(v.ThisUpdate, v.NextUpdate, v.Window, p.Validity)
	b.entries(v.Entries)
	if len(b.problems) > 0 {
		return nil, b.problems
	}
	return out, nil
}

// Bind adds the values of one OCSP response to the profile.
func (p *ResponseProfile) Bind(v ResponseValues) (*Response, []Problem) {
	var b binding
	out := &Response{
		Artifact:   v.Artifact,
		Profile:    p.head.Name,
		Covers:     p.Covers,
		Signature:  b.signature(p.head.Signatures, v.SignerKey),
		CertIDHash: p.CertIDHash,
		Responder:  p.Responder,
		Serial:     v.Serial,
		Status:     v.Status,
		ThisUpdate: v.ThisUpdate,
		NextUpdate: v.NextUpdate,
		Extensions: b.extensions(p.Extensions, URLs{}, ext.SubjectKeyID{}),
		Purpose:    p.head.Purpose.clone(),
	}
	b.artifact(v.Artifact)
	b.updates(v.ThisUpdate, v.NextUpdate, v.Window, p.Validity)
	b.status(v)
	if len(b.problems) > 0 {
		return nil, b.problems
	}
	if v.Revoked != nil {
		revoked := *v.Revoked
		out.Revoked = &revoked
	}
	return out, nil
}

// CRLNumberBits is the most that a CRL number may have: it is less than 2^159 (BR 7.2.2),
// which are 20 octets with the sign. The 20 octets of RFC 5280 5.2.3 may also be those of
// the number alone: a private CA that has used such numbers goes on.
func CRLNumberBits(intent Intent) int {
	if intent == Private {
		return 160
	}
	return 159
}

// number checks a CRL number.
func (b *binding) number(n *big.Int, intent Intent) string {
	if most := CRLNumberBits(intent); n == nil || n.Sign() < 0 || n.BitLen() > most {
		hint := ""
		if n != nil && n.Sign() > 0 {
			hint = "if the last number of the CA was the greatest, its numbers are used up: only a CA with a new name begins again"
		}
		b.fail(member("number"), "RFC 5280 5.2.3, BR 7.2.2", hint, "the CRL number is not from 0 to 2^%d-1", most)
		return ""
	}
	return n.String()
}

// updates checks thisUpdate and nextUpdate.
func (b *binding) updates(this Moment, next End, window Window, limits Limits) {
	length := period{start: this, end: next, window: window, limits: limits, fields: [2]Field{member("this-update"), member("next-update")}}
	b.problems = append(b.problems, length.check()...)
}

// entries checks the lines of a CRL.
func (b *binding) entries(list []RevokedEntry) {
	seen := make(map[Serial]bool, len(list))
	for i := range list {
		e := &list[i]
		b.entry(member("entries"), e)
		if seen[e.Serial] {
			b.fail(member("entries"), "RFC 5280 5.1.2.6", "", "serial number %s is revoked twice", e.Serial)
		}
		seen[e.Serial] = true
	}
}

// entry checks one revocation.
func (b *binding) entry(field Field, e *RevokedEntry) {
	if !e.Serial.valid() {
		b.fail(field, "", "", "%q is neither a serial number in hexadecimal nor a reference", string(e.Serial))
	}
	if _, err := e.Date.At(time.Time{}); err != nil && !e.Date.refers() {
		b.fail(field, "", "", "revocation date of %s: %v", e.Serial, err)
	}
	if e.Reason != "" && e.Reason.Code() == 0 {
		b.fail(field, "RFC 5280 5.3.1", "", "unknown reason %q for %s", string(e.Reason), e.Serial)
	}
	if _, err := e.InvalidityDate.At(time.Time{}); err != nil && e.InvalidityDate != "" {
		b.fail(field, "RFC 5280 5.3.2", "", "invalidity date of %s: %v", e.Serial, err)
	}
}

// status checks what a response says of a certificate.
func (b *binding) status(v ResponseValues) {
	if !v.Serial.valid() {
		b.fail(member("certificate"), "", "", "%q is neither a serial number in hexadecimal nor a reference", string(v.Serial))
	}
	switch {
	case v.Status == "good" && v.Revoked != nil:
		b.fail(member("status"), "", "", "status good takes no revocation")
	case v.Status == "revoked" && v.Revoked == nil:
		b.fail(member("status"), "RFC 6960 4.2.1", "", "status revoked needs a revocation date")
	case v.Status == "revoked" && v.Revoked.Serial != v.Serial:
		b.fail(member("status"), "", "", "the revocation is that of %s, not of %s", v.Revoked.Serial, v.Serial)
	case v.Status != "good" && v.Status != "revoked":
		b.fail(member("status"), "RFC 6960 4.2.1", "", "unknown status %q", v.Status)
	}
	if v.Revoked != nil {
		b.entry(member("status"), v.Revoked)
	}
}
