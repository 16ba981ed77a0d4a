// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/lint/format"
)

// A broken CA certificate in a folder is linted, and not passed by for one of a
// subscriber (RFC 5280 4.2.1.3, 4.2.1.9); what says that it is no CA is.
func TestBrokenCAs(t *testing.T) {
	var (
		negative  = pkix.Extension{Id: inspect.OIDBasicConstraints, Critical: true, Value: []byte{0x30, 6, 1, 1, 0xff, 2, 1, 0xff}}
		noCA      = pkix.Extension{Id: inspect.OIDBasicConstraints, Critical: true, Value: []byte{0x30, 0}}
		sign      = pkix.Extension{Id: inspect.OIDKeyUsage, Critical: true, Value: []byte{3, 2, 1, 6}}
		signature = pkix.Extension{Id: inspect.OIDKeyUsage, Critical: true, Value: []byte{3, 2, 7, 0x80}}
		other     = pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Value: []byte{5, 0}}
	)
	for _, c := range []struct {
		name string
		self bool
		exts []pkix.Extension
		kind string // "" for passed by
	}{
		{"cA and a path length of -1", false, []pkix.Extension{negative, sign}, "tls-ca"},
		{"keyCertSign alone", false, []pkix.Extension{sign}, "tls-ca"},
		{"keyCertSign and no cA", false, []pkix.Extension{noCA, sign}, "tls-ca"},
		{"self-issued, keyCertSign and no cA", true, []pkix.Extension{noCA, sign}, "root-ca"},
		{"self-issued, nothing said", true, []pkix.Extension{other}, "root-ca"},
		{"self-issued, no cA", true, []pkix.Extension{noCA, signature}, ""},
		{"a subscriber", false, []pkix.Extension{signature}, ""},
	} {
		der := extended(t, c.self, c.exts)
		r, text := check(t, newLinter(t, Options{}), File{Name: "f/a.der", Data: der})
		switch {
		case c.kind == "" && len(r.Targets) > 0, c.kind != "" && len(r.Targets) == 0:
			t.Errorf("%s: %s", c.name, text)
		case c.kind != "" && (r.Targets[0].Kind != c.kind || !slices.ContainsFunc(r.Targets[0].Findings, func(f format.Finding) bool { return f.Level == format.Error && f.Counts() })):
			t.Errorf("%s: not an error of a %s: %s", c.name, c.kind, text)
		}
	}
}

// extended makes a certificate with just these extensions.
func extended(t *testing.T, self bool, exts []pkix.Extension) []byte {
	t.Helper()
	k := newKey(t, algorithm.ECDSAP384)
	c := &x509.Certificate{
		SerialNumber: new(big.Int).Lsh(big.NewInt(5), 100), Subject: pkix.Name{CommonName: "FAKE"}, NotBefore: today, NotAfter: today.AddDate(3, 0, 0),
		ExtraExtensions: exts,
	}
	issuer := &x509.Certificate{Subject: pkix.Name{CommonName: "FAKE Root"}}
	if self {
		issuer = c
	}
	der, err := x509.CreateCertificate(rand.Reader, c, issuer, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	return der
}
