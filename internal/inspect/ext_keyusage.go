// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/asn1"
	"fmt"
	"strings"

	ctx509 "github.com/google/certificate-transparency-go/x509"
	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// The reader of keyUsage, RFC 5280 4.2.1.3.
var _ = reads(known{
	name: "keyUsage", oid: OIDKeyUsage,
	text:   textKeyUsage,
	said:   canonicalKeyUsage,
	second: secondKeyUsage,
})

// keyUsageNames are the bits of RFC 5280 4.2.1.3.
var keyUsageNames = [...]string{"digitalSignature", "nonRepudiation", "keyEncipherment",
	"dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly"}

// KeyUsage is RFC 5280 4.2.1.3. Bit i of Bits is bit i of the BIT STRING, as
// in crypto/x509: digitalSignature is 1, keyCertSign 32, cRLSign 64.
type KeyUsage struct {
	Bits      uint16
	BitLength int
	Minimal   bool // no trailing zero bits (X.690 11.2.2)
}

// Names returns the names of the bits that are set, in order.
func (k KeyUsage) Names() []string {
	var out []string
	for i, name := range keyUsageNames {
		if k.Bits&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	return out
}

// KeyUsage reads keyUsage.
func (x Extensions) KeyUsage() (KeyUsage, bool, error) {
	return read(x, OIDKeyUsage, func(d *decoder) KeyUsage {
		bits := d.bitString(casn1.BIT_STRING, "")
		out := KeyUsage{BitLength: bits.BitLength, Minimal: minimalBits(bits)}
		if bits.BitLength > 16 {
			d.fail("%d bits", bits.BitLength)
			return out
		}
		for i := range bits.BitLength {
			out.Bits |= uint16(bits.At(i)) << i
		}
		return out
	})
}

func minimalBits(bits asn1.BitString) bool {
	return bits.BitLength == 0 || bits.At(bits.BitLength-1) == 1
}

func textKeyUsage(p *printer, x Extensions) error {
	v, _, err := x.KeyUsage()
	if err != nil {
		return err
	}
	p.line("bits", "%s", orEmpty(strings.Join(v.Names(), ", ")))
	if extra := v.Bits >> len(keyUsageNames); extra != 0 {
		p.line("bits without a name", "0x%x00", extra<<1)
	}
	if !v.Minimal {
		p.line("encoding", "%d bits, trailing zero bits (X.690 11.2.2)", v.BitLength)
	}
	return nil
}

// canonicalKeyUsage writes the bits from the last to the first. What cannot be read
// has none: a rule of its own reports it.
func canonicalKeyUsage(x Extensions) (string, error) {
	v, _, err := x.KeyUsage()
	if err != nil {
		v.Bits = 0
	}
	return fmt.Sprintf("%09b", v.Bits), nil
}

func secondKeyUsage(k *comparison, x Extensions, theirs *ctx509.Certificate) {
	if v, ok, err := x.KeyUsage(); ok && err == nil {
		k.check("keyUsage", int(v.Bits&0x1ff) == int(theirs.KeyUsage))
	}
}
