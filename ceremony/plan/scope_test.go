// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"crypto/x509"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
)

// splitSteps divide the complete CRL of a CA into two, and ask for a status.
const (
	splitCAs   = "  - {crl: ca-crl, profile: cas.yaml, issuer: root, number: 8, previous: base, this-update: signing-time, next-update: 6mo}\n"
	splitUsers = "  - {crl: user-crl, profile: users.yaml, issuer: root, number: 8, previous: base, this-update: signing-time, next-update: 6mo}\n"
	splitAsked = "  - {ocsp: status, profile: response.yaml, issuer: root, certificate: sub, status: good, this-update: signing-time, next-update: 6mo}\n"
)

// splitFolder makes a CA with openssl whose complete CRL lists a CA, a user, and a
// certificate that nobody has any more.
func splitFolder(t *testing.T) (folder, text string) {
	ca := ceremonytest.NewOpenSSLCA(t, opensslIn, "/O=Example/CN=Root", "subjectKeyIdentifier = hash\n")
	const usual = "subjectKeyIdentifier = hash\nauthorityKeyIdentifier = keyid\n"
	ca.Certificate("sub", "5555", usual+"basicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign\n")
	ca.Certificate("user", "7777", usual+"keyUsage = critical, digitalSignature\n")
	ca.CRL("base", "07", "20261001000000Z", "20261231000000Z", "authorityKeyIdentifier = keyid\n", "5555", "7777", "AAAA")
	point := "  - issuing-distribution-point: {critical: true, only: ONLY}\n"
	ca.Write("crl.yaml", adcsProfile)
	ca.Write("cas.yaml", strings.Replace(adcsProfile, "private-crl", "cas", 1)+strings.Replace(point, "ONLY", "ca-certificates", 1))
	ca.Write("users.yaml", strings.NewReplacer("private-crl", "users", "covers: ca-certificates", "covers: subscriber-certificates").Replace(adcsProfile)+
		strings.Replace(point, "ONLY", "user-certificates", 1))
	ca.Write("response.yaml", "version: 1\nprofile: response\nkind: ocsp-response\nintent: private\ncovers: ca-certificates\n"+
		"signature: [ecdsa-sha384]\nvalidity: {at-most: 12mo}\ncertificate-id: sha1\nresponder-id: by-key\n")
	text, _, _ = strings.Cut(adcs, "  - crl: root-crl")
	return ca.Folder, strings.Replace(text, "  delta: {file: delta.crl, kind: crl}\n", "  user:  {file: user.pem, kind: certificate}\n", 1)
}

// TestSplitCRL guards a CA that divides its CRL: what one part does not cover any more
// stays revoked in the other, and nothing is between them.
func TestSplitCRL(t *testing.T) {
	t.Parallel()
	folder, text := splitFolder(t)
	p, found := replanned(t, folder, text+splitCAs+splitUsers)
	if found != "" {
		t.Fatal(found)
	}
	for crl, want := range map[string][]string{"ca-crl": {"5555", "aaaa"}, "user-crl": {"7777", "aaaa"}} {
		list, err := x509.ParseRevocationList(p.Specimens.DER(crl))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range list.RevokedCertificateEntries {
			got = append(got, e.SerialNumber.Text(16))
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s lists %q, want %q", crl, got, want)
		}
	}
	var screen strings.Builder
	if err := p.Write(&screen); err != nil {
		t.Fatal(err)
	}
	wantsAll(t, "screen", screen.String(), "the rest is in user-crl", "the rest is in ca-crl", "out-of-scope: 7777", "this CRL does not cover the certificate: the one that does has the entry")

	_, found = replanned(t, folder, text+splitCAs)
	wantsAll(t, "one alone", found, "ca-crl: error: crl.scope-kept: the previous CRL is for all certificates, and this one for CA certificates: no CRL of the ceremony covers the user certificates any more")
	_, found = replanned(t, folder, text+splitCAs+strings.Replace(splitUsers, "previous: base", "first: true", 1))
	wantsAll(t, "first", found, "user-crl: error: crl.earlier: declared as the first CRL, but there is input base, with number 7", "ca-crl: error: crl.continuity: serial 7777 was in the previous CRL and is missing")
}

// TestLatestOfScope guards those who ask for the status of a CA: the CRL that a response
// has to agree with is one that covers the CA, whatever else is signed after it.
func TestLatestOfScope(t *testing.T) {
	t.Parallel()
	folder, text := splitFolder(t)
	for _, steps := range []string{splitCAs + splitUsers + splitAsked, splitUsers + splitCAs + splitAsked, splitAsked + splitCAs + splitUsers} {
		_, found := replanned(t, folder, text+steps)
		wantsAll(t, "good", found, "ocsp.crl: good, but the latest CRL lists serial 5555")
	}
}
