// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An error that names a file of others is no command of a CI service and no colour.
func TestErrorsOfOthersAreData(t *testing.T) {
	_, err := os.Open(filepath.Join(t.TempDir(), "x\n::error ::pwned\x1b[31m ##[error]"))
	var out strings.Builder
	showError(&out, err)
	if got := out.String(); strings.Contains(got, "\n::") || strings.Contains(got, "##[") || strings.Contains(got, "\x1b") || !strings.Contains(got, "pwned") {
		t.Errorf("it shows %q", got)
	}
}
