// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"slices"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// pointRules check the issuing distribution point of CRLs.
var pointRules = []Rule{
	{
		ID: "crl.idp", Level: Error, Citation: "RFC 5280 5.2.5",
		Requirement: "issuingDistributionPoint is not empty, asserts at most one of onlyContainsUserCerts and onlyContainsCACerts, and not onlyContainsAttributeCerts",
		Kinds:       crlKind, Applies: hasIDP, Check: checkIDP,
	},
	{
		ID: "crl.idp-full", Level: Warning, Citation: "BR 7.2.2.1, CCADB Policy 6.2",
		Requirement: "issuingDistributionPoint is NOT RECOMMENDED in a full and complete CRL",
		From:        dateBRCRL, Kinds: crlKind, Packs: []string{PackTLS, PackCCADB}, Applies: hasIDP, Check: checkFullIDP,
	},
	{
		ID: "crl.idp-part", Level: Error, Citation: "BR 7.2.2.1, MRSP 6.1.2",
		Requirement: "in a partitioned CRL the distributionPoint of issuingDistributionPoint has fullName URIs only; onlySomeReasons SHOULD NOT be present",
		From:        dateBRCRL, Kinds: crlKind, Packs: []string{PackTLS, PackMozilla}, Applies: hasIDP, Check: checkPartIDP,
	},
	{
		ID: "crl.idp-uri", Level: Error, Citation: "BR 7.2.2.1, CCADB Policy 6.2",
		Requirement: "a URI of the issuingDistributionPoint is byte-for-byte one under which the CA publishes, and that its certificates carry",
		From:        dateBRCRL, Kinds: crlKind, Packs: []string{PackTLS, PackCCADB}, Applies: hasIDP,
		Needs: []Need{NeedIssuer, NeedIssuerURLs, NeedSiblings}, Check: checkIDPURI,
	},
}

func hasIDP(t *target) bool { return has(t.exts, inspect.OIDIssuingDistributionPoint) }

// idp gives the issuing distribution point with the field it is in.
func (t *target) idp() (inspect.IssuingDistributionPoint, profiles.Field, error) {
	p, _, err := t.exts.IssuingDistributionPoint()
	return p, t.extField(inspect.OIDIssuingDistributionPoint), err
}

// checkIDP checks what RFC 5280 asks of every issuingDistributionPoint; that no FALSE is
// encoded is for cert.der.
func checkIDP(t *target) (ps []problem) {
	p, field, err := t.idp()
	if err != nil {
		return fault(field, "%v", err)
	}
	if x, _ := t.exts.Extension(inspect.OIDIssuingDistributionPoint); bytes.Equal(x.Value, []byte{0x30, 0}) {
		ps = append(ps, fault(field, "an empty issuingDistributionPoint")...)
	}
	if p.OnlyContainsUserCerts.Value && p.OnlyContainsCACerts.Value {
		ps = append(ps, fault(field, "both onlyContainsUserCerts and onlyContainsCACerts")...)
	}
	if p.OnlyContainsAttributeCerts.Value {
		ps = append(ps, fault(field, "onlyContainsAttributeCerts")...)
	}
	return ps
}

func checkFullIDP(t *target) []problem {
	p, field, err := t.idp()
	if err == nil && !p.HasName {
		return fault(field, "issuingDistributionPoint without a distributionPoint")
	}
	return nil
}

func checkPartIDP(t *target) (ps []problem) {
	p, field, _ := t.idp() // one that cannot be read is for crl.idp
	if p.Relative || len(inspect.URIs(p.FullNames)) != len(p.FullNames) {
		ps = append(ps, fault(field, "a distributionPoint that is not a fullName of URIs")...)
	}
	if p.HasReasons {
		ps = append(ps, at(Warning, fault(field, "onlySomeReasons"))...)
	}
	return ps
}

func checkIDPURI(t *target) (ps []problem) {
	p, field, err := t.idp()
	uris := inspect.URIs(p.FullNames)
	if err != nil || len(uris) == 0 {
		return nil
	}
	if !slices.ContainsFunc(uris, func(u string) bool { return slices.Contains(t.ctx.IssuerURLs.CRL, u) }) {
		ps = append(ps, fault(field, "%q is not among the CRL URLs of the CA", uris)...)
	}
	carried, known := false, false
	for _, s := range t.ctx.Siblings {
		if s.Cert == nil || SelfSigned(s.Cert) || !t.issuedByUs(s.Cert) {
			continue
		}
		points, _, _ := s.Cert.CRLDistributionPoints()
		for _, dp := range points {
			known = true
			carried = carried || slices.ContainsFunc(inspect.URIs(dp.FullNames), func(u string) bool { return slices.Contains(uris, u) })
		}
	}
	if known && !carried {
		ps = append(ps, fault(field, "no certificate of the CA carries one of %q", uris)...)
	}
	return ps
}
