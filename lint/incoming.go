// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// ErrPartialCRL says that a CRL is not the complete list of its CA, or cannot
// be interpreted with certainty.
var ErrPartialCRL = errors.New("it is not the complete list of what its CA has revoked")

// removeFromCRL is the reason that takes an entry of an earlier list away (RFC
// 5280 5.3.1).
const removeFromCRL = 8

// CheckCompleteCRL says why a CRL from outside must not be used as the complete
// list of its CA. Each of them must pass it, as the previous one, as the latest
// that OCSP has to agree with, as one of several partial CRLs: what a delta CRL
// or one for some reasons does not list would count as good again, an entry of
// an indirect one is another CA's, and an application that does not process a
// critical extension must not use the list (RFC 5280 5.2) or must take the
// certificate for revoked for reasons it does not know (5.3).
func CheckCompleteCRL(l *inspect.RevocationList) error {
	if IsDelta(l) {
		return fmt.Errorf("%w: it is a delta CRL, which lists changes only (RFC 5280 5.2.4)", ErrPartialCRL)
	}
	return CheckIncomingCRL(l)
}

// IsDelta reports whether a CRL lists changes only.
func IsDelta(l *inspect.RevocationList) bool { return has(l.Extensions, inspect.OIDDeltaCRLIndicator) }

// CheckIncomingCRL says why a CRL from outside must not be used at all: as
// [CheckCompleteCRL], but that it may be a delta CRL, which says what a complete one
// has to have.
func CheckIncomingCRL(l *inspect.RevocationList) error {
	if why := partialCRL(l); why != "" {
		return fmt.Errorf("%w: %s", ErrPartialCRL, why)
	}
	for i := range l.Entries {
		if removes := l.Entries[i].Reason; IsDelta(l) && removes != nil && *removes == removeFromCRL {
			continue
		}
		if why := partialEntry(&l.Entries[i]); why != "" {
			return fmt.Errorf("%w: %s of serial %x", ErrPartialCRL, why, l.Entries[i].Serial)
		}
	}
	return nil
}

// partialCRL says what is wrong with the list as a whole.
func partialCRL(l *inspect.RevocationList) string {
	p, _, err := l.IssuingDistributionPoint()
	switch {
	case err != nil:
		return fmt.Sprintf("its issuingDistributionPoint: %v", err)
	case p.IndirectCRL.Value:
		return "it is an indirect CRL, which lists certificates of other CAs (RFC 5280 5.2.5)"
	case p.HasReasons:
		return "it is for some reasons only (RFC 5280 5.2.5)"
	case p.OnlyContainsAttributeCerts.Value:
		return "it is for attribute certificates (RFC 5280 5.2.5)"
	}
	for _, x := range l.Extensions {
		processed := x.OID.Equal(inspect.OIDDeltaCRLIndicator) || x.OID.Equal(inspect.OIDAuthorityKeyID) || x.OID.Equal(inspect.OIDCRLNumber) || x.OID.Equal(inspect.OIDIssuingDistributionPoint)
		if x.Critical && !processed {
			return fmt.Sprintf("critical extension %s, which is not processed (RFC 5280 5.2)", inspect.OIDName(x.OID))
		}
	}
	return ""
}

// partialEntry says what is wrong with an entry.
func partialEntry(e *inspect.RevokedEntry) string {
	if has(e.Extensions, inspect.OIDCertificateIssuer) {
		return "certificateIssuer, which makes it an indirect CRL (RFC 5280 5.3.3),"
	}
	if e.Reason != nil && *e.Reason == removeFromCRL {
		return "removeFromCRL, which only a delta CRL has (RFC 5280 5.3.1),"
	}
	i := slices.IndexFunc(e.Extensions, func(x inspect.Extension) bool { return x.Critical && !x.OID.Equal(inspect.OIDReasonCode) })
	if i < 0 {
		return ""
	}
	return fmt.Sprintf("critical entry extension %s, which is not processed (RFC 5280 5.3),", inspect.OIDName(e.Extensions[i].OID))
}

// incomingRules check the CRLs that an object is compared with.
var incomingRules = []Rule{
	{
		ID: "crl.comes-in", Level: Fatal, Citation: "RFC 5280 5.2, 5.2.5, 5.3",
		Requirement: "a CRL that is used as the complete list of a CA is complete and direct, is signed by that CA, and has no critical extension that is not processed; an issuingDistributionPoint that is not critical is noticed",
		Kinds:       slices.Concat(crlKind, responseKind), Applies: readsCRL, Check: checkIncomingCRLs,
	},
}

func readsCRL(t *target) bool { return t.ctx.Previous != nil || t.ctx.LatestCRL != nil }

func checkIncomingCRLs(t *target) (ps []problem) {
	for _, in := range []struct {
		field profiles.Field
		crl   *inspect.RevocationList
	}{{FieldPrevious, t.ctx.Previous}, {FieldStatus, t.ctx.LatestCRL}} {
		if in.crl == nil {
			continue
		}
		if err := CheckCompleteCRL(in.crl); err != nil {
			ps = append(ps, fault(in.field, "the CRL of %q: %v", in.crl.Issuer, err)...)
		}
		if x, _ := in.crl.Extension(inspect.OIDIssuingDistributionPoint); x != nil && !x.Critical {
			ps = append(ps, at(Notice, fault(in.field, "the issuingDistributionPoint of the CRL of %q is not critical (RFC 5280 5.2.5): "+
				"a reader that does not know the extension takes it for the list of all certificates", in.crl.Issuer))...)
		}
	}
	return append(ps, t.crlNotSignedByCA()...)
}

// crlNotSignedByCA says that the latest CRL was not signed by the CA: what it lists,
// or leaves out, then says nothing of the CA's certificates.
func (t *target) crlNotSignedByCA() []problem {
	l := t.ctx.LatestCRL
	if l == nil || t.ctx.LatestOurs || t.record == nil {
		return nil
	}
	if !bytes.Equal(l.RawIssuer, t.record.RawSubject) {
		return fault(FieldStatus, "the latest CRL was issued by %q, not by %q", l.Issuer, t.record.Subject)
	}
	if err := signedUnder(t.record, l); err != nil {
		return fault(FieldStatus, "the latest CRL is not signed by %q: %v", t.record.Subject, err)
	}
	return nil
}

// ErrOwnSignature says that a self-signed certificate was damaged or changed.
var ErrOwnSignature = errors.New("it does not verify under its own key")

// CheckOwnSignature says why a certificate from outside is not the self-signed
// one that it claims to be. One that names another key as that of its issuer is
// self-issued alone (RFC 5280 3.2), and an algorithm of the past that nothing here
// computes says nothing against a certificate.
func CheckOwnSignature(c *inspect.Certificate) error {
	if !namesOwnKey(c) {
		return nil
	}
	if err := verifiesItself(c); errors.Is(err, algorithm.ErrSignature) {
		return fmt.Errorf("%w: %w", ErrOwnSignature, err)
	}
	return nil
}

// namesOwnKey reports whether a certificate claims to be self-signed: it is self-issued
// and names no other key as that of its issuer.
func namesOwnKey(c *inspect.Certificate) bool {
	id, present, err := c.AuthorityKeyID()
	other := err == nil && present && len(id.KeyID) > 0 && !bytes.Equal(id.KeyID, subjectKeyID(c.Extensions))
	return c.SelfIssued() && !other
}

// SelfSigned reports whether a certificate is one of a root and not of a key that another
// of the same CA certified (RFC 5280 3.2, RFC 4210 4.4): it claims to be, or it verifies.
func SelfSigned(c *inspect.Certificate) bool {
	return c.SelfIssued() && (namesOwnKey(c) || verifiesItself(c) == nil)
}

// verifiesItself verifies a certificate under its own key.
func verifiesItself(c *inspect.Certificate) error {
	return verifySignature(c.RawSPKI, c.OuterAlgorithm, c.RawTBS, c.Signature)
}
