// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"rootceremony/ceremony/verify"
)

// goldenBundle is the bundle of the first example, made on SoftHSM2. It is the
// input of the other two examples, and the oldest bundle that every later
// version has to judge.
const goldenBundle = "../../examples/root-2026/bundle"

// TestGoldenBundle guards auditors who come years later: a bundle of an earlier
// version still verifies, and the examples that read it can be planned.
func TestGoldenBundle(t *testing.T) {
	if *update {
		makeGoldenBundle(t)
	}
	v, err := verify.Bundle(context.Background(), goldenBundle, verify.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if len(v.Problems) > 0 || len(v.Incomplete) > 0 || v.Rebuilt != 7 {
		t.Errorf("problems %v, incomplete %v, %d artifacts", v.Problems, v.Incomplete, v.Rebuilt)
	}
	for _, name := range []string{"issuing-2027", "cross-2026"} {
		preview(t, filepath.Join("..", "..", "examples", name))
	}
}

func makeGoldenBundle(t *testing.T) {
	t.Helper()
	if err := os.RemoveAll(goldenBundle); err != nil {
		t.Fatal(err)
	}
	p := preview(t, "../../examples/root-2026")
	if _, err := Execute(context.Background(), p, runOptions(p, hsm(t), goldenBundle)); err != nil {
		t.Fatal(err)
	}
}
