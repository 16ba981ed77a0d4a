// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/profiles"
)

// directoryCA is a private hierarchy as companies with a directory have it.
const directoryCA = `version: 1
ceremony:
  id: directory
  title: A CA in a directory
  approval: none
  window: {from: 2027-03-01T08:00:00Z, to: 2027-03-01T20:00:00Z}
people:
  administrator:    {of: [alice], need: 1}
  internal-witness: {of: [bob], need: 1}
keys:
  root: {token: root, algorithm: ecdsa-p384, class: root}
  sub:  {token: root, algorithm: ecdsa-p384, class: affiliate-sub}
authorities:
  root:
    key: root
    subject: {organization: Example, dn-qualifier: R1, common-name: Example Root}
    crl-url: ["ldap://ldap.example.com/cn=Root,o=Example?certificateRevocationList;binary", "http://example.com/root.crl"]
    ca-issuers-url: ldap:///cn=Root,o=Example?cACertificate;binary?base?objectClass=certificationAuthority
  sub:
    key: sub
    subject: {organization: Example, user-id: pki-1, common-name: Example CA 1}
steps:
  - generate: [root, sub]
  - do: Back up the keys.
    who: [administrator]
    backs-up: [root, sub]
  - {issue: root-cert, profile: root.yaml, subject: root, issuer: root, validity: {not-before: signing-day, not-after: 9999-12-31T23:59:59Z}}
  - {issue: sub-cert, profile: sub.yaml, subject: sub, issuer: root, validity: {not-before: signing-day, not-after: 9999-12-31T23:59:59Z}}
  - {crl: root-crl, profile: crl.yaml, issuer: root, number: 1, first: true, this-update: signing-time, next-update: 6mo}
`

const directoryRoot = `version: 1
profile: root
kind: root-ca
intent: private
ocsp: none
key: [ecdsa-p384]
signature: [ecdsa-sha384]
subject: [organization, dn-qualifier, common-name]
validity: {at-most: 25y, no-expiration: true}
extensions:
  - basic-constraints: {critical: true, ca: true}
  - key-usage: {critical: true, bits: [cert-sign, crl-sign]}
  - subject-key-identifier: {method: rfc7093-1}
`

const directorySub = `version: 1
profile: sub
kind: subordinate-ca
intent: private
ocsp: none
key: [ecdsa-p384]
signature: [ecdsa-sha384]
subject: [organization, user-id, common-name]
validity: {at-most: 10y, no-expiration: true}
extensions:
  - authority-key-identifier: {key-id: issuer}
  - subject-key-identifier: {method: rfc7093-1}
  - basic-constraints: {critical: true, ca: true, path-length: 0}
  - key-usage: {critical: true, bits: [digital-signature, cert-sign, crl-sign]}
  - extended-key-usage: [server-auth, client-auth]
  - crl-distribution-points: [issuer]
  - authority-information-access: {ca-issuers: [issuer]}
`

const directoryCRL = `version: 1
profile: crl
kind: crl
intent: private
covers: ca-certificates
signature: [ecdsa-sha384]
validity: {at-most: 12mo}
extensions:
  - authority-key-identifier: {key-id: issuer}
  - crl-number
  - issuing-distribution-point: {critical: true, url: [issuer], only: ca-certificates}
`

// directoryFiles gives the profiles of that ceremony.
func directoryFiles() ceremonytest.MemoryFiles {
	return ceremonytest.MemoryFiles{"root.yaml": []byte(directoryRoot), "sub.yaml": []byte(directorySub), "crl.yaml": []byte(directoryCRL)}
}

// TestPrivateDirectory guards private CAs: they publish in a directory, have names of
// one, and need not expire (RFC 5280 4.1.2.5, 4.2.1.13).
func TestPrivateDirectory(t *testing.T) {
	t.Parallel()
	l, err := plan.Load("ceremony.yaml", []byte(directoryCA), directoryFiles())
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.NewPreview(context.Background(), l, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Reports {
		for _, f := range r.Findings {
			if !f.SetAside() && !strings.HasPrefix(string(f.Status), "not-checked") {
				t.Errorf("%s: %s %s: %s", f.Artifact, f.Status, f.Rule, f.Text())
			}
		}
	}
	if len(p.Warnings()) > 0 {
		t.Error(p.WarningTexts())
	}
	der := p.Specimens.DER("sub-cert")
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(der, []byte("\x18\x0f99991231235959Z")) {
		t.Error("notAfter is not the GeneralizedTime 99991231235959Z")
	}
	if !bytes.Contains(c.RawSubject, []byte("\x06\x0a\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01\x0c\x05pki-1")) {
		t.Errorf("subject %x", c.RawSubject)
	}
	if !bytes.Contains(c.RawIssuer, []byte("\x06\x03\x55\x04\x2e\x13\x02R1")) {
		t.Errorf("issuer %x", c.RawIssuer)
	}
	if want := "ldap://ldap.example.com/cn=Root,o=Example?certificateRevocationList;binary"; len(c.CRLDistributionPoints) != 2 || c.CRLDistributionPoints[0] != want {
		t.Errorf("distribution points %q", c.CRLDistributionPoints)
	}
	var screen strings.Builder
	if err := p.Write(&screen); err != nil {
		t.Fatal(err)
	}
	whole := strings.Join(strings.Fields(screen.String()), "") // a URL may be wider than the screen
	wantsAll(t, "screen", screen.String()+whole, "9999-12-31T23:59:59Z", "UID=pki-1", "dnQualifier=R1", "ldap:///cn=Root,o=Example?cACertificate;binary?base?objectClass=certificationAuthority")
}

// TestNotPrivateDirectory guards everybody else: what the documents of public CAs do
// not allow is an error, and so is a URL that no directory finds.
func TestNotPrivateDirectory(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, from, to, want string }{
		"a bounded profile":   {"root.yaml", "intent: private\n", "intent: private\nrules: [rfc5280, microsoft]\n", "the documents of microsoft bound the validity"},
		"a profile without":   {"sub.yaml", ", no-expiration: true", "", "longer than the profile's at-most 10y"},
		"another last day":    {"", "not-after: 9999-12-31T23:59:59Z}}\n  - {crl", "not-after: 9999-12-31T23:59:58Z}}\n  - {crl", "longer than the profile's at-most 10y"},
		"a CRL for ever":      {"crl.yaml", "{at-most: 12mo}", "{at-most: 12mo, no-expiration: true}", "only a certificate can be without an expiration date"},
		"no attribute":        {"", "?certificateRevocationList;binary", "", "it must name an entry and one attribute"},
		"two attributes":      {"", "?certificateRevocationList;binary", "?certificateRevocationList,cn", "it must name an entry and one attribute"},
		"no entry":            {"", "ldap.example.com/cn=Root,o=Example", "ldap.example.com/", "it must name an entry and one attribute"},
		"OCSP in a directory": {"", "    ca-issuers-url: ldap", "    ocsp-url: ldap", "it must begin with http:// or https://"},
		"OCSP in the profile": {"sub.yaml", "{ca-issuers: [issuer]}", `{ca-issuers: [issuer], ocsp: ["ldap:///cn=x?ocsp"]}`, "clients ask for OCSP over HTTP"},
	} {
		text, files := directoryCA, directoryFiles()
		if c.file == "" {
			text = strings.Replace(text, c.from, c.to, 1)
		} else {
			files[c.file] = []byte(strings.Replace(string(files[c.file]), c.from, c.to, 1))
		}
		_, err := plan.Load("ceremony.yaml", []byte(text), files)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: want %q, got %v", name, c.want, err)
		}
	}
}

// TestRepeatedAttributes guards names like DC=com, DC=corp, which most directories have:
// who writes them learns what is missing of them, and they come out in their order.
func TestRepeatedAttributes(t *testing.T) {
	t.Parallel()
	files := directoryFiles()
	files["root.yaml"] = []byte(strings.Replace(directoryRoot, "[organization, dn", "[domain-component, domain-component, dn", 1))
	for _, c := range []struct{ name, want string }{
		{"domain-component: [com, corp]", "DC=com, DC=corp"},
		{"domain-component: [com, corp, x]", `16:33: authorities.root.subject.domain-component: the subject has domain-component "x", and the profile lists domain-component only twice`},
		{"domain-component: com", "the subject has domain-component once, but the profile requires it twice (write a list of 2 values, in the order of the profile: domain-component: [FIRST, SECOND])"},
		{"domain-component: []", "the subject has no domain-component, which the profile requires (write a list of 2 values"},
		{"organization: [com, corp]", "expected text, got a list"},
	} {
		l, err := plan.Load("ceremony.yaml", []byte(strings.Replace(directoryCA, "organization: Example, dn", c.name+", dn", 1)), files)
		var got string
		if err != nil {
			got = err.Error()
		} else {
			got = plan.NameText(l.Plan.Artifacts[0].Object.(*profiles.Certificate).Subject)
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}
