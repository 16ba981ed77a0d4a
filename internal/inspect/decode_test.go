// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"encoding/pem"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func read1(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestDecodeSeveral(t *testing.T) {
	input := "subject: A\n" + read1(t, "testdata/fake-root.pem") + "\nthe CRL\n" + read1(t, "testdata/fake-crl.pem") + "end\n"
	blocks, err := Decode([]byte(input))
	if err != nil {
		t.Fatal(err)
	}
	var got [][2]string
	for _, b := range blocks {
		got = append(got, [2]string{b.Type, b.Preamble})
	}
	want := [][2]string{{"CERTIFICATE", "subject: A\n"}, {"X509 CRL", "\nthe CRL\n"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("blocks differ (-want +got):\n%s", diff)
	}
}

// A line in a comment begins no block, and what is under another label is named and left
// out, where there is more: a whole bundle of certificates was refused for either.
func TestDecodeKnown(t *testing.T) {
	root, other := read1(t, "testdata/fake-root.pem"), "-----BEGIN THING-----\nMAA=\n-----END THING-----\n"
	blocks, skipped, err := DecodeKnown([]byte("#-----BEGIN CERTIFICATE-----\n" + root + other + root))
	if err != nil || len(blocks) != 2 || len(skipped) != 1 || blocks[0].Line != 2 || skipped[0].Line != 2+strings.Count(root, "\n") || blocks[1].Line != skipped[0].Line+3 {
		t.Fatalf("%+v, %+v: %v", blocks, skipped, err)
	}
	if want := `PEM block 2: a PEM block with the label "THING"`; !strings.HasPrefix(skipped[0].Why.Error(), want) {
		t.Errorf("%v, want %s", skipped[0].Why, want)
	}
	key := "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"
	for _, input := range []string{other, root + key, root + " " + root} {
		if blocks, _, err := DecodeKnown([]byte(input)); err == nil {
			t.Errorf("%d blocks of\n%s", len(blocks), input)
		}
	}
}

func TestDecodeDER(t *testing.T) {
	for name, want := range map[string]string{
		"fake-root.pem": "CERTIFICATE", "fake-crl.pem": "X509 CRL",
		"fake-request.pem": "CERTIFICATE REQUEST", "fake-single.pem": "OCSP RESPONSE",
	} {
		blocks, err := Decode(load(t, name))
		if err != nil || len(blocks) != 1 || blocks[0].Type != want {
			t.Errorf("%s: %v, error %v", name, blocks, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	root := read1(t, "testdata/fake-root.pem")
	for name, tt := range map[string]struct{ input, want string }{
		"empty":          {"", "an empty file"},
		"text":           {"hello", "neither PEM nor"},
		"trailing bytes": {string(load(t, "fake-root.pem")) + "x", "1 more bytes behind it"},
		"wrong label":    {strings.ReplaceAll(root, "CERTIFICATE", "X509 CRL"), "labelled \"X509 CRL\" but holds a certificate"},
		"broken block":   {root + strings.Replace(root, "MII", "M!I", 1), "malformed"},
		"broken first":   {strings.Replace(root, "MII", "M!I", 1) + root, "malformed"},
		"private key": {string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: []byte{1}})),
			"private key"},
		"headers": {string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE",
			Headers: map[string]string{"A": "b"}, Bytes: load(t, "fake-root.pem")})), "headers"},
		"too long": {strings.Repeat("x", maxInput+1), "more than"},
	} {
		_, err := Decode([]byte(tt.input))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", name, err, tt.want)
		}
	}
}
