// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"crypto/elliptic"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"rootceremony/internal/approval"
	"rootceremony/transcripts/event"
)

// commands returns the shell blocks of a README as one script.
func commands(readme string) string {
	var script strings.Builder
	for i, block := range strings.Split(readme, "```") {
		if i%2 == 1 {
			script.WriteString(strings.TrimPrefix(block, "sh\n"))
		}
	}
	return script.String()
}

// byHand runs the commands of a bundle's README in the bundle.
func byHand(t *testing.T, shell, dir, script string) (string, error) {
	t.Helper()
	cmd := exec.Command(shell, "-c", script)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func needTools(t *testing.T) {
	t.Helper()
	for _, tool := range []string{"bash", "dash", "openssl", "jq", "cksum", "basenc", "ssh-keygen"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not on this machine", tool)
		}
	}
}

// digestLine begins with a SHA-256.
var digestLine = regexp.MustCompile(`^[0-9a-f]{64} `)

// TestReadmeCommands runs every command of README-VERIFY.md as it is written.
func TestReadmeCommands(t *testing.T) {
	needTools(t)
	for name, o := range map[string]roomOptions{"run": {}, "rehearsal": {mode: event.Rehearsal, software: true}} {
		dir, _ := makeBundle(t, o)
		readme, err := os.ReadFile(filepath.Join(dir, readmePath))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(readme)) { // people read it at a terminal
			if n := utf8.RuneCountInString(strings.TrimSpace(line)); n > 80 && !digestLine.MatchString(line) {
				t.Errorf("%s: a line of %d columns: %s", name, n, line)
			}
		}
		if first, _, _ := strings.Cut(string(readme), "\n"); strings.Contains(first, "REHEARSAL") != (o.mode == event.Rehearsal) {
			t.Errorf("%s: README begins with %q", name, first)
		}
		for _, shell := range []string{"bash", "dash"} {
			out, err := byHand(t, shell, dir, commands(string(readme)))
			if err != nil || strings.Contains(out, "PROBLEM") || !strings.Contains(out, "The record is consistent.") {
				t.Errorf("%s, %s: %v\n%s", name, shell, err, out)
			}
			if strings.Contains(out, "rror") || strings.Contains(out, "not found") {
				t.Errorf("%s, %s: something went wrong:\n%s", name, shell, out)
			}
			if n := strings.Count(out, "ok: "); n < 20 {
				t.Errorf("%s, %s: only %d checks:\n%s", name, shell, n, out)
			}
		}
	}
}

// TestReadmeCommandsRefuse forges bundles; the commands of the true README
// must notice.
func TestReadmeCommandsRefuse(t *testing.T) {
	needTools(t)
	dir, _ := makeBundle(t, roomOptions{})
	readme, err := os.ReadFile(filepath.Join(dir, readmePath))
	if err != nil {
		t.Fatal(err)
	}
	for name, forge := range allForgeries(t, dir) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forged := filepath.Join(t.TempDir(), "bundle")
			if err := os.CopyFS(forged, os.DirFS(dir)); err != nil {
				t.Fatal(err)
			}
			forge.do(t, forged)
			script := commands(string(readme))
			if forge.in != nil {
				script = sections(string(readme), forge.in...)
			}
			out, err := byHand(t, "dash", forged, script)
			if err == nil || !strings.Contains(out, "PROBLEM") || !strings.Contains(out, "NOT CONSISTENT") {
				t.Errorf("accepted: %v\n%s", err, out)
			}
			if !strings.Contains(out, forge.byHand) {
				t.Errorf("want %q in\n%s", forge.byHand, out)
			}
		})
	}
}

// sections returns the commands of some sections, with the setup before the first and the
// result.
func sections(readme string, numbers ...string) string {
	parts := strings.Split(readme, "\n## ")
	some := parts[0]
	for _, p := range parts[1:] {
		number, _, _ := strings.Cut(p, ".")
		if slices.Contains(numbers, number) || strings.HasPrefix(p, "The result") {
			some += "\n## " + p
		}
	}
	return commands(some)
}

// addedForgeries change what people add to a bundle, which MANIFEST does not list.
var addedForgeries = map[string]struct {
	do     func(t *testing.T, dir string)
	byHand string
}{
	"a statement about another bundle": {func(t *testing.T, dir string) {
		put(t, dir, "attestations/eve.json", []byte(`{"manifest_sha256": "`+strings.Repeat("0", 64)+`", "verdict": "agree", "text": "All was well."}`))
		signByHand(t, dir, "attestations/eve.json", "attestations/eve.json.sig")
	}, "attestations/eve.json is about another bundle"},
	"a statement that says two things": {func(t *testing.T, dir string) {
		put(t, dir, "attestations/eve.json", []byte(`{"verdict": "disagree", "manifest_sha256": "`+hexDigest(get(t, dir, ManifestPath))+`", "text": "", "verdict": "agree"}`))
		signByHand(t, dir, "attestations/eve.json", "attestations/eve.json.sig")
	}, "attestations/eve.json is no statement"},
	"a line of the journal that says two things": {func(t *testing.T, dir string) {
		replace(t, dir, JournalPath, `"mode":"run"`, `"mode":"rehearsal","mode":"run"`)
	}, "journal/journal.jsonl is not in canonical form"},
	"a line of the journal that is spelled otherwise": {func(t *testing.T, dir string) {
		replace(t, dir, JournalPath, `"mode":"run"`, `"mode": "run"`)
	}, "journal/journal.jsonl is not in canonical form"},
	"an exhibit that is spelled otherwise": {func(t *testing.T, dir string) {
		replace(t, dir, "evidence-late/002.json", `"external":false`, `"\u0065xternal":false`)
	}, "evidence-late/002.json does not follow the record before it, or is no record"},
	"an exhibit of a step that there was not": {func(t *testing.T, dir string) {
		replace(t, dir, "evidence-late/002.json", `"version":1`, `"step":"999","version":1`)
	}, "evidence-late/002.json is for a step that the ceremony did not have"},
	"an exhibit of a step with a zero before": {func(t *testing.T, dir string) {
		replace(t, dir, "evidence-late/002.json", `"version":1`, `"step":"01","version":1`)
	}, "evidence-late/002.json is for a step that the ceremony did not have"},
	"an exhibit of a key that there was not": {func(t *testing.T, dir string) {
		replace(t, dir, "evidence-late/002.json", `"manifest_sha256":`, `"key":"`+strings.Repeat("0", 64)+`","manifest_sha256":`)
	}, "evidence-late/002.json is for a key that the ceremony did not have"},
	"an exhibit of less than nothing": {func(t *testing.T, dir string) {
		replace(t, dir, "evidence-late/002.json", `"external":false`, `"external":true`)
		replace(t, dir, "evidence-late/002.json", `"size":4`, `"size":-1`)
	}, "evidence-late/002.json does not follow the record before it, or is no record"},
	"an exhibit of a step that there was and another": {func(t *testing.T, dir string) {
		replace(t, dir, "evidence-late/002.json", `"version":1`, `"step":"1\n999","version":1`)
	}, "evidence-late/002.json does not follow the record before it, or is no record"},
	"an exhibit of no step": {func(t *testing.T, dir string) {
		replace(t, dir, "evidence-late/002.json", `"version":1`, `"step":"","version":1`)
	}, "evidence-late/002.json does not follow the record before it, or is no record"},
	"an exhibit of a step with a line feed": {func(t *testing.T, dir string) {
		replace(t, dir, "evidence-late/002.json", `"version":1`, `"step":"1\n","version":1`)
	}, "evidence-late/002.json does not follow the record before it, or is no record"},
	"an exhibit of a step that is a number": {func(t *testing.T, dir string) {
		replace(t, dir, "evidence-late/002.json", `"version":1`, `"step":1,"version":1`)
	}, "evidence-late/002.json does not follow the record before it, or is no record"},
	"an exhibit whose record is two": {func(t *testing.T, dir string) {
		record := get(t, dir, "evidence-late/002.json")
		put(t, dir, "evidence-late/002.json", append(record, record...))
	}, "evidence-late/002.json does not follow the record before it, or is no record"},
	"a plan of two": {func(t *testing.T, dir string) {
		data := get(t, dir, "plan/plan.json")
		put(t, dir, "plan/plan.json", append(data, data...))
	}, "plan/plan.json is not in canonical form"},
	"a plan with a line feed": {func(t *testing.T, dir string) {
		put(t, dir, "plan/plan.json", append(get(t, dir, "plan/plan.json"), '\n'))
	}, "plan/plan.json is not in canonical form"},
	"a transcript of two": {func(t *testing.T, dir string) {
		data := get(t, dir, "transcript.json")
		put(t, dir, "transcript.json", append(data, data...))
	}, "transcript.json is not in canonical form"},
	"an exhibit from before the ceremony": {func(t *testing.T, dir string) {
		replace(t, dir, "evidence-late/002.json", `"added":"2026-`, `"added":"2025-`)
	}, "evidence-late/002.json was added before the ceremony was closed"},
	"an exhibit that is longer than its record says": {func(t *testing.T, dir string) {
		replace(t, dir, "evidence-late/002.json", `"size":4`, `"size":3`)
	}, "PROBLEM: evidence-late/002-scan"},
	"a signature on another exhibit": {func(t *testing.T, dir string) {
		put(t, dir, "other", []byte("x"))
		signByHand(t, dir, "other", "evidence-late/001.json.eve.sig")
		remove(t, dir, "other")
	}, "PROBLEM: evidence-late/001.json.eve.sig"},
	"the first exhibit taken out": {func(t *testing.T, dir string) {
		for _, name := range []string{"evidence-late/001.json", "evidence-late/001.json.dana.sig", "evidence-late/001-plan.json"} {
			remove(t, dir, name)
		}
	}, "evidence-late/002.json does not follow the record before it"},
	"an exhibit that becomes external": {func(t *testing.T, dir string) {
		replace(t, dir, "evidence-late/002.json", `"external":false`, `"external":true`)
	}, "signatures, attestations or evidence-late have other files"},
	"a file among the signatures": {func(t *testing.T, dir string) {
		check(t, os.MkdirAll(filepath.Join(dir, "signatures"), 0o755))
		put(t, dir, "signatures/NOTE", []byte("x"))
	},
		"signatures, attestations or evidence-late have other files"},
	"a folder with a line feed in its name": {func(t *testing.T, dir string) {
		check(t, os.MkdirAll(filepath.Join(dir, "MANIFEST\nsignatures"), 0o755))
		put(t, dir, "MANIFEST\nsignatures/root.der", []byte("x"))
	}, "there are names with other characters"},
}

// TestReadmeStatementSteps guards readers of a statement by somebody whom nobody knows:
// the steps for which it vouches are compared with those of the ceremony.
func TestReadmeStatementSteps(t *testing.T) {
	needTools(t)
	dir, _ := makeBundle(t, roomOptions{})
	readme := string(get(t, dir, readmePath))
	check(t, os.MkdirAll(filepath.Join(dir, "attestations"), 0o755))
	for steps, wants := range map[[2]string]bool{{"1", "2"}: false, {"1", "999"}: true, {"2", "1"}: true} {
		put(t, dir, "attestations/eve.json", statementBy(t, dir, &approval.Declaration{What: approval.DeclaredPart, From: steps[0], To: steps[1]}))
		out, err := byHand(t, "dash", dir, sections(readme, "9"))
		if err != nil || strings.Contains(out, "steps that the ceremony did not have") != wants {
			t.Errorf("%q: %v\n%s", steps, err, out)
		}
	}
}

// TestReadmeLowS guards an auditor without our program against the other form of an ECDSA
// signature, which anybody can compute, and with it another certificate.
func TestReadmeLowS(t *testing.T) {
	needTools(t)
	dir, _ := makeBundle(t, roomOptions{})
	readme := string(get(t, dir, readmePath))
	_, rest, _ := strings.Cut(readme, "\nfs() {")
	low, _, found := strings.Cut(rest, "\nwhile read")
	if !found {
		t.Fatal("README has no function low")
	}
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		half := new(big.Int).Rsh(curve.Params().N, 1)
		for s, wants := range map[*big.Int]bool{big.NewInt(1): true, half: true, new(big.Int).Add(half, big.NewInt(1)): false} {
			der, err := asn1.Marshal(struct{ R, S *big.Int }{half, s})
			check(t, err)
			put(t, dir, "sig", der)
			out, err := byHand(t, "dash", dir, "W=.\nfs() {"+low+"\nlow "+curve.Params().Name+" sig")
			if (err == nil) != wants {
				t.Errorf("%s: s %x: %v %s", curve.Params().Name, s, err, out)
			}
		}
	}
	for _, line := range strings.Split(commands(readme), "\n") {
		if len([]rune(line)) > 80 {
			t.Errorf("more than 80 columns: %s", line)
		}
	}
}

// TestReadmeOtherForm changes one signature of a record to its other form.
func TestReadmeOtherForm(t *testing.T) {
	needTools(t)
	dir, _ := makeBundle(t, roomOptions{})
	h := verifyBundle(t, dir, VerifyOptions{}).History
	done := h.Signed("root-x1-cert").Finished.Event
	der, err := base64.StdEncoding.DecodeString(done.Signature)
	check(t, err)
	var sig struct{ R, S *big.Int }
	_, err = asn1.Unmarshal(der, &sig)
	check(t, err)
	sig.S.Sub(elliptic.P384().Params().N, sig.S)
	der, err = asn1.Marshal(sig)
	check(t, err)
	replace(t, dir, JournalPath, done.Signature, base64.StdEncoding.EncodeToString(der))
	out, _ := byHand(t, "dash", dir, sections(string(get(t, dir, readmePath)), "3", "7"))
	for _, want := range []string{fmt.Sprintf("ok: signature %d (root-x1-cert)", done.Operation), fmt.Sprintf("PROBLEM: signature %d does not have the lower s", done.Operation)} {
		if !strings.Contains(out, want) {
			t.Errorf("want %q in\n%s", want, out)
		}
	}
}

// statementBy is a statement about a bundle.
func statementBy(t *testing.T, dir string, declared *approval.Declaration) []byte {
	t.Helper()
	data, err := approval.NewAttestation(approval.Attestation{Manifest: hexDigest(get(t, dir, ManifestPath)), Text: "All was well.", Declaration: declared})
	check(t, err)
	return data
}

// signByHand signs a file of a bundle as a person does.
func signByHand(t *testing.T, dir, name, sig string) {
	t.Helper()
	key := filepath.Join(t.TempDir(), "key")
	for _, args := range [][]string{{"-q", "-t", "ed25519", "-N", "", "-f", key}, {"-q", "-Y", "sign", "-f", key, "-n", "ceremony-review-v1", filepath.Join(dir, name)}} {
		if out, err := exec.Command("ssh-keygen", args...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	if name += ".sig"; name != sig {
		check(t, os.Rename(filepath.Join(dir, name), filepath.Join(dir, sig)))
	}
}

// aKey is the SHA-256 of the public key of a key that the ceremony made.
func aKey(t *testing.T, v *Verdict) string {
	t.Helper()
	for _, r := range v.Records {
		if e, done := r.Event.(event.OperationFinished); done && e.Key != nil && e.Key.SPKI != "" {
			return e.Key.SPKISHA256
		}
	}
	t.Fatal("the ceremony has no key")
	return ""
}

// TestReadmeCommandsRefuseAdded guards an auditor without our program against what is
// added to a bundle beside MANIFEST, and against names that hide it.
func TestReadmeCommandsRefuseAdded(t *testing.T) {
	needTools(t)
	dir, _ := makeBundle(t, roomOptions{})
	readme := string(get(t, dir, readmePath))
	check(t, os.MkdirAll(filepath.Join(dir, "attestations"), 0o755))
	put(t, dir, "attestations/dana.json", statementBy(t, dir, nil))
	signByHand(t, dir, "attestations/dana.json", "attestations/dana.json.sig")
	for _, file := range []string{"plan.json", "scan"} {
		v, err := Verify(dir, VerifyOptions{})
		check(t, err)
		e := Exhibit{File: file, What: file, By: "dana", Added: "2026-12-02T10:00:00Z"}
		if file == "plan.json" { // one belongs to a key
			e.Key = aKey(t, v)
		}
		_, err = Attach(dir, v, e, strings.NewReader(file))
		check(t, errors.Join(err, v.Close()))
	}
	signByHand(t, dir, "evidence-late/001.json", "evidence-late/001.json.dana.sig")
	check(t, os.MkdirAll(filepath.Join(dir, "artifacts/old"), 0o755)) // to verify a notice, too
	for _, shell := range []string{"bash", "dash"} {
		out, err := byHand(t, shell, dir, sections(readme, "2", "9", "10"))
		if err != nil || strings.Contains(out, "PROBLEM") || !strings.Contains(out, "ok: evidence-late/001.json.dana.sig") || !strings.Contains(out, ", not verified") {
			t.Errorf("%s: what is good is refused: %v\n%s", shell, err, out)
		}
		if !strings.Contains(out, "note: there are empty folders") {
			t.Errorf("%s: nothing is said of an empty folder:\n%s", shell, out)
		}
	}
	for name, forge := range addedForgeries {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			forged := filepath.Join(t.TempDir(), "bundle")
			check(t, os.CopyFS(forged, os.DirFS(dir)))
			forge.do(t, forged)
			out, err := byHand(t, "dash", forged, sections(readme, "2", "9", "10"))
			if err == nil || !strings.Contains(out, forge.byHand) || !strings.Contains(out, "NOT CONSISTENT") {
				t.Errorf("want %q: %v\n%s", forge.byHand, err, out)
			}
		})
	}
}

// TestFolderInPlaceOfFile guards readers against a folder that has the name of what somebody
// signs or says: an auditor by hand is told of a problem, and verify tells the same.
func TestFolderInPlaceOfFile(t *testing.T) {
	needTools(t)
	dir, _ := makeBundle(t, roomOptions{})
	readme := string(get(t, dir, readmePath))
	for _, name := range []string{"signatures/MANIFEST.eve.sig", "attestations/eve.json", "attestations/eve.json.sig", "evidence-late/001.json", "evidence-late/old", "artifacts/old"} {
		forged := copyOf(t, dir)
		check(t, os.MkdirAll(filepath.Join(forged, name), 0o755))
		out, byHandSays := byHand(t, "dash", forged, sections(readme, "2", "9", "10"))
		v := verifyBundle(t, forged, VerifyOptions{})
		if problem := strings.Contains(name, "."); v.OK() == problem || (byHandSays == nil) == problem && name != "attestations/eve.json.sig" {
			t.Errorf("%s: OK is %t; by hand: %v\n%s\n%s", name, v.OK(), byHandSays, said(v), out)
		}
	}
}

// TestReadmePrintsPlain puts texts of strangers, which steer a terminal or turn the order
// of characters, wherever the commands print: names of files, statements, exhibits.
func TestReadmePrintsPlain(t *testing.T) {
	needTools(t)
	dir, _ := makeBundle(t, roomOptions{})
	readme, err := os.ReadFile(filepath.Join(dir, readmePath))
	if err != nil {
		t.Fatal(err)
	}
	const evil = "\x1b]0;a\x07\u202e\u009b2J"
	name := strings.ReplaceAll(evil, "/", "")
	for _, folder := range []string{"signatures", "attestations", "evidence-late"} {
		check(t, os.MkdirAll(filepath.Join(dir, folder), 0o755))
	}
	put(t, dir, "artifacts/"+name+".der", []byte("x"))
	put(t, dir, "signatures/MANIFEST."+name+".sig", []byte(evil))
	put(t, dir, "attestations/eve.json", []byte(`{"verdict": "agree", "text": "`+"\u202e\u009b2J\\u001b[2J"+`"}`))
	put(t, dir, "attestations/eve.json.sig", []byte(evil))
	put(t, dir, "evidence-late/001.json", []byte(`{"file": "\u001b[2J`+"\u202e"+`", "external": true, "manifest_sha256": "x"}`))
	put(t, dir, "evidence-late/002.json", []byte(`{"file": "`+evil+`"`))
	for _, shell := range []string{"bash", "dash"} {
		out, _ := byHand(t, shell, dir, commands(string(readme)))
		for _, c := range []byte(out) {
			if c != '\n' && (c < ' ' || c > '~') {
				t.Errorf("%s prints the byte 0x%02x:\n%q", shell, c, out)
				break
			}
		}
		for _, want := range []string{"PROBLEM: signatures/MANIFEST.?]0;a?", "are missing or added", "PROBLEM: evidence-late/001.json", "NOT CONSISTENT", "u202e"} {
			if !strings.Contains(out, want) {
				t.Errorf("%s: %q is not in\n%s", shell, want, out)
			}
		}
	}
}

// TestReadmeReadsOnlyTheBundle guards an auditor without our program against a record that
// has the commands read a file elsewhere: what a journal
// or an exhibit names is looked at before it is read.
func TestReadmeReadsOnlyTheBundle(t *testing.T) {
	needTools(t)
	dir, _ := makeBundle(t, roomOptions{})
	readme := string(get(t, dir, readmePath))
	v, err := Verify(dir, VerifyOptions{})
	check(t, err)
	_, err = Attach(dir, v, Exhibit{File: "scan", What: "scan", By: "dana", Added: "2026-12-02T10:00:00Z"}, strings.NewReader("scan"))
	check(t, errors.Join(err, v.Close()))
	for name, forge := range map[string]struct {
		file, old, new, wants string
		sections              []string
	}{
		"a path of an artifact above": {JournalPath, `"path":"artifacts/`, `"path":"artifacts/../../`, "the journal names other files", []string{"2", "6", "8"}},
		"an absolute path":            {JournalPath, `"path":"artifacts/`, `"path":"OUTSIDE/artifacts/`, "the journal names other files", []string{"2", "6", "8"}},
		"a path of two lines":         {JournalPath, `"path":"artifacts/`, `"path":"artifacts/x\n../artifacts/`, "the journal names other files", []string{"2", "6", "8"}},
		"a report of lint above":      {JournalPath, `"file":"lint/`, `"file":"lint/../../`, "the journal names other files", []string{"2", "6"}},
		"signed bytes elsewhere":      {JournalPath, `"tbs":"`, `"tbs_file":"OUTSIDE","tbsx":"`, "the journal names other files", []string{"2", "6", "7"}},
		"an exhibit above":            {"evidence-late/001.json", `"file":"scan"`, `"file":"x/../../../outside"`, "evidence-late/001.json does not follow", []string{"9", "10"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			above := t.TempDir()
			forged := filepath.Join(above, "bundle")
			check(t, os.CopyFS(forged, os.DirFS(dir)))
			outside := filepath.Join(above, "outside")
			check(t, os.MkdirAll(filepath.Join(forged, "evidence-late/001-x"), 0o755))
			put(t, above, "outside", []byte("SECRET"))
			replace(t, forged, forge.file, forge.old, strings.ReplaceAll(forge.new, "OUTSIDE", outside))
			script := strings.ReplaceAll(sections(readme, forge.sections...), "rm -r \"$W\"", "grep -rl SECRET \"$W\"; rm -r \"$W\"")
			out, err := byHand(t, "dash", forged, script)
			if err == nil || !strings.Contains(out, forge.wants) {
				t.Errorf("want %q: %v\n%s", forge.wants, err, out)
			}
			if strings.Contains(out, "/tbs\n") || strings.Contains(out, "PROBLEM: evidence-late/001-x") {
				t.Errorf("a file elsewhere was read:\n%s", out)
			}
		})
	}
}
