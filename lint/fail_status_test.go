// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"encoding/asn1"
	"slices"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

func theCRL(w *hierarchy) *made     { return w.crl }
func revokingOf(w *hierarchy) *made { return w.revoking }

// list makes a first CRL from a changed profile.
func list(change func(l *profiles.RevocationList)) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		l := crlProfile(t, "f-crl", 1)
		change(l)
		return revocationList(t, l, w.root, signing)
	}
}

var failingCRLs = []failing{
	{"crl.issuer", Error, "another issuer", knowing(theCRL, func(_ *testing.T, w *hierarchy, c *Context) { c.Issuer = w.e1.cert })},
	{"crl.aki", Error, "another identifier", knowing(theCRL, func(_ *testing.T, w *hierarchy, c *Context) { c.Issuer = w.e1.cert })},
	{"crl.signature", Error, "another key", func(t *testing.T, w *hierarchy) *made { return resign(t, w.crl, w.e1, w.crl.tbs) }},
	{"crl.number", Error, "the same again (GTS 1634795)", knowing(theCRL, func(_ *testing.T, w *hierarchy, c *Context) { c.First, c.Previous = false, w.crl.crl })},
	{"crl.window", Error, "twelve months and a second", list(func(l *profiles.RevocationList) {
		l.NextUpdate = profiles.End{For: source.Span{Months: 12, Seconds: 2}} // inclusive
	})},
	{"crl.window", Error, "eleven days for subscribers", list(func(l *profiles.RevocationList) {
		l.Covers, l.NextUpdate = profiles.SubscriberCertificates, profiles.End{For: source.Span{Days: 11}}
	})},
	{"crl.this-update", Error, "in the future", list(func(l *profiles.RevocationList) { l.ThisUpdate = profiles.FixedMoment(signing.Add(time.Second)) })},
	{"crl.this-update", Error, "before the previous (GTS 1634795)", knowing(theCRL, func(_ *testing.T, w *hierarchy, c *Context) { c.First, c.Previous = false, w.revoking.crl })},
	{"crl.gap", Notice, "a month without, at a private CA", func(t *testing.T, w *hierarchy) *made {
		l := crlProfile(t, "crl-3", 3)
		l.Purpose.Rules = []string{PackRFC5280}
		m := revocationList(t, l, w.root, date("2028-01-01T00:00:00Z"))
		m.ctx.First, m.ctx.Previous = false, w.crl.crl
		return m
	}},
	{"crl.gap", Warning, "a month without", func(t *testing.T, w *hierarchy) *made {
		m := revocationList(t, crlProfile(t, "crl-2", 2), w.root, signing.AddDate(1, 0, 0))
		m.ctx.First, m.ctx.Previous = false, w.crl.crl
		return m
	}},
	{"crl.next-issuer", Warning, "after the CA", func(t *testing.T, w *hierarchy) *made {
		return revocationList(t, crlProfile(t, "f-crl", 1), w.root, date("2041-06-01T00:00:00Z"))
	}},
	{"crl.first", Error, "three days late", func(t *testing.T, w *hierarchy) *made {
		m := revocationList(t, crlProfile(t, "f-crl", 1), w.root, signing.AddDate(0, 0, 3))
		m.ctx.Siblings = []Sibling{{"e1-cert", w.e1.cert, nil}}
		return m
	}},
	{"crl.der", Error, "an empty list", func(t *testing.T, w *hierarchy) *made { return listing(t, w.crl, w.root) }},
	{"crl.criticality", Error, "a critical number", func(t *testing.T, w *hierarchy) *made { return flagged(inspect.OIDCRLNumber, critical)(t, w.crl) }},
	{"crl.no-indirect", Warning, "a delta CRL", func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.crl, w.root, inspect.OIDDeltaCRLIndicator, critical, []byte{2, 1, 0})
	}},
}

// entries makes a CRL with these raw entries for e1.
func entries(raw func(t *testing.T, w *hierarchy) [][]byte) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		m := listing(t, w.crl, w.root, raw(t, w)...)
		m.ctx.Revoked = map[string]*inspect.Certificate{hexSerial(w.e1.cert.Serial): w.e1.cert}
		return m
	}
}

var failingEntries = []failing{
	{"crl.entry-belongs", Error, "removeFromCRL in a complete CRL", entries(func(t *testing.T, w *hierarchy) [][]byte {
		return [][]byte{rawEntry(t, w.e1.cert.Serial, signing, rawReason(t, asn1.TagEnum, 8))}
	})},
	{"crl.entry-reason", Error, "none, though declared", entries(func(t *testing.T, w *hierarchy) [][]byte {
		return [][]byte{rawEntry(t, w.e1.cert.Serial, signing)}
	})},
	{"crl.entry-reason", Error, "an INTEGER", entries(func(t *testing.T, w *hierarchy) [][]byte {
		return [][]byte{rawEntry(t, w.e1.cert.Serial, signing, rawReason(t, asn1.TagInteger, 4))}
	})},
	{"crl.entry-reason", Error, "certificateHold (Actalis 1914419)", entries(func(t *testing.T, w *hierarchy) [][]byte {
		return [][]byte{rawEntry(t, w.e1.cert.Serial, signing, rawReason(t, asn1.TagEnum, 6))}
	})},
	{"crl.entry-reason", Warning, "cACompromise", entries(func(t *testing.T, w *hierarchy) [][]byte {
		return [][]byte{rawEntry(t, w.e1.cert.Serial, signing, rawReason(t, asn1.TagEnum, 2))}
	})},
	{"crl.responses", Error, "lists what a response calls good", knowing(revokingOf, func(t *testing.T, w *hierarchy, c *Context) { c.Responses = []Answer{w.response.answer(t)} })},
	{"crl.responses", Error, "does not list what a response calls revoked", knowing(theCRL, func(t *testing.T, w *hierarchy, c *Context) {
		revoked := answered(1, revokedAs(0, 4))(t, w.response)
		c.Responses, c.Revoked = []Answer{revoked.answer(t)}, w.revoking.ctx.Revoked
	})},
	{"crl.entry-known", Error, "an unknown serial", knowing(revokingOf, func(_ *testing.T, _ *hierarchy, c *Context) { c.Revoked = map[string]*inspect.Certificate{} })},
	{"crl.entry-known", Notice, "a certificate whose signature nothing computes", knowing(revokingOf, func(t *testing.T, w *hierarchy, c *Context) {
		c.Revoked = map[string]*inspect.Certificate{hexSerial(w.e1.cert.Serial): signedOtherwise(t, w.e1.cert, nil)}
	})},
	{"crl.entry-known", Error, "one that names another key of the CA", knowing(revokingOf, func(t *testing.T, w *hierarchy, c *Context) {
		c.Revoked = map[string]*inspect.Certificate{hexSerial(w.e1.cert.Serial): signedOtherwise(t, w.e1.cert, make([]byte, 20))}
	})},
	{"crl.entry-known", Error, "a certificate of another CA", knowing(revokingOf, func(t *testing.T, w *hierarchy, c *Context) {
		forged := resign(t, w.e1, w.e1, w.e1.tbs)
		c.Revoked = map[string]*inspect.Certificate{hexSerial(w.e1.cert.Serial): forged.cert}
	})},
	{"crl.entry-known", Error, "the CA itself", entries(func(t *testing.T, w *hierarchy) [][]byte {
		return [][]byte{rawEntry(t, w.root.cert.Serial, signing, rawReason(t, asn1.TagEnum, 4))}
	})},
	{"crl.entry-dates", Error, "after thisUpdate", entries(func(t *testing.T, w *hierarchy) [][]byte {
		return [][]byte{rawEntry(t, w.e1.cert.Serial, signing.Add(time.Hour), rawReason(t, asn1.TagEnum, 4))}
	})},
	{"crl.entry-dates", Error, "before notBefore", entries(func(t *testing.T, w *hierarchy) [][]byte {
		return [][]byte{rawEntry(t, w.e1.cert.Serial, signing.AddDate(0, 0, -3), rawReason(t, asn1.TagEnum, 4))}
	})},
	{"crl.entry-unique", Error, "twice", entries(func(t *testing.T, w *hierarchy) [][]byte {
		e := rawEntry(t, w.e1.cert.Serial, signing, rawReason(t, asn1.TagEnum, 4))
		return [][]byte{e, e}
	})},
	{"crl.entry-ext", Warning, "invalidityDate", entries(func(t *testing.T, w *hierarchy) [][]byte {
		x := seq(t, der(t, inspect.OIDInvalidityDate, ""), tlv(t, 0, asn1.TagOctetString, false, der(t, signing, "generalized")))
		return [][]byte{rawEntry(t, w.e1.cert.Serial, signing, rawReason(t, asn1.TagEnum, 4), x)}
	})},
	{"crl.continuity", Error, "an entry disappears (IdenTrust 1991215)", func(t *testing.T, w *hierarchy) *made {
		m := revocationList(t, crlProfile(t, "crl-3", 3), w.root, date("2028-01-01T00:00:00Z"))
		m.ctx.First, m.ctx.Previous = false, w.revoking.crl
		m.ctx.Siblings = []Sibling{{"e1-cert", w.e1.cert, nil}}
		return m
	}},
	{"crl.continuity", Error, "another reason", func(t *testing.T, w *hierarchy) *made {
		m := revocationList(t, crlProfile(t, "crl-3", 3, profiles.RevokedEntry{
			Serial: profiles.Serial(hexSerial(w.e1.cert.Serial)), Date: profiles.FixedMoment(date("2027-06-01T09:00:00Z")), Reason: profiles.KeyCompromise,
		}), w.root, date("2028-01-01T00:00:00Z"))
		m.ctx.First, m.ctx.Previous = false, w.revoking.crl
		return m
	}},
}

// pointed makes a CRL with a raw issuing distribution point.
func pointed(crit []byte, fields func(t *testing.T) [][]byte) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		m := extend(t, w.crl, w.root, inspect.OIDIssuingDistributionPoint, crit, seq(t, fields(t)...))
		return m
	}
}

// rawURI makes the distributionPoint field.
func rawURI(t *testing.T, u string) []byte {
	return explicit(t, 0, explicit(t, 0, tlv(t, asn1.ClassContextSpecific, 6, false, []byte(u))))
}

var failingPoints = []failing{
	{"crl.idp-full", Warning, "without a distribution point", pointed(critical, func(t *testing.T) [][]byte {
		return [][]byte{tlv(t, asn1.ClassContextSpecific, 2, false, []byte{0xff})}
	})},
	{"crl.criticality", Error, "a scope that is not critical", pointed(nil, func(t *testing.T) [][]byte {
		return [][]byte{rawURI(t, "http://x1.c.example.com/root-x1.crl")}
	})},
	{"cert.der", Error, "an encoded FALSE in a scope", pointed(critical, func(t *testing.T) [][]byte {
		return [][]byte{rawURI(t, "http://x1.c.example.com/root-x1.crl"), tlv(t, asn1.ClassContextSpecific, 4, false, []byte{0})}
	})},
	{"crl.idp", Error, "empty", pointed(critical, func(*testing.T) [][]byte { return nil })},
	{"crl.idp-part", Error, "a directory name", pointed(critical, func(t *testing.T) [][]byte { return [][]byte{explicit(t, 0, explicit(t, 0, baseDir))} })},
	{"crl.scope", Error, "only subscribers, declared for CAs", pointed(critical, func(t *testing.T) [][]byte {
		return [][]byte{rawURI(t, "http://x1.c.example.com/root-x1.crl"), tlv(t, asn1.ClassContextSpecific, 1, false, []byte{0xff})}
	})},
	{"crl.scope", Error, "a year for subscribers of an issuing CA", func(t *testing.T, w *hierarchy) *made {
		return revocationList(t, crlProfile(t, "f-crl", 1), w.e1, signing)
	}},
	{"crl.complete", Error, "a certificate in no part (GTS 2031164)", func(t *testing.T, w *hierarchy) *made {
		m := *w.part
		m.ctx.Parts = []Part{}
		lost := certificate(t, withExtension(issuingProfile(t, "f-cert", "F1"), ext.NameCRLPoints, func(e *profiles.Extension) {
			e.Value = ext.CRLPoints{"http://x1.c.example.com/2.crl"}
		}), key(t, algorithm.ECDSAP384, "f"), w.root)
		m.ctx.Siblings = append(slices.Clone(m.ctx.Siblings), Sibling{"f-cert", lost.cert, nil})
		return &m
	}},
	{"crl.idp-uri", Error, "not that of the certificates (GTS 2031164)", func(t *testing.T, w *hierarchy) *made {
		m := pointed(critical, func(t *testing.T) [][]byte { return [][]byte{rawURI(t, "http://x1.c.example.com/Root-x1.crl")} })(t, w)
		m.ctx.Siblings = w.part.ctx.Siblings
		return m
	}},
}

// answer makes a response from a changed profile.
func answer(change func(r *profiles.Response)) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		r := responseProfile(t, w.e1)
		change(r)
		return response(t, r, w.root, w.delegate, w.e1, w.crl)
	}
}

// revoked declares a revocation.
func revoked(r *profiles.Response, at time.Time, why profiles.Reason) {
	r.Status = "revoked"
	r.Revoked = &profiles.RevokedEntry{Serial: r.Serial, Date: profiles.FixedMoment(at), Reason: why}
}

var failingResponses = []failing{
	{"ocsp.window", Error, "thirteen months", answer(func(r *profiles.Response) { r.NextUpdate = profiles.End{For: source.Span{Months: 13}} })},
	{"ocsp.within-signer", Error, "beyond the signer", answer(func(r *profiles.Response) { r.NextUpdate = profiles.End{For: source.Span{Months: 12}} })},
	{"ocsp.order", Error, "revoked in the future", answer(func(r *profiles.Response) { revoked(r, signing.Add(time.Hour), profiles.Superseded) })},
	{"ocsp.reason", Error, "without a reason", func(t *testing.T, w *hierarchy) *made {
		r := responseProfile(t, w.e1)
		revoked(r, signing, profiles.Superseded)
		m := response(t, r, w.root, w.delegate, w.e1, w.crl)
		reason := []byte{0xa0, 3, 0x0a, 1, 4}
		return reanswer(t, m, w, bytes.Replace(m.tbs, reason, []byte{0xa0, 3, 0x0a, 1, 6}, 1))
	}},
	{"ocsp.signer", Error, "a root without digitalSignature (GTS 1652581)", func(t *testing.T, w *hierarchy) *made {
		r := responseProfile(t, w.e1)
		r.Signature = algorithm.ECDSASHA384
		return response(t, r, w.root, w.root, w.e1, w.crl)
	}},
	{"ocsp.signature", Error, "changed", func(t *testing.T, w *hierarchy) *made {
		m := *w.response
		m.ctx.IssuerKey = w.delegate.cert.RawSPKI
		m.der = bytes.Replace(m.der, subjectKeyHash(w), bytes.Repeat([]byte{7}, 20), 1)
		return &m
	}},
	{"ocsp.status", Error, "about another certificate", knowing(responseOf, func(_ *testing.T, w *hierarchy, c *Context) { c.Subject = w.delegate.cert })},
	{"ocsp.crl", Error, "good, and revoked in the CRL", knowing(responseOf, func(_ *testing.T, w *hierarchy, c *Context) { c.LatestCRL = w.revoking.crl })},
	{"ocsp.certid", Notice, "SHA-256", answer(func(r *profiles.Response) { r.CertIDHash = "sha256" })},
	{"ocsp.certid-issuer", Error, "another issuer", knowing(responseOf, func(_ *testing.T, w *hierarchy, c *Context) { c.Issuer = w.e1.cert })},
}

// subjectKeyHash is the issuerKeyHash of the responses here.
func subjectKeyHash(w *hierarchy) []byte { return sha1Sum(publicKeyBits(w.root.cert.RawSPKI)) }

// reanswer signs other ResponseData.
func reanswer(t *testing.T, m *made, w *hierarchy, tbs []byte) *made {
	out := *m
	out.tbs = tbs
	alg := m.obj.response().Signature
	id, err := alg.Identifier()
	if err != nil {
		t.Fatal(err)
	}
	sig := signBytes(t, w.delegate.key, alg, tbs)
	out.der, err = wrapResponse(seq(t, tbs, id, der(t, asn1.BitString{Bytes: sig, BitLength: 8 * len(sig)}, ""),
		explicit(t, 0, seq(t, w.delegate.der))))
	if err != nil {
		t.Fatal(err)
	}
	return &out
}

// requested gives e1 the request of another key.
func requested(change func(t *testing.T, w *hierarchy) *made) func(*testing.T, *hierarchy) *made {
	return knowing(theE1, func(t *testing.T, w *hierarchy, c *Context) {
		r, err := inspect.ParseRequest(change(t, w).der)
		if err != nil {
			t.Fatal(err)
		}
		c.Request = r
	})
}

var failingRequests = []failing{
	{"req.signature", Error, "another key", func(t *testing.T, w *hierarchy) *made { return resign(t, w.request, w.root, w.request.tbs) }},
	{"req.password", Notice, "a password", func(t *testing.T, w *hierarchy) *made {
		return part(3, func(t *testing.T, _ *made, _ []byte) []byte {
			return tlv(t, 2, 0, true, seq(t, rawOID(t, "1.2.840.113549.1.9.7"), tlv(t, 0, 17, true, []byte{0x0c, 1, 'x'})))
		})(t, w.request)
	}},
	{"pop.signature", Error, "another key", requested(func(t *testing.T, w *hierarchy) *made { return resign(t, w.request, w.root, w.request.tbs) })},
	{"pop.spki", Error, "another key", requested(func(_ *testing.T, w *hierarchy) *made { return w.request })},
	{"pop.subject", Notice, "another name", requested(func(_ *testing.T, w *hierarchy) *made { return w.request })},
}

var failingBytes = []failing{
	{"cert.der", Error, "an encoded FALSE", func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.e1, w.root, inspect.OIDExtKeyUsage, []byte{1, 1, 0}, seq(t, der(t, asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 1}, "")))
	}},
	{"cert.der", Error, "key usage with zero bits", func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.e1, w.root, inspect.OIDKeyUsage, critical, []byte{3, 2, 0, 0x86})
	}},
	{"cert.version", Error, "a unique identifier", func(t *testing.T, w *hierarchy) *made {
		return edit(t, w.e1, w.root, func(p [][]byte) [][]byte {
			return slices.Insert(p, atExtensions, tlv(t, asn1.ClassContextSpecific, 2, false, []byte{0, 1}))
		})
	}},
	{"cert.declared-eq-issued", Error, "another purpose", func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.e1, w.root, inspect.OIDExtKeyUsage, nil, seq(t, der(t, asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 2}, "")))
	}},
}
