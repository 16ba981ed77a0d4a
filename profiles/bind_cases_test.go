// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles_test

import (
	"strings"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// valuesCase changes values that fit.
type valuesCase struct {
	name string
	edit func(*profiles.CertificateValues)
}

// subjectCases are about names.
var subjectCases = []valuesCase{
	{"good", func(*profiles.CertificateValues) {}},
	{"everything wrong", func(v *profiles.CertificateValues) { *v = profiles.CertificateValues{} }},
	{"subject missing", func(v *profiles.CertificateValues) { v.Subject = v.Subject[:1] }},
	{"subject extra", func(v *profiles.CertificateValues) {
		v.Subject = append(v.Subject, profiles.Assigned{Type: "locality", Value: "Town"}, profiles.Assigned{Type: "country", Value: "NL"})
	}},
	{"country lower case", attribute("country", "us")},
	{"country long", attribute("country", "USA")},
	{"common name of 64", attribute("common-name", strings.Repeat("ä", 64))},
	{"common name of 65", attribute("common-name", strings.Repeat("ä", 65))},
	{"common name with space", attribute("common-name", "E1 ")},
	{"common name with control", attribute("common-name", "E\x001")},
	{"organization empty", attribute("organization", "")},
	{"existing and attributes", func(v *profiles.CertificateValues) { v.ExistingName = unhex("300d310b3009060355040613025553") }},
	{"existing lacks", func(v *profiles.CertificateValues) {
		v.Subject, v.ExistingName = nil, unhex("300d310b3009060355040613025553")
	}},
	{"existing broken", func(v *profiles.CertificateValues) { v.Subject, v.ExistingName = nil, unhex("3080") }},
	{"existing of other type", func(v *profiles.CertificateValues) {
		v.Subject, v.ExistingName = nil, unhex("3025310b3009060355040613025553310a3008060355040a0c0141310a30080603550403130145")
	}},
	{"existing of a type of old tools", func(v *profiles.CertificateValues) {
		v.Subject, v.ExistingName = nil, unhex("3025310b3009060355040613025553310a3008060355040a0c0141310a30080603550403140145")
	}},
	{"existing of several attributes in one RDN", func(v *profiles.CertificateValues) {
		v.Subject, v.ExistingName = nil, unhex("301d311b3009060355040613025553300e060355040a0c0755532054727573")
	}},
}

// issuerCases are about keys, and about what comes from the issuer.
var issuerCases = []valuesCase{
	{"key", func(v *profiles.CertificateValues) { v.SubjectKey = algorithm.ECDSAP521 }},
	{"issuer rsa", func(v *profiles.CertificateValues) { v.IssuerKey = algorithm.RSA4096 }},
	{"issuer key unknown", func(v *profiles.CertificateValues) { v.IssuerKey = "ecdsa-p224" }},
	{"no URLs", func(v *profiles.CertificateValues) { v.Issuer = profiles.URLs{} }},
	{"URL twice", func(v *profiles.CertificateValues) { v.Issuer.CRL = append(v.Issuer.CRL, v.Issuer.CRL[0]) }},
}

// validityCases are about how long a certificate is valid, and from when.
var validityCases = []valuesCase{
	{"three years exactly", at(fixed("2026-12-01T00:00:00Z"), until("2029-11-30T23:59:59Z"))},
	{"one second too long", at(fixed("2026-12-01T00:00:00Z"), until("2029-12-01T00:00:00Z"))},
	{"from a leap day", at(fixed("2028-02-29T12:00:00Z"), until("2031-02-28T11:59:59Z"))},
	{"from a leap day, a second more", at(fixed("2028-02-29T12:00:00Z"), until("2031-02-28T12:00:00Z"))},
	{"36 months", at(profiles.SigningDay, profiles.End{For: source.Span{Months: 36}})},
	{"3 years and a second", at(profiles.SigningDay, profiles.End{For: source.Span{Years: 3, Seconds: 1}})},
	{"1095 days", at(profiles.SigningDay, profiles.End{For: source.Span{Days: 1095}})},
	{"1096 days", at(profiles.SigningDay, profiles.End{For: source.Span{Days: 1096}})},
	{"1096 days in the window", inWindow(at(profiles.SigningDay, profiles.End{For: source.Span{Days: 1096}}))}, // 2028 is a leap year
	{"1097 days in the window", inWindow(at(profiles.SigningDay, profiles.End{For: source.Span{Days: 1097}}))},
	{"fixed end without window", at(profiles.SigningDay, until("2030-12-01T00:00:00Z"))},
	{"fixed end in window", inWindow(at(profiles.SigningDay, until("2029-11-30T23:59:59Z")))},
	{"fixed end a second after", inWindow(at(profiles.SigningDay, until("2029-12-01T00:00:00Z")))},
	{"backwards", at(fixed("2026-12-01T00:00:00Z"), until("2026-12-01T00:00:00Z"))},
	{"fraction", at(fixed("2026-12-01T00:00:00.5Z"), profiles.End{For: years(1)})},
	{"ends at signing", at(fixed("2026-12-01T00:00:00Z"), profiles.End{Time: profiles.SigningTime})},
	{"time and length", at(fixed("2026-12-01T00:00:00Z"), profiles.End{Time: "2030-12-01T00:00:00Z", For: years(1)})},
}

// attribute gives an attribute of the subject another value.
func attribute(kind, value string) func(*profiles.CertificateValues) {
	return func(v *profiles.CertificateValues) {
		for i := range v.Subject {
			if v.Subject[i].Type == kind {
				v.Subject[i].Value = value
			}
		}
	}
}

// at sets the validity.
func at(start profiles.Moment, end profiles.End) func(*profiles.CertificateValues) {
	return func(v *profiles.CertificateValues) {
		v.Validity = profiles.Validity{NotBefore: start, NotAfter: end}
	}
}

// inWindow is the same for a ceremony that says when it takes place.
func inWindow(edit func(*profiles.CertificateValues)) func(*profiles.CertificateValues) {
	return func(v *profiles.CertificateValues) {
		edit(v)
		v.Window = profiles.Window{
			From: time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC),
			To:   time.Date(2026, 12, 2, 4, 0, 0, 0, time.UTC),
		}
	}
}
