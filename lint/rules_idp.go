// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// pointRules check the issuing distribution point of CRLs.
var pointRules = []Rule{
	{
		ID: "crl.idp-full", Level: Warning, Citation: "BR 7.2.2.1, CCADB Policy 6.2",
		Requirement: "issuingDistributionPoint is NOT RECOMMENDED in a full and complete CRL",
		From:        dateBRCRL, Kinds: crlKind, Packs: []string{PackTLS, PackCCADB}, Applies: hasIDP, Check: checkFullIDP,
	},
	{
		ID: "crl.idp-part", Level: Error, Citation: "BR 7.2.2.1, MRSP 6.1.2",
		Requirement: "in a partitioned CRL issuingDistributionPoint is critical, its distributionPoint has fullName URIs only; not both onlyContainsUserCerts and onlyContainsCACerts; indirectCRL and onlyContainsAttributeCerts are not asserted, FALSE is not encoded; onlySomeReasons SHOULD NOT be present",
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

func checkFullIDP(t *target) []problem {
	p, field, err := t.idp()
	if err == nil && !p.HasName {
		return fault(field, "issuingDistributionPoint without a distributionPoint")
	}
	return nil
}

func checkPartIDP(t *target) (ps []problem) {
	p, field, err := t.idp()
	if err != nil {
		return fault(field, "%v", err)
	}
	if !p.HasName && !p.HasReasons && p.OnlyContainsUserCerts == (inspect.Flag{}) && p.OnlyContainsCACerts == (inspect.Flag{}) &&
		p.OnlyContainsAttributeCerts == (inspect.Flag{}) && p.IndirectCRL == (inspect.Flag{}) {
		return fault(field, "an empty issuingDistributionPoint (RFC 5280 5.2.5)")
	}
	x, _ := t.exts.Extension(inspect.OIDIssuingDistributionPoint)
	if !x.Critical {
		ps = append(ps, fault(field, "issuingDistributionPoint is not critical")...)
	}
	if p.Relative || len(inspect.URIs(p.FullNames)) != len(p.FullNames) {
		ps = append(ps, fault(field, "a distributionPoint that is not a fullName of URIs")...)
	}
	if p.OnlyContainsUserCerts.Value && p.OnlyContainsCACerts.Value {
		ps = append(ps, fault(field, "both onlyContainsUserCerts and onlyContainsCACerts")...)
	}
	if p.OnlyContainsAttributeCerts.Value || p.IndirectCRL.Value {
		ps = append(ps, fault(field, "onlyContainsAttributeCerts or indirectCRL")...)
	}
	for _, f := range []inspect.Flag{p.OnlyContainsUserCerts, p.OnlyContainsCACerts, p.OnlyContainsAttributeCerts, p.IndirectCRL} {
		if f.Encoded && !f.Value {
			ps = append(ps, fault(field, "an encoded FALSE")...)
		}
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
		if s.Cert == nil || selfIssued(s.Cert) || !t.issuedByUs(s.Cert) {
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
