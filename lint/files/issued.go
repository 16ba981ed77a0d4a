// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/lint/format"
	"rootceremony/profiles"
)

// Rules that are found here and not by package lint.
const (
	ruleParse    = "object.parse"
	ruleKind     = "object.kind"
	ruleDeclared = "cert.declared-eq-issued"
	ruleClosed   = "cert.extensions-closed"
	ruleIntent   = "cert.ocsp-intent"
)

// bySigning are the rules that compare with the time of signing, which an
// issued object does not tell. As of its own date they would always pass, or,
// with --at, fail for a day on which nothing was signed.
var bySigning = []string{"time.not-before", "time.not-after", "crl.this-update", "ocsp.times"}

// object checks one object of a file, or says why no rule is for it: an object that
// was met in a folder is then passed by.
func (l *Linter) object(o *object, in *pool) (format.Target, error) {
	t := newTarget(o.file.Name, o.describe())
	t.Line = o.line
	if len(o.also) > 0 {
		t.Notes = append(t.Notes, "the same object is in "+strings.Join(o.also, ", "))
	}
	if o.err != nil {
		f := inspect.FaultOf(o.what, o.err)
		p := l.own(ruleParse, format.Fatal, cmp.Or(f.Clause, "house"), f.Text, l.place(o))
		p.Hint = o.hint()
		t.Findings = append(t.Findings, p)
		return t, nil //nolint:nilerr // it is the finding
	}
	g, err := l.settleKind(o, in)
	if err != nil {
		if !o.file.Named {
			return t, err
		}
		t.Findings = append(t.Findings, l.own(ruleKind, format.Error, "", err.Error(), l.place(o)))
		return t, nil
	}
	l.settleScope(&g, o, in)
	sayScope(&t, g)
	t.Kind, t.Guessed, t.Packs, t.SHA256 = g.name, g.why, g.packs, digest(o.der)
	l.lintObject(&t, o, g, in)
	return t, nil
}

// lintObject lints one object of a known kind.
func (l *Linter) lintObject(t *format.Target, o *object, g guess, in *pool) {
	ctx := l.context(o, g, in, t)
	declared, bound := mirror(o, g.kind), false
	if l.opts.Profile != nil {
		declared, bound = l.declare(t, o, g, issuerOf(&ctx, o))
	} else {
		declared.Declared.DeclaredPurpose().Included = l.opts.Included
	}
	report := l.byIssuer(declared, ctx, o, in, t)
	if o.crl() != nil {
		fold(&report)
	}
	l.take(t, &report, func(f *lint.Finding) (at format.Place, related *format.Place, wanted bool) {
		if f.Rule == ruleParse && f.Status != lint.NotChecked {
			f.Hint = o.hint()
		}
		if l.opts.Profile != nil && declares(f.Rule) {
			related = l.profilePlace(f.Field)
		}
		return l.place(o), related, l.keeps(f, bound)
	})
	if !l.engine(lint.EngineCeremony) {
		return
	}
	if !bound {
		l.withoutProfile(t, g)
	}
	l.withoutSigning(t, g)
}

// declare binds the profile to an object. Why it would not have made it are
// findings, but for extensions: those are compared one by one.
func (l *Linter) declare(t *format.Target, o *object, g guess, issuer *inspect.Certificate) (lint.Object, bool) {
	out, problems := l.bindIssued(o, issuer)
	bound := len(problems) == 0
	if !bound {
		if out, bound = l.bindAnyway(o, g.kind); !bound {
			out = mirror(o, g.kind)
		}
	}
	for _, b := range problems {
		if bound && b.Field.Extension != "" {
			continue
		}
		f := l.own(ruleDeclared, format.Error, b.Citation, b.Msg, l.place(o))
		f.Field, f.Hint, f.Related = b.Field.String(), b.Hint, l.profilePlace(b.Field)
		t.Findings = append(t.Findings, f)
	}
	purpose := l.opts.Profile.Head().Purpose
	purpose.Rules = g.packs
	*out.Declared.DeclaredPurpose() = purpose
	return out, bound
}

// declares reports whether a rule only compares an object with its profile,
// which cannot be waived.
func declares(rule string) bool {
	f := lint.Finding{Rule: rule, Status: lint.Error}
	return !f.Waivable()
}

// keeps drops what only says that an object differs from a declaration made
// from it, and what depends on a day on which nothing was signed.
func (l *Linter) keeps(f *lint.Finding, bound bool) bool {
	switch {
	case (f.Rule == ruleDeclared || f.Rule == ruleClosed) && !bound:
		return false
	case f.Rule == ruleDeclared && f.Field == lint.FieldEntries:
		return false // they are the object's own
	case f.Rule == ruleIntent && l.opts.Profile == nil:
		return false
	case f.Announced() && l.opts.At.IsZero():
		return false // it was made under the rules of its day
	}
	return l.opts.At.IsZero() || !l.opts.Signed.IsZero() || !slices.Contains(bySigning, f.Rule)
}

// byIssuer lints an object under each issuer that fits, and takes the report of the
// one that makes the fewest findings: clients take any path that is there.
func (l *Linter) byIssuer(declared lint.Object, ctx lint.Context, o *object, in *pool, t *format.Target) lint.Report {
	if ctx.Issuer == nil || o.resp() != nil {
		return l.issued.Check(declared, ctx, o.der)
	}
	var best lint.Report
	var chosen *pooled
	for _, issuer := range in.issuersOf(o) {
		ctx.Issuer, ctx.IssuerKey = issuer.cert, issuer.cert.RawSPKI
		if r := l.issued.Check(declared, ctx, o.der); chosen == nil || len(r.Blocking()) < len(best.Blocking()) {
			best, chosen = r, issuer
		}
	}
	t.Notes = append(t.Notes, "issuer: "+chosen.name)
	return best
}

// withoutProfile lists the rules that need a profile.
func (l *Linter) withoutProfile(t *format.Target, g guess) {
	for _, id := range []string{ruleDeclared, ruleClosed, ruleIntent} {
		if l.applies(id, g.kind) {
			t.NotChecked = append(t.NotChecked, format.NotChecked{Rule: id, Engine: lint.EngineCeremony, Without: []string{"profile"}})
		}
	}
	for i := range t.Findings {
		f := &t.Findings[i]
		if f.Rule == "n_ca_digital_signature_not_set" && f.Suppressed != "" {
			f.Suppressed = "without digitalSignature the key must not sign OCSP responses (BR 7.1.2.10.7); only a profile says whether it is meant to"
		}
	}
}

// withoutSigning lists the rules that ask for the time of signing.
func (l *Linter) withoutSigning(t *format.Target, g guess) {
	if !l.opts.Signed.IsZero() {
		return
	}
	for _, id := range bySigning {
		found := slices.ContainsFunc(t.Findings, func(f format.Finding) bool { return f.Rule == id }) ||
			slices.ContainsFunc(t.NotChecked, func(n format.NotChecked) bool { return n.Rule == id })
		if trivial := id == "ocsp.times" && l.opts.At.IsZero(); !found && !trivial && l.applies(id, g.kind) {
			t.NotChecked = append(t.NotChecked, format.NotChecked{Rule: id, Engine: lint.EngineCeremony, Without: []string{"time of signing"}})
		}
	}
}

// applies reports whether a rule applies to objects of a kind.
func (l *Linter) applies(id string, k kind) bool {
	r, ok := l.rules[id]
	return ok && slices.Contains(r.Kinds, string(k.kind)) &&
		(len(r.Packs) == 0 || slices.ContainsFunc(r.Packs, func(p string) bool { return slices.Contains(k.packs, p) }))
}

// context gathers what is known besides the object.
func (l *Linter) context(o *object, g guess, in *pool, t *format.Target) lint.Context {
	date, name := o.date()
	ctx := lint.Context{Signing: date, DatedBy: name, Previous: l.opts.Previous, Siblings: in.siblings(o),
		Affiliate: l.opts.Affiliate, Submission: l.opts.Submitted, Published: true, Maybe: g.maybe}
	if !date.IsZero() {
		t.AsOf = fmt.Sprintf("%s (%s)", date.UTC().Format(time.DateOnly), name)
	}
	if !l.opts.At.IsZero() {
		ctx.Signing, ctx.DatedBy = l.opts.At, ""
		t.AsOf = moment(l.opts.At) + " (--at)"
	}
	if !l.opts.Signed.IsZero() {
		ctx.Signing, ctx.DatedBy = l.opts.Signed, ""
		t.AsOf = moment(l.opts.Signed) + " (--signed)"
	}
	rowOf(o.what).context(l, &ctx, o, g, in, t)
	return ctx
}

// moment writes a day, or a time within it.
func moment(t time.Time) string {
	if t = t.UTC(); t.Equal(t.Truncate(24 * time.Hour)) {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.RFC3339)
}

// requestContext knows the key that signed, which is the one requested for.
func (l *Linter) requestContext(ctx *lint.Context, o *object, _ guess, _ *pool, _ *format.Target) {
	ctx.IssuerKey = o.req().RawSPKI
}

// certificateContext finds the issuer, and what is cross-certified.
func (l *Linter) certificateContext(ctx *lint.Context, o *object, g guess, in *pool, _ *format.Target) {
	c := o.cert()
	if g.kind.kind == profiles.RootCA {
		ctx.IssuerKey = c.RawSPKI
		return
	}
	setIssuer(ctx, in.issuerOf(o))
	ctx.Existing = l.opts.Existing
	if root := in.rootOf(c); ctx.Existing == nil && root != nil {
		ctx.Existing = root.cert
	}
}

// crlContext finds the issuer, the revoked certificates and the other CRLs of
// the issuer.
func (l *Linter) crlContext(ctx *lint.Context, o *object, _ guess, in *pool, _ *format.Target) {
	setIssuer(ctx, in.issuerOf(o))
	ctx.Revoked, ctx.Parts = in.revoked(o.crl(), ctx.Issuer), in.parts(o, ctx.Previous)
}

// setIssuer takes an issuer.
func setIssuer(ctx *lint.Context, issuer *pooled) {
	if issuer != nil {
		ctx.Issuer, ctx.IssuerKey = issuer.cert, issuer.cert.RawSPKI
	}
}

// responseContext finds the issuer of the certificate that the response is
// about by the hashes of its name and key, the responder, and the certificate
// itself.
func (l *Linter) responseContext(ctx *lint.Context, o *object, _ guess, in *pool, t *format.Target) {
	s := &o.resp().Singles[0]
	if issuer := in.issuerOfCertID(&s.CertID); issuer != nil {
		setIssuer(ctx, issuer)
		t.Notes = append(t.Notes, "issuer: "+issuer.name)
	}
	if c := in.responder(o.resp()); c != nil && !sameCA(c, ctx.Issuer) {
		ctx.Responder, ctx.IssuerKey = c, c.RawSPKI
	}
	if ctx.Issuer == nil {
		return
	}
	ctx.Subject = in.issuedBy(ctx.Issuer)[s.CertID.Serial.Text(16)]
	var leftOut []string
	ctx.LatestCRL, leftOut = in.latestCRL(ctx.Issuer, ctx.Subject)
	t.Notes = append(t.Notes, leftOut...)
}

// sameCA reports whether the certificate that a response carries is one of the CA
// itself, which answers for what it issued without a delegate (RFC 6960 4.2.2.2). It
// may be another than the one that was given: a CA has several.
func sameCA(c, issuer *inspect.Certificate) bool {
	return issuer != nil && bytes.Equal(c.RawSubject, issuer.RawSubject) && bytes.Equal(c.RawSPKI, issuer.RawSPKI)
}

// issuerOf is the certificate of the key that signed.
func issuerOf(ctx *lint.Context, o *object) *inspect.Certificate {
	if o.resp() != nil && ctx.Responder != nil {
		return ctx.Responder
	}
	return ctx.Issuer
}
