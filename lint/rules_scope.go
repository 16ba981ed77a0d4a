// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"fmt"
	"slices"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// scopeRules check what CRLs cover, each alone and all together.
var scopeRules = []Rule{
	{
		ID: "crl.scope", Level: Error, Citation: "RFC 5280 5.2.5, BR 7.2, 4.9.7",
		Requirement: "the CRL covers what it is declared to cover: onlyContainsUserCerts, onlyContainsCACerts and the entries agree with it; the CRL of a CA whose path length is 0 is one for subscriber certificates",
		Kinds:       crlKind, Needs: []Need{NeedIssuer}, Intent: true, Check: checkScope,
	},
	{
		ID: "crl.complete", Level: Error, Citation: "BR 7.2, 4.9.7, CCADB Policy 6.2",
		Requirement: "the CRLs of a CA together cover all certificates that it has issued: each certificate has a distribution point that is byte-for-byte in the issuingDistributionPoint of a CRL of its scope",
		From:        dateBRCRL, Kinds: crlKind, Packs: []string{PackTLS, PackMozilla, PackCCADB}, Applies: hasIDP,
		Needs: []Need{NeedIssuer, NeedSiblings}, Check: checkComplete,
	},
}

func checkScope(t *target) (ps []problem) {
	p, field, err := t.idp()
	if err != nil {
		return nil // crl.idp-part and cert.der
	}
	covers := t.obj.revocationList().Covers
	if covers == profiles.CACertificates && p.OnlyContainsUserCerts.Value {
		ps = append(ps, fault(field, "onlyContainsUserCerts in a CRL for CA certificates")...)
	}
	if covers == profiles.SubscriberCertificates && p.OnlyContainsCACerts.Value {
		ps = append(ps, fault(field, "onlyContainsCACerts in a CRL for subscriber certificates")...)
	}
	bc, _, err := t.record.BasicConstraints()
	if zero := err == nil && bc.PathLen != nil && *bc.PathLen == 0; zero && covers == profiles.CACertificates && t.pack(webPacks...) {
		ps = append(ps, fault(FieldNextUpdate, "%q may not issue CA certificates, but its CRL is declared to cover them: subscriber certificates have 10 days", t.record.Subject)...)
	}
	return append(ps, t.entriesInScope()...)
}

// entriesInScope finds revoked certificates of the kind that the CRL excludes.
func (t *target) entriesInScope() (ps []problem) {
	scope, err := ScopeOf(t.exts)
	for i := range t.crl().Entries {
		serial := t.crl().Entries[i].Serial
		c := t.ctx.Revoked[hexSerial(serial)]
		if c != nil && err == nil && !scope.coversKind(c) {
			ps = append(ps, fault(t.entryField(serial), "serial %x is outside the scope of the issuingDistributionPoint", serial)...)
		}
	}
	return ps
}

// coveredBy reports whether a CRL speaks for a certificate of its issuer.
func coveredBy(exts inspect.Extensions, c *inspect.Certificate) bool {
	s, err := ScopeOf(exts)
	return err == nil && s.covers(c)
}

func checkComplete(t *target) (ps []problem) {
	for _, s := range t.ctx.Siblings {
		c := s.Cert
		if c == nil || selfIssued(c) || !t.issuedByUs(c) || !has(c.Extensions, inspect.OIDCRLDistributionPoints) ||
			c.NotAfter.Before(t.crl().ThisUpdate.Time) || coveredBy(t.exts, c) {
			continue
		}
		if t.ctx.Parts == nil {
			return lacksContext(profiles.Field{}, NeedParts)
		}
		if !slices.ContainsFunc(t.ctx.Parts, func(l *inspect.RevocationList) bool { return coveredBy(l.Extensions, c) }) {
			ps = append(ps, fault(t.extField(inspect.OIDIssuingDistributionPoint), "no CRL of the CA covers %s%s", s.Artifact, pointsOf(c))...)
		}
	}
	return ps
}

// pointsOf tells where a certificate says its CRL is.
func pointsOf(c *inspect.Certificate) string {
	points, _, _ := c.CRLDistributionPoints()
	var uris []string
	for _, p := range points {
		uris = append(uris, inspect.URIs(p.FullNames)...)
	}
	return fmt.Sprintf(", which points to %q", uris)
}
