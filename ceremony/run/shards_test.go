// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token/tokentest"
)

// shards is a ceremony in which a CA signs the next CRLs of its two parts, which move
// to another host: the first keeps the old name beside the new one.
const shards = `version: 1
ceremony:
  id: moved
  title: The CRLs of a CA move
  approval: none
  window: {from: 2026-12-01T08:00:00Z, to: 2026-12-01T20:00:00Z}
people:
  administrator:    {of: [alice], need: 1}
  internal-witness: {of: [bob], need: 1}
inputs:
  ca:    {file: ca.pem, kind: certificate}
  one:   {file: one.pem, kind: certificate}
  two:   {file: two.pem, kind: certificate}
  old-1: {file: old-1.crl, kind: crl}
  old-2: {file: old-2.crl, kind: crl}
keys:
  ca: {token: root, algorithm: ecdsa-p384, class: root, certificate: ca}
authorities:
  ca: {key: ca, certificate: ca, crl-url: "http://new.example.com/ca.crl"}
steps:
  - use: [ca]
  - {crl: new-1, profile: part-1.yaml, issuer: ca, number: 8, previous: old-1, this-update: signing-time, next-update: 6mo}
  - {crl: new-2, profile: part-2.yaml, issuer: ca, number: 5, previous: old-2, this-update: signing-time, next-update: 6mo,
     revoke: [{certificate: two, date: signing-time, reason: superseded}]}
  - {ocsp: two-status, profile: response.yaml, issuer: ca, certificate: two, status: revoked, revoked: {from: new-2}, this-update: signing-time, next-update: 6mo}
`

const shardProfile = `version: 1
profile: part-NUMBER
kind: crl
intent: private
covers: ca-certificates
signature: [ecdsa-sha384]
validity: {at-most: 12mo}
extensions:
  - authority-key-identifier: {key-id: issuer}
  - crl-number
  - issuing-distribution-point: {critical: true, url: [URLS], only: ca-certificates}
`

const shardResponse = `version: 1
profile: response
kind: ocsp-response
intent: private
covers: ca-certificates
signature: [ecdsa-sha384]
validity: {at-most: 12mo}
certificate-id: sha1
responder-id: by-key
`

// shardedCA makes the CA with openssl, its CRLs and two certificates, each of which
// points to one of them.
func shardedCA(t *testing.T) *ceremonytest.OpenSSLCA {
	ca := ceremonytest.NewOpenSSLCA(t, opensslIn, "/O=Example/CN=Sharded CA", "subjectKeyIdentifier = hash")
	for name, serial := range map[string]string{"one": "1111", "two": "2222"} {
		number := map[string]string{"one": "1", "two": "2"}[name]
		url := "URI:http://old.example.com/" + number + ".crl"
		ca.Certificate(name, serial, "basicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign\nsubjectKeyIdentifier = hash\n"+
			"authorityKeyIdentifier = keyid\ncrlDistributionPoints = "+url)
		ca.CRL("old-"+number, map[string]string{"1": "07", "2": "04"}[number], "20261001000000Z", "20261231000000Z",
			"authorityKeyIdentifier = keyid\nissuingDistributionPoint = critical, @p\n[p]\nfullname = "+url+"\nonlyCA = TRUE", "AAA"+number)
	}
	ca.Write("part-1.yaml", strings.NewReplacer("NUMBER", "1", "URLS", `"http://new.example.com/1.crl", "http://old.example.com/1.crl"`).Replace(shardProfile))
	ca.Write("part-2.yaml", strings.NewReplacer("NUMBER", "2", "URLS", `"http://new.example.com/2.crl"`).Replace(shardProfile))
	ca.Write("response.yaml", shardResponse)
	ca.Write("ceremony.yaml", shards)
	return ca
}

// opensslIn runs openssl in a folder.
func opensslIn(folder string, args ...string) ([]byte, error) {
	cmd := exec.Command("openssl", args...)
	cmd.Dir = folder
	return cmd.CombinedOutput()
}

// onRootToken puts the key of a CA onto the token of the root.
func onRootToken(t *testing.T, ca *ceremonytest.OpenSSLCA) *plan.Site {
	t.Helper()
	site := hsm(t)
	ca.Run("pkcs8", "-topk8", "-nocrypt", "-in", "key.pem", "-out", "key.p8")
	run := exec.Command("softhsm2-util", "--import", filepath.Join(ca.Folder, "key.p8"), "--token", "example-root", "--pin", tokentest.TestPIN, "--label", "old", "--id", "01")
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return site
}

// TestShardsMove guards a CA with partitioned CRLs that moves their URLs: each part
// follows its own last CRL, what the new name costs is said, the CRLs are signed, and
// openssl takes them.
func TestShardsMove(t *testing.T) {
	ca := shardedCA(t)
	site := onRootToken(t, ca)
	p := ceremonytest.Preview(t, ca.Folder)
	var shown strings.Builder
	if err := p.Write(&shown); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(shown.String()), " ")
	for _, want := range []string{
		"crl.scope-kept", "the distributionPoint is now http://new.example.com/2.crl: clients do not take this CRL for certificates that point to http://old.example.com/2.crl",
		"but what it has signed before points to http://old.example.com/2.crl: relying parties still ask there", // the other part keeps its old name
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the plan does not show %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "point to http://old.example.com/1.crl (RFC") {
		t.Error("the plan says that the first part lost its name")
	}
	bundle := filepath.Join(ca.Folder, "bundle")
	o := runOptions(p, site, bundle)
	o.People = Asked{Terminal: attendants(o.Clock.Now()).On("types accept or stop", termtest.Reply("accept"))}
	res, err := Execute(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	mustVerify(t, res.Bundle, len(p.Plan.Artifacts))
	verifiedByOpenSSL(t, p, res.Bundle, "")
	for crl, serials := range map[string][]string{"new-1": {"aaa1"}, "new-2": {"2222", "aaa2"}} {
		if got := serialsIn(t, filepath.Join(res.Bundle, "artifacts", crl+".pem")); !slices.Equal(got, serials) {
			t.Errorf("%s lists %q, want %q", crl, got, serials)
		}
	}
}

// serialsIn gives the serial numbers that a CRL lists.
func serialsIn(t *testing.T, file string) (out []string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	crl, err := x509.ParseRevocationList(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range crl.RevokedCertificateEntries {
		out = append(out, e.SerialNumber.Text(16))
	}
	slices.Sort(out)
	return out
}
