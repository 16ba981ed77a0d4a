// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"math/big"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// e1Point is where e1 says that its CRL is.
const e1Point = "http://x1.c.example.com/root-x1.crl"

// revoking makes a CRL of a scope that lists e1, after one of another scope, which lists e1
// from a day on where that is given.
func revoking(now, old ext.IssuingPoint, before ...string) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		var listed []profiles.RevokedEntry
		for _, day := range before {
			listed = append(listed, revokedOn(w, day, profiles.Superseded))
		}
		m := scoped(t, w, "crl-2", 2, now, signing, revokedOn(w, june, profiles.Superseded))
		m.ctx.First, m.ctx.Previous = false, scoped(t, w, "crl-1", 1, old, signing.AddDate(0, -1, 0), listed...).crl
		m.ctx.Revoked = map[string]*inspect.Certificate{hexSerial(w.e1.cert.Serial): w.e1.cert}
		return m
	}
}

var scopeEdges = []edge{
	{"crl.scope", "", "a scope that cannot be read", maker(listOf).but(breaking(unreadableScope))},
	{"crl.scope", "error clients do not take this CRL", "revokes what points to another", revoking(shard(shard1), shard(shard1))},
	{"crl.scope", "error clients do not take this CRL", "the first one revokes what points to another", maker(revoking(shard(shard1), shard(shard1))).but(known(func(_ *hierarchy, c *Context) {
		c.First, c.Previous = true, nil
	}))},
	{"crl.scope", "", "published, and nobody knows what was before", maker(revoking(shard(shard1), shard(shard1))).but(known(func(_ *hierarchy, c *Context) { c.Previous = nil }))},
	{"crl.scope", "", "carried over, and points to another", revoking(shard(shard1), shard(shard1), june)},
	{"crl.scope", "", "moved from where the certificate points to", revoking(shard(moved1), shard(e1Point))},
	{"crl.scope", "", "revokes what points to it", revoking(shard(e1Point), shard(shard1))},
	{"crl.scope", "", "without a name", revoking(shard(), shard(shard1))},
	{"crl.scope-kept", "", "a previous scope that cannot be read", maker(following(shard(), shard())).but(func(t *testing.T, w *hierarchy, m *made) {
		m.ctx.Previous = reread(t, unreadableScope(t, scoped(t, w, "crl-1", 1, shard(), signing.AddDate(0, -1, 0))))
	})},
	{"crl.scope-kept", "", "all after all, beside one of a name", following(shard(), shard(), partOf(shard(shard2), true))},
	{"crl.complete", "", "another part covers it", maker(thePartOf).but(elsewhereListed(partOf(shard(shard2), true)))},
	{"crl.complete", "error no CRL of the CA covers", "no part covers it", maker(thePartOf).but(elsewhereListed(partOf(shard("http://x1.c.example.com/3.crl"), true)))},
	{"crl.first", "", "a certificate that nobody has read", maker(listOf).but(known(func(_ *hierarchy, c *Context) { c.Siblings = []Sibling{{Artifact: "nothing"}} }))},
	{"crl.first", "", "a certificate of another CA", maker(listOf).but(known(func(w *hierarchy, c *Context) {
		other := *w.e1.cert
		other.RawIssuer, other.NotBefore.Time = []byte{1}, date("2020-01-01T00:00:00Z")
		c.Siblings = []Sibling{{"other", &other, nil}}
	}))},
	{"crl.first", "", "the root itself", maker(listOf).but(known(func(w *hierarchy, c *Context) {
		self := *w.root.cert
		self.NotBefore.Time = date("2020-01-01T00:00:00Z")
		c.Siblings = []Sibling{{"self", &self, nil}}
	}))},
	{"crl.idp-uri", "", "certificates that nobody has read, of another CA, and the root itself", maker(thePartOf).but(known(func(w *hierarchy, c *Context) {
		other := *w.e1.cert
		other.RawIssuer = []byte{1}
		other.Extensions = nil
		c.Siblings = []Sibling{{Artifact: "nothing"}, {"other", &other, nil}, {"root", w.root.cert, nil}}
	}))},
	{"crl.idp-uri", "", "the root itself points elsewhere", maker(thePartOf).but(func(t *testing.T, w *hierarchy, m *made) {
		self := added(inspect.OIDCRLDistributionPoints, nil, point(shard2))(t, w.root)
		m.ctx.Siblings = []Sibling{{"root", self.cert, nil}}
	})},
	{"crl.window", "", "eleven months about time stamping", func(t *testing.T, w *hierarchy) *made {
		stamping := certificate(t, timeProfile(t), key(t, algorithm.ECDSAP384, "time"), w.root)
		l := crlProfile(t, "crl", 1)
		l.Covers, l.Purpose.Rules = profiles.SubscriberCertificates, []string{PackCodeSigning}
		return revocationList(t, l, stamping, signing)
	}},
	{"crl.window", "error more than 10 days", "eleven months about time stamping, under the SBRs", func(t *testing.T, w *hierarchy) *made {
		stamping := certificate(t, timeProfile(t), key(t, algorithm.ECDSAP384, "time"), w.root)
		l := crlProfile(t, "crl", 1)
		l.Covers, l.Purpose.Rules = profiles.SubscriberCertificates, []string{PackSMIME}
		return revocationList(t, l, stamping, signing)
	}},
	{"crl.window", "error more than 10 days", "eleven months about time stamping and code signing", func(t *testing.T, w *hierarchy) *made {
		both := certificate(t, purposed(timeProfile(t), purposeTime, purposeCode), key(t, algorithm.ECDSAP384, "time"), w.root)
		l := crlProfile(t, "crl", 1)
		l.Covers, l.Purpose.Rules = profiles.SubscriberCertificates, []string{PackCodeSigning}
		return revocationList(t, l, both, signing)
	}},
}

func thePartOf(_ *testing.T, w *hierarchy) *made { return w.part }

// elsewhereListed has e1 point to a CRL of another name, and says which other CRLs there are.
func elsewhereListed(parts ...Part) func(*testing.T, *hierarchy, *made) {
	return func(t *testing.T, w *hierarchy, m *made) {
		e1 := valued(inspect.OIDCRLDistributionPoints, point(shard2))(t, w.e1)
		m.ctx.Siblings, m.ctx.Parts = []Sibling{{"e1-cert", e1.cert, nil}}, parts
	}
}

// ofAnotherKey is the root's certificate with another key.
func ofAnotherKey(w *hierarchy) *inspect.Certificate {
	c := *w.root.cert
	c.RawSPKI = w.e1.cert.RawSPKI
	return &c
}

// previousEdges are about who signed the previous CRL.
var previousEdges = []edge{
	{"crl.continuity", "not-checked signature by the real key", "a previous CRL of a plan", maker(revokingMade).but(known(func(_ *hierarchy, c *Context) { c.PreviousUnsigned = true }))},
	{"crl.continuity", "", "a previous CRL of the stand-in", maker(revokingMade).but(known(func(w *hierarchy, c *Context) { c.IssuerOfRecord = ofAnotherKey(w) }))},
	{"crl.continuity", "error the previous CRL under the key of the CA", "a previous CRL of neither", maker(revokingMade).but(known(func(w *hierarchy, c *Context) {
		c.IssuerOfRecord, c.Issuer = ofAnotherKey(w), ofAnotherKey(w)
	}))},
}

var keyEdges = []edge{
	{"key.size-smime", notApplies, "a request that is not for a CA", maker(mailRequest(false, profiles.ClientAuth))},
	{"key.size-smime", "error", "a request for a CA", maker(mailRequest(true, profiles.ClientAuth))},
	{"key.size-smime", "error", "a request for S/MIME", maker(mailRequest(false, profiles.SMIME))},
	{"cert.ski", "", "the short identifier of an existing certificate", shortSKI},
	{"cert.ski", notApplies, "none is declared", maker(e1Of).but(func(_ *testing.T, _ *hierarchy, m *made) {
		m.obj.Declared = without(m.obj.certificate(), ext.NameSubjectKeyID)
	})},
	{"key.size-apple", notApplies, "included before the rule", maker(theRootOf).but(bindingOn("", PackApple), purpose(func(p *profiles.Purpose) { p.Included = "2026-07-31" }))},
	{"key.size-apple", "", "included since", maker(theRootOf).but(bindingOn("", PackApple), purpose(func(p *profiles.Purpose) { p.Included = "2026-08-01" }))},
	{"key.size-program", "warning which Windows does not support", "RSA of 5120 bits for code signing", maker(e1Of).but(bindingOn("", PackMicrosoft), forIntent(profiles.CodeSigning), breaking(modulus(5120)))},
	{"key.size-program", "", "RSA of 5120 bits for time stamping", maker(e1Of).but(bindingOn("", PackMicrosoft), forIntent(profiles.TimeStamping), breaking(modulus(5120)))},
	{"key.size-program", notYet + "|notice RSA-2048", "RSA of 2048 bits before the CSBRs", maker(e1Of).but(bindingOn("2021-05-31", PackCodeSigning), forIntent(profiles.CodeSigning), breaking(modulus(2048)))},
}

// mailRequest makes a request with a small RSA key.
func mailRequest(ca bool, intent profiles.Intent) maker {
	return func(t *testing.T, w *hierarchy) *made {
		r := *w.request.obj.request()
		r.Purpose.Intent, r.Purpose.Rules = intent, []string{PackSMIME}
		m := *w.request
		m.obj.Declared = &r
		m.ctx.Signing = date("2026-12-01T00:00:00Z")
		small := spki(t, key(t, algorithm.RSA2048, "q"))
		return redo(t, &m, func(p [][]byte) [][]byte {
			p[2] = small
			p[3] = explicit(t, 0)
			if ca {
				list := seq(t, seq(t, der(t, inspect.OIDBasicConstraints, ""), tlv(t, 0, 4, false, []byte{0x30, 3, 1, 1, 0xff})))
				p[3] = explicit(t, 0, seq(t, rawOID(t, "1.2.840.113549.1.9.14"), tlv(t, 0, asn1.TagSet, true, list)))
			}
			return p
		})
	}
}

// shortSKI makes a CA with an identifier of four octets, as the existing one has it.
var shortSKI = maker(e1Of).but(breaking(fixed(inspect.OIDSubjectKeyID, 4, 4, 1, 2, 3, 4)), func(_ *testing.T, _ *hierarchy, m *made) {
	m.obj.Declared = withExtension(m.obj.certificate(), ext.NameSubjectKeyID, func(e *profiles.Extension) {
		e.Value = ext.SubjectKeyID{Method: ext.SKIExisting, Value: []byte{1, 2, 3, 4}}
	})
})

// modulus gives a certificate an RSA key of so many bits.
func modulus(n uint) breaker {
	return part(atKey, func(t *testing.T, _ *made, _ []byte) []byte {
		return rsaSPKI(t, new(big.Int).SetBit(new(big.Int).Lsh(big.NewInt(1), n-1), 0, 1), 65537)
	})
}

// forIntent declares another intent.
func forIntent(i profiles.Intent) func(*testing.T, *hierarchy, *made) {
	return purpose(func(p *profiles.Purpose) { p.Intent = i })
}
