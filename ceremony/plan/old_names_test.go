// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
)

// againStep certifies the name and the key of input leaf again.
const againStep = "  - {issue: again, profile: renewal.yaml, existing: leaf, issuer: old, validity: {not-before: signing-day, for: 3y}}\n"

// againProfile is that of a private CA below which is certified again.
const againProfile = `version: 1
profile: renewal
kind: cross-certified-ca
intent: private
subject-hierarchy: private
ocsp: none
key: [ecdsa-p384]
signature: [ecdsa-sha384]
serial: {octets: 16}
validity: {at-most: 10y}
extensions:
  - authority-key-identifier: {key-id: issuer}
  - subject-key-identifier: {method: existing}
  - basic-constraints: {critical: true, ca: true}
  - key-usage: {critical: true, bits: [cert-sign, crl-sign]}
`

// nameOf is a name whose organization is a string of one type.
func nameOf(t *testing.T, tag int, organization, common string) []byte {
	t.Helper()
	set := func(oid asn1.ObjectIdentifier, tag int, text string) []pkixAttribute {
		return []pkixAttribute{{oid, asn1.RawValue{Tag: tag, Bytes: []byte(text)}}}
	}
	der, err := asn1.Marshal([]pkixSET{set(asn1.ObjectIdentifier{2, 5, 4, 10}, tag, organization), set(asn1.ObjectIdentifier{2, 5, 4, 3}, asn1.TagUTF8String, common)})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

type pkixAttribute struct {
	Type  asn1.ObjectIdentifier
	Value asn1.RawValue
}

type pkixSET []pkixAttribute

// oldNamed writes the ceremony of an old CA, and of one below it, with such names. It
// signs the next CRL and renews the CA below.
func oldNamed(t *testing.T, tag int, organization string) string {
	t.Helper()
	folder := ceremonytest.WriteOldCA(t, 1)
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	ca := &x509.Certificate{SerialNumber: big.NewInt(1 << 62), RawSubject: nameOf(t, tag, organization, "Old"), NotBefore: at, NotAfter: at.AddDate(20, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, SubjectKeyId: []byte("the key of the CA")}
	leaf := *ca
	leaf.SerialNumber, leaf.RawSubject, leaf.SubjectKeyId = big.NewInt(1<<61), nameOf(t, tag, organization, "Leaf"), []byte("another key")
	other, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]*x509.Certificate{"old.pem": ca, "leaf.pem": &leaf} {
		der, err := x509.CreateCertificate(rand.Reader, c, ca, &map[bool]*ecdsa.PrivateKey{true: key, false: other}[c == ca].PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, name), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	}
	list := &x509.RevocationList{Number: big.NewInt(7), ThisUpdate: at.AddDate(1, 0, 0), NextUpdate: at.AddDate(1, 6, 0), RevokedCertificateEntries: []x509.RevocationListEntry{superseded}}
	der, err := x509.CreateRevocationList(rand.Reader, list, ca, key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "last.crl"), string(der))
	write(t, filepath.Join(folder, "renewal.yaml"), againProfile)
	write(t, filepath.Join(folder, "ceremony.yaml"), ceremonytest.OldCA+againStep)
	return folder
}

// TestOldNames guards a private CA whose name other parsers cannot read: it gets its next
// CRL, and the CA below its next certificate, with the name byte for byte, and people read
// what was not checked. Where programs of browsers bind, what zlint cannot read is refused.
func TestOldNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, organization string
		tag                int
		want               []string // notices
	}{
		{"UniversalString", "\x00\x00\x26\x03", 28, []string{"root-crl: notice: zlint.parse: not checked by zlint, whose parser cannot read the name of the existing CA, which stays byte for byte",
			"again: notice: chain.paths: the path is not validated: a parser cannot read the name of the existing CA"}},
		{"an at sign in a PrintableString", "old@example_ca", asn1.TagPrintableString, []string{"root-crl: notice: zlint.parse: not checked by zlint",
			"root-crl: notice: cert.der: in the name of the existing CA, which stays byte for byte: asn1: syntax error: PrintableString contains invalid character",
			"again: notice: zlint.parse: not checked by zlint"}},
		{"BMPString", "\x26\x03", 30, nil},
	} {
		folder := oldNamed(t, c.tag, c.organization)
		for i, w := range c.want {
			c.want[i] = strings.Replace(w, "root-crl", "old-crl", 1)
		}
		p := ceremonytest.Preview(t, folder)
		if len(p.Problems) > 0 {
			t.Errorf("%s: %v", c.name, p.Problems)
			continue
		}
		says(t, folder, c.want...)
		issuer := nameOf(t, c.tag, c.organization, "Old")
		for _, id := range []string{"old-crl", "again"} {
			if !strings.Contains(string(p.Specimens.DER(id)), string(issuer)) {
				t.Errorf("%s: %s has another name of the issuer", c.name, id)
			}
		}
		if c.want == nil {
			continue
		}
		ceremonytest.Replace(t, filepath.Join(folder, "crl.yaml"), "intent: private\n", "intent: tls-server\nrules: [cabf-tls]\nimplements: https://example.com/cps\n")
		wantsAll(t, c.name+" of a CA in browsers", problemsOf(t, folder), "old-crl: fatal: zlint.parse: x509: invalid RDNSequence")
	}
}

// TestOldNameIsOneFault guards what else is wrong with an object of such a CA: that its
// name is told hides nothing.
func TestOldNameIsOneFault(t *testing.T) {
	t.Parallel()
	folder := oldNamed(t, asn1.TagPrintableString, "old@example_ca")
	ceremonytest.Replace(t, filepath.Join(folder, "crl.yaml"), "  - crl-number\n", "  - crl-number\n  - raw: {oid: 1.2.3.4, der: 0101aa}\n")
	wantsAll(t, "an extension that is not DER", problemsOf(t, folder), "old-crl: error: cert.der: 1.2.3.4: BOOLEAN with the contents aa")
}

// TestRenewedWithoutKeyIDs guards a private CA below whose certificate of today has
// neither key identifier: it is certified again, and people read what its certificate
// lacks. Where the BRs bind, the existing certificate has to comply, and the message says
// what is possible (BR 7.1.2.2).
func TestRenewedWithoutKeyIDs(t *testing.T) {
	t.Parallel()
	ca := ceremonytest.NewOpenSSLCA(t, opensslIn, "/O=Example/CN=Old", "subjectKeyIdentifier = hash\n")
	ca.Certificate("leaf", "5555", "basicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign\nsubjectKeyIdentifier = none\nauthorityKeyIdentifier = none\n")
	head, _, _ := strings.Cut(ceremonytest.OldCA, "  - crl: old-crl")
	head = strings.NewReplacer("old.pem", "ca.pem", "  last: {file: last.crl, kind: crl}\n", "").Replace(head)
	ca.Write("ceremony.yaml", head+againStep)
	ca.Write("renewal.yaml", againProfile)
	if got := problemsOf(t, ca.Folder); got != "" {
		t.Fatal(got)
	}
	says(t, ca.Folder, "again: notice: cross.existing: by the rules of its own date: e_ext_authority_key_identifier_no_key_identifier", "again: notice: cross.existing: by the rules of its own date: e_ext_subject_key_identifier_missing_ca")
	ceremonytest.Replace(t, filepath.Join(ca.Folder, "renewal.yaml"), "intent: private\nsubject-hierarchy: private\n", "intent: tls-server\nsubject-hierarchy: tls-server\nrules: [cabf-tls]\nimplements: https://example.com/cps\n")
	wantsAll(t, "a CA in browsers", problemsOf(t, ca.Folder), "steps[1].existing: again: error: cross.existing: by the rules of its own date: e_",
		"name another certificate of the same name and key which does not have this")
}

// TestOddInvalidityDate guards an entry whose invalidityDate has another form than RFC
// 5280 has: a private CA carries it over byte for byte and reads how to correct it, and
// where the BRs bind, the line to write is taken.
func TestOddInvalidityDate(t *testing.T) {
	t.Parallel()
	odd := dated
	odd.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 24}, Value: append([]byte{24, 17}, "20240101000000.5Z"...)}}
	const line = `{serial: "4a03", was: {date: 2025-02-01T00:00:00Z, reason: key-compromise}, now: {date: 2025-02-01T00:00:00Z, reason: key-compromise, invalidity-date: `
	const hint = "an invalidityDate is in whole seconds of UTC (RFC 5280 5.3.2); write it so, for example 2019-01-01T00:00:00Z, under change: - " + line + "…}, because: WHY}"
	folder := relist(t, odd)
	says(t, folder, `steps[1].previous: old-crl: notice: cert.der: serial 4a03, as in the previous CRL: invalidityDate: time "20240101000000.5Z" is not in whole seconds of UTC`, hint)
	public := func(folder string) string {
		ceremonytest.Replace(t, filepath.Join(folder, "crl.yaml"), "intent: private\n", "intent: tls-server\nrules: [cabf-tls]\nimplements: https://example.com/cps\n")
		return problemsOf(t, folder)
	}
	wantsAll(t, "under the BRs", public(folder), `steps[1].previous: old-crl: error: cert.der: serial 4a03: invalidityDate: time "20240101000000.5Z"`, hint)
	changed := changing(t, relist(t, odd), line[1:]+"2024-01-01T00:00:00Z}, because: the old tool wrote half a second")
	tells(t, changed, "changed: 4a03, revoked 2025-02-01T00:00:00Z, key-compromise, invalid since 2024-01-01T00:00:00Z")
	if got := public(changed); strings.Contains(got, "cert.der") {
		t.Error(got)
	}
}
