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

// goldenBundles are the bundles that later examples read, made on SoftHSM2, with the
// number of their artifacts.
var goldenBundles = map[string]int{"root-2026": 7, "private-2026": 9}

// TestGoldenBundle guards auditors who come years later: a bundle of an earlier
// version still verifies, and the examples that read it can be planned.
func TestGoldenBundle(t *testing.T) {
	for name, artifacts := range goldenBundles {
		t.Run(name, func(t *testing.T) {
			bundle := filepath.Join("..", "..", "examples", "bundles", name)
			if *update {
				makeGoldenBundle(t, name, bundle)
			}
			v, err := verify.Bundle(context.Background(), bundle, verify.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer v.Close()
			if len(v.Problems) > 0 || len(v.Incomplete) > 0 || v.Rebuilt != artifacts {
				t.Errorf("problems %v, incomplete %v, %d artifacts", v.Problems, v.Incomplete, v.Rebuilt)
			}
		})
	}
	for _, name := range []string{"issuing-2027", "cross-2026", "private-2027"} {
		ceremonytest.Preview(t, filepath.Join("..", "..", "examples", name))
	}
}

func makeGoldenBundle(t *testing.T, name, bundle string) {
	t.Helper()
	if err := os.RemoveAll(bundle); err != nil {
		t.Fatal(err)
	}
	p := ceremonytest.Preview(t, filepath.Join("..", "..", "examples", name))
	o := runOptions(p, hsm(t), bundle)
	o.LookAt = lookAtSoftHSM
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
}
