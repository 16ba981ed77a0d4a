// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// flocks is the corpus: conforming objects of each kind, each with the faults
// that its kind can have.
func flocks(t *testing.T) []flock {
	w := newHierarchy(t)
	g := goodObjects(t)
	frame := slices.Concat(frameFaults, algorithmFaults, signatureFaults("chain.signature"))
	issued := slices.Concat(frame, issuedFaults)
	names := slices.Concat(encodingFaults, nameFaults)
	ca := slices.Concat(issued, names, caFaults, subFaults)
	list := slices.Concat(listFaults, algorithmFaults, signatureFaults("crl.signature"))
	mail := subtreeFaults([][]byte{baseMail, baseDir}, nil)
	web := subtreeFaults([][]byte{baseDNS, baseDir}, [][]byte{noV4, noV6})
	foreignCA, foreignCRL := foreignFaults(inExtensions, notOfCAs...), foreignFaults(inExtensions, ofCerts...)
	private := slices.Concat(encodingFaults[:10], privateFaults, softened(frame, onlyWeb...))
	return []flock{
		{"root", w.root, slices.Concat(foreignCA, frame, names, orderFaults, caFaults, rootFaults, []broken{ouFault(Error)})},
		{"tls", w.e1, slices.Concat(foreignCA, ca, orderFaults, tlsPurpose, chained, []broken{ouFault(Error)})},
		{"key", w.e1, keyFaults},
		{"constrained", g["constrained"], slices.Concat(constraintFaults, web, tlsPurpose, subFaults)},
		{"cross", w.cross, slices.Concat(foreignCA, issued, crossFaults, except(caFaults, ofOthers...), only(subFaults, crossPoints...), only(policyFaults("2.23.140.1.2.1"), crossPolicies...))},
		{"partner", g["partner"], popFaults},
		{"smime", g["smime"], slices.Concat(foreignCA, ca, orderFaults, smimePurpose, mailConstraints, mail, []broken{ouFault(Warning)})},
		{"code", g["code"], slices.Concat(foreignCA, ca, codePurpose)},
		{"time", g["time"], slices.Concat(foreignCA, ca, timePurpose)},
		{"private-root", privateRoot(t), slices.Concat(foreignCA, except(frame, append(noAKI, onlyWeb...)...), private)},
		{"private", privateCA(t), slices.Concat(foreignCA, except(issued, append(onlyWeb, "an issuer in another string type")...), private)},
		{"ocsp-responder", w.delegate, slices.Concat(foreignFaults(inExtensions, append(ofLists, inspect.OIDNameConstraints)...), issued, names, delegateFaults)},
		{"ca-crl", w.crl, slices.Concat(foreignCRL, list, fullFaults)},
		{"revoking-crl", revokingLater(t, w), slices.Concat(entryFaults, laterFaults)},
		{"partitioned-crl", w.part, slices.Concat(foreignCRL, list, partFaults(2, 1))},
		{"code-crl", codeCRL(t, w), codeFaults},
		{"subscriber-crl", subscriberPart(t, w), slices.Concat(foreignCRL, list, partFaults(1, 2), subscriberFaults)},
		{"ocsp-response", w.response, slices.Concat(responseFaults, foreignFaults(inResponse, everyone...))},
		{"revoked-response", revokedResponse(t, w), revokedFaults},
		{"request", w.request, slices.Concat(requestFaults, foreignFaults(inRequest, ofIssuers...))},
		{"program", w.root, programFaults},
	}
}

// only and except choose faults by name.
func only(list []broken, names ...string) []broken {
	return slices.DeleteFunc(slices.Clone(list), func(f broken) bool { return !slices.Contains(names, f.name) })
}

func except(list []broken, names ...string) []broken {
	return slices.DeleteFunc(slices.Clone(list), func(f broken) bool { return slices.Contains(names, f.name) })
}

// softened are faults that are a MUST on the web and a SHOULD elsewhere.
func softened(list []broken, names ...string) []broken {
	out := only(list, names...)
	for i := range out {
		out[i].level = Warning
	}
	return out
}

// Faults that some kinds cannot have.
var (
	// where a cross-certificate points to
	crossPoints = []string{
		"no CRL distribution point", "a critical CRL distribution point", "https in a CRL distribution point",
		"a CRL URL of another CA", "a cRLIssuer in a CRL distribution point", "https in authorityInfoAccess",
		"a critical extension of nobody", "a critical extKeyUsage",
	}
	crossPolicies = []string{
		"no certificatePolicies", "critical certificatePolicies", "anyPolicy beside the policy", "anyPolicy alone",
		"no reserved policy", "a user notice", "a CPS by ftp",
	}
	// a cross-certificate has name and notBefore of another
	ofOthers = []string{
		"notBefore two days before the signing", "notBefore a day and a second before the signing",
		"the same identifier as another key", "the same name as another key", "the same name in other bytes",
		"a subjectKeyIdentifier of another key", "an empty subjectKeyIdentifier",
	}
	// RFC 5280 alone says SHOULD, or nothing
	onlyWeb = []string{
		"keyUsage that is not critical", "a hash that does not fit the key", "a serial number of 8 octets", "a sequential serial number",
		"issuer and serial number in authorityKeyIdentifier",
	}
	// a private root has no authorityKeyIdentifier
	noAKI = []string{"authorityKeyIdentifier twice", "a critical authorityKeyIdentifier"}
)

// privateRoot and privateCA are checked against RFC 5280 alone.
func privateRoot(t *testing.T) *made {
	return certificate(t, bindBuiltIn(t, "private-root", "Private Root", 20), key(t, algorithm.ECDSAP384, "private"), nil)
}

func privateCA(t *testing.T) *made {
	return certificate(t, bindBuiltIn(t, "private-issuing-ca", "Private CA", 9), key(t, algorithm.ECDSAP384, "private-ca"), privateRoot(t))
}

// revokingLater is a third CRL that carries the entry of the second one over.
func revokingLater(t *testing.T, w *hierarchy) *made {
	serial := hexSerial(w.e1.cert.Serial)
	m := revocationList(t, crlProfile(t, "crl-3", 3, profiles.RevokedEntry{
		Serial: profiles.Serial(serial), Date: profiles.FixedMoment(date("2027-06-01T09:00:00Z")), Reason: profiles.Superseded,
	}), w.root, date("2027-12-01T09:00:00Z"))
	m.ctx.First, m.ctx.Previous, m.ctx.Siblings = false, w.revoking.crl, w.revoking.ctx.Siblings
	m.ctx.Revoked = map[string]*inspect.Certificate{serial: w.e1.cert}
	return m
}

// subscriberPart is a partitioned CRL of an issuing CA, for its subscribers.
func subscriberPart(t *testing.T, w *hierarchy) *made {
	l := crlProfile(t, "e1-crl", 1)
	l.Covers, l.NextUpdate = profiles.SubscriberCertificates, profiles.End{For: source.Span{Days: 9}}
	l.Extensions = append(slices.Clone(l.Extensions), profiles.Extension{
		Name: ext.NameIssuingPoint, Critical: true,
		Value: ext.IssuingPoint{URLs: []string{partURL}, OnlyUserCerts: true},
	})
	m := revocationList(t, l, w.e1, signing)
	m.ctx.Siblings = []Sibling{{"subscriber", subscriber(t, w), nil}}
	return m
}

// subscriber is a certificate that the issuing CA gave to a server.
func subscriber(t *testing.T, w *hierarchy) *inspect.Certificate {
	c := valid(without(issuingProfile(t, "server", "server.example.com"), ext.NameBasicConstraints), "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z")
	return certificate(t, c, key(t, algorithm.ECDSAP256, "server"), w.e1).cert
}

// subscriberFaults break what a CRL for subscribers has beyond the others.
var subscriberFaults = []broken{
	{"a second more than ten days", Error, "crl.window", updates(nil, func(t *testing.T, m *made) []byte {
		return der(t, m.crl.ThisUpdate.AddDate(0, 0, 10).Add(time.Second), "utc")
	})},
	{"eleven days", Error, "crl.window", updates(nil, days(11))},
	{"a year, declared for CA certificates", Error, "crl.scope", func(_ *testing.T, m *made) *made {
		out := *m
		l := *m.obj.revocationList()
		l.Covers = profiles.CACertificates
		out.obj.Declared = &l
		return &out
	}},
	{"a certificate in no part", Error, "crl.complete", func(t *testing.T, m *made) *made {
		out := *m
		out.ctx.Parts = []Part{}
		lost := valued(inspect.OIDCRLDistributionPoints, point("http://x1.c.example.com/2.crl"))(t, certificate(t,
			without(issuingProfile(t, "lost", "lost.example.com"), ext.NameBasicConstraints), key(t, algorithm.ECDSAP256, "lost"), m.by))
		out.ctx.Siblings = append(slices.Clone(m.ctx.Siblings), Sibling{"lost", lost.cert, nil})
		return &out
	}},
	{"a CA certificate in no part", Error, "crl.complete", func(t *testing.T, m *made) *made {
		out := *m
		out.ctx.Parts = []Part{}
		below := certificate(t, issuingProfile(t, "below", "Below"), key(t, algorithm.ECDSAP384, "below"), m.by)
		out.ctx.Siblings = append(slices.Clone(m.ctx.Siblings), Sibling{"below", below.cert, nil})
		return &out
	}},
}

// days encodes a time some days after thisUpdate.
func days(n int) func(*testing.T, *made) []byte {
	return func(t *testing.T, m *made) []byte { return der(t, m.crl.ThisUpdate.AddDate(0, 0, n), "utc") }
}
