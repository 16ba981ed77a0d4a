// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"slices"

	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/profiles"
)

// inputs looks at the pointers of certificates that came in and that an authority of the
// file has issued: who holds one asks there, whoever signed it. One that has expired is
// not asked about.
func (u *unserved) inputs() {
	for _, entry := range u.Doc.Root().Map().Opt("inputs").Map().Keys() {
		in := u.Inputs[entry.Name]
		if in == nil || in.Cert() == nil || in.Cert().NotAfter.Before(u.Plan.Ceremony.Window.From) {
			continue
		}
		for i := range u.Plan.Authorities {
			of := &u.Plan.Authorities[i]
			if slices.Contains(u.issuedBefore(of), in.Cert()) {
				u.input(entry.Name, entry.Pos, in.Cert(), of)
			}
		}
	}
}

// input looks at the pointers of one.
func (u *unserved) input(id string, pos source.Pos, c *inspect.Certificate, of *Authority) {
	urls := lint.URLsIn(c.Extensions)
	for _, url := range urls.CRL {
		if !u.hasCRLFor(c, of, url) {
			u.add("input "+id, pos, noCRL(url, of.ID))
		}
	}
	for _, url := range urls.OCSP {
		if !u.hasOCSPFor(id, of) && !lint.IsResponder(c.Extensions) {
			u.add("input "+id, pos, noOCSP(url, of.ID))
		}
	}
}

// hasCRLFor is hasCRL of a certificate that came in.
func (l *Loaded) hasCRLFor(c *inspect.Certificate, of *Authority, url string) bool {
	bc, _, err := c.BasicConstraints()
	ca := err == nil && bc.CA
	return l.signsCRL(func(n *Artifact) bool { return n.Authority == of.ID }, ca, url) || l.knowsCRL(of.Subject.DER, ca, url)
}

// hasOCSPFor is hasOCSP of a certificate that came in.
func (l *Loaded) hasOCSPFor(id string, of *Authority) bool {
	for i := range l.Plan.Artifacts {
		a := &l.Plan.Artifacts[i]
		if a.Response() != nil && a.Subject == InputRef(id) || a.Kind() == profiles.OCSPResponder && a.Authority == of.ID {
			return true
		}
	}
	return l.knowsResponder(l.inputCert(InputRef(of.Certificate)))
}
