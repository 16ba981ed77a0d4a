// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// scopeRules check what CRLs cover, each alone and all together.
var scopeRules = []Rule{
	{
		ID: "crl.scope", Level: Error, Citation: "RFC 5280 5.2.5, 6.3.3, BR 7.2, 4.9.7",
		Requirement: "the CRL covers what it is declared to cover: onlyContainsUserCerts, onlyContainsCACerts and the entries agree with it; a certificate that it revokes points to it; the CRL of a CA whose path length is 0 is one for subscriber certificates",
		Kinds:       crlKind, Needs: []Need{NeedIssuer}, Intent: true, Check: checkScope,
	},
	{
		ID: "crl.complete", Level: Error, Citation: "BR 7.2, 4.9.7, CCADB Policy 6.2",
		Requirement: "the CRLs of a CA together cover all certificates that it has issued: each certificate has a distribution point that is byte-for-byte in the issuingDistributionPoint of a CRL of its scope",
		From:        dateBRCRL, Kinds: crlKind, Packs: []string{PackTLS, PackMozilla, PackCCADB}, Applies: hasIDP,
		Needs: []Need{NeedIssuer, NeedSiblings}, Check: checkComplete,
	},
	{
		ID: "crl.scope-kept", Level: Error, Citation: "RFC 5280 5, 5.2.5, 6.3.3, BR 7.2.2.1",
		Requirement: "the CRL covers what the previous one covered, or the CRLs of the ceremony do so together; another distributionPoint, or a wider scope, is noticed",
		Kinds:       crlKind, Needs: []Need{NeedPrevious}, Check: checkScopeKept,
	},
}

func checkScope(t *target) (ps []problem) {
	p, field, _ := t.idp() // one that cannot be read is for crl.idp and cert.der
	covers := t.obj.revocationList().Covers
	if covers == profiles.CACertificates && p.OnlyContainsUserCerts.Value {
		ps = append(ps, on(HouseDeclared, fault(field, "onlyContainsUserCerts in a CRL for CA certificates"))...)
	}
	if covers == profiles.SubscriberCertificates && p.OnlyContainsCACerts.Value {
		ps = append(ps, on(HouseDeclared, fault(field, "onlyContainsCACerts in a CRL for subscriber certificates"))...)
	}
	bc, _, err := t.record.BasicConstraints()
	if zero := err == nil && bc.PathLen != nil && *bc.PathLen == 0; zero && covers == profiles.CACertificates {
		ps = append(ps, t.sinceAsked(sinceWindow, fault(FieldNextUpdate, "%q may not issue CA certificates, but its CRL is declared to cover them: subscriber certificates have 10 days", t.record.Subject))...)
	}
	return append(ps, t.entriesInScope()...)
}

// entriesInScope finds revoked certificates that the CRL excludes: by their kind, and of
// those that the previous CRL does not list, by where they point to. A CRL that has moved
// to another distribution point goes on with the certificates of the previous one.
func (t *target) entriesInScope() (ps []problem) {
	scope, err := ScopeOf(t.exts)
	_, before := t.before(scope)
	for i := range t.crl().Entries {
		serial := t.crl().Entries[i].Serial
		c := t.ctx.Revoked[hexSerial(serial)]
		if c == nil || err != nil {
			continue
		}
		if !scope.CoversKind(c) {
			ps = append(ps, fault(t.entryField(serial), "serial %x is outside the scope of the issuingDistributionPoint", serial)...)
		}
		if fresh := t.ctx.First || t.ctx.Previous != nil && t.previousEntry(serial) == nil; fresh && !scope.AskedBy(c) && !before.AskedBy(c) {
			ps = append(ps, fault(t.entryField(serial), "serial %x%s: clients do not take this CRL, for %s, for it (RFC 5280 6.3.3 b); revoke it on the CRL that it points to", serial, pointsOf(c), scope)...)
		}
	}
	return ps
}

// coveredBy reports whether a CRL speaks for a certificate of its issuer.
func coveredBy(exts inspect.Extensions, c *inspect.Certificate) bool {
	s, err := ScopeOf(exts)
	return err == nil && s.Covers(c)
}

func checkComplete(t *target) (ps []problem) {
	for _, s := range t.ctx.Siblings {
		c := s.Cert
		if c == nil || SelfSigned(c) || !t.issuedByUs(c) || !has(c.Extensions, inspect.OIDCRLDistributionPoints) ||
			c.NotAfter.Before(t.crl().ThisUpdate.Time) || coveredBy(t.exts, c) {
			continue
		}
		if t.ctx.Parts == nil {
			return lacksContext(profiles.Field{}, NeedParts)
		}
		if !slices.ContainsFunc(t.ctx.Parts, func(p Part) bool { return p.Scope.Covers(c) }) {
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

// checkScopeKept compares the scope with that of the previous CRL. What neither this
// CRL nor another of the ceremony covers any more counts as good.
func checkScopeKept(t *target) []problem {
	if t.ctx.Previous == nil {
		return nil // the first
	}
	old, err := ScopeOf(t.ctx.Previous.Extensions)
	now, nowErr := ScopeOf(t.exts)
	if err != nil || nowErr != nil || old.Delta {
		return nil // crl.comes-in, crl.idp
	}
	field := FieldPrevious
	if other := t.continuedElsewhere(old, now); other != "" {
		return fault(field, "the previous CRL is for %s, and this one for %s; %s is for those: name the last CRL of this scope, or first: true if there is none", old, now, other)
	}
	var ps []problem
	lost, by := t.uncovered(old, now)
	switch {
	case lost != "":
		ps = fault(field, "the previous CRL is for %s, and this one for %s: no CRL of the ceremony covers the %s any more", old, now, lost)
	case len(by) > 0:
		ps = at(Notice, fault(field, "the previous CRL is for %s, and this one for %s; the rest is in %s", old, now, strings.Join(by, ", ")))
	case now.Users && !old.Users || now.CAs && !old.CAs || len(now.Names) == 0 && len(old.Names) > 0:
		other := ""
		if len(now.Names) == 0 && len(old.Names) > 0 {
			other = "; name the last CRLs of the other partitions under inputs, and this one is compared with what they list"
		}
		ps = at(Notice, fault(field, "the previous CRL is for %s, and this one for %s: what another CRL lists of them is not carried over from the previous one%s", old, now, other))
	}
	if gone := old.namesNotIn(now); len(now.Names) > 0 && len(gone) > 0 {
		ps = append(ps, at(Notice, fault(field, "the distributionPoint is now %s: clients do not take this CRL for certificates that point to %s (RFC 5280 6.3.3 b); "+
			"keep the old name beside the new one until the last of them has expired", strings.Join(now.Names, ", "), strings.Join(gone, ", ")))...)
	}
	return ps
}

// continuedElsewhere finds, where the names of the distribution points have nothing in
// common, the CRL that follows the previous one, or the one from before that this one
// should follow.
func (t *target) continuedElsewhere(old, now CRLScope) string {
	if len(old.Names) == 0 || len(now.Names) == 0 || len(old.namesNotIn(now)) < len(old.Names) {
		return ""
	}
	for _, p := range t.ctx.Parts {
		if !p.Before && p.Scope.overlaps(old) && len(p.Scope.Names) > 0 {
			return p.Artifact
		}
	}
	for _, e := range t.ctx.Earlier.CRLs {
		if s, err := ScopeOf(e.CRL.Extensions); err == nil && !s.Delta && s.overlaps(now) && len(s.Names) > 0 {
			return e.Artifact
		}
	}
	return ""
}

// uncovered says of which kind of certificates that the previous CRL covered no CRL of
// the ceremony speaks any more, or which CRLs beside this one do.
func (t *target) uncovered(old, now CRLScope) (lost string, by []string) {
	for _, k := range []struct {
		what string
		of   func(CRLScope) bool
	}{{"user certificates", func(s CRLScope) bool { return s.Users }}, {"CA certificates", func(s CRLScope) bool { return s.CAs }}} {
		if !k.of(old) || k.of(now) && now.reachesAllOf(old) {
			continue
		}
		i := slices.IndexFunc(t.ctx.Parts, func(p Part) bool {
			return !p.Before && k.of(p.Scope) && p.Scope.reachesAllOf(old) && (p.Continues || len(p.Scope.Names) == 0 || p.Scope.overlaps(old))
		})
		if i < 0 {
			return k.what, nil
		}
		by = append(by, t.ctx.Parts[i].Artifact)
	}
	return "", by
}
