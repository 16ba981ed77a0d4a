// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/transcripts/event"
)

// hostClock is a host clock that does not move but for its monotonic part.
type hostClock struct {
	now  time.Time
	mono *time.Duration
}

func newHostClock(now time.Time) hostClock { return hostClock{now: now, mono: new(time.Duration)} }

func (c hostClock) Now() time.Time { return c.now }

func (c hostClock) Mono() time.Duration {
	*c.mono += time.Millisecond
	return *c.mono
}

// rehearse carries out an example on in-memory tokens and verifies its bundle.
func rehearse(t *testing.T, folder string) *Result {
	t.Helper()
	p, res := rehearseAlone(t, folder)
	verifiedByOpenSSL(t, p, res.Bundle, plan.RehearsalMark+"-")
	return res
}

// rehearseAlone does so without asking OpenSSL.
func rehearseAlone(t *testing.T, folder string) (*plan.Preview, *Result) {
	t.Helper()
	p := ceremonytest.Preview(t, folder)
	res := carriedOut(t, p, folder)
	mustVerify(t, res.Bundle, len(p.Plan.Artifacts))
	return p, res
}

// bundleOf is where the later examples look for the bundle of the ceremony of a folder.
func bundleOf(t *testing.T, folder string) string {
	t.Helper()
	bundles := filepath.Join(filepath.Dir(folder), "bundles")
	if err := os.MkdirAll(bundles, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(bundles, filepath.Base(folder))
}

// carriedOut rehearses a plan, and holds all that lint its artifacts to one verdict.
func carriedOut(t *testing.T, p *plan.Preview, folder string) *Result {
	t.Helper()
	res, err := Execute(context.Background(), p, Options{
		Mode: event.Rehearsal, Bundle: bundleOf(t, folder), People: Simulated{},
		Clock: newHostClock(time.Unix(1e9, 0)), Rand: rand.Reader, Tool: event.Tool{Version: "test", Go: "test"},
	})
	if err != nil {
		t.Fatal(err)
	}
	oneVerdict(t, p, res.Bundle)
	return res
}

func mustVerify(t *testing.T, bundle string, artifacts int, notices ...string) {
	t.Helper()
	v, err := verify.Bundle(context.Background(), bundle, verify.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	for _, p := range v.Problems {
		t.Errorf("problem: %v", p)
	}
	for _, s := range v.Incomplete {
		t.Errorf("%s", s)
	}
	expected := func(s string) bool {
		return slices.ContainsFunc(notices, func(n string) bool { return strings.Contains(s, n) })
	}
	said := slices.DeleteFunc(slices.Clone(v.Notices), func(n string) bool {
		return placeholdersAlone(n) || strings.HasSuffix(n, "give that bundle with --earlier")
	})
	for _, s := range said {
		if !expected(s) {
			t.Errorf("%s", s)
		}
	}
	if len(said) < len(notices) {
		t.Errorf("notices %q, want %q", v.Notices, notices)
	}
	if v.Rebuilt != artifacts {
		t.Errorf("%d of %d artifacts were rebuilt", v.Rebuilt, artifacts)
	}
}

// placeholdersAlone is the notice that every run of an example has: its names are those of
// an example.
func placeholdersAlone(notice string) bool {
	_, warned, found := strings.Cut(notice, "began although the preflight warned: ")
	return found && strings.HasPrefix(warned, "placeholders: ") && !strings.Contains(warned, "; ")
}

// TestRehearseExamples guards the newcomer's first impression and the whole
// pipeline: every example is planned, rehearsed, and its bundle verifies. Without
// CEREMONY_SWEEPS=all two of them are verified by hand, too.
func TestRehearseExamples(t *testing.T) {
	t.Parallel()
	dir := ceremonytest.Examples(t)
	for _, name := range []string{"root-2026", "issuing-2027", "cross-2026", "two-days-2026", "private-2026", "private-2027"} {
		t.Run(name, func(t *testing.T) {
			bundle := rehearse(t, filepath.Join(dir, name)).Bundle
			if os.Getenv("CEREMONY_SWEEPS") == "all" || name == "issuing-2027" || name == "private-2027" { // between them all kinds of artifacts
				readmeCommands(t, bundle)
			}
		})
	}
}
