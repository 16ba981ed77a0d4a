// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"slices"
	"strings"
	"testing"

	"rootceremony/internal/inspect"
)

// subject changes the RDNs of a subject; of a root, of its issuer too.
func subject(change func(t *testing.T, rdns [][]byte) [][]byte) breaker {
	return func(t *testing.T, m *made) *made {
		return redo(t, m, func(p [][]byte) [][]byte {
			if m.req != nil {
				p[1] = seq(t, change(t, split(t, p[1]))...)
				return p
			}
			p[atSubject] = seq(t, change(t, split(t, p[atSubject]))...)
			if m.by == nil {
				p[atIssuer] = p[atSubject]
			}
			return p
		})
	}
}

// rdn makes a RelativeDistinguishedName of one attribute.
func rdn(t *testing.T, oid string, tag int, value string) []byte {
	t.Helper()
	return tlv(t, 0, asn1.TagSet, true, seq(t, rawOID(t, oid), tlv(t, 0, tag, false, []byte(value))))
}

// attribute sets one attribute, wherever it occurs.
func attribute(oid string, tag int, value string) breaker {
	return subject(func(t *testing.T, rdns [][]byte) [][]byte {
		i := slices.IndexFunc(rdns, func(b []byte) bool { return strings.Contains(string(b), string(rawOID(t, oid))) })
		if i < 0 {
			t.Fatalf("no attribute %s", oid)
		}
		rdns[i] = rdn(t, oid, tag, value)
		return rdns
	})
}

// extra puts an attribute before the common name.
func extra(oid string, tag int, value string) breaker {
	return subject(func(t *testing.T, rdns [][]byte) [][]byte {
		return slices.Insert(rdns, len(rdns)-1, rdn(t, oid, tag, value))
	})
}

const (
	printable = inspect.TagPrintableString
	utf8Tag   = inspect.TagUTF8String
)

// encodingFaults break the encoding of a name of three attributes.
var encodingFaults = []broken{
	{"organization as T61String", Error, "cert.name-encoding", attribute(oidOrganization, inspect.TagT61String, "Example Trust")},
	{"common name as BMPString", Error, "cert.name-encoding", attribute(oidCommonName, inspect.TagBMPString, "\x00E\x001")},
	{"common name as IA5String", Error, "cert.name-encoding", attribute(oidCommonName, inspect.TagIA5String, "E1")},
	{"common name as UniversalString", Error, "cert.name-encoding object.parse", attribute(oidCommonName, inspect.TagUniversalString, "\x00\x00\x00E")},
	{"an empty common name", Error, "cert.name-encoding", attribute(oidCommonName, utf8Tag, "")},
	{"a common name of 65 characters", Error, "cert.name-encoding", attribute(oidCommonName, utf8Tag, strings.Repeat("ä", 65))},
	{"an organization of 65 characters", Error, "cert.name-encoding", attribute(oidOrganization, utf8Tag, strings.Repeat("a", 65))},
	{"an asterisk in a PrintableString", Error, "cert.name-encoding object.parse", attribute(oidOrganization, printable, "Example*Trust")},
	{"UTF8String that is no UTF-8", Error, "cert.name-encoding cert.der object.parse", attribute(oidOrganization, utf8Tag, "Ex\xff\xfe")},
	{"a locality of 129 characters", Error, "cert.name-encoding", extra(oidLocality, utf8Tag, strings.Repeat("l", 129))},
	{"an RDN without an attribute", Error, "object.parse cert.rdn-single cert.der", subject(func(_ *testing.T, rdns [][]byte) [][]byte {
		return append([][]byte{{0x31, 0}}, rdns...)
	})},
	{"a multi-valued RDN out of order", Error, "object.parse cert.der", subject(func(t *testing.T, rdns [][]byte) [][]byte {
		last := len(rdns) - 1
		return append(rdns[:last-1], tlv(t, 0, asn1.TagSet, true, rdns[last][2:], rdns[last-1][2:], rdns[last][2:]))
	})},
}

// nameFaults break the name of a CA of the web.
var nameFaults = []broken{
	{"no country", Error, "cert.attr-required", subject(func(_ *testing.T, r [][]byte) [][]byte { return r[1:] })},
	{"no organization", Error, "cert.attr-required", subject(func(_ *testing.T, r [][]byte) [][]byte { return slices.Delete(r, 1, 2) })},
	{"no common name", Error, "cert.attr-required", subject(func(_ *testing.T, r [][]byte) [][]byte { return r[:2] })},
	{"no subject", Error, "cert.attr-required", subject(func(*testing.T, [][]byte) [][]byte { return nil })},
	{"a country in lower case", Error, "cert.attr-required", attribute(oidCountry, printable, "us")},
	{"a country of three letters", Error, "cert.attr-required cert.name-encoding", attribute(oidCountry, printable, "USA")},
	{"a country that does not exist", Error, "cert.attr-required", attribute(oidCountry, printable, "QQ")},
	{"a country as UTF8String", Error, "cert.name-encoding", attribute(oidCountry, utf8Tag, "US")},
	{"two organizations", Error, "cert.rdn-single", extra(oidOrganization, utf8Tag, "Other")},
	{"two common names", Error, "cert.rdn-single", extra(oidCommonName, utf8Tag, "Other")},
	{"two countries", Error, "cert.rdn-single", subject(func(t *testing.T, r [][]byte) [][]byte {
		return slices.Insert(r, 1, rdn(t, oidCountry, printable, "DE"))
	})},
	{"two attributes in one RDN", Error, "cert.rdn-single", subject(func(t *testing.T, r [][]byte) [][]byte {
		return [][]byte{tlv(t, 0, asn1.TagSet, true, r[0][2:], r[1][2:]), r[2]}
	})},
}

// orderFaults break what the TLS BRs alone say of names.
var orderFaults = []broken{
	{"common name before organization", Error, "cert.rdn-order", subject(func(_ *testing.T, r [][]byte) [][]byte { return [][]byte{r[0], r[2], r[1]} })},
	{"country at the end", Error, "cert.rdn-order", subject(func(_ *testing.T, r [][]byte) [][]byte { return [][]byte{r[1], r[2], r[0]} })},
	{"locality before state", Error, "cert.rdn-order", subject(func(t *testing.T, r [][]byte) [][]byte {
		return slices.Insert(r, 1, rdn(t, oidLocality, utf8Tag, "L"), rdn(t, oidState, utf8Tag, "ST"))
	})},
	{"domain component after organization", Error, "cert.rdn-order", extra(oidDomainComponent, inspect.TagIA5String, "example")},
	{"a domain component as UTF8String", Error, "cert.name-encoding", subject(func(t *testing.T, r [][]byte) [][]byte {
		return append([][]byte{rdn(t, oidDomainComponent, utf8Tag, "example")}, r...)
	})},
	{"a postal code of 41 characters", Error, "cert.name-encoding", long(oidPostalCode, 41)},
	{"a street of 129 characters", Error, "cert.name-encoding", long(oidStreet, 129)},
	{"an e-mail address", Warning, "cert.attr-closed", extra(oidEmail, inspect.TagIA5String, "ca@example.com")},
	{"a serial number in the name", Warning, "cert.attr-closed", extra(oidSerialNumber, printable, "1")},
	{"an organization identifier", Warning, "cert.attr-closed", extra("2.5.4.97", utf8Tag, "NTRUS-1")},
}

// long puts an attribute of some characters after the country.
func long(oid string, n int) breaker {
	return subject(func(t *testing.T, rdns [][]byte) [][]byte {
		return slices.Insert(rdns, 1, rdn(t, oid, utf8Tag, strings.Repeat("x", n)))
	})
}

// ouFault is an organizational unit, at the level of a kind.
func ouFault(level Status) broken {
	return broken{"an organizational unit", level, "cert.ou", extra(oidOrgUnit, utf8Tag, "Unit")}
}
