// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/run"
	"rootceremony/ceremony/verify"
	"rootceremony/transcripts/event"
)

// stopwatch is the clock of a rehearsal, which sets its own time.
type stopwatch struct{ start time.Time }

func (s stopwatch) Now() time.Time      { return s.start }
func (s stopwatch) Mono() time.Duration { return time.Since(s.start) }

// rehearsed carries out what was written, on tokens in memory, and gives the verdict.
func rehearsed(t *testing.T, files []File) (*verify.Verdict, error) {
	t.Helper()
	folder := t.TempDir()
	if err := Write(filepath.Join(folder, "new"), files, nil); err != nil {
		return nil, err
	}
	name := filepath.Join(folder, "new", ceremonyName)
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	loaded, err := plan.Load(name, data, plan.Disk{Folder: filepath.Dir(name)})
	if err != nil {
		return nil, err
	}
	p, err := plan.NewPreview(t.Context(), loaded, rand.Reader)
	if err != nil {
		return nil, err
	}
	res, err := run.Execute(t.Context(), p, run.Options{
		Mode: event.Rehearsal, Bundle: filepath.Join(folder, "bundle"), People: run.Simulated{},
		Clock: stopwatch{time.Now()}, Rand: rand.Reader, Tool: event.Tool{Version: "test", Go: "test"},
	})
	if err != nil {
		return nil, err
	}
	return verify.Bundle(t.Context(), res.Bundle, verify.Options{})
}

// What is written can be carried out as it is, and the bundle says that of each object.
func TestEveryHierarchyRehearses(t *testing.T) {
	t.Parallel()
	for _, flags := range hierarchies() {
		if os.Getenv("CEREMONY_SWEEPS") != "all" && flags["purpose"][0] != "tls" {
			continue
		}
		a := answered(t, flags)
		v, err := rehearsed(t, a.Files())
		if err != nil {
			t.Errorf("%v: %v", flags, err)
			continue
		}
		for _, p := range v.Problems {
			t.Errorf("%v: %v", flags, p)
		}
		if want := 1 + len(a.Issuing); len(v.Incomplete) > 0 || v.Rebuilt < want {
			t.Errorf("%v: incomplete %q, %d objects of at least %d", flags, v.Incomplete, v.Rebuilt, want)
		}
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	}
}
