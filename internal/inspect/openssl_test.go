// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/internal/algorithm"

	"github.com/google/go-cmp/cmp"
)

// openssl runs openssl in a folder. It is required: without it this package
// would be tested by objects of our own making only.
func openssl(t testing.TB, dir string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("openssl %s: %v", strings.Join(args, " "), err)
	}
	return out
}

// generate makes one object of each kind with openssl.
func generate(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", filepath.Join(here, "testdata", "generate.sh"), filepath.Join(here, "testdata", "openssl.cnf"))
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("making objects with openssl: %v\n%s", err, out)
	}
	return dir
}

func file(t *testing.T, dir, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	blocks, err := Decode(data)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return blocks[0].DER
}

func TestFreshObjects(t *testing.T) {
	dir := generate(t)
	root, err := ParseCertificate(file(t, dir, "root.pem"))
	if err != nil {
		t.Fatal(err)
	}
	verify := func(what string, alg, tbs, sig, spki []byte, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", what, err)
			return
		}
		if err := VerifySignature(spki, alg, tbs, sig); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		broken := append([]byte{}, tbs...)
		broken[len(broken)-1] ^= 1
		if err := VerifySignature(spki, alg, broken, sig); err != algorithm.ErrSignature {
			t.Errorf("%s: a changed byte gives %v", what, err)
		}
	}
	for _, name := range []string{"root.pem", "sub.pem", "delegate.pem"} {
		c, err := ParseCertificate(file(t, dir, name))
		verify(name, c.OuterAlgorithm, c.RawTBS, c.Signature, root.RawSPKI, err)
	}
	l, err := ParseRevocationList(file(t, dir, "crl.pem"))
	verify("crl.pem", l.OuterAlgorithm, l.RawTBS, l.Signature, root.RawSPKI, err)
	r, err := ParseRequest(file(t, dir, "request.pem"))
	verify("request.pem", r.Algorithm, r.RawTBS, r.Signature, r.RawSPKI, err)
	o, err := ParseResponse(file(t, dir, "single.der"))
	verify("single.der", o.Algorithm, o.RawTBS, o.Signature, root.RawSPKI, err)
	o, err = ParseResponse(file(t, dir, "response.der"))
	if err != nil || len(o.Certificates) != 1 {
		t.Fatalf("response.der: %v, %d certificates", err, len(o.Certificates))
	}
	delegate, err := ParseCertificate(o.Certificates[0])
	verify("response.der", o.Algorithm, o.RawTBS, o.Signature, delegate.RawSPKI, err)
}

// TestFieldsAgainstOpenSSL compares fields with what openssl prints.
func TestFieldsAgainstOpenSSL(t *testing.T) {
	path, err := filepath.Abs("testdata/fake-sub.pem")
	if err != nil {
		t.Fatal(err)
	}
	c, err := ParseCertificate(load(t, "fake-sub.pem"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	field := func(args ...string) string {
		return strings.TrimSpace(string(openssl(t, dir, append([]string{"x509", "-in", path, "-noout"}, args...)...)))
	}
	const day = "Jan _2 15:04:05 2006 GMT"
	got := []string{
		strings.ToUpper("serial=" + c.Serial.Text(16)),
		"notBefore=" + c.NotBefore.Format(day) + "\nnotAfter=" + c.NotAfter.Format(day),
	}
	want := []string{strings.ToUpper(field("-serial")), field("-startdate", "-enddate")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields differ (-openssl +inspect):\n%s", diff)
	}
	spki := openssl(t, dir, "x509", "-in", path, "-noout", "-pubkey")
	blocks, err := Decode(spki)
	if err != nil || len(blocks) != 1 || blocks[0].Type != "PUBLIC KEY" {
		t.Fatalf("decoding the public key: %v", err)
	}
	if !bytes.Equal(c.RawSPKI, blocks[0].DER) {
		t.Error("SPKI differs from openssl's key")
	}
}

func TestVerifyAlgorithms(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct {
		name, key string
		genpkey   []string
		req       []string
	}{
		{"rsa-sha256", "RSA 2048", []string{"RSA", "-pkeyopt", "rsa_keygen_bits:2048"}, []string{"-sha256"}},
		{"rsa-sha512", "RSA 3072", []string{"RSA", "-pkeyopt", "rsa_keygen_bits:3072"}, []string{"-sha512"}},
		{"pss-sha384", "RSA 2048", []string{"RSA", "-pkeyopt", "rsa_keygen_bits:2048"},
			[]string{"-sha384", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:48"}},
		{"p256", "ECDSA P-256", []string{"EC", "-pkeyopt", "ec_paramgen_curve:P-256"}, []string{"-sha256"}},
		{"p384", "ECDSA P-384", []string{"EC", "-pkeyopt", "ec_paramgen_curve:P-384"}, []string{"-sha384"}},
		{"p521", "ECDSA P-521", []string{"EC", "-pkeyopt", "ec_paramgen_curve:P-521"}, []string{"-sha512"}},
		{"ed25519", "Ed25519", []string{"ED25519"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			key := tt.name + ".key"
			openssl(t, dir, append([]string{"genpkey", "-out", key, "-algorithm"}, tt.genpkey...)...)
			pem := openssl(t, dir, append([]string{"req", "-new", "-key", key, "-subj", "/CN=FAKE"}, tt.req...)...)
			blocks, err := Decode(pem)
			if err != nil {
				t.Fatal(err)
			}
			r, err := ParseRequest(blocks[0].DER)
			if err != nil {
				t.Fatal(err)
			}
			if got := KeyDescription(r.RawSPKI); got != tt.key {
				t.Errorf("key described as %q, want %q", got, tt.key)
			}
			if err := VerifySignature(r.RawSPKI, r.Algorithm, r.RawTBS, r.Signature); err != nil {
				t.Error(err)
			}
			r.Signature[len(r.Signature)-1] ^= 1
			if VerifySignature(r.RawSPKI, r.Algorithm, r.RawTBS, r.Signature) == nil {
				t.Error("a changed signature verifies")
			}
		})
	}
}

func TestVerifyRefusesSHA1(t *testing.T) {
	c, err := ParseCertificate(load(t, "root-accvraiz1.pem"))
	if err != nil {
		t.Fatal(err)
	}
	err = VerifySignature(c.RawSPKI, c.OuterAlgorithm, c.RawTBS, c.Signature)
	if err == nil || !strings.Contains(err.Error(), "SHA-1") {
		t.Errorf("SHA-1 gives %v", err)
	}
	if err := VerifySignature(c.RawSPKI, c.OuterAlgorithm, c.RawTBS, c.Signature, AllowSHA1()); err != nil {
		t.Error(err)
	}
}
