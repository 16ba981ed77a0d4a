// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/transcripts/event"
)

// tried is a forgery with the sections of the README that are tried, as they take time;
// all where there are none.
type tried struct {
	forgery
	in []string
}

// allForgeries are those of somebody who writes other bytes for the same thing, or more
// than there has to be, beside those that change what is said.
func allForgeries(t *testing.T, dir string) map[string]tried {
	t.Helper()
	all := map[string]tried{}
	for name, forge := range forgeries {
		all[name] = tried{forge, nil}
	}
	maps.Copy(all, exhibitForgeries(t, dir))
	maps.Copy(all, manifestForgeries())
	maps.Copy(all, sealForgeries(t))
	return all
}

// exhibitForgeries give each key of the record of an exhibit a value of another type or
// form, and the record a key more.
func exhibitForgeries(t *testing.T, dir string) map[string]tried {
	t.Helper()
	copied := copyOf(t, dir)
	v := verifyBundle(t, copied, VerifyOptions{})
	_, err := Attach(copied, v, Exhibit{File: "scan", What: "a scan", Step: "1", By: "dana", Added: "2026-12-02T10:00:00Z"}, strings.NewReader("scan"))
	check(t, err)
	record, err := os.ReadFile(filepath.Join(copied, ExhibitPath(1)))
	check(t, err)
	all := map[string]tried{}
	for key, values := range map[string][]string{
		"version": {`7`, `"1"`}, "number": {`"1"`, `2`, `1.5`}, "file": {`7`, `"a/b"`}, "external": {`"false"`, `null`}, "size": {`"4"`, `null`, `4.5`}, "sha256": {`[]`, `"AB"`},
		"sha512": {`7`, `"` + strings.Repeat("AB", 64) + `"`}, "what": {`7`, `""`, `"a\u0000b"`, `"a\nb"`}, "step": {`1`, `null`}, "by": {`{}`, `""`}, "added": {`0`, `"2026-12-02T10:00:00.5Z"`},
		"manifest_sha256": {`null`}, "previous": {`null`, `""`, `"` + strings.Repeat("0", 64) + `"`}, "colour": {`"red"`}, "key": {`7`, `null`, `""`, `"AB"`},
	} {
		for _, value := range values {
			all[fmt.Sprintf("an exhibit with %s %s", key, value)] = tried{forgery{func(t *testing.T, dir string) {
				var e map[string]any
				check(t, json.Unmarshal(record, &e))
				e[key] = json.RawMessage(value)
				again, err := event.Canonical(e)
				check(t, err)
				check(t, os.MkdirAll(filepath.Join(dir, ExhibitsDir), 0o755))
				put(t, dir, "evidence-late/001-scan", []byte("scan"))
				put(t, dir, "evidence-late/001.json", append(again, '\n'))
			}, "evidence-late/001.json does not follow the record before it, or is no record", "evidence-late/001.json: "}, []string{"9", "10"}}
		}
	}
	return all
}

// manifestForgeries spell MANIFEST otherwise, or let it say more.
func manifestForgeries() map[string]tried {
	all := map[string]tried{}
	for name, change := range map[string]func(text string) string{
		"with prose":                  func(m string) string { return m + "All of it was checked.\n" },
		"with a comment":              func(m string) string { return m + "# All of it was checked.\n" },
		"with prose before it":        func(m string) string { return "All of it was checked.\n" + m },
		"with an empty line":          func(m string) string { return m + "\n" },
		"that is that of a rehearsal": func(m string) string { return "# REHEARSAL\n" + m },
		"that says software":          func(m string) string { return "# SOFTWARE TOKENS\n" + m },
		"of another ceremony": func(m string) string {
			return strings.Replace(m, "# ceremony 2026-root-x1", "# ceremony 2027-root-x1", 1)
		},
		"of another version":            func(m string) string { return strings.Replace(m, "manifest v1", "manifest v2", 1) },
		"without its first line":        func(m string) string { _, rest, _ := strings.Cut(m, "\n"); return rest },
		"with the ends of lines of DOS": func(m string) string { return strings.ReplaceAll(m, "\n", "\r\n") },
		"that lists a file twice": func(m string) string {
			lines := strings.SplitAfter(m, "\n")
			return m + lines[len(lines)-3] + lines[len(lines)-2]
		},
		"in another order": func(m string) string {
			lines := strings.SplitAfter(m, "\n")
			lines[2], lines[3], lines[4], lines[5] = lines[4], lines[5], lines[2], lines[3]
			return strings.Join(lines, "")
		},
		"with digests in capitals": func(m string) string {
			head, rest, _ := strings.Cut(m, " = ")
			return head + " = " + strings.ToUpper(rest[:64]) + rest[64:]
		},
	} {
		all["MANIFEST "+name] = tried{forgery{func(t *testing.T, dir string) {
			put(t, dir, ManifestPath, []byte(change(string(get(t, dir, ManifestPath)))))
		}, "files differ from MANIFEST", "MANIFEST: "}, []string{"2"}}
	}
	return all
}
