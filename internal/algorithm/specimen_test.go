// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package algorithm

import (
	"crypto/rand"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var makeSpecimens = flag.Bool("make-specimens", false, "make the RSA keys of specimens.txt anew")

// specimensOfEach is how many keys of a size are kept: a plan that makes more waits for
// the rest.
const specimensOfEach = 8

// TestMakeSpecimens makes the file when it is asked to, which cannot give the same keys
// twice: no private key is kept.
func TestMakeSpecimens(t *testing.T) {
	if !*makeSpecimens {
		t.Skip("specimens.txt is kept as it is; -make-specimens makes it anew")
	}
	var out strings.Builder
	out.WriteString("# Public keys of specimens. Nobody has the private ones.\n")
	specimenText = ""
	for _, k := range Keys() {
		for range specimensOfEach {
			if k.Family() != RSA {
				break
			}
			spki, err := SpecimenKey(k, 0, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&out, "%s %x\n", k, spki)
		}
	}
	if err := os.WriteFile("specimens.txt", []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestSpecimenKeys guards people who plan: each key of a plan has a specimen of its own,
// of its algorithm, whether it is kept or made.
func TestSpecimenKeys(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Keys() {
		kept := strings.Count(specimenText, "\n"+string(k)+" ")
		if k.Family() == RSA && kept != specimensOfEach {
			t.Errorf("%s: %d keys are kept, want %d", k, kept, specimensOfEach)
		}
		last := kept
		if kept > 0 && k != RSA2048 { // the others take seconds to make
			last--
		}
		for nth := range last + 1 {
			spki, err := SpecimenKey(k, nth, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := KeyOf(spki); got != k || err != nil {
				t.Errorf("%s %d is of %q, %v", k, nth, got, err)
			}
			if seen[string(spki)] {
				t.Errorf("%s %d was given before", k, nth)
			}
			seen[string(spki)] = true
		}
	}
}
