// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/asn1"
	"strings"

	ctx509 "github.com/google/certificate-transparency-go/x509"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// The reader of extKeyUsage, RFC 5280 4.2.1.12.
var _ = reads(known{
	name: "extKeyUsage", oid: OIDExtKeyUsage,
	text:   textExtKeyUsage,
	said:   canonicalExtKeyUsage,
	second: secondExtKeyUsage,
})

// ExtKeyUsage reads extKeyUsage, RFC 5280 4.2.1.12.
func (x Extensions) ExtKeyUsage() ([]asn1.ObjectIdentifier, bool, error) {
	return read(x, OIDExtKeyUsage, (*decoder).oids)
}

// oids reads SEQUENCE SIZE (1..MAX) OF OBJECT IDENTIFIER.
func (d *decoder) oids() []asn1.ObjectIdentifier {
	list := d.open(casn1.SEQUENCE, "")
	var out []asn1.ObjectIdentifier
	for list.more() && list.below(len(out)) {
		out = append(out, list.oid("keyPurposeId"))
	}
	list.notEmpty(len(out))
	return out
}

func textExtKeyUsage(p *printer, x Extensions) error {
	v, _, err := x.ExtKeyUsage()
	if err != nil {
		return err
	}
	for _, oid := range v {
		p.line("purpose", "%s", named(oid))
	}
	return nil
}

func canonicalExtKeyUsage(x Extensions) (string, error) {
	v, _, err := x.ExtKeyUsage()
	out := make([]string, len(v))
	for i, oid := range v {
		out[i] = oid.String()
	}
	return strings.Join(out, ", "), err
}

func secondExtKeyUsage(k *comparison, x Extensions, theirs *ctx509.Certificate) {
	if v, ok, err := x.ExtKeyUsage(); ok && err == nil {
		k.check("extKeyUsage", len(v) == len(theirs.ExtKeyUsage)+len(theirs.UnknownExtKeyUsage))
	}
}
