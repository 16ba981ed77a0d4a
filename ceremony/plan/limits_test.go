// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"crypto/x509"
	"encoding/hex"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// renewal certifies an intermediate again that openssl made.
const renewal = `version: 1
ceremony: {id: renewal, title: Renew int, approval: none, window: {from: 2026-12-06T08:00:00Z, to: 2026-12-06T20:00:00Z}}
people:
  administrator:    {of: [alice], need: 1}
  internal-witness: {of: [bob], need: 1}
inputs:
  ca:  {file: ca.pem, kind: certificate}
  int: {file: int.pem, kind: certificate}
keys:
  root: {token: old, algorithm: ecdsa-p384, class: root, certificate: ca}
  int:  {token: iss, algorithm: ecdsa-p384, class: affiliate-sub, certificate: int}
authorities:
  root: {key: root, certificate: ca, ocsp: none}
  int:  {key: int, certificate: int, ocsp: none}
steps:
  - use: [root, int]
  - {issue: int-2, profile: sub.yaml, subject: int, issuer: root, validity: {not-before: signing-day, for: 5y}}
`

const renewalProfile = `version: 1
profile: sub
kind: subordinate-ca
intent: private
ocsp: none
key: [ecdsa-p384]
signature: [ecdsa-sha384]
subject: [organization, common-name]
validity: {at-most: 5y}
extensions:
  - authority-key-identifier: {key-id: issuer}
  - subject-key-identifier: {method: rfc5280-1}
  - basic-constraints: {critical: true, ca: true}
  - key-usage: {critical: true, bits: [digital-signature, cert-sign, crl-sign]}
`

// renewalLimits are extensions of the old certificate, and sameLimits the same in a profile.
const (
	renewalLimits = "keyUsage = critical, keyCertSign, cRLSign\nnameConstraints = critical, permitted;DNS:corp.example, excluded;DNS:x.corp.example\n" +
		"extendedKeyUsage = clientAuth\ncertificatePolicies = 1.3.6.1.4.1.99999.1\npolicyConstraints = requireExplicitPolicy:0\ninhibitAnyPolicy = 1\n"
	sameLimits = `  - extended-key-usage: [client-auth]
  - certificate-policies: [1.3.6.1.4.1.99999.1]
  - name-constraints: {critical: true, permitted: {dns: [corp.example]}, excluded: {dns: [x.corp.example]}}
  - raw: {oid: 2.5.29.36, critical: true, der: "3003800100"}
  - raw: {oid: 2.5.29.54, critical: true, der: "020101"}
`
)

// TestLostLimits guards a CA that was bounded: who renews it with a profile of other CAs
// learns which bounds end, with its HSM or without.
func TestLostLimits(t *testing.T) {
	t.Parallel()
	const usual = "authorityKeyIdentifier = keyid\nsubjectKeyIdentifier = hash\n"
	ca := ceremonytest.NewOpenSSLCA(t, opensslIn, "/O=Example/CN=Root", "subjectKeyIdentifier = hash\n")
	ca.Certificate("int", "5555", usual+"basicConstraints = critical, CA:TRUE, pathlen:0\n"+renewalLimits)
	cross := strings.NewReplacer("subordinate-ca", "cross-certified-ca\nsubject-hierarchy: private", "rfc5280-1", "existing",
		"subject: [organization, common-name]\n", "").Replace(renewalProfile)
	without := strings.Replace(strings.Replace(renewal, "subject: int", "existing: int", 1), "[root, int]", "[root]", 1)
	without = strings.Replace(without, "  int:  {key: int, certificate: int, ocsp: none}\n", "", 1)
	without = strings.Replace(without, "  int:  {token: iss, algorithm: ecdsa-p384, class: affiliate-sub, certificate: int}\n", "", 1)
	bounded := strings.NewReplacer("ca: true}", "ca: true, path-length: 0}", "[digital-signature, cert", "[cert")
	wide := []string{
		"extKeyUsage of int: purpose clientAuth (1.3.6.1.5.5.7.3.2); of int-2: absent",
		"nameConstraints of int: permitted dNSName corp.example, excluded dNSName x.corp.example; of int-2: absent",
		"policyConstraints of int: value 3003800100", "inhibitAnyPolicy of int: value 020101",
	}
	more := strings.NewReplacer("[client-auth]", "[client-auth, server-auth]", "99999.1]", "99999.2]", "excluded: {dns: [x.", "excluded: {dns: [y.", "020101", "020102", "3003800100", "3003800101")
	for _, c := range []struct {
		name, text, profile string
		want                []string
	}{
		{"with its HSM", renewal, renewalProfile, append([]string{"ceremony.yaml:17:5: int-2 permits more than int, the newest certificate from before with its name and key: basicConstraints of int: cA TRUE, path length 0; of int-2: cA TRUE, path length absent",
			"keyUsage of int: bits keyCertSign, cRLSign; of int-2: bits digitalSignature, keyCertSign, cRLSign"}, wide...)},
		{"without, where rules compare path length and key usage", without, cross, wide},
		{"all kept", renewal, bounded.Replace(renewalProfile) + sameLimits, nil},
		{"other values", renewal, bounded.Replace(renewalProfile) + more.Replace(sameLimits), []string{
			"extKeyUsage of int: purpose clientAuth (1.3.6.1.5.5.7.3.2); of int-2: purpose clientAuth (1.3.6.1.5.5.7.3.2), purpose serverAuth",
			"nameConstraints of int: permitted dNSName corp.example, excluded dNSName x.corp.example; of int-2: permitted dNSName corp.example, excluded dNSName y.corp.example",
			"certificatePolicies of int: policy 1.3.6.1.4.1.99999.1; of int-2: policy 1.3.6.1.4.1.99999.2", "policyConstraints of int", "inhibitAnyPolicy of int"}},
		{"less", renewal, bounded.Replace(renewalProfile) + strings.NewReplacer("corp.example]}, excluded", "corp.example], ip: [10.0.0.0/8]}, excluded", "020101", "020100").Replace(sameLimits), nil},
	} {
		ca.Write("sub.yaml", c.profile)
		l, err := plan.Load("ceremony.yaml", []byte(c.text), plan.Disk{Folder: ca.Folder})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for _, w := range l.Warnings() {
			if strings.Contains(w.Text, "int-2 permits more than int") {
				got = append(got, w.String())
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: got\n%s\nwant %d", c.name, strings.Join(got, "\n"), len(c.want))
			continue
		}
		for i := range got {
			wantsAll(t, c.name, got[i], c.want[i], "put the limit into the profile, unless it is to end")
		}
	}
}

// TestOldKeyIdentifier guards what a CA has issued, which names its key by an identifier
// that may be no hash: a renewal can keep it, and whoever does not learns how.
func TestOldKeyIdentifier(t *testing.T) {
	t.Parallel()
	ca := ceremonytest.NewOpenSSLCA(t, opensslIn, "/O=Example/CN=Root", "subjectKeyIdentifier = hash\n")
	const old = "4444444444444444444444444444444444444444"
	ca.Certificate("int", "5555", "authorityKeyIdentifier = keyid\nsubjectKeyIdentifier = "+old+"\nbasicConstraints = critical, CA:TRUE\nkeyUsage = critical, digitalSignature, keyCertSign, cRLSign\n")
	ca.Write("sub.yaml", renewalProfile)
	_, found := replanned(t, ca.Folder, renewal)
	wantsAll(t, "another", found, "set.ski-key: input int has the same key with identifier "+old+", by which all that the key has signed names it: subject-key-identifier: {method: existing} keeps it")
	ca.Write("sub.yaml", strings.Replace(renewalProfile, "rfc5280-1", "existing", 1))
	for _, text := range []string{renewal, strings.Replace(renewal, "{key: int, certificate: int,", "{key: int, subject: {organization: Example, common-name: int},", 1)} {
		p, found := replanned(t, ca.Folder, text)
		if found != "" {
			t.Errorf("%s\n%s", text, found)
			continue
		}
		c, err := x509.ParseCertificate(p.Specimens.DER("int-2"))
		if err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(c.SubjectKeyId); got != old {
			t.Errorf("the identifier is %s", got)
		}
	}
	_, found = replanned(t, ca.Folder, strings.NewReplacer("affiliate-sub, certificate: int}", "affiliate-sub}", "{key: int, certificate: int,", "{key: int, subject: {organization: Example, common-name: int},",
		"  - use: [root, int]", "  - use: [root]\n  - generate: [int]").Replace(renewal))
	wantsAll(t, "a new key", found, "but none is given (name a method, as in method: rfc7093-1, or name the certificate that the key has")
}
