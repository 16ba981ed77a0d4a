// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// TestPointers guards the clients of a CA: they ask where the certificates say, and
// a plan that puts nothing there, or something where nobody looks, says so.
func TestPointers(t *testing.T) {
	const crl, responder, answers = `(?s)  - crl: root-x1-crl-1.*?11mo\n`, `(?s)  - issue: ocsp-x1-cert.*?for: 1y}\n`, `(?s)  - ocsp: r1-status-1.*(  - section: Close)`
	for name, c := range map[string]struct {
		without  []string // expressions that are taken out of the ceremony file
		from, by string   // and a text that is replaced in it or in the profile
		want     []string
	}{
		"everything is served":            {},
		"no CRL":                          {without: []string{crl}, want: []string{"ceremony.yaml:72:5: r1-cert, e1-cert point to the CRL http://x1.c.example.com/root-x1.crl, which no step signs"}},
		"a CRL under another URL":         {from: "  - crl-number\n", by: "  - crl-number\n  - issuing-distribution-point: {critical: true, url: http://x1.c.example.com/new.crl, only: ca-certificates}\n", want: []string{"r1-cert, e1-cert point to the CRL http://x1.c.example.com/root-x1.crl"}},
		"a responder alone":               {without: []string{answers}},
		"neither answers nor a responder": {without: []string{responder, answers}, want: []string{"r1-cert, e1-cert point to OCSP at http://x1.o.example.com/, and no step or input has a response or a responder"}},
		"an ocsp-url that nothing names": {without: []string{answers}, from: "{ocsp: [issuer], ca-issuers: [issuer]}", by: "{ca-issuers: [issuer]}", want: []string{
			"no certificate that root-x1 issues here points to its ocsp-url http://x1.o.example.com/"}},
		"a responder that nothing names": {without: []string{answers, `    ocsp-url: .*?\n`}, from: "{ocsp: [issuer], ca-issuers: [issuer]}", by: "{ca-issuers: [issuer]}", want: []string{
			"ceremony.yaml:90:5: ocsp-x1-cert is a responder, and no certificate that root-x1 issues points to OCSP"}},
		"certificates without OCSP": {from: "{ocsp: [issuer], ca-issuers: [issuer]}", by: "{ca-issuers: [issuer]}", want: []string{
			"r1-status-1 answers for r1-cert, which names no OCSP service, so that no client asks: add authority-information-access with ocsp to the profile of r1-cert", "e1-status-1 answers for e1-cert"}},
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(ceremonytest.Examples(t), "root-2026")
			file := filepath.Join(folder, "ceremony.yaml")
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range c.without {
				shorter := regexp.MustCompile(w).ReplaceAll(text, []byte("$1"))
				if len(shorter) == len(text) {
					t.Fatalf("the example has no %s", w)
				}
				text = shorter
			}
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Fatal(err)
			}
			for _, p := range []string{"root-crl", "tls-issuing"} {
				p = filepath.Join(folder, "profiles", p+".yaml")
				if data, err := os.ReadFile(p); err == nil && c.from != "" && strings.Contains(string(data), c.from) {
					ceremonytest.Replace(t, p, c.from, c.by)
				}
			}
			warnings := ceremonytest.Load(t, folder).Warnings()
			if len(warnings) != len(c.want) {
				t.Fatalf("%d warnings, want %d: %v", len(warnings), len(c.want), warnings)
			}
			for i, w := range warnings {
				if !strings.Contains(w.String(), c.want[i]) {
					t.Errorf("%s\nlacks %s", w, c.want[i])
				}
			}
		})
	}
}

// TestPointersOfBundle guards people against warnings about what an earlier ceremony
// has published: a CRL and the responses that the MANIFEST of an input bundle lists
// serve the certificates of this plan, too. And it guards relying parties that hold
// certificates with the URLs of before.
func TestPointersOfBundle(t *testing.T) {
	folder, _, text := secondExample(t)
	crl := regexp.MustCompile(`(?s)\n  - section: The old issuing CA ends.*`)
	alone := regexp.MustCompile(`\n  (root-x1-crl-1|e1-cert|ocsp-x1-cert): .*`).ReplaceAllString(crl.ReplaceAllString(text, ""), "")
	if strings.Contains(alone, "crl-1") || strings.Contains(alone, "ocsp-x1-cert") {
		t.Fatal(alone)
	}
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"all of it", text, nil},
		{"the MANIFEST alone", alone, nil},
		{"years later", strings.ReplaceAll(alone, "2027-06-01", "2028-06-01"), []string{
			"e2-cert points to the CRL http://x1.c.example.com/root-x1.crl, which no step signs", "e2-cert points to OCSP at http://x1.o.example.com/"}},
		{"a new CRL URL", strings.Replace(text, "http://x1.c.example.com/root-x1.crl", "http://new.example.com/x1.crl", 1), []string{
			"ceremony.yaml:29:14: the crl-url of root-x1 is http://new.example.com/x1.crl, but what it has signed before points to http://x1.c.example.com/root-x1.crl: " +
				"relying parties still ask there"}},
		{"a new certificate URL", strings.Replace(text, "http://x1.i.example.com/root-x1.crt", "http://new.example.com/x1.crt", 1), []string{
			"the ca-issuers-url of root-x1 is http://new.example.com/x1.crt, but what it has signed before points to http://x1.i.example.com/root-x1.crt"}},
		{"a new OCSP URL", strings.Replace(text, "http://x1.o.example.com/", "http://new.example.com/", 1), []string{
			"the ocsp-url of root-x1 is http://new.example.com/, but what it has signed before points to http://x1.o.example.com/"}},
	} {
		p, found := replanned(t, folder, c.text)
		if found != "" {
			t.Errorf("%s: %s", c.name, found)
			continue
		}
		warnings := p.Warnings()
		if len(warnings) != len(c.want) {
			t.Errorf("%s: %d warnings, want %d: %v", c.name, len(warnings), len(c.want), warnings)
			continue
		}
		var screen strings.Builder
		if err := p.Write(&screen); err != nil {
			t.Fatal(err)
		}
		script, err := p.Script(nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range warnings {
			wantsAll(t, c.name, w.String(), c.want[i])
			wantsAll(t, c.name+", screen", screen.String(), w.Text)
			wantsAll(t, c.name+", script", string(script), w.Text)
		}
	}
}

// TestPointersOfInput guards the people who sign a response that nobody asks for: the
// certificate that it is about was issued before, and names no OCSP service.
func TestPointersOfInput(t *testing.T) {
	t.Parallel()
	folder := ceremonytest.WriteOldCA(t, 1)
	const response = `version: 1
profile: response
kind: ocsp-response
intent: private
covers: ca-certificates
signature: [ecdsa-sha384]
validity: {at-most: 12mo}
certificate-id: sha1
responder-id: by-key
`
	write(t, filepath.Join(folder, "response.yaml"), response)
	text := ceremonytest.OldCA + "  - {ocsp: leaf-status, profile: response.yaml, issuer: old, certificate: leaf, status: revoked, revoked: {from: old-crl}, this-update: signing-time, next-update: 6mo}\n"
	l, err := plan.Load("ceremony.yaml", []byte(text), plan.Disk{Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	wantsAll(t, "a response for an input", strings.Join(l.WarningTexts(), "\n"), "leaf-status answers for input leaf, which names no OCSP service, so that no client asks: take the step out")
}
