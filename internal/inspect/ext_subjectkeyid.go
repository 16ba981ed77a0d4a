// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	ctx509 "github.com/google/certificate-transparency-go/x509"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// The reader of subjectKeyIdentifier, RFC 5280 4.2.1.2.
var _ = reads(known{
	name: "subjectKeyIdentifier", oid: OIDSubjectKeyID,
	text:   textSubjectKeyID,
	second: secondSubjectKeyID,
})

// SubjectKeyID reads subjectKeyIdentifier, RFC 5280 4.2.1.2.
func (x Extensions) SubjectKeyID() ([]byte, bool, error) {
	return read(x, OIDSubjectKeyID, func(d *decoder) []byte {
		return d.contents(casn1.OCTET_STRING, "")
	})
}

func textSubjectKeyID(p *printer, x Extensions) error {
	v, _, err := x.SubjectKeyID()
	if err != nil {
		return err
	}
	p.hex("key identifier", v)
	return nil
}

func secondSubjectKeyID(k *comparison, x Extensions, theirs *ctx509.Certificate) {
	if v, ok, err := x.SubjectKeyID(); ok && err == nil {
		k.bytes("subjectKeyIdentifier", v, theirs.SubjectKeyId)
	}
}
