// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremonytest

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/plan"
)

// Examples copies the example ceremonies, without examples/bundles, into a folder
// of the test.
func Examples(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"root-2026", "issuing-2027", "cross-2026", "two-days-2026", "private-2026", "private-2027"} {
		from := os.DirFS(filepath.Join("..", "..", "examples", name))
		if err := os.CopyFS(filepath.Join(dir, name), from); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Load loads the ceremony file of a folder, which must be without mistakes.
func Load(t *testing.T, folder string) *plan.Loaded {
	t.Helper()
	name := filepath.Join(folder, "ceremony.yaml")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	l, err := plan.Load(name, data, plan.Disk{Folder: folder})
	if err != nil {
		t.Fatalf("loading %s:\n%v", folder, err)
	}
	return l
}

// Preview plans the ceremony of a folder, which must have no errors.
func Preview(t *testing.T, folder string) *plan.Preview {
	t.Helper()
	p, err := plan.NewPreview(context.Background(), Load(t, folder), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Problems) > 0 {
		t.Fatalf("the plan of %s has errors:\n%v", folder, p.Problems)
	}
	return p
}

// GoldenBundle is the bundle of the first example, made on SoftHSM2. It is the
// input of the other two examples, and the oldest bundle that every later
// version has to verify.
const GoldenBundle = "../../examples/bundles/root-2026"

// Replace changes the first of old in a file, which must be there.
func Replace(t testing.TB, name, old, text string) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), old) {
		t.Fatalf("%s has no %q", name, old)
	}
	if err := os.WriteFile(name, []byte(strings.Replace(string(data), old, text, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// CopyFile copies a file.
func CopyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
