// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"bytes"
	"encoding/asn1"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"rootceremony/internal/foreign"
)

// wide is text in UTF-16, with a byte order mark or without.
func wide(order binary.ByteOrder, mark bool, text []byte) []byte {
	units := utf16.Encode([]rune(string(text)))
	if mark {
		units = append([]uint16{0xfeff}, units...)
	}
	out := make([]byte, 2*len(units))
	for i, u := range units {
		order.PutUint16(out[2*i:], u)
	}
	return out
}

// others makes files that people send in the place of a certificate or a request,
// with openssl: by its commands and by hand, each by its name.
func others(t *testing.T) map[string][]byte {
	t.Helper()
	dir := t.TempDir()
	script := `set -e
openssl ecparam -genkey -name prime256v1 -out params.pem
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem
openssl req -new -x509 -key key.pem -subj /CN=A -days 30 -out cert.pem
openssl x509 -in cert.pem -outform DER -out cert.der
openssl x509 -in cert.pem -trustout -addtrust serverAuth -out trusted.pem
openssl crl2pkcs7 -nocrl -certfile cert.pem -out p7b.pem
openssl crl2pkcs7 -nocrl -certfile cert.pem -outform DER -out p7b.der
openssl pkcs12 -export -inkey key.pem -in cert.pem -passout pass:x -out pfx.der
openssl pkey -in key.pem -outform DER -out sec1.der
openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out pkcs8.der
openssl pkcs8 -topk8 -in key.pem -passout pass:x -out encrypted.pem
openssl pkcs8 -topk8 -in key.pem -passout pass:x -outform DER -out encrypted.der
openssl req -new -key key.pem -subj /CN=A -outform DER -out csr.der
openssl genrsa -traditional -out rsa.pem 1024
openssl rsa -in rsa.pem -traditional -outform DER -out pkcs1.der
openssl cms -encrypt -in cert.pem -outform DER -out cms.der cert.pem
gzip -k cert.der
`
	cmd := exec.Command("sh", "-c", script)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	cert, der := read("cert.pem"), read("cert.der")
	p7 := read("p7b.der")
	return map[string][]byte{
		"parameters and key": read("params.pem"), "key": read("key.pem"), "trusted": read("trusted.pem"), "p7b": read("p7b.pem"), "p7b in DER": p7,
		"pfx": read("pfx.der"), "EC key in DER": read("sec1.der"), "PKCS #8 in DER": read("pkcs8.der"), "encrypted key": read("encrypted.pem"), "encrypted key in DER": read("encrypted.der"),
		"RSA key in DER": read("pkcs1.der"), "CMS": read("cms.der"), "packed": read("cert.der.gz"),
		"p7b labelled certificate": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p7}),
		"p7b in base64":            []byte(base64.StdEncoding.EncodeToString(p7)),
		"key in base64":            []byte(base64.StdEncoding.EncodeToString(read("pkcs8.der"))),
		"labelled CRL":             bytes.ReplaceAll(cert, []byte("CERTIFICATE"), []byte("X509 CRL")),
		"unknown label":            pem.EncodeToMemory(&pem.Block{Type: "THING", Bytes: []byte{0x30, 0}}),
		"UTF-16LE with mark":       wide(binary.LittleEndian, true, cert), "UTF-16BE with mark": wide(binary.BigEndian, true, cert),
		"UTF-16LE": wide(binary.LittleEndian, false, cert), "UTF-16BE": wide(binary.BigEndian, false, cert),
		"empty": {}, "zeros": make([]byte, 512), "cut off": der[:len(der)-9], "more behind": append(bytes.Clone(der), "\r\n"...), "twice": append(bytes.Clone(der), der...),
		"more behind in PEM": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: append(bytes.Clone(der), 0)}),
		"bare base64":        []byte(base64.StdEncoding.EncodeToString(der)), "bare base64 in lines": bytes.Join(bytes.Split(cert, []byte("\n"))[1:bytes.Count(cert, []byte("\n"))-1], []byte("\r\n")),
		"error page": []byte("\r\n<!DOCTYPE html>\n<html><title>404</title>\n"), "XML": []byte("<?xml version=\"1.0\"?><a/>"), "PDF": []byte("%PDF-1.7\n"),
		"BER": slices.Concat([]byte{0x30, 0x80}, der[4:], []byte{0, 0}), "BER in PEM": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: slices.Concat([]byte{0x30, 0x83, 0}, der[2:])}),
		"request without attributes": without(t, read("csr.der"), []byte{0xa0, 0}),
		"something":                  []byte("hello"), "some DER": {0x30, 3, 2, 1, 5},
	}
}

// without takes the last such octets out of the first value in a SEQUENCE.
func without(t *testing.T, der, octets []byte) []byte {
	t.Helper()
	var all []asn1.RawValue
	if _, err := asn1.Unmarshal(der, &all); err != nil {
		t.Fatal(err)
	}
	inner := bytes.TrimSuffix(all[0].Bytes, octets)
	if len(inner) == len(all[0].Bytes) {
		t.Fatalf("%x does not end in %x", inner, octets)
	}
	all[0] = asn1.RawValue{Tag: asn1.TagSequence, IsCompound: true, Bytes: inner}
	out, err := asn1.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestForeign guards that what is none of ours is called by its name, and that the
// command in the message, typed as it is, gives a certificate that is read. No
// message shows anything of a private key.
func TestForeign(t *testing.T) {
	files := others(t)
	for name, want := range map[string]struct {
		is      string
		command bool // gives the certificate
	}{
		"p7b":                      {"a PKCS #7 file (.p7b, .p7c), which holds certificates or CRLs", true},
		"p7b in DER":               {"a PKCS #7 file", true},
		"p7b labelled certificate": {`a PKCS #7 file (.p7b, .p7c), which holds certificates or CRLs under the label "CERTIFICATE"`, true},
		"p7b in base64":            {"a PKCS #7 file (.p7b, .p7c), which holds certificates or CRLs in base64; decode it first: tr -d", false},
		"pfx":                      {"a PKCS #12 file (.p12, .pfx), which may hold a private key", true},
		"trusted":                  {"a certificate with the trust settings of OpenSSL", true},
		"key":                      {"a private key, which is not read", false},
		"parameters and key":       {"the parameters of a curve, which openssl writes before a private key", false},
		"EC key in DER":            {"a private key", false}, "PKCS #8 in DER": {"a private key", false}, "RSA key in DER": {"a private key", false},
		"encrypted key": {"a private key", false}, "encrypted key in DER": {"a private key", false}, "key in base64": {"a private key", false},
		"CMS": {"a PKCS #7 or CMS file that holds no certificates alone", false}, "packed": {"a file packed with gzip", false},
		"labelled CRL":       {`is labelled "X509 CRL" but holds a certificate; find out which is meant, and write "CERTIFICATE" on both lines`, false},
		"unknown label":      {`a PEM block with the label "THING", which is not known here`, false},
		"UTF-16LE with mark": {"text in UTF-16, as Windows saves it", true}, "UTF-16BE with mark": {"text in UTF-16, as Windows saves it", true},
		"UTF-16LE": {"text in UTF-16 without a byte order mark", true}, "UTF-16BE": {"text in UTF-16 without a byte order mark", true},
		"empty": {"an empty file; copy it again", false}, "zeros": {"a file of zeros", false}, "cut off": {"DER that is cut off: of ", false},
		"more behind": {"a certificate with 2 more bytes behind it; find out where they come from; without them: head -c", true},
		"twice":       {" more bytes behind it", true}, "more behind in PEM": {"a certificate with 1 more bytes behind it", false},
		"bare base64": {"base64 without the lines -----BEGIN and -----END of PEM around it", true}, "bare base64 in lines": {"base64 without", true},
		"error page": {"an HTML page; a server sent it in the place of the file", false}, "XML": {"an XML file", false}, "PDF": {"a PDF", false},
		"BER": {"BER that is not DER: a length is indefinite, or longer than it has to be (X.690 10.1); ask its maker for DER", false}, "BER in PEM": {"BER that is not DER", false},
		"request without attributes": {"a certificate request without its attributes, which RFC 2986 4.1 has even where there are none; have it repeated", false},
		"something":                  {"neither PEM nor a known object in DER", false}, "some DER": {"neither a certificate, a CRL, a certificate request nor an OCSP response", false},
	} {
		data, ok := files[name]
		delete(files, name)
		blocks, err := Decode(data)
		if !ok || err == nil || !strings.Contains(err.Error(), want.is) {
			t.Errorf("%s: %v, error %v, want %q", name, blocks, err, want.is)
			continue
		}
		if n := strings.Count(err.Error(), "\n"); n > 0 || len(err.Error()) > 300 {
			t.Errorf("%s: %d lines, %d characters: %v", name, n+1, len(err.Error()), err)
		}
		if strings.Contains(err.Error(), "private key") != (strings.Contains(name, "key") || strings.HasPrefix(name, "PKCS #8") || name == "pfx") {
			t.Errorf("%s: %v", name, err)
		}
		if want.command {
			follow(t, name, data, err)
		}
	}
	for name := range files {
		t.Errorf("nobody looks at %q", name)
	}
}

// follow types the command in an error, and reads what it made.
func follow(t *testing.T, name string, data []byte, err error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "it's a file"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	var e *foreign.Error
	if !errors.As(foreign.Named(err, "it's a file"), &e) {
		t.Fatalf("%s: %v", name, err)
	}
	_, command, _ := strings.Cut(foreign.Named(err, "it's a file").Error()[len(e.What):], ": ")
	if _, after, ok := strings.Cut(command, "without them: "); ok {
		command = after
	}
	cmd := exec.Command("sh", "-c", command+` -passin pass:x`)
	if !strings.Contains(command, "pkcs12") {
		cmd = exec.Command("sh", "-c", command)
	}
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %s: %v\n%s", name, command, err, out)
		return
	}
	made, _ := filepath.Glob(filepath.Join(dir, "NEW*"))
	if len(made) != 1 {
		t.Errorf("%s: %s made %q", name, command, made)
		return
	}
	now, _ := os.ReadFile(made[0])
	blocks, err := Decode(now)
	if err != nil || Guess(blocks[0].DER) != KindCertificate {
		t.Errorf("%s: %s made %v, error %v", name, command, blocks, err)
	}
}

// TestMarkedPEM reads PEM as editors of Windows save it: a byte order mark before the
// first line is text outside of the block, and lines end in CR and LF.
func TestMarkedPEM(t *testing.T) {
	root := read1(t, "testdata/fake-root.pem")
	for name, text := range map[string]string{
		"mark": foreign.UTF8Mark + root, "mark and CRLF": foreign.UTF8Mark + strings.ReplaceAll(root, "\n", "\r\n"),
		"mark before two": foreign.UTF8Mark + root + root,
	} {
		blocks, err := Decode([]byte(text))
		if err != nil || len(blocks) != strings.Count(text, "-----BEGIN") || !bytes.Equal(blocks[0].DER, load(t, "fake-root.pem")) {
			t.Errorf("%s: %d blocks, error %v", name, len(blocks), err)
		}
	}
}
