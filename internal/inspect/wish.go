// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	casn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Attributes of requests that Windows makes, and two that PKCS #9 has (RFC 2985
// 5.4): [MS-WCCE] 2.2.2.7.
var (
	// OIDExtensionsOfWindows is extensionRequest under the number that Microsoft
	// gave it before there was one in PKCS #9: szOID_CERT_EXTENSIONS.
	OIDExtensionsOfWindows = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 2, 1, 14}

	// OIDChallengePassword is of RFC 2985 5.4.1.
	OIDChallengePassword = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 7}
)

// requestAttributeNames are the names of attributes that tell the software of a CA
// something and are in no certificate.
var requestAttributeNames = map[string]string{
	"1.2.840.113549.1.9.7":    "challengePassword",
	"1.2.840.113549.1.9.8":    "unstructuredAddress",
	"1.3.6.1.4.1.311.2.1.14":  "extensionRequest of Windows",
	"1.3.6.1.4.1.311.13.1":    "renewalCertificate of Windows",
	"1.3.6.1.4.1.311.13.2.1":  "enrolmentNameValuePair of Windows",
	"1.3.6.1.4.1.311.13.2.2":  "enrolmentCSP of Windows",
	"1.3.6.1.4.1.311.13.2.3":  "osVersion of Windows",
	"1.3.6.1.4.1.311.20.2":    "certificateTemplateName of Windows",
	"1.3.6.1.4.1.311.21.7":    "certificateTemplate of Windows",
	"1.3.6.1.4.1.311.21.10":   "applicationPolicies of Windows",
	"1.3.6.1.4.1.311.21.20":   "requestClientInfo of Windows",
	"1.3.6.1.4.1.311.21.1":    "caVersion of Windows",
	"1.3.6.1.4.1.311.21.13":   "archivedKeyAttribute of Windows",
	"1.3.6.1.4.1.311.10.10.1": "addExtensions of Windows",
}

// maxWish is how many characters of one wish people are shown.
const maxWish = 160

// Wish is one thing that a request asks for, or tells the CA: an extension, or an
// attribute that is none.
type Wish struct {
	Name      string
	Extension *Extension // nil for another attribute
	Text      string     // its value for people, on one line and not endless
}

// Wishes lists all that a request says beside subject and key, in encoded order.
func (r *Request) Wishes() (out []Wish) {
	for i := range r.Extensions {
		e := &r.Extensions[i]
		out = append(out, Wish{Name: attributeTitle(e.OID), Extension: e, Text: e.text()})
	}
	for _, a := range r.Attributes {
		if !a.asksForExtensions() {
			out = append(out, Wish{Name: attributeTitle(a.OID), Text: shortened(a.text())})
		}
	}
	return out
}

// asksForExtensions reports whether an attribute holds the extensions asked for.
func (a *RequestAttribute) asksForExtensions() bool {
	return a.OID.Equal(OIDExtensionRequest) || a.OID.Equal(OIDExtensionsOfWindows)
}

// attributeTitle names an attribute of a request, or gives its number.
func attributeTitle(oid asn1.ObjectIdentifier) string {
	if name, ok := requestAttributeNames[oid.String()]; ok {
		return name
	}
	if name := AttributeName(oid); name != oid.String() {
		return name
	}
	return OIDName(oid)
}

// text shows the strings and numbers in the values of an attribute. A password is
// not shown: who knows it may have the certificate revoked (RFC 2985 5.4.1).
func (a *RequestAttribute) text() string {
	if a.OID.Equal(OIDChallengePassword) {
		return "not shown, it is a password"
	}
	var words []string
	for _, v := range a.Values {
		words = append(words, valueWords(v, 0)...)
	}
	return strings.Join(words, ", ")
}

// maxDeep is how deep structures in attributes are followed.
const maxDeep = 4

// valueWords gives the readable parts of a value, and the others in hexadecimal.
func valueWords(der []byte, depth int) (words []string) {
	d := newDecoder(der, "")
	for d.more() && len(words) < maxWish {
		tag, contents, raw := d.any("")
		switch {
		case d.err() != nil:
			return append(words, "0x"+hex.EncodeToString(der[:min(len(der), maxWish)]))
		case isString(tag):
			value, _ := decodeString(tag, contents)
			words = append(words, strconv.Quote(value))
		case tag == casn1.INTEGER && len(contents) <= 8:
			words = append(words, newDecoder(raw, "").integer("").String())
		case tag == casn1.OBJECT_IDENTIFIER:
			words = append(words, OIDName(newDecoder(raw, "").oid("")))
		case (tag == casn1.SEQUENCE || tag == casn1.SET) && depth < maxDeep:
			words = append(words, valueWords(contents, depth+1)...)
		case tag == casn1.BIT_STRING && strings.Trim(string(contents), "\x00") == "":
			// the signature of a CSP, which nobody fills in
		default:
			words = append(words, "0x"+hex.EncodeToString(raw[:min(len(raw), maxWish)]))
		}
	}
	return words
}

// text shows the value of an extension on one line.
func (e *Extension) text() string {
	if knownExtension(e.OID) == nil {
		return shortened(strings.Join(valueWords(e.Value, 0), ", "))
	}
	p := new(printer)
	p.extension(e)
	var lines []string
	for line := range strings.Lines(p.out.String()) {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	return shortened(strings.Join(lines, ", "))
}

// shortened cuts a text that is longer than people read, and says so.
func shortened(s string) string {
	s = safe(s)
	if r := []rune(s); len(r) > maxWish {
		return fmt.Sprintf("%s… (%d characters)", string(r[:maxWish]), len(r))
	}
	return s
}
