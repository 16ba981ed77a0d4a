// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"slices"
	"strings"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/lint/format"
	"rootceremony/profiles"
)

// scopeRow says which documents bind what is below a root, and what a root is for.
type scopeRow struct {
	scope   profiles.RootScope
	packs   []string
	intents []profiles.Intent // of CAs that the documents are about; nil: all CAs
	root    profiles.Intent
}

var scopes = []scopeRow{
	{profiles.ScopeTLS, packsTLS, nil, profiles.TLSServer}, // BR 7.1.2.3
	{profiles.ScopeSMIME, packsSMIME, []profiles.Intent{"", profiles.SMIME, profiles.SMIMEConstrained}, profiles.SMIME},
	{profiles.ScopeCode, packsCode, []profiles.Intent{"", profiles.CodeSigning, profiles.TimeStamping}, profiles.CodeSigning},
	{profiles.ScopePrivate, packsPrivate, nil, profiles.Private},
}

// publicPacks are all packs that the scope of a root decides about.
func publicPacks() []string {
	return slices.DeleteFunc(profiles.RulePacks(), func(p string) bool { return p == lint.PackRFC5280 })
}

// settleScope says which documents bind an object: those that were asked for, those
// of the profile, or those of the scope of its root. Where that is not known, those
// for its own purpose do, and the others are not checked.
func (l *Linter) settleScope(g *guess, o *object, in *pool) {
	switch {
	case len(l.opts.Rules) > 0:
		g.packs, g.scope = slices.Clone(l.opts.Rules), scopesNamed(l.opts.Rules)
	case l.opts.Profile != nil:
	case len(l.opts.Scope) > 0:
		g.scope, g.packs = l.opts.Scope, scopePacks(l.opts.Scope, g.intent)
	case l.opts.Kind == "private-ca":
		g.scope, g.packs = []profiles.RootScope{profiles.ScopePrivate}, packsPrivate
	case len(g.scope) == 0:
		if issuer := in.certOfIssuer(o); g.packs == nil && issuer != nil && !in.selfSigned(issuer) {
			g.packs = guessIssuing(issuer).packs // it speaks for what the issuer issues
		}
		if g.packs == nil {
			g.packs = packsPrivate
		}
		if !slices.Contains(g.packs, lint.PackTLS) {
			all := publicPacks()
			if len(g.packs) > 1 {
				all = packsTLS // the document for its purpose is known
			}
			g.maybe = slices.DeleteFunc(slices.Sorted(slices.Values(all)), func(p string) bool { return slices.Contains(g.packs, p) })
		}
	}
	if g.kind.kind == profiles.RootCA && len(g.scope) == 1 && l.opts.Profile == nil {
		g.intent = scopes[slices.IndexFunc(scopes, func(s scopeRow) bool { return s.scope == g.scope[0] })].root
	}
	g.packs = slices.Compact(slices.Sorted(slices.Values(g.packs)))
}

// scopePacks joins the documents of scopes that bind a CA of a purpose.
func scopePacks(list []profiles.RootScope, intent profiles.Intent) (out []string) {
	for _, s := range scopes {
		if slices.Contains(list, s.scope) && (s.intents == nil || slices.Contains(s.intents, intent)) {
			out = append(out, s.packs...)
		}
	}
	if out == nil {
		return slices.Clone(packsPrivate)
	}
	return out
}

// scopesNamed gives the scopes whose documents are asked for by name.
func scopesNamed(packs []string) (out []profiles.RootScope) {
	for _, s := range scopes[:3] {
		if slices.Contains(packs, s.packs[0]) {
			out = append(out, s.scope)
		}
	}
	if out == nil && slices.Equal(packs, packsPrivate) {
		return []profiles.RootScope{profiles.ScopePrivate}
	}
	return out
}

// sayScope notes that the scope of the root is not known.
func sayScope(t *format.Target, g guess) {
	if len(g.maybe) > 0 {
		t.Notes = append(t.Notes, "nobody says what its root is for, so these rules are not checked: "+strings.Join(g.maybe, ", ")+
			"; say --scope tls, smime, code-signing or private")
	}
}

// certOfIssuer is the certificate of the issuer of an object, where it is known.
func (p *pool) certOfIssuer(o *object) *inspect.Certificate {
	var found *pooled
	switch {
	case o.cert() != nil, o.crl() != nil:
		found = p.issuerOf(o)
	case o.resp() != nil:
		found = p.issuerOfCertID(&o.resp().Singles[0].CertID)
	}
	if found == nil {
		return nil
	}
	return found.cert
}
