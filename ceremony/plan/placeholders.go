// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"rootceremony/profiles"
)

// reservedDomains are names that nobody owns (RFC 2606 2 and 3, RFC 6761 6).
var reservedDomains = []string{"example.com", "example.net", "example.org", "example", "test", "invalid", "localhost"}

// placeholderWord is what our examples are called.
const placeholderWord = "example"

// Placeholders lists what was left of an example: names that nobody owns, and the word
// Example in the name of an authority. A certificate with one of them is of no use. Names
// that come from an existing certificate are as they are.
func (p *Plan) Placeholders() []string {
	f := &placeholders{}
	for i := range p.Authorities {
		a := &p.Authorities[i]
		if a.Certificate == "" {
			f.name("the name of authority "+a.ID, &a.Subject)
		}
		for _, u := range slices.Concat(a.URLs.CRL, a.URLs.CAIssuers, a.URLs.OCSP) {
			f.hosts("authority "+a.ID, u)
		}
	}
	for i := range p.Artifacts {
		a := &p.Artifacts[i]
		f.hosts("the profile of "+a.ID, a.Object.DeclaredPurpose().Implements)
		for _, e := range a.Object.AllExtensions() {
			if e.Value != nil {
				f.hosts(fmt.Sprintf("%s of %s", e.Name, a.ID), strings.Join(e.Value.Content(), " "))
			}
		}
	}
	return f.found
}

// placeholders collects them, each at the first place.
type placeholders struct {
	said  []string
	found []string
}

func (f *placeholders) add(where, what string) {
	if !slices.Contains(f.said, what) {
		f.said = append(f.said, what)
		f.found = append(f.found, fmt.Sprintf("%q in %s", what, where))
	}
}

func (f *placeholders) name(where string, n *profiles.Name) {
	for _, a := range n.Attributes {
		words := strings.FieldsFunc(a.Value, func(r rune) bool { return !unicode.IsLetter(r) })
		if slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, placeholderWord) }) {
			f.add(where, a.Value)
		}
	}
}

// hosts looks for URLs, mailboxes and domains in a text.
func (f *placeholders) hosts(where, text string) {
	for _, word := range strings.Fields(text) {
		host := word
		if u, err := url.Parse(word); err == nil && u.Host != "" {
			host = u.Hostname()
		} else if _, domain, isMail := strings.Cut(word, "@"); isMail {
			host = domain
		}
		if strings.Contains(host, ".") && reserved(host) {
			f.add(where, host)
		}
	}
}

// reserved reports whether a host is, or is below, a name that nobody owns.
func reserved(host string) bool {
	host = strings.ToLower(strings.Trim(host, "."))
	return slices.ContainsFunc(reservedDomains, func(d string) bool { return host == d || strings.HasSuffix(host, "."+d) })
}
