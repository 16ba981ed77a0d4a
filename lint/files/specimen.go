// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"math/big"
	"slices"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/templates"
)

// specimen is an object of a profile, ready to be linted.
type specimen struct {
	obj lint.Object
	ctx lint.Context
	der []byte
}

// specimen makes one object of a profile for a choice, linted with the given
// packs. The problems are those of binding.
func (w *specimenCAs) specimen(p profiles.Profile, c choice, packs []string) (*specimen, []profiles.Problem, error) {
	return rowOf(p.Head().Kind.Form()).specimen(w, p, c, packs)
}

// specimenName is the artifact that a specimen is.
const specimenName = "specimen"

func (w *specimenCAs) certificate(of profiles.Profile, c choice, packs []string) (*specimen, []profiles.Problem, error) {
	p := profileOf[*profiles.CertificateProfile](of)
	kind, spki := p.Head().Kind, w.keys.spki(c.key, "subject")
	bound, problems := p.Bind(w.certificateValues(p, c))
	if len(problems) > 0 {
		return nil, problems, nil
	}
	bound.Purpose.Rules = packs
	s := &specimen{obj: lint.Object{Artifact: specimenName, Declared: bound}, ctx: w.context(bound.Extensions)}
	if kind == profiles.RootCA {
		self, err := templates.Self(bound, spki)
		if err != nil {
			return nil, nil, err
		}
		s.ctx.IssuerKey = spki
		s.der, err = w.build(bound, spki, self)
		return s, nil, err
	}
	a, err := w.authorityFor(signerFor(c.sig))
	if err != nil {
		return nil, nil, err
	}
	s.under(a)
	if kind == profiles.CrossCertifiedCA {
		s.ctx.Existing = w.keys.existing[c.key]
		s.ctx.Siblings = append(s.ctx.Siblings, lint.Sibling{Artifact: "specimen-existing", Cert: s.ctx.Existing})
	}
	s.der, err = w.build(bound, spki, a.issuer)
	return s, nil, err
}

// certificateValues are what a certificate needs beyond its profile.
func (w *specimenCAs) certificateValues(p *profiles.CertificateProfile, c choice) profiles.CertificateValues {
	v := profiles.CertificateValues{
		Artifact: specimenName, SubjectKey: c.key, IssuerKey: signerFor(c.sig), Issuer: sampleURLs(),
		Validity: profiles.Validity{NotBefore: profiles.SigningTime, NotAfter: profiles.End{For: c.length}},
		Window:   profiles.Window{From: w.at, To: w.at},
	}
	existing := w.keys.existing[c.key]
	ski, _, _ := existing.SubjectKeyID() // it is ours and has one
	v.ExistingSKI = profiles.ExistingKeyID(ski)
	if p.Head().Kind == profiles.CrossCertifiedCA {
		v.ExistingName = existing.RawSubject
		return v
	}
	v.Subject = assign(p.Subject, "Specimen CA")
	if p.Head().Kind == profiles.RootCA {
		v.IssuerKey = c.key
	}
	return v
}

func (w *specimenCAs) revocationList(of profiles.Profile, c choice, packs []string) (*specimen, []profiles.Problem, error) {
	p := profileOf[*profiles.RevocationListProfile](of)
	issuerKey := signerFor(c.sig)
	bound, problems := p.Bind(profiles.RevocationListValues{
		Artifact: specimenName, IssuerKey: issuerKey, Number: big.NewInt(1), ThisUpdate: profiles.SigningTime,
		NextUpdate: profiles.End{For: c.length}, Issuer: sampleURLs(), Window: profiles.Window{From: w.at, To: w.at},
	})
	if len(problems) > 0 {
		return nil, problems, nil
	}
	bound.Purpose.Rules = packs
	a, err := w.authorityFor(issuerKey)
	if err != nil {
		return nil, nil, err
	}
	s := &specimen{obj: lint.Object{Artifact: specimenName, Declared: bound}, ctx: w.context(bound.Extensions)}
	s.under(a)
	s.ctx.First, s.ctx.Revoked = true, map[string]*inspect.Certificate{}
	if bound.Covers == profiles.CACertificates { // another CA has issued no certificate that is here
		s.ctx.Siblings = append(s.ctx.Siblings, lint.Sibling{Artifact: a.subOf.Artifact, Cert: a.sub, Declared: a.subOf})
	}
	tbs, err := templates.RevocationList(bound, w.at, a.issuer)
	if err != nil {
		return nil, nil, err
	}
	s.der, err = assembled(tbs, bound.Signature, a.issuer.SPKI)
	return s, nil, err
}

// response answers for the CA below the P-384 root by a delegated responder.
func (w *specimenCAs) response(of profiles.Profile, c choice, packs []string) (*specimen, []profiles.Problem, error) {
	p := profileOf[*profiles.ResponseProfile](of)
	key := signerFor(c.sig)
	a, err := w.authorityFor(algorithm.ECDSAP384)
	if err != nil {
		return nil, nil, err
	}
	bound, problems := p.Bind(profiles.ResponseValues{
		Artifact: specimenName, SignerKey: key, Serial: profiles.Serial(a.sub.Serial.Text(16)), Status: "good",
		ThisUpdate: profiles.SigningTime, NextUpdate: profiles.End{For: c.length}, Window: profiles.Window{From: w.at, To: w.at},
	})
	if len(problems) > 0 {
		return nil, problems, nil
	}
	bound.Purpose.Rules = packs
	responder, err := w.responderFor(key, a)
	if err != nil {
		return nil, nil, err
	}
	ski, _, _ := responder.SubjectKeyID() // it is ours and has one
	s := &specimen{obj: lint.Object{Artifact: specimenName, Declared: bound}, ctx: w.context(bound.Extensions)}
	s.under(a)
	s.ctx.IssuerKey, s.ctx.Responder, s.ctx.Subject = responder.RawSPKI, responder, a.sub
	s.ctx.LatestCRL, s.ctx.LatestOurs = a.crl, true
	s.ctx.Siblings = append(s.ctx.Siblings, lint.Sibling{Artifact: a.subOf.Artifact, Cert: a.sub, Declared: a.subOf})
	tbs, err := templates.Response(bound, w.at, a.issuer, templates.Issuer{Name: responder.RawSubject, KeyID: ski, SPKI: responder.RawSPKI})
	if err != nil {
		return nil, nil, err
	}
	signature, err := algorithm.SpecimenSignature(responder.RawSPKI)
	if err != nil {
		return nil, nil, err
	}
	s.der, err = templates.AssembleResponse(tbs, bound.Signature, signature, [][]byte{responder.Raw})
	return s, nil, err
}

func (w *specimenCAs) request(of profiles.Profile, c choice, packs []string) (*specimen, []profiles.Problem, error) {
	p := profileOf[*profiles.RequestProfile](of)
	spki := w.keys.spki(c.key, "subject")
	bound, problems := p.Bind(profiles.RequestValues{
		Artifact: specimenName, Subject: assign(p.Subject, "Specimen CA"), SubjectKey: c.key,
	})
	if len(problems) > 0 {
		return nil, problems, nil
	}
	bound.Purpose.Rules = packs
	s := &specimen{obj: lint.Object{Artifact: specimenName, Declared: bound}, ctx: w.context(bound.Extensions)}
	s.ctx.IssuerKey = spki
	tbs, err := templates.Request(bound, spki)
	if err != nil {
		return nil, nil, err
	}
	s.der, err = assembled(tbs, bound.Signature, spki)
	return s, nil, err
}

// context knows everything that a specimen can be asked for.
func (w *specimenCAs) context(extensions []profiles.Extension) lint.Context {
	urls := urlsIn(extensions)
	return lint.Context{
		Signing: w.at, Specimen: true, IssuerURLs: &urls, OtherURLs: map[string]lint.URLs{}, Siblings: []lint.Sibling{},
		KeyGenerated: w.at, Parts: []lint.Part{},
		Earlier: lint.Earlier{CRLs: []lint.EarlierCRL{}, Responses: []lint.Answer{}},
	}
}

// under puts the specimen below an authority.
func (s *specimen) under(a *authority) {
	s.ctx.Issuer, s.ctx.IssuerKey = a.cert, a.issuer.SPKI
	s.ctx.Siblings = append(s.ctx.Siblings, lint.Sibling{Artifact: a.bound.Artifact, Cert: a.cert, Declared: a.bound})
}

// urlsIn gives the sample URLs of the issuer with those that a profile spells
// out: a ceremony file will have to give them to the authority.
func urlsIn(extensions []profiles.Extension) lint.URLs {
	sample := sampleURLs()
	out := lint.URLs{CRL: slices.Clone(sample.CRL), CAIssuers: slices.Clone(sample.CAIssuers), OCSP: slices.Clone(sample.OCSP)}
	crl := []string{}
	for i := range extensions {
		at := extensions[i].Locations()
		crl = append(crl, at.CRL...)
		out.OCSP = append(out.OCSP, at.OCSP...)
		out.CAIssuers = append(out.CAIssuers, at.CAIssuers...)
	}
	if len(crl) > 0 { // the first has to be the issuer's
		out.CRL = append(crl, out.CRL...)
	}
	return out
}
