// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

const commandsPage = "../../../docs/commands.md"

// TestCommandsPage keeps docs/commands.md equal to the help texts.
func TestCommandsPage(t *testing.T) {
	var page bytes.Buffer
	page.WriteString("# Commands\n\n" +
		"This page is what `--help` shows, written by `go test ./cmd/internal/cli -update`.\n")
	eachCommand(newRootCommand(deps{}), func(cmd *cobra.Command) {
		fmt.Fprintf(&page, "\n## %s\n\n```\n%s```\n", cmd.CommandPath(), helpText(t, cmd))
	})
	if *update {
		if err := os.WriteFile(commandsPage, page.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(commandsPage)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), page.String()); diff != "" {
		t.Errorf("docs/commands.md is old; run with -update (-page +help):\n%s", diff)
	}
}

// TestFlags reads the help of every command as a person would.
func TestFlags(t *testing.T) {
	eachCommand(newRootCommand(deps{}), func(cmd *cobra.Command) {
		t.Run(cmd.CommandPath(), func(t *testing.T) {
			var out, errs bytes.Buffer
			args := append(strings.Fields(cmd.CommandPath())[1:], "--help")
			// A shorthand given twice makes pflag panic here.
			if status := Run(t.Context(), args, Stdio{Out: &out, Err: &errs}); status != exitDone {
				t.Fatalf("exit status %d: %s", status, &errs)
			}
			for _, want := range []string{"Usage:", "Examples:\n  ceremony ", exitHelp} {
				if !strings.Contains(out.String(), want) {
					t.Errorf("help says nothing of %q", want)
				}
			}
			for line := range strings.Lines(out.String()) {
				if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > 80 {
					t.Errorf("a line of %d columns: %s", n, line)
				}
			}
			if cmd.Args == nil {
				t.Error("arguments are not checked")
			}
		})
	})
}

// TestExamplesParse gives every example of a help text to the command tree.
func TestExamplesParse(t *testing.T) {
	eachCommand(newRootCommand(deps{}), func(cmd *cobra.Command) {
		for line := range strings.Lines(cmd.Example) {
			words := strings.Fields(line)
			if len(words) == 0 || words[0] != "ceremony" {
				t.Errorf("%s: an example that is no command: %q", cmd.CommandPath(), line)
				continue
			}
			words = cutAt(words[1:], "<", ">", "|")
			found, rest, err := newRootCommand(deps{}).Find(words)
			if err != nil {
				t.Errorf("%q: %v", line, err)
				continue
			}
			if err := found.ParseFlags(rest); err != nil {
				t.Errorf("%q: %v", line, err)
			}
			if err := found.ValidateArgs(found.Flags().Args()); err != nil {
				t.Errorf("%q: %v", line, err)
			}
		}
	})
}

// cutAt returns the words before the first of some words.
func cutAt(words []string, at ...string) []string {
	if i := slices.IndexFunc(words, func(w string) bool { return slices.Contains(at, w) }); i >= 0 {
		return words[:i]
	}
	return words
}

func eachCommand(cmd *cobra.Command, f func(*cobra.Command)) {
	if cmd.Hidden {
		return
	}
	f(cmd)
	for _, sub := range cmd.Commands() {
		eachCommand(sub, f)
	}
}

func helpText(t *testing.T, cmd *cobra.Command) string {
	t.Helper()
	var out bytes.Buffer
	cmd.SetOut(&out)
	if err := cmd.Help(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
