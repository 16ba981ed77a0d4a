// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rootceremony/lint"
)

// pageScript gives the commands of a page, in the order in which they are there.
func pageScript(t *testing.T, page string, fewest int) string {
	t.Helper()
	text, err := os.ReadFile("../../../docs/how-to/" + page)
	if err != nil {
		t.Fatal(err)
	}
	var script strings.Builder
	for _, block := range regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		script.WriteString(block[1])
	}
	if n := strings.Count(script.String(), "\n"); n < fewest {
		t.Fatalf("%s: only %d commands were found", page, n)
	}
	return script.String()
}

// pageBlocks gives the lines of all blocks of a page that no shell reads.
func pageBlocks(t *testing.T, page string) (lines []string) {
	t.Helper()
	text, err := os.ReadFile("../../../docs/how-to/" + page)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		if block[1] == "" {
			lines = append(lines, strings.Split(strings.TrimSpace(block[2]), "\n")...)
		}
	}
	return lines
}

// TestPagesParse gives every command of a block in any page to the command tree:
// the pages that no test follows can at least not name what is not there.
func TestPagesParse(t *testing.T) {
	pages, err := filepath.Glob("../../../docs/*/*.md")
	if err != nil {
		t.Fatal(err)
	}
	top, err := filepath.Glob("../../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, name := range append(append(pages, top...), "../../../README.md") {
		if filepath.Base(name) == "commands.md" {
			continue // help texts, of which TestExamplesParse reads the examples
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range regexp.MustCompile("(?ms)^```.*?^```$").FindAllString(string(text), -1) {
			for _, line := range regexp.MustCompile(`(?m)^ *(ceremony [a-z].*)$`).FindAllStringSubmatch(block, -1) {
				parses(t, regexp.MustCompile(` (>|\||\|\||&&|<) .*$`).ReplaceAllString(line[1], ""))
				n++
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d commands were found", n)
	}
}

// TestNothingIsPromised guards against pages and reasons that name a command
// which is not there.
func TestNothingIsPromised(t *testing.T) {
	planned := regexp.MustCompile(`\b(deliver|preflight|convert|history)\b`)
	commands := names(newRootCommand(deps{}))
	there := func(word string) bool { return slices.Contains(commands, word) }
	for _, r := range lint.Unenforced() {
		for _, word := range planned.FindAllString(r.Why, -1) {
			if !there(word) {
				t.Errorf("%s: %q: there is no %s", r.ID, r.Why, word)
			}
		}
	}
	pages, err := filepath.Glob("../../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	guides, err := filepath.Glob("../../../docs/how-to/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(append(pages, guides...), "../../../README.md", "../../../CONTRIBUTING.md") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile("`ceremony\\s+([a-z-]+)").FindAllStringSubmatch(string(text), -1) {
			if !there(m[1]) {
				t.Errorf("%s: there is no command %q", name, m[1])
			}
		}
	}
}

// TestPages runs every command of how-to pages unchanged, each page in a folder of its
// own, and holds the screens and files that a page shows to what its commands print.
func TestPages(t *testing.T) {
	examples, err := filepath.Abs("../../../examples")
	if err != nil {
		t.Fatal(err)
	}
	for page, c := range map[string]struct {
		fewest int
		says   []string
	}{
		"approvals.md":      {15, []string{"plan  APPROVED\n", `Good "ceremony-plan-approval-v1" signature for alice@example-trust`}},
		"audit.md":          {12, []string{"\nVALID\n", "root-x1\t6\n", "sha256 Fingerprint="}},
		"cross-sign.md":     {15, []string{"\nVALID\n", "69:72:9B:8E:15:A8:6E:FC"}},
		"revoke.md":         {20, []string{"\nVALID\n"}},
		"sign-a-request.md": {20, []string{"\nVALID\n", "REHEARSAL-devices-cert.pem: OK\n"}},
		"yearly-status.md":  {12, []string{"nextUpdate=Nov  8 08:59:59 2027 GMT\n", "\nVALID\n"}},
	} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), "sh", "-eu", "-c", pageScript(t, page, c.fewest))
			cmd.Dir = t.TempDir()
			cmd.Env = append(os.Environ(), "EXAMPLES="+examples, "SOURCE="+filepath.Dir(examples))
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, want := range c.says {
				if !strings.Contains(string(out), want) {
					t.Errorf("%q is missing in\n%s", want, out)
				}
			}
			holdShown(t, page, string(out))
		})
	}
}

// holdShown looks for what a page shows of screens (text) and files (yaml) in what its
// commands printed. A line of three dots is where a page leaves lines out; in a screen "…" is
// a word that differs each time, and lines may be broken elsewhere.
func holdShown(t *testing.T, page, printed string) {
	t.Helper()
	text, err := os.ReadFile("../../../docs/how-to/" + page)
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range regexp.MustCompile("(?ms)^```(text|yaml)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		for _, part := range strings.Split(block[2], "...\n") {
			shown := strings.Contains(printed, part)
			if block[1] == "text" {
				words := strings.ReplaceAll(regexp.QuoteMeta(strings.Join(strings.Fields(part), " ")), "…", `\S+`)
				shown = regexp.MustCompile(words).MatchString(strings.Join(strings.Fields(printed), " "))
			}
			if part == "" || !shown {
				t.Errorf("%s: the commands do not print what the page shows:\n%s\nbut\n%s", page, part, printed)
			}
		}
	}
}

// TestEveryPageIsTyped names the page whose commands no test types, or that the README
// does not link.
func TestEveryPageIsTyped(t *testing.T) {
	tests, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range tests {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	pages, err := filepath.Glob("../../../docs/how-to/*.md")
	if err != nil || len(pages) < 6 {
		t.Fatal(pages, err)
	}
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		name := filepath.Base(page)
		if !strings.Contains(string(readme), "(docs/how-to/"+name+")") {
			t.Errorf("%s: the README does not link it", name)
		}
		if !strings.Contains(all.String(), `"`+name+`"`) {
			t.Errorf("%s: no test types its commands: add a line to TestPages", name)
		}
	}
}
