// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"bytes"
	"fmt"
	"slices"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
)

// pooled is a certificate that other objects can be checked against.
type pooled struct {
	name string
	cert *inspect.Certificate
}

// pool is what one run knows: all that was given to be linted, and the issuers
// that were named. It is not changed once it is filled.
type pool struct {
	certs   []pooled
	issuers []pooled // named by the person; they come first
	crls    []*object
}

func newPool(objects []*object, issuers []*inspect.Certificate) *pool {
	p := &pool{}
	for _, c := range issuers {
		p.issuers = append(p.issuers, pooled{"--issuer", c})
	}
	for _, o := range objects {
		if c := o.cert(); c != nil {
			p.certs = append(p.certs, pooled{o.name, c})
		}
	}
	p.crls = slices.DeleteFunc(slices.Clone(objects), func(o *object) bool { return o.crl() == nil })
	return p
}

// issuerOf finds the certificate of the issuer of a certificate or CRL: the first of
// [pool.issuersOf].
func (p *pool) issuerOf(o *object) *pooled {
	if all := p.issuersOf(o); len(all) > 0 {
		return all[0]
	}
	return nil
}

// issuersOf finds all certificates under which an object verifies, by name, key
// identifier and signature: a CA has several, one a cross-certificate. Where one has
// name and key identifier, and none the key, the first of those is given: that it does
// not fit is a finding. Where not even that, the first issuer that was named counts, and
// that it does not fit is a finding, too.
func (p *pool) issuersOf(o *object) []*pooled {
	fits, near := p.signers(o.read, issuerName(o), o.der)
	switch {
	case len(fits) > 0:
		return fits
	case len(near) > 0:
		return near[:1]
	case len(p.issuers) > 0:
		return []*pooled{&p.issuers[0]}
	}
	return nil
}

// signers finds the certificates with the name and key identifier of an issuer, and those
// of them under which an object verifies. The object itself is none: what signed itself
// is looked for by nobody.
func (p *pool) signers(o inspect.Object, name, der []byte) (fits, near []*pooled) {
	exts := o.AllExtensions()
	for _, list := range [][]pooled{p.issuers, p.certs} {
		for i := range list {
			c := list[i].cert
			if !bytes.Equal(c.RawSubject, name) || !fitsKeyID(exts, c) || bytes.Equal(c.Raw, der) {
				continue
			}
			near = append(near, &list[i])
			if verifies(o, c) {
				fits = append(fits, &list[i])
			}
		}
	}
	return fits, near
}

// verifies reports whether an object verifies under the key of a certificate.
func verifies(o inspect.Object, c *inspect.Certificate) bool {
	parts := o.Parts()
	return inspect.VerifySignature(c.RawSPKI, parts.Algorithm, parts.TBS, parts.Signature, inspect.AllowSHA1()) == nil
}

// selfSigned reports whether a certificate is signed by its own key, or is meant to be
// where nothing verifies: a self-issued one may be signed by another key of the same CA,
// as when its key changes (RFC 5280 3.2, RFC 4210 4.4).
func (p *pool) selfSigned(c *inspect.Certificate) bool {
	if !c.SelfIssued() || verifies(c, c) {
		return c.SelfIssued()
	}
	others, _ := p.signers(c, c.RawIssuer, c.Raw)
	return len(others) == 0 && fitsKeyID(c.Extensions, c)
}

// issuerName is the name of the issuer in a certificate or CRL.
func issuerName(o *object) []byte {
	if o.crl() != nil {
		return o.crl().RawIssuer
	}
	return o.cert().RawIssuer
}

// fitsKeyID reports whether an authority key identifier, where there is one, is that
// of a certificate, where it has one.
func fitsKeyID(exts inspect.Extensions, c *inspect.Certificate) bool {
	aki, present, err := exts.AuthorityKeyID()
	ski, has, skiErr := c.SubjectKeyID()
	return err != nil || !present || len(aki.KeyID) == 0 || skiErr != nil || !has || bytes.Equal(ski, aki.KeyID)
}

// issuerOfCertID finds the issuer that a CertID names, or the first that was named by
// the person.
func (p *pool) issuerOfCertID(id *inspect.CertID) *pooled {
	for _, list := range [][]pooled{p.issuers, p.certs} {
		for i := range list {
			if namedBy(id, list[i].cert) {
				return &list[i]
			}
		}
	}
	if len(p.issuers) > 0 {
		return &p.issuers[0]
	}
	return nil
}

// responder finds the certificate of who signed a response: the one that it carries or, as
// it need not carry any (RFC 6960 4.2.1), one that it names, if there is one of its key.
func (p *pool) responder(r *inspect.Response) (near *inspect.Certificate) {
	if len(r.Certificates) > 0 {
		return responderOf(r)
	}
	for _, list := range [][]pooled{p.issuers, p.certs} {
		for i := range list {
			c := list[i].cert
			switch {
			case !namesResponder(r, c):
			case verifies(r, c):
				return c
			case near == nil:
				near = c
			}
		}
	}
	return near
}

// rootOf finds a self-signed certificate with the name and key of another
// certificate, which is then a cross-certificate.
func (p *pool) rootOf(c *inspect.Certificate) *pooled {
	for i := range p.certs {
		r := &p.certs[i]
		if sameCA(r.cert, c) && p.selfSigned(r.cert) {
			return r
		}
	}
	return nil
}

// siblings gives all other certificates, or nil when there is none: then none
// are known.
func (p *pool) siblings(o *object) []lint.Sibling {
	var out []lint.Sibling
	for _, c := range p.certs {
		if c.name != o.name {
			out = append(out, lint.Sibling{Artifact: c.name, Cert: c.cert})
		}
	}
	return out
}

// issuedBy gives the certificates of an issuer by their serial numbers.
func (p *pool) issuedBy(issuer *inspect.Certificate) map[string]*inspect.Certificate {
	out := map[string]*inspect.Certificate{}
	for _, c := range p.certs {
		serial := c.cert.Serial.Text(16)
		if bytes.Equal(c.cert.RawIssuer, issuer.RawSubject) && fitsKeyID(c.cert.Extensions, issuer) && out[serial] == nil {
			out[serial] = c.cert
		}
	}
	return out
}

// revoked gives the certificates that a CRL revokes, or nil unless all of them
// are there: a rule cannot tell one that is not given from one that is not.
func (p *pool) revoked(l *inspect.RevocationList, issuer *inspect.Certificate) map[string]*inspect.Certificate {
	if issuer == nil || len(p.certs) < len(l.Entries) {
		return nil
	}
	issued, out := p.issuedBy(issuer), map[string]*inspect.Certificate{}
	for i := range l.Entries {
		serial := l.Entries[i].Serial.Text(16)
		if out[serial] = issued[serial]; out[serial] == nil {
			return nil
		}
	}
	return out
}

// latestCRL gives the newest CRL of an issuer that would list a certificate, where it
// is known, and says which of them are left out because they are not complete lists.
func (p *pool) latestCRL(issuer, subject *inspect.Certificate) (latest *inspect.RevocationList, leftOut []string) {
	for _, o := range p.crls {
		if !bytes.Equal(o.crl().RawIssuer, issuer.RawSubject) || !fitsKeyID(o.crl().Extensions, issuer) {
			continue
		}
		if err := lint.CheckCompleteCRL(o.crl()); err != nil {
			leftOut = append(leftOut, fmt.Sprintf("%s is not the latest CRL: %v", o.name, err))
			continue
		}
		if scope, err := lint.ScopeOf(o.crl().Extensions); err != nil || subject != nil && !scope.MayList(subject) {
			continue
		}
		if latest == nil || o.crl().ThisUpdate.After(latest.ThisUpdate.Time) {
			latest = o.crl()
		}
	}
	return latest, leftOut
}

// parts gives the other CRLs of an issuer that can be used as a complete part
// of what it has revoked, or nil when there is none. The previous CRL is no part.
func (p *pool) parts(o *object, previous *inspect.RevocationList) []lint.Part {
	var out []lint.Part
	for _, other := range p.crls {
		if other == o || previous != nil && bytes.Equal(other.crl().Raw, previous.Raw) || !bytes.Equal(other.crl().RawIssuer, o.crl().RawIssuer) || lint.CheckCompleteCRL(other.crl()) != nil {
			continue
		}
		if scope, err := lint.ScopeOf(other.crl().Extensions); err == nil {
			out = append(out, lint.Part{Artifact: other.name, Scope: scope})
		}
	}
	return out
}
