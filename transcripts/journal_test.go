// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"rootceremony/internal/artifact"
	"rootceremony/internal/artifact/artifacttest"
	"rootceremony/transcripts/event"
)

func startOf(mirror *artifact.Dir) Start {
	return Start{
		Plan: testPlan, Clock: &ticking{}, Rand: &counting{}, Mirror: mirror, Tool: event.Tool{Version: "v0", Go: "go1.26"},
		Opened: event.CeremonyOpened{Ceremony: "c-1", Title: "T", Mode: event.Run},
	}
}

func newJournal(t testing.TB) (*Journal, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "b")
	dir, err := artifact.NewDir(path)
	if err != nil {
		t.Fatal(err)
	}
	j, err := Create(dir, startOf(nil))
	if err != nil {
		t.Fatal(err)
	}
	return j, path
}

// TestErrorPoisons lets every sync and write of the log fail once: the journal
// says so and refuses everything after it.
func TestErrorPoisons(t *testing.T) {
	for _, op := range []artifacttest.Op{artifacttest.Write, artifacttest.Sync} {
		for n := range 30 {
			fault := artifacttest.FailNth(op, n, artifacttest.Failure{Err: syscall.EIO})
			dir, err := artifact.NewDirFS(artifacttest.New(fault), filepath.Join(t.TempDir(), "b"))
			check(t, err)
			j, err := Create(dir, startOf(nil))
			if err != nil {
				continue // refused before anything happened
			}
			failed := 0
			for range 8 {
				_, err := j.Append(event.NoteAdded{Text: "x"}, "", event.Observed)
				_, sealErr := j.Seal()
				if err != nil || sealErr != nil {
					failed++
					if j.Err() == nil {
						t.Fatalf("%s %d failed, but the journal is not poisoned", op, n)
					}
				} else if failed > 0 {
					t.Fatalf("%s %d failed, and a later event was taken", op, n)
				}
			}
			if _, err := j.Close(event.OutcomeComplete); failed > 0 && err == nil {
				t.Fatalf("%s %d failed, and the journal closed", op, n)
			}
		}
	}
}

func TestAppendRefuses(t *testing.T) {
	for name, e := range map[string]event.Event{
		"enumeration":  event.StepFinished{Outcome: "perhaps"},
		"digest":       event.DigestRead{What: "plan", SHA256: "abc"},
		"upper case":   event.DigestRead{What: "plan", SHA256: strings.Repeat("AB", 32)},
		"path":         event.FileWritten{Path: "../x", SHA256: strings.Repeat("ab", 32)},
		"withheld":     event.ArtifactWritten{Artifact: "a", Kind: event.KindCRL, Encoding: event.EncodingDER, Path: "artifacts/a.der", Withheld: "why", SHA256: strings.Repeat("ab", 32), SHA512: strings.Repeat("ab", 64)},
		"rooms, 1":     event.FileWritten{Path: "artifacts/rogue.der", Kind: "left-over", SHA256: strings.Repeat("ab", 32)},
		"rooms, 2":     event.FileWritten{Path: "lint/rogue.json", Kind: "lint", SHA256: strings.Repeat("ab", 32)},
		"rooms, 3":     event.FileWritten{Path: "trust/rogue.pem", Kind: "trust", SHA256: strings.Repeat("ab", 32)},
		"rooms, 4":     event.FileLoaded{Path: "artifacts/rogue.der", Kind: "input", SHA256: strings.Repeat("ab", 32)},
		"rooms, 5":     event.FileLoaded{Path: "evidence/rogue.der", Kind: "input", SHA256: strings.Repeat("ab", 32)},
		"rooms, 6":     event.ObjectLinted{Artifact: "a", Stage: event.StageBeforeSigning, File: "artifacts/a.json"},
		"rooms, 7":     event.ObjectLinted{Artifact: "a", Stage: event.StageBeforeSigning, File: "lint/b.before.json"},
		"rooms, 8":     event.OperationIntended{Operation: 1, What: event.WhatSign, TBSFile: "withheld/rogue.der"},
		"left over":    event.FileWritten{Path: "evidence/rogue.der", Kind: "left-over", From: "artifacts/rogue.der", SHA256: strings.Repeat("ab", 32)},
		"purpose, 1":   event.OperationIntended{Operation: 1, What: event.WhatSign, Purpose: "proof of key root", For: "root"},
		"purpose, 2":   event.OperationIntended{Operation: 1, What: event.WhatSign, Purpose: event.PurposeProof},
		"purpose, 3":   event.OperationIntended{Operation: 1, What: event.WhatSign, For: "root"},
		"purpose, 4":   event.OperationIntended{Operation: 1, What: event.WhatSign, Purpose: event.PurposeProof, For: "root", Artifact: "root-cert"},
		"purpose, 5":   event.OperationIntended{Operation: 1, What: event.WhatSign, Purpose: event.PurposeSerial, For: "root-cert"},
		"purpose, 6":   event.OperationIntended{Operation: 1, What: event.WhatRandom, Purpose: event.PurposeStandIn, For: "root"},
		"exception":    event.DeviationRecorded{Exception: "rain"},
		"amendment":    event.DeviationRecorded{Exception: event.ExceptionUnapproved},
		"of another":   event.DeviationRecorded{Exception: event.ExceptionAsRoot, Amendment: 1},
		"unclosed":     event.DeviationRecorded{Exception: event.ExceptionNotClosed},
		"not unclosed": event.DeviationRecorded{Token: "root"},
		"digest of":    event.DigestRead{What: event.WhatArtifact, SHA256: strings.Repeat("ab", 32)},
		"too long":     event.NoteAdded{Text: strings.Repeat("x", 256<<10)},
	} {
		j, _ := newJournal(t)
		if _, err := j.Append(e, "", event.Observed); err == nil || j.Err() == nil {
			t.Errorf("%s was taken: %v", name, err)
		}
	}
	j, _ := newJournal(t)
	if _, err := j.Append(event.OperationFailed{Operation: 1, What: event.WhatSign, Token: "t", Error: "\xff\u202e", Effect: "odd"}, "", "odd"); err != nil {
		t.Errorf("an outcome was refused: %v", err)
	}
}

func TestMirror(t *testing.T) {
	first, err := artifact.NewDir(filepath.Join(t.TempDir(), "a"))
	check(t, err)
	second, err := artifact.NewDir(filepath.Join(t.TempDir(), "b"))
	check(t, err)
	j, err := Create(first, startOf(second))
	check(t, err)
	_, err = j.Append(event.NoteAdded{Text: "x"}, "", event.Observed)
	check(t, err)
	check(t, j.End())
	a, b := get(t, first.Path("."), JournalPath), get(t, second.Path("."), JournalPath)
	if string(a) != string(b) || len(a) == 0 {
		t.Error("the mirror differs")
	}
	if _, err := j.Append(event.NoteAdded{Text: "x"}, "", event.Observed); err == nil {
		t.Error("the journal goes on after its end")
	}
}

// TestUnfinished verifies a bundle whose ceremony was ended but not closed.
func TestUnfinished(t *testing.T) {
	r := openRoom(t, roomOptions{})
	r.open(false)
	r.record(event.CeremonyStopped{Reason: "fire alarm"}, "")
	check(t, r.j.End())
	v := verifyBundle(t, r.path, VerifyOptions{})
	if v.OK() || len(v.Problems) > 0 || len(v.Incomplete) != 1 || v.IsAnchored() {
		t.Errorf("want incomplete and no problem:\n%s", said(v))
	}
	if v.Head.Size != len(v.Records) {
		t.Errorf("sealed to line %d of %d", v.Head.Size, len(v.Records))
	}
}

func TestCreateRefuses(t *testing.T) {
	j, path := newJournal(t)
	check(t, j.End())
	dir, err := artifact.OpenDir(path)
	check(t, err)
	if _, err := Create(dir, startOf(nil)); err == nil {
		t.Error("a second journal was made over the first")
	}
	s := startOf(nil)
	s.Opened.Ceremony = "a b+c"
	if _, err := Create(dir, s); err == nil {
		t.Error("a strange ceremony id was taken")
	}
	s = startOf(nil)
	s.Rand = strings.NewReader("too short")
	if _, err := Create(dir, s); err == nil {
		t.Error("a seal key was made from too few bytes")
	}
}

func BenchmarkAppend(b *testing.B) {
	j, _ := newJournal(b)
	e := event.StepRecorded{Fields: map[string]string{"bag-a": "A-0017", "bag-b": "A-0018"}}
	for b.Loop() {
		if _, err := j.Append(e, "", event.Observed); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEncode is BenchmarkAppend without the disk.
func BenchmarkEncode(b *testing.B) {
	r := event.Record{Seq: 17, Prev: strings.Repeat("ab", 32), Session: 1, How: event.Observed, Event: event.StepRecorded{Fields: map[string]string{"bag-a": "A-0017"}}}
	for b.Loop() {
		if err := r.Encode(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	dir, _ := makeBundle(b, roomOptions{})
	for b.Loop() {
		v, err := Verify(dir, VerifyOptions{})
		if err = errors.Join(err, v.Close()); err != nil {
			b.Fatal(fmt.Errorf("verifying: %w", err))
		}
	}
}
