// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"encoding/base64"
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
	maps.Copy(all, sealForgeries(t, dir))
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

// sealForgeries change what is beside the lines of the journal, and list it again.
func sealForgeries(t *testing.T, dir string) map[string]tried {
	t.Helper()
	all := map[string]tried{}
	add := func(name, byHand, verify string, in []string, do func(t *testing.T, dir string)) {
		all[name] = tried{forgery{func(t *testing.T, dir string) { do(t, dir); remanifest(t, dir) }, byHand, verify}, in}
	}
	edit := func(path, name, byHand, verify string, in []string, change func(text string) string) {
		add(path+" "+name, byHand, verify, in, func(t *testing.T, dir string) {
			was := string(get(t, dir, path))
			is := change(was)
			if is == was {
				t.Fatal("nothing was changed")
			}
			put(t, dir, path, []byte(is))
		})
	}
	key, err := newSealKey(&counting{n: 77}, checkpointOrigin("2026-root-x1", 1))
	check(t, err)
	for name, change := range map[string]func(text string) string{
		"of another key": func(string) string { return key.vkey + "\n" },
		"without an end": strings.TrimSpace,
		"with more":      func(k string) string { return k + k },
	} {
		edit("journal/session-1.vkey", name, "journal/session-1.vkey has another key", "journal/session-1.vkey: ", []string{"1"}, change)
	}
	for _, name := range []string{"journal/notes", "journal/session-2.vkey", "journal/journal-2.jsonl", "journal/checkpoints/000001.note", "journal/checkpoints/README"} {
		add("a file more, "+name, "there are files that no event names", name+": ", []string{"1", "2", "3", "4", "6"}, func(t *testing.T, dir string) {
			put(t, dir, name, get(t, dir, "journal/checkpoints/000023.note"))
		})
	}
	add("a checkpoint less", "journal/checkpoints/000023.note does not seal", "checkpoint journal/checkpoints/000023.note is missing", []string{"1", "3", "4"}, func(t *testing.T, dir string) {
		remove(t, dir, "journal/checkpoints/000023.note")
	})
	for name, change := range map[string]func(text string) string{
		"signed twice":              func(n string) string { return n + n[strings.Index(n, "—"):] },
		"signed under another name": func(n string) string { return strings.Replace(n, "— ceremony", "— Ceremony", 1) },
		"signed by another key": func(n string) string {
			at := strings.LastIndex(n, " ") + 1
			return n[:at] + "AAAA" + n[at+4:]
		},
		"with a signature that is longer": func(n string) string {
			at := strings.LastIndex(n, " ") + 1
			sig, err := base64.StdEncoding.DecodeString(strings.TrimSpace(n[at:]))
			check(t, err)
			return n[:at] + base64.StdEncoding.EncodeToString(append(sig[:4:4], append([]byte("more"), sig[4:]...)...)) + "\n"
		},
		"with the signature spelled otherwise": func(n string) string { // of the last digit before = some bits say nothing
			const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
			at := strings.LastIndexByte(n, '=') - 1
			return n[:at] + string(digits[strings.IndexByte(digits, n[at])^1]) + n[at+1:]
		},
		"with a line more":              func(n string) string { return strings.Replace(n, "\n\n", "\nmore\n\n", 1) },
		"without an end":                strings.TrimSpace,
		"with the ends of lines of DOS": func(n string) string { return strings.ReplaceAll(n, "\n", "\r\n") },
		"with a number of zeros":        func(n string) string { return strings.Replace(n, "\n23\n", "\n023\n", 1) },
	} {
		edit("journal/checkpoints/000023.note", name, "journal/checkpoints/000023.note does not seal 23 lines", "journal/checkpoints/000023.note: ", []string{"1", "3", "4"}, change)
	}
	for name, change := range map[string]func(text string) string{
		"of another type":    func(e string) string { return strings.Replace(e, payloadType, "application/json", 1) },
		"of another key":     func(e string) string { return strings.Replace(e, "session-1", "session-2", 1) },
		"with a key more":    func(e string) string { return strings.Replace(e, `{"payload"`, `{"more":1,"payload"`, 1) },
		"with a space":       func(e string) string { return strings.Replace(e, `,"`, `, "`, 1) },
		"without an end":     strings.TrimSpace,
		"that says it first": func(e string) string { return strings.Replace(e, `{"payload"`, `{"payload":"","payload"`, 1) },
		"signed twice": func(e string) string {
			sig := e[strings.Index(e, `{"keyid"`):strings.LastIndex(e, "]")]
			return strings.Replace(e, sig, sig+","+sig, 1)
		},
	} {
		edit(envelopePath, name, "the signature of transcript.json does not verify", "transcript.dsse.json: ", []string{"1", "2", "3", "4", "5"}, change)
	}
	add("a seal key with its hash in capitals", "journal/session-1.vkey has another key", `journal/journal.jsonl:2: event "session.started": seal_key: `, []string{"1"}, func(t *testing.T, dir string) {
		was := strings.TrimSpace(string(get(t, dir, "journal/session-1.vkey")))
		part := strings.SplitN(was, "+", 3)
		is := part[0] + "+" + strings.ToUpper(part[1]) + "+" + part[2]
		if is == was {
			t.Fatal("its hash has no letters")
		}
		put(t, dir, "journal/session-1.vkey", []byte(is+"\n"))
		rechain(t, dir, func(lines []string) []string {
			for i := range lines {
				lines[i] = strings.Replace(lines[i], was, is, 1)
			}
			return lines
		})
	})
	edit(sealPEMPath, "with more", "trust/seal.pem is another key", "trust/seal.pem: ", []string{"1", "3", "4"}, func(p string) string { return p + p })
	add("another key under the digest of one", "has another digest", "spki_sha256 is not the digest of spki", []string{"3", "7"}, func(t *testing.T, dir string) {
		rechain(t, dir, func(lines []string) []string {
			var keys []string
			for i, line := range lines {
				r, err := event.ParseRecord([]byte(line))
				check(t, err)
				if e, ok := r.Event.(event.OperationFinished); ok && e.Key != nil {
					keys = append(keys, e.Key.SPKI)
					lines[i] = string(bytes.ReplaceAll([]byte(line), []byte(e.Key.SPKI), []byte(keys[0])))
				}
			}
			return lines
		})
	})
	return all
}
