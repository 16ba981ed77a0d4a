// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"encoding/base64"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/verify"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// changes are what somebody who has the bundle of an interrupted ceremony does to a file.
// other is another file of it; nil says that the change is none.
var changes = []struct {
	name string
	of   func(data, other []byte) []byte
}{
	{"dropped", nil},
	{"cut", func(data, _ []byte) []byte { return data[:len(data)/2] }},
	{"changed", func(data, _ []byte) []byte {
		out := bytes.Clone(data)
		out[len(out)/2] ^= 1
		return out
	}},
	{"swapped", func(_, other []byte) []byte { return other }},
	{"with a line more", func(data, _ []byte) []byte { return append(bytes.Clone(data), '\n') }},
	{"twice", func(data, _ []byte) []byte { return append(bytes.Clone(data), data...) }},
	{"with the ends of lines of DOS", func(data, _ []byte) []byte { return bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")) }},
	{"as base64", func(data, _ []byte) []byte { return base64.StdEncoding.AppendEncode(nil, data) }},
	{"cut at a line", func(data, _ []byte) []byte {
		lines := bytes.SplitAfter(data, []byte("\n"))
		return bytes.Join(lines[:max(0, len(lines)-4)], nil)
	}},
}

// TestCrashChanged guards a bundle that lies about between a crash and an honest resume:
// whatever is done to a file of it is refused, or mended from the record, or is a
// named deviation. Nothing that existed vanishes from a valid record.
func TestCrashChanged(t *testing.T) {
	p, site, memory, bundle := interrupted(t)
	names := filesOf(t, bundle)
	refused, mended, named, n := 0, 0, 0, 0
	for i, name := range names {
		original := read(t, bundle, name)
		other := read(t, bundle, names[(i+1)%len(names)])
		for _, c := range changes {
			if n++; n%stride() != 0 && name != transcripts.JournalPath {
				continue
			}
			var data []byte
			if c.of != nil {
				if data = c.of(original, other); bytes.Equal(data, original) {
					continue
				}
			}
			night := disk(t, bundle)
			if err := os.Remove(filepath.Join(night, filepath.FromSlash(name))); err != nil {
				t.Fatal(err)
			}
			if c.of != nil {
				write(t, night, name, data)
			}
			if _, err := goOnWith(t, p, site, memory, night, nil); err != nil {
				refused++
				continue
			}
			v, problems := verified(t, night, verify.Options{})
			switch {
			case !v.OK() || v.Rebuilt != len(p.Plan.Artifacts):
				t.Errorf("%s %s: it went on, and the bundle is %s", name, c.name, problems)
			case isNamed(recorded[event.DeviationRecorded](t, night), name):
				named++
			case bytes.Equal(read(t, night, name), original) || strings.HasPrefix(string(read(t, night, name)), string(original)):
				mended++
			default:
				t.Errorf("%s %s: nobody was told", name, c.name)
			}
		}
	}
	t.Logf("%d files: %d changes refused, %d mended, %d named", len(names), refused, mended, named)
	if refused == 0 || mended+named == 0 {
		t.Error("nothing was refused, or nothing went on: the test tries nothing")
	}
}

// isNamed reports whether a deviation is about a file, or about lines that no paper covers.
func isNamed(all []event.DeviationRecorded, name string) bool {
	for _, d := range all {
		if strings.Contains(d.Happened, name) || name == transcripts.JournalPath && d.Exception == event.ExceptionNotOnPaper {
			return true
		}
	}
	return false
}

// filesOf lists the files of a bundle.
func filesOf(t *testing.T, bundle string) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS(bundle), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
