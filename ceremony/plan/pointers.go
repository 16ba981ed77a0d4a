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
	"rootceremony/profiles"
)

// pointers warns where certificates and the services that they point to do not
// meet: a CRL or an OCSP service that nobody makes, or one that no client finds. Who
// publishes what another ceremony signed, the plan cannot know, so that it is a
// warning.
func (l *Loaded) pointers() []Warning {
	u := unserved{Loaded: l, at: map[string][]string{}}
	for i := range l.Plan.Artifacts {
		if a := &l.Plan.Artifacts[i]; a.Certificate() != nil {
			u.certificate(a)
		}
	}
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
	said []string            // in the order of the plan
	at   map[string][]string // certificates by what is said of them
}

// certificate looks at the pointers of one.
func (u *unserved) certificate(a *Artifact) {
	for _, url := range crlURLs(a) {
		if !u.hasCRL(a, url) {
			u.add(a, fmt.Sprintf("the CRL %s, which no step signs and no input is: add a crl: step of %s, or name its CRL under inputs", url, a.Authority))
		}
	}
	for _, url := range ocspURLs(a) {
		if !u.hasOCSP(a) {
			u.add(a, fmt.Sprintf("OCSP at %s, and no step or input has a response or a responder: add an ocsp: step, "+
				"issue a certificate of kind ocsp-responder by %s, or name one under inputs", url, a.Authority))
		}
	}
}

func (u *unserved) add(a *Artifact, text string) {
	if len(u.at[text]) == 0 {
		u.said = append(u.said, text)
	}
	u.at[text] = append(u.at[text], a.ID)
}

func (u *unserved) warnings() (out []Warning) {
	for _, text := range u.said {
		who := u.at[text]
		verb := "points"
		if len(who) > 1 {
			verb = "point"
		}
		out = append(out, Warning{Pos: u.places[who[0]].step.Pos(), Text: fmt.Sprintf("%s %s to %s", strings.Join(who, ", "), verb, text)})
	}
	return out
}

// hasCRL reports whether a CRL of a's issuer is found under a URL.
func (l *Loaded) hasCRL(a *Artifact, url string) bool {
	for i := range l.Plan.Artifacts {
		n := &l.Plan.Artifacts[i]
		list := n.RevocationList()
		if list == nil || n.IssuerKey != a.IssuerKey || list.Covers == profiles.SubscriberCertificates {
			continue
		}
		if at := crlURLs(n); len(at) == 0 || slices.Contains(at, url) {
			return true
		}
	}
	return slices.ContainsFunc(l.inputsBy(a), func(in *inputObject) bool { return in.crl() != nil && listsAt(in.crl(), url) })
}

// listsAt reports whether a CRL may be found under a URL.
func listsAt(crl *inspect.RevocationList, url string) bool {
	idp, ok, err := crl.IssuingDistributionPoint()
	if err != nil || idp.OnlyContainsUserCerts.Value {
		return false
	}
	return !ok || len(idp.FullNames) == 0 || slices.ContainsFunc(idp.FullNames, func(n inspect.GeneralName) bool { return n.Value == url })
}

// hasOCSP reports whether somebody can answer for a certificate.
func (l *Loaded) hasOCSP(a *Artifact) bool {
	for i := range l.Plan.Artifacts {
		n := &l.Plan.Artifacts[i]
		if n.Response() != nil && n.Subject.ID() == a.ID || n.Kind() == profiles.OCSPResponder && n.IssuerKey == a.IssuerKey {
			return true
		}
	}
	return slices.ContainsFunc(l.inputsBy(a), func(in *inputObject) bool { return in.Cert() != nil && lint.IsResponder(in.Cert().Extensions) })
}

// inputsBy gives the inputs that a's issuer signed, as far as its name tells.
func (l *Loaded) inputsBy(a *Artifact) (out []*inputObject) {
	if !a.Issuer.IsInput() {
		return nil
	}
	issuer := l.Inputs[a.Issuer.ID()].Cert()
	for _, in := range l.Plan.Inputs {
		o := l.Inputs[in.ID]
		if o.crl() != nil && bytes.Equal(o.crl().RawIssuer, issuer.RawSubject) || o.Cert() != nil && bytes.Equal(o.Cert().RawIssuer, issuer.RawSubject) {
			out = append(out, o)
		}
	}
	return out
}

// unfound warns of a response for a certificate that names no OCSP service: no
// client asks.
func (l *Loaded) unfound(a *Artifact) (Warning, bool) {
	if a.Response() == nil || a.Subject.IsInput() {
		return Warning{}, false
	}
	subject := l.Plan.Artifact(a.Subject.ID())
	if subject == nil || len(ocspURLs(subject)) > 0 {
		return Warning{}, false
	}
	what := fmt.Sprintf("add authority-information-access with ocsp to the profile of %s", subject.ID)
	if of := l.Plan.Authority(a.Authority); of != nil && len(of.URLs.OCSP) == 0 {
		what = fmt.Sprintf("give %s an ocsp-url, and %s", a.Authority, what)
	}
	return Warning{Pos: l.places[a.ID].step.Pos(), Text: fmt.Sprintf("%s answers for %s, which names no OCSP service, so that no client asks: %s",
		a.ID, subject.ID, what)}, true
}

// unusedOCSP warns of an OCSP service that no certificate of the plan points to,
// though the authority issues some in it.
func (l *Loaded) unusedOCSP() (out []Warning) {
	for _, entry := range l.Doc.Root().Map().Opt("authorities").Map().Keys() {
		of := l.Plan.Authority(entry.Name)
		if of == nil || len(of.URLs.OCSP) == 0 {
			continue
		}
		issued, named := 0, 0
		for i := range l.Plan.Artifacts {
			a := &l.Plan.Artifacts[i]
			if a.Certificate() == nil || a.Authority != of.ID || a.Kind() == profiles.OCSPResponder || a.SubjectKey == a.IssuerKey {
				continue
			}
			issued++
			if len(ocspURLs(a)) > 0 {
				named++
			}
		}
		if issued > 0 && named == 0 {
			out = append(out, Warning{Pos: entry.Pos, Text: fmt.Sprintf("no certificate that %s issues here points to its ocsp-url %s: "+
				"add authority-information-access with ocsp to their profiles, or take the ocsp-url out", of.ID, strings.Join(of.URLs.OCSP, ", "))})
		}
	}
	return out
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
		urls.CRL, urls.OCSP = append(urls.CRL, at.CRL...), append(urls.OCSP, at.OCSP...)
	}
	return urls
}
