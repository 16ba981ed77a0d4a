// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ext

import (
	"fmt"
	"slices"
	"strings"
)

// IssuerURL in a profile means the URLs that the issuer publishes under. They
// are written once, at the authority, so that a certificate can never point at
// another CA's CRL.
const IssuerURL = "issuer"

// URLs are where an authority publishes.
type URLs struct {
	CRL, CAIssuers, OCSP []string
}

// Binding is what an extension takes from one certificate or CRL.
type Binding struct {
	Issuer      URLs
	ExistingSKI SubjectKeyID // of the certificate that is cross-certified
	Fail        func(hint, msg string)
}

func (b *Binding) fail(hint, format string, args ...any) { b.Fail(hint, fmt.Sprintf(format, args...)) }

// bound is a value that binding puts something into.
type bound interface{ bind(*Binding) Value }

// Bind puts the URLs of the issuer and the identifier of an existing
// certificate where the profile says so. What needs no values is shared with
// the profile, which is read-only.
func (e Extension) Bind(b *Binding) Extension {
	if v, ok := e.Value.(bound); ok {
		e.Value = v.bind(b)
	}
	return e
}

// Locations gives the URLs that are in the extension, and in a profile the word
// [IssuerURL] for those of the issuer.
func (e *Extension) Locations() URLs {
	if v, ok := e.Value.(interface{ locations() URLs }); ok {
		return v.locations()
	}
	return URLs{}
}

// urls replaces the word "issuer" by what the issuer publishes under.
func (b *Binding) urls(list, issuer []string, key string) []string {
	var out []string
	for _, u := range list {
		if u != IssuerURL {
			out = append(out, u)
			continue
		}
		if len(issuer) == 0 {
			b.fail("add "+key+" to the authority", "the issuer has no %s, which the profile requires", key)
		}
		out = append(out, issuer...)
	}
	for i, u := range out {
		if slices.Contains(out[:i], u) {
			b.fail("", "duplicate %s", u)
		}
	}
	return out
}

// urlText writes URLs for people; issuer describes the URLs that the word
// means.
func urlText(urls []string, issuer string) string {
	out := make([]string, len(urls))
	for i, u := range urls {
		if out[i] = u; u == IssuerURL {
			out[i] = issuer
		}
	}
	return strings.Join(out, ", ")
}
