// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
)

// Earlier is what a CA said of its certificates before this ceremony, as far as the
// inputs show it: CRLs and OCSP responses that were signed, and that people may
// still be shown. A list is nil where a part of it is lost.
type Earlier struct {
	CRLs      []EarlierCRL
	Responses []Answer
	// Renewed says of certificates, by serial number in hexadecimal, how people
	// learn that they are revoked: by a response that the ceremony signs, or online.
	Renewed map[string]string
}

// EarlierCRL is a CRL of the CA from before.
type EarlierCRL struct {
	Artifact string
	CRL      *inspect.RevocationList
}

// earlierRules hold status against what the CA said before. BR 2.2.6 4.9.9, SBR
// 1.0.10 4.9.10 and CSBR 3.10.0 4.9.10 have an updated response "within 24 hours
// after revoking" the certificate of a subordinate CA. The BRs say it of
// certificates with the URL of a responder; that it holds of each one that somebody
// signed a response for is stricter.
var earlierRules = []Rule{
	{
		ID: "crl.earlier", Level: Error, Citation: "BR 7.2.2, RFC 5280 3.3, 5.2.3",
		Requirement: "the CRL follows every CRL of the CA that the inputs give: its number is greater, the previous one is the latest, and what an older one lists is not missing for no reason that is known",
		Kinds:       crlKind, Needs: []Need{NeedIssuer, NeedEarlierCRLs}, Check: checkEarlierCRLs,
	},
	{
		ID: "crl.earlier-responses", Level: Error, Citation: "BR 4.9.9, SBR 4.9.10, CSBR 4.9.10, house",
		House: HouseConflicts, Asked: sinceWindow,
		Requirement: "an OCSP response that does not say revoked, and is valid beyond the revocation, is replaced within 24 hours of it: by one that the ceremony signs, or online",
		Kinds:       crlKind, Needs: []Need{NeedSigning, NeedIssuer, NeedEarlierResponses}, Check: checkEarlierResponses,
	},
	{
		ID: "ocsp.earlier", Level: Error, Citation: "BR 4.9.9, house",
		House:       HouseConflicts,
		Requirement: "a certificate that an OCSP response of the CA has called revoked is not called good again",
		Kinds:       responseKind, Needs: []Need{NeedIssuer, NeedEarlierResponses}, Check: checkRevokedBefore,
	},
}

// checkEarlierCRLs compares with each CRL from before that may list certificates in
// the scope of this one, or of the previous one, which it follows. Numbers count within
// one scope (RFC 5280 5.2.3).
func checkEarlierCRLs(t *target) (ps []problem) {
	n, present, err := t.exts.CRLNumber()
	scope, scopeErr := ScopeOf(t.exts)
	if err != nil || !present || scopeErr != nil {
		return nil // said by crl.number, crl.idp
	}
	before, beforeScope := t.before(scope)
	for _, e := range t.ctx.Earlier.CRLs {
		old := NumberOf(e.CRL)
		s, scopeErr := ScopeOf(e.CRL.Extensions)
		same := t.ctx.Previous != nil && bytes.Equal(t.ctx.Previous.RawTBS, e.CRL.RawTBS) // crl.number compares with that
		if old == nil || scopeErr != nil || same || s.Delta {
			continue
		}
		equal := s.equal(scope) || s.equal(beforeScope)
		switch {
		case !equal && !s.overlaps(scope):
		case t.ctx.First:
			ps = append(ps, fault(FieldPrevious, "declared as the first CRL, but there is %s, with number %s", e.Artifact, old)...)
		case !equal:
			ps = append(ps, t.takenIn(&e, s, scope)...)
		case n.Cmp(old) <= 0:
			ps = append(ps, fault(FieldNumber, "CRL number %s does not follow %s of %s", n, old, e.Artifact)...)
		case before != nil && before.Cmp(old) < 0:
			ps = append(ps, fault(FieldPrevious, "the previous CRL has number %s, but %s, with number %s, is later", before, e.Artifact, old)...)
		case before != nil && before.Cmp(old) == 0 && s.equal(beforeScope): // the past cannot be changed, but people have to know
			ps = append(ps, at(Notice, fault(FieldPrevious, "%s is another CRL than the previous one, with the same number %s (RFC 5280 5.2.3): find out who signed both, and compare them with the audit log of the token", e.Artifact, old))...)
		}
	}
	return append(ps, t.goneBefore(scope)...)
}

// goneBefore finds entries of older CRLs for the same scope that the previous one did not
// have any more, and this one has not either. An entry may go once a CRL after the end of
// the certificate has it (RFC 5280 3.3), or when a hold ends (5.3.1). Who signed the
// previous CRL may have known of both: so this is an error only where the certificate is
// there, is valid still, and was not on hold. A previous CRL of this ceremony was held
// against the same CRLs itself.
func (t *target) goneBefore(scope CRLScope) (ps []problem) {
	before, beforeScope := t.before(scope)
	if before == nil || !slices.ContainsFunc(t.ctx.Earlier.CRLs, func(e EarlierCRL) bool { return bytes.Equal(t.ctx.Previous.RawTBS, e.CRL.RawTBS) }) {
		return nil
	}
	seen := map[string]bool{}
	for i := range t.ctx.Previous.Entries {
		seen[hexSerial(t.ctx.Previous.Entries[i].Serial)] = true
	}
	for _, e := range t.olderCRLs(before, beforeScope) {
		var unknown []string
		for i := range e.CRL.Entries {
			was := &e.CRL.Entries[i]
			serial := hexSerial(was.Serial)
			if seen[serial] || t.entry(was.Serial) != nil {
				continue
			}
			seen[serial] = true
			switch c := t.ctx.Revoked[serial]; {
			case c == nil || !t.issuedByUs(c) || reasonCode(was) == reasonHold:
				unknown = append(unknown, serial)
			case !scope.Covers(c), c.NotAfter.Before(t.crl().ThisUpdate.Time):
			default:
				ps = append(ps, fault(FieldPrevious, "%s, with number %s, lists serial %s, %s; the previous CRL does not, and the certificate is valid until %s: it would be good again, so revoke it",
					e.Artifact, NumberOf(e.CRL), serial, saysOf(was), stamp(c.NotAfter.Time))...)
			}
		}
		if n := len(unknown); n > 0 {
			ps = append(ps, at(Notice, fault(FieldPrevious, "%s, with number %s, has entries that the previous CRL does not have any more: %d, of serial %s; revoke again each whose certificate has not expired (RFC 5280 3.3), unless a hold of it has ended",
				e.Artifact, NumberOf(e.CRL), n, FirstOf(unknown)))...)
		}
	}
	return ps
}

// olderCRLs gives the complete CRLs of a scope with a lower number, the newest first, and
// another one with the same number: two ceremonies followed one CRL, and neither knew what
// the other revoked.
func (t *target) olderCRLs(than *big.Int, of CRLScope) (out []EarlierCRL) {
	for _, e := range t.ctx.Earlier.CRLs {
		s, err := ScopeOf(e.CRL.Extensions)
		if n := NumberOf(e.CRL); err == nil && n != nil && !s.Delta && s.equal(of) && n.Cmp(than) <= 0 && !bytes.Equal(t.ctx.Previous.RawTBS, e.CRL.RawTBS) {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b EarlierCRL) int { return NumberOf(b.CRL).Cmp(NumberOf(a.CRL)) })
	return out
}

// NumberOf gives the number of a CRL; nil if it has none that can be read.
func NumberOf(l *inspect.RevocationList) *big.Int {
	n, _, _ := l.CRLNumber()
	return n
}

// FirstOf names the first of many.
func FirstOf(list []string) string {
	const few = 8
	text := strings.Join(list[:min(len(list), few)], ", ")
	if more := len(list) - few; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// before gives number and scope of the previous CRL; without one the scope of this one.
func (t *target) before(now CRLScope) (number *big.Int, scope CRLScope) {
	if t.ctx.Previous == nil {
		return nil, now
	}
	number, _, _ = t.ctx.Previous.CRLNumber()
	if s, err := ScopeOf(t.ctx.Previous.Extensions); err == nil {
		return number, s
	}
	return number, now
}

// takenIn finds entries of a CRL for another scope that this one covers, and lacks: of
// one that is later than the previous CRL, or covered what that one did not.
func (t *target) takenIn(e *EarlierCRL, s, scope CRLScope) (ps []problem) {
	_, before := t.before(scope)
	if t.ctx.Previous == nil || before.reaches(s, scope) && !e.CRL.ThisUpdate.After(t.ctx.Previous.ThisUpdate.Time) {
		return nil
	}
	for i := range e.CRL.Entries {
		serial := e.CRL.Entries[i].Serial
		c := t.ctx.Revoked[hexSerial(serial)]
		if t.entry(serial) != nil || c != nil && (!scope.Covers(c) || c.NotAfter.Before(e.CRL.ThisUpdate.Time)) {
			continue
		}
		ps = append(ps, fault(FieldPrevious, "%s, for %s, lists serial %x, and this CRL, for %s, does not", e.Artifact, s, serial, scope)...)
	}
	return ps
}

func checkEarlierResponses(t *target) (ps []problem) {
	for _, a := range t.ctx.Earlier.Responses {
		for i := range a.Response.Singles {
			s := &a.Response.Singles[i]
			e := t.entry(s.CertID.Serial)
			switch {
			case e == nil:
				ps = append(ps, t.forgotten(&a, s)...)
			case t.ctx.Earlier.Renewed[hexSerial(e.Serial)] == "" && Outlives(s, e.Date.Time, t.ctx.Signing):
				ps = append(ps, t.outlives(&a, s)...)
			}
		}
	}
	return ps
}

// Outlives reports whether a response that does not say revoked is still valid after
// the revocation, and now.
func Outlives(s *inspect.Single, revoked, now time.Time) bool {
	return s.Status != inspect.StatusRevoked && (s.NextUpdate == nil || s.NextUpdate.After(revoked) && s.NextUpdate.After(now))
}

// ValidUntil says until when a response is valid, for people.
func ValidUntil(s *inspect.Single) string {
	if s.NextUpdate == nil {
		return "for ever: it has no nextUpdate"
	}
	return "until " + stamp(s.NextUpdate.Time)
}

func (t *target) outlives(a *Answer, s *inspect.Single) []problem {
	ps := fault(t.entryField(s.CertID.Serial), "%s says %s of serial %x %s, beyond its revocation; it has to be replaced within 24 hours",
		a.Artifact, s.Status, s.CertID.Serial, ValidUntil(s))
	switch c := t.ctx.Revoked[hexSerial(s.CertID.Serial)]; {
	case !t.pack(webPacks...):
		return at(Warning, ps)
	case !t.pack(PackSMIME, PackCodeSigning) && c != nil && !namesResponder(c):
		return on(HouseConflicts, ps)
	}
	return ps
}

// namesResponder reports whether a certificate has the URL of an OCSP responder: BR
// 4.9.9 is about those.
func namesResponder(c *inspect.Certificate) bool {
	list, _, err := c.AuthorityInfoAccess()
	return err != nil || slices.ContainsFunc(list, func(d inspect.AccessDescription) bool { return d.Method.Equal(inspect.OIDAccessOCSP) })
}

// forgotten says that the CRL does not list a certificate that a response has called
// revoked and that has not expired. Whether it has expired, only the certificate says.
func (t *target) forgotten(a *Answer, s *inspect.Single) []problem {
	c := t.ctx.Revoked[hexSerial(s.CertID.Serial)]
	switch {
	case s.Status != inspect.StatusRevoked:
		return nil
	case c == nil:
		return lacksContext(FieldEntries, NeedRevoked)
	case !coveredBy(t.exts, c) || c.NotAfter.Before(t.crl().ThisUpdate.Time):
		return nil
	}
	return disagreement(FieldEntries, a.Artifact+" says ", "this CRL", s, nil)
}

func checkRevokedBefore(t *target) (ps []problem) {
	now := t.single()
	if now.Status == inspect.StatusRevoked {
		return nil
	}
	for _, a := range t.ctx.Earlier.Responses {
		for i := range a.Response.Singles {
			if s := &a.Response.Singles[i]; s.Status == inspect.StatusRevoked && s.CertID.Serial.Cmp(now.CertID.Serial) == 0 {
				ps = append(ps, fault(FieldStatus, "%s, but %s has called serial %x revoked", now.Status, a.Artifact, s.CertID.Serial)...)
			}
		}
	}
	return ps
}

// ErrResponder says that a response does not come from the CA that it names.
var ErrResponder = errors.New("it is not signed by the CA, nor by a responder that the CA certified")

// AnswersFor reports whether all of a response is about certificates of a CA, by
// name and key (RFC 6960 4.1.1).
func AnswersFor(ca *inspect.Certificate, r *inspect.Response) bool {
	return len(r.Singles) > 0 && !slices.ContainsFunc(r.Singles, func(s inspect.Single) bool {
		hash := algorithm.HashOf(s.CertID.HashOID.String())
		return hash == "" || !bytes.Equal(s.CertID.NameHash, hash.Sum(ca.RawSubject)) || !bytes.Equal(s.CertID.KeyHash, hash.Sum(publicKeyBits(ca.RawSPKI)))
	})
}

// CertificatesIn gives the certificates that a response carries, as far as they can be
// read.
func CertificatesIn(r *inspect.Response) (out []*inspect.Certificate) {
	for _, der := range r.Certificates {
		if c, err := inspect.ParseCertificate(der); err == nil {
			out = append(out, c)
		}
	}
	return out
}

// CheckResponder says why a response from outside is not one of its CA: it must
// verify under the key of the CA, or under that of a responder in it that the CA
// certified for OCSP (RFC 6960 4.2.2.2).
func CheckResponder(ca *inspect.Certificate, r *inspect.Response) error {
	verifies := func(spki []byte) error {
		return verifySignature(spki, r.Algorithm, r.RawTBS, r.Signature)
	}
	err := verifies(ca.RawSPKI)
	for _, der := range r.Certificates {
		if err == nil {
			return nil
		}
		c, parseErr := inspect.ParseCertificate(der)
		if parseErr != nil {
			return fmt.Errorf("%w: %w", ErrResponder, parseErr)
		}
		if !bytes.Equal(c.RawIssuer, ca.RawSubject) || !IsResponder(c.Extensions) {
			continue
		}
		if err = verifySignature(ca.RawSPKI, c.OuterAlgorithm, c.RawTBS, c.Signature); err == nil {
			err = verifies(c.RawSPKI)
		}
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrResponder, err)
	}
	return nil
}

// Issued reports whether a CA issued a certificate, by name and by signature.
func Issued(ca, c *inspect.Certificate) bool {
	return bytes.Equal(c.RawIssuer, ca.RawSubject) &&
		verifySignature(ca.RawSPKI, c.OuterAlgorithm, c.RawTBS, c.Signature) == nil
}

// NamesKeyOf reports whether a CRL has the key identifier of a CA as that of its signer,
// or either has none.
func NamesKeyOf(l *inspect.RevocationList, ca *inspect.Certificate) bool {
	id, present, err := l.AuthorityKeyID()
	return err != nil || !present || agrees(id, ca)
}

// agrees reports whether an authorityKeyIdentifier is that of a CA, or either has no key
// identifier.
func agrees(id inspect.AuthorityKeyID, ca *inspect.Certificate) bool {
	ski := subjectKeyID(ca.Extensions)
	return len(id.KeyID) == 0 || len(ski) == 0 || bytes.Equal(id.KeyID, ski)
}

// SignedBy reports whether a CA issued a CRL, by name and by signature.
func SignedBy(ca *inspect.Certificate, l *inspect.RevocationList) bool {
	return bytes.Equal(l.RawIssuer, ca.RawSubject) && signedUnder(ca, l) == nil
}
