// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	ctx509 "github.com/google/certificate-transparency-go/x509"
	ctpkix "github.com/google/certificate-transparency-go/x509/pkix"
)

// comparison collects the first field on which the two parsers disagree.
type comparison struct {
	object string
	err    error
}

func (k *comparison) check(field string, same bool) {
	if k.err == nil && !same {
		k.err = fmt.Errorf("%s: %s: the two parsers disagree", k.object, field)
	}
}

func (k *comparison) bytes(field string, a, b []byte) { k.check(field, bytes.Equal(a, b)) }

func (k *comparison) number(field string, a, b *big.Int) {
	k.check(field, a != nil && b != nil && a.Cmp(b) == 0)
}

func (k *comparison) time(field string, a Time, b time.Time) { k.check(field, a.Equal(b)) }

func (k *comparison) extensions(field string, ours Extensions, theirs []ctpkix.Extension) {
	k.check(field, len(ours) == len(theirs))
	for i := 0; k.err == nil && i < len(ours); i++ {
		same := ours[i].OID.String() == theirs[i].Id.String() &&
			ours[i].Critical == theirs[i].Critical && bytes.Equal(ours[i].Value, theirs[i].Value)
		if !same {
			k.check(fmt.Sprintf("%s[%d]", field, i+1), false)
		}
	}
}

// second runs a parser that is not ours: a panic in it is an error, and so is
// whatever it calls fatal; the rest becomes remarks.
func second[T any](object string, parse func() (T, error)) (out T, remarks []string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: the second parser panicked: %v", object, r)
		}
	}()
	out, err = parse()
	if ctx509.IsFatal(err) {
		return out, nil, fmt.Errorf("%s: the second parser refuses: %w", object, err)
	}
	var lenient ctx509.NonFatalErrors
	if errors.As(err, &lenient) {
		for _, e := range lenient.Errors {
			remarks = append(remarks, e.Error())
		}
	}
	return out, remarks, nil
}

// compare reads the certificate with certificate-transparency-go.
func (c *Certificate) compare() error {
	theirs, remarks, err := second("certificate", func() (*ctx509.Certificate, error) {
		if !bytes.Equal(c.InnerAlgorithm, c.OuterAlgorithm) {
			// It refuses what RFC 5280 4.1.1.2 forbids; a rule reports it.
			return ctx509.ParseTBSCertificate(c.RawTBS)
		}
		return ctx509.ParseCertificate(c.Raw)
	})
	if err != nil {
		return err
	}
	c.Remarks = remarks
	k := &comparison{object: "certificate"}
	k.bytes("tbsCertificate", c.RawTBS, theirs.RawTBSCertificate)
	k.check("version", c.Version == theirs.Version)
	k.number("serialNumber", c.Serial, theirs.SerialNumber)
	k.bytes("issuer", c.RawIssuer, theirs.RawIssuer)
	k.bytes("subject", c.RawSubject, theirs.RawSubject)
	k.time("validity.notBefore", c.NotBefore, theirs.NotBefore)
	k.time("validity.notAfter", c.NotAfter, theirs.NotAfter)
	k.bytes("subjectPublicKeyInfo", c.RawSPKI, theirs.RawSubjectPublicKeyInfo)
	k.extensions("extensions", c.Extensions, theirs.Extensions)
	if bytes.Equal(c.InnerAlgorithm, c.OuterAlgorithm) {
		k.bytes("signatureValue", c.Signature, theirs.Signature)
	}
	k.values(c.Extensions, theirs)
	return k.err
}

// values compares what the extensions say, where ours could be read.
func (k *comparison) values(x Extensions, theirs *ctx509.Certificate) {
	if v, ok, err := x.BasicConstraints(); ok && err == nil {
		k.check("basicConstraints.cA", v.CA == theirs.IsCA)
		want := -1
		if v.PathLen != nil {
			want = *v.PathLen
		}
		k.check("basicConstraints.pathLenConstraint", want == theirs.MaxPathLen)
	}
	if v, ok, err := x.KeyUsage(); ok && err == nil {
		k.check("keyUsage", int(v.Bits&0x1ff) == int(theirs.KeyUsage))
	}
	if v, ok, err := x.SubjectKeyID(); ok && err == nil {
		k.bytes("subjectKeyIdentifier", v, theirs.SubjectKeyId)
	}
	if v, ok, err := x.AuthorityKeyID(); ok && err == nil {
		k.bytes("authorityKeyIdentifier", v.KeyID, theirs.AuthorityKeyId)
	}
	if v, ok, err := x.Policies(); ok && err == nil {
		k.check("certificatePolicies", len(v) == len(theirs.PolicyIdentifiers))
		for i := 0; k.err == nil && i < len(v); i++ {
			k.check("certificatePolicies", v[i].OID.String() == theirs.PolicyIdentifiers[i].String())
		}
	}
	if v, ok, err := x.ExtKeyUsage(); ok && err == nil {
		k.check("extKeyUsage", len(v) == len(theirs.ExtKeyUsage)+len(theirs.UnknownExtKeyUsage))
	}
	k.urls(x, theirs)
}

// urls compares the URLs of distribution points and access descriptions.
func (k *comparison) urls(x Extensions, theirs *ctx509.Certificate) {
	if v, ok, err := x.CRLDistributionPoints(); ok && err == nil {
		var ours []string
		for _, p := range v {
			ours = append(ours, rawURIs(p.FullNames)...)
		}
		k.check("cRLDistributionPoints", slices.Equal(ours, theirs.CRLDistributionPoints))
	}
	if v, ok, err := x.AuthorityInfoAccess(); ok && err == nil {
		var issuers, responders []string
		for _, a := range v {
			switch {
			case a.Method.Equal(OIDAccessCAIssuers):
				issuers = append(issuers, rawURIs([]GeneralName{a.Name})...)
			case a.Method.Equal(OIDAccessOCSP):
				responders = append(responders, rawURIs([]GeneralName{a.Name})...)
			}
		}
		k.check("authorityInfoAccess", slices.Equal(issuers, theirs.IssuingCertificateURL) &&
			slices.Equal(responders, theirs.OCSPServer))
	}
}

// rawURIs are the URIs as they are encoded.
func rawURIs(names []GeneralName) []string {
	var out []string
	for _, n := range names {
		if n.Tag == TagURI {
			out = append(out, string(n.Bytes))
		}
	}
	return out
}
