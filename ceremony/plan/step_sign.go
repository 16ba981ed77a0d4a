// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"errors"

	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// signStep is a step that ends in a signed object.
func (l *loader) signStep(st Step, t stepText) []Step {
	word, m := t.word, t.m
	a := Artifact{ID: word.Name()}
	st.Artifact, st.Title = a.ID, signings[t.by].title+a.ID
	if a.ID != "" && l.objects[a.ID] != "" {
		word.Fail("duplicate artifact %q", a.ID)
	}
	if l.nodes["input:"+a.ID].Present() {
		word.FailHint("rename one of them", "an input is named %q too; references would be ambiguous", a.ID)
	}
	l.objects[a.ID], l.current = t.by, a.ID
	pl := places{step: t.item, fields: map[string]source.Node{"artifact": word}}
	prof := l.profile(m.Need("profile"), t.by)
	pl.profile = prof
	before := l.problems()
	signings[t.by].bind(l, &a, prof, &pl, m)
	if a.Object == nil || l.broken || a.Issuer == unboundIssuer() || l.problems() > before {
		l.unbound[m.Opt("subject").Text()] = true
		return []Step{st}
	}
	l.places[a.ID] = pl
	l.Plan.Artifacts = append(l.Plan.Artifacts, a)
	return []Step{st}
}

// problems counts what was found so far in the ceremony file.
func (l *loader) problems() int {
	var es source.Errors
	errors.As(l.Doc.Err(), &es)
	return len(es)
}

// unboundIssuer replaces a certificate that could not be bound.
func unboundIssuer() Ref { return Ref{what: refUnbound} }

// issuerOf resolves the authority that signs, and checks that it can.
func (l *loader) issuerOf(a *Artifact, n source.Node, self bool) *Authority {
	id := n.Name()
	if id == "" {
		return nil
	}
	auth := l.Plan.Authority(id)
	if auth == nil {
		l.noAuthority(n, id)
		return nil
	}
	key := l.Plan.Key(auth.Key)
	if key == nil {
		return nil
	}
	a.IssuerKey, a.Authority = KeyRef(key.ID), id
	switch {
	case key.Token == "":
		n.Fail("the key of %q is not on a token of this ceremony", id)
		return nil
	case key.Algorithm == "": // reported
		return nil
	default:
		l.needAvailable(n, key)
	}
	if self {
		a.Issuer = Self()
		return auth
	}
	if auth.Certificate != "" {
		a.Issuer = InputRef(auth.Certificate)
		return auth
	}
	cert := Find(l.Plan.Artifacts, func(c *Artifact) bool {
		return c.Certificate() != nil && c.SubjectKey == KeyRef(key.ID).SPKI() && c.Kind() != profiles.OCSPResponder
	})
	if cert == nil && l.unbound[id] { // reported there; what is wrong here as well is still found
		a.Issuer = unboundIssuer()
		return auth
	}
	if cert == nil {
		n.FailHint("issue its certificate in an earlier step", "authority %q has no certificate at this step", id)
		return nil
	}
	a.Issuer = CertRef(cert.ID)
	return auth
}
