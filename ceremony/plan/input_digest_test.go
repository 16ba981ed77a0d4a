// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/plan"
)

// TestInputDigest states the digest of the file, of the DER in it, and of something else:
// people know a request by either of the first two, and the file is compared by the first.
func TestInputDigest(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "ceremony")
	for to, from := range map[string]string{folder: "private-2027", filepath.Join(folder, "../bundles/private-2026"): "bundles/private-2026"} {
		if err := os.CopyFS(to, os.DirFS(filepath.Join("../../examples", from))); err != nil {
			t.Fatal(err)
		}
	}
	request, errRequest := os.ReadFile(filepath.Join(folder, "inputs/devices.csr.pem"))
	text, errText := os.ReadFile(filepath.Join(folder, "ceremony.yaml"))
	if err := errors.Join(errRequest, errText); err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(request)
	sum := plan.SHA256Hex(request)
	for stated, want := range map[string]string{
		sum:                         "",
		plan.SHA256Hex(block.Bytes): "inputs.devices-request.sha256: the file's SHA-256 is " + sum + "; the one here is that of the DER in it (write that one; sha256: is that of the file, as sha256sum prints it)",
		plan.SHA256Hex(nil):         "inputs.devices-request.sha256: the file's SHA-256 is " + sum,
	} {
		changed := strings.Replace(string(text), "devices-request: {", "devices-request: {sha256: "+stated+", ", 1)
		_, err := plan.Load("ceremony.yaml", []byte(changed), plan.Disk{Folder: folder})
		if want == "" && err != nil || want != "" && (err == nil || !strings.HasSuffix(err.Error(), want)) {
			t.Errorf("%s\ngives %v\nwant  %s", stated, err, want)
		}
	}
}
