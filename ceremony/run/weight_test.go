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
