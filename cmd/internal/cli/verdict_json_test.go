// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"rootceremony/transcripts"
)

// TestJSONSaysThatAnExhibitWasNotVerified guards programs, and those who read what they make,
// against taking what was attached to a key for what was verified: the text says that it
// was not, and so does the JSON.
func TestJSONSaysThatAnExhibitWasNotVerified(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "bundle")
	if err := os.CopyFS(dir, os.DirFS("../../../examples/bundles/root-2026")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "attestation")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	run := func(args ...string) []byte {
		out.Reset()
		if status := Run(t.Context(), args, Stdio{Out: &out, Err: &errs}); status != exitDone {
			t.Fatalf("%q: status %d: %s%s", args, status, &out, &errs)
		}
		return out.Bytes()
	}
	run("attach", dir, file, "--what", "by the device", "--by", "dana", "--key", "root-x1")
	var says struct {
		Exhibits []exhibit `json:"exhibits"`
	}
	if err := json.Unmarshal(run("verify", dir, "--unanchored", "--format", "json"), &says); err != nil {
		t.Fatal(err)
	}
	if len(says.Exhibits) != 1 || says.Exhibits[0].KeyNote != transcripts.NotVerified || says.Exhibits[0].KeyLabel == "" {
		t.Errorf("%+v", says.Exhibits)
	}
}
