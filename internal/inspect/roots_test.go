// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"testing"
)

// TestSystemRoots holds every root of the system store against crypto/x509.
func TestSystemRoots(t *testing.T) {
	const path = "/etc/ssl/certs/ca-certificates.crt"
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no %s on this host", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		std, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Logf("crypto/x509 refuses block %d: %v", count+1, err)
			continue
		}
		compareWithStandard(t, std)
		count++
	}
	if count == 0 {
		t.Errorf("no certificate in %s", path)
	}
}

func compareWithStandard(t *testing.T, std *x509.Certificate) {
	t.Helper()
	c, err := ParseCertificate(std.Raw)
	if err != nil {
		t.Errorf("%s: %v", std.Subject, err)
		return
	}
	for what, same := range map[string]bool{
		"tbs":        string(c.RawTBS) == string(std.RawTBSCertificate),
		"subject":    string(c.RawSubject) == string(std.RawSubject),
		"issuer":     string(c.RawIssuer) == string(std.RawIssuer),
		"spki":       string(c.RawSPKI) == string(std.RawSubjectPublicKeyInfo),
		"serial":     c.Serial.Cmp(std.SerialNumber) == 0,
		"version":    c.Version == std.Version,
		"not before": c.NotBefore.Equal(std.NotBefore),
		"not after":  c.NotAfter.Equal(std.NotAfter),
		"signature":  string(c.Signature) == string(std.Signature),
		"extensions": len(c.Extensions) == len(std.Extensions),
		"key":        c.PublicKey != nil,
	} {
		if !same {
			t.Errorf("%s: %s differs from crypto/x509", std.Subject, what)
		}
	}
	compareExtensions(t, c, std)
	err = VerifySignature(c.RawSPKI, c.OuterAlgorithm, c.RawTBS, c.Signature, AllowSHA1())
	if std.CheckSignature(std.SignatureAlgorithm, std.RawTBSCertificate, std.Signature) == nil && err != nil {
		t.Errorf("%s: %v", std.Subject, err)
	}
	if Guess(std.Raw) != KindCertificate {
		t.Errorf("%s: guessed %q", std.Subject, Guess(std.Raw))
	}
	if _, err := Text(std.Raw); err != nil {
		t.Errorf("%s: %v", std.Subject, err)
	}
}

func compareExtensions(t *testing.T, c *Certificate, std *x509.Certificate) {
	t.Helper()
	report := func(what string, err error, same bool) {
		t.Helper()
		if err != nil || !same {
			t.Errorf("%s: %s differs from crypto/x509 (error %v)", std.Subject, what, err)
		}
	}
	ku, _, err := c.KeyUsage()
	report("key usage", err, int(ku.Bits) == int(std.KeyUsage))
	bc, present, err := c.BasicConstraints()
	report("basic constraints", err, present == std.BasicConstraintsValid && bc.CA == std.IsCA &&
		(bc.PathLen != nil) == (std.MaxPathLen > 0 || std.MaxPathLenZero))
	ski, _, err := c.SubjectKeyID()
	report("subject key identifier", err, string(ski) == string(std.SubjectKeyId))
	aki, _, err := c.AuthorityKeyID()
	report("authority key identifier", err, string(aki.KeyID) == string(std.AuthorityKeyId))
	eku, _, err := c.ExtKeyUsage()
	report("extended key usage", err, len(eku) == len(std.ExtKeyUsage)+len(std.UnknownExtKeyUsage))
	policies, _, err := c.Policies()
	report("policies", err, len(policies) == len(std.Policies))
	points, _, err := c.CRLDistributionPoints()
	var urls []string
	for _, p := range points {
		urls = append(urls, URIs(p.FullNames)...)
	}
	report("distribution points", err, len(urls) == len(std.CRLDistributionPoints))
	access, _, err := c.AuthorityInfoAccess()
	report("information access", err, len(access) == len(std.OCSPServer)+len(std.IssuingCertificateURL))
	_, _, err = c.NameConstraints()
	report("name constraints", err, true)
	_, _, err = c.SubjectAltName()
	report("alternative names", err, true)
}
