// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"os"
	"strings"
	"testing"
)

// A folder below that cannot be read is a finding, and what is beside it is linted: the
// whole run ended without a report. Here its name is longer than the system can open.
func TestUnreadableFolder(t *testing.T) {
	top := t.TempDir()
	t.Chdir(top)
	for _, name := range []string{"a.yaml", "z.yaml"} {
		if err := os.WriteFile(name, []byte("profile: x\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		deeper := strings.Repeat("d", 250)
		if err := os.Mkdir(deeper, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chdir(deeper); err != nil {
			t.Fatal(err)
		}
	}
	found, err := Find([]string{top}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, text := check(t, newLinter(t, Options{}), found.Files...)
	if len(r.Targets) != 3 || !strings.Contains(text, ": fatal: file.read: open ") {
		t.Errorf("%d targets:\n%.3000s", len(r.Targets), text)
	}
}
