// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
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
			people = attentive(people.On("-digest", r.laptop))
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

	page := &pageLines{t: t, all: pageBlocks(t, "when-things-go-otherwise.md"), words: map[string]string{
		"bundle": r.bundle, "site.yaml": r.site, "amended.yaml": filepath.Join(r.folder, "amended.yaml"),
		"plan-2": filepath.Join(r.folder, "plan-2"), "script-scan.txt": filepath.Join(r.folder, "script-scan.txt"),
	}}
	first := paper.on("2026-12-01T09:00:00Z", termtest.NewScript(80).
		Once("bag-a (text)", termtest.Reply("LEAVE")).On("Who leaves", termtest.Reply("bob")).
		Once("Type ARRIVE when", termtest.Reply("ARRIVE")).On("Who arrives", termtest.Reply("carol")))
	do(exitDone, "next      ceremony resume "+r.bundle, first, "run", r.file, "--plan", r.plan, "--site", r.site, "--bundle", r.bundle)

	do(exitDone, "ceremony resume "+r.bundle, nil, "plan", r.file)
	amended := page.words["amended.yaml"]
	check := page.line("ceremony amend bundle amended.yaml --check")
	do(exitDone, "+ artifacts[root-crl-1].id: root-crl-1", nil, check...)
	do(exitDone, "step 11 \"root-crl-1\" is new\n", nil, check...)
	do(exitDone, "next      ceremony plan "+amended, nil, check...)
	do(exitDone, `"text": "step 11 \"root-crl-1\" is new"`, nil, "amend", r.bundle, amended, "--check", "--format", "json")
	do(exitUsage, "add --check", nil, "amend", r.bundle, amended, "--format", "json")
	planned := do(exitDone, "continue the ceremony that was begun", nil, page.line("ceremony plan amended.yaml --site site.yaml --out plan-2")...)
	if strings.Contains(planned, "ceremony run") || !strings.Contains(planned, "ceremony amend") {
		t.Errorf("a plan that amends a ceremony is followed by a second ceremony:\n%s", planned)
	}
	second := paper.on("2026-12-02T09:00:00Z", termtest.NewScript(80).
		On("Continue under amendment 1", termtest.Reply("amend")).
		Once("first four digits", termtest.Reply("STOP")).On("second person", termtest.Reply("STOP")))
	do(exitStopped, "Amendment 1", second, page.line("ceremony amend bundle amended.yaml --plan plan-2 --site site.yaml")...)

	do(exitDone, "ceremony resume "+r.bundle, nil, "plan", amended)
	stopped := paper.on("2026-12-02T09:30:00Z", termtest.NewScript(80).
		Once("first four digits", termtest.Reply("STOP")).On("second person", termtest.Reply("STOP")))
	do(exitStopped, "ANOTHER SERIAL NUMBER", stopped, page.line("ceremony resume bundle --site site.yaml")...)
	given := filepath.Join(r.folder, "given-up")
	if err := os.CopyFS(given, os.DirFS(r.bundle)); err != nil {
		t.Fatal(err)
	}
	copied := *paper
	up := copied.on("2026-12-02T09:45:00Z", termtest.NewScript(80).On("Why", termtest.Reply("the room floods")).On("abandon", termtest.Reply("abandon")))
	page.words["bundle"] = given
	do(exitDone, "End this ceremony permanently", up, page.line("ceremony resume bundle --site site.yaml --abandon")...)
	page.words["bundle"] = r.bundle

	do(exitFailed, "root-cert is issued and delivered", paper.on("2026-12-02T10:00:00Z", termtest.NewScript(80)),
		"redo", r.bundle, "6", "--site", r.site)
	third := paper.on("2026-12-02T11:00:00Z", termtest.NewScript(80).
		On("What was expected of step 9", termtest.Reply("the key is made while the door is closed")).
		On("What happened instead", termtest.Reply("the door was open")).
		On("Why the step is repeated", termtest.Reply("the door is closed now")).
		On("again or stop", termtest.Reply("again")).On("destroy or park", termtest.Reply("destroy")))
	do(exitDone, "Generate key ca-1", third, page.line("ceremony redo bundle 9 --site site.yaml")...)

	all := digestShown.FindAllString(third.Screen(), -1)
	manifest := all[len(all)-1]
	if err := os.WriteFile(page.words["script-scan.txt"], []byte("The signed script, as it was scanned.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	do(exitDone, "", nil, page.line("ceremony attach bundle script-scan.txt --what 'scan of the signed script' --by dana --step 11")...)
	do(exitDone, "exhibit     1: scan of the signed script, added by dana, for step 11", nil, "verify", r.bundle, "--manifest", manifest)
	do(exitDone, "", nil, "report", r.bundle, "--manifest", manifest, "--out", filepath.Join(r.folder, "report.html"))
	noPINBelow(t, r.bundle)
	for _, line := range page.all {
		if !slices.Contains(page.typed, line) {
			t.Errorf("the page has %q, and nobody types it here", line)
		}
	}
}

// pageLines are the commands of a page that a test types in the order of an accident.
type pageLines struct {
	t          *testing.T
	all, typed []string
	words      map[string]string // what a word of the page is here
}

// line gives the words of a command, which the page must have.
func (p *pageLines) line(text string) []string {
	p.t.Helper()
	if !slices.Contains(p.all, text) {
		p.t.Fatalf("the page has no line %q, but %q", text, p.all)
	}
	p.typed = append(p.typed, text)
	args := typed(p.t, text)
	for i, word := range args {
		if is := p.words[word]; is != "" {
			args[i] = is
		}
	}
	return args
}
