// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"strings"
	"testing"

	"rootceremony/internal/term"
	"rootceremony/internal/unseen"
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
