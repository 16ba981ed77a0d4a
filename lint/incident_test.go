// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
)

// The published incident classes, each stopped before anything is signed. The
// numbers are those of Mozilla's Bugzilla.

// stopped fails unless an object gets no clearance and each rule says why.
func stopped(t *testing.T, m *made, rules ...string) {
	t.Helper()
	c, r := newLinter(t).Clear(m.obj, m.ctx, m.tbs)
	if c != nil {
		t.Errorf("%s was cleared", m.obj.Artifact)
	}
	condemns(t, r, rules...)
}

// condemned fails unless each rule condemns an object that exists.
func condemned(t *testing.T, m *made, rules ...string) {
	t.Helper()
	condemns(t, m.check(newLinter(t)), rules...)
}

// listed fails unless a requirement is said not to be enforced here: the class
// is stopped elsewhere, or after the ceremony.
func listed(t *testing.T, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if !slices.ContainsFunc(Unenforced(), func(r Requirement) bool { return r.ID == id && r.Why != "" }) {
			t.Errorf("%s is not listed", id)
		}
	}
}

// Cross-certificates without EKU after CCADB 6.3 came into force; the notices
// were suppressed with a reason that had expired.
func TestIncident_LetsEncrypt2038351(t *testing.T) {
	w := newHierarchy(t)
	m := drop(inspect.OIDExtKeyUsage)(t, w.cross)
	stopped(t, m, "cross.eku-hierarchy")
	old := accept("cross.eku-hierarchy", m.obj.Artifact)
	old.Expires = signing.Add(-time.Second)
	l := newLinter(t, old)
	if c, r := l.Clear(m.obj, m.ctx, m.tbs); c != nil {
		t.Errorf("cleared by a waiver that expired:%s", show(r))
	}
	if _, problems := ApplyWaivers([]Report{m.check(newLinter(t))}, []Waiver{old}, signing); len(problems) != 1 || !strings.Contains(problems[0].Msg, "expired") {
		t.Errorf("%v", problems)
	}
	issuing := drop(inspect.OIDExtKeyUsage)(t, w.e1)
	stopped(t, issuing, "sub.eku")
}

// CDP and AIA of an issuing CA pointed to itself, and a revoked one was missing
// on the CRL.
func TestIncident_IdenTrust1991215(t *testing.T) {
	w := newHierarchy(t)
	m := valued(inspect.OIDCRLDistributionPoints, point("http://e1.c.example.com/e1.crl"))(t, w.e1)
	m.ctx.OtherURLs = map[string]URLs{"e1": {CRL: []string{"http://e1.c.example.com/e1.crl"}, CAIssuers: []string{"http://e1.i.example.com/e1.crt"}}}
	stopped(t, m, "chain.issuer-urls")
	m = valued(inspect.OIDAuthorityInfoAccess, access(caIssuers, "http://e1.i.example.com/e1.crt"))(t, w.e1)
	stopped(t, m, "chain.issuer-urls")
	stopped(t, redo(t, revokingLater(t, w), func(p [][]byte) [][]byte { return slices.Delete(p, listEntries, listEntries+1) }), "crl.continuity")
}

// Issuing CAs of a ceremony without CDP, with the wrong ECDSA hash, and with
// anyPolicy for somebody who is no Affiliate.
func TestIncident_DigiCert1654967(t *testing.T) {
	w := newHierarchy(t)
	stopped(t, drop(inspect.OIDCRLDistributionPoints)(t, w.e1), "cert.extensions-required", "cert.extensions-closed")
	hashOfAnother(t, w)
	stopped(t, policy("", Error, "", policyAny).breaks(t, w.e1), "sub.policies")
}

// The wrong ECDSA hash for the key that signs.
func TestIncident_GTS1612389(t *testing.T) { hashOfAnother(t, newHierarchy(t)) }

// The same, of another CA.
func TestIncident_GlobalSignECDSAHash(t *testing.T) { hashOfAnother(t, newHierarchy(t)) }

// hashOfAnother signs with SHA-256 by a P-384 key.
func hashOfAnother(t *testing.T, w *hierarchy) {
	t.Helper()
	c := issuingProfile(t, "f-cert", "F1")
	c.Signature = algorithm.ECDSASHA256
	stopped(t, certificate(t, c, key(t, algorithm.ECDSAP384, "f"), w.root), "chain.sigalg-key")
}

// Roots signed OCSP responses without digitalSignature.
func TestIncident_GTS1652581(t *testing.T) {
	w := newHierarchy(t)
	direct := *w.root
	c := *w.root.obj.certificate()
	c.Purpose.OCSP = ocspDirect
	direct.obj.Declared = &c
	stopped(t, &direct, "cert.ocsp-intent")
	r := responseProfile(t, w.e1)
	r.Signature = algorithm.ECDSASHA384
	stopped(t, response(t, r, w.root, w.root, w.e1, w.crl), "ocsp.signer")
}

// One more root of the same kind.
func TestIncident_GTS1675821(t *testing.T) { TestIncident_GTS1652581(t) }

// A certificate was signed again, with SHA-1.
func TestIncident_GTS1667844(t *testing.T) {
	w := newHierarchy(t)
	condemned(t, algorithms(ecdsaSHA1, ecdsaSHA1)(t, w.e1), "cert.alg-table", "chain.sigalg-key")
}

// A batch of the ceremony overwrote newer CRLs and OCSP responses.
func TestIncident_GTS1634795(t *testing.T) {
	w := newHierarchy(t)
	m := *w.crl
	m.ctx.First, m.ctx.Previous = false, latest(t, w)
	stopped(t, &m, "crl.number", "crl.this-update", "crl.continuity")
	answer := *w.response
	answer.ctx.LatestCRL = latest(t, w)
	stopped(t, &answer, "ocsp.crl")
}

// OCSPSigning in CA certificates, without ocsp-nocheck.
func TestIncident_OCSPSigningCAs2020(t *testing.T) {
	w := newHierarchy(t)
	stopped(t, eku("", Error, "", purposeServer, purposeOCSP).breaks(t, w.e1), "sub.eku")
	stopped(t, drop(inspect.OIDOCSPNoCheck)(t, w.delegate), "ocspcert.exact")
}

// Issuing CAs without EKU.
func TestIncident_MissingEKU2019(t *testing.T) {
	w := newHierarchy(t)
	stopped(t, drop(inspect.OIDExtKeyUsage)(t, w.e1), "sub.eku") // and no other tells the same again
}

// AKI with issuer and serial number.
func TestIncident_CFCA1793053(t *testing.T) {
	w := newHierarchy(t)
	stopped(t, only(issuedFaults, "issuer and serial number in authorityKeyIdentifier")[0].breaks(t, w.e1), "cert.aki")
}

// An S/MIME CA without a reserved policy.
func TestIncident_KIR1921598(t *testing.T) {
	m := goodObjects(t)["smime"]
	stopped(t, policy("", Error, "", "1.3.6.1.4.1.99999.1").breaks(t, m), "sub.policies")
}

// Late disclosure in the CCADB: CFCA 1784820 and 1798812, KIR 1921596, DigiCert
// 1563573. It happens after the ceremony.
func TestIncident_LateDisclosure(t *testing.T) { listed(t, "ccadb.disclosure", "cer.delivery") }

// The array of CRLs was incomplete.
func TestIncident_GTS2031164(t *testing.T) {
	w := newHierarchy(t)
	m := *subscriberPart(t, w)
	stopped(t, only(subscriberFaults, "a certificate in no part")[0].breaks(t, &m), "crl.complete")
	listed(t, "ccadb.arrays")
}

// A URL was not byte for byte the one in certificates.
func TestIncident_GlobalSign2034360(t *testing.T) {
	w := newHierarchy(t)
	stopped(t, only(partFaults(2, 1), "a URI with one wrong letter")[0].breaks(t, w.part), "crl.idp-uri")
}

// The same class.
func TestIncident_DTrust2007116(t *testing.T) { TestIncident_GlobalSign2034360(t) }

// condemns fails unless each rule has a finding that blocks.
func condemns(t *testing.T, r Report, rules ...string) {
	t.Helper()
	for _, id := range rules {
		if !slices.ContainsFunc(r.Blocking(), func(f Finding) bool { return f.Rule == id }) {
			t.Errorf("nothing of %s:%s", id, show(r))
		}
	}
}
