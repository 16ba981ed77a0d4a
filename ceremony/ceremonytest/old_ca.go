// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremonytest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rootceremony/ceremony/plan"
)

// OldCA is a ceremony in which a CA that exists signs its next CRL, and revokes
// one certificate that the last CRL does not have.
const OldCA = `version: 1
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

// OldCRLProfile is the profile of a private CRL for CA certificates.
const OldCRLProfile = `version: 1
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

// WriteOldCA writes that ceremony with n entries in the last CRL.
func WriteOldCA(t testing.TB, n int) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return WriteOldCAOf(t, n, key)
}

// WriteOldCAOf writes it with the key of the CA.
func WriteOldCAOf(t testing.TB, n int, key *ecdsa.PrivateKey) (folder string) {
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
	write("crl.yaml", []byte(OldCRLProfile))
	write("ceremony.yaml", []byte(OldCA))
	return folder
}

// PreviewOldCA plans that ceremony.
func PreviewOldCA(t testing.TB, folder string) *plan.Preview {
	t.Helper()
	l, err := plan.Load("ceremony.yaml", []byte(OldCA), plan.Disk{Folder: folder})
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
