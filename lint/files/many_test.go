// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"crypto/rand"
	"crypto/x509"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/lint/format"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// A fault of thousands of entries of a CRL is one line, which tells the first of them;
// another fault of the same rule is another line.
func TestEntriesFold(t *testing.T) {
	key := newKey(t, algorithm.ECDSAP384)
	root := issue(t, "br-root", "FAKE Root", key, key, nil, nil)
	ca, err := x509.ParseCertificate(root)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: today, NextUpdate: today.AddDate(0, 11, 0)}
	for i := range 300 {
		serial := new(big.Int).Lsh(big.NewInt(int64(0xabcdef00+i)), 64)
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries,
			x509.RevocationListEntry{SerialNumber: serial, RevocationTime: today.AddDate(0, 0, -1), ReasonCode: i / 299 * 10})
	}
	der, err := x509.CreateRevocationList(rand.Reader, template, ca, key)
	if err != nil {
		t.Fatal(err)
	}
	l := newLinter(t, Options{Kind: "ca-crl", Rules: []string{lint.PackTLS}, Issuers: []*inspect.Certificate{parsed(t, root)}, Engines: []string{lint.EngineCeremony}})
	r, text := check(t, l, File{Name: "root.crl", Data: der, Named: true})
	var got []format.Finding
	for _, f := range r.Targets[0].Findings {
		if f.Rule == "crl.entry-reason" {
			got = append(got, f)
		}
	}
	if len(got) != 2 || got[0].More+got[1].More != 298 || got[0].More*got[1].More != 0 || !strings.Contains(text, "abcdef000000000000000000 has no reasonCode; and 298 other entries") {
		t.Errorf("%d findings:\n%.2000s", len(got), text)
	}
}

// A response need not carry the certificate of the responder (RFC 6960 4.2.1): one of the
// run is used. What it is about decides how long it is valid (BR 4.9.9).
func TestAnswerWithoutCertificate(t *testing.T) {
	rootKey, key := newKey(t, algorithm.ECDSAP384), newKey(t, algorithm.ECDSAP384)
	root := issue(t, "br-root", "FAKE Root", rootKey, rootKey, nil, nil)
	responder := issue(t, "ocsp-responder", "FAKE Responder", key, rootKey, parsed(t, root), nil)
	sub := issue(t, "tls-issuing-ca", "FAKE CA", key, rootKey, parsed(t, root), nil)
	subscriber := issue(t, "tls-issuing-ca", "FAKE subscriber", key, rootKey, parsed(t, root), func(c *profiles.Certificate) {
		c.Extensions = slices.DeleteFunc(slices.Clone(c.Extensions), func(e profiles.Extension) bool {
			return e.Name == ext.NameBasicConstraints || e.Name == ext.NameKeyUsage
		})
	})
	by := func(der []byte) *x509.Certificate {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, c := range []struct {
		name, kind string
		subject    []byte
		days       int
		window     bool
	}{
		{"a CA", "", sub, 60, false},
		{"a subscriber, 60 days", "", subscriber, 60, true},
		{"a subscriber, 60 days, by its kind", "ocsp-response", subscriber, 60, true},
		{"a subscriber, 9 days", "", subscriber, 9, false},
	} {
		answer := ocsp.Response{Status: ocsp.Good, SerialNumber: parsed(t, c.subject).Serial, ThisUpdate: today, NextUpdate: today.AddDate(0, 0, c.days)}
		der, err := ocsp.CreateResponse(by(root), by(responder), answer, key)
		if err != nil {
			t.Fatal(err)
		}
		l := newLinter(t, Options{Kind: c.kind, Rules: []string{lint.PackTLS}, Engines: []string{lint.EngineCeremony}})
		files := []File{{Name: "a.ors", Data: der, Named: true}, {Name: "f/b.der", Data: root}, {Name: "f/c.der", Data: responder}, {Name: "f/d.der", Data: c.subject}}
		if c.kind != "" {
			files = append(files[:1:1], File{Name: "root.der", Data: root}, File{Name: "resp.der", Data: responder}, File{Name: "sub.der", Data: c.subject})
		}
		r, text := check(t, l, files...)
		got := rules(&r.Targets[0])
		if slices.Contains(got, "ocsp.signature") || slices.Contains(got, "ocsp.window") != c.window {
			t.Errorf("%s: %v\n%s", c.name, got, text)
		}
	}
}

// The CA itself answers, and encloses a certificate of its own: the one that was given or
// another of the same name and key. Neither makes it a delegated responder.
func TestAnswerOfTheCA(t *testing.T) {
	rootKey, caKey := newKey(t, algorithm.ECDSAP384), newKey(t, algorithm.ECDSAP384)
	answers := func(octets int) func(c *profiles.Certificate) {
		return func(c *profiles.Certificate) {
			c.SerialOctets, c.Extensions = octets, slices.Clone(c.Extensions)
			for i := range c.Extensions {
				if c.Extensions[i].Name == ext.NameKeyUsage {
					c.Extensions[i].Value = ext.KeyUsage{"digital-signature", "cert-sign", "crl-sign"}
				}
			}
		}
	}
	root := issue(t, "br-root", "FAKE Root", rootKey, rootKey, nil, answers(16))
	renewed := issue(t, "br-root", "FAKE Root", rootKey, rootKey, nil, answers(18))
	sub := issue(t, "tls-issuing-ca", "FAKE CA", caKey, rootKey, parsed(t, root), nil)
	ca, err := x509.ParseCertificate(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, enclosed := range map[string][]byte{"none": nil, "its own": root, "another of its own": renewed, "that of another CA": sub} {
		answer := ocsp.Response{Status: ocsp.Good, SerialNumber: parsed(t, sub).Serial, ThisUpdate: today, NextUpdate: today.Add(5 * 24 * time.Hour)}
		if enclosed != nil {
			if answer.Certificate, err = x509.ParseCertificate(enclosed); err != nil {
				t.Fatal(err)
			}
		}
		der, err := ocsp.CreateResponse(ca, ca, answer, rootKey)
		if err != nil {
			t.Fatal(err)
		}
		l := newLinter(t, Options{Rules: []string{lint.PackTLS}, Engines: []string{lint.EngineCeremony}})
		files := []File{{Name: "a.ors", Data: der, Named: true}, {Name: "b.pem", Data: root, Named: true}, {Name: "c.pem", Data: sub, Named: true}}
		r, text := check(t, l, files...)
		got := rules(&r.Targets[0])
		if found := slices.Contains(got, "ocsp.signer") || slices.Contains(got, "ocsp.signature") || slices.Contains(got, "chain.issuer-key"); found != (name == "that of another CA") {
			t.Errorf("%s: %v\n%s", name, got, text)
		}
	}
}
