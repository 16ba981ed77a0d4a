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

// movedURLs warns of an authority whose URLs are others than its certificates and CRLs
// from before have: what relying parties hold keeps pointing to those.
func (l *Loaded) movedURLs() (out []Warning) {
	for _, entry := range l.Doc.Root().Map().Opt("authorities").Map().Keys() {
		of := l.Plan.Authority(entry.Name)
		if of == nil {
			continue
		}
		before := l.publishedBefore(of)
		for _, u := range []struct {
			key         string
			now, before []string
		}{
			{"crl-url", of.URLs.CRL, before.CRL}, {"ca-issuers-url", of.URLs.CAIssuers, before.CAIssuers}, {"ocsp-url", of.URLs.OCSP, before.OCSP},
		} {
			for _, now := range u.now {
				if len(u.before) > 0 && !slices.Contains(u.before, now) {
					out = append(out, Warning{Pos: entry.Value.Map().Opt(u.key).Pos(), Text: fmt.Sprintf("the %s of %s is %s, but what it has signed before points to %s: "+
						"relying parties still ask there, so publish under both, or write the one from before", u.key, of.ID, now, strings.Join(u.before, ", "))})
				}
			}
		}
	}
	return out
}

// publishedBefore gives the URLs in what an authority signed before the ceremony, as
// far as the inputs show it, each once.
func (l *Loaded) publishedBefore(of *Authority) (urls lint.URLs) {
	add := func(x inspect.Extensions) {
		in := lint.URLsIn(x)
		for _, from := range []struct {
			to   *[]string
			urls []string
		}{{&urls.CRL, in.CRL}, {&urls.CAIssuers, in.CAIssuers}, {&urls.OCSP, in.OCSP}} {
			for _, u := range from.urls {
				if !slices.Contains(*from.to, u) {
					*from.to = append(*from.to, u)
				}
			}
		}
	}
	for _, c := range l.issuedBefore(of) {
		add(c.Extensions)
	}
	for _, k := range l.known {
		if crl := inspect.As[*inspect.RevocationList](k.read); crl != nil && of.Subject.DER != nil && bytes.Equal(crl.RawIssuer, of.Subject.DER) {
			add(crl.Extensions)
		}
	}
	return urls
}
