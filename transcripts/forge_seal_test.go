// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"rootceremony/transcripts/event"
)

// checkpoint23 is one of those of a bundle of makeBundle, over 23 lines.
const checkpoint23 = "journal/checkpoints/000023.note"

// listedAgain are forgeries after which MANIFEST is made right again.
type listedAgain map[string]tried

func (all listedAgain) add(name, byHand, verify string, in []string, do func(t *testing.T, dir string)) {
	all[name] = tried{forgery{func(t *testing.T, dir string) { do(t, dir); remanifest(t, dir) }, byHand, verify}, in}
}

// edit adds a forgery that changes the text of one file.
func (all listedAgain) edit(path, name, byHand, verify string, in []string, change func(text string) string) {
	all.add(path+" "+name, byHand, verify, in, func(t *testing.T, dir string) {
		was := string(get(t, dir, path))
		is := change(was)
		if is == was {
			t.Fatal("nothing was changed")
		}
		put(t, dir, path, []byte(is))
	})
}

// sealForgeries change what is beside the lines of the journal, and list it again.
func sealForgeries(t *testing.T) map[string]tried {
	t.Helper()
	all := listedAgain{}
	all.ofSealKey(t)
	all.ofFiles()
	for name, change := range checkpointChanges {
		all.edit(checkpoint23, name, checkpoint23+" does not seal 23 lines", checkpoint23+": ", []string{"1", "3", "4"}, change)
	}
	for name, change := range envelopeChanges {
		all.edit(envelopePath, name, "the signature of transcript.json does not verify", "transcript.dsse.json: ", []string{"1", "2", "3", "4", "5"}, change)
	}
	all.ofKey()
	return all
}

// ofSealKey has another seal key, or the same one spelled otherwise.
func (all listedAgain) ofSealKey(t *testing.T) {
	t.Helper()
	key, err := newSealKey(&counting{n: 77}, checkpointOrigin("2026-root-x1", 1))
	check(t, err)
	for name, change := range map[string]func(text string) string{
		"of another key": func(string) string { return key.vkey + "\n" },
		"without an end": strings.TrimSpace,
		"with more":      func(k string) string { return k + k },
	} {
		all.edit("journal/session-1.vkey", name, "journal/session-1.vkey has another key", "journal/session-1.vkey: ", []string{"1"}, change)
	}
	all.edit(sealPEMPath, "with more", "trust/seal.pem is another key", "trust/seal.pem: ", []string{"1", "3", "4"}, func(p string) string { return p + p })
	all.add("a seal key with its hash in capitals", "journal/session-1.vkey has another key", `journal/journal.jsonl:2: event "session.started": seal_key: `, []string{"1"}, func(t *testing.T, dir string) {
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
}

// ofFiles has a file more or less beside the journal.
func (all listedAgain) ofFiles() {
	for _, name := range []string{"journal/notes", "journal/session-2.vkey", "journal/journal-2.jsonl", "journal/checkpoints/000001.note", "journal/checkpoints/README"} {
		all.add("a file more, "+name, "there are files that no event names", name+": ", []string{"1", "2", "3", "4", "6"}, func(t *testing.T, dir string) {
			put(t, dir, name, get(t, dir, checkpoint23))
		})
	}
	all.add("a checkpoint less", checkpoint23+" does not seal", "checkpoint "+checkpoint23+" is missing", []string{"1", "3", "4"}, func(t *testing.T, dir string) {
		remove(t, dir, checkpoint23)
	})
}

// ofKey has two keys with the public key of one.
func (all listedAgain) ofKey() {
	all.add("another key under the digest of one", "has another digest", "spki_sha256 is not the digest of spki", []string{"3", "7"}, func(t *testing.T, dir string) {
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
}

// checkpointChanges spell a checkpoint otherwise, or have it say other things.
var checkpointChanges = map[string]func(text string) string{
	"signed twice":              func(n string) string { return n + n[strings.Index(n, "—"):] },
	"signed under another name": func(n string) string { return strings.Replace(n, "— ceremony", "— Ceremony", 1) },
	"signed by another key": func(n string) string {
		at := strings.LastIndex(n, " ") + 1
		return n[:at] + "AAAA" + n[at+4:]
	},
	"with a signature that is longer": func(n string) string {
		at := strings.LastIndex(n, " ") + 1
		sig, err := base64.StdEncoding.DecodeString(strings.TrimSpace(n[at:]))
		if err != nil {
			return n // which is told as no change
		}
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
}

// envelopeChanges do the same to the signature over the transcript.
var envelopeChanges = map[string]func(text string) string{
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
}
