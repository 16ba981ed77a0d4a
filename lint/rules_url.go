// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"net/netip"
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
		From:        dateBR2, Kinds: certKinds, Packs: tlsPack, Check: checkCDP,
	},
	{
		ID: "cert.aia", Level: Error, Citation: "BR 7.1.2.10.3, 7.1.2.8.3, CSBR 7.1.2.2 c",
		Requirement: "authorityInfoAccess has only id-ad-ocsp and id-ad-caIssuers (in an OCSP responder certificate only id-ad-ocsp) with URIs, each location once; CSBR: the HTTP URL of the issuer's certificate MUST be present",
		Since:       packDates{PackTLS: dateBR2, PackCodeSigning: dateCSBR}, Kinds: certKinds, Check: checkAIA,
	},
	{
		ID: "cert.url", Level: Error, Citation: "RFC 5280 4.2.1.6, 4.2.1.13, 4.2.2.1, BR 7.1.2.11.2, 7.1.2.10.3",
		Requirement: "each URL is of the characters of RFC 3986 and absolute, with a host (of ldap: a host or a distinguished name); BR (from 2023-09-15): its scheme is http; house: it has a path, no user and no fragment, and its host is neither the machine of the client nor an address of a private network (a notice for a private CA)",
		Kinds:       append(slices.Clone(certKinds), profiles.CRL), Check: checkURLs,
	},
	{
		ID: "cert.cdp-http", Level: Error, Citation: "SBR 7.1.2.2 b, CSBR 7.1.2.2 b",
		Requirement: "cRLDistributionPoints SHALL contain the HTTP URL of the CA's CRL service",
		Since:       packDates{PackSMIME: dateSMIME, PackCodeSigning: dateCSBR}, Kinds: subKinds, Applies: hasPoints, Check: checkHTTPPoint,
	},
	{
		ID: "chain.issuer-urls", Level: Error, Citation: "BR 7.1.2.11.2, 7.1.2.10.3, else house",
		Requirement: "CRL distribution points and authorityInfoAccess of a certificate are those of its issuer, and of no other authority",
		House:       HouseConflicts, Asked: packDates{PackTLS: dateBR2}, Kinds: issuedKinds, Needs: []Need{NeedIssuerURLs}, Applies: hasURLs, Check: checkIssuerURLs,
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
		issuer := a.Method.Equal(inspect.OIDAccessCAIssuers)
		known := a.Method.Equal(inspect.OIDAccessOCSP) || issuer && !t.kind(profiles.OCSPResponder)
		key := a.Method.String() + " " + string(a.Name.Raw)
		switch {
		case !t.pack(PackTLS):
		case !known:
			ps = append(ps, since(dateBR2, fault(field, "access method %s", inspect.OIDName(a.Method)))...)
		case a.Name.Tag != inspect.TagURI:
			ps = append(ps, since(dateBR2, fault(field, "%s is not a URI", a.Name))...)
		case seen[key]:
			ps = append(ps, since(dateBR2, fault(field, "duplicate %s", a.Name))...)
		}
		seen[key] = true
		issuers = issuers || issuer && a.Name.Tag == inspect.TagURI && isHTTP(a.Name.Value)
	}
	if present && !issuers && t.pack(PackCodeSigning) && t.kind(subKinds...) {
		ps = append(ps, citing("CSBR 7.1.2.2", fault(field, "caIssuers with an HTTP URL is missing"))...)
	}
	return ps
}

// isHTTP reports whether a URL is one of HTTP.
func isHTTP(s string) bool { return strings.HasPrefix(strings.ToLower(s), "http://") }

func hasPoints(t *target) bool { return has(t.exts, inspect.OIDCRLDistributionPoints) }

func checkHTTPPoint(t *target) []problem {
	points, _, err := t.exts.CRLDistributionPoints()
	if err != nil {
		return nil // cert.der
	}
	for _, p := range points {
		if slices.ContainsFunc(inspect.URIs(p.FullNames), isHTTP) {
			return nil
		}
	}
	return fault(t.extField(inspect.OIDCRLDistributionPoints), "no HTTP URL among the distribution points")
}

// place is a URL with the field it is in.
type place struct {
	url   string
	oid   asn1.ObjectIdentifier
	ocsp  bool
	field profiles.Field
}

// urls gives all URLs of a certificate or CRL that clients fetch.
func (t *target) urls() []place {
	out := urlsIn(t.exts)
	for i := range out {
		out[i].field = t.extField(out[i].oid)
	}
	return out
}

// urlsIn gives all URLs in extensions that clients fetch.
func urlsIn(x inspect.Extensions) (out []place) {
	add := func(oid asn1.ObjectIdentifier, ocsp bool, uris ...string) {
		for _, u := range uris {
			out = append(out, place{url: u, oid: oid, ocsp: ocsp})
		}
	}
	points, _, _ := x.CRLDistributionPoints()
	for _, p := range points {
		add(inspect.OIDCRLDistributionPoints, false, inspect.URIs(p.FullNames)...)
	}
	list, _, _ := x.AuthorityInfoAccess()
	for _, a := range list {
		if a.Name.Tag == inspect.TagURI {
			add(inspect.OIDAuthorityInfoAccess, a.Method.Equal(inspect.OIDAccessOCSP), a.Name.Value)
		}
	}
	idp, _, _ := x.IssuingDistributionPoint()
	add(inspect.OIDIssuingDistributionPoint, false, inspect.URIs(idp.FullNames)...)
	return out
}

// URLsIn gives where a certificate says that its issuer publishes, or a CRL that it is
// itself, as far as the extensions can be read.
func URLsIn(x inspect.Extensions) (urls URLs) {
	for _, p := range urlsIn(x) {
		to := &urls.CRL
		switch {
		case p.ocsp:
			to = &urls.OCSP
		case p.oid.Equal(inspect.OIDAuthorityInfoAccess):
			to = &urls.CAIssuers
		}
		*to = append(*to, p.url)
	}
	return urls
}

func checkURLs(t *target) (ps []problem) {
	for _, p := range t.urls() {
		u, err := url.Parse(p.url)
		switch {
		case err != nil || !u.IsAbs() || u.Opaque != "" || u.Host == "" && !namesEntry(u):
			ps = append(ps, citing(clauseOf(p.oid, t.crl() != nil), fault(p.field, "%q is not an absolute URL", p.url))...)
		case strings.ContainsFunc(p.url, notInURL):
			ps = append(ps, citing("RFC 3986 2", fault(p.field, "%q has characters that a URL has only percent-encoded", p.url))...)
		case t.pack(PackTLS) && !isHTTP(p.url):
			clause := "BR 7.1.2.11.2"
			if p.oid.Equal(inspect.OIDAuthorityInfoAccess) {
				clause = t.cited("BR 7.1.2.10.3, 7.1.2.8.3")
			}
			ps = append(ps, citing(clause, since(dateBR2, fault(p.field, "the scheme of %q is not http", p.url)))...)
		case onlyHere(u.Hostname()):
			ps = append(ps, house(at(Warning, fault(p.field, "%q leads each client to itself", p.url)))...)
		case insideOnly(u.Hostname()) && t.pack(webPacks...):
			ps = append(ps, house(at(Warning, fault(p.field, "%q has an address of a private network, which others do not reach", p.url)))...)
		case insideOnly(u.Hostname()):
			ps = append(ps, house(at(Notice, fault(p.field, "%q has an address of a private network, which others do not reach", p.url)))...)
		case u.User != nil || u.Fragment != "":
			ps = append(ps, house(at(Warning, fault(p.field, "%q has a user or a fragment", p.url)))...)
		case u.Path == "" && !p.ocsp:
			ps = append(ps, house(at(Warning, fault(p.field, "%q has no path", p.url)))...)
		}
	}
	return ps
}

// onlyHere reports whether a host is the machine that asks for it (RFC 6761 6.3).
func onlyHere(host string) bool {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	ip, err := netip.ParseAddr(host)
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || err == nil && (ip.Unmap().IsLoopback() || ip.IsUnspecified())
}

// insideOnly reports whether a host is an address that is not routed outside (RFC 1918,
// RFC 4193, RFC 3927).
func insideOnly(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && (ip.Unmap().IsPrivate() || ip.Unmap().IsLinkLocalUnicast())
}

// notInURL reports whether a URL cannot have a character: neither reserved nor unreserved
// in RFC 3986 2.
func notInURL(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune("\"<>\\^`{|}", r)
}

// namesEntry reports whether a URL of LDAP without a host names an entry: clients
// rely on the server they know (RFC 5280 4.2.1.13).
func namesEntry(u *url.URL) bool {
	return (u.Scheme == "ldap" || u.Scheme == "ldaps") && strings.Contains(u.Path, "=")
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
