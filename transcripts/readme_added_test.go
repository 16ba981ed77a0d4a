// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/internal/approval"
	"rootceremony/transcripts/event"
)

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
		replace(t, dir, "evidence-late/002.json", `"added":"2026-12-02T10:`, `"added":"2026-12-01T00:`)
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
