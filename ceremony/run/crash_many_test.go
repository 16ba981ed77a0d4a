// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"path/filepath"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/artifact/artifacttest"
	"rootceremony/internal/token"
)

// TestTenCrashes guards a team whose power goes again and again: each session gets a line
// further than the one before, and the last one ends the ceremony.
func TestTenCrashes(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	bundle := filepath.Join(t.TempDir(), "bundle")
	site, memory := fastSite()
	crashes := 0
	for at := 22; crashes < 10; at++ {
		o := runOptions(p, site, bundle)
		o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) { return persistent{memory}, nil }
		lines := 0
		o.FileSystem = artifacttest.New(func(call artifacttest.Call) *artifacttest.Failure {
			if call.Op != artifacttest.Write || call.Name != "journal.jsonl" {
				return nil
			}
			if lines++; lines > at {
				panic(errPower)
			}
			return nil
		})
		session := func() (*Result, error) { return Execute(t.Context(), p, o) }
		if crashes > 0 {
			o.People = Asked{Terminal: deciders(p, "adopt")}
			session = func() (*Result, error) { return Resume(t.Context(), o) }
		}
		if gone, err := powerGoes(session); !gone {
			t.Fatalf("session %d, after %d lines: the power did not go: %v", crashes+1, at, err)
		}
		crashes++
		bundle = disk(t, bundle)
	}
	resumeOnce(t, "after ten crashes", p, site, memory, bundle, "adopt")
}
