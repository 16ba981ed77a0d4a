// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/artifact/artifacttest"
	"rootceremony/internal/token"
)

// crash is a way for a write to the disk to end.
type crash struct {
	name string
	op   artifacttest.Op
	fail func() *artifacttest.Failure
}

var crashes = []crash{
	{"power goes before a journal line", artifacttest.Write, func() *artifacttest.Failure { panic(errPower) }},
	{"journal line is torn", artifacttest.Write, func() *artifacttest.Failure { return &artifacttest.Failure{Err: errPower, Short: 33} }},
	{"power goes before a sync", artifacttest.Sync, func() *artifacttest.Failure { panic(errPower) }},
	{"the disk is full", artifacttest.Write, func() *artifacttest.Failure { return &artifacttest.Failure{Err: syscall.ENOSPC} }},
	{"a sync fails", artifacttest.Sync, func() *artifacttest.Failure { return &artifacttest.Failure{Err: syscall.EIO} }},
	{"the medium is read-only", artifacttest.Publish, func() *artifacttest.Failure { return &artifacttest.Failure{Err: syscall.EROFS} }},
	{"power goes before a file is there", artifacttest.Publish, func() *artifacttest.Failure { panic(errPower) }},
}

// stride is how many crash points lie between two that are tried: all of them
// are tried with CEREMONY_CRASH=all.
func stride() int {
	if os.Getenv("CEREMONY_CRASH") == "all" {
		return 1
	}
	return 31
}

// TestCrash guards the record against the end of the process at every write:
// the ceremony resumes and ends with a bundle that verifies, or, when nothing
// was done yet, says so.
func TestCrash(t *testing.T) {
	t.Parallel()
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	for i, c := range crashes {
		for at := i; crashOnce(t, p, c, at); at += stride() {
			t.Logf("%s: %d", c.name, at)
		}
	}
}

// crashOnce crashes at one write and resumes. It reports whether there was such
// a write.
func crashOnce(t *testing.T, p *plan.Preview, c crash, at int) bool {
	t.Helper()
	bundle := filepath.Join(t.TempDir(), "bundle")
	site, memory := fastSite()
	seen, crashed := 0, false
	o := runOptions(p, site, bundle)
	o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) { return persistent{memory}, nil }
	o.FileSystem = artifacttest.New(func(call artifacttest.Call) *artifacttest.Failure {
		if call.Op != c.op || (c.op == artifacttest.Write && call.Name != "journal.jsonl") {
			return nil
		}
		if seen++; seen <= at || crashed {
			return nil
		}
		crashed = true
		return c.fail()
	})
	finished := diesOrFails(t, p, o)
	if !crashed {
		return false
	}
	name := fmt.Sprintf("%s %d", c.name, at)
	if finished {
		t.Errorf("%s: the ceremony finished all the same", name)
	}
	bundle = disk(t, bundle)
	if lines, err := os.ReadFile(filepath.Join(bundle, "journal/journal.jsonl")); err != nil || !strings.Contains(string(lines), "\"plan.approval\"") {
		return true // nothing was done; resume says so, see TestResumeBeforeAnythingWasDone
	}
	if _, err := os.Stat(filepath.Join(bundle, "MANIFEST")); err == nil {
		mustVerify(t, bundle, len(p.Plan.Artifacts))
		return true
	}
	resumeOnce(t, name, p, site, memory, bundle, "adopt")
	return true
}

// diesOrFails carries out the ceremony and reports whether it finished.
func diesOrFails(t *testing.T, p *plan.Preview, o Options) (finished bool) {
	t.Helper()
	gone, err := powerGoes(func() (*Result, error) { return Execute(context.Background(), p, o) })
	return !gone && err == nil
}

// powerGoes reports whether the power goes in a session, and else how that ends.
func powerGoes(session func() (*Result, error)) (gone bool, err error) {
	defer func() {
		switch cause := recover(); cause {
		case nil:
		case errPower:
			gone = true
		default:
			panic(cause)
		}
	}()
	_, err = session()
	return false, err
}
