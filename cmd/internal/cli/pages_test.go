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

// TestPages runs every command of how-to pages unchanged: the page is
// the test.
func TestPages(t *testing.T) {
	examples, err := filepath.Abs("../../../examples")
	if err != nil {
		t.Fatal(err)
	}
	for page, c := range map[string]struct {
		fewest int
		says   []string
	}{
		"approvals.md": {15, []string{"plan  APPROVED\n", `Good "ceremony-plan-approval-v1" signature for alice@example-trust`}},
		"audit.md":     {12, []string{"\nVALID\n", "root-x1\t6\n", "sha256 Fingerprint="}},
	} {
		t.Run(page, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), "sh", "-eux", "-c", pageScript(t, page, c.fewest))
			cmd.Dir = t.TempDir()
			cmd.Env = append(os.Environ(), "EXAMPLES="+examples)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for _, want := range c.says {
				if !strings.Contains(string(out), want) {
					t.Errorf("%q is missing in\n%s", want, out)
				}
			}
		})
	}
}
