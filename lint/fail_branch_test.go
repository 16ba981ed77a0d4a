// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// failingBranches have what is said by branches that no other object goes through.
var failingBranches = slices.Concat(failingLengths, failingLists, failingAnswers, failingFacts, failingShapes)

// withPathLength is a CA certificate of a path length; none without a number.
func withPathLength(length ...byte) func(t *testing.T, m *made) *made {
	value := []byte{0x30, 3, 1, 1, 0xff}
	for _, n := range length {
		value = append([]byte{0x30, 6, 1, 1, 0xff}, 2, 1, n)
	}
	return fixed(inspect.OIDBasicConstraints, value...)
}

// below puts one CA below another, of a path length.
func below(outer byte, inner ...byte) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		m := *withPathLength(inner...)(t, w.e1)
		m.ctx.Issuer = withPathLength(outer)(t, w.root).cert
		return &m
	}
}

var failingLengths = []failing{
	{"chain.pathlen", Warning, "no path length below a CA with one", below(2)},
	{"chain.pathlen", Error, "the path length of the issuer", below(2, 2)},
	{"chain.pathlen", Error, "more than the path length of the issuer", below(2, 3)},
	{"chain.eku-subset", Warning, "no extKeyUsage below a CA with one", func(t *testing.T, w *hierarchy) *made {
		m := *drop(inspect.OIDExtKeyUsage)(t, w.e1)
		m.ctx.Issuer = w.e1.cert
		return &m
	}},
	{"cross.eku-hierarchy", Error, "nobody says which hierarchy", func(t *testing.T, w *hierarchy) *made {
		m := *w.cross
		c := *m.obj.certificate()
		c.Purpose.SubjectHierarchy = ""
		m.obj.Declared = &c
		return &m
	}},
	{"cross.existing", Error, "an existing root that does not verify under its own key", knowing(crossOf, func(_ *testing.T, _ *hierarchy, c *Context) {
		e := *c.Existing
		e.Signature = append(slices.Clone(e.Signature[:len(e.Signature)-1]), e.Signature[len(e.Signature)-1]^1)
		c.Existing = &e
	})},
	{"prog.mozilla-eku", NotChecked, "without the existing certificate", knowing(crossOf, func(_ *testing.T, _ *hierarchy, c *Context) { c.Existing = nil })},
}

// longList makes a CRL of a span about subscribers, or about CAs.
func longList(covers profiles.Scope, span source.Span, at time.Time, packs ...string) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		l := crlProfile(t, "crl", 1)
		l.Covers, l.NextUpdate, l.Purpose.Rules = covers, profiles.End{For: span}, packs
		return revocationList(t, l, w.root, at)
	}
}

var failingLists = []failing{
	{"crl.window", Notice, "twelve months of 366 days", longList(profiles.CACertificates, source.Span{Months: 12}, date("2027-03-01T09:00:00Z"), PackTLS)},
	{"crl.window", NotChecked, "eleven days of a CA of which nobody knows whether it is for time stamping", func(t *testing.T, w *hierarchy) *made {
		m := longList(profiles.SubscriberCertificates, source.Span{Days: 11}, signing, PackCodeSigning)(t, w)
		m.ctx.Issuer = nil
		return m
	}},
	{"crl.number", Warning, "a previous CRL without a number", func(_ *testing.T, w *hierarchy) *made {
		m := *w.revoking
		p := *m.ctx.Previous
		p.Extensions = nil
		m.ctx.Previous = &p
		return &m
	}},
	{"crl.der", Error, "version 1", func(t *testing.T, w *hierarchy) *made {
		return edit(t, w.crl, w.root, func(p [][]byte) [][]byte { return p[1 : len(p)-1] })
	}},
	{"crl.scope", Error, "an entry of a CA in a CRL for subscribers", func(t *testing.T, w *hierarchy) *made {
		m := extend(t, w.revoking, w.root, inspect.OIDIssuingDistributionPoint, critical, []byte{0x30, 3, 0x81, 1, 0xff})
		l := *m.obj.revocationList()
		l.Covers = profiles.SubscriberCertificates
		m.obj.Declared = &l
		return m
	}},
	{"crl.complete", NotChecked, "a certificate in no part, without the other parts", func(t *testing.T, w *hierarchy) *made {
		m := *w.part
		m.ctx.Parts = nil
		lost := valued(inspect.OIDCRLDistributionPoints, point("http://x1.c.example.com/2.crl"))(t, w.e1)
		m.ctx.Siblings = []Sibling{{"lost", lost.cert, nil}}
		return &m
	}},
	{"crl.entry-known", Error, "a certificate of another serial number", func(_ *testing.T, w *hierarchy) *made {
		m := *w.revoking
		m.ctx.Revoked = map[string]*inspect.Certificate{hexSerial(w.e1.cert.Serial): w.cross.cert}
		return &m
	}},
}

// answering makes a response about a subscriber that is valid for some time.
func answering(span source.Span) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		r := responseProfile(t, w.e1)
		r.Covers, r.NextUpdate = profiles.SubscriberCertificates, profiles.End{For: span}
		return response(t, r, w.root, w.delegate, w.e1, w.crl)
	}
}

// ofHash changes the AlgorithmIdentifier of the hash in a CertID.
func ofHash(to ...byte) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		parts := split(t, w.response.tbs)
		single := slices.IndexFunc(parts, func(p []byte) bool { return p[0] == 0x30 }) // after version, responder and time
		list := split(t, parts[single])
		members := split(t, list[0])
		id := split(t, members[0])
		id[0] = seq(t, to)
		members[0] = seq(t, id...)
		list[0] = seq(t, members...)
		parts[single] = seq(t, list...)
		return reanswerBy(t, w.response, seq(t, parts...))
	}
}

// sampled changes the sample response of a new responder.
func sampled(change func(w *hierarchy, s *inspect.Response)) func(*testing.T, *hierarchy) *made {
	return knowing(func(w *hierarchy) *made { return w.delegate }, func(_ *testing.T, w *hierarchy, c *Context) {
		s := *c.Sample
		change(w, &s)
		c.Sample = &s
	})
}

var failingAnswers = []failing{
	{"ocsp.window", Error, "eleven days about a subscriber", answering(source.Span{Days: 11})},
	{"ocsp.window", Error, "seven hours about a subscriber", answering(source.Span{Seconds: 7 * 3600})},
	{"ocsp.certid-issuer", Error, "a hash that no client uses", ofHash(6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2, 5, 0)},
	{"ocsp.certid-issuer", Error, "a hash with parameters", ofHash(6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 4, 0)},
	{"ocsp.sample", Error, "a sample that is an error", sampled(func(_ *hierarchy, s *inspect.Response) { s.Status = 1 })},
	{"ocsp.sample", Error, "a sample by another name", sampled(func(w *hierarchy, s *inspect.Response) { s.ResponderByName = &w.root.cert.Subject })},
	{"ocspcert.issuer", NotChecked, "among specimens", knowing(func(w *hierarchy) *made { return w.response }, func(_ *testing.T, _ *hierarchy, c *Context) { c.Specimen = true })},
	{"ocsp.within-signer", NotChecked, "nobody knows who signed", knowing(func(w *hierarchy) *made { return w.response }, func(_ *testing.T, _ *hierarchy, c *Context) { c.Responder, c.Issuer = nil, nil })},
}

var failingFacts = []failing{
	{"cert.ocsp-intent", Error, "nobody says who answers", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		c.Purpose.OCSP = ""
		return c
	})},
	{"key.size-program", Error, "a new root of 3072 bits for code signing", func(t *testing.T, _ *hierarchy) *made {
		return certificate(t, aimed(rootProfile(t), profiles.CodeSigning, PackMicrosoft), key(t, algorithm.RSA3072, "r1"), nil)
	}},
	{"key.size-apple", Warning, "a root of 3072 bits, dated by its notBefore", func(t *testing.T, _ *hierarchy) *made {
		m := certificate(t, aimed(rootProfile(t), profiles.TLSServer, PackApple), key(t, algorithm.RSA3072, "r1"), nil)
		m.ctx.DatedBy = "its notBefore"
		return m
	}},
	{"prog.ms-root-validity", Error, "submitted before it was signed", func(t *testing.T, _ *hierarchy) *made {
		m := certificate(t, aimed(rootProfile(t), profiles.TLSServer, PackMicrosoft), key(t, algorithm.ECDSAP384, "root"), nil)
		m.ctx.Submission = signing.AddDate(0, 0, -2)
		return m
	}},
	{"sub.eku-smime", Error, "a cross-certificate without extKeyUsage (SMC018)", func(t *testing.T, w *hierarchy) *made {
		m := *drop(inspect.OIDExtKeyUsage)(t, w.cross)
		c := *m.obj.certificate()
		c.Purpose.Intent, c.Purpose.SubjectHierarchy, c.Purpose.Rules = profiles.SMIME, "", []string{PackSMIME}
		m.obj.Declared = &c
		return &m
	}},
	{"cert.serial", Error, "more octets than were declared", put(atSerial, append([]byte{2, 20, 0x51}, bytes.Repeat([]byte{0x5a}, 19)...)...).of(theE1)},
	{"sub.policies", Error, "a notice without text (SBR 7.1.2.2 a)", func(t *testing.T, w *hierarchy) *made {
		m := mailCA(func(c *profiles.Certificate) *profiles.Certificate { return c })(t, w)
		notice := seq(t, rawOID(t, "1.3.6.1.5.5.7.2.2"), seq(t))
		return valued(inspect.OIDCertificatePolicies, literal(seq(t, seq(t, rawOID(t, "2.23.140.1.5.1.3"), seq(t, notice)))...))(t, m)
	}},
}

// of breaks one of the hierarchy.
func (b breaker) of(pick func(w *hierarchy) *made) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made { return b(t, pick(w)) }
}

// constrainedTo gives a CA name constraints of one subtree.
func constrainedTo(base []byte) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.e1, w.root, inspect.OIDNameConstraints, critical, trees([][]byte{base}, nil)(t, nil))
	}
}

var failingShapes = []failing{
	{"nc.syntax", Error, "a URI with a path", constrainedTo(short(inspect.TagURI, []byte("https://example.com/x")...))},
	{"nc.tls", Error, "an onion name without an address", constrainedTo(short(inspect.TagDNS, []byte("example.onion")...))},
	{"key.quality", Error, "a modulus of 2049 bits", func(t *testing.T, w *hierarchy) *made {
		return part(atKey, func(t *testing.T, _ *made, _ []byte) []byte { return rsaSPKI(t, ofBits(2049)(t), 65537) })(t, w.e1)
	}},
	{"cert.extensions-closed", Error, "two extensions in another order", func(t *testing.T, w *hierarchy) *made {
		return inList(func(_ *testing.T, _ *made, list [][]byte) [][]byte {
			list[0], list[1] = list[1], list[0]
			return list
		})(t, w.e1)
	}},
}
