// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package run

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/artifact/artifacttest"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// deadly is what a child process is told: where to work and when to die. It
// comes through the environment of the test binary; the program knows none of
// it.
const deadly = "CEREMONY_TEST_DIE"

// points are the kinds of moments at which a process dies.
var points = []string{"before a line", "before a call", "after a call"}

// TestCrashOnSoftHSM guards a ceremony on a real module against kill -9: a
// process that dies at a line of the journal or at a call of the token is
// followed by one that resumes, and keys and signatures are as many as without
// the crash, or people recorded why not.
func TestCrashOnSoftHSM(t *testing.T) {
	folder := ceremonytest.FastFolder(t)
	p := ceremonytest.Preview(t, folder)
	tokentest.SoftHSMModule(t)
	whole := crashedRun(t, p, folder, "never", 0)
	died := 0
	for i, kind := range points {
		every := 1
		if stride() > 1 {
			every = []int{29, 5, 5}[i]
		}
		for at := 1 + i; ; at += every {
			if crashedRun(t, p, folder, kind, at) == nil {
				break
			}
			died++
		}
	}
	if whole == nil || died < 3 {
		t.Errorf("the process died %d times; the whole run: %v", died, whole)
	}
	t.Logf("the process died %d times", died)
}

// counts is what a finished ceremony made.
type counts struct{ keys, signatures, deviations int }

// crashedRun lets a process die at one point and resumes. It gives nothing if
// the ceremony does not reach that point.
func crashedRun(t *testing.T, p *plan.Preview, folder, kind string, at int) *counts {
	t.Helper()
	dir := t.TempDir()
	bundle := filepath.Join(dir, "bundle")
	c := tokentest.NewSoftHSM(t, fmt.Sprintf("crash %s %d", strings.ReplaceAll(kind, " ", ""), at))
	c.Name = "root"
	site := &plan.Site{Version: 1, SoftwareToken: true, Tokens: []token.Config{c}}
	child := exec.Command(os.Args[0], "-test.run=^TestCrashChild$", "-test.timeout=2m")
	child.Env = append(os.Environ(), deadly+"="+strings.Join([]string{kind, strconv.Itoa(at), folder, bundle, c.Module, c.Label}, "|"), "TMPDIR="+dir)
	out, err := child.CombinedOutput()
	name := fmt.Sprintf("%s %d", kind, at)
	if err == nil && kind != "never" {
		return nil // it lived to the end
	}
	if err != nil && !strings.Contains(err.Error(), "killed") {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	if lines, err := os.ReadFile(filepath.Join(bundle, transcripts.JournalPath)); err != nil || strings.Count(string(lines), "\n") < 2 {
		return &counts{} // nothing was done yet: begin in another folder
	}
	if _, err := os.Stat(filepath.Join(bundle, "MANIFEST")); err != nil {
		o := runOptions(p, site, bundle)
		o.People = Asked{Terminal: deciders(p, "adopt")}
		switch _, err := Resume(context.Background(), o); {
		case err != nil && strings.Contains(err.Error(), "nothing was done"):
			return &counts{} // begin in another folder, as TestResumeBeforeAnythingWasDone has it
		case err != nil:
			t.Fatalf("%s: %v", name, err)
		}
	}
	mustHold(t, name, bundle, len(p.Plan.Artifacts))
	n := counted(t, site, bundle)
	if n.deviations == 0 && (n.keys != 2 || n.signatures != 2+len(p.Plan.Artifacts)) || n.keys > 3 {
		t.Errorf("%s: %d keys, %d signatures and no deviation", name, n.keys, n.signatures)
	}
	return n
}

// counted counts the keys on the token, and signatures and deviations in the
// record.
func counted(t *testing.T, site *plan.Site, bundle string) *counts {
	t.Helper()
	tok, err := openSoftHSM(context.Background(), site.Tokens[0], Login{})
	if err != nil {
		t.Fatal(err)
	}
	defer tok.Close()
	objects, err := tok.Census(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	n := &counts{keys: len(objects) / 2, deviations: len(recorded[event.DeviationRecorded](t, bundle))}
	for _, e := range recorded[event.OperationFinished](t, bundle) {
		if e.What == event.WhatSign {
			n.signatures++
		}
	}
	return n
}

// TestCrashChild is the process that dies.
func TestCrashChild(t *testing.T) {
	order := strings.Split(os.Getenv(deadly), "|")
	if len(order) != 6 {
		t.Skip("it is started by TestCrashOnSoftHSM")
	}
	kind, folder, bundle := order[0], order[2], order[3]
	at, err := strconv.Atoi(order[1])
	if err != nil {
		t.Fatal(err)
	}
	p := ceremonytest.Preview(t, folder)
	site := &plan.Site{Version: 1, SoftwareToken: true, Tokens: []token.Config{{Name: "root", Module: order[4], Label: order[5], Login: token.LoginPIN, Template: "default"}}}
	o := runOptions(p, site, bundle)
	lines := 0
	o.FileSystem = artifacttest.New(func(call artifacttest.Call) *artifacttest.Failure {
		if kind == points[0] && call.Op == artifacttest.Write && call.Name == "journal.jsonl" {
			if lines++; lines == at {
				die()
			}
		}
		return nil
	})
	calls := 0
	o.OpenToken = func(ctx context.Context, c token.Config, l Login) (token.Token, error) {
		tok, err := openSoftHSM(ctx, c, l)
		if kind == points[0] {
			return tok, err
		}
		return cut{Token: tok, calls: &calls, at: at, after: kind == points[2], end: die}, err
	}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
}

// die ends the process as kill -9 does.
func die() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // until it comes
}
