// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rootceremony/internal/term/termtest"
)

// sheet is the printed script of one person: the last head written on it.
type sheet struct{ size, words string }

var headShown = regexp.MustCompile(`(?s)Head of the record over (\d+) events.*?:\n(.*?)\n\s+[a-z]+ \(`)

// on lets people keep the sheet, and answer what is particular to a day first.
func (s *sheet) on(day string, people *termtest.Script) *termtest.Script {
	return people.
		On("Time now", termtest.Reply(day)).
		On("type done", func(screen, _ string) string {
			if m := headShown.FindStringSubmatch(screen); m != nil {
				s.size, s.words = m[1], strings.Join(strings.Fields(m[2]), " ")
			}
			return "done"
		}).
		On("How many events", func(string, string) string { return s.size }).
		On("Its sixteen words", func(string, string) string { return s.words })
}

// TestTwoDays guards a ceremony in which much goes otherwise than planned, with
// every command that people would type: a witness leaves, the night passes, the
// plan is amended, a key is made anew, and a scan comes late.
func TestTwoDays(t *testing.T) {
	r := newRoomOf(t, "two-days-2026")
	paper := &sheet{}
	do := func(want int, says string, people *termtest.Script, args ...string) string {
		t.Helper()
		if people != nil {
			people = attentive(people.On("-digest)", r.laptop))
		}
		status, output := command(t, people, args...)
		if people != nil {
			output += people.Screen()
		}
		if status != want || !strings.Contains(output, says) {
			t.Fatalf("ceremony %s: exit status %d, want %d and %q:\n%s", strings.Join(args, " "), status, want, says, output)
		}
		return output
	}

	first := paper.on("2026-12-01T09:00:00Z", termtest.NewScript(80).
		Once("bag-a (text)", termtest.Reply("LEAVE")).On("Who leaves", termtest.Reply("bob")).
		Once("Type ARRIVE when", termtest.Reply("ARRIVE")).On("Who arrives", termtest.Reply("carol")))
	do(exitDone, "next      ceremony resume "+r.bundle, first, "run", r.file, "--plan", r.plan, "--site", r.site, "--bundle", r.bundle)

	amended, plan2 := filepath.Join(r.folder, "amended.yaml"), filepath.Join(r.folder, "plan-2")
	do(exitDone, "+ artifacts[root-crl-1].id: root-crl-1", nil, "amend", r.bundle, amended, "--check")
	do(exitDone, "step 11 \"root-crl-1\" is new\n", nil, "amend", r.bundle, amended, "--check")
	do(exitDone, `"text": "step 11 \"root-crl-1\" is new"`, nil, "amend", r.bundle, amended, "--check", "--format", "json")
	do(exitUsage, "add --check", nil, "amend", r.bundle, amended, "--format", "json")
	do(exitDone, "", nil, "plan", amended, "--site", r.site, "--out", plan2)
	second := paper.on("2026-12-02T09:00:00Z", termtest.NewScript(80).
		On("Continue under amendment 1", termtest.Reply("amend")).
		Once("first four digits", termtest.Reply("STOP")).On("second person", termtest.Reply("STOP")))
	do(exitStopped, "Amendment 1", second, "amend", r.bundle, amended, "--plan", plan2, "--site", r.site)

	do(exitFailed, "root-cert is issued and delivered", paper.on("2026-12-02T10:00:00Z", termtest.NewScript(80)),
		"redo", r.bundle, "6", "--site", r.site)
	third := paper.on("2026-12-02T11:00:00Z", termtest.NewScript(80).
		On("What was expected of step 9", termtest.Reply("the key is made while the door is closed")).
		On("What happened instead", termtest.Reply("the door was open")).
		On("Why the step is repeated", termtest.Reply("the door is closed now")).
		On("again or stop", termtest.Reply("again")).On("destroy or park", termtest.Reply("destroy")))
	do(exitDone, "Generate key ca-1", third, "redo", r.bundle, "9", "--site", r.site)

	all := digestShown.FindAllString(third.Screen(), -1)
	manifest := all[len(all)-1]
	scan := filepath.Join(r.folder, "script-scan.txt")
	if err := os.WriteFile(scan, []byte("The signed script, as it was scanned.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	do(exitDone, "", nil, "attach", r.bundle, scan, "--what", "scan of the signed script", "--by", "dana", "--step", "11")
	do(exitDone, "exhibit     1: scan of the signed script, added by dana, for step 11", nil, "verify", r.bundle, "--manifest", manifest)
	do(exitDone, "", nil, "report", r.bundle, "--manifest", manifest, "--out", filepath.Join(r.folder, "report.html"))
	noPINBelow(t, r.bundle)
}
