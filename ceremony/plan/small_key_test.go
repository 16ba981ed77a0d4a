// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

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
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// privateKey is the key pair of a private key.
func privateKey(t testing.TB, c elliptic.Curve, d int64) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.ParseRawPrivateKey(c, big.NewInt(d).FillBytes(make([]byte, (c.Params().BitSize+7)/8)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestSmallKeysComeIn plans with keys that exist: the plan refuses the key of a CA
// that signs, at its step, and the key of a request that asks for a certificate.
func TestSmallKeysComeIn(t *testing.T) {
	planned := func(folder string) string {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(folder, "ceremony.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		l, err := plan.Load("ceremony.yaml", data, plan.Disk{Folder: folder})
		if err != nil {
			t.Fatal(err)
		}
		p, err := plan.NewPreview(context.Background(), l, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return p.Problems.Error()
	}
	old := planned(ceremonytest.WriteOldCAOf(t, 1, privateKey(t, elliptic.P384(), 13)))
	if !strings.Contains(old, "steps[1].issuer: old-crl: error: key.signer") {
		t.Errorf("the plan says of the key of a CA: %s", old)
	}

	folder := t.TempDir()
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: pkix.Name{Organization: []string{"Small"}, CommonName: "Sub"}},
		privateKey(t, elliptic.P256(), 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(ceremonytest.Small, "keys:\n", "inputs: {csr: {file: csr.pem, kind: certificate-request}}\nkeys:\n  s: {request: csr}\n", 1)
	text = strings.Replace(text, "  a: {key: k, ", "  a: {crl-url: http://c.example/, ca-issuers-url: http://i.example/, key: k, ", 1)
	text = strings.Replace(text, "steps:\n", "  b: {key: s, subject: {organization: Small, common-name: Sub}, ocsp: none}\nsteps:\n", 1) + `  - issue: sub
    profile: builtin:private-issuing-ca
    subject: b
    issuer: a
    validity: {not-before: signing-day, for: 5y}
`
	for name, data := range map[string][]byte{"ceremony.yaml": []byte(text), "csr.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})} {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if asked := planned(folder); !strings.Contains(asked, "sub: fatal: key.quality: the private key") {
		t.Errorf("the plan says of the key of a request: %s", asked)
	}
}
