// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/verify"
)

// TestGoldenBundle guards auditors who come years later: a bundle of an earlier
// version still verifies, and the examples that read it can be planned.
func TestGoldenBundle(t *testing.T) {
	if *update {
		makeGoldenBundle(t)
	}
	v, err := verify.Bundle(context.Background(), ceremonytest.GoldenBundle, verify.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	if len(v.Problems) > 0 || len(v.Incomplete) > 0 || v.Rebuilt != 7 {
		t.Errorf("problems %v, incomplete %v, %d artifacts", v.Problems, v.Incomplete, v.Rebuilt)
	}
	for _, name := range []string{"issuing-2027", "cross-2026"} {
		ceremonytest.Preview(t, filepath.Join("..", "..", "examples", name))
	}
}

func makeGoldenBundle(t *testing.T) {
	t.Helper()
	if err := os.RemoveAll(ceremonytest.GoldenBundle); err != nil {
		t.Fatal(err)
	}
	p := ceremonytest.Preview(t, "../../examples/root-2026")
	o := runOptions(p, hsm(t), ceremonytest.GoldenBundle)
	o.LookAt = lookAtSoftHSM
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
}
