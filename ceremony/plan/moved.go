// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
)

// movedURLs warns of URLs in what an authority signed before, under which it does not
// publish any more: what relying parties hold keeps pointing to those.
func (l *Loaded) movedURLs() (out []Warning) {
	for _, entry := range l.Doc.Root().Map().Opt("authorities").Map().Keys() {
		of := l.Plan.Authority(entry.Name)
		if of == nil {
			continue
		}
		before := l.publishedBefore(of)
		crls, parts := l.crlNames(of)
		for _, u := range []struct {
			key        string
			now, other []string
			of         func(lint.URLs) []string
		}{
			{"crl-url", crls, parts, func(u lint.URLs) []string { return u.CRL }},
			{"ca-issuers-url", of.URLs.CAIssuers, nil, func(u lint.URLs) []string { return u.CAIssuers }},
			{"ocsp-url", of.URLs.OCSP, nil, func(u lint.URLs) []string { return u.OCSP }},
		} {
			var gone []string
			for _, x := range before {
				if urls := u.of(x); !slices.ContainsFunc(slices.Concat(u.now, u.other), func(now string) bool { return slices.Contains(urls, now) }) {
					gone = appendNew(gone, urls)
				}
			}
			if len(u.now) == 0 || len(gone) == 0 {
				continue
			}
			pos := entry.Pos
			if n := entry.Value.Map().Opt(u.key); n.Present() {
				pos = n.Pos()
			}
			out = append(out, Warning{Pos: pos, Text: fmt.Sprintf("the %s of %s is %s, but what it has signed before points to %s: "+
				"relying parties still ask there, so publish under both, as a list, or write the one from before", u.key, of.ID, strings.Join(u.now, ", "), strings.Join(gone, ", "))})
		}
	}
	return out
}

// crlNames gives the URLs of the CRLs that an authority signs, and those in other CRLs
// from before that are still current. Under a URL that a CRL with a distribution point
// does not name, no client takes it (RFC 5280 6.3.3 b).
func (l *Loaded) crlNames(of *Authority) (now, other []string) {
	signs := false
	for i := range l.Plan.Artifacts {
		a := &l.Plan.Artifacts[i]
		if a.RevocationList() == nil || a.Authority != of.ID {
			continue
		}
		signs = true
		names := lint.DeclaredScope(a.RevocationList()).Names
		if names == nil {
			names = of.URLs.CRL
		}
		now = appendNew(now, names)
		for _, k := range l.known {
			crl := inspect.As[*inspect.RevocationList](k.read)
			if crl == nil || !l.current(crl) || !bytes.Equal(crl.RawIssuer, of.Subject.DER) || l.replaced(a, crl) {
				continue
			}
			if scope, err := lint.ScopeOf(crl.Extensions); err == nil && !scope.Delta {
				other = appendNew(other, scope.Names)
			}
		}
	}
	if !signs {
		now = of.URLs.CRL
	}
	return now, other
}

// current reports whether a CRL from before has not ended when the ceremony begins.
func (l *Loaded) current(crl *inspect.RevocationList) bool {
	return crl.NextUpdate == nil || !crl.NextUpdate.Before(l.Plan.Ceremony.Window.From)
}

// appendNew adds what a list does not have.
func appendNew(list, more []string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// publishedBefore gives the URLs in each object that an authority signed before the
// ceremony, as far as the inputs show it. Those of one kind in one object lead to the same.
func (l *Loaded) publishedBefore(of *Authority) (out []lint.URLs) {
	for _, c := range l.issuedBefore(of) {
		if !c.NotAfter.Before(l.Plan.Ceremony.Window.From) { // nobody asks for one that has expired
			out = append(out, lint.URLsIn(c.Extensions))
		}
	}
	for _, k := range l.known {
		if crl := inspect.As[*inspect.RevocationList](k.read); crl != nil && of.Subject.DER != nil && bytes.Equal(crl.RawIssuer, of.Subject.DER) {
			out = append(out, lint.URLsIn(crl.Extensions))
		}
	}
	return out
}
