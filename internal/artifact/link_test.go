// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package artifact

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestPublish holds the two ways of giving a file its name to one contract.
func TestPublish(t *testing.T) {
	for name, give := range map[string]func(temp, name string) error{"rename": publish, "link": link} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			temp, final := filepath.Join(dir, "t"), filepath.Join(dir, "f")
			for i, want := range []error{nil, fs.ErrExist} {
				if err := os.WriteFile(temp, []byte{byte('0' + i)}, 0o600); err != nil {
					t.Fatal(err)
				}
				if err := give(temp, final); !errors.Is(err, want) {
					t.Errorf("attempt %d: %v", i, err)
				}
			}
			if got, err := os.ReadFile(final); string(got) != "0" {
				t.Errorf("overwritten: %q, %v", got, err)
			}
			if give(temp, filepath.Join(dir, "none", "f")) == nil {
				t.Error("no error without a directory")
			}
		})
	}
}
