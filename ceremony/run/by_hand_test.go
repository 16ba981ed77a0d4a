// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/approval"
	"rootceremony/internal/term"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// byHandRow is a forged bundle, with what README-VERIFY.md and verify say of it.
type byHandRow struct {
	of           *golden
	do           func(t *testing.T, g *golden, dir string)
	page, verify string
}

// try tries both; verify has the words that were read aloud.
func (r byHandRow) try(t *testing.T, only ...string) (said string, err error) {
	t.Helper()
	dir := r.of.copied(t)
	r.do(t, r.of, dir)
	o := verify.Options{}
	o.Words = term.Words
	if _, problems := verified(t, dir, o); !strings.Contains(problems, r.verify) {
		t.Errorf("verify: want %q in\n%s", r.verify, problems)
	}
	return byHand(t, dir, only...)
}

// TestByHand guards an auditor without our program against other bytes for the same thing
// where a second parser looks at them: in artifacts, and in what people say. Without
// CEREMONY_SWEEPS=all it takes a third of them.
func TestByHand(t *testing.T) {
	g, example := makeGolden(t), shipped(t)
	certificateIn(t, example)
	rows := objectRows(t, g, example)
	maps.Copy(rows, statementRows(g))
	excepted := exceptional(t, "for: 3y}", "for: 2y}")
	rows["one seal key for all sessions"] = byHandRow{excepted, func(t *testing.T, g *golden, dir string) {
		g.forgeWith(t, dir, seals{generation: 9, one: true}, nil)
	}, "PROBLEM: two sessions have the same seal key", "an earlier session used the same seal key"}
	rows["no trust policy"] = byHandRow{excepted, withoutPolicy, "PROBLEM: the plan has to be approved, and there is no trust policy", "trust/policy.json: the plan requires approval"}
	rows["approval of the first site file over the second one"] = byHandRow{excepted, func(t *testing.T, g *golden, dir string) {
		const file = "plan/approvals/site.json.ann.sig"
		g.replaced(t, dir, file, read(t, dir, otherSite+"/approvals/site.json.ann.sig"))
	}, "PROBLEM: plan/approvals/site.json.ann.sig", "plan/approvals: the approvals do not meet the policy"}
	t.Run("all", func(t *testing.T) {
		for _, name := range someByHand(rows) {
			t.Run(name, func(t *testing.T) { rows[name].refusedByHand(t) })
		}
	})
}

// shipped is a copy of the bundle of an example, which may be on another file system than
// the folders of tests and is not theirs to link.
func shipped(t *testing.T) *golden {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "bundle")
	if err := os.CopyFS(dir, os.DirFS(ceremonytest.GoldenBundle)); err != nil {
		t.Fatal(err)
	}
	return &golden{dir: dir}
}

// certificateIn has another certificate come with an OCSP response, which README-VERIFY.md
// leaves to a program: verify refuses it.
func certificateIn(t *testing.T, example *golden) {
	t.Helper()
	dir := example.copied(t)
	der := read(t, dir, "artifacts/r1-status-1.der")
	der[len(der)-1]++ // the end of the signature on the certificate of the responder
	otherObject(t, example, dir, "r1-status-1", event.KindOCSP, der)
	if _, problems := verified(t, dir, verify.Options{}); !strings.Contains(problems, "artifacts/r1-status-1.der: the file differs from the object rebuilt") {
		t.Errorf("another certificate in an OCSP response: %s", problems)
	}
}

// withoutPolicy has nobody approve a plan that has to be approved.
func withoutPolicy(t *testing.T, g *golden, dir string) {
	t.Helper()
	approves := func(name string) bool {
		return strings.HasPrefix(name, "trust/policy") || strings.Contains(name, "/approvals/")
	}
	g.forge(t, dir, func(records []event.Record) []event.Record {
		return slices.DeleteFunc(records, func(r event.Record) bool {
			e, is := r.Event.(event.FileLoaded)
			if is && approves(e.Path) {
				remove(t, dir, e.Path)
			}
			return is && approves(e.Path)
		})
	})
	relisted(t, dir, nil)
}

// someByHand are the names of a third of the rows, or of all with CEREMONY_SWEEPS=all: the
// page takes more than a second for each.
func someByHand(rows map[string]byHandRow) []string {
	var names []string
	for i, name := range slices.Sorted(maps.Keys(rows)) {
		if i%3 == 0 || os.Getenv("CEREMONY_SWEEPS") == "all" {
			names = append(names, name)
		}
	}
	return names
}

// refusedByHand wants the page to refuse a row as verify does.
func (r byHandRow) refusedByHand(t *testing.T) {
	t.Parallel()
	sections := []string{"3", "7", "8"}
	switch {
	case strings.HasSuffix(r.page, "seal key"):
		sections = []string{"1"}
	case strings.HasSuffix(r.page, "is no statement"), strings.HasSuffix(r.page, ".sig"), strings.HasSuffix(r.page, "no trust policy"):
		sections = []string{"9"}
	case r.page == otherFiles:
		sections = []string{"9", "10"}
	}
	if said, err := r.try(t, sections...); err == nil || !strings.Contains(said, r.page) {
		t.Errorf("README-VERIFY.md: want %q: %v\n%s", r.page, err, said)
	}
}

// objectRows change the DER of an artifact around the bytes that were signed, and make all
// that names it right again.
func objectRows(t *testing.T, g, example *golden) map[string]byHandRow {
	t.Helper()
	rows := map[string]byHandRow{}
	add := func(of *golden, id, kind, name string, change func(der []byte) []byte) {
		path := "artifacts/" + id + ".der"
		rows["DER of "+id+" "+name] = byHandRow{of, func(t *testing.T, g *golden, dir string) {
			was := read(t, dir, path)
			der := change(bytes.Clone(was))
			if bytes.Equal(was, der) {
				t.Fatal("nothing was changed")
			}
			otherObject(t, g, dir, id, kind, der)
		}, path + " contains other bytes than were signed", path + ": the file differs from the object rebuilt"}
	}
	for id, kind := range map[string]string{"root-cert": event.KindCertificate, "root-crl": event.KindCRL} {
		signature := g.signatureOf(t, id)
		add(g, id, kind, "with more behind it", func(der []byte) []byte { return append(der, 0) })
		add(g, id, kind, "under another algorithm", func(der []byte) []byte { der[bytes.LastIndex(der, ecdsaSHA256)+len(ecdsaSHA256)-1]++; return der })
		add(g, id, kind, "with bits that are not used", func(der []byte) []byte { der[bytes.Index(der, signature)-1]++; return der })
		add(g, id, kind, "with another signature", func(der []byte) []byte { der[bytes.Index(der, signature)+20]++; return der })
		add(g, id, kind, "with a longer length", func(der []byte) []byte { return append([]byte{0x30, 0x83, 0}, der[2:]...) })
		add(g, id, kind, "without a length", func(der []byte) []byte { return slices.Concat([]byte{0x30, 0x80}, der[4:], []byte{0, 0}) })
	}
	const response = "r1-status-1"
	add(example, response, event.KindOCSP, "with more behind it", func(der []byte) []byte { return append(der, 0) })
	add(example, response, event.KindOCSP, "that is no success", func(der []byte) []byte { der[bytes.Index(der, []byte{10, 1, 0})+2]++; return der })
	add(example, response, event.KindOCSP, "of another type", func(der []byte) []byte { der[bytes.Index(der, []byte{5, 5, 7, 48, 1, 1})+5]++; return der })
	return rows
}

// ecdsaSHA256 is the object identifier of ecdsa-with-SHA256 (RFC 5758 3.2).
var ecdsaSHA256 = []byte{6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2}

// otherObject puts another object under the names of an artifact, in a record that names it.
func otherObject(t *testing.T, g *golden, dir, id, kind string, der []byte) {
	t.Helper()
	files := map[string][]byte{"artifacts/" + id + ".der": der, "artifacts/" + id + ".pem": transcripts.PEM(kind, der, false)}
	for name, data := range files {
		write(t, dir, name, data)
	}
	g.forge(t, dir, eachEvent(func(e *event.ArtifactWritten) {
		if data, ok := files[e.Path]; ok {
			filled(e, data)
		}
	}))
}

const otherFiles = "signatures, attestations or evidence-late have other files"

// statementRows are statements that readers could understand in two ways, and what is no
// signature.
func statementRows(g *golden) map[string]byHandRow {
	rows := map[string]byHandRow{}
	for _, name := range []string{
		"signatures/README", "signatures/MANIFEST..sig", "signatures/MANIFEST.Eve.sig", "signatures/MANIFEST.eve.dana.sig", "signatures/MANIFEST.eve.sig.bak", "signatures/deep/MANIFEST.eve.sig",
		"attestations/Eve.json", "attestations/eve.v2.json", "attestations/eve.sig", "attestations/ann.json.sig", "attestations/deep/eve.json", "evidence-late/scan", "evidence-late/003.json.dana.sig", "evidence-late/001.json.dana.v2.sig", "evidence-late/deep/003.json",
	} {
		rows["a file "+name] = byHandRow{g, func(t *testing.T, _ *golden, dir string) {
			of := "signatures/MANIFEST.ann.sig"
			if strings.HasSuffix(name, ".json") {
				of = "attestations/ben.json"
			}
			write(t, dir, name, read(t, dir, of))
		}, otherFiles, name + ": "}
	}
	const name = "attestations/eve.json"
	file := func(what, path, page, says string, data func(t *testing.T, dir string) []byte) {
		rows[what] = byHandRow{g, func(t *testing.T, _ *golden, dir string) { write(t, dir, path, data(t, dir)) }, page, says}
	}
	statement := func(what string, change func(text string) string) {
		file("a statement "+what, name, name+" is no statement", name+": ", func(t *testing.T, dir string) []byte {
			good, err := approval.NewAttestation(approval.Attestation{Manifest: plan.SHA256Hex(read(t, dir, transcripts.ManifestPath)), Text: "All was well."})
			if err != nil {
				t.Fatal(err)
			}
			changed := change(string(good))
			if changed == string(good) {
				t.Fatal("nothing was changed")
			}
			return []byte(changed)
		})
	}
	for what, edit := range map[string][2]string{
		"with a key more": {"{", `{"colour": "red",`}, "with a NUL": {"All", `\u0000All`}, "with a NUL as it is": {"All", "\x00All"}, "that says maybe": {`"agree"`, `"maybe"`},
		"without a type": {`  "type": "ceremony/attestation/v1",` + "\n", ""}, "of another type": {"attestation/v1", "attestation/v2"}, "with a type that is a number": {`"ceremony/attestation/v1"`, "1"},
		"with a text that is a number": {`"All was well."`, "7"}, "without a text": {`"All was well."`, "null"}, "that disagrees with nothing": {"\"agree\",\n  \"text\": \"All was well.\"", "\"disagree\",\n  \"text\": \"\""},
		"with a verdict in a list": {`"agree"`, `["agree"]`}, "with bytes that are no UTF-8": {"All", "\xff"}, "that watched an empty list": {`well."`, "well.\",\n  \"declaration\": {\n    \"what\": \"recording\",\n    \"recordings\": []\n  }"},
		"that was there from a blank": {`well."`, "well.\",\n  \"declaration\": {\n    \"what\": \"part\",\n    \"from\": \" 1\",\n    \"to\": \"1\"\n  }"}, "that was there to a blank": {`well."`, "well.\",\n  \"declaration\": {\n    \"what\": \"part\",\n    \"from\": \"1\",\n    \"to\": \"1\u3000\"\n  }"},
		"that was there on two lines": {`well."`, "well.\",\n  \"declaration\": {\n    \"what\": \"part\",\n    \"from\": \"1\",\n    \"to\": \"1\\n2\"\n  }"}, "twice": {"\n}", "\n}\n{}"}, "with a key twice": {"{", `{"verdict": "disagree",`},
		"with a declaration that is a text": {`well."`, `well.", "declaration": "present"`}, "that was there from nowhere": {`well."`, "well.\",\n  \"declaration\": {\n    \"what\": \"part\",\n    \"from\": \"\",\n    \"to\": \"\"\n  }"},
		"with a declaration of nothing": {`well."`, "well.\",\n  \"declaration\": null"}, "that watched nothing": {`well."`, "well.\",\n  \"declaration\": {\n    \"what\": \"recording\"\n  }"},
		"with an escape of a bell": {"All", `\u0007All`}, "with an end that nobody sees": {"well.", `well.\n`}, "spelled otherwise": {"All", `\u0041ll`},
	} {
		statement(what, func(text string) string { return strings.Replace(text, edit[0], edit[1], 1) })
	}
	statement("with a byte order mark", func(text string) string { return "\ufeff" + text })
	statement("on one line", func(text string) string {
		var out bytes.Buffer
		if err := json.Compact(&out, []byte(text)); err != nil {
			return ""
		}
		return out.String()
	})
	for what, change := range map[string]func(sig []byte) []byte{
		"that is none":               func([]byte) []byte { return []byte("x\n") },
		"that is empty":              func([]byte) []byte { return nil },
		"with words before it":       func(sig []byte) []byte { return append([]byte("Signed by eve:\n"), sig...) },
		"with words behind it":       func(sig []byte) []byte { return append(sig, "Signed by eve.\n"...) },
		"and another":                func(sig []byte) []byte { return slices.Concat(sig, sig) },
		"with the ends of DOS":       func(sig []byte) []byte { return bytes.ReplaceAll(sig, []byte("\n"), []byte("\r\n")) },
		"of something else":          func([]byte) []byte { return nil },
		"with an empty line between": func(sig []byte) []byte { return bytes.Replace(sig, []byte("\n"), []byte("\n\n"), 1) },
	} {
		const path = "signatures/MANIFEST.eve.sig"
		file("a signature "+what, path, "PROBLEM: "+path, path+": ", func(t *testing.T, dir string) []byte {
			if what == "of something else" {
				return signature(t, "eve", approval.ManifestDeclaration, []byte("something else"))
			}
			return change(signature(t, "eve", approval.ManifestDeclaration, read(t, dir, transcripts.ManifestPath)))
		})
	}
	return rows
}
