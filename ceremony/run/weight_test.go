// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
)

// TestPreviousCRLIsSigned carries out what was planned: the bytes of a long CRL do
// not fit into a line of the journal, and lie in a file that verify looks into.
func TestPreviousCRLIsSigned(t *testing.T) {
	p := ceremonytest.PreviewOldCA(t, ceremonytest.WriteOldCA(t, 7000))
	bundle := filepath.Join(t.TempDir(), "bundle")
	rehearsed(t, p, unsynced{}, bundle)
	mustVerify(t, bundle, 1)
	files, err := filepath.Glob(filepath.Join(bundle, "evidence", "tbs-*.der"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files of bytes to be signed: %v, %v", files, err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	if err := os.WriteFile(files[0], data, 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := verify.Bundle(context.Background(), bundle, verify.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if v.OK() || !strings.Contains(fmt.Sprint(v.Problems), "evidence/tbs-") {
		t.Errorf("one bit of the bytes was changed: %v", v.Problems)
	}
}

// TestRevokeFromIsCopied guards a list of revocations in a bundle: verify reads the copy,
// and finds a changed line.
func TestRevokeFromIsCopied(t *testing.T) {
	folder := ceremonytest.WriteOldCA(t, 1)
	ceremonytest.Replace(t, filepath.Join(folder, ceremonyFile), "    revoke:\n", "    revoke-from: {csv: list.csv}\n    revoke:\n")
	if err := os.WriteFile(filepath.Join(folder, "list.csv"), []byte("serial,date,reason\n4A01,2027-02-01T00:00:00Z,superseded\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := ceremonytest.Preview(t, folder)
	bundle := filepath.Join(t.TempDir(), "bundle")
	rehearsed(t, p, unsynced{}, bundle)
	mustVerify(t, bundle, 1)
	if l := crlIn(t, filepath.Join(bundle, "artifacts", plan.RehearsalMark+"-old-crl.der")); len(l.Entries) != 3 {
		t.Errorf("%d entries", len(l.Entries))
	}
	report, err := os.ReadFile(filepath.Join(bundle, "report", "report.html"))
	if err != nil || !strings.Contains(string(report), "1 of the list list.csv, SHA-256 "+p.Plan.Artifacts[0].RevokedFrom.SHA256) {
		t.Errorf("the report does not name the list, %v", err)
	}
	ceremonytest.Replace(t, filepath.Join(bundle, "plan", "inputs", "old-crl.csv"), "4A01", "4A02")
	v, err := verify.Bundle(context.Background(), bundle, verify.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if v.OK() || !strings.Contains(fmt.Sprint(v.Problems), "old-crl.csv") {
		t.Errorf("a line of the list was changed: %v", v.Problems)
	}
}
