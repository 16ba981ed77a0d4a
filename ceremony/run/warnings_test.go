// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/transcripts/event"
)

// TestWarningsOnRecord guards relying parties of a root whose certificates point to a
// CRL and to OCSP that nobody makes: people who decide that it is meant read it in the
// script, and everybody later in the journal and the report.
func TestWarningsOnRecord(t *testing.T) {
	folder := filepath.Join(ceremonytest.Examples(t), "root-2026")
	file := filepath.Join(folder, "ceremony.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	bare := regexp.MustCompile(`(?s)  - issue: ocsp-x1-cert.*(  - section: Close)`).ReplaceAll(text, []byte("$1"))
	bare = regexp.MustCompile(`(?s)  - crl: root-x1-crl-1.*?11mo\n`).ReplaceAll(bare, nil)
	bare = regexp.MustCompile(`\n  - section: Publish.*|, ocsp-x1\b|\n  ocsp-x1: \{token.*|\n  ocsp-x1:\n.*\n.*OCSP 2026\}`).ReplaceAll(bare, nil)
	if err := os.WriteFile(file, bare, 0o600); err != nil {
		t.Fatal(err)
	}
	_, res := rehearseAlone(t, folder)
	want := []string{"r1-cert, e1-cert point to the CRL http://x1.c.example.com/root-x1.crl, which no step signs and no input is",
		"r1-cert, e1-cert point to OCSP at http://x1.o.example.com/, and no step or input has a response or a responder"}
	said := ""
	for _, r := range journal(t, res.Bundle) {
		if e, ok := r.Event.(event.PlanApproval); ok {
			said += strings.Join(e.Warnings, "\n")
		}
	}
	for name, page := range map[string]string{"journal": said, "script": string(read(t, res.Bundle, "plan/script.html")), "report": string(read(t, res.Bundle, "report/report.html"))} {
		page = strings.Join(strings.Fields(page), " ")
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("the %s does not say %q", name, w)
			}
		}
	}
}
