// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"bytes"
	"crypto"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/lint/format"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
	"rootceremony/templates"
)

// issue makes a really signed certificate by a built-in profile, after it was
// edited. Without an issuer it signs itself.
func issue(t testing.TB, name, cn string, k, by crypto.Signer, issuer *inspect.Certificate, edit func(*profiles.Certificate)) []byte {
	t.Helper()
	p, err := builtInProfile[*profiles.CertificateProfile](name)
	if err != nil {
		t.Fatal(err)
	}
	c, problems := p.Bind(profiles.CertificateValues{
		Artifact: cn, Subject: assign(p.Subject, cn), SubjectKey: algorithm.ECDSAP384, IssuerKey: algorithm.ECDSAP384,
		Validity: lasting(choices(p)[0]), Issuer: sampleURLs(),
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if edit != nil {
		edit(c)
	}
	from, err := templates.Self(c, public(t, k))
	if err != nil {
		t.Fatal(err)
	}
	if issuer != nil {
		ski, _, _ := issuer.SubjectKeyID()
		from = templates.Issuer{Name: issuer.RawSubject, KeyID: ski, SPKI: issuer.RawSPKI}
	}
	serial, err := specimenSerial(cn, c.SerialOctets)
	if err != nil {
		t.Fatal(err)
	}
	tbs, err := templates.Certificate(c, public(t, k), serial, today, from)
	if err != nil {
		t.Fatal(err)
	}
	der, err := templates.Assemble(tbs, c.Signature, sign(t, by, tbs))
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// parsed reads a certificate.
func parsed(t testing.TB, der []byte) *inspect.Certificate {
	t.Helper()
	c, err := inspect.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// rules lists the rules of findings that count.
func rules(target *format.Target) (out []string) {
	for _, f := range target.Findings {
		if f.Counts() {
			out = append(out, f.Rule)
		}
	}
	return out
}

// without lists what a target was not checked for lack of.
func without(target *format.Target, what string) (out []string) {
	for _, n := range target.NotChecked {
		if strings.Contains(strings.Join(n.Without, ", "), what) {
			out = append(out, n.Rule)
		}
	}
	return out
}

// An object that is what its profile says raises nothing; one that differs in
// one field is found by a rule that compares, at the line of that field.
func TestCheckedAgainstProfile(t *testing.T) {
	rootKey, subKey := newKey(t, algorithm.ECDSAP384), newKey(t, algorithm.ECDSAP384)
	root := issue(t, "br-root", "FAKE Root", rootKey, rootKey, nil, nil)
	p, err := builtInProfile[profiles.Profile]("tls-issuing-ca")
	if err != nil {
		t.Fatal(err)
	}
	l := newLinter(t, Options{Profile: p, Issuers: []*inspect.Certificate{parsed(t, root)}})
	for _, c := range []struct {
		name, want, field string
		edit              func(*profiles.Certificate)
	}{
		{"as declared", "", "", nil},
		{"another policy", ruleDeclared, "certificate-policies", func(c *profiles.Certificate) {
			c.Extensions[5].Value = ext.Policies{{OID: "2.23.140.1.2.2"}}
		}},
		{"a missing extension", "cert.extensions-closed", "authority-information-access", func(c *profiles.Certificate) {
			c.Extensions = slices.Delete(slices.Clone(c.Extensions), 7, 8)
		}},
		{"another order", "cert.extensions-closed", "authority-key-identifier", func(c *profiles.Certificate) {
			c.Extensions = slices.Clone(c.Extensions)
			c.Extensions[0], c.Extensions[1] = c.Extensions[1], c.Extensions[0]
		}},
		{"a day too long", ruleDeclared, "validity", func(c *profiles.Certificate) { c.Validity.NotAfter.For.Days = 1 }},
		{"a shorter serial number", ruleDeclared, "serial", func(c *profiles.Certificate) { c.SerialOctets = 12 }},
		{"another string type", ruleDeclared, "subject", func(c *profiles.Certificate) {
			c.Subject.Attributes[2].String = profiles.PrintableString
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			der := issue(t, "tls-issuing-ca", "FAKE CA", subKey, rootKey, parsed(t, root), c.edit)
			r, text := check(t, l, File{Name: "ca.der", Data: der, Named: true})
			got := rules(&r.Targets[0])
			if c.want == "" {
				if len(got) > 0 || len(without(&r.Targets[0], "profile")) > 0 {
					t.Error(text)
				}
				return
			}
			i := slices.IndexFunc(r.Targets[0].Findings, func(f format.Finding) bool { return f.Rule == c.want && f.Related != nil })
			if i < 0 {
				t.Fatalf("%s does not find it, or not at a line of the profile:\n%s", c.want, text)
			}
			f := r.Targets[0].Findings[i]
			if line := strings.Split(string(p.Head().Doc.Data), "\n")[f.Related.Line-1]; !strings.Contains(line, c.field) {
				t.Errorf("it points at %q:\n%s", line, text)
			}
		})
	}
}

// The mirror of an object raises nothing that only compares it with itself, and
// nothing is a pass for lack of knowledge.
func TestWithoutContext(t *testing.T) {
	rootKey, subKey := newKey(t, algorithm.ECDSAP384), newKey(t, algorithm.ECDSAP384)
	root := issue(t, "br-root", "FAKE Root", rootKey, rootKey, nil, nil)
	sub := issue(t, "tls-issuing-ca", "FAKE CA", subKey, rootKey, parsed(t, root), nil)
	r, text := check(t, newLinter(t, Options{}), File{Name: "ca.der", Data: sub, Named: true})
	target := &r.Targets[0]
	if len(rules(target)) > 0 || target.Kind != "tls-ca" || target.Guessed == "" {
		t.Error(text)
	}
	for what, rule := range map[string]string{
		"profile": ruleDeclared, "issuer certificate": "chain.aki", "issuer key": "chain.signature",
		"other certificates": "set.serial-unique", "time of signing": "time.not-before",
	} {
		if !slices.Contains(without(target, what), rule) {
			t.Errorf("%s is not reported as not checked without %s:\n%s", rule, what, text)
		}
	}
	// Today is no reason for a finding, and neither is the day of --at.
	old := newLinter(t, Options{At: time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC), Issuers: []*inspect.Certificate{parsed(t, root)}})
	if r, text := check(t, old, File{Name: "ca.der", Data: sub, Named: true}); r.Count() > 0 {
		t.Error(text)
	}
}

// What is malformed gives a finding for its file, and nothing else changes.
func TestMalformed(t *testing.T) {
	names, err := filepath.Glob("../../internal/inspect/testdata/fake-*.pem")
	if err != nil || len(names) < 5 {
		t.Fatal("no objects", err)
	}
	l := newLinter(t, Options{})
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		block, _ := pem.Decode(data)
		whole := block.Bytes
		swapped := bytes.Clone(whole)
		swapped[len(swapped)/3] ^= 0xff
		for what, der := range map[string][]byte{
			"cut off": whole[:len(whole)-7], "with more behind": append(bytes.Clone(whole), 0), "with a wrong octet": swapped,
			"in PEM and cut off": pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: whole[:len(whole)/2]}),
		} {
			files := []File{{Name: "bad.der", Data: der, Named: true}, {Name: "good.pem", Data: data, Named: true}}
			r, text := check(t, l, files...)
			bad := r.Targets[0]
			if bad.File != "bad.der" || bad.SHA256 == "" && len(rules(&bad)) == 0 {
				t.Errorf("%s %s:\n%s", name, what, text)
			}
		}
	}
}

// Thousands of objects in one file, and one object of a million lines, end.
func TestBig(t *testing.T) {
	k := newKey(t, algorithm.ECDSAP256)
	w, err := newSpecimenCAs(today)
	if err != nil {
		t.Fatal(err)
	}
	a, err := w.authorityFor(algorithm.ECDSAP256)
	if err != nil {
		t.Fatal(err)
	}
	list := &profiles.RevocationList{
		Artifact: "big", Signature: algorithm.ECDSASHA256, Number: "7", ThisUpdate: profiles.SigningTime,
		NextUpdate: profiles.End{For: choices(w.crl)[0].length}, Extensions: w.crl.Extensions,
	}
	for i := range 20_000 {
		list.Entries = append(list.Entries, profiles.RevokedEntry{
			Serial: profiles.Serial(fmt.Sprintf("7%030x", i)), Date: "2026-11-01T00:00:00Z", Reason: profiles.Superseded,
		})
	}
	tbs, err := templates.RevocationList(list, today, a.issuer)
	if err != nil {
		t.Fatal(err)
	}
	der, err := templates.Assemble(tbs, list.Signature, sign(t, k, tbs))
	if err != nil {
		t.Fatal(err)
	}
	r, _ := check(t, newLinter(t, Options{Kind: "ca-crl"}), File{Name: "big.crl", Data: der, Named: true})
	if got := rules(&r.Targets[0]); len(got) > 0 || !slices.Contains(without(&r.Targets[0], "revoked"), "crl.entry-known") {
		t.Errorf("%v, %+v", got, r.Targets[0].NotChecked)
	}
}

// The guess of a kind, on specimens of every built-in profile.
func TestGuess(t *testing.T) {
	w, err := newSpecimenCAs(today)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"br-root": "root-ca", "private-root": "root-ca", "tls-issuing-ca": "tls-ca", "private-issuing-ca": "tls-ca",
		"cross-certified-ca": "tls-ca", "ocsp-responder": "ocsp-responder", "ca-crl": "ca-crl", "ocsp-response": "ocsp-response",
		"certificate-request": "certificate-request",
	}
	for name, kind := range want {
		p, err := builtInProfile[profiles.Profile](name)
		if err != nil {
			t.Fatal(err)
		}
		s, problems, err := w.specimen(p, choices(p)[0], p.Head().Purpose.Rules)
		if err != nil || len(problems) > 0 {
			t.Fatal(err, problems)
		}
		r, text := check(t, newLinter(t, Options{}), File{Name: name, Data: s.der, Named: true})
		if got := r.Targets[0].Kind; got != kind {
			t.Errorf("%s is guessed to be %q:\n%s", name, got, text)
		}
		// With the root of the existing certificate beside it, it is a cross-certificate.
		if name == "cross-certified-ca" {
			l := newLinter(t, Options{})
			existing := File{Name: "existing", Data: s.ctx.Existing.Raw, Named: true}
			if r, text := check(t, l, File{Name: name, Data: s.der, Named: true}, existing); r.Targets[0].Kind != "cross-ca" {
				t.Error(text)
			}
		}
	}
}
