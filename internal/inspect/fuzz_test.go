// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"bytes"
	"encoding/asn1"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// seed adds every object of testdata to a corpus: what is no object of its
// kind is as good a start for a mutation.
func seed(f *testing.F) {
	f.Helper()
	for _, name := range objects(f) {
		f.Add(load(f, name))
	}
}

// dump holds the text of anything to its promises.
func dump(t *testing.T, der []byte) (ok bool) {
	text, err := Text(der)
	if err != nil {
		return false
	}
	checkText(t, text)
	if again, _ := Text(der); again != text {
		t.Error("two dumps of the same bytes differ")
	}
	return true
}

// readAll calls every typed reader.
func readAll(x Extensions) {
	x.BasicConstraints()
	if v, _, err := x.KeyUsage(); err == nil {
		v.Names()
	}
	x.ExtKeyUsage()
	x.SubjectKeyID()
	x.AuthorityKeyID()
	x.Policies()
	x.NameConstraints()
	x.CRLDistributionPoints()
	x.FreshestCRL()
	x.AuthorityInfoAccess()
	x.SubjectInfoAccess()
	x.SubjectAltName()
	x.IssuerAltName()
	x.IssuingDistributionPoint()
	x.CRLNumber()
	x.DeltaCRLIndicator()
	x.InvalidityDate()
}

func FuzzCertificate(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, der []byte) {
		dump(t, der)
		c, err := ParseCertificate(der)
		if err != nil {
			return
		}
		if !bytes.Equal(c.Raw, der) {
			t.Error("not all of the input was read")
		}
		readAll(c.Extensions)
		KeyDescription(c.RawSPKI)
		_ = VerifySignature(c.RawSPKI, c.OuterAlgorithm, c.RawTBS, c.Signature, AllowSHA1())
		if _, err := LeafHash(der, 1); err != nil {
			t.Errorf("leaf hash: %v", err)
		}
		if Guess(der) != KindCertificate {
			t.Errorf("guessed %q", Guess(der))
		}
	})
}

func FuzzRevocationList(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, der []byte) {
		dump(t, der)
		l, err := ParseRevocationList(der)
		if err != nil {
			return
		}
		readAll(l.Extensions)
		for _, e := range l.Entries {
			readAll(e.Extensions)
		}
		if !bytes.Equal(l.Raw, der) || l.EntryCount != len(l.Entries) {
			t.Error("not all of the input was read")
		}
		if Guess(der) != KindCRL {
			t.Errorf("guessed %q", Guess(der))
		}
	})
}

func FuzzRequest(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, der []byte) {
		dump(t, der)
		r, err := ParseRequest(der)
		if err != nil {
			return
		}
		readAll(r.Extensions)
		if !bytes.Equal(r.Raw, der) {
			t.Error("not all of the input was read")
		}
		if Guess(der) != KindRequest {
			t.Errorf("guessed %q", Guess(der))
		}
	})
}

func FuzzResponse(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, der []byte) {
		dump(t, der)
		r, err := ParseResponse(der)
		if err != nil {
			return
		}
		readAll(r.Extensions)
		for _, s := range r.Singles {
			readAll(s.Extensions)
		}
		if !bytes.Equal(r.Raw, der) {
			t.Error("not all of the input was read")
		}
		if Guess(der) != KindResponse {
			t.Errorf("guessed %q", Guess(der))
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, name := range objects(f) {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
		f.Add(append([]byte("preamble\n"), append(data, data...)...))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		blocks, err := Decode(data)
		if err != nil {
			return
		}
		if len(blocks) == 0 {
			t.Error("no blocks and no error")
		}
		for _, b := range blocks {
			if strings.Contains(b.Type, "PRIVATE KEY") {
				t.Error("a private key was read")
			}
			if !bytes.Contains(data, []byte(b.Preamble)) {
				t.Error("preamble is not part of the input")
			}
			dump(t, b.DER)
		}
	})
}

// FuzzExtension reads one value as every extension that has a reader, without
// a certificate around it that the fuzzer would have to keep whole.
func FuzzExtension(f *testing.F) {
	for _, name := range objects(f) {
		if c, err := ParseCertificate(load(f, name)); err == nil {
			for _, e := range c.Extensions {
				f.Add(e.Value)
			}
		}
		if l, err := ParseRevocationList(load(f, name)); err == nil {
			for _, e := range l.Extensions {
				f.Add(e.Value)
			}
		}
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		for _, known := range knownExtensions {
			id := known.oid
			x := Extensions{{OID: id, Value: value}}
			readAll(x)
			p := &printer{depth: 3}
			p.extensions("extensions", x)
			checkText(t, p.out.String())
		}
	})
}

func parseOID(t *testing.T, s string) asn1.ObjectIdentifier {
	t.Helper()
	var out asn1.ObjectIdentifier
	for part := range strings.SplitSeq(s, ".") {
		n, err := strconv.Atoi(part)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, n)
	}
	return out
}
