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
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
)

// parsedCertificate reads a certificate.
func parsedCertificate(t *testing.T, name string) *x509.Certificate {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(data)
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// nameless writes an old CA whose certificate has no key identifier, nor an extension at
// all with version 1, by openssl.
func nameless(t *testing.T, version1 bool) (folder string, ca *x509.Certificate, key *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	folder = ceremonytest.WriteOldCAOf(t, 1, key)
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"old.key": pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}),
		"ca.cnf":  []byte("subjectKeyIdentifier = none\nauthorityKeyIdentifier = none\nbasicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign\n"),
		"req.cnf": []byte("[req]\ndistinguished_name = dn\n[dn]\n"),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	sign := []string{"x509", "-req", "-in", "old.csr", "-signkey", "old.key", "-days", "9000", "-set_serial", "77", "-out", "old.pem"}
	if !version1 {
		sign = append(sign, "-extfile", "ca.cnf")
	}
	for _, args := range [][]string{{"req", "-new", "-key", "old.key", "-config", "req.cnf", "-subj", "/CN=Old", "-out", "old.csr"}, sign} {
		cmd := exec.Command("openssl", args...)
		cmd.Dir = folder
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("openssl %v: %v\n%s", args, err, out)
		}
	}
	for _, without := range []string{"    revoke:\n", oneRevocation, "  leaf: {file: leaf.pem, kind: certificate}\n"} {
		ceremonytest.Replace(t, filepath.Join(folder, "ceremony.yaml"), without, "")
	}
	ca = parsedCertificate(t, filepath.Join(folder, "old.pem"))
	if version1 != (ca.Version == 1) || len(ca.SubjectKeyId) > 0 {
		t.Fatalf("version %d, key identifier %x", ca.Version, ca.SubjectKeyId)
	}
	return folder, ca, key
}

// TestKeyIDs guards CAs without subjectKeyIdentifier: what they sign calls the key what
// the CA called it last, and people see where that comes from.
func TestKeyIDs(t *testing.T) {
	last := func(t *testing.T, folder string, ca *x509.Certificate, key *ecdsa.PrivateKey, id string) {
		t.Helper()
		by := *ca
		by.SubjectKeyId, by.KeyUsage = []byte(id), x509.KeyUsageCRLSign
		der, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{Number: big.NewInt(7),
			ThisUpdate: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), NextUpdate: time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC)}, &by, key)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "last.crl"), der, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, version1 := range map[string]bool{"version 3": false, "version 1": true} {
		t.Run(name, func(t *testing.T) {
			folder, ca, key := nameless(t, version1)
			last(t, folder, ca, key, "what it was called")
			p := ceremonytest.Preview(t, folder)
			id := p.Plan.Authority("old").KeyID
			if id == nil || string(id.Value) != "what it was called" || !strings.Contains(id.From, "last") {
				t.Errorf("the key is called %+v", id)
			}
			var b strings.Builder
			if err := p.Write(&b); err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{hex.EncodeToString([]byte("what it was called")), "whose certificate has none: the authorityKeyIdentifier of", "last"} {
				if !strings.Contains(strings.Join(strings.Fields(b.String()), " "), want) {
					t.Errorf("the plan does not show %q", want)
				}
			}
			crl, err := x509.ParseRevocationList(p.Specimens.DER("old-crl"))
			if err != nil || string(crl.AuthorityKeyId) != "what it was called" {
				t.Errorf("the CRL calls it %q, %v", crl.AuthorityKeyId, err)
			}
		})
	}
	t.Run("never called anything", func(t *testing.T) {
		folder, _, _ := nameless(t, false)
		ceremonytest.Replace(t, filepath.Join(folder, "ceremony.yaml"), "    previous: last\n", "    first: true\n")
		ceremonytest.Replace(t, filepath.Join(folder, "ceremony.yaml"), "  last: {file: last.crl, kind: crl}\n", "")
		l, err := loadFolder(folder)
		if err != nil {
			t.Fatal(err)
		}
		if id := l.Plan.Authority("old").KeyID; id == nil || len(id.Value) != 20 || !strings.Contains(id.From, "method 1") {
			t.Errorf("the key is called %+v", id)
		}
	})
	t.Run("called nothing", func(t *testing.T) { // as certutil of NSS does where nobody types an identifier
		folder, ca, key := nameless(t, false)
		last(t, folder, ca, key, "x")
		again := &x509.Certificate{SerialNumber: ca.SerialNumber, RawSubject: ca.RawSubject, NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
			ExtraExtensions: append(slices.Clone(ca.Extensions), pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 14}, Value: []byte{4, 0}})}
		der, err := x509.CreateCertificate(rand.Reader, again, again, ca.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "old.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := problemsOf(t, folder); !strings.Contains(got, `the subjectKeyIdentifier of "CN=Old" is empty (have its CA sign another one`) {
			t.Errorf("found %q", got)
		}
	})
	t.Run("a subordinate of version 1", func(t *testing.T) {
		folder, ca, key := nameless(t, true)
		last(t, folder, ca, key, "x")
		data, err := os.ReadFile(filepath.Join(folder, "old.pem"))
		if err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(data)
		// Its issuer is called otherwise: one octet of the name.
		der := []byte(strings.Replace(string(block.Bytes), "Old", "Odd", 1))
		if err := os.WriteFile(filepath.Join(folder, "old.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := problemsOf(t, folder); !strings.Contains(got, `issuer "CN=Old" is not a CA`) {
			t.Errorf("found %q", got)
		}
	})
}
