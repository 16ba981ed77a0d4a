// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"crypto/sha256"
	"fmt"
	"math/big"
	"sync"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/profiles"
	"rootceremony/templates"
)

// authority is a specimen CA: its certificate, the CA below it and its CRL.
type authority struct {
	cert   *inspect.Certificate
	bound  *profiles.Certificate
	issuer templates.Issuer
	sub    *inspect.Certificate
	subOf  *profiles.Certificate
	crl    *inspect.RevocationList
}

// specimenCAs are the CAs that issue specimens of profiles: a specimen root for each
// algorithm of keys, as of one day. It has no secrets and cannot sign: it is
// made of public keys and static signatures.
type specimenCAs struct {
	at         time.Time
	keys       *specimenKeys
	root, sub  *profiles.CertificateProfile
	crl        *profiles.RevocationListProfile
	responder  *profiles.CertificateProfile
	mu         sync.Mutex
	roots      map[algorithm.Key]*authority
	responders map[algorithm.Key]*inspect.Certificate
}

// newSpecimenCAs reads the specimen keys and the built-in profiles.
func newSpecimenCAs(at time.Time) (*specimenCAs, error) {
	w := &specimenCAs{
		at: at.UTC().Truncate(time.Second), roots: map[algorithm.Key]*authority{},
		responders: map[algorithm.Key]*inspect.Certificate{},
	}
	var err error
	if w.keys, err = readSpecimens(); err != nil {
		return nil, err
	}
	if w.root, err = builtInProfile[*profiles.CertificateProfile]("br-root"); err != nil {
		return nil, err
	}
	if w.sub, err = builtInProfile[*profiles.CertificateProfile]("tls-issuing-ca"); err != nil {
		return nil, err
	}
	if w.responder, err = builtInProfile[*profiles.CertificateProfile]("ocsp-responder"); err != nil {
		return nil, err
	}
	w.crl, err = builtInProfile[*profiles.RevocationListProfile]("ca-crl")
	return w, err
}

// builtInProfile parses a profile that comes with the program.
func builtInProfile[P profiles.Profile](name string) (P, error) {
	var none P
	r, ok := profiles.BuiltInByName(name)
	if !ok {
		return none, fmt.Errorf("no built-in profile %s", name)
	}
	doc, err := source.Parse(name+".yaml", r.Data)
	if err != nil {
		return none, err
	}
	p, err := profiles.Parse(doc)
	if err != nil {
		return none, err
	}
	out, ok := p.(P)
	if !ok {
		return none, fmt.Errorf("built-in profile %s is of another kind", name)
	}
	return out, nil
}

// The specimen roots are valid for as long as a profile can ask for.
const (
	rootFrom = profiles.Moment("1990-01-01T00:00:00Z")
	rootTo   = profiles.Moment("9999-12-31T23:59:59Z")
)

// authorityFor gives the specimen root whose key has an algorithm.
func (w *specimenCAs) authorityFor(key algorithm.Key) (*authority, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a := w.roots[key]; a != nil {
		return a, nil
	}
	a, err := w.newAuthority(key)
	if err != nil {
		return nil, fmt.Errorf("making a specimen root with a key %s: %w", key, err)
	}
	w.roots[key] = a
	return a, nil
}

func (w *specimenCAs) newAuthority(key algorithm.Key) (*authority, error) {
	bound, problems := w.root.Bind(profiles.CertificateValues{
		Artifact: "specimen-root", Subject: assign(w.root.Subject, "Specimen Root"),
		SubjectKey: algorithm.ECDSAP384, IssuerKey: algorithm.ECDSAP384,
		Validity: profiles.Validity{NotBefore: profiles.SigningTime, NotAfter: profiles.End{For: source.Span{Years: 9}}},
	})
	if len(problems) > 0 {
		return nil, problems[0]
	}
	// The built-in profile allows fewer keys and a shorter life than others
	// may.
	bound.Signature = key.DefaultSignature()
	bound.Validity = profiles.Validity{NotBefore: rootFrom, NotAfter: profiles.End{Time: rootTo}}
	a := &authority{bound: bound}
	spki := w.keys.spki(key, "issuer")
	self, err := templates.Self(bound, spki)
	if err != nil {
		return nil, err
	}
	der, err := w.build(bound, spki, self)
	if err != nil {
		return nil, err
	}
	a.issuer = self
	if a.cert, err = inspect.ParseCertificate(der); err != nil {
		return nil, err
	}
	return a, w.addSubCAAndCRL(a, key)
}

// addSubCAAndCRL adds the CA below and the CRL.
func (w *specimenCAs) addSubCAAndCRL(a *authority, key algorithm.Key) error {
	var problems []profiles.Problem
	a.subOf, problems = w.sub.Bind(profiles.CertificateValues{
		Artifact: "specimen-ca", Subject: assign(w.sub.Subject, "Specimen Issuing CA"), SubjectKey: algorithm.ECDSAP384,
		IssuerKey: algorithm.ECDSAP384, Issuer: sampleURLs(),
		Validity: profiles.Validity{NotBefore: profiles.SigningTime, NotAfter: profiles.End{For: source.Span{Years: 3}}},
	})
	if len(problems) > 0 {
		return problems[0]
	}
	a.subOf.Signature = key.DefaultSignature()
	der, err := w.build(a.subOf, w.keys.spki(algorithm.ECDSAP384, "other"), a.issuer)
	if err != nil {
		return err
	}
	if a.sub, err = inspect.ParseCertificate(der); err != nil {
		return err
	}
	list, problems := w.crl.Bind(profiles.RevocationListValues{
		Artifact: "specimen-crl", IssuerKey: algorithm.ECDSAP384, Number: big.NewInt(1),
		ThisUpdate: profiles.SigningTime, NextUpdate: profiles.End{For: source.Span{Months: 11}}, Issuer: sampleURLs(),
	})
	if len(problems) > 0 {
		return problems[0]
	}
	list.Signature = key.DefaultSignature()
	tbs, err := templates.RevocationList(list, w.at, a.issuer)
	if err != nil {
		return err
	}
	if der, err = assembled(tbs, list.Signature, a.issuer.SPKI); err != nil {
		return err
	}
	a.crl, err = inspect.ParseRevocationList(der)
	return err
}

// responderFor gives the specimen responder, certified by the P-384 root, whose
// key has an algorithm.
func (w *specimenCAs) responderFor(key algorithm.Key, by *authority) (*inspect.Certificate, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.responders[key]; c != nil {
		return c, nil
	}
	bound, problems := w.responder.Bind(profiles.CertificateValues{
		Artifact: "specimen-responder", Subject: assign(w.responder.Subject, "Specimen OCSP Responder"),
		SubjectKey: algorithm.ECDSAP256, IssuerKey: algorithm.ECDSAP384, Issuer: sampleURLs(),
		Validity: profiles.Validity{NotBefore: profiles.SigningTime, NotAfter: profiles.End{For: source.Span{Years: 1}}},
	})
	if len(problems) > 0 {
		return nil, problems[0]
	}
	bound.Validity = profiles.Validity{NotBefore: rootFrom, NotAfter: profiles.End{Time: rootTo}}
	der, err := w.build(bound, w.keys.spki(key, "subject"), by.issuer)
	if err != nil {
		return nil, err
	}
	c, err := inspect.ParseCertificate(der)
	w.responders[key] = c
	return c, err
}

// build makes a certificate with a static signature.
func (w *specimenCAs) build(c *profiles.Certificate, spki []byte, issuer templates.Issuer) ([]byte, error) {
	serial, err := specimenSerial(c.Artifact, c.SerialOctets)
	if err != nil {
		return nil, err
	}
	tbs, err := templates.Certificate(c, spki, serial, w.at, issuer)
	if err != nil {
		return nil, err
	}
	return assembled(tbs, c.Signature, issuer.SPKI)
}

// assembled puts a static signature by a key to to-be-signed bytes.
func assembled(tbs []byte, alg algorithm.Signature, spki []byte) ([]byte, error) {
	signature, err := algorithm.SpecimenSignature(spki)
	if err != nil {
		return nil, err
	}
	return templates.Assemble(tbs, alg, signature)
}

// specimenSerial makes the serial number that an artifact has in every run.
func specimenSerial(artifact string, octets int) (*big.Int, error) {
	sum := sha256.Sum256([]byte(artifact))
	return templates.SerialNumber(sum[:octets], octets)
}
