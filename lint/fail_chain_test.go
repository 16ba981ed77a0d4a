// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"slices"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// limited makes a technically constrained CA with changed constraints.
func limited(change func(t *testing.T, n *ext.NameConstraints)) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		c := withExtension(constrainedProfile(t), ext.NameNameConstraints, func(e *profiles.Extension) {
			n := e.Value.(ext.NameConstraints)
			change(t, &n)
			e.Value = n
		})
		return certificate(t, c, key(t, algorithm.ECDSAP384, "nc"), w.root)
	}
}

// trees makes raw name constraints with one permitted dNSName.
func rawTree(t *testing.T, parts ...[]byte) []byte { return seq(t, explicit(t, 0, seq(t, parts...))) }

// rawDNS makes a dNSName.
func rawDNS(t *testing.T, s string) []byte {
	return tlv(t, asn1.ClassContextSpecific, 2, false, []byte(s))
}

var failingConstraints = []failing{
	{"nc.syntax", Error, "a leading dot", func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.e1, w.root, inspect.OIDNameConstraints, critical, rawTree(t, rawDNS(t, ".example.com")))
	}},
	{"nc.tls", Error, "a minimum", func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.e1, w.root, inspect.OIDNameConstraints, critical,
			rawTree(t, rawDNS(t, "example.com"), tlv(t, asn1.ClassContextSpecific, 0, false, []byte{1})))
	}},
	{"nc.tls", Error, "excluded outside of permitted", limited(func(_ *testing.T, n *ext.NameConstraints) {
		n.Excluded = append(n.Excluded, tree("dns", "example.org"))
	})},
	{"nc.tls", Warning, "an excluded directoryName", func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.e1, w.root, inspect.OIDNameConstraints, critical, trees([][]byte{baseDNS}, [][]byte{baseDir})(t, nil))
	}},
	{"nc.tls-complete", Error, "IPv6 forgotten", limited(func(_ *testing.T, n *ext.NameConstraints) {
		n.Excluded = n.Excluded[:1]
	})},
	{"nc.tls-complete", Error, "no directoryName", limited(func(_ *testing.T, n *ext.NameConstraints) {
		n.Permitted = n.Permitted[:1]
	})},
	{"nc.smime", Error, "a mailbox", func(t *testing.T, w *hierarchy) *made {
		c := withExtension(smimeProfile(t), ext.NameNameConstraints, func(e *profiles.Extension) {
			e.Value.(ext.NameConstraints).Permitted[0] = tree("email", "a@example.com")
		})
		return certificate(t, c, key(t, algorithm.ECDSAP384, "f"), w.root)
	}},
	{"chain.nc-nested", Warning, "outside of the issuer's", func(t *testing.T, w *hierarchy) *made {
		m := certificate(t, constrainedProfile(t), key(t, algorithm.ECDSAP384, "nc"), w.root)
		issuer := extend(t, w.e1, w.root, inspect.OIDNameConstraints, critical, rawTree(t, rawDNS(t, "example.org")))
		m.ctx.Issuer = issuer.cert
		return m
	}},
}

// responder makes an OCSP responder from a changed profile.
func responder(change func(c *profiles.Certificate) *profiles.Certificate) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		return certificate(t, change(delegateProfile(t)), key(t, algorithm.ECDSAP256, "ocsp"), w.root)
	}
}

var failingDelegates = []failing{
	{"ocspcert.exact", Error, "no no-check (many CAs, 2020)", responder(func(c *profiles.Certificate) *profiles.Certificate {
		return without(c, ext.NameOCSPNoCheck)
	})},
	{"ocspcert.exact", Error, "a CDP", responder(func(c *profiles.Certificate) *profiles.Certificate {
		return plus(c, profiles.Extension{Name: ext.NameCRLPoints, Value: ext.CRLPoints{"http://x1.c.example.com/root-x1.crl"}})
	})},
	{"ocspcert.exact", Warning, "policies", responder(func(c *profiles.Certificate) *profiles.Certificate {
		return plus(c, profiles.Extension{Name: ext.NamePolicies, Value: ext.Policies{{OID: policyAny}}})
	})},
	{"ocspcert.purpose", Error, "another purpose", responder(func(c *profiles.Certificate) *profiles.Certificate {
		return purposed(c, purposeOCSP, purposeServer)
	})},
	{"ocsp.sample", Error, "by another key", func(t *testing.T, w *hierarchy) *made {
		m := certificate(t, delegateProfile(t), key(t, algorithm.ECDSAP256, "f-ocsp"), w.root)
		m.ctx.Sample = w.delegate.ctx.Sample
		return m
	}},
	{"ocspcert.lifetime", Warning, "three years", responder(func(c *profiles.Certificate) *profiles.Certificate {
		return valid(c, "2026-12-01T00:00:00Z", "2029-11-30T23:59:59Z")
	})},
	{"ocspcert.issuer", Error, "of another CA", knowing(responseOf, func(_ *testing.T, w *hierarchy, c *Context) { c.Issuer = w.e1.cert })},
}

func responseOf(w *hierarchy) *made { return w.response }

var failingChains = []failing{
	{"chain.issuer-dn", Error, "other bytes", func(t *testing.T, w *hierarchy) *made {
		return edit(t, w.e1, w.root, func(p [][]byte) [][]byte { p[atIssuer] = w.e1.cert.RawSubject; return p })
	}},
	{"chain.aki", Error, "another key identifier", func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.e1, w.root, inspect.OIDAuthorityKeyID, nil,
			seq(t, tlv(t, asn1.ClassContextSpecific, 0, false, make([]byte, 20))))
	}},
	{"cert.aki", Error, "issuer and serial (CFCA 1793053)", func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.e1, w.root, inspect.OIDAuthorityKeyID, nil, seq(t,
			tlv(t, asn1.ClassContextSpecific, 0, false, subjectKeyID(w.root.cert.Extensions)),
			explicit(t, 1, explicit(t, 4, w.root.cert.RawSubject)),
			tlv(t, asn1.ClassContextSpecific, 2, false, []byte{1})))
	}},
	{"chain.signature", Error, "by another key", func(t *testing.T, w *hierarchy) *made { return resign(t, w.e1, w.e1, w.e1.tbs) }},
	{"chain.paths", Error, "by another key", func(t *testing.T, w *hierarchy) *made { return resign(t, w.e1, w.e1, w.e1.tbs) }},
	{"chain.issuer-can-sign", Error, "a responder signs", func(t *testing.T, w *hierarchy) *made {
		m := *w.e1
		m.ctx.Issuer = w.delegate.cert
		return &m
	}},
	{"chain.pathlen", Error, "under a CA with path length 0", knowing(crossOf, func(_ *testing.T, w *hierarchy, c *Context) { c.Issuer = w.e1.cert })},
	{"chain.eku-subset", Warning, "wider than the issuer", func(t *testing.T, w *hierarchy) *made {
		m := sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
			return purposed(c, purposeServer, purposeClient)
		})(t, w)
		m.ctx.Issuer = w.e1.cert
		return m
	}},
	{"chain.policy-subset", Warning, "wider than the issuer", func(t *testing.T, w *hierarchy) *made {
		m := sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
			return policied(c, "2.23.140.1.2.2")
		})(t, w)
		m.ctx.Issuer = w.e1.cert
		return m
	}},
	{"root.no-end-entity", Error, "a server certificate", responder(func(c *profiles.Certificate) *profiles.Certificate {
		return purposed(c, purposeServer)
	})},
	{"chain.self-issued", Warning, "the issuer's name", func(t *testing.T, w *hierarchy) *made {
		return edit(t, w.e1, w.root, func(p [][]byte) [][]byte { p[atSubject] = w.root.cert.RawSubject; return p })
	}},
}

// other is another certificate with parts of e1.
func other(t *testing.T, w *hierarchy, change func(p [][]byte) [][]byte) Sibling {
	return Sibling{"other", edit(t, w.e1, w.root, change).cert, nil}
}

// beside puts a sibling next to e1.
func beside(change func(t *testing.T, w *hierarchy, p [][]byte) [][]byte) func(*testing.T, *hierarchy) *made {
	return knowing(theE1, func(t *testing.T, w *hierarchy, c *Context) {
		c.Siblings = append(c.Siblings, other(t, w, func(p [][]byte) [][]byte { return change(t, w, p) }))
	})
}

var failingCross = []failing{
	{"cross.existing", Error, "no CA", knowing(crossOf, func(_ *testing.T, w *hierarchy, c *Context) { c.Existing = w.delegate.cert })},
	{"cross.existing", Error, "expired", knowing(crossOf, func(_ *testing.T, _ *hierarchy, c *Context) { c.Signing = date("2041-01-01T00:00:00Z") })},
	{"cross.subject", Error, "another name", knowing(crossOf, func(_ *testing.T, w *hierarchy, c *Context) { c.Existing = w.e1.cert })},
	{"cross.spki", Error, "another key", knowing(crossOf, func(_ *testing.T, w *hierarchy, c *Context) { c.Existing = w.e1.cert })},
	{"cross.ski", Error, "another identifier (Let's Encrypt rehearsal 2023)", knowing(crossOf, func(_ *testing.T, w *hierarchy, c *Context) { c.Existing = w.e1.cert })},
	{"cross.ku", Warning, "wider", func(t *testing.T, w *hierarchy) *made {
		return extend(t, w.cross, w.root, inspect.OIDKeyUsage, critical, []byte{3, 2, 1, 0x86})
	}},
	{"cross.pathlen", Warning, "wider", knowing(crossOf, func(_ *testing.T, w *hierarchy, c *Context) { c.Existing = w.e1.cert })},
	{"cross.pathlen-below", Notice, "shorter", func(t *testing.T, w *hierarchy) *made { return withPathLength(0)(t, w.cross) }},
	{"cross.eku-hierarchy", Error, "no EKU (Let's Encrypt 2038351)", func(t *testing.T, w *hierarchy) *made {
		return edit(t, w.cross, w.root, func(p [][]byte) [][]byte {
			list := split(t, split(t, explicitContents(t, p[atExtensions]))[0])
			list = slices.DeleteFunc(list, func(x []byte) bool { return slices.Equal(split(t, x)[0], der(t, inspect.OIDExtKeyUsage, "")) })
			p[atExtensions] = explicit(t, 3, seq(t, list...))
			return p
		})
	}},
	{"cross.ev-oid", Error, "an EV CA loses its policy", knowing(crossOf, func(t *testing.T, w *hierarchy, c *Context) {
		ev := certificate(t, policied(issuingProfile(t, "ev", "EV"), policyEV), key(t, algorithm.ECDSAP384, "ev"), w.root)
		c.Existing = ev.cert
	})},
}

// explicitContents wraps the contents of an explicit tag as a SEQUENCE.
func explicitContents(t *testing.T, b []byte) []byte {
	var v asn1.RawValue
	if _, err := asn1.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return seq(t, v.Bytes)
}

var failingSets = []failing{
	{"set.serial-unique", Error, "twice (1636140)", beside(func(_ *testing.T, w *hierarchy, p [][]byte) [][]byte {
		p[atSubject] = w.delegate.cert.RawSubject
		return p
	})},
	{"set.dn-key", Error, "one name, two keys", beside(func(_ *testing.T, w *hierarchy, p [][]byte) [][]byte { p[atKey] = w.delegate.cert.RawSPKI; return p })},
	{"set.dn-key", Error, "one key, two names (DigiCert 1647084)", beside(func(_ *testing.T, w *hierarchy, p [][]byte) [][]byte {
		p[atSubject] = w.delegate.cert.RawSubject
		return p
	})},
	{"set.dn-bytes", Error, "other case", beside(func(_ *testing.T, w *hierarchy, p [][]byte) [][]byte {
		p[atSubject] = slices.Clone(p[atSubject])
		p[atSubject][len(p[atSubject])-2] ^= 0x20 // e1
		return p
	})},
	{"set.subject-unique", Warning, "one name, two keys", beside(func(_ *testing.T, w *hierarchy, p [][]byte) [][]byte {
		p[atKey] = w.delegate.cert.RawSPKI
		return p
	})},
	{"set.ski-key", Error, "one identifier, two keys", beside(func(_ *testing.T, w *hierarchy, p [][]byte) [][]byte { p[atKey] = w.delegate.cert.RawSPKI; return p })},
	{"set.spki-purpose", Error, "another purpose", knowing(theE1, func(t *testing.T, w *hierarchy, c *Context) {
		m := certificate(t, purposed(issuingProfile(t, "f-cert", "E1"), purposeEmail), key(t, algorithm.ECDSAP384, "e1"), w.root)
		c.Siblings = append(c.Siblings, Sibling{"other", m.cert, nil})
	})},
	{"set.spki-purpose", Warning, "another purpose in Apple's program, expired", sharedKey(PackApple, "", gone0, gone1, purposeEmail)},
	{"set.root-unique", Error, "an old key", knowing(func(w *hierarchy) *made { return w.root }, func(t *testing.T, _ *hierarchy, c *Context) {
		old := rootProfile(t)
		old.Artifact = "old-root"
		m := certificate(t, valid(old, "2026-11-01T00:00:00Z", "2041-10-31T23:59:59Z"), key(t, algorithm.ECDSAP384, "root"), nil)
		c.Siblings = append(c.Siblings, Sibling{"old-root", m.cert, nil})
	})},
}

var failingPrograms = []failing{
	{"prog.chrome-eku", Error, "clientAuth too", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return purposed(c, purposeServer, purposeClient)
	})},
	{"prog.chrome-subca-3y", Warning, "three years and a second", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return valid(c, "2026-12-01T00:00:00Z", "2029-12-01T00:00:00Z")
	})},
	{"prog.apple-purpose", Error, "two purposes", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return purposed(c, purposeServer, purposeEmail)
	})},
	{"prog.mozilla-eku", Error, "server and e-mail", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return purposed(c, purposeServer, purposeEmail)
	})},
	{"prog.ms-separate", Error, "server and code", sub(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return purposed(c, purposeServer, purposeCode)
	})},
	{"prog.ms-root-validity", Warning, "15 years", newRoot(func(_ *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return valid(c, "2026-12-01T00:00:00Z", "2041-11-30T23:59:59Z")
	})},
}
