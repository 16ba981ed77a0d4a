// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"bytes"
	"crypto"
	"encoding/asn1"
	"fmt"

	ctasn1 "github.com/google/certificate-transparency-go/asn1"
	ctx509 "github.com/google/certificate-transparency-go/x509"
	ctpkix "github.com/google/certificate-transparency-go/x509/pkix"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Request is a PKCS #10 certificate request as it was encoded. RFC 2986 4.
// Its Extensions are those it asks for, RFC 2985 5.4.2.
type Request struct {
	Raw, RawTBS, RawSubject, RawSPKI []byte

	Version    int // 1
	Subject    Name
	PublicKey  crypto.PublicKey // nil when the type is unknown or the key unreadable
	Attributes []RequestAttribute
	Extensions
	Algorithm []byte // AlgorithmIdentifier of the signature
	Signature []byte

	// Remarks are departures from DER that requests are forgiven for.
	Remarks []string
}

// RequestAttribute is an attribute of a request.
type RequestAttribute struct {
	OID    asn1.ObjectIdentifier
	Values [][]byte // each with its header
	Raw    []byte
}

// ParseRequest reads a certificate request with both parsers.
func ParseRequest(der []byte) (*Request, error) { return readRequest(der, nil) }

func readRequest(der []byte, faults *[]Fault) (*Request, error) {
	r, err := walkRequest(der, faults)
	if err != nil {
		return nil, err
	}
	if err := forgive(r.compare(), faults); err != nil {
		return nil, err
	}
	return r, nil
}

func walkRequest(der []byte, faults *[]Fault) (*Request, error) {
	if len(der) > maxObject {
		return nil, fmt.Errorf("certificationRequest: %d bytes, more than %d", len(der), maxObject)
	}
	r := &Request{Raw: bytes.Clone(der)}
	d := forgiving(r.Raw, "certificationRequest", faults)
	outer := d.open(casn1.SEQUENCE, "")
	d.end()
	r.RawTBS = outer.raw(casn1.SEQUENCE, "certificationRequestInfo")
	r.Algorithm = outer.algorithm("signatureAlgorithm")
	r.Signature = outer.bitOctets("signature")
	outer.end()
	r.walkInfo(outer.over(r.RawTBS, "").open(casn1.SEQUENCE, "certificationRequestInfo"))
	if err := d.err(); err != nil {
		return nil, err
	}
	r.PublicKey = publicKey(r.RawSPKI)
	return r, nil
}

// walkInfo reads the fields of CertificationRequestInfo, RFC 2986 4.1.
func (r *Request) walkInfo(d *decoder) {
	if r.Version = d.small(casn1.INTEGER, "version") + 1; r.Version != 1 {
		d.wrong("RFC 2986 4.1", "version %d", r.Version)
	}
	r.Subject = d.distinguishedName("subject")
	r.RawSubject = r.Subject.Raw
	r.RawSPKI = d.publicKeyInfo("subjectPKInfo")
	set := d.open(constructed(0), "attributes")
	d.end()
	for set.more() {
		if len(r.Attributes) == maxExtensions {
			set.limit("more than %d attributes", maxExtensions)
			return
		}
		r.walkAttribute(set)
	}
}

func (r *Request) walkAttribute(set *decoder) {
	var a RequestAttribute
	var in *decoder
	in, a.Raw = set.sequence(len(r.Attributes) + 1)
	a.OID = in.oid("type")
	values := in.open(casn1.SET, "values")
	in.end()
	for values.more() && values.below(len(a.Values)) {
		_, _, raw := values.any("")
		a.Values = append(a.Values, raw)
	}
	if n := len(r.Attributes); n > 0 && bytes.Compare(r.Attributes[n-1].Raw, a.Raw) > 0 && r.Remarks == nil {
		r.Remarks = append(r.Remarks, "attributes are not in DER order (X.690 11.6)")
	}
	switch {
	case len(a.Values) == 0:
		in.wrong("RFC 2986 4.1", "%s has no value, and an attribute has at least one", attributeTitle(a.OID))
	case a.asksForExtensions():
		r.walkRequested(in, a.Values)
	}
	r.Attributes = append(r.Attributes, a)
}

// walkRequested reads extensionRequest: one attribute with one value.
func (r *Request) walkRequested(d *decoder, values [][]byte) {
	if r.Extensions != nil || len(values) != 1 {
		d.failBy("RFC 2985 5.4.2", "extensionRequest, or that of Windows, is there twice or not a single value")
		return
	}
	in := d.over(values[0], "")
	r.Extensions = in.extensions("extensionRequest")
	in.end()
}

// compare reads the request with certificate-transparency-go.
func (r *Request) compare() error {
	return asLimit(r.compareFields(), r.Extensions, r.RawSPKI, r.PublicKey, r.Subject)
}

func (r *Request) compareFields() error {
	theirs, _, err := second("certificationRequest", parserCT, func() (*ctx509.CertificateRequest, error) {
		return ctx509.ParseCertificateRequest(r.Raw)
	})
	if err != nil {
		return err
	}
	k := &comparison{object: "certificationRequest"}
	k.bytes("certificationRequestInfo", r.RawTBS, theirs.RawTBSCertificateRequest)
	k.check("version", r.Version == theirs.Version+1)
	k.bytes("subject", r.RawSubject, theirs.RawSubject)
	k.bytes("subjectPKInfo", r.RawSPKI, theirs.RawSubjectPublicKeyInfo)
	requested, err := secondRequested(theirs)
	if err != nil {
		return err
	}
	k.extensions("extensionRequest", r.Extensions, requested)
	k.bytes("signature", r.Signature, theirs.Signature)
	return k.err
}

// secondRequested gives the extensions that the second parser finds. It knows the
// attribute of PKCS #9 alone; that of Windows it leaves as it is.
func secondRequested(r *ctx509.CertificateRequest) ([]ctpkix.Extension, error) {
	if len(r.Extensions) > 0 {
		return r.Extensions, nil
	}
	var info struct {
		Version    int
		Subject    ctasn1.RawValue
		Key        ctasn1.RawValue
		Attributes []struct {
			Type   ctasn1.ObjectIdentifier
			Values []ctasn1.RawValue `asn1:"set"`
		} `asn1:"tag:0"`
	}
	if _, err := ctasn1.Unmarshal(r.RawTBSCertificateRequest, &info); err != nil {
		return nil, &refusal{"certificationRequest: attributes", parserCT, err}
	}
	var out []ctpkix.Extension
	for _, a := range info.Attributes {
		if a.Type.String() != OIDExtensionsOfWindows.String() || len(a.Values) != 1 {
			continue
		}
		if _, err := ctasn1.Unmarshal(a.Values[0].FullBytes, &out); err != nil {
			return nil, &refusal{"certificationRequest: extensions", parserCT, err}
		}
	}
	return out, nil
}
