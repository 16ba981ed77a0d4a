// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// seeds adds the files of one bundle that fit.
func seeds(f *testing.F, paths ...string) string {
	f.Helper()
	dir, _ := makeBundle(f, roomOptions{})
	for _, path := range paths {
		data, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	return dir
}

// FuzzReadJournal reads journals of anyone. What is taken is written again
// with the same bytes, and everything that looks at records bears it.
func FuzzReadJournal(f *testing.F) {
	dir := seeds(f, JournalPath)
	data, err := os.ReadFile(filepath.Join(dir, JournalPath))
	if err != nil {
		f.Fatal(err)
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	for i := range lines {
		f.Add(bytes.Join(lines[:i], nil))
	}
	if hand, err := os.ReadFile(handWritten); err == nil {
		f.Add(hand)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var records []event.Record
		prev := ""
		for line := range bytes.Lines(data) { // without links, which no fuzzer finds
			r, err := event.ParseRecord(bytes.TrimSuffix(line, []byte("\n")))
			if err != nil {
				break
			}
			again := r
			if err := again.Encode(); err != nil || !bytes.Equal(again.Line, r.Line) {
				t.Fatalf("writing %s again: %v", r.Line, err)
			}
			records = append(records, r)
			prev = r.Prev
		}
		_, _ = ReadJournal(data, prev)
		checkGrammar(records)
		if len(records) == 0 {
			return
		}
		for _, derive := range []func(*history.History) ([]byte, error){transcriptBytes, readmeText, reportOf} {
			if _, err := derive(history.Of(records)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func FuzzManifest(f *testing.F) {
	seeds(f, ManifestPath)
	f.Add([]byte("# REHEARSAL\n# ceremony-bundle-manifest v1\n# ceremony x\n"))
	f.Add([]byte("# ceremony-bundle-manifest v1\n# ceremony x\nSHA256 (a) = " + strings.Repeat("0", 64) + "\nSHA512 (a) = " + strings.Repeat("0", 128) + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ParseManifest(data)
		if err == nil && !bytes.Equal(m.Bytes(), data) {
			t.Fatal("another spelling was taken")
		}
	})
}

func FuzzNote(f *testing.F) {
	dir := seeds(f)
	vkey, err := os.ReadFile(filepath.Join(dir, "journal/session-1.vkey"))
	if err != nil {
		f.Fatal(err)
	}
	notes, err := filepath.Glob(filepath.Join(dir, "journal/checkpoints/*.note"))
	if err != nil || len(notes) == 0 {
		f.Fatal(notes, err)
	}
	genuine, err := os.ReadFile(notes[0])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(genuine)
	first, err := parseCheckpoint(genuine, strings.TrimSpace(string(vkey)))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := parseCheckpoint(data, strings.TrimSpace(string(vkey)))
		if err == nil && (c.Size != first.Size || !bytes.Equal(data, genuine)) {
			t.Fatalf("a forged checkpoint was taken: %+v", c)
		}
		_, _ = publicKeyOf(string(data))
	})
}

func FuzzDSSE(f *testing.F) {
	dir := seeds(f, envelopePath)
	vkey, err := os.ReadFile(filepath.Join(dir, "journal/session-1.vkey"))
	if err != nil {
		f.Fatal(err)
	}
	transcript, err := os.ReadFile(filepath.Join(dir, transcriptPath))
	if err != nil {
		f.Fatal(err)
	}
	envelope, err := os.ReadFile(filepath.Join(dir, envelopePath))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		err := verifyEnvelope(data, transcript, strings.TrimSpace(string(vkey)))
		if err == nil && !bytes.Equal(data, envelope) {
			t.Fatal("another envelope was taken")
		}
	})
}
