// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"net/url"
	"slices"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// urlRules check URLs in objects.
var urlRules = []Rule{
	{
		ID: "cert.cdp", Level: Error, Citation: "BR 7.1.2.11.2",
		Requirement: "cRLDistributionPoints has one DistributionPoint (more are NOT RECOMMENDED) with fullName URIs only, without reasons and cRLIssuer",
		From:        dateBR2, Kinds: certKinds, Packs: webPacks, Check: checkCDP,
	},
	{
		ID: "cert.aia", Level: Error, Citation: "BR 7.1.2.10.3, CSBR 7.1.2.2",
		Requirement: "authorityInfoAccess has only id-ad-ocsp and id-ad-caIssuers with URIs, each location once; CSBR: caIssuers MUST be present",
		From:        dateBR2, Kinds: certKinds, Packs: webPacks, Check: checkAIA,
	},
	{
		ID: "cert.url", Level: Error, Citation: "BR 7.1.2.11.2, 7.1.2.10.3",
		Requirement: "each URL is absolute with host and path, and its scheme is http",
		Kinds:       append(slices.Clone(certKinds), profiles.CRL), Check: checkURLs,
	},
	{
		ID: "chain.issuer-urls", Level: Error, Citation: "BR 7.1.2.11.2, 7.1.2.10.3",
		Requirement: "CRL distribution points and authorityInfoAccess of a certificate are those of its issuer, and of no other authority",
		Kinds:       issuedKinds, Needs: []Need{NeedIssuerURLs}, Applies: hasURLs, Check: checkIssuerURLs,
	},
}

func checkCDP(t *target) (ps []problem) {
	field := t.extField(inspect.OIDCRLDistributionPoints)
	points, present, err := t.exts.CRLDistributionPoints()
	switch {
	case err != nil:
		return fault(field, "%v", err)
	case !present:
		return nil
	case len(points) != 1:
		ps = at(Warning, fault(field, "%d distribution points", len(points)))
	}
	for _, p := range points {
		switch {
		case p.HasReasons || p.HasCRLIssuer:
			ps = append(ps, fault(field, "a distribution point with reasons or a cRLIssuer")...)
		case p.Relative || len(p.FullNames) == 0:
			ps = append(ps, fault(field, "a distribution point without fullName")...)
		case len(inspect.URIs(p.FullNames)) != len(p.FullNames):
			ps = append(ps, fault(field, "a fullName that is not a URI")...)
		}
	}
	return ps
}

func checkAIA(t *target) (ps []problem) {
	field := t.extField(inspect.OIDAuthorityInfoAccess)
	list, present, err := t.exts.AuthorityInfoAccess()
	if err != nil {
		return fault(field, "%v", err)
	}
	seen, issuers := map[string]bool{}, false
	for _, a := range list {
		known := a.Method.Equal(inspect.OIDAccessOCSP) || a.Method.Equal(inspect.OIDAccessCAIssuers)
		key := a.Method.String() + " " + string(a.Name.Raw)
		switch {
		case !known:
			ps = append(ps, fault(field, "access method %s", inspect.OIDName(a.Method))...)
		case a.Name.Tag != inspect.TagURI:
			ps = append(ps, fault(field, "%s is not a URI", a.Name)...)
		case seen[key]:
			ps = append(ps, fault(field, "duplicate %s", a.Name)...)
		}
		seen[key] = true
		issuers = issuers || a.Method.Equal(inspect.OIDAccessCAIssuers)
	}
	if present && !issuers && t.pack(PackCodeSigning) && t.kind(subKinds...) {
		ps = append(ps, fault(field, "caIssuers is missing (CSBR 7.1.2.2)")...)
	}
	return ps
}

// place is a URL with the field it is in.
type place struct {
	url   string
	oid   asn1.ObjectIdentifier
	ocsp  bool
	field profiles.Field
}

// urls gives all URLs of a certificate or CRL that clients fetch.
func (t *target) urls() (out []place) {
	add := func(oid asn1.ObjectIdentifier, ocsp bool, uris ...string) {
		for _, u := range uris {
			out = append(out, place{u, oid, ocsp, t.extField(oid)})
		}
	}
	points, _, _ := t.exts.CRLDistributionPoints()
	for _, p := range points {
		add(inspect.OIDCRLDistributionPoints, false, inspect.URIs(p.FullNames)...)
	}
	list, _, _ := t.exts.AuthorityInfoAccess()
	for _, a := range list {
		if a.Name.Tag == inspect.TagURI {
			add(inspect.OIDAuthorityInfoAccess, a.Method.Equal(inspect.OIDAccessOCSP), a.Name.Value)
		}
	}
	if t.crl() != nil {
		idp, _, _ := t.exts.IssuingDistributionPoint()
		add(inspect.OIDIssuingDistributionPoint, false, inspect.URIs(idp.FullNames)...)
	}
	return out
}

func checkURLs(t *target) (ps []problem) {
	web := t.pack(webPacks...)
	for _, p := range t.urls() {
		u, err := url.Parse(p.url)
		switch {
		case err != nil || !u.IsAbs() || u.Host == "" || u.Opaque != "":
			ps = append(ps, fault(p.field, "%q is not an absolute URL", p.url)...)
		case web && !strings.HasPrefix(p.url, "http://"):
			ps = append(ps, fault(p.field, "the scheme of %q is not http", p.url)...)
		case u.User != nil || u.Fragment != "":
			ps = append(ps, fault(p.field, "%q has a user or a fragment", p.url)...)
		case u.Path == "" && !p.ocsp:
			ps = append(ps, fault(p.field, "%q has no path", p.url)...)
		}
	}
	return ps
}

func checkIssuerURLs(t *target) (ps []problem) {
	own := t.ctx.IssuerURLs
	for _, p := range t.urls() {
		allowed := own.CRL
		switch {
		case p.ocsp:
			allowed = own.OCSP
		case p.oid.Equal(inspect.OIDAuthorityInfoAccess):
			allowed = own.CAIssuers
		}
		if slices.Contains(allowed, p.url) {
			continue
		}
		if owner := t.ownerOf(p.url); owner != "" {
			ps = append(ps, fault(p.field, "%q belongs to %s, which is not the issuer", p.url, owner)...)
			continue
		}
		ps = append(ps, fault(p.field, "%q is not among the URLs of the issuer", p.url)...)
	}
	points, present, err := t.exts.CRLDistributionPoints()
	if present && err == nil && len(points) > 0 && len(own.CRL) > 0 && !slices.Contains(inspect.URIs(points[0].FullNames), own.CRL[0]) {
		ps = append(ps, fault(t.extField(inspect.OIDCRLDistributionPoints), "the issuer's CRL %q is missing", own.CRL[0])...)
	}
	return ps
}

// ownerOf names another authority that publishes under a URL.
func (t *target) ownerOf(u string) string {
	var owners []string
	for name, urls := range t.ctx.OtherURLs {
		if slices.Contains(slices.Concat(urls.CRL, urls.CAIssuers, urls.OCSP), u) {
			owners = append(owners, name)
		}
	}
	slices.Sort(owners)
	return strings.Join(owners, ", ")
}

func hasURLs(t *target) bool { return len(t.urls()) > 0 }
