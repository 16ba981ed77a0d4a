// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"encoding/asn1"
	"slices"
	"testing"
	"time"

	"rootceremony/internal/inspect"
)

// Places of the fields of a TBSCertList.
const (
	listVersion = iota
	listAlgorithm
	listIssuer
	listThis
	listNext
	listEntries
)

// updates sets thisUpdate and nextUpdate.
func updates(this, next func(t *testing.T, m *made) []byte) breaker {
	return func(t *testing.T, m *made) *made {
		return redo(t, m, func(p [][]byte) [][]byte {
			if this != nil {
				p[listThis] = this(t, m)
			}
			if next != nil {
				p[listNext] = next(t, m)
			}
			return slices.DeleteFunc(p, func(b []byte) bool { return b == nil })
		})
	}
}

// months encodes a time some months and a duration after thisUpdate.
func months(n int, more time.Duration) func(*testing.T, *made) []byte {
	return func(t *testing.T, m *made) []byte { return der(t, m.crl.ThisUpdate.AddDate(0, n, 0).Add(more), "utc") }
}

func nothing(*testing.T, *made) []byte { return nil }

// listFaults break what every CRL of the web has.
var listFaults = []broken{
	{"version 1", Error, "crl.der object.parse", part(listVersion, func(*testing.T, *made, []byte) []byte { return nil })},
	{"version 3", Error, "crl.der object.parse", put(listVersion, 2, 1, 2)},
	{"another issuer", Error, "crl.issuer", part(listIssuer, func(_ *testing.T, _ *made, b []byte) []byte {
		out := slices.Clone(b)
		out[len(out)-1] ^= 1
		return out
	})},
	{"an issuer in another string type", Error, "crl.issuer", swap(listIssuer, []byte{0x13, 2, 'U', 'S'}, []byte{0x0c, 2, 'U', 'S'})},
	{"an empty issuer", Error, "crl.issuer object.parse", put(listIssuer, 0x30, 0)},
	{"no nextUpdate", Error, "crl.window", updates(nil, nothing)},
	{"nextUpdate that is thisUpdate", Error, "crl.window", updates(nil, months(0, 0))},
	{"nextUpdate before thisUpdate", Error, "crl.window", updates(nil, months(0, -time.Hour))},
	{"thisUpdate after the signing", Error, "crl.this-update", updates(moment("utc", time.Second), nil)},
	{"thisUpdate two days before the signing", Error, "crl.this-update", updates(moment("utc", -2*day), nil)},
	{"thisUpdate as GeneralizedTime", Error, "crl.der", updates(moment("generalized", 0), nil)},
	{"nextUpdate as GeneralizedTime", Error, "crl.der", updates(nil, func(t *testing.T, m *made) []byte { return der(t, m.crl.NextUpdate.Time, "generalized") })},
	{"thisUpdate without seconds", Error, "object.parse cert.der", updates(text(asn1.TagUTCTime, "2612010930Z"), nil)},
	{"thisUpdate with an offset", Error, "object.parse cert.der", updates(text(asn1.TagUTCTime, "261201093000+0100"), nil)},
	{"nextUpdate after the CA", Warning, "crl.next-issuer", updates(nil, text(asn1.TagUTCTime, "490101000000Z"))},
	{"no authorityKeyIdentifier", Error, "cert.aki", drop(inspect.OIDAuthorityKeyID)},
	{"an authorityKeyIdentifier of another key", Error, "crl.aki", valued(inspect.OIDAuthorityKeyID, func(t *testing.T, _ *made) []byte {
		return seq(t, tlv(t, asn1.ClassContextSpecific, 0, false, bytes.Repeat([]byte{7}, 20)))
	})},
	{"an empty authorityKeyIdentifier", Error, "cert.aki", fixed(inspect.OIDAuthorityKeyID, 0x30, 0)},
	{"issuer and serial number in authorityKeyIdentifier", Error, "cert.aki", valued(inspect.OIDAuthorityKeyID, func(t *testing.T, m *made) []byte {
		return seq(t, tlv(t, asn1.ClassContextSpecific, 0, false, subjectKeyID(m.by.cert.Extensions)),
			explicit(t, 1, explicit(t, 4, m.by.cert.RawSubject)), tlv(t, asn1.ClassContextSpecific, 2, false, []byte{1}))
	})},
	{"a critical authorityKeyIdentifier", Error, "crl.criticality", flagged(inspect.OIDAuthorityKeyID, critical)},
	{"no CRL number", Error, "crl.number", drop(inspect.OIDCRLNumber)},
	{"a critical CRL number", Error, "crl.criticality", flagged(inspect.OIDCRLNumber, critical)},
	{"a negative CRL number", Error, "crl.number object.parse", fixed(inspect.OIDCRLNumber, 2, 1, 0xff)},
	{"a CRL number of 2^159", Error, "crl.number object.parse", fixed(inspect.OIDCRLNumber, slices.Concat([]byte{2, 21, 0, 0x80}, make([]byte, 19))...)},
	{"a CRL number with a superfluous octet", Error, "cert.der crl.number object.parse", fixed(inspect.OIDCRLNumber, 2, 2, 0, 1)},
	{"a CRL number that is no INTEGER", Error, "crl.number object.parse", fixed(inspect.OIDCRLNumber, 4, 1, 1)},
	{"the CRL number twice", Error, "cert.extension-unique object.parse", twice(inspect.OIDCRLNumber)},
	{"an encoded FALSE", Error, "cert.der", flagged(inspect.OIDCRLNumber, []byte{1, 1, 0})},
	{"the number of the CRL before", Error, "crl.number", func(_ *testing.T, m *made) *made {
		out := *m
		out.ctx.First, out.ctx.Previous = false, m.crl
		return &out
	}},
	{"a delta CRL", Warning, "crl.no-indirect", added(inspect.OIDDeltaCRLIndicator, critical, literal(2, 1, 0))},
	{"a freshestCRL", Warning, "crl.no-indirect", added(inspect.OIDFreshestCRL, nil, point("http://x1.c.example.com/delta.crl"))},
	{"an extension of nobody", Warning, "cert.other-extension", added(asn1.ObjectIdentifier{1, 2, 3, 4}, nil, literal(5, 0))},
	{"a critical extension of nobody", Error, "cert.other-extension", added(asn1.ObjectIdentifier{1, 2, 3, 4}, critical, literal(5, 0))},
	{"no extensions", Error, "crl.number crl.aki crl.der object.parse", func(t *testing.T, m *made) *made {
		return redo(t, m, func(p [][]byte) [][]byte { return p[:len(p)-1] })
	}},
	{"an empty list of extensions", Error, "object.parse cert.der", func(t *testing.T, m *made) *made {
		return redo(t, m, func(p [][]byte) [][]byte { p[len(p)-1] = []byte{0xa0, 2, 0x30, 0}; return p })
	}},
	{"the CA may not sign CRLs", Error, "chain.issuer-can-sign", under(inspect.OIDKeyUsage, critical, 3, 2, 2, 4)},
}

// fullFaults break what a full CRL for CA certificates has.
var fullFaults = []broken{
	{"a second more than twelve months", Error, "crl.window", updates(nil, months(12, time.Second))},
	{"thirteen months", Error, "crl.window", updates(nil, months(13, 0))},
	{"revokedCertificates that are empty", Error, "crl.der object.parse", func(t *testing.T, m *made) *made { return listing(t, m, m.by) }},
	{"three days after the first certificate", Error, "crl.first", func(t *testing.T, m *made) *made {
		out := *m
		early := validityAt(t, m, -3*day)
		out.ctx.Siblings = append(slices.Clone(m.ctx.Siblings), Sibling{"early", early, nil})
		return &out
	}},
	{"an issuingDistributionPoint without a name", Warning, "crl.idp-full", added(inspect.OIDIssuingDistributionPoint, critical, literal(0x30, 3, 0x82, 1, 0xff))},
	{"an empty issuingDistributionPoint", Error, "crl.idp object.parse", added(inspect.OIDIssuingDistributionPoint, critical, literal(0x30, 0))},
}

// validityAt gives an issuing CA that became valid some time from the signing.
func validityAt(t *testing.T, m *made, d time.Duration) *inspect.Certificate {
	t.Helper()
	c := issuingProfile(t, "early-cert", "Early")
	from := m.ctx.Signing.Add(d)
	return certificate(t, valid(c, stamp(from), stamp(from.AddDate(3, 0, -1))), key(t, "ecdsa-p384", "early"), m.by).cert
}

// idp breaks the issuing distribution point of a partitioned CRL.
func idp(name string, level Status, rules string, parts func(t *testing.T) [][]byte) broken {
	return broken{name, level, rules, valued(inspect.OIDIssuingDistributionPoint, func(t *testing.T, _ *made) []byte { return seq(t, parts(t)...) })}
}

const partURL = "http://x1.c.example.com/root-x1.crl"

// partFaults break what a partitioned CRL has; only is the tag of its scope and
// other the tag of the wrong one.
func partFaults(only, other byte) []broken {
	yes := func(tag byte) []byte { return []byte{0x80 | tag, 1, 0xff} }
	return []broken{
		{"an issuingDistributionPoint that is not critical", Error, "crl.criticality", flagged(inspect.OIDIssuingDistributionPoint, nil)},
		{"an empty issuingDistributionPoint", Error, "crl.idp object.parse", fixed(inspect.OIDIssuingDistributionPoint, 0x30, 0)},
		{"an issuingDistributionPoint twice", Error, "cert.extension-unique object.parse", twice(inspect.OIDIssuingDistributionPoint)},
		idp("the wrong kind of certificates", Error, "crl.scope", func(t *testing.T) [][]byte { return [][]byte{rawURI(t, partURL), yes(other)} }),
		idp("both kinds of certificates", Error, "crl.idp", func(t *testing.T) [][]byte { return [][]byte{rawURI(t, partURL), yes(1), yes(2)} }),
		idp("attribute certificates", Error, "crl.idp", func(t *testing.T) [][]byte { return [][]byte{rawURI(t, partURL), yes(5)} }),
		idp("an indirect CRL", Error, "crl.no-indirect", func(t *testing.T) [][]byte { return [][]byte{rawURI(t, partURL), yes(only), yes(4)} }),
		idp("an encoded FALSE in it", Error, "cert.der", func(t *testing.T) [][]byte { return [][]byte{rawURI(t, partURL), yes(only), {0x84, 1, 0}} }),
		idp("some reasons", Warning, "crl.idp-part", func(t *testing.T) [][]byte {
			return [][]byte{rawURI(t, partURL), yes(only), {0x83, 2, 6, 0x40}}
		}),
		idp("a relative name", Error, "crl.idp-part", func(t *testing.T) [][]byte {
			return [][]byte{explicit(t, 0, explicit(t, 1, seq(t, rawOID(t, oidCommonName), tlv(t, 0, utf8Tag, false, []byte("p1"))))), yes(only)}
		}),
		idp("a directory name", Error, "crl.idp-part", func(t *testing.T) [][]byte {
			return [][]byte{explicit(t, 0, explicit(t, 0, baseDir)), yes(only)}
		}),
		idp("a URI beside a directory name", Error, "crl.idp-part", func(t *testing.T) [][]byte {
			return [][]byte{explicit(t, 0, explicit(t, 0, uri(t, partURL), baseDir)), yes(only)}
		}),
		idp("https", Error, "cert.url", func(t *testing.T) [][]byte {
			return [][]byte{rawURI(t, "https://x1.c.example.com/root-x1.crl"), yes(only)}
		}),
		idp("a URI with one wrong letter", Error, "crl.idp-uri", func(t *testing.T) [][]byte {
			return [][]byte{rawURI(t, "http://x1.c.example.com/root-X1.crl"), yes(only)}
		}),
		idp("a URI that no certificate has", Error, "crl.idp-uri crl.complete", func(t *testing.T) [][]byte { return [][]byte{rawURI(t, "http://x1.c.example.com/7.crl"), yes(only)} }),
		idp("a URI with a port", Error, "crl.idp-uri", func(t *testing.T) [][]byte {
			return [][]byte{rawURI(t, "http://x1.c.example.com:80/root-x1.crl"), yes(only)}
		}),
	}
}
