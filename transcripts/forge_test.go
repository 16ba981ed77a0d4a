// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/internal/artifact"
	"rootceremony/transcripts/event"
)

// forgery is a way to change a bundle, and the words by which the commands of
// the README and Verify notice it.
type forgery struct {
	do     func(t *testing.T, dir string)
	byHand string
	verify string
}

// forgeries are made by somebody who can write the bundle and rewrite
// MANIFEST, but who does not have the seal key.
var forgeries = map[string]forgery{
	"changed artifact": {func(t *testing.T, dir string) { flip(t, dir, "artifacts/root-x1-cert.pem", 100) },
		"files differ from MANIFEST", "artifacts/root-x1-cert.pem: its digest"},
	"a file whose digest in MANIFEST is none": {func(t *testing.T, dir string) {
		flip(t, dir, "report/report.html", 100)
		lines := strings.Split(string(get(t, dir, ManifestPath)), "\n")
		for i, l := range lines {
			if name, _, _ := strings.Cut(l, ") = "); strings.Contains(name, "(report/report.html") {
				lines[i] = name + ") = 00"
			}
		}
		put(t, dir, ManifestPath, []byte(strings.Join(lines, "\n")))
	}, "files differ from MANIFEST", "MANIFEST: "},
	"changed artifact and MANIFEST": {func(t *testing.T, dir string) {
		flip(t, dir, "artifacts/root-x1-cert.der", 200)
		remanifest(t, dir)
	}, "artifacts are not those of the journal", "artifacts/root-x1-cert.der: its digest differs from the one in journal"},
	"another object as PEM, in the record": {func(t *testing.T, dir string) {
		text := PEM(event.KindCertificate, get(t, dir, "artifacts/e1-cert.der"), false)
		put(t, dir, "artifacts/root-x1-cert.pem", text)
		rewrite(t, dir, func(e *event.ArtifactWritten) {
			if e.Path == "artifacts/root-x1-cert.pem" {
				sum := artifact.Sum(text)
				e.SHA256, e.SHA512, e.Size = sum.SHA256Hex(), sum.SHA512Hex(), sum.Size
			}
		})
	}, "artifacts/root-x1-cert.pem is not the PEM of its DER", "artifacts/root-x1-cert.pem: not the encoding of artifacts/root-x1-cert.der"},
	"a file called otherwise, in the record": {func(t *testing.T, dir string) {
		put(t, dir, "artifacts/root-x1-cert.attempt-2.pem", get(t, dir, "artifacts/root-x1-cert.pem"))
		remove(t, dir, "artifacts/root-x1-cert.pem")
		rewrite(t, dir, func(e *event.ArtifactWritten) {
			if e.Path == "artifacts/root-x1-cert.pem" {
				e.Path = "artifacts/root-x1-cert.attempt-2.pem"
			}
		})
	}, "artifacts have unexpected files or names", "the name of this file is artifacts/root-x1-cert.pem"},
	"a rogue file, listed again": {func(t *testing.T, dir string) {
		put(t, dir, "artifacts/.root-x1-cert.der.partial0", []byte("x"))
		remanifest(t, dir)
	}, "there are files that no event names", "artifacts/.root-x1-cert.der.partial0: no event names this file"},
	"a result of linting, listed again": {func(t *testing.T, dir string) {
		put(t, dir, "lint/e1-cert.json", []byte("{}\n"))
		remanifest(t, dir)
	}, "files are not those of the journal", "lint/e1-cert.json: its digest differs from the one in journal"},
	"a pipe": {func(t *testing.T, dir string) {
		remove(t, dir, transcriptPath)
		check(t, exec.Command("mkfifo", filepath.Join(dir, transcriptPath)).Run())
	}, "there are links or devices: nothing else was read", transcriptPath},
	"a link to an endless file": {func(t *testing.T, dir string) {
		remove(t, dir, ManifestPath)
		check(t, os.Symlink("/dev/zero", filepath.Join(dir, ManifestPath)))
	}, "there are links or devices: nothing else was read", ManifestPath},
	"added file": {func(t *testing.T, dir string) { put(t, dir, "artifacts/extra.der", []byte("x")) },
		"are missing or added", "artifacts/extra.der: not listed in MANIFEST"},
	"missing file": {func(t *testing.T, dir string) { remove(t, dir, "lint/e1-cert.json") },
		"are missing or added", "lint/e1-cert.json: listed in MANIFEST, but missing"},
	"edited event": {func(t *testing.T, dir string) {
		editLine(t, dir, 22, func(line string) string { return strings.Replace(line, `"alice"`, `"mallet"`, 1) })
		remanifest(t, dir)
	}, "the hash chain is broken", "journal/journal.jsonl:"},
	"edited event, chained again": {func(t *testing.T, dir string) {
		rechain(t, dir, func(lines []string) []string {
			for i := range lines {
				lines[i] = strings.Replace(lines[i], "the HSM was slow", "the HSM was late", 1)
			}
			return lines
		})
		remanifest(t, dir)
	}, "does not seal 23 lines", "its root is not the root hash of the first"},
	"cut off, chained again": {func(t *testing.T, dir string) {
		rechain(t, dir, func(lines []string) []string { return append(lines[:40:40], lines[len(lines)-2:]...) })
		remanifest(t, dir)
	}, "does not seal 42 lines", "lines, but the journal has 42"},
	"truncated": {func(t *testing.T, dir string) {
		rechain(t, dir, func(lines []string) []string { return lines[:len(lines)-2] })
		remanifest(t, dir)
	}, "the end of the journal is missing", "lines were cut off"},
	"transcript and its digest": {func(t *testing.T, dir string) {
		replace(t, dir, transcriptPath, `"deviations":[{`, `"deviations":[],"x":[{`)
		remanifest(t, dir)
	}, "the signature of transcript.json", "transcript.json: differs from what the journal gives"},
	"another seal key for the transcript": {func(t *testing.T, dir string) {
		key, err := newSealKey(&counting{n: 77}, checkpointOrigin("2026-root-x1", 1))
		check(t, err)
		envelope, err := signTranscript(get(t, dir, transcriptPath), key)
		check(t, err)
		public, err := sealPEM(key.vkey)
		check(t, err)
		put(t, dir, envelopePath, envelope)
		put(t, dir, sealPEMPath, public)
		remanifest(t, dir)
	}, "trust/seal.pem is another key", "trust/seal.pem: differs from what the journal gives"},
}

// rewrite changes events about the files of artifacts, and makes links right
// again.
func rewrite(t *testing.T, dir string, change func(e *event.ArtifactWritten)) {
	t.Helper()
	rechain(t, dir, func(lines []string) []string {
		for i, line := range lines {
			r, err := event.ParseRecord([]byte(line))
			check(t, err)
			if e, ok := r.Event.(event.ArtifactWritten); ok {
				change(&e)
				r.Event = e
				check(t, r.Encode())
				lines[i] = string(r.Line)
			}
		}
		return lines
	})
	remanifest(t, dir)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, dir, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
	check(t, err)
	return data
}

func put(t *testing.T, dir, path string, data []byte) {
	t.Helper()
	check(t, os.WriteFile(filepath.Join(dir, filepath.FromSlash(path)), data, 0o644))
}

func remove(t *testing.T, dir, path string) {
	t.Helper()
	check(t, os.Remove(filepath.Join(dir, filepath.FromSlash(path))))
}

func flip(t *testing.T, dir, path string, at int) {
	t.Helper()
	data := get(t, dir, path)
	data[at] ^= 1
	put(t, dir, path, data)
}

func replace(t *testing.T, dir, path, old, with string) {
	t.Helper()
	data := get(t, dir, path)
	if !bytes.Contains(data, []byte(old)) {
		t.Fatalf("%s does not contain %q", path, old)
	}
	put(t, dir, path, bytes.Replace(data, []byte(old), []byte(with), 1))
}

func journalLines(t *testing.T, dir string) []string {
	t.Helper()
	return strings.Split(strings.TrimSuffix(string(get(t, dir, JournalPath)), "\n"), "\n")
}

func editLine(t *testing.T, dir string, number int, edit func(string) string) {
	t.Helper()
	lines := journalLines(t, dir)
	edited := edit(lines[number-1])
	if edited == lines[number-1] {
		t.Fatalf("line %d was not changed: %s", number, edited)
	}
	lines[number-1] = edited
	put(t, dir, JournalPath, []byte(strings.Join(lines, "\n")+"\n"))
}

// rechain changes the journal and makes its numbers and links right again.
func rechain(t *testing.T, dir string, change func([]string) []string) {
	t.Helper()
	lines := change(journalLines(t, dir))
	prev := hexDigest(get(t, dir, event.PlanPath))
	var out strings.Builder
	for i, line := range lines {
		var e map[string]any
		check(t, json.Unmarshal([]byte(line), &e))
		e["seq"], e["prev"] = i+1, prev
		again, err := event.Canonical(e)
		check(t, err)
		prev = hexDigest(again)
		fmt.Fprintf(&out, "%s\n", again)
	}
	put(t, dir, JournalPath, []byte(out.String()))
}

// remanifest makes MANIFEST right again.
func remanifest(t *testing.T, dir string) {
	t.Helper()
	old, err := ParseManifest(get(t, dir, ManifestPath))
	check(t, err)
	tree, err := artifact.ReadTree(dir, artifact.Limits{})
	check(t, err)
	defer tree.Close()
	old.Entries = nil
	for _, path := range tree.Paths() {
		if !listed(path) {
			continue
		}
		d, err := tree.Digest(path)
		check(t, err)
		old.Entries = append(old.Entries, Entry{path, d.SHA256Hex(), d.SHA512Hex()})
	}
	put(t, dir, ManifestPath, old.Bytes())
}
