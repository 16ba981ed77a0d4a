// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"math/big"

	ctx509 "github.com/google/certificate-transparency-go/x509"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// The reader of authorityKeyIdentifier, RFC 5280 4.2.1.1.
var _ = reads(known{
	name: "authorityKeyIdentifier", oid: OIDAuthorityKeyID,
	text:   textAuthorityKeyID,
	second: secondAuthorityKeyID,
})

// AuthorityKeyID is RFC 5280 4.2.1.1. Fields that are absent are nil.
type AuthorityKeyID struct {
	KeyID  []byte
	Issuer []byte // authorityCertIssuer with its header
	Names  []GeneralName
	Serial *big.Int
}

// AuthorityKeyID reads authorityKeyIdentifier.
func (x Extensions) AuthorityKeyID() (AuthorityKeyID, bool, error) {
	return read(x, OIDAuthorityKeyID, func(d *decoder) AuthorityKeyID {
		in := d.open(casn1.SEQUENCE, "")
		var out AuthorityKeyID
		if in.at(context(0)) {
			out.KeyID = append([]byte{}, in.contents(context(0), "keyIdentifier")...)
		}
		if in.at(constructed(1)) {
			out.Issuer = in.raw(constructed(1), "authorityCertIssuer")
			out.Names = in.over(out.Issuer, "authorityCertIssuer").generalNames(constructed(1), "")
		}
		if in.at(context(2)) {
			out.Serial = in.taggedInteger(context(2), "authorityCertSerialNumber")
		}
		in.end()
		return out
	})
}

// taggedInteger reads an implicitly tagged INTEGER.
func (d *decoder) taggedInteger(tag casn1.Tag, name string) *big.Int {
	contents := d.contents(tag, name)
	out := new(big.Int)
	if d.err() != nil {
		return out
	}
	if len(contents) == 0 || len(contents) > 1 && (contents[0] == 0 && contents[1]&0x80 == 0 ||
		contents[0] == 0xff && contents[1]&0x80 != 0) {
		d.failIn(name, "number is not minimally encoded (X.690 8.3.2)")
		return out
	}
	out.SetBytes(contents)
	if contents[0]&0x80 != 0 {
		out.Sub(out, new(big.Int).Lsh(big.NewInt(1), uint(len(contents))*8))
	}
	return out
}

func textAuthorityKeyID(p *printer, x Extensions) error {
	v, _, err := x.AuthorityKeyID()
	if err != nil {
		return err
	}
	if v.KeyID != nil {
		p.hex("key identifier", v.KeyID)
	}
	p.names("issuer", v.Names)
	if v.Serial != nil {
		p.serial("serial number", v.Serial)
	}
	return nil
}

func secondAuthorityKeyID(k *comparison, x Extensions, theirs *ctx509.Certificate) {
	if v, ok, err := x.AuthorityKeyID(); ok && err == nil {
		k.bytes("authorityKeyIdentifier", v.KeyID, theirs.AuthorityKeyId)
	}
}
