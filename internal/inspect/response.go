// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"bytes"
	"encoding/asn1"
	"fmt"
	"math/big"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Values of Single.Status.
const (
	StatusGood    = "good"
	StatusRevoked = "revoked"
	StatusUnknown = "unknown"
)

// Response is an OCSP response as it was encoded. RFC 6960 4.2.1. When Status
// is not 0 (successful), the other fields but Raw are empty.
type Response struct {
	Raw, RawTBS []byte // RawTBS is the ResponseData

	Status          int
	Version         int // 1
	VersionEncoded  bool
	ResponderByName *Name
	ResponderByKey  []byte
	ProducedAt      Time
	Singles         []Single
	Extensions
	Algorithm    []byte // AlgorithmIdentifier of the signature
	Signature    []byte
	Certificates [][]byte
}

// CertID names a certificate. RFC 6960 4.1.1.
type CertID struct {
	HashOID  asn1.ObjectIdentifier
	HashAlg  []byte // AlgorithmIdentifier
	NameHash []byte
	KeyHash  []byte
	Serial   *big.Int
	Raw      []byte
}

// Single is a SingleResponse.
type Single struct {
	CertID     CertID
	Status     string
	RevokedAt  *Time
	Reason     *int
	ThisUpdate Time
	NextUpdate *Time
	Extensions
}

// ParseResponse reads an OCSP response with both parsers.
func ParseResponse(der []byte) (*Response, error) { return readResponse(der, nil) }

func readResponse(der []byte, faults *[]Fault) (*Response, error) {
	r, err := walkResponse(der, faults)
	if err != nil {
		return nil, err
	}
	if err := forgive(r.compare(), faults); err != nil {
		return nil, err
	}
	return r, nil
}

func walkResponse(der []byte, faults *[]Fault) (*Response, error) {
	if len(der) > maxObject {
		return nil, fmt.Errorf("ocspResponse: %d bytes, more than %d", len(der), maxObject)
	}
	r := &Response{Raw: bytes.Clone(der)}
	d := forgiving(r.Raw, "ocspResponse", faults)
	outer := d.open(casn1.SEQUENCE, "")
	d.end()
	r.Status = outer.small(casn1.ENUM, "responseStatus")
	if outer.at(constructed(0)) {
		in := outer.open(constructed(0), "responseBytes").open(casn1.SEQUENCE, "")
		if oid := in.oid("responseType"); outer.err() == nil && !oid.Equal(oidBasicResponse) {
			in.fail("response type %s is not basic", oid)
		}
		basic := in.contents(casn1.OCTET_STRING, "response")
		in.end()
		r.walkBasic(in.over(basic, "basicOCSPResponse"))
	}
	outer.end()
	if (r.Status == 0) != (r.RawTBS != nil) {
		outer.failBy("RFC 6960 4.2.1", "responseStatus %d does not fit responseBytes", r.Status)
	}
	if err := d.err(); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *Response) walkBasic(d *decoder) {
	in := d.open(casn1.SEQUENCE, "")
	d.end()
	r.RawTBS = in.raw(casn1.SEQUENCE, "tbsResponseData")
	r.Algorithm = in.algorithm("signatureAlgorithm")
	r.Signature = in.bitOctets("signature")
	if in.at(constructed(0)) {
		wrap := in.open(constructed(0), "certs")
		certs := wrap.open(casn1.SEQUENCE, "")
		wrap.end()
		for certs.more() {
			if len(r.Certificates) == maxEmbedded {
				certs.limit("more than %d certificates", maxEmbedded)
			}
			r.Certificates = append(r.Certificates, certs.raw(casn1.SEQUENCE, ""))
		}
	}
	in.end()
	r.walkData(in.over(r.RawTBS, "").open(casn1.SEQUENCE, "tbsResponseData"))
}

// walkData reads the fields of ResponseData.
func (r *Response) walkData(d *decoder) {
	r.Version = 1
	if r.VersionEncoded = d.at(constructed(0)); r.VersionEncoded {
		in := d.open(constructed(0), "version")
		if r.Version = in.small(casn1.INTEGER, "") + 1; r.Version != 1 {
			in.wrong("RFC 6960 4.2.1", "version %d, and there is version 1 alone", r.Version)
		}
		in.end()
	}
	r.walkResponder(d)
	r.ProducedAt = d.generalized("producedAt")
	list := d.open(casn1.SEQUENCE, "responses")
	for list.more() {
		if len(r.Singles) == maxSingles {
			list.limit("more than %d responses", maxSingles)
			return
		}
		in := list.item(casn1.SEQUENCE, len(r.Singles)+1)
		r.Singles = append(r.Singles, in.single())
	}
	list.notEmpty(len(r.Singles))
	if d.at(constructed(1)) {
		in := d.open(constructed(1), "")
		r.Extensions = in.extensions("responseExtensions")
		in.end()
	}
	d.end()
}

func (r *Response) walkResponder(d *decoder) {
	if d.at(constructed(1)) {
		in := d.open(constructed(1), "responderID")
		name := in.distinguishedName("byName")
		in.end()
		r.ResponderByName = &name
		return
	}
	in := d.open(constructed(2), "responderID")
	r.ResponderByKey = in.contents(casn1.OCTET_STRING, "byKey")
	in.end()
}

func (d *decoder) single() Single {
	s := Single{CertID: d.certID()}
	tag, contents, _ := d.any("certStatus")
	switch tag {
	case context(0):
		s.Status = StatusGood
	case context(2):
		s.Status = StatusUnknown
	case constructed(1):
		s.Status = StatusRevoked
		d.over(contents, "certStatus").revokedInfo(&s)
	default:
		d.fail("certStatus is %s", tagName(tag))
	}
	if s.Status != StatusRevoked && len(contents) != 0 {
		d.fail("certStatus %s is not NULL", s.Status)
	}
	s.ThisUpdate = d.generalized("thisUpdate")
	if d.at(constructed(0)) {
		in := d.open(constructed(0), "nextUpdate")
		t := in.generalized("")
		in.end()
		s.NextUpdate = &t
	}
	if d.at(constructed(1)) {
		in := d.open(constructed(1), "")
		s.Extensions = in.extensions("singleExtensions")
		in.end()
	}
	d.end()
	return s
}

// revokedInfo reads the contents of RevokedInfo.
func (d *decoder) revokedInfo(s *Single) {
	t := d.generalized("revocationTime")
	s.RevokedAt = &t
	if d.at(constructed(0)) {
		in := d.open(constructed(0), "revocationReason")
		n := in.small(casn1.ENUM, "")
		in.end()
		s.Reason = &n
	}
	d.end()
}

func (d *decoder) certID() CertID {
	id := CertID{Raw: d.raw(casn1.SEQUENCE, "certID")}
	if d.err() != nil {
		return id
	}
	in := d.over(id.Raw, "").open(casn1.SEQUENCE, "certID")
	id.HashAlg = in.algorithm("hashAlgorithm")
	if in.err() == nil {
		id.HashOID = in.over(id.HashAlg, "hashAlgorithm").open(casn1.SEQUENCE, "").oid("algorithm")
	}
	id.NameHash = in.contents(casn1.OCTET_STRING, "issuerNameHash")
	id.KeyHash = in.contents(casn1.OCTET_STRING, "issuerKeyHash")
	id.Serial = in.integer("serialNumber")
	in.end()
	return id
}
