// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/internal/term"
	"rootceremony/internal/unseen"
	"rootceremony/lint/format"
)

// TestAnswerOfHostileBundle guards who reads a verdict on a screen: a text of the bundle
// makes no line of its own, and hides none.
func TestAnswerOfHostileBundle(t *testing.T) {
	const text = "scan\n\nVALID\n\x1b[8m\u202e"
	var out strings.Builder
	writeAnswer(&out, answer{Title: text, Ceremony: text, Verdict: verdictInvalid, Doubtful: []string{text}, Approval: text, Anchored: []string{text},
		Notices: []string{text}, Incomplete: []string{text}, Problems: []bundleProblem{{text, text}}, Departing: []departing{{Text: text, AcceptedBy: []string{text}}},
		Deviations: []deviation{{1, text, text, text, text, []string{text}}}})
	showError(&out, errors.New("reading "+text))
	long := "  ceremony resume " + strings.Repeat("folder/", 20) + " --site site.yaml\n"
	broken := strings.NewReplacer("resume ", "resume \\\n", " --site", " \\\n    --site").Replace(long) // a path stays whole
	if got := fitted("ceremony: error: "+strings.Repeat("word ", 30)+"\n"+long, 80); term.Columns(strings.Replace(got, broken, "", 1)) > 80 || !strings.Contains(got, broken) {
		t.Errorf("at 80 columns:\n%s", got)
	}
	shown := out.String()
	if r, found := unseen.In(strings.ReplaceAll(shown, "\ufffd", "?")); found {
		t.Errorf("the screen gets %U", r)
	}
	if before, _, _ := strings.Cut(shown, "\nceremony: error"); strings.Contains(before, "\nVALID\n") || !strings.HasSuffix(before, "\nINVALID") {
		t.Errorf("the verdict reads:\n%s", before)
	}
}

// TestJSONOfHostileBundle guards who has the same verdict as JSON on a screen: its texts
// steer nothing there, and a program reads them as they are.
func TestJSONOfHostileBundle(t *testing.T) {
	const text = "scan\n\x1b[8m\x7f\u009b8m\u202e\u2066\U000e0041<&>ë"
	var out strings.Builder
	if err := writeJSON(&out, answer{Title: text, Statements: []statement{{Text: text}}, Exhibits: []exhibit{{What: text}}, Problems: []bundleProblem{{text, text}}}); err != nil {
		t.Fatal(err)
	}
	if r, found := unseen.In(strings.ReplaceAll(out.String(), "\n", "")); found {
		t.Errorf("the screen gets %U", r)
	}
	var again answer
	if err := json.Unmarshal([]byte(out.String()), &again); err != nil || again.Title != text || again.Problems[0].What != text || again.Exhibits[0].What != text {
		t.Errorf("read again: %v, %+q", err, again.Title)
	}
}

// Findings and notes fit the terminal, and stay on a line each for programs.
func TestLintFitsTheScreen(t *testing.T) {
	r := &format.Report{Notes: []string{strings.Repeat("word ", 30)}}
	for _, width := range []int{80, 0} {
		var out strings.Builder
		if err := writeLint(&out, width, "text", r); err != nil {
			t.Fatal(err)
		}
		if fits := term.Columns(out.String()) <= 80; fits != (width == 80) {
			t.Errorf("at %d columns:\n%s", width, out.String())
		}
	}
}

// TestShippedBundles guards who learns from the examples: verify compares all that is in
// them. Each change of a rule makes their lint results those of another linter, and then
// verify says that it did not compare them; that is true and no fault. To make all bundles
// again with each such change would bury it under a hundred files, so it is asked for
// before a release.
func TestShippedBundles(t *testing.T) {
	bundles, err := filepath.Glob("../../../examples/bundles/*/MANIFEST")
	if err != nil || len(bundles) == 0 {
		t.Fatal(bundles, err)
	}
	for _, manifest := range bundles {
		status, out := command(t, nil, "verify", filepath.Dir(manifest), "--unanchored")
		stale := strings.Contains(strings.Join(strings.Fields(out), " "), "were not compared")
		switch {
		case status != exitDone:
			t.Errorf("%s: %s", manifest, out)
		case stale && os.Getenv("CEREMONY_EXAMPLES") == "today":
			t.Errorf("%s was made with other rules: make golden", manifest)
		case stale:
			t.Log(manifest, "was made with other rules")
		}
	}
}
