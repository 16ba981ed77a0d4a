// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"cmp"
	"math/big"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/profiles"
)

// bindIssued binds a profile to the values that an issued object has itself:
// its name, dates, keys and URLs. What is left, the profile decides, and lint
// compares it with the object field by field.
func (l *Linter) bindIssued(o *object, issuer *inspect.Certificate) (lint.Object, []profiles.Problem) {
	bound, problems := rowOf(o.what).bind(l, o, issuer)
	return lint.Object{Artifact: o.name, Declared: bound}, problems
}

// orNothing returns an untyped nil where binding found problems.
func orNothing[T profiles.Object](bound T, problems []profiles.Problem) (profiles.Object, []profiles.Problem) {
	if len(problems) > 0 {
		return nil, problems
	}
	return bound, nil
}

func (l *Linter) bindCertificate(o *object, issuer *inspect.Certificate) (profiles.Object, []profiles.Problem) {
	return orNothing(profileOf[*profiles.CertificateProfile](l.opts.Profile).Bind(l.certificateValues(o, issuer)))
}

func (l *Linter) bindCRL(o *object, issuer *inspect.Certificate) (profiles.Object, []profiles.Problem) {
	return orNothing(profileOf[*profiles.RevocationListProfile](l.opts.Profile).Bind(crlValues(o, issuer)))
}

func (l *Linter) bindResponse(o *object, _ *inspect.Certificate) (profiles.Object, []profiles.Problem) {
	return orNothing(profileOf[*profiles.ResponseProfile](l.opts.Profile).Bind(l.responseValues(o)))
}

func (l *Linter) bindRequest(o *object, _ *inspect.Certificate) (profiles.Object, []profiles.Problem) {
	return orNothing(profileOf[*profiles.RequestProfile](l.opts.Profile).Bind(profiles.RequestValues{
		Artifact: o.name, ExistingName: o.req().RawSubject, SubjectKey: keyOf(o.req().RawSPKI),
	}))
}

// bindAnyway gives what the profile declares for an object that it would not
// have made: its name, dates and signature are those of the object, which the
// problems of binding report, and the rest can still be compared.
func (l *Linter) bindAnyway(o *object, k kind) (lint.Object, bool) {
	anyway := rowOf(o.what).anyway
	if anyway == nil {
		return lint.Object{}, false // no extensions of theirs depend on values
	}
	bound, problems := anyway(l, o, mirror(o, k))
	return lint.Object{Artifact: o.name, Declared: bound}, len(problems) == 0
}

func (l *Linter) certificateAnyway(o *object, own lint.Object) (profiles.Object, []profiles.Problem) {
	p, c, v := profileOf[*profiles.CertificateProfile](l.opts.Profile), choices(l.opts.Profile)[0], l.certificateValues(o, nil)
	v.SubjectKey, v.IssuerKey, v.Validity, v.Issuer = c.key, signerFor(c.sig), lasting(c), withSamples(v.Issuer)
	if p.Head().Kind == profiles.RootCA {
		v.IssuerKey = c.key
	}
	if len(v.ExistingSKI.Value) == 0 {
		v.ExistingSKI = profiles.ExistingKeyID([]byte{0})
	}
	if p.Head().Kind != profiles.CrossCertifiedCA {
		v.ExistingName, v.Subject = nil, assign(p.Subject, "Sample")
	}
	bound, problems := p.Bind(v)
	if bound == nil {
		return nil, problems
	}
	mine := profiles.As[*profiles.Certificate](own.Declared)
	bound.Subject, bound.Validity, bound.Signature = mine.Subject, mine.Validity, mine.Signature
	return bound, problems
}

func (l *Linter) crlAnyway(o *object, own lint.Object) (profiles.Object, []profiles.Problem) {
	c, v := choices(l.opts.Profile)[0], crlValues(o, nil)
	v.IssuerKey, v.NextUpdate, v.Issuer = signerFor(c.sig), profiles.End{For: c.length}, withSamples(v.Issuer)
	if v.Number == nil {
		v.Number = new(big.Int)
	}
	bound, problems := profileOf[*profiles.RevocationListProfile](l.opts.Profile).Bind(v)
	if bound == nil {
		return nil, problems
	}
	mine := profiles.As[*profiles.RevocationList](own.Declared)
	bound.NextUpdate, bound.Signature = mine.NextUpdate, mine.Signature
	return bound, problems
}

// lasting is a validity that a choice allows.
func lasting(c choice) profiles.Validity {
	return profiles.Validity{NotBefore: profiles.SigningTime, NotAfter: profiles.End{For: c.length}}
}

// withSamples fills in URLs that an object does not have: that it lacks the
// extension is then found by comparing.
func withSamples(u profiles.URLs) profiles.URLs {
	sample := sampleURLs()
	for _, pair := range []struct{ have, sample *[]string }{
		{&u.CRL, &sample.CRL}, {&u.CAIssuers, &sample.CAIssuers}, {&u.OCSP, &sample.OCSP},
	} {
		if len(*pair.have) == 0 {
			*pair.have = *pair.sample
		}
	}
	return u
}

func (l *Linter) certificateValues(o *object, issuer *inspect.Certificate) profiles.CertificateValues {
	c := o.cert()
	v := profiles.CertificateValues{
		Artifact: o.name, ExistingName: c.RawSubject, SubjectKey: keyOf(c.RawSPKI),
		IssuerKey: signer(issuer, c.OuterAlgorithm),
		Validity: profiles.Validity{
			NotBefore: profiles.FixedMoment(c.NotBefore.Time), NotAfter: profiles.End{Time: profiles.FixedMoment(c.NotAfter.Time)},
		},
		Issuer: urlsOf(c.Extensions),
	}
	from := c
	if e := l.opts.Existing; e != nil {
		from = e
		if l.opts.Profile.Head().Kind == profiles.CrossCertifiedCA {
			v.ExistingName = e.RawSubject
		}
	}
	ski, _, _ := from.SubjectKeyID() // what cannot be read is a finding
	v.ExistingSKI = profiles.ExistingKeyID(ski)
	if l.opts.Profile.Head().Kind == profiles.RootCA {
		v.IssuerKey = v.SubjectKey
	}
	return v
}

func crlValues(o *object, issuer *inspect.Certificate) profiles.RevocationListValues {
	v := profiles.RevocationListValues{
		Artifact: o.name, IssuerKey: signer(issuer, o.crl().OuterAlgorithm),
		ThisUpdate: profiles.FixedMoment(o.crl().ThisUpdate.Time), Issuer: urlsOf(o.crl().Extensions),
	}
	if o.crl().NextUpdate != nil {
		v.NextUpdate.Time = profiles.FixedMoment(o.crl().NextUpdate.Time)
	}
	v.Number, _, _ = o.crl().CRLNumber() // nil is a problem of the binding
	return v
}

func (l *Linter) responseValues(o *object) profiles.ResponseValues {
	s := &o.resp().Singles[0]
	m := responseOf(o.resp(), "")
	v := profiles.ResponseValues{
		Artifact: o.name, SignerKey: signer(nil, o.resp().Algorithm), Serial: m.Serial, Status: s.Status,
		Revoked: m.Revoked, ThisUpdate: m.ThisUpdate, NextUpdate: m.NextUpdate,
	}
	if c := responderOf(o.resp()); c != nil {
		v.SignerKey = keyOf(c.RawSPKI)
	}
	return v
}

// signer is the algorithm of the key that signed: of the issuer or, when it is
// not known, one that makes such signatures.
func signer(issuer *inspect.Certificate, identifier []byte) algorithm.Key {
	if issuer != nil {
		return keyOf(issuer.RawSPKI)
	}
	return signerFor(algorithm.SignatureOf(identifier))
}

// signerFor gives a key algorithm that makes a signature algorithm (BR
// 7.1.3.2.2).
func signerFor(a algorithm.Signature) algorithm.Key { return cmp.Or(a.Signer(), algorithm.RSA4096) }

// urlsOf gives the URLs of an object as if they were those of its issuer. That
// they are is for chain.issuer-urls, which is not checked here.
func urlsOf(x inspect.Extensions) profiles.URLs {
	var out profiles.URLs
	points, _, _ := x.CRLDistributionPoints() // unreadable ones are findings
	for _, p := range points {
		out.CRL = append(out.CRL, inspect.URIs(p.FullNames)...)
	}
	if idp, present, _ := x.IssuingDistributionPoint(); present {
		out.CRL = append(out.CRL, inspect.URIs(idp.FullNames)...)
	}
	access, _, _ := x.AuthorityInfoAccess()
	for _, a := range access {
		switch {
		case a.Method.Equal(inspect.OIDAccessOCSP):
			out.OCSP = append(out.OCSP, a.Name.Value)
		case a.Method.Equal(inspect.OIDAccessCAIssuers):
			out.CAIssuers = append(out.CAIssuers, a.Name.Value)
		}
	}
	return out
}

// responderOf is the delegated responder that a response carries.
func responderOf(r *inspect.Response) *inspect.Certificate {
	if len(r.Certificates) == 0 {
		return nil
	}
	c, err := inspect.ParseCertificate(r.Certificates[0])
	if err != nil {
		return nil // lint cannot verify the signature then
	}
	return c
}
