// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/artifact"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// filled makes an event say what a file holds.
func filled(e *event.ArtifactWritten, data []byte) {
	d := artifact.Sum(data)
	e.SHA256, e.SHA512, e.Size = d.SHA256Hex(), d.SHA512Hex(), d.Size
}

// otherFile puts other bytes under the name of a file of an artifact, in a record
// that names them.
func otherFile(t *testing.T, g *golden, dir, name string, data []byte) {
	t.Helper()
	write(t, dir, name, data)
	g.forge(t, dir, eachEvent(func(e *event.ArtifactWritten) {
		if e.Path == name {
			filled(e, data)
		}
	}))
}

// textForms are other spellings of the same object as PEM, and PEM of more or of
// other objects. All of them are read as something by common programs.
var textForms = map[string]func(g *golden, pemText []byte, name string) []byte{
	"of another ceremony": func(g *golden, _ []byte, name string) []byte { return mustRead(g.other, name) },
	"of another artifact": func(g *golden, _ []byte, name string) []byte {
		if strings.Contains(name, "root-cert") {
			return mustRead(g.dir, "artifacts/ca-cert.pem")
		}
		return mustRead(g.dir, "artifacts/root-cert.pem")
	},
	"with the ends of lines of DOS": func(_ *golden, text []byte, _ string) []byte {
		return bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
	},
	"on one line": func(_ *golden, text []byte, _ string) []byte {
		b, _ := pem.Decode(text)
		return fmt.Appendf(nil, "-----BEGIN %s-----\n%s\n-----END %s-----\n", b.Type, base64.StdEncoding.EncodeToString(b.Bytes), b.Type)
	},
	"with words before it": func(_ *golden, text []byte, _ string) []byte {
		return append([]byte("Subject: CN=Other Root\n"), text...)
	},
	"marked as a rehearsal": func(_ *golden, text []byte, _ string) []byte {
		return append([]byte("THIS IS A REHEARSAL ARTIFACT AND MUST NOT BE TRUSTED\n"), text...)
	},
	"with an empty line":    func(_ *golden, text []byte, _ string) []byte { return append(text, '\n') },
	"with a second object":  func(g *golden, text []byte, name string) []byte { return append(text, mustRead(g.other, name)...) },
	"behind another object": func(g *golden, text []byte, name string) []byte { return append(mustRead(g.other, name), text...) },
	"with a header": func(_ *golden, text []byte, _ string) []byte {
		return bytes.Replace(text, []byte("-----\n"), []byte("-----\nKey: value\n\n"), 1)
	},
	"under the label of old": func(_ *golden, text []byte, _ string) []byte {
		return bytes.ReplaceAll(text, []byte("N CERTIFICATE"), []byte("N X509 CERTIFICATE"))
	},
	"that is DER": func(_ *golden, text []byte, _ string) []byte {
		b, _ := pem.Decode(text)
		return b.Bytes
	},
	"that is empty": func(*golden, []byte, string) []byte { return nil },
}

func mustRead(dir, name string) []byte {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		panic(err)
	}
	return data
}

// forgedEncodings put each other spelling, and other objects, in the place of each
// file of an artifact. DER is what the plan and the signature give; all else is
// what DER gives.
func forgedEncodings() []mutation {
	var all []mutation
	for _, id := range []string{"root-cert", "ca-cert", "root-crl"} {
		for form, change := range textForms {
			name := "artifacts/" + id + ".pem"
			if id == "root-crl" && strings.Contains(form, "label of old") {
				continue // no other label is in use
			}
			all = append(all, mutation{name: "PEM of " + id + " " + form, names: []string{name + ": not the encoding of artifacts/" + id + ".der"},
				do: func(t *testing.T, g *golden, dir string) {
					otherFile(t, g, dir, name, change(g, read(t, dir, name), name))
				}})
		}
		name := "artifacts/" + id + ".der"
		for form, change := range map[string]func(t *testing.T, g *golden, dir string) []byte{
			"of another ceremony":   func(t *testing.T, g *golden, _ string) []byte { return read(t, g.other, name) },
			"with something behind": func(t *testing.T, _ *golden, dir string) []byte { return append(read(t, dir, name), 0) },
			"that is PEM":           func(t *testing.T, _ *golden, dir string) []byte { return read(t, dir, "artifacts/"+id+".pem") },
		} {
			all = append(all, mutation{name: "DER of " + id + " " + form, names: []string{name + ": the file differs from the object rebuilt"},
				do: func(t *testing.T, g *golden, dir string) { otherFile(t, g, dir, name, change(t, g, dir)) }})
		}
	}
	return all
}

// renamed calls a file otherwise, on the disk and in the record.
func renamed(t *testing.T, g *golden, dir, from, to string) {
	t.Helper()
	write(t, dir, to, read(t, dir, from))
	if from != to && !strings.EqualFold(from, to) || path.Base(from) != path.Base(to) {
		if err := os.Remove(filepath.Join(dir, from)); err != nil {
			t.Fatal(err)
		}
	}
	g.forge(t, dir, eachEvent(func(e *event.ArtifactWritten) {
		if e.Path == from {
			e.Path = to
		}
	}))
}

// forgedNames call the files of artifacts otherwise than this program does, or
// make more of them.
func forgedNames() []mutation {
	var all []mutation
	add := func(name, says string, do func(t *testing.T, g *golden, dir string)) {
		all = append(all, mutation{name: "names: " + name, names: []string{says}, do: do})
	}
	for _, encoding := range []string{"der", "pem"} {
		from := "artifacts/root-cert." + encoding
		for _, to := range []string{
			"artifacts/root-cert.attempt-2." + encoding, "artifacts/root-cert.attempt-0." + encoding, "artifacts/REHEARSAL-root-cert." + encoding,
			"artifacts/Root-cert." + encoding, "artifacts/root-cert." + strings.ToUpper(encoding), "artifacts/root-cert.crt",
			"artifacts/deep/root-cert." + encoding, "artifacts/ca-cert." + encoding + ".bak", "artifacts/root_cert." + encoding,
		} {
			add(from+" is called "+to, "the name of this file is "+from, func(t *testing.T, g *golden, dir string) { renamed(t, g, dir, from, to) })
		}
	}
	add("two artifacts change names", "the name of this file is artifacts/root-cert.", func(t *testing.T, g *golden, dir string) {
		other := map[string]string{"root-cert": "ca-cert", "ca-cert": "root-cert"}
		was := map[string][]byte{}
		for id := range other {
			for _, encoding := range []string{".der", ".pem"} {
				was["artifacts/"+other[id]+encoding] = read(t, dir, "artifacts/"+id+encoding)
			}
		}
		for name, data := range was {
			write(t, dir, name, data)
		}
		g.forge(t, dir, eachEvent(func(e *event.ArtifactWritten) {
			if to := other[e.Artifact]; to != "" {
				e.Path = "artifacts/" + to + "." + e.Encoding
			}
		}))
	})
	for name, says := range map[string]string{"root-cert.txt": "already has a file \"pem\"", "root-cert.p7b": "already has a file \"pem\""} {
		add("one encoding more, "+name, says, func(t *testing.T, g *golden, dir string) {
			moreFiles(t, g, dir, "artifacts/"+name, func(e *event.ArtifactWritten) bool { return e.Path == "artifacts/root-cert.pem" })
		})
	}
	add("an artifact that the plan does not have", "the plan has no artifact", func(t *testing.T, g *golden, dir string) {
		moreFiles(t, g, dir, "artifacts/rogue.der", func(e *event.ArtifactWritten) bool {
			if e.Path != "artifacts/root-cert.der" {
				return false
			}
			e.Artifact = "rogue"
			return true
		})
	})
	add("one encoding less", "root-cert has no file artifacts/root-cert.pem", func(t *testing.T, g *golden, dir string) {
		fewerFiles(t, g, dir, "artifacts/root-cert.pem")
	})
	add("no DER", "root-cert has no file artifacts/root-cert.der", func(t *testing.T, g *golden, dir string) {
		fewerFiles(t, g, dir, "artifacts/root-cert.der")
	})
	add("a certificate is said to be a request", "the plan says certificate, the record says csr", func(t *testing.T, g *golden, dir string) {
		der := read(t, dir, "artifacts/ca-cert.der")
		text := transcripts.PEM(event.KindCSR, der, false)
		write(t, dir, "artifacts/ca-cert.pem", text)
		g.forge(t, dir, eachEvent(func(e *event.ArtifactWritten) {
			if e.Artifact != "ca-cert" {
				return
			}
			e.Kind = event.KindCSR
			if e.Encoding == event.EncodingPEM {
				filled(e, text)
			}
		}))
	})
	add("the PEM is withheld, the DER is not", "or being withheld, differs", func(t *testing.T, g *golden, dir string) {
		write(t, dir, "withheld/ca-cert.pem", read(t, dir, "artifacts/ca-cert.pem"))
		if err := os.Remove(filepath.Join(dir, "artifacts/ca-cert.pem")); err != nil {
			t.Fatal(err)
		}
		g.forge(t, dir, eachEvent(func(e *event.ArtifactWritten) {
			if e.Path == "artifacts/ca-cert.pem" {
				e.Path, e.Withheld = "withheld/ca-cert.pem", "somebody did not like it"
			}
		}))
	})
	return all
}

// moreFiles writes a file more, after the one that is picked, which the event of
// the new one may be changed after.
func moreFiles(t *testing.T, g *golden, dir, name string, pick func(*event.ArtifactWritten) bool) {
	t.Helper()
	g.forge(t, dir, func(records []event.Record) []event.Record {
		for i, r := range records {
			e, ok := r.Event.(event.ArtifactWritten)
			if !ok || !pick(&e) {
				continue
			}
			data := read(t, dir, "artifacts/root-cert."+e.Encoding)
			write(t, dir, name, data)
			e.Path = name
			filled(&e, data)
			r.Event = e
			return slices.Insert(records, i+1, r)
		}
		return records
	})
}

// fewerFiles takes a file away, and the event that wrote it.
func fewerFiles(t *testing.T, g *golden, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
	g.forge(t, dir, func(records []event.Record) []event.Record {
		return slices.DeleteFunc(records, func(r event.Record) bool {
			e, ok := r.Event.(event.ArtifactWritten)
			return ok && e.Path == name
		})
	})
}

// forgedRooms put files into the folders of a bundle, with events that account for
// them.
func forgedRooms() []mutation {
	var all []mutation
	add := func(name, says string, do func(t *testing.T, g *golden, dir string)) {
		all = append(all, mutation{name: "rooms: " + name, names: []string{says}, do: do})
	}
	for name, kind := range map[string]string{
		"plan/rogue.pem": "input", "plan/inputs/rogue.pem": "input", "plan/step-templates/rogue.yaml": "step-template", "plan/profiles/rogue.yaml": "profile", "trust/rogue.pem": "policy",
		"plan/approvals/rogue": "approval", "plan/approvals/plan.json.rogue": "approval", "plan/approvals/other.json.ann.sig": "approval", "plan/deep/plan.json.ann.sig": "approval",
		"plan/policy.json": "policy", "trust/policy-2.json": "policy",
	} {
		add("the record loads "+name, name+": journal/journal.jsonl:", func(t *testing.T, g *golden, dir string) {
			data := read(t, g.other, "artifacts/root-cert.pem")
			write(t, dir, name, data)
			g.forge(t, dir, func(r []event.Record) []event.Record {
				at := slices.IndexFunc(r, func(r event.Record) bool { return r.Event.Type() == "file.loaded" })
				more := r[at]
				more.Event = event.FileLoaded{Path: name, Kind: kind, SHA256: plan.SHA256Hex(data)}
				return slices.Insert(r, at, more)
			})
		})
	}
	add("the script is said to be an input", "as \"input\"", func(t *testing.T, g *golden, dir string) {
		g.forge(t, dir, eachEvent(func(e *event.FileLoaded) {
			if e.Kind == "script" {
				e.Kind = "input"
			}
		}))
	})
	for to, says := range map[string]string{
		"lint/root-cert.rogue.json": "not the name of a lint result", "lint/root-cert.before.1.json": "not the name of a lint result", "lint/root-cert.before.json.json": "not the name of a lint result",
		"lint/root-cert.after.9.json": "not the name of a lint result", "lint/root-cert.before": "not the name of a lint result",
	} {
		add("a result of linting is called "+to, says, func(t *testing.T, g *golden, dir string) {
			const from = "lint/root-cert.before.json"
			write(t, dir, to, read(t, dir, from))
			if err := os.Remove(filepath.Join(dir, from)); err != nil {
				t.Fatal(err)
			}
			g.forge(t, dir, eachEvent(func(e *event.ObjectLinted) {
				if e.File == from {
					e.File = to
				}
			}))
		})
	}
	for _, name := range []string{"artifacts/.root-cert.der.partial0", "trust/.partial", ".MANIFEST.partial1"} {
		add("a file that a write was about to make, "+name, name+": no event names this file", func(t *testing.T, g *golden, dir string) {
			write(t, dir, name, read(t, g.other, "artifacts/root-cert.pem"))
			relisted(t, dir, nil)
		})
	}
	return all
}
