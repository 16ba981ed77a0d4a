// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
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
// what it calls fatal; the rest becomes remarks.
func second[T any](object, parser string, parse func() (T, error)) (out T, remarks []string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: %s panicked: %v", object, parser, r)
		}
	}()
	out, err = parse()
	if ctx509.IsFatal(err) {
		return out, nil, &refusal{object, parser, err}
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
	theirs, remarks, err := second("certificate", parserCT, func() (*ctx509.Certificate, error) {
		if !bytes.Equal(c.InnerAlgorithm, c.OuterAlgorithm) {
			// It refuses what RFC 5280 4.1.1.2 forbids; a rule reports it.
			return ctx509.ParseTBSCertificate(c.RawTBS)
		}
		return ctx509.ParseCertificate(c.Raw)
	})
	if err != nil {
		return asLimit(err, c.Extensions, c.RawSPKI, c.PublicKey, c.Issuer, c.Subject)
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
	for _, e := range knownExtensions { // where ours could be read
		if e.second != nil {
			e.second(k, c.Extensions, theirs)
		}
	}
	return k.err
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
