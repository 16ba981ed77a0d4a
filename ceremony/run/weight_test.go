// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/lint"
)

// oldCA is a ceremony in which a CA that exists signs its next CRL, and revokes
// one certificate that the last CRL does not have.
const oldCA = `version: 1
ceremony:
  id: next-crl
  title: The next CRL of a CA with many entries
  approval: none
  window: {from: 2027-03-01T08:00:00Z, to: 2027-03-01T20:00:00Z}
people:
  administrator:    {of: [alice], need: 1}
  internal-witness: {of: [bob], need: 1}
inputs:
  old:  {file: old.pem, kind: certificate}
  leaf: {file: leaf.pem, kind: certificate}
  last: {file: last.crl, kind: crl}
keys:
  old: {token: root, algorithm: ecdsa-p384, class: root, certificate: old}
authorities:
  old: {key: old, certificate: old}
steps:
  - use: [old]
  - crl: old-crl
    profile: crl.yaml
    issuer: old
    number: 8
    previous: last
    this-update: signing-time
    next-update: 6mo
    revoke:
      - {certificate: leaf, date: 2027-03-01T00:00:00Z, reason: superseded}
`

const oldCRLProfile = `version: 1
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

// writeOldCA writes that ceremony with n entries in the last CRL.
func writeOldCA(t testing.TB, n int) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return writeOldCAOf(t, n, key)
}

// writeOldCAOf writes it with the key of the CA.
func writeOldCAOf(t testing.TB, n int, key *ecdsa.PrivateKey) (folder string) {
	t.Helper()
	folder = t.TempDir()
	write := func(name string, data []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	from := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	ca := &x509.Certificate{SerialNumber: big.NewInt(1 << 62), Subject: pkix.Name{CommonName: "Old"}, NotBefore: from, NotAfter: from.AddDate(20, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign}
	certificate := func(name string, c *x509.Certificate) *x509.Certificate {
		t.Helper()
		der, err := x509.CreateCertificate(rand.Reader, c, ca, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		write(name, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
		parsed, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	ca = certificate("old.pem", ca)
	leaf := *ca
	leaf.SerialNumber, leaf.Subject = new(big.Int).SetBytes([]byte{0x0a, 0xbc, 0xde, 0xf0, 1, 2, 3, 4, 5}), pkix.Name{CommonName: "Leaf"}
	leaf.SubjectKeyId = []byte("another key")
	certificate("leaf.pem", &leaf)
	list := &x509.RevocationList{Number: big.NewInt(7), ThisUpdate: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), NextUpdate: time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC)}
	for i := range n {
		serial := new(big.Int).Lsh(big.NewInt(int64(i)+1<<40), 80)
		list.RevokedCertificateEntries = append(list.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: serial, RevocationTime: from.AddDate(1, 0, i%1000), ReasonCode: 4})
	}
	der, err := x509.CreateRevocationList(rand.Reader, list, ca, key)
	if err != nil {
		t.Fatal(err)
	}
	write("last.crl", der)
	write("crl.yaml", []byte(oldCRLProfile))
	write("ceremony.yaml", []byte(oldCA))
	return folder
}

// previewOldCA plans that ceremony.
func previewOldCA(t testing.TB, folder string) *plan.Preview {
	t.Helper()
	l, err := plan.Load("ceremony.yaml", []byte(oldCA), plan.Disk{Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.NewPreview(context.Background(), l, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Problems) > 0 {
		t.Fatal(p.Problems)
	}
	return p
}

// BenchmarkPreviousCRL measures what planning costs by the length of the CRL
// that came before, and prints the ratio of 16,000 entries to 4,000: four when
// time grows with the length, sixteen when it grows with its square.
func BenchmarkPreviousCRL(b *testing.B) {
	spent := map[int]time.Duration{}
	for _, n := range []int{4000, 16000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			folder := writeOldCA(b, n)
			start := time.Now()
			for b.Loop() {
				previewOldCA(b, folder)
			}
			spent[n] = time.Since(start) / time.Duration(b.N)
			if few := spent[4000]; n > 4000 && few > 0 {
				b.ReportMetric(float64(spent[n])/float64(few), "ratio")
			}
		})
	}
}

// TestPreviousCRL guards planning after a CRL with many entries: work grows with
// the length of the list and not with its square. Allocations are counted, since
// time is not the same twice.
func TestPreviousCRL(t *testing.T) {
	allocated := func(n int) uint64 {
		folder := writeOldCA(t, n)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		p := previewOldCA(t, folder)
		runtime.ReadMemStats(&after)
		if got := len(p.Plan.Artifact("old-crl").RevocationList.Entries); got != n+1 {
			t.Fatalf("%d entries after a CRL of %d", got, n)
		}
		return after.Mallocs - before.Mallocs
	}
	few, many := allocated(1000), allocated(4000)
	if ratio := float64(many) / float64(few); ratio > 5 {
		t.Errorf("four times the entries take %.1f times the allocations", ratio)
	}
}

// TestPreviousCRLOnScreens shows a CRL with many entries: counts, and what is new.
func TestPreviousCRLOnScreens(t *testing.T) {
	p := previewOldCA(t, writeOldCA(t, 1000))
	var screenText strings.Builder
	if err := p.Write(&screenText); err != nil {
		t.Fatal(err)
	}
	page, err := p.Script(nil)
	if err != nil {
		t.Fatal(err)
	}
	a := p.Plan.Artifact("old-crl")
	room := (&runner{}).screenOf(a, p.Plan.Ceremony.Window.From)
	for name, text := range map[string]string{"plan": screenText.String(), "script": string(page), "confirmation": room} {
		for _, want := range []string{"1001: 1 new, 1000 carried over", "new: abcdef00102030405, revoked 2027-03-01T00:00:00Z, superseded"} {
			if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
				t.Errorf("%s has no %q", name, want)
			}
		}
		if carried := a.RevocationList.Entries[0].Serial; strings.Contains(text, carried) {
			t.Errorf("%s lists what was carried over", name)
		}
	}
	if lines := strings.Count(screenText.String(), "\n"); lines > 60 {
		t.Errorf("the plan takes %d lines", lines)
	}
}

// TestAbridged counts findings that are alike instead of showing each.
func TestAbridged(t *testing.T) {
	var list []lint.Finding
	for i := range 1000 {
		list = append(list, lint.Finding{Rule: "crl.entry-reason", Field: lint.FieldPrevious, Details: fmt.Sprint("entry ", i)})
	}
	list = append(list, lint.Finding{Rule: "crl.number", Field: lint.FieldNumber, Details: "another"})
	got := plan.Abridged(list)
	if len(got) != 4 || got[2].Details != "entry 2, and 997 more like this" || got[3].Details != "another" {
		t.Errorf("%d findings: %v", len(got), got)
	}
}

// TestLongValidity counts the days of four centuries, which no time.Duration holds.
func TestLongValidity(t *testing.T) {
	from, to := time.Date(2000, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2400, 2, 29, 23, 59, 59, 0, time.UTC)
	if got, want := plan.ValidityLine(from, to), "inclusive length 146097 days"; !strings.HasSuffix(got, want) {
		t.Errorf("%s, not %s", got, want)
	}
	if got, want := plan.ValidityLine(from, to.Add(2*time.Second)), "inclusive length 146097 days and 2 seconds"; !strings.HasSuffix(got, want) {
		t.Errorf("%s, not %s", got, want)
	}
}

// TestPreviousCRLIsSigned carries out what was planned: the bytes of a long CRL do
// not fit into a line of the journal, and lie in a file that verify looks into.
func TestPreviousCRLIsSigned(t *testing.T) {
	p := previewOldCA(t, writeOldCA(t, 7000))
	bundle := filepath.Join(t.TempDir(), "bundle")
	rehearsed(t, p, unsynced{}, bundle)
	mustVerify(t, bundle, 1)
	files, err := filepath.Glob(filepath.Join(bundle, "evidence", "tbs-*.der"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files of bytes to be signed: %v, %v", files, err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(files[0], data, 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := verify.Bundle(context.Background(), bundle, verify.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if v.OK() || !strings.Contains(fmt.Sprint(v.Problems), "evidence/tbs-") {
		t.Errorf("one bit of the bytes was changed: %v", v.Problems)
	}
}
