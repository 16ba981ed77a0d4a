// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWindowsRequest reads what certreq writes: the extensions under the number of
// Microsoft as those that are asked for, and each attribute by its name. openssl
// reads the same extensions.
func TestWindowsRequest(t *testing.T) {
	der := load(t, "fake-windows-request.pem")
	r, err := ParseRequest(der)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range r.Wishes() {
		critical := ""
		if w.Extension != nil && w.Extension.Critical {
			critical = " critical"
		}
		got = append(got, w.Name+critical+": "+w.Text)
	}
	want := []string{
		"keyUsage critical: bits digitalSignature, keyCertSign, cRLSign",
		"basicConstraints critical: cA TRUE, path length absent",
		`certificateTemplateName of Windows: "SubCA"`,
		"extKeyUsage: purpose serverAuth (1.3.6.1.5.5.7.3.1)",
		"caVersion of Windows: 0",
		"challengePassword: not shown, it is a password",
		`osVersion of Windows: "10.0.20348.2"`,
		`requestClientInfo of Windows: 5, "ca01.corp.example", "CORP\\admin", "certreq"`,
		`enrolmentCSP of Windows: 1, "Microsoft Software Key Storage Provider"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("wishes differ (-want +got):\n%s", diff)
	}
	cmd := exec.Command("openssl", "req", "-inform", "DER", "-noout", "-text", "-verify")
	cmd.Stdin = bytes.NewReader(der)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Requested Extensions") || !strings.Contains(string(out), "CRL Sign") {
		t.Errorf("openssl: %v\n%s", err, out)
	}
	text, err := Text(der)
	if err != nil || strings.Contains(text, "hunter2") || strings.Contains(text, "68756e74657232") {
		t.Errorf("the password is shown (%v):\n%s", err, text)
	}
}

// TestHostileWishes shows what a stranger wrote bounded and without characters that
// steer a terminal.
func TestHostileWishes(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	deep := []byte{5, 0}
	for range 3000 {
		deep = wrap(t, asn1.TagSequence, deep)
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{ExtraExtensions: []pkix.Extension{
		{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 311, 20, 2}, Value: wrap(t, asn1.TagUTF8String, []byte("a\x1b[2J\u202egnp\n"))},
		{Id: asn1.ObjectIdentifier{1, 2, 3}, Value: wrap(t, asn1.TagOctetString, make([]byte, 1<<16))},
		{Id: asn1.ObjectIdentifier{1, 2, 4}, Value: deep},
		{Id: asn1.ObjectIdentifier{1, 2, 5}, Value: wrap(t, asn1.TagSequence, bytes.Repeat([]byte{2, 1, 7}, 1<<15))},
		{Id: asn1.ObjectIdentifier{1, 2, 6}, Value: []byte{0x30, 0x84, 1}},
	}}, key)
	if err != nil {
		t.Fatal(err)
	}
	r, err := ParseRequest(der)
	if err != nil {
		t.Fatal(err)
	}
	wishes := r.Wishes()
	if len(wishes) != 5 {
		t.Fatalf("%d wishes", len(wishes))
	}
	for _, w := range wishes {
		if len([]rune(w.Text)) > maxWish+30 || w.Text == "" || strings.ContainsFunc(w.Text, func(r rune) bool { return !printable(r) }) {
			t.Errorf("%s: %d characters: %q", w.Name, len(w.Text), w.Text)
		}
	}
}

// wrap puts a tag of the universal class before contents.
func wrap(t *testing.T, tag int, contents []byte) []byte {
	t.Helper()
	der, err := asn1.Marshal(asn1.RawValue{Tag: tag, IsCompound: tag == asn1.TagSequence, Bytes: contents})
	if err != nil {
		t.Fatal(err)
	}
	return der
}
