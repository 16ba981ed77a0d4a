// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	ctx509 "github.com/google/certificate-transparency-go/x509"
)

// knownExtensions are the extensions that have a reader. The file of an extension
// (ext_*.go) adds its own with [reads]. What has none is shown as its bytes.
var knownExtensions = []known{}

// extensionNames are the names of extensions in their standards; [reads] adds those
// of extensions with a reader.
var extensionNames = map[string]string{
	"2.5.29.16":               "privateKeyUsagePeriod",
	"2.5.29.23":               "holdInstructionCode",
	"2.5.29.29":               "certificateIssuer",
	"2.5.29.33":               "policyMappings",
	"2.5.29.36":               "policyConstraints",
	"2.5.29.54":               "inhibitAnyPolicy",
	"2.5.29.60":               "expiredCertsOnCRL",
	"1.3.6.1.5.5.7.1.3":       "qcStatements",
	"1.3.6.1.5.5.7.48.1.5":    "ocspNoCheck",
	"1.3.6.1.5.5.7.48.1.2":    "ocspNonce",
	"1.3.6.1.4.1.11129.2.4.2": "signedCertificateTimestampList",
	"1.3.6.1.4.1.11129.2.4.3": "precertificatePoison",
}

// Extensions of RFC 5280, RFC 6960 and RFC 6962.
var (
	OIDSubjectKeyID             = asn1.ObjectIdentifier{2, 5, 29, 14}
	OIDKeyUsage                 = asn1.ObjectIdentifier{2, 5, 29, 15}
	OIDSubjectAltName           = asn1.ObjectIdentifier{2, 5, 29, 17}
	OIDIssuerAltName            = asn1.ObjectIdentifier{2, 5, 29, 18}
	OIDBasicConstraints         = asn1.ObjectIdentifier{2, 5, 29, 19}
	OIDCRLNumber                = asn1.ObjectIdentifier{2, 5, 29, 20}
	OIDReasonCode               = asn1.ObjectIdentifier{2, 5, 29, 21}
	OIDInvalidityDate           = asn1.ObjectIdentifier{2, 5, 29, 24}
	OIDDeltaCRLIndicator        = asn1.ObjectIdentifier{2, 5, 29, 27}
	OIDIssuingDistributionPoint = asn1.ObjectIdentifier{2, 5, 29, 28}
	OIDCertificateIssuer        = asn1.ObjectIdentifier{2, 5, 29, 29}
	OIDNameConstraints          = asn1.ObjectIdentifier{2, 5, 29, 30}
	OIDCRLDistributionPoints    = asn1.ObjectIdentifier{2, 5, 29, 31}
	OIDCertificatePolicies      = asn1.ObjectIdentifier{2, 5, 29, 32}
	OIDPolicyMappings           = asn1.ObjectIdentifier{2, 5, 29, 33}
	OIDAuthorityKeyID           = asn1.ObjectIdentifier{2, 5, 29, 35}
	OIDPolicyConstraints        = asn1.ObjectIdentifier{2, 5, 29, 36}
	OIDExtKeyUsage              = asn1.ObjectIdentifier{2, 5, 29, 37}
	OIDFreshestCRL              = asn1.ObjectIdentifier{2, 5, 29, 46}
	OIDInhibitAnyPolicy         = asn1.ObjectIdentifier{2, 5, 29, 54}
	OIDAuthorityInfoAccess      = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 1}
	OIDSubjectInfoAccess        = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 11}
	OIDOCSPNoCheck              = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}
	OIDOCSPNonce                = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}
	OIDSCTList                  = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2}
	OIDPrecertificatePoison     = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 3}
)

// known is what this package knows of one extension.
type known struct {
	name string // in its standard
	oid  asn1.ObjectIdentifier
	// text writes the value for people, or says why it cannot be read.
	text func(*printer, Extensions) error
	// said gives the value in canonical form, for [Extensions.Canonical].
	said func(Extensions) (string, error)
	// second compares the value with what the second parser made of it; nil
	// where that one does not read it.
	second func(*comparison, Extensions, *ctx509.Certificate)
}

// reads adds the reader of an extension. A package variable has to take its result.
//
//nolint:unparam // the variable is what runs it
func reads(k known) known {
	knownExtensions = append(knownExtensions, k)
	extensionNames[k.oid.String()] = k.name
	return k
}

// knownExtension returns the row of an extension, or nil.
func knownExtension(oid asn1.ObjectIdentifier) *known {
	for i := range knownExtensions {
		if knownExtensions[i].oid.Equal(oid) {
			return &knownExtensions[i]
		}
	}
	return nil
}

// extensionName is [OIDName] for what is most often an extension with a reader: each rule
// reads some, and their numbers are not written out for that.
func extensionName(oid asn1.ObjectIdentifier) string {
	if k := knownExtension(oid); k != nil {
		return k.name
	}
	return OIDName(oid)
}

// Canonical gives the value of the only extension of a type as text that
// includes all that a profile can declare, so that a declaration in the same
// form can be compared with it: what was declared is what was issued. An
// extension without a reader is given as its bytes in hexadecimal.
func (x Extensions) Canonical(oid asn1.ObjectIdentifier) (string, error) {
	if k := knownExtension(oid); k != nil && k.said != nil {
		return k.said(x)
	}
	e, count := x.Extension(oid)
	if count != 1 {
		return "", fmt.Errorf("extension %s appears %d times (RFC 5280 4.2)", OIDName(oid), count)
	}
	return hex.EncodeToString(e.Value), nil
}

// Lines gives the value of the only extension of a type in the words of [Text], a
// line for each label.
func (x Extensions) Lines(oid asn1.ObjectIdentifier) []string {
	e, count := x.Extension(oid)
	if count != 1 {
		return nil
	}
	p := new(printer)
	p.extension(e)
	var out []string
	for line := range strings.Lines(p.out.String()) {
		out = append(out, strings.Join(strings.Fields(line), " "))
	}
	return out
}

// extensions writes a list of extensions.
func (p *printer) extensions(label string, x Extensions) {
	if x == nil {
		p.line(label, "absent")
		return
	}
	p.line(label, "%d, in encoded order", len(x))
	p.under(func() {
		for i := range x {
			e := &x[i]
			critical := ""
			switch {
			case e.Critical:
				critical = ", critical"
			case e.CriticalEncoded:
				critical = ", critical FALSE (an encoded DEFAULT)"
			}
			p.line(strconv.Itoa(i+1)+".", "%s%s", named(e.OID), critical)
			p.under(func() { p.extension(e) })
		}
	})
}

// extension writes the value of one extension, or its bytes.
func (p *printer) extension(e *Extension) {
	k := knownExtension(e.OID)
	if k == nil {
		p.hex("value", e.Value)
		p.outline(e.Value)
		return
	}
	if err := k.text(p, Extensions{*e}); err != nil {
		p.line("unreadable", "%s", err)
		p.hex("value", e.Value)
	}
}
