// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// adcsDirectory is where AD CS publishes in a directory, without the name of a host.
const adcsDirectory = "ldap:///CN=Root,CN=PKI,CN=CDP,CN=Public%20Key%20Services,CN=Services,CN=Configuration,DC=example,DC=com?certificateRevocationList?base?objectClass=cRLDistributionPoint"

// Extensions as AD CS writes them: szOID_CERTSRV_CA_VERSION, the hash of the CA's
// previous certificate, the name of a template, the next publication of a CRL.
const (
	adcsVersion   = "1.3.6.1.4.1.311.21.1 = ASN1:INTEGER:0\n"
	adcsRenewed   = "1.3.6.1.4.1.311.21.2 = ASN1:FORMAT:HEX,OCTETSTRING:000102030405060708090a0b0c0d0e0f10111213\n"
	adcsTemplate  = "1.3.6.1.4.1.311.20.2 = ASN1:BMPSTRING:SubCA\n"
	adcsPublishes = "1.3.6.1.4.1.311.21.4 = ASN1:UTCTIME:261215000000Z\n"
	adcsPoints    = "crlDistributionPoints = dp\n[dp]\nfullname = @names\n[names]\nURI.0 = " + adcsDirectory + "\nURI.1 = http://pki.example.com/Root.crl\n"
	adcsFreshest  = "freshestCRL = dp\n[dp]\nfullname = @names\n[names]\nURI.0 = http://pki.example.com/Root+.crl\n"
)

// adcs is a ceremony that takes over such a CA.
const adcs = `version: 1
ceremony:
  id: adcs
  title: The root leaves Windows
  approval: none
  window: {from: 2026-12-01T08:00:00Z, to: 2026-12-01T20:00:00Z}
people:
  administrator:    {of: [alice], need: 1}
  internal-witness: {of: [bob], need: 1}
inputs:
  root:  {file: ca.pem, kind: certificate}
  sub:   {file: sub.pem, kind: certificate}
  base:  {file: base.crl, kind: crl}
  delta: {file: delta.crl, kind: crl}
keys:
  root: {token: root, algorithm: ecdsa-p384, class: root, certificate: root}
authorities:
  root: {key: root, certificate: root, crl-url: "http://pki.example.com/Root.crl"}
steps:
  - use: [root]
  - crl: root-crl
    profile: crl.yaml
    issuer: root
    number: 9
    previous: base
    this-update: signing-time
    next-update: 6mo
    revoke: [{certificate: sub, date: 2026-09-01T00:00:00Z, reason: superseded}]
`

const adcsProfile = `version: 1
profile: private-crl
kind: crl
intent: private
covers: ca-certificates
signature: [ecdsa-sha384]
validity: {at-most: 12mo}
extensions:
  - authority-key-identifier: {key-id: issuer}
  - crl-number
`

// opensslIn runs openssl in a folder.
func opensslIn(folder string, args ...string) ([]byte, error) {
	cmd := exec.Command("openssl", args...)
	cmd.Dir = folder
	return cmd.CombinedOutput()
}

// adcsFolder makes the usual set with openssl: root, a CA below, the CRL and beside it
// the delta CRL, which lists the CA below.
func adcsFolder(t *testing.T) string {
	ca := ceremonytest.NewOpenSSLCA(t, opensslIn, "/O=Example/CN=Root", "subjectKeyIdentifier = hash\n"+adcsVersion+adcsRenewed+"1.3.6.1.4.1.311.20.2 = ASN1:BMPSTRING:CA\n")
	ca.Certificate("sub", "5555", "basicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign\nsubjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\n"+
		adcsVersion+adcsTemplate+adcsPoints)
	const usual = "authorityKeyIdentifier = keyid\n" + adcsVersion + adcsPublishes
	ca.CRL("base", "07", "20261001000000Z", "20261231000000Z", usual+adcsFreshest, "AAAA")
	ca.CRL("delta", "08", "20261108000000Z", "20261231000000Z", usual+"2.5.29.27 = critical, ASN1:INTEGER:7\n", "5555")
	ca.CRL("beside", "07", "20261001000000Z", "20261231000000Z", usual+"2.5.29.27 = critical, ASN1:INTEGER:6\n", "AAAA")
	ca.CRL("gap", "0A", "20261110000000Z", "20261231000000Z", usual+"2.5.29.27 = critical, ASN1:INTEGER:9\n", "5555")
	ca.Write("crl.yaml", adcsProfile)
	ca.Run("crl", "-in", "delta.crl", "-outform", "DER", "-out", "damaged.crl")
	damaged, err := os.ReadFile(filepath.Join(ca.Folder, "damaged.crl"))
	if err != nil {
		t.Fatal(err)
	}
	damaged[len(damaged)-1] ^= 1
	ca.Write("damaged.crl", string(damaged))
	return ca.Folder
}

// TestADCS guards a CA that AD CS has served: its certificates and its CRL are taken as
// they are, and what only the delta CRL beside it revokes is not lost.
func TestADCS(t *testing.T) {
	t.Parallel()
	folder := adcsFolder(t)
	noDelta := strings.NewReplacer("  delta: {file: delta.crl, kind: crl}\n", "", "    revoke: [{certificate: sub, date: 2026-09-01T00:00:00Z, reason: superseded}]\n", "")
	silent := strings.NewReplacer("    revoke: [{certificate: sub, date: 2026-09-01T00:00:00Z, reason: superseded}]\n", "")
	const left = "input base has a freshestCRL, so that its CA publishes delta CRLs, at http://pki.example.com/Root+.crl: name the last one under inputs"
	for _, c := range []struct {
		name, text string
		problems   []string // nothing: it has no errors
		warnings   string
	}{
		{"what the delta CRL lists is revoked", adcs, nil, ""},
		{"the base CRL alone", noDelta.Replace(adcs), nil, left},
		{"the delta CRL of the same day", strings.Replace(silent.Replace(adcs), "delta.crl", "beside.crl", 1), nil, ""},
		{"the delta CRL as the previous", strings.Replace(adcs, "previous: base", "previous: delta", 1), []string{
			"steps[1].previous: it is not the complete list of what its CA has revoked: it is a delta CRL, which lists changes only (RFC 5280 5.2.4)",
			"name the complete CRL that it adds to, and leave the delta CRL among the inputs"}, ""},
		{"what it lists is lost", silent.Replace(adcs), []string{
			"root-crl: error: crl.delta: the delta CRL input delta, with number 8, lists serial 5555, revoked on 2026-09-01T00:00:00Z for superseded, and this CRL does not",
			"name each certificate that it lists under inputs and revoke it here"}, ""},
		{"for another reason", strings.Replace(adcs, "reason: superseded", "reason: cessation-of-operation", 1), []string{
			"crl.delta: the delta CRL input delta says of serial 5555 revoked on 2026-09-01T00:00:00Z for superseded, and this CRL on"}, ""},
		{"a number that is taken", strings.Replace(adcs, "number: 9", "number: 8", 1), []string{"crl.delta: CRL number 8 does not follow 8 of the delta CRL input delta"}, ""},
		{"a base CRL that is missing", strings.NewReplacer("delta.crl", "gap.crl", "number: 9", "number: 11").Replace(adcs), []string{
			"crl.delta: the delta CRL input delta adds to the complete CRL number 9, and the previous CRL has number 7: name a later one"}, ""},
		{"a damaged one", strings.Replace(silent.Replace(adcs), "delta.crl", "damaged.crl", 1), []string{
			"inputs.delta: input delta names the key of", "and does not verify under it", "get the delta CRL again from its CA"}, ""},
		{"the first", strings.Replace(adcs, "previous: base", "first: true", 1), []string{"crl.delta: declared as the first CRL, but there is the delta CRL input delta, with number 8"}, ""},
	} {
		p, found := replanned(t, folder, c.text)
		if c.problems == nil && found != "" {
			t.Errorf("%s: %s", c.name, found)
		}
		wantsAll(t, c.name, found, c.problems...)
		if p != nil {
			wantsAll(t, c.name, strings.Join(p.WarningTexts(), "\n"), c.warnings)
		}
		if c.problems == nil && p != nil {
			crl, err := x509.ParseRevocationList(p.Specimens.DER("root-crl"))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(crl.RevokedCertificateEntries, func(e x509.RevocationListEntry) bool { return e.SerialNumber.Text(16) == "aaaa" }) {
				t.Errorf("%s: the entry of the base CRL is lost", c.name)
			}
		}
	}
}

// TestADCSResponse guards those who ask for a certificate that only the delta CRL
// revokes: no response calls it good.
func TestADCSResponse(t *testing.T) {
	t.Parallel()
	folder := adcsFolder(t)
	write(t, filepath.Join(folder, "response.yaml"), "version: 1\nprofile: response\nkind: ocsp-response\nintent: private\ncovers: ca-certificates\n"+
		"signature: [ecdsa-sha384]\nvalidity: {at-most: 12mo}\ncertificate-id: sha1\nresponder-id: by-key\n")
	steps, _, _ := strings.Cut(adcs, "  - crl: root-crl")
	text := steps + "  - {ocsp: status, profile: response.yaml, issuer: root, certificate: sub, status: good, this-update: signing-time, next-update: 6mo}\n"
	l, err := plan.Load("ceremony.yaml", []byte(text), plan.Disk{Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.NewPreview(context.Background(), l, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	wantsAll(t, "good", p.Problems.Error(), "ocsp.crl: good, but the delta CRL input delta lists serial 5555")
}
