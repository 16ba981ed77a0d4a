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
