// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"encoding/asn1"
	"slices"
	"strings"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

func theRootOf(_ *testing.T, w *hierarchy) *made { return w.root }
func e1Of(_ *testing.T, w *hierarchy) *made      { return w.e1 }
func theCross1(_ *testing.T, w *hierarchy) *made { return w.cross }
func listOf(_ *testing.T, w *hierarchy) *made    { return w.crl }
func statusOf(_ *testing.T, w *hierarchy) *made  { return w.response }

// constrainedCA makes the technically constrained CA for TLS.
func constrainedCA(t *testing.T, w *hierarchy) *made {
	return certificate(t, constrainedProfile(t), key(t, algorithm.ECDSAP384, "nc"), w.root)
}

// plainMailCA makes an S/MIME CA below a root for S/MIME.
var plainMailCA = maker(mailCA(func(c *profiles.Certificate) *profiles.Certificate { return c }))

// issuedBy gives an object another issuer.
func issuedBy(change breaker) func(*testing.T, *hierarchy, *made) {
	return func(t *testing.T, w *hierarchy, m *made) { m.ctx.Issuer = change(t, w.root).cert }
}

// policyDV is the policy of e1.
const policyDV = "2.23.140.1.2.1"

// underMapping puts an object under an issuer with policies, with spaces between, which
// maps one to another; what follows makes the mapping unreadable.
func underMapping(own, from, to string, after ...byte) func(*testing.T, *hierarchy, *made) {
	return issuedBy(func(t *testing.T, m *made) *made {
		var policies [][]byte
		for _, p := range strings.Fields(own) {
			policies = append(policies, seq(t, rawOID(t, p)))
		}
		m = added(inspect.OIDCertificatePolicies, nil, literal(seq(t, policies...)...))(t, m)
		mapping := append(seq(t, seq(t, rawOID(t, from), rawOID(t, to))), after...)
		return added(inspect.OIDPolicyMappings, critical, literal(mapping...))(t, m)
	})
}

// version1 makes a certificate one of version 1, without extensions.
func version1(t *testing.T, m *made) *made {
	return redo(t, m, func(p [][]byte) [][]byte { return p[atSerial:atExtensions] })
}

// otherBasic gives a certificate other basicConstraints.
func otherBasic(value ...byte) breaker { return fixed(inspect.OIDBasicConstraints, value...) }

// constraint gives a certificate other nameConstraints.
func constraint(value func(*testing.T, *made) []byte) breaker {
	return inList(func(t *testing.T, m *made, list [][]byte) [][]byte {
		list = slices.DeleteFunc(list, func(x []byte) bool { return bytes.Equal(split(t, x)[0], der(t, inspect.OIDNameConstraints, "")) })
		return append(list, seq(t, der(t, inspect.OIDNameConstraints, ""), critical, tlv(t, 0, 4, false, value(t, m))))
	})
}

// allowed gives a constrained CA these permitted bases, and its issuer others.
func allowed(mine, issuer [][]byte) maker {
	return maker(constrainedCA).but(breaking(constraint(trees(mine, nil))), issuedBy(constraint(trees(issuer, nil))))
}

// single adds an extension to the one single response.
func single(oid asn1.ObjectIdentifier, crit []byte, value ...byte) breaker {
	return func(t *testing.T, m *made) *made {
		parts := split(t, m.tbs)
		i := slices.IndexFunc(parts, func(p []byte) bool { return p[0] == 0x30 })
		list := split(t, parts[i])
		x := seq(t, der(t, oid, ""), crit, tlv(t, 0, 4, false, value))
		list[0] = seq(t, append(split(t, list[0]), explicit(t, 1, seq(t, x)))...)
		parts[i] = seq(t, list...)
		return reanswerBy(t, m, seq(t, parts...))
	}
}

// dirName makes a base of one RDN of each attribute type, all values "US".
func dirName(t *testing.T, rdns ...[]byte) []byte { return explicit(t, 4, seq(t, rdns...)) }

// rdnOf makes an RDN of attributes, given by the last octet of their type in id-at.
func rdnOf(t *testing.T, kinds ...byte) []byte {
	var list [][]byte
	for _, k := range kinds {
		list = append(list, seq(t, []byte{6, 3, 0x55, 4, k}, []byte{0x13, 2, 'U', 'S'}))
	}
	return tlv(t, 0, 17, true, list...)
}

// inDirectory compares the directory names of a CA with those of its issuer.
func inDirectory(mine, issuer func(t *testing.T) []byte) maker {
	return func(t *testing.T, w *hierarchy) *made {
		return allowed([][]byte{mine(t)}, [][]byte{issuer(t)})(t, w)
	}
}

func dir(rdns ...func(t *testing.T) []byte) func(t *testing.T) []byte {
	return func(t *testing.T) []byte {
		var list [][]byte
		for _, r := range rdns {
			list = append(list, r(t))
		}
		return dirName(t, list...)
	}
}

func of(kinds ...byte) func(t *testing.T) []byte {
	return func(t *testing.T) []byte { return rdnOf(t, kinds...) }
}

const tooWide = "warning is outside the name constraints"

var constraintEdges = []edge{
	{"nc.syntax", "error neither a mailbox", "a mailbox of nobody", maker(constrainedCA).but(breaking(constraint(trees([][]byte{short(inspect.TagEmail, []byte("@example.com")...)}, nil))))},
	{"nc.syntax", "error neither a mailbox", "a mailbox of a host with a space", maker(constrainedCA).but(breaking(constraint(trees([][]byte{short(inspect.TagEmail, []byte("a@b c")...)}, nil))))},
	{"nc.syntax", "", "a mailbox", maker(constrainedCA).but(breaking(constraint(trees([][]byte{short(inspect.TagEmail, []byte("a@example.com")...)}, nil))))},
	{"nc.syntax", "error is not a DNS name", "a name of 254 characters", maker(constrainedCA).but(breaking(constraint(trees([][]byte{longName(254)}, nil))))},
	{"nc.syntax", "", "a name of 253 characters", maker(constrainedCA).but(breaking(constraint(trees([][]byte{longName(253)}, nil))))},
	{"nc.tls", "", "all DNS names excluded", maker(constrainedCA).but(breaking(constraint(trees([][]byte{baseDir}, [][]byte{short(inspect.TagDNS)}))))},
	{"nc.tls", "", "an address under a permitted one excluded", maker(constrainedCA).but(breaking(constraint(trees([][]byte{net(10, 0, 255, 0)}, [][]byte{net(10, 1, 255, 255)}))))},
	{"nc.tls", "error is not under a permitted name", "an address elsewhere excluded", maker(constrainedCA).but(breaking(constraint(trees([][]byte{net(10, 0, 255, 0)}, [][]byte{net(11, 0, 255, 0)}))))},
	{"nc.tls", "error is not under a permitted name", "a wider address excluded", maker(constrainedCA).but(breaking(constraint(trees([][]byte{net(10, 1, 255, 255)}, [][]byte{net(10, 0, 255, 0)}))))},
	{"chain.nc-nested", "", "an address within", allowed([][]byte{net(10, 1, 255, 255)}, [][]byte{net(10, 0, 255, 0)})},
	{"chain.nc-nested", tooWide, "an address beside", allowed([][]byte{net(10, 1, 255, 255)}, [][]byte{net(10, 2, 255, 255)})},
	{"chain.nc-nested", "", "a directory within", inDirectory(dir(of(6), of(10)), dir(of(6)))},
	{"chain.nc-nested", tooWide, "a directory above", inDirectory(dir(of(6)), dir(of(6), of(10)))},
	{"chain.nc-nested", tooWide, "a directory of another attribute", inDirectory(dir(of(8)), dir(of(6)))},
	{"chain.nc-nested", tooWide, "a directory whose RDN has one attribute more", inDirectory(dir(of(6, 10)), dir(of(6)))},
	{"chain.nc-nested", "", "the same other name", allowed([][]byte{otherName(1)}, [][]byte{otherName(1)})},
	{"chain.nc-nested", tooWide, "another other name", allowed([][]byte{otherName(2)}, [][]byte{otherName(1)})},
	{"chain.nc-nested", "", "an issuer without constraints", maker(constrainedCA)},
}

// longName is a dNSName of so many characters, of labels that are not too long.
func longName(n int) []byte {
	name := bytes.Repeat([]byte("a234567890123456789012345678901."), 8)[:n]
	if name[n-1] == '.' {
		name[n-1] = 'z'
	}
	return slices.Concat([]byte{0x80 | inspect.TagDNS, 0x81, byte(n)}, name)
}

// net is an iPAddress of IPv4 with a mask of two octets.
func net(a, b, c, d byte) []byte { return short(inspect.TagIP, a, b, 0, 0, c, d, 0, 0) }

// otherName is an otherName of a value.
func otherName(v byte) []byte { return []byte{0xa0, 9, 6, 2, 0x2a, 3, 0xa0, 3, 2, 1, v} }

var chainEdges = []edge{
	{"cert.version", "error version 1", "version 1", maker(e1Of).but(breaking(version1))},
	{"cert.der", "error NULL with contents", "an attribute of a request that is no DER", func(t *testing.T, w *hierarchy) *made {
		return redo(t, w.request, func(p [][]byte) [][]byte {
			p[3] = explicit(t, 0, seq(t, rawOID(t, "1.2.3.4"), tlv(t, 0, asn1.TagSet, true, []byte{5, 1, 0})))
			return p
		})
	}},
	{"cert.declared-eq-issued", "error", "a signature algorithm of nobody is declared", maker(e1Of).but(func(_ *testing.T, _ *hierarchy, m *made) {
		m.obj.certificate().Signature = "nonsense"
	})},
	{"chain.aki", "error but the issuer has 0102", "an old issuer, which the plan gives an identifier", maker(e1Of).but(issuedBy(drop(inspect.OIDSubjectKeyID)), known(func(_ *hierarchy, c *Context) { c.IssuerKeyID = []byte{1, 2} }))},
	{"chain.aki", "", "an old issuer", maker(e1Of).but(issuedBy(drop(inspect.OIDSubjectKeyID)))},
	{"cert.aki", "notice has an issuer or a serial number", "in a CRL before BR 7.2.2", maker(listOf).but(breaking(withSerial), bindingOn("2023-12-01", PackTLS))},
	{"cert.aki", "error has an issuer or a serial number", "in a CRL since BR 7.2.2", maker(listOf).but(breaking(withSerial), bindingOn("2024-03-15", PackTLS))},
	{"chain.issuer-can-sign", "", "a root of version 1", maker(e1Of).but(func(t *testing.T, w *hierarchy, m *made) { m.ctx.Issuer = version1(t, w.root).cert })},
	{"chain.issuer-can-sign", "error is not a CA", "a root of version 1 that nobody signed", maker(e1Of).but(func(t *testing.T, w *hierarchy, m *made) {
		m.ctx.Issuer = damagedCert(version1(t, w.root).cert)
	})},
	{"chain.issuer-can-sign", "error is not a CA", "another certificate of version 1", maker(e1Of).but(func(t *testing.T, w *hierarchy, m *made) { m.ctx.Issuer = version1(t, w.e1).cert })},
	{"chain.pathlen", "", "one less", maker(e1Of).but(breaking(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 0)), issuedBy(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 1)))},
	{"chain.pathlen", "error path length 1, but the issuer's is 1", "the same", maker(e1Of).but(breaking(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 1)), issuedBy(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 1)))},
	{"chain.pathlen", "", "the same, self-issued (RFC 5280 6.1.4 l)", maker(e1Of).but(breaking(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 1)), breaking(ofIssuersName), issuedBy(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 1)))},
	{"chain.pathlen", "", "self-issued below 0", maker(e1Of).but(breaking(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 0)), breaking(ofIssuersName), issuedBy(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 0)))},
	{"chain.pathlen", "error path length 2, but the issuer's is 1", "self-issued and more", maker(e1Of).but(breaking(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 2)), breaking(ofIssuersName), issuedBy(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 1)))},
	{"chain.self-issued", "notice with another key", "a cross-certificate, as when a CA changes its key", maker(theCross1).but(breaking(ofIssuersName))},
	{"cert.extension-kind", "error cannot have", "a CRL number in a single response", maker(statusOf).but(breaking(single(inspect.OIDCRLNumber, nil, 2, 1, 1)))},
	{"cert.other-extension", "", "an extension in a single response", maker(statusOf).but(breaking(single(asn1.ObjectIdentifier{1, 2, 3, 4}, nil, 5, 0)))},
	{"cert.other-extension", "notice extension 1.2.3.4", "in a CRL before BR 7.2.2", maker(listOf).but(breaking(added(asn1.ObjectIdentifier{1, 2, 3, 4}, nil, literal(5, 0))), bindingOn("2023-12-01", PackTLS))},
	{"cert.extension-unique", "error occurs 2 times [extensions]", "twice in a certificate", maker(e1Of).but(breaking(inList(func(t *testing.T, _ *made, list [][]byte) [][]byte {
		x := seq(t, der(t, asn1.ObjectIdentifier{1, 2, 3, 4}, ""), tlv(t, 0, 4, false, []byte{5, 0}))
		return append(list, x, x)
	})))},
	{"cross.pathlen-below", "", "as long as the existing", maker(theCross1).but(breaking(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 1)), existing(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 1)))},
	{"cross.pathlen-below", "", "none, and the existing has one", maker(theCross1).but(breaking(otherBasic(0x30, 3, 1, 1, 0xff)), existing(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 1)))},
	{"cross.pathlen-below", "notice path length 0, that of the existing certificate: 1", "one less than the existing", maker(theCross1).but(breaking(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 0)), existing(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 1)))},
	{"cross.pathlen-below", "notice that of the existing certificate: none", "0, and the existing has none", maker(theCross1).but(breaking(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 0)), existing(otherBasic(0x30, 3, 1, 1, 0xff)))},
	{"cross.pathlen", "", "one less than the existing", maker(theCross1).but(breaking(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 0)), existing(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 1)))},
	{"cross.pathlen", "warning of the existing certificate is 1", "more than the existing", maker(theCross1).but(breaking(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 2)), existing(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 1)))},
	{"chain.paths", "error crypto/x509", "a serial number that crypto/x509 refuses", maker(e1Of).but(breaking(put(atSerial, 2, 1, 0x80)))},
	{"chain.paths", "error crypto/x509", "the same in a specimen", maker(e1Of).but(breaking(put(atSerial, 2, 1, 0x80)), ofSpecimen)},
	{"chain.paths", "error crypto/x509 at|error zcrypto at 2029", "an issuer that expires before", maker(e1Of).but(issuedBy(part(atValidity, func(t *testing.T, _ *made, _ []byte) []byte {
		return seq(t, der(t, date("2026-01-01T00:00:00Z"), "utc"), der(t, date("2029-01-01T00:00:00Z"), "utc"))
	})))},
	{"chain.paths", "notice crypto/x509 does not support", "an issuer with a directoryName constraint", maker(e1Of).but(issuedBy(constraint(trees([][]byte{baseDNS, baseDir}, nil))))},
	{"chain.paths", "not-checked support of crypto/x509", "the same, of somebody else", maker(e1Of).but(issuedBy(constraint(trees([][]byte{baseDNS, baseDir}, nil)))).foreign()},
	{"chain.paths", "", "an issuer whose constraints crypto/x509 supports", maker(e1Of).but(issuedBy(constraint(trees([][]byte{baseDNS}, nil))))},
	{"chain.policy-subset", "", "a policy that the issuer maps its own to", maker(e1Of).but(underMapping("1.2.3", "1.2.3", policyDV))},
	{"chain.policy-subset", "", "a policy beside one that the issuer maps", maker(e1Of).but(underMapping("1.2.3 "+policyDV, "1.2.3", "1.2.9"))},
	{"chain.policy-subset", "warning is not among", "a mapping that cannot be read", maker(e1Of).but(underMapping("1.2.3", "1.2.3", policyDV, 5, 0))},
	{"chain.policy-subset", "warning is not among", "a policy that the issuer maps to another", maker(e1Of).but(underMapping(policyDV, policyDV, "1.2.3"))},
	{"chain.policy-subset", "warning is not among", "a policy that a policy of others is mapped to", maker(e1Of).but(underMapping("1.2.3", "1.2.4", policyDV))},
	{"chain.paths", "", "a specimen", maker(e1Of).but(ofSpecimen)},
	{"chain.paths", "error crypto/x509", "a specimen of an issuer that crypto/x509 refuses", maker(e1Of).but(issuedBy(put(atSerial, 2, 1, 0x80)), ofSpecimen)},
	{"chain.paths", "notice the path is not validated: a parser cannot read the certificate of the existing CA", "a specimen of a private CA that crypto/x509 refuses", maker(e1Of).but(issuedBy(put(atSerial, 2, 1, 0x80)), ofSpecimen, forIntent(profiles.Private))},
	{"chain.paths", "error crypto/x509", "what crypto/x509 refuses, of a private CA", maker(e1Of).but(breaking(put(atSerial, 2, 1, 0x80)), forIntent(profiles.Private))},
	{"root.no-end-entity", "", "a CA with a path length that cannot be read", maker(e1Of).but(breaking(otherBasic(0x30, 6, 1, 1, 0xff, 2, 1, 0xff)))},
	{"root.no-end-entity", "error neither for a CA", "a CA without cA", maker(e1Of).but(breaking(otherBasic(0x30, 0)))},
	{"ocsp.sample", notApplies, "a specimen", maker(func(_ *testing.T, w *hierarchy) *made { return w.delegate }).but(ofSpecimen)},
	{"time.not-before", "", "as far back as the existing certificate", maker(theCross1).but(known(func(_ *hierarchy, c *Context) { c.Signing = c.Signing.AddDate(0, 0, 9) }))},
}

// existing gives a cross-certificate another existing one, in what the rule reads.
func existing(change breaker) func(*testing.T, *hierarchy, *made) {
	return func(t *testing.T, w *hierarchy, m *made) {
		old := *m.ctx.Existing
		old.Extensions = change(t, w.e1).cert.Extensions
		m.ctx.Existing = &old
	}
}

// ofIssuersName makes a certificate self-issued.
var ofIssuersName = part(atSubject, func(_ *testing.T, m *made, _ []byte) []byte { return m.by.cert.RawSubject })

// ofSpecimen says that the signatures are static.
func ofSpecimen(_ *testing.T, _ *hierarchy, m *made) { m.ctx.Specimen = true }

// withSerial gives an authorityKeyIdentifier a serial number.
var withSerial = valued(inspect.OIDAuthorityKeyID, func(t *testing.T, m *made) []byte {
	return seq(t, short(0, subjectKeyID(m.by.cert.Extensions)...), short(2, 1))
})

var certificateEdges = slices.Concat(constraintEdges, chainEdges, scopeEdges, previousEdges, keyEdges)
