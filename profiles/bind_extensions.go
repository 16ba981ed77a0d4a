// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import "slices"

// extensions puts the URLs of the issuer and the identifier of an existing
// certificate where the profile says so. What needs no values is shared with
// the profile, which nobody changes.
func (b *binding) extensions(list []Extension, issuer URLs, ski []byte) []Extension {
	out := make([]Extension, len(list))
	for i := range list {
		e := list[i]
		switch e.Name {
		case ExtSubjectKeyID:
			e.SubjectKeyID = b.keyID(&e, ski)
		case ExtCRLPoints:
			e.CRLURLs = b.urls(&e, e.CRLURLs, issuer.CRL, "crl-url")
		case ExtIssuingPoint:
			point := *e.IssuingPoint
			point.URLs = b.urls(&e, point.URLs, issuer.CRL, "crl-url")
			e.IssuingPoint = &point
		case ExtInfoAccess:
			e.InfoAccess = b.access(&e, issuer)
		}
		out[i] = e
	}
	return out
}

// keyID gives the method, and the value where it is copied.
func (b *binding) keyID(e *Extension, existing []byte) *SubjectKeyID {
	id := *e.SubjectKeyID
	if id.Method != SKIExisting {
		return &id
	}
	if len(existing) == 0 {
		b.fail(e.Field(), "", "name a method, as in method: rfc7093-1",
			"the profile keeps the key identifier of an existing certificate, and there is none")
	}
	id.Value = slices.Clone(existing)
	return &id
}

// urls replaces the word "issuer" by what the issuer publishes under.
func (b *binding) urls(e *Extension, list, issuer []string, key string) []string {
	var out []string
	for _, u := range list {
		if u != IssuerURL {
			out = append(out, u)
			continue
		}
		if len(issuer) == 0 {
			b.fail(e.Field(), "", "add "+key+" to the authority", "the issuer has no %s, which the profile asks for", key)
		}
		out = append(out, issuer...)
	}
	for i, u := range out {
		if slices.Contains(out[:i], u) {
			b.fail(e.Field(), "", "", "%s stands twice", u)
		}
	}
	return out
}

// access replaces the word "issuer" in authority information access.
func (b *binding) access(e *Extension, issuer URLs) []AccessDescription {
	var out []AccessDescription
	for i, d := range e.InfoAccess {
		if i > 0 && e.InfoAccess[i-1].Method == d.Method {
			continue // done with the first of its method: a profile has them together
		}
		var list []string
		for _, o := range e.InfoAccess {
			if o.Method == d.Method {
				list = append(list, o.URL)
			}
		}
		from, key := issuer.CAIssuers, "ca-issuers-url"
		if d.Method == "ocsp" {
			from, key = issuer.OCSP, "ocsp-url"
		}
		for _, u := range b.urls(e, list, from, key) {
			out = append(out, AccessDescription{Method: d.Method, URL: u})
		}
	}
	return out
}
