// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/term/termtest"
	"rootceremony/transcripts"
)

// TestShow guards people who want to see all of an object before they confirm it: SHOW
// prints what is in its bytes, asks again, and is no event.
func TestShow(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o := fastRun(t, p)
	digest := ""
	people := termtest.NewScript(80).On("MORE", termtest.Reply("")).
		Once("the first four digits, or SHOW", func(screen, _ string) string {
			digest = shownDigest(screen)
			return "SHOW"
		}).
		Once("the first four digits, or SHOW", func(string, string) string { return digest[:4] }).
		Once("the next four digits, or SHOW", termtest.Reply("SHOW")).
		Once("the next four digits, or SHOW", func(string, string) string { return digest[4:8] }).
		Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)))
	o.People = Asked{Terminal: people}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	screen := people.Screen()
	for _, want := range []string{"CN=Fast Root", "basicConstraints", "keyUsage", "subjectKeyIdentifier"} {
		if n := strings.Count(screen, want); n < 2 {
			t.Errorf("%q is on the screen %d times, want the card and what SHOW prints", want, n)
		}
	}
	shown := strings.SplitAfter(screen, "SHOW: SHOW\n")[1:]
	if len(shown) != 2 {
		t.Errorf("SHOW was typed %d times, want 2", len(shown))
	}
	for _, part := range shown { // the digest is under it again
		asked, _, _ := strings.Cut(part, "four digits, or SHOW: ")
		if !strings.Contains(asked, "SHA-256 of the bytes to be signed:") {
			t.Errorf("the digest is not on the screen any more:\n%s", asked)
		}
	}
	if strings.Contains(string(read(t, o.Bundle, transcripts.JournalPath)), "SHOW") {
		t.Error("SHOW is in the record")
	}
	mustVerify(t, o.Bundle, len(p.Plan.Artifacts))
}
