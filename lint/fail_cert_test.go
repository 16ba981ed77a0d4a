// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"crypto/rsa"
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// sub makes an issuing CA from a changed profile.
func sub(change func(t *testing.T, c *profiles.Certificate) *profiles.Certificate) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		c := change(t, issuingProfile(t, "f-cert", "F1"))
		return certificate(t, c, key(t, algorithm.ECDSAP384, "f"), w.root)
	}
}

// newRoot makes a root from a changed profile.
func newRoot(change func(t *testing.T, c *profiles.Certificate) *profiles.Certificate) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		return certificate(t, change(t, rootProfile(t)), key(t, algorithm.ECDSAP384, "root"), nil)
	}
}

// knowing changes the context of an object.
func knowing(pick func(w *hierarchy) *made, change func(t *testing.T, w *hierarchy, c *Context)) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		m := *pick(w)
		m.ctx.Siblings = slices.Clone(m.ctx.Siblings)
		change(t, w, &m.ctx)
		return &m
	}
}

func theE1(w *hierarchy) *made   { return w.e1 }
func crossOf(w *hierarchy) *made { return w.cross }

// usual is the subject of the tests.
func usual(t *testing.T, more ...profiles.Attribute) []profiles.Attribute {
	return append([]profiles.Attribute{attr(t, "country", "US"), attr(t, "organization", "Example Trust")}, more...)
}

var failingNames = []failing{
	{"root.issuer-subject", Error, "other issuer", func(t *testing.T, w *hierarchy) *made {
		return edit(t, w.root, nil, func(p [][]byte) [][]byte { p[atIssuer] = w.e1.cert.RawSubject; return p })
	}},
	{"cert.rdn-order", Error, "CN before O (several CAs, 2024)", sub(func(t *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return named(c, attr(t, "country", "US"), attr(t, "common-name", "F1"), attr(t, "organization", "Example Trust"))
	})},
	{"cert.rdn-single", Error, "two O", sub(func(t *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return named(c, usual(t, attr(t, "organization", "Other"), attr(t, "common-name", "F1"))...)
	})},
	{"cert.rdn-single", Error, "two attributes in one RDN", func(t *testing.T, w *hierarchy) *made {
		return edit(t, w.e1, w.root, func(p [][]byte) [][]byte {
			rdns := split(t, p[atSubject])
			first, second := rdns[0][2:], rdns[1][2:]
			rdns = [][]byte{tlv(t, 0, asn1.TagSet, true, first, second), rdns[2]}
			p[atSubject] = seq(t, rdns...)
			return p
		})
	}},
	{"cert.attr-required", Error, "no O", sub(func(t *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return named(c, attr(t, "country", "US"), attr(t, "common-name", "F1"))
	})},
	{"cert.attr-closed", Warning, "organization identifier", sub(func(t *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return named(c, usual(t, attr(t, "common-name", "F1"), attr(t, "organization-identifier", "NTRUS-1"))...)
	})},
	{"cert.ou", Error, "OU in a TLS CA", sub(func(t *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return named(c, usual(t, attr(t, "organizational-unit", "Unit"), attr(t, "common-name", "F1"))...)
	})},
	{"cert.ou", Warning, "OU in another CA", func(t *testing.T, w *hierarchy) *made {
		return certificate(t, named(smimeProfile(t), usual(t, attr(t, "organizational-unit", "Unit"), attr(t, "common-name", "F1"))...),
			key(t, algorithm.ECDSAP384, "f"), w.root)
	}},
	{"cert.subject", Error, "empty", func(t *testing.T, w *hierarchy) *made { return put(atSubject, 0x30, 0)(t, w.e1) }},
	{"cert.name-encoding", Error, "country as UTF8String", func(t *testing.T, w *hierarchy) *made {
		return edit(t, w.e1, w.root, func(p [][]byte) [][]byte {
			p[atSubject] = bytes.Replace(p[atSubject], []byte{0x13, 2, 'U', 'S'}, []byte{0x0c, 2, 'U', 'S'}, 1)
			return p
		})
	}},
}

var failingDates = []failing{
	{"root.validity", Error, "seven years", newRoot(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return valid(c, "2026-12-01T00:00:00Z", "2033-11-30T23:59:59Z")
	})},
	{"root.validity", Error, "9132 days and a second (Let's Encrypt 1715455)", newRoot(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return valid(c, "2026-12-01T00:00:00Z", "2051-12-02T00:00:00Z")
	})},
	{"cert.validity", Error, "one second too long (Certigna 1667744)", func(t *testing.T, w *hierarchy) *made {
		return edit(t, w.e1, w.root, func(p [][]byte) [][]byte {
			p[atValidity] = bytes.Replace(p[atValidity], []byte("291130235959Z"), []byte("291201000000Z"), 1)
			return p
		})
	}},
	{"cert.time", Error, "GeneralizedTime before 2050", func(t *testing.T, w *hierarchy) *made {
		return edit(t, w.e1, w.root, func(p [][]byte) [][]byte {
			times := split(t, p[atValidity])
			p[atValidity] = seq(t, times[0], der(t, w.e1.cert.NotAfter.Time, "generalized"))
			return p
		})
	}},
	{"time.not-before", Error, "two days ago", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return valid(c, "2026-11-29T00:00:00Z", "2029-11-28T23:59:59Z")
	})},
	{"time.not-before", Error, "in the future", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return valid(c, "2026-12-01T09:30:01Z", "2029-11-28T23:59:59Z")
	})},
	{"time.not-after", Error, "expired", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return valid(c, "2026-11-30T10:00:00Z", "2026-12-01T09:29:59Z")
	})},
	{"chain.validity-nested", Error, "after the issuer", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return valid(c, "2026-12-01T00:00:00Z", "2042-11-30T23:59:59Z")
	})},
}

// keyed gives an issuing CA another key and signs again.
func keyed(t *testing.T, w *hierarchy, public []byte) *made {
	return edit(t, w.e1, w.root, func(p [][]byte) [][]byte { p[atKey] = public; return p })
}

// rsaSPKI makes a SubjectPublicKeyInfo of any numbers.
func rsaSPKI(t *testing.T, n *big.Int, e int) []byte {
	bits := der(t, rsa.PublicKey{N: n, E: e}, "")
	return seq(t, seq(t, der(t, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}, ""), []byte{5, 0}),
		der(t, asn1.BitString{Bytes: bits, BitLength: 8 * len(bits)}, ""))
}

var failingKeys = []failing{
	{"key.quality", Warning, "a small factor", func(t *testing.T, w *hierarchy) *made {
		n := new(big.Int).SetBit(big.NewInt(0), 2047, 1)
		n.Add(n, new(big.Int).Sub(big.NewInt(751), new(big.Int).Mod(n, big.NewInt(751))))
		if n.Bit(0) == 0 {
			n.Add(n, big.NewInt(751))
		}
		return keyed(t, w, rsaSPKI(t, n, 65537))
	}},
	{"key.quality", Warning, "a small exponent", func(t *testing.T, w *hierarchy) *made {
		return keyed(t, w, rsaSPKI(t, key(t, algorithm.RSA2048, "q").Public().(*rsa.PublicKey).N, 3))
	}},
	{ruleKeyQuality, Fatal, "a small private key", func(t *testing.T, w *hierarchy) *made { return keyed(t, w, smallSPKI(t)) }},
	{"key.signer", Error, "a small private key", knowing(func(w *hierarchy) *made { return w.crl }, func(t *testing.T, _ *hierarchy, c *Context) {
		c.IssuerKey = smallSPKI(t)
	})},
	{"key.size-apple", Error, "P-256 in a new root for Apple", func(t *testing.T, w *hierarchy) *made {
		c := rootProfile(t)
		c.Signature = algorithm.ECDSASHA256
		return certificate(t, c, key(t, algorithm.ECDSAP256, "small"), nil)
	}},
	{"key.size-smime", Error, "RSA of 3072 bits", func(t *testing.T, w *hierarchy) *made {
		return certificate(t, smimeProfile(t), key(t, algorithm.RSA3072, "r1"), w.root)
	}},
	{"key.age", Warning, "made six years ago", knowing(func(w *hierarchy) *made { return w.root }, func(_ *testing.T, _ *hierarchy, c *Context) {
		c.KeyGenerated = signing.AddDate(-6, 0, 0)
	})},
	{"key.age", Error, "made after the signing", knowing(func(w *hierarchy) *made { return w.root }, func(_ *testing.T, _ *hierarchy, c *Context) {
		c.KeyGenerated = signing.Add(time.Second)
	})},
	{"key.distinct", Error, "the issuer's own key", func(t *testing.T, w *hierarchy) *made { return keyed(t, w, w.root.cert.RawSPKI) }},
	{"cert.serial", Warning, "8 octets", func(t *testing.T, w *hierarchy) *made {
		return edit(t, w.e1, w.root, func(p [][]byte) [][]byte { p[atSerial] = der(t, int64(0x7123456789abcdef), ""); return p })
	}},
	{"cert.serial", Error, "21 octets", func(t *testing.T, w *hierarchy) *made {
		return edit(t, w.e1, w.root, func(p [][]byte) [][]byte {
			p[atSerial] = der(t, new(big.Int).Lsh(big.NewInt(1), 161), "")
			return p
		})
	}},
	{"cert.ski", Error, "another method (Let's Encrypt rehearsal 2020)", func(t *testing.T, w *hierarchy) *made {
		m := *w.e1
		m.obj.Declared = withExtension(m.obj.certificate(), ext.NameSubjectKeyID, func(e *profiles.Extension) {
			e.Value = ext.SubjectKeyID{Method: ext.SKISHA1}
		})
		return &m
	}},
	{"cert.alg-table", Error, "inner and outer differ", func(t *testing.T, w *hierarchy) *made {
		return edit(t, w.e1, w.root, func(p [][]byte) [][]byte {
			p[atAlgorithm] = bytes.Replace(p[atAlgorithm], []byte{4, 3, 3}, []byte{4, 3, 2}, 1)
			return p
		})
	}},
	{"cert.alg-table", Error, "SHA-1 (GTS 1652581)", func(t *testing.T, w *hierarchy) *made {
		return edit(t, w.e1, w.root, func(p [][]byte) [][]byte {
			p[atAlgorithm] = seq(t, der(t, asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 1}, ""))
			return p
		})
	}},
	{"chain.sigalg-key", Error, "SHA-256 by a P-384 key (DigiCert 1654967)", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		out := *c
		out.Signature = algorithm.ECDSASHA256
		return &out
	})},
	{"chain.issuer-key", Error, "another key signs", knowing(theE1, func(_ *testing.T, w *hierarchy, c *Context) { c.IssuerKey = w.e1.cert.RawSPKI })},
}

var failingExtensions = []failing{
	{"cert.extensions-closed", Error, "one more", func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.e1, w.root, asn1.ObjectIdentifier{1, 2, 3, 4}, nil, []byte{5, 0})
	}},
	{"cert.extensions-closed", Error, "BC not critical (several CAs, 2024)", func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.e1, w.root, inspect.OIDBasicConstraints, nil, []byte{0x30, 6, 1, 1, 0xff, 2, 1, 0})
	}},
	{"cert.extensions-required", Error, "no CDP (DigiCert 1654967)", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return without(c, ext.NameCRLPoints)
	})},
	{"cert.criticality", Error, "critical EKU", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return withExtension(c, ext.NameExtKeyUsage, func(e *profiles.Extension) { e.Critical = true })
	})},
	{"root.extensions", Warning, "CP in a root", newRoot(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return plus(c, profiles.Extension{Name: ext.NamePolicies, Value: ext.Policies{{OID: policyAny}}})
	})},
	{"root.extensions", Error, "EKU in a root", newRoot(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return plus(c, profiles.Extension{Name: ext.NameExtKeyUsage, Value: ext.ExtKeyUsage{{OID: purposeServer}}})
	})},
	{"root.aki", Warning, "no AKI", newRoot(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return without(c, ext.NameAuthorityKeyID)
	})},
	{"cert.ku", Error, "no cRLSign", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return withExtension(c, ext.NameKeyUsage, func(e *profiles.Extension) { e.Value = ext.KeyUsage{ext.CertSign} })
	})},
	{"cert.ocsp-intent", Error, "signs OCSP without digitalSignature (GTS 1652581)", newRoot(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		out := *c
		out.Purpose.OCSP = ocspDirect
		return &out
	})},
	{"cert.extension-unique", Error, "twice", func(t *testing.T, w *hierarchy) *made {
		return edit(t, w.e1, w.root, func(p [][]byte) [][]byte {
			list := split(t, split(t, explicitContents(t, p[atExtensions]))[0])
			p[atExtensions] = explicit(t, 3, seq(t, append(list, list[1])...))
			return p
		})
	}},
	{"cert.extension-kind", Error, "a CRL number in a CA certificate", func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.e1, w.root, inspect.OIDCRLNumber, nil, []byte{2, 1, 1})
	}},
	{"cert.other-extension", Warning, "of nobody", func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.e1, w.root, asn1.ObjectIdentifier{1, 2, 3, 4}, nil, []byte{5, 0})
	}},
	{"cert.other-extension", Error, "of nobody and critical", func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.e1, w.root, asn1.ObjectIdentifier{1, 2, 3, 4}, critical, []byte{5, 0})
	}},
	{"cert.ca-usage", Error, "no keyCertSign", func(t *testing.T, w *hierarchy) *made {
		return fixed(inspect.OIDKeyUsage, 3, 2, 1, 2)(t, w.e1)
	}},
	{"cert.no-sct", Warning, "no-check in a CA", func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.e1, w.root, inspect.OIDOCSPNoCheck, nil, []byte{5, 0})
	}},
	{"cert.cdp", Error, "a cRLIssuer", func(t *testing.T, w *hierarchy) *made {
		name := explicit(t, 0, explicit(t, 0, tlv(t, asn1.ClassContextSpecific, 6, false, []byte("http://x1.c.example.com/root-x1.crl"))))
		issuer := explicit(t, 2, explicit(t, 4, w.root.cert.RawSubject))
		return extend(t, w.e1, w.root, inspect.OIDCRLDistributionPoints, nil, seq(t, seq(t, name, issuer)))
	}},
	{"cert.aia", Error, "an unknown method", func(t *testing.T, w *hierarchy) *made {
		uri := tlv(t, asn1.ClassContextSpecific, 6, false, []byte("http://x1.i.example.com/root-x1.crt"))
		return extend(t, w.e1, w.root, inspect.OIDAuthorityInfoAccess, nil,
			seq(t, seq(t, der(t, asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 5}, ""), uri)))
	}},
	{"cert.url", Error, "https in a CDP (1963456)", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return withExtension(c, ext.NameCRLPoints, func(e *profiles.Extension) { e.Value = ext.CRLPoints{"https://x1.c.example.com/root-x1.crl"} })
	})},
	{"chain.issuer-urls", Error, "CDP of another CA (IdenTrust 1991215)", func(t *testing.T, w *hierarchy) *made {
		m := *w.e1
		m.ctx.IssuerURLs = &URLs{CRL: []string{"http://r.c.example.com/r.crl"}, CAIssuers: m.ctx.IssuerURLs.CAIssuers}
		m.ctx.OtherURLs = map[string]URLs{"e1": {CRL: []string{"http://x1.c.example.com/root-x1.crl"}}}
		return &m
	}},
}

var failingPurposes = []failing{
	{"sub.eku", Error, "OCSPSigning in a CA (many CAs, 2020)", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return purposed(c, purposeServer, purposeOCSP)
	})},
	{"sub.eku", Error, "missing (several CAs, 2019)", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return without(c, ext.NameExtKeyUsage)
	})},
	{"sub.eku", Error, "serverAuth in a CA for e-mail", func(t *testing.T, w *hierarchy) *made {
		return certificate(t, purposed(smimeProfile(t), purposeEmail, purposeServer), key(t, algorithm.ECDSAP384, "f"), w.root)
	}},
	{"sub.policies", Error, "two reserved", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return policied(c, "2.23.140.1.2.1", "2.23.140.1.2.2")
	})},
	{"sub.policies", Error, "none reserved (KIR 1921598)", func(t *testing.T, w *hierarchy) *made {
		return certificate(t, policied(smimeProfile(t), "1.2.3.4"), key(t, algorithm.ECDSAP384, "f"), w.root)
	}},
	{"sub.policies", Warning, "anyPolicy for a non-Affiliate (DigiCert 1654967)", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return policied(c, policyAny)
	})},
}
