// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/artifact/artifacttest"
	"rootceremony/internal/token"
)

// TestCrashTorn guards a record whose last line was cut off in the middle, with files of
// nobody beside it, against a crash of the session that finds them, before each of its
// first lines.
func TestCrashTorn(t *testing.T) {
	t.Parallel()
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	for at := range 9 {
		name := fmt.Sprintf("cut off after %d lines of the second session", at)
		bundle := filepath.Join(t.TempDir(), "bundle")
		site, memory := fastSite()
		cut := func(after int, fail func() *artifacttest.Failure) artifacttest.Fault {
			lines := 0
			return func(call artifacttest.Call) *artifacttest.Failure {
				if call.Op != artifacttest.Write || call.Name != "journal.jsonl" {
					return nil
				}
				if lines++; lines != after+1 {
					return nil
				}
				return fail()
			}
		}
		o := runOptions(p, site, bundle)
		o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) { return persistent{memory}, nil }
		o.FileSystem = artifacttest.New(cut(40, func() *artifacttest.Failure { return &artifacttest.Failure{Err: errPower, Short: 33} }))
		if diesOrFails(t, p, o) {
			t.Fatal("nothing was cut off")
		}
		o.Bundle = disk(t, bundle)
		write(t, o.Bundle, "artifacts/rogue.der", []byte("rogue"))
		write(t, o.Bundle, "evidence/rogue.der", []byte("rogue"))
		o.FileSystem, o.People = artifacttest.New(cut(at, func() *artifacttest.Failure { panic(errPower) })), Asked{Terminal: deciders(p, "adopt")}
		if gone, err := powerGoes(func() (*Result, error) { return Resume(context.Background(), o) }); !gone {
			t.Fatalf("%s: the power did not go: %v", name, err)
		}
		resumeOnce(t, name, p, site, memory, disk(t, o.Bundle), "adopt")
	}
}
