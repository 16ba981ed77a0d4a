// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"fmt"

	ctx509 "github.com/google/certificate-transparency-go/x509"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// The reader of basicConstraints, RFC 5280 4.2.1.9.
var _ = reads(known{
	name: "basicConstraints", oid: OIDBasicConstraints,
	text:   textBasicConstraints,
	said:   canonicalBasicConstraints,
	second: secondBasicConstraints,
})

// BasicConstraints is RFC 5280 4.2.1.9. PathLen is nil for none.
type BasicConstraints struct {
	CA        bool
	CAEncoded bool // the BOOLEAN is there; with CA false that is an encoded DEFAULT
	PathLen   *int
}

// BasicConstraints reads basicConstraints.
func (x Extensions) BasicConstraints() (BasicConstraints, bool, error) {
	return read(x, OIDBasicConstraints, func(d *decoder) BasicConstraints {
		in := d.open(casn1.SEQUENCE, "")
		var out BasicConstraints
		out.CA, out.CAEncoded = in.boolean(casn1.BOOLEAN, "cA")
		if in.more() {
			n := in.small(casn1.INTEGER, "pathLenConstraint")
			out.PathLen = &n
		}
		in.end()
		return out
	})
}

func textBasicConstraints(p *printer, x Extensions) error {
	v, _, err := x.BasicConstraints()
	if err != nil {
		return err
	}
	switch {
	case v.CA:
		p.line("cA", "TRUE")
	case v.CAEncoded:
		p.line("cA", "FALSE (an encoded DEFAULT)")
	default:
		p.line("cA", "FALSE")
	}
	if v.PathLen == nil {
		p.line("path length", "absent")
	} else {
		p.line("path length", "%d", *v.PathLen)
	}
	return nil
}

func canonicalBasicConstraints(x Extensions) (string, error) {
	v, _, err := x.BasicConstraints()
	if v.PathLen == nil {
		return fmt.Sprintf("cA %t", v.CA), err
	}
	return fmt.Sprintf("cA %t, path length %d", v.CA, *v.PathLen), err
}

func secondBasicConstraints(k *comparison, x Extensions, theirs *ctx509.Certificate) {
	v, ok, err := x.BasicConstraints()
	if !ok || err != nil {
		return
	}
	k.check("basicConstraints.cA", v.CA == theirs.IsCA)
	want := -1
	if v.PathLen != nil {
		want = *v.PathLen
	}
	k.check("basicConstraints.pathLenConstraint", want == theirs.MaxPathLen)
}
