// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/profiles"
)

// required are the ids of the catalogue of requirements that this package was
// written from, by its sections.
const required = `
root.validity root.issuer-subject root.aki root.extensions cert.rdn-order cert.rdn-single cert.attr-required
cert.attr-closed cert.ou cert.ku cert.ocsp-intent cert.extensions-closed cert.no-sct cert.cdp cert.aia cert.url
cert.serial cert.ski cert.alg-table cert.validity cert.der cert.declared-eq-issued sub.eku sub.policies
nc.tls-complete nc.syntax nc.smime ocspcert.exact ocspcert.lifetime key.quality key.size-program
pki.matter pki.spiffe pki.mtc-ca pki.mldsa-spki

chain.issuer-dn chain.aki chain.signature chain.sigalg-key chain.issuer-can-sign chain.validity-nested
chain.pathlen chain.eku-subset chain.policy-subset chain.nc-nested chain.issuer-urls chain.self-issued chain.paths
key.distinct root.no-end-entity time.not-before time.not-after cross.existing cross.subject cross.spki cross.ski
cross.ku cross.pathlen cross.eku-hierarchy cross.ev-oid set.serial-unique set.dn-key set.dn-bytes
set.subject-unique set.ski-key set.spki-purpose set.root-unique key.age prog.chrome-eku prog.apple-purpose
prog.mozilla-eku prog.ms-separate prog.chrome-subca-3y tbs.equal

crl.issuer crl.aki crl.signature crl.number crl.window crl.this-update crl.gap crl.next-issuer crl.first
crl.entry-reason crl.entry-known crl.entry-dates crl.entry-unique crl.entry-ext crl.continuity crl.no-indirect
crl.idp-full crl.idp-part crl.idp-uri crl.complete crl.der

ocsp.window ocsp.times ocsp.reason ocsp.signer ocspcert.issuer ocsp.status ocsp.certid ocsp.sample

cer.script-hash cer.step-order cer.inputs cer.deviations cer.witness cer.roles cer.quorum cer.attendance
cer.air-gap cer.hsm-allowed cer.hsm-empty cer.key-attributes cer.attestation cer.tbs-confirm cer.plan-first
cer.lint-pass cer.quarantine cer.ruleset-age cer.clock cer.log-chain cer.sign-off cer.retention cer.backup-equal
cer.no-secrets cer.parked-keys cer.approvals cer.destruction cer.transfer cer.tsa-offline cer.policy-ref cer.delivery
`

// Each requirement of the catalogue is a rule or says why it is none.
func TestEveryRequirement(t *testing.T) {
	enforced, not := map[string]bool{}, map[string]bool{}
	for _, r := range Rules() {
		enforced[r.ID] = true
	}
	for _, r := range Unenforced() {
		if r.ID == "" || r.Citation == "" || r.Requirement == "" || r.Why == "" {
			t.Errorf("%s is incomplete", r.ID)
		}
		if not[r.ID] || enforced[r.ID] {
			t.Errorf("duplicate %s", r.ID)
		}
		not[r.ID] = true
	}
	for _, id := range strings.Fields(required) {
		if !enforced[id] && !not[id] {
			t.Errorf("%s is neither a rule nor listed as not enforced", id)
		}
	}
}

// What documents say of a rule is complete: its citation, the quoted
// requirement, the kinds of objects, and for our own the level.
func TestRuleInfoIsComplete(t *testing.T) {
	for _, r := range Rules() {
		switch {
		case r.Citation == "" || r.Requirement == "" || len(r.Kinds) == 0:
			t.Errorf("%s is incomplete: %+v", r.ID, r)
		case r.Engine == EngineCeremony && r.Level == "":
			t.Errorf("%s has no level", r.ID)
		case !r.Until.IsZero() && !r.From.Before(r.Until):
			t.Errorf("%s ends before it begins", r.ID)
		}
	}
}

// announcement finds a finding that is set aside until a date.
func announcement(r Report, rule, day string) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool {
		return f.Rule == rule && f.Status == Notice && f.TakesEffect.Format(time.DateOnly) == day && !f.blocks()
	})
}

// What takes effect while the object is valid is announced and blocks nothing;
// what takes effect later, or has taken effect, is not.
func TestUpcoming(t *testing.T) {
	l := newLinter(t)
	root := theRoot(t)
	both := func(from, to string) *made {
		c := valid(purposed(issuingProfile(t, "f-cert", "F1"), purposeServer, purposeClient), from, to)
		m := certificate(t, c, key(t, algorithm.ECDSAP384, "f"), root)
		m.ctx.Signing = date(from)
		return m
	}
	spring := both("2026-03-20T00:00:00Z", "2027-03-19T23:59:59Z")
	if r := spring.check(l); !announcement(r, "prog.chrome-eku", "2026-06-15") || found(r, "prog.chrome-eku", Error) {
		t.Errorf("not announced:%s", show(r))
	}
	if r := both("2026-03-20T00:00:00Z", "2026-06-14T23:59:59Z").check(l); announcement(r, "prog.chrome-eku", "2026-06-15") {
		t.Errorf("announced, and it expires before:%s", show(r))
	}
	if r := both("2026-06-15T00:00:00Z", "2027-06-14T23:59:59Z").check(l); !found(r, "prog.chrome-eku", Error) {
		t.Errorf("in effect, and not found:%s", show(r))
	}
	apple := both("2026-07-01T00:00:00Z", "2027-06-30T23:59:59Z")
	apple.obj.Declared = purposed(apple.obj.certificate(), purposeServer, purposeEmail)
	mixed := certificate(t, apple.obj.certificate(), key(t, algorithm.ECDSAP384, "f"), root)
	mixed.ctx.Signing = date("2026-07-01T00:00:00Z")
	if r := mixed.check(l); !announcement(r, "prog.apple-purpose", "2026-08-01") || found(r, "prog.apple-purpose", Error) {
		t.Errorf("a whole rule is not announced:%s", show(r))
	}
}

// Lints of zlint are announced the same way.
func TestUpcomingZLint(t *testing.T) {
	c := valid(named(issuingProfile(t, "f-cert", "F1"), usual(t, attr(t, "organizational-unit", "Unit"), attr(t, "common-name", "F1"))...),
		"2015-01-01T00:00:00Z", "2029-12-31T23:59:59Z")
	m := certificate(t, c, key(t, algorithm.ECDSAP384, "f"), theRoot(t))
	m.ctx.Signing = date("2015-01-01T12:00:00Z")
	i := slices.IndexFunc(Rules(), func(r RuleInfo) bool { return r.ID == "e_subj_orgunit_in_ca_cert" })
	if r := m.check(newLinter(t)); !announcement(r, "e_subj_orgunit_in_ca_cert", Rules()[i].From.Format("2006-01-02")) {
		t.Errorf("not announced:%s", show(r))
	}
}

// SHA-1 ends on another day for each program.
func TestSHA1Dates(t *testing.T) {
	for _, c := range []struct {
		packs []string
		day   string
		found bool
	}{
		{[]string{PackMozilla, PackTLS}, "2023-06-30", false},
		{[]string{PackMozilla, PackTLS}, "2023-07-01", true},
		{[]string{PackTLS}, "2026-09-14", false},
		{[]string{PackTLS}, "2026-09-15", true},
		{[]string{PackRFC5280}, "2013-12-31", false},
		{[]string{PackRFC5280}, "2014-01-01", true},
	} {
		m := theRoot(t)
		m.obj.Declared = aimed(m.obj.certificate(), profiles.TLSServer, c.packs...)
		m.ctx.Signing = date(c.day + "T12:00:00Z")
		target, err := newTarget(&m.obj, &m.ctx, m.der)
		if err != nil {
			t.Fatal(err)
		}
		target.alg = seq(t, []byte{6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1})
		target.cert().InnerAlgorithm = target.alg
		ps := target.dated(checkAlgorithms(target))
		if got := len(ps) > 0 && ps[0].takesEffect.IsZero(); got != c.found {
			t.Errorf("%v on %s: found %t, %v", c.packs, c.day, got, ps)
		}
	}
}
