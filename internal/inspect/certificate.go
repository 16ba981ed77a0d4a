// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"fmt"
	"math/big"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Certificate is a certificate as it was encoded. RFC 5280 4.1. Its typed
// extension readers are those of [Extensions].
type Certificate struct {
	Raw, RawTBS, RawSubject, RawIssuer, RawSPKI []byte

	Version        int // 1 to 3
	VersionEncoded bool
	Serial         *big.Int
	InnerAlgorithm []byte // AlgorithmIdentifier in the TBSCertificate
	OuterAlgorithm []byte // AlgorithmIdentifier next to the signature
	Issuer         Name
	NotBefore      Time
	NotAfter       Time
	Subject        Name
	PublicKey      crypto.PublicKey // nil when the type is unknown or the key unreadable
	UniqueIDs      bool             // issuerUniqueID or subjectUniqueID is there
	Extensions
	Signature []byte

	// Remarks are what the second parser tolerated but called wrong.
	Remarks []string
}

// SelfIssued reports whether a certificate names itself as its issuer (RFC 5280 3.2).
func (c *Certificate) SelfIssued() bool { return bytes.Equal(c.RawSubject, c.RawIssuer) }

// ParseCertificate reads a certificate with both parsers.
func ParseCertificate(der []byte) (*Certificate, error) { return readCertificate(der, nil) }

func readCertificate(der []byte, faults *[]Fault) (*Certificate, error) {
	c, err := walkCertificate(der, faults)
	if err != nil {
		return nil, err
	}
	if err := forgive(c.compare(), faults); err != nil {
		return nil, err
	}
	return c, nil
}

// walkCertificate reads a certificate with the own walk only.
func walkCertificate(der []byte, faults *[]Fault) (*Certificate, error) {
	if len(der) > maxObject {
		return nil, fmt.Errorf("certificate: %d bytes, more than %d", len(der), maxObject)
	}
	c := &Certificate{Raw: bytes.Clone(der)}
	d := forgiving(c.Raw, "certificate", faults)
	outer := d.open(casn1.SEQUENCE, "")
	d.end()
	c.RawTBS = outer.raw(casn1.SEQUENCE, "tbsCertificate")
	c.OuterAlgorithm = outer.algorithm("signatureAlgorithm")
	c.Signature = outer.bitOctets("signatureValue")
	outer.end()
	c.walkTBS(outer.over(c.RawTBS, "").open(casn1.SEQUENCE, "tbsCertificate"))
	if err := d.err(); err != nil {
		return nil, err
	}
	c.PublicKey = publicKey(c.RawSPKI)
	return c, nil
}

// walkTBS reads the fields of TBSCertificate, RFC 5280 4.1.2.
func (c *Certificate) walkTBS(d *decoder) {
	c.Version = 1
	if c.VersionEncoded = d.at(constructed(0)); c.VersionEncoded {
		in := d.open(constructed(0), "version")
		c.Version = in.small(casn1.INTEGER, "") + 1
		in.end()
		if c.Version > 3 {
			d.wrong("RFC 5280 4.1.2.1", "version %d", c.Version)
		}
	}
	c.Serial = d.integer("serialNumber")
	c.InnerAlgorithm = d.algorithm("signature")
	c.Issuer = d.distinguishedName("issuer")
	validity := d.open(casn1.SEQUENCE, "validity")
	c.NotBefore = validity.moment("notBefore")
	c.NotAfter = validity.moment("notAfter")
	validity.end()
	c.Subject = d.distinguishedName("subject")
	c.RawIssuer, c.RawSubject = c.Issuer.Raw, c.Subject.Raw
	c.RawSPKI = d.publicKeyInfo("subjectPublicKeyInfo")
	for n := uint8(1); n <= 2; n++ {
		if d.at(context(n)) {
			d.bitString(context(n), "uniqueID")
			c.UniqueIDs = true
		}
	}
	if d.at(constructed(3)) {
		in := d.open(constructed(3), "")
		c.Extensions = in.extensions("extensions")
		in.end()
	}
	d.end()
	if c.Version < 3 && c.Extensions != nil || c.Version < 2 && c.UniqueIDs {
		d.wrong("RFC 5280 4.1.2.1", "version %d with fields of a later one", c.Version)
	}
}

// publicKeyInfo reads SubjectPublicKeyInfo and returns its DER.
func (d *decoder) publicKeyInfo(name string) []byte {
	der := d.raw(casn1.SEQUENCE, name)
	if d.err() != nil {
		return nil
	}
	in := d.over(der, name).open(casn1.SEQUENCE, "")
	in.algorithm("algorithm")
	in.bitString(casn1.BIT_STRING, "subjectPublicKey")
	in.end()
	return der
}

func publicKey(spki []byte) crypto.PublicKey {
	key, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return nil
	}
	return key
}
