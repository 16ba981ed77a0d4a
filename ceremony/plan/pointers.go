// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/profiles"
)

// pointers warns where certificates and the services that they point to do not
// meet: a CRL or an OCSP service that nobody makes, or one that no client finds. Who
// publishes what another ceremony signed, the plan cannot know, so that it is a
// warning.
func (l *Loaded) pointers() []Warning {
	u := unserved{Loaded: l, at: map[string][]string{}, pos: map[string]source.Pos{}}
	for i := range l.Plan.Artifacts {
		if a := &l.Plan.Artifacts[i]; a.Certificate() != nil {
			u.certificate(a)
		}
	}
	u.inputs()
	var unfound []Warning
	for i := range l.Plan.Artifacts {
		if w, ok := l.unfound(&l.Plan.Artifacts[i]); ok {
			unfound = append(unfound, w)
		}
	}
	if len(unfound) == 0 { // otherwise it is said already
		unfound = l.unusedOCSP()
	}
	return append(u.warnings(), unfound...)
}

// unserved collects what certificates point to in vain.
type unserved struct {
	*Loaded
	said []string              // in the order of the plan
	at   map[string][]string   // certificates by what is said of them
	pos  map[string]source.Pos // of the first of them
}

// certificate looks at the pointers of one.
func (u *unserved) certificate(a *Artifact) {
	pos := u.places[a.ID].step.Pos()
	for _, url := range crlURLs(a) {
		if !u.hasCRL(a, url) {
			u.add(a.ID, pos, noCRL(url, a.Authority))
		}
	}
	for _, url := range ocspURLs(a) {
		if !u.hasOCSP(a) {
			u.add(a.ID, pos, noOCSP(url, a.Authority))
		}
	}
}

func noCRL(url, authority string) string {
	return fmt.Sprintf("the CRL %s, which no step signs and no input is: add a crl: step of %s, or name its CRL under inputs", url, authority)
}

func noOCSP(url, authority string) string {
	return fmt.Sprintf("OCSP at %s, and no step or input has a response or a responder: add an ocsp: step, "+
		"issue a certificate of kind ocsp-responder by %s, or name one under inputs", url, authority)
}

func (u *unserved) add(who string, pos source.Pos, text string) {
	if len(u.at[text]) == 0 {
		u.said, u.pos[text] = append(u.said, text), pos
	}
	u.at[text] = append(u.at[text], who)
}

func (u *unserved) warnings() (out []Warning) {
	for _, text := range u.said {
		who := u.at[text]
		verb := "points"
		if len(who) > 1 {
			verb = "point"
		}
		out = append(out, Warning{Pos: u.pos[text], Text: fmt.Sprintf("%s %s to %s", strings.Join(who, ", "), verb, text)})
	}
	return out
}

// hasCRL reports whether a CRL of a's issuer is found under a URL.
func (l *Loaded) hasCRL(a *Artifact, url string) bool {
	before := l.caBefore(a)
	return l.signsCRL(func(n *Artifact) bool { return n.IssuerKey == a.IssuerKey }, a.isCA(), url) ||
		before != nil && l.knowsCRL(before.RawSubject, a.isCA(), url)
}

// signsCRL reports whether one of the artifacts is a CRL that is found under a URL and
// speaks for certificates of CAs, or for others.
func (l *Loaded) signsCRL(among func(*Artifact) bool, ca bool, url string) bool {
	return Find(l.Plan.Artifacts, func(n *Artifact) bool {
		list := n.RevocationList()
		return list != nil && among(n) && !(ca && list.Covers == profiles.SubscriberCertificates) && serves(lint.DeclaredScope(list), ca, url)
	}) != nil
}

// knowsCRL reports the same of the CRLs of an issuer from before that are current.
func (l *Loaded) knowsCRL(issuer []byte, ca bool, url string) bool {
	return slices.ContainsFunc(l.known, func(k known) bool {
		crl := inspect.As[*inspect.RevocationList](k.read)
		if crl == nil || !bytes.Equal(crl.RawIssuer, issuer) || !l.current(crl) {
			return false
		}
		scope, err := lint.ScopeOf(crl.Extensions)
		return err == nil && !scope.Delta && serves(scope, ca, url)
	})
}

// serves reports whether a CRL under a URL speaks for certificates of CAs, or for others.
func serves(scope lint.CRLScope, ca bool, url string) bool {
	return scope.At(url) && (ca && scope.CAs || !ca && scope.Users)
}

// isCA reports whether an artifact is the certificate of a CA.
func (a *Artifact) isCA() bool { return a.Certificate() != nil && a.Kind() != profiles.OCSPResponder }

// hasOCSP reports whether somebody can answer for a certificate.
func (l *Loaded) hasOCSP(a *Artifact) bool {
	for i := range l.Plan.Artifacts {
		n := &l.Plan.Artifacts[i]
		if n.Response() != nil && n.Subject.ID() == a.ID || n.Kind() == profiles.OCSPResponder && n.IssuerKey == a.IssuerKey {
			return true
		}
	}
	return l.knowsResponder(l.caBefore(a))
}

// knowsResponder reports whether a CA, if there is one from before, has certified a
// responder then that has not expired.
func (l *Loaded) knowsResponder(ca *inspect.Certificate) bool {
	return ca != nil && slices.ContainsFunc(l.respondersBefore(ca), func(c *inspect.Certificate) bool {
		return !c.NotAfter.Before(l.Plan.Ceremony.Window.From)
	})
}

// respondersBefore gives the responders that a CA certified before the ceremony: those
// among the inputs, and those that responses from before came from.
func (l *Loaded) respondersBefore(ca *inspect.Certificate) []*inspect.Certificate {
	var all []*inspect.Certificate
	for _, in := range l.Plan.Inputs {
		if c := l.Inputs[in.ID].Cert(); c != nil {
			all = append(all, c)
		}
	}
	for _, k := range l.known {
		if r := inspect.As[*inspect.Response](k.read); r != nil {
			all = append(all, lint.CertificatesIn(r)...)
		}
	}
	return slices.DeleteFunc(all, func(c *inspect.Certificate) bool {
		return !bytes.Equal(c.RawIssuer, ca.RawSubject) || !lint.IsResponder(c.Extensions)
	})
}

// caBefore gives a certificate of the CA that issues an artifact from before the
// ceremony; nil for a CA whose key the ceremony makes.
func (l *Loaded) caBefore(a *Artifact) *inspect.Certificate {
	if c := l.inputCert(a.Issuer); c != nil {
		return c
	}
	if k := l.Plan.Key(a.IssuerKey.ID()); k != nil && k.Source == KeyExisting && l.Inputs[k.Input] != nil {
		return l.Inputs[k.Input].Cert()
	}
	return nil
}

// issuedBefore gives the certificates among the inputs that an authority issued, as
// far as its name tells.
func (l *Loaded) issuedBefore(of *Authority) (out []*inspect.Certificate) {
	for _, in := range l.Plan.Inputs {
		c := l.Inputs[in.ID].Cert()
		if c != nil && of.Subject.DER != nil && bytes.Equal(c.RawIssuer, of.Subject.DER) && !lint.SelfSigned(c) {
			out = append(out, c)
		}
	}
	return out
}

// unfound warns of a response for a certificate that names no OCSP service: no
// client asks.
func (l *Loaded) unfound(a *Artifact) (Warning, bool) {
	if a.Response() == nil {
		return Warning{}, false
	}
	warning := func(who, what string) (Warning, bool) {
		return Warning{Pos: l.places[a.ID].step.Pos(), Text: fmt.Sprintf("%s answers for %s, which names no OCSP service, so that no client asks: %s",
			a.ID, who, what)}, true
	}
	if c := l.inputCert(a.Subject); c != nil {
		if len(lint.URLsIn(c.Extensions).OCSP) > 0 {
			return Warning{}, false
		}
		return warning(a.Subject.String(), "take the step out, unless clients are told where to ask in another way")
	}
	subject := l.Plan.Artifact(a.Subject.ID())
	if subject == nil || len(ocspURLs(subject)) > 0 {
		return Warning{}, false
	}
	what := fmt.Sprintf("add authority-information-access with ocsp to the profile of %s", subject.ID)
	if of := l.Plan.Authority(a.Authority); of != nil && len(of.URLs.OCSP) == 0 {
		what = fmt.Sprintf("give %s an ocsp-url, and %s", a.Authority, what)
	}
	return warning(subject.ID, what)
}

// unusedOCSP warns of an OCSP service, or of a responder, that no certificate of the
// plan or its inputs points to, though the authority issues some.
func (l *Loaded) unusedOCSP() (out []Warning) {
	for _, entry := range l.Doc.Root().Map().Opt("authorities").Map().Keys() {
		of := l.Plan.Authority(entry.Name)
		if of == nil {
			continue
		}
		issued, named, responder := l.pointing(of)
		switch {
		case issued == 0 || named > 0:
		case len(of.URLs.OCSP) > 0:
			out = append(out, Warning{Pos: entry.Pos, Text: fmt.Sprintf("no certificate that %s issues here points to its ocsp-url %s: "+
				"add authority-information-access with ocsp to their profiles, or take the ocsp-url out", of.ID, strings.Join(of.URLs.OCSP, ", "))})
		case responder != nil:
			out = append(out, Warning{Pos: l.places[responder.ID].step.Pos(), Text: fmt.Sprintf("%s is a responder, and no certificate that %s issues points to OCSP, "+
				"so that no client asks it: give %s an ocsp-url, and add authority-information-access with ocsp to the profiles", responder.ID, of.ID, of.ID)})
		}
	}
	return out
}

// pointing counts the certificates of an authority, here and among the inputs, and
// those of them that point to OCSP, and gives the first responder that it certifies
// here.
func (l *Loaded) pointing(of *Authority) (issued, named int, responder *Artifact) {
	count := func(urls []string) {
		if issued++; len(urls) > 0 {
			named++
		}
	}
	for i := range l.Plan.Artifacts {
		a := &l.Plan.Artifacts[i]
		switch {
		case a.Certificate() == nil || a.Authority != of.ID || a.SubjectKey == a.IssuerKey:
		case a.Kind() != profiles.OCSPResponder:
			count(ocspURLs(a))
		case responder == nil:
			responder = a
		}
	}
	for _, c := range l.issuedBefore(of) {
		if !lint.IsResponder(c.Extensions) {
			count(lint.URLsIn(c.Extensions).OCSP)
		}
	}
	return issued, named, responder
}

// crlURLs gives where a certificate says its CRL is, and a CRL that it is itself.
func crlURLs(a *Artifact) []string { return locations(a).CRL }

// ocspURLs gives where a certificate says its OCSP service is.
func ocspURLs(a *Artifact) []string { return locations(a).OCSP }

// locations gives all URLs in the extensions of an artifact.
func locations(a *Artifact) (urls profiles.URLs) {
	extensions := a.Object.AllExtensions()
	for i := range extensions {
		at := extensions[i].Locations()
		urls.CRL, urls.CAIssuers, urls.OCSP = append(urls.CRL, at.CRL...), append(urls.CAIssuers, at.CAIssuers...), append(urls.OCSP, at.OCSP...)
	}
	return urls
}
