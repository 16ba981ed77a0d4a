// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/verify"
	"rootceremony/transcripts/event"
)

// TestEarlierInBundle guards an auditor who has the new bundle alone: verify checks
// the CRL by the responses that the old bundle listed, the report names the one that
// it makes old, and neither can be taken out.
func TestEarlierInBundle(t *testing.T) {
	all := ceremonytest.Examples(t)
	old := filepath.Join(all, "bundles", "root-2026")
	if err := os.CopyFS(old, os.DirFS(ceremonytest.GoldenBundle)); err != nil {
		t.Fatal(err)
	}
	_, res := rehearseAlone(t, filepath.Join(all, "issuing-2027"))
	if err := os.RemoveAll(old); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, res.Bundle, 3)
	page, err := os.ReadFile(filepath.Join(res.Bundle, "report", "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	const said = "e1-status-1 of ceremony 2026-root-x1 says good of serial "
	if text := strings.Join(strings.Fields(string(page)), " "); !strings.Contains(text, said) || !strings.Contains(text, "2027-11-01T08:59:59Z; to be replaced online within 24 hours of the revocation") {
		t.Error("the report does not name the old response")
	}
	told := 0
	for _, r := range journal(t, res.Bundle) {
		if e, ok := r.Event.(event.ObjectLinted); ok && len(e.OldResponses) > 0 {
			told++
		}
	}
	if told != 2 {
		t.Errorf("%d results of linting name the old response, want those before and after the signature", told)
	}
	for name, change := range map[string]func(data []byte) []byte{
		"copy":    func([]byte) []byte { return nil },
		"another": func(data []byte) []byte { return bytes.Replace(data, []byte("e1"), []byte("e2"), 1) },
	} {
		bundle := filepath.Join(t.TempDir(), name)
		if err := os.CopyFS(bundle, os.DirFS(res.Bundle)); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(bundle, "plan", "inputs", "2026-root-x1.e1-status-1")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if data = change(data); data != nil {
			if err := os.WriteFile(file, append(data, 0), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		v, err := verify.Bundle(context.Background(), bundle, verify.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Problems) == 0 {
			t.Errorf("%s: nothing is wrong", name)
		}
		v.Close()
	}
}
