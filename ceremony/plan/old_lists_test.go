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
	"math/big"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
)

// signedLists writes the ceremony of an old CA with lists that its key signs, as such a CA
// wrote them.
func signedLists(t *testing.T, lists map[string]*x509.RevocationList) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	folder := ceremonytest.WriteOldCAOf(t, 1, key)
	ca := parsedCertificate(t, filepath.Join(folder, "old.pem"))
	for name, list := range lists {
		if list.ThisUpdate.IsZero() {
			list.ThisUpdate, list.NextUpdate = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC)
		}
		der, err := x509.CreateRevocationList(rand.Reader, list, ca, key)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, name), string(asOnceWritten(t, der, key)))
	}
	return folder
}

// deltaOf writes the ceremony of an old CA whose delta CRL 8 lists a certificate, and whose
// CRL 9 says something of it.
func deltaOf(t *testing.T, leaf x509.RevocationListEntry, by string) string {
	t.Helper()
	folder := signedLists(t, map[string]*x509.RevocationList{"last.crl": {Number: big.NewInt(7)},
		"delta.crl": {Number: big.NewInt(8), RevokedCertificateEntries: []x509.RevocationListEntry{leaf},
			ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 27}, Critical: true, Value: []byte{2, 1, 7}}}}})
	file := filepath.Join(folder, "ceremony.yaml")
	ceremonytest.Replace(t, file, "    revoke:\n"+oneRevocation, by)
	ceremonytest.Replace(t, file, "  last: {file", "  delta: {file: delta.crl, kind: crl}\n  last: {file")
	ceremonytest.Replace(t, file, "number: 8", "number: 9")
	return folder
}

// TestHoldOfDelta guards a certificate that a later delta CRL has on hold: it stays so, is
// released or is revoked, as people say, and no ceremony puts another on hold.
func TestHoldOfDelta(t *testing.T) {
	t.Parallel()
	leaf := x509.RevocationListEntry{SerialNumber: new(big.Int).SetBytes([]byte{0x0a, 0xbc, 0xde, 0xf0, 1, 2, 3, 4, 5}), RevocationTime: revokedIn2025, ReasonCode: 6}
	const revoked = "date: 2027-03-01T00:00:00Z, reason: superseded}"
	const kept = "date: 2025-02-01T00:00:00Z, reason: certificate-hold}"
	const release = "    change:\n      - {serial: abcdef00102030405, was: {date: 2025-02-01T00:00:00Z, reason: certificate-hold}, now: released, because: the owner has found the card again}\n"
	for _, c := range []struct {
		name, by, number, profile, list, want string
	}{
		{"without a word", "", "9", "", "", "crl.delta: the delta CRL input delta, with number 8, lists serial 0abcdef00102030405"},
		{"kept", "    revoke:\n      - {certificate: leaf, " + kept + "\n", "9", "", "", ""},
		{"kept by a list", "    revoke-from: {csv: list.csv}\n", "9", "", "abcdef00102030405,2025-02-01T00:00:00Z,certificate-hold\n", ""},
		{"another put on hold", "    revoke-from: {csv: list.csv}\n", "9", "", "4a01,2025-02-01T00:00:00Z,certificate-hold\n", `list.csv:2:27: unknown reason "certificate-hold" (leave the certificate out`},
		{"revoked", "    revoke:\n      - {certificate: leaf, " + strings.Replace(revoked, "2027-03", "2025-01", 1) + "\n", "9", "", "", ""},
		{"released", release, "9", "", "", ""},
		{"released, and was another", strings.Replace(release, "2025", "2024", 1), "9", "", "", "change[0].was: the previous CRL says of serial abcdef00102030405: revoked 2025-02-01T00:00:00Z, certificate-hold"},
		{"kept under change", strings.Replace(release, "now: released", "now: kept", 1), "9", "", "", "keep it on hold with reason: certificate-hold, or revoke it with another reason, under revoke:"},
		{"kept under the BRs", "    revoke:\n      - {certificate: leaf, " + kept + "\n", "9", "cabf-tls", "", "crl.entry-reason: serial 0abcdef00102030405 is on hold"},
		{"released under the BRs", release, "9", "cabf-tls", "", "crl.delta: serial 0abcdef00102030405 is on hold"},
	} {
		folder := deltaOf(t, leaf, c.by)
		ceremonytest.Replace(t, filepath.Join(folder, "ceremony.yaml"), "number: 9", "number: "+c.number)
		write(t, filepath.Join(folder, "list.csv"), "serial,date,reason\n"+c.list)
		if c.profile != "" {
			ceremonytest.Replace(t, filepath.Join(folder, "crl.yaml"), "intent: private\n", "intent: tls-server\nrules: ["+c.profile+"]\nimplements: https://example.com/cps\n")
		}
		if got := problemsOf(t, folder); c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: found %q, want %q", c.name, got, c.want)
		}
	}
	// What the delta CRL says besides comes along, and is shown: whom the hold concerns, and
	// since when the certificate is invalid. A release counts where the entry was.
	leaf.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 23}, Value: []byte{6, 2, 0x2a, 3}},
		{Id: asn1.ObjectIdentifier{2, 5, 29, 24}, Value: append([]byte{0x18, 15}, "20250115000000Z"...)}}
	for by, want := range map[string]string{
		"    revoke:\n      - {certificate: leaf, " + kept + "\n":                                              "certificate-hold, invalid since 2025-01-15T00:00:00Z, holdInstructionCode 06022a03",
		"    revoke-from: {csv: list.csv}\n":                                                                   "in the list: abcdef00102030405, invalid since 2025-01-15T00:00:00Z, holdInstructionCode 06022a03",
		"    revoke:\n      - {certificate: leaf, " + strings.Replace(revoked, "2027-03", "2025-01", 1) + "\n": "superseded, invalid since 2025-01-15T00:00:00Z",
		strings.Replace(release, "2025-02-01T00:00:00Z, reason: certificate-hold", "2025-02-01T00:00:00Z, reason: certificate-hold, invalidity-date: 2025-01-15T00:00:00Z", 1): "1 of a later delta CRL left out",
	} {
		folder := deltaOf(t, leaf, by)
		write(t, filepath.Join(folder, "list.csv"), "serial,date,reason\nabcdef00102030405,2025-02-01T00:00:00Z,certificate-hold\n")
		tells(t, folder, want)
	}
	folder := relist(t, superseded)
	ceremonytest.Replace(t, filepath.Join(folder, "ceremony.yaml"), "reason: superseded", "reason: certificate-hold")
	wantsAll(t, "no delta CRL", problemsOf(t, folder), "revoke[0].reason: a ceremony puts no certificate on hold, and no delta CRL among the inputs")
}

// TestGreatNumbers guards a private CA whose CRL numbers are at their end: the 20 octets
// of RFC 5280 5.2.3 are those of the number, and after them the message says so.
func TestGreatNumbers(t *testing.T) {
	t.Parallel()
	for bits, want := range map[uint]string{159: "", 160: "steps[1].number: the CRL number is not from 0 to 2^160-1"} {
		last := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), bits), big.NewInt(1))
		next := new(big.Int).Add(last, big.NewInt(1))
		folder := signedLists(t, map[string]*x509.RevocationList{"last.crl": {Number: big.NewInt(7)}})
		ceremonytest.Replace(t, filepath.Join(folder, "ceremony.yaml"), "number: 8", "number: "+next.String())
		if got := problemsOf(t, folder); want == "" && got != "" || !strings.Contains(got, want) || want != "" && !strings.Contains(got, "its numbers are used up") {
			t.Errorf("%d bits: %s", bits, got)
		}
		ceremonytest.Replace(t, filepath.Join(folder, "crl.yaml"), "intent: private\n", "intent: tls-server\nrules: [cabf-tls]\nimplements: https://example.com/cps\n")
		wantsAll(t, "in browsers", problemsOf(t, folder), "steps[1].number: the CRL number is not from 0 to 2^159-1")
	}
}

// TestPromises guards what a CRL says of the CA besides: an extension that a profile has
// taken over from the previous CRL is named where people approve.
func TestPromises(t *testing.T) {
	t.Parallel()
	folder := relist(t, superseded)
	ceremonytest.Replace(t, filepath.Join(folder, "crl.yaml"), "  - crl-number\n", "  - crl-number\n  - raw: {oid: 2.5.29.46, der: 300a3008a006a00486026162}\n  - raw: {oid: 2.5.29.60, der: 180f32303135303130313030303030305a}\n")
	tells(t, folder, "old-crl has a freshestCRL (2.5.29.46): it says that delta CRLs add to it, and no ceremony signs those",
		"old-crl has an expiredCertsOnCRL (2.5.29.60): it says that no entry has been dropped")
}

// TestKeptAmongSeveral guards a certificate that the last CRL lists twice: an entry whose
// reason cannot stay is not kept by one word, and the lines to write are taken.
func TestKeptAmongSeveral(t *testing.T) {
	t.Parallel()
	const why = ", because: the records of that year have it so"
	for was, c := range map[string]struct {
		code      int
		now, then string
	}{"unspecified": {10, "reason: none", "reason: none"}, "unreadable": {7, "reason: …", "reason: superseded"}} {
		entries := []x509.RevocationListEntry{again(held, 2024, c.code), again(held, 2026, 4)}
		line := `serial: "4a01", was: {date: 2024-02-01T00:00:00Z, reason: ` + was + `}, now: `
		wantsAll(t, was, problemsOf(t, relist(t, entries...)), line+"{date: 2024-02-01T00:00:00Z, "+c.now+"}")
		wantsAll(t, was+", kept", problemsOf(t, changing(t, relist(t, entries...), line+"kept"+why)),
			"change[0].now: serial 4a01 cannot stay as it is: its reason is "+was, "write now: {date: 2024-02-01T00:00:00Z, "+c.now+"}")
		if got := problemsOf(t, changing(t, relist(t, entries...), line+"{date: 2024-02-01T00:00:00Z, "+c.then+"}"+why)); got != "" {
			t.Errorf("%s: %s", was, got)
		}
	}
}

// TestPartitionsJoined guards a CA that gives up its partitions: the message says which
// CRLs have to come in, and what they list is then missed.
func TestPartitionsJoined(t *testing.T) {
	t.Parallel()
	point := func(url string) []pkix.Extension {
		name := append([]byte{0x86, byte(len(url))}, url...)
		for _, tag := range []byte{0xa0, 0xa0, 0x30} {
			name = append([]byte{tag, byte(len(name))}, name...)
		}
		return []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 28}, Critical: true, Value: name}}
	}
	folder := signedLists(t, map[string]*x509.RevocationList{"last.crl": {Number: big.NewInt(7), ExtraExtensions: point("http://example.com/1.crl")},
		"two.crl": {Number: big.NewInt(7), ExtraExtensions: point("http://example.com/2.crl"), RevokedCertificateEntries: []x509.RevocationListEntry{superseded}}})
	says(t, folder, "crl.scope-kept: the previous CRL is for all certificates that point to http://example.com/1.crl", "name the last CRLs of the other partitions under inputs")
	ceremonytest.Replace(t, filepath.Join(folder, "ceremony.yaml"), "  last: {file", "  two: {file: two.crl, kind: crl}\n  last: {file")
	wantsAll(t, "named", problemsOf(t, folder), "crl.earlier: input two, for all certificates that point to http://example.com/2.crl, lists serial 4a02, and this CRL, for all certificates, does not")
}

// TestSmallKeyOfCA guards a CA whose key is too small: one message says what is possible.
func TestSmallKeyOfCA(t *testing.T) {
	t.Parallel()
	folder := ceremonytest.WriteOldCA(t, 1)
	if out, err := opensslIn(folder, "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-keyout", "k.pem", "-subj", "/CN=Old", "-days", "9000", "-out", "old.pem"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	ceremonytest.Replace(t, filepath.Join(folder, "ceremony.yaml"), "ecdsa-p384", "rsa-1024")
	got := problemsOf(t, folder)
	wantsAll(t, "RSA 1024", got, `keys.old.certificate: the key in input "old" is RSA 1024, which signs nothing here, for a private CA neither`, "the CA can sign its last CRL with the tools that it has had")
	if strings.Contains(got, "\n") {
		t.Errorf("more than one message: %s", got)
	}
}

// TestPointersOfComing guards the clients of certificates that came in: where one points
// to and nobody serves is said, as of those that are signed here.
func TestPointersOfComing(t *testing.T) {
	t.Parallel()
	ca := ceremonytest.NewOpenSSLCA(t, opensslIn, "/O=Example/CN=Old", "subjectKeyIdentifier = hash\n")
	ca.Certificate("leaf", "5555", "basicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign\nauthorityInfoAccess = OCSP;URI:http://o.example.com/\ncrlDistributionPoints = URI:http://example.com/old.crl\n")
	ca.CRL("last", "07", "20261001000000Z", "20271231000000Z", "authorityKeyIdentifier = keyid\n", "AAAA")
	head, _, _ := strings.Cut(ceremonytest.OldCA, "  - crl: old-crl")
	head = strings.Replace(head, "old.pem", "ca.pem", 1)
	ca.Write("renewal.yaml", againProfile)
	ca.Write("crl.yaml", ceremonytest.OldCRLProfile)
	warned := func(text string) string {
		ca.Write("ceremony.yaml", text)
		l, err := loadFolder(ca.Folder)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, w := range l.Warnings() {
			out = append(out, w.String())
		}
		return strings.Join(out, "\n")
	}
	const crl, ocsp = "ceremony.yaml:12:3: input leaf points to the CRL http://example.com/old.crl, which no step signs and no input is", "ceremony.yaml:12:3: input leaf points to OCSP at http://o.example.com/, and no step or input has a response"
	without := warned(strings.Replace(head, "  last: {file: last.crl, kind: crl}\n", "", 1) + againStep)
	wantsAll(t, "nothing", without, crl, ocsp)
	for name, text := range map[string]string{"an input": head + againStep, "a step": ceremonytest.OldCA} {
		if got := warned(strings.Replace(text, "old.pem", "ca.pem", 1)); strings.Contains(got, "points to the CRL") || !strings.Contains(got, ocsp) {
			t.Errorf("%s: %s", name, got)
		}
	}
}
