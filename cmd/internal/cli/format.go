// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/spf13/cobra"

	"rootceremony/internal/source"
	"rootceremony/internal/unseen"
)

// choice is a flag that takes one of a few words.
type choice struct {
	value   string
	allowed []string
}

// newChoice returns a choice whose first word is the default.
func newChoice(allowed ...string) choice {
	return choice{value: allowed[0], allowed: allowed}
}

// String returns the word.
func (c *choice) String() string { return c.value }

// Set takes one of the allowed words.
func (c *choice) Set(s string) error {
	if !slices.Contains(c.allowed, s) {
		return errors.New("must be one of: " + source.Among(s, c.allowed))
	}
	c.value = s
	return nil
}

// Type is what help texts call the value.
func (c *choice) Type() string { return strings.Join(c.allowed, "|") }

// addFlag adds the choice to a command, with completion.
func (c *choice) addFlag(cmd *cobra.Command, name, help string) {
	cmd.Flags().Var(c, name, help)
	must(cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(c.allowed, cobra.ShellCompDirectiveNoFileComp)))
}

// addFormat adds --format with text as the default.
func addFormat(cmd *cobra.Command, c *choice) {
	*c = newChoice("text", "json")
	c.addFlag(cmd, "format", "format of the output")
}

// once is a flag that is given once, and not empty: an empty one is most often a variable
// of a shell that was not set, and of two of them one would not be compared.
type once string

// String returns the value.
func (o *once) String() string { return string(*o) }

// Set takes the value.
func (o *once) Set(s string) error {
	switch {
	case s == "":
		return errEmptyFlag
	case *o != "":
		return errors.New("it was given twice")
	}
	*o = once(s)
	return nil
}

var errEmptyFlag = errors.New("it is empty; was a variable of the shell not set?")

// Type is what help texts call the value where they do not say it.
func (o *once) Type() string { return "string" }

// addOnce adds a flag that is given once, and not empty.
func addOnce(cmd *cobra.Command, value *string, name, help string) {
	cmd.Flags().Var((*once)(value), name, help)
}

// each is a flag that may be repeated, and is not empty, as once is not.
type each []string

// String returns the values.
func (e *each) String() string { return strings.Join(*e, ",") }

// Set takes one more value.
func (e *each) Set(s string) error {
	if s == "" {
		return errEmptyFlag
	}
	*e = append(*e, s)
	return nil
}

// Type is what help texts call the value where they do not say it.
func (e *each) Type() string { return "string" }

// addEach adds a flag that may be repeated, and is not empty.
func addEach(cmd *cobra.Command, values *[]string, name, help string) {
	cmd.Flags().Var((*each)(values), name, help)
}

// addFile adds a flag that names a file.
func addFile(cmd *cobra.Command, value *string, name, help string, extensions ...string) {
	addOnce(cmd, value, name, help)
	must(cmd.MarkFlagFilename(name, extensions...))
}

// addFolder adds a flag that names a folder.
func addFolder(cmd *cobra.Command, value *string, name, help string) {
	cmd.Flags().StringVar(value, name, "", help)
	must(cmd.MarkFlagDirname(name))
}

// completeFiles offers files with these extensions for the arguments.
func completeFiles(extensions ...string) cobra.CompletionFunc {
	return cobra.FixedCompletions(extensions, cobra.ShellCompDirectiveFilterFileExt)
}

// completeFolders offers folders for the arguments.
func completeFolders() cobra.CompletionFunc {
	return cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs)
}

func must(err error) {
	if err != nil {
		panic("internal error: " + err.Error())
	}
}

// writeJSON writes v as indented JSON with a final newline. Texts of others steer no screen:
// what is unseen is an escape, which programs read as the same text.
func writeJSON(w io.Writer, v any) error {
	var out strings.Builder
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	if _, err := io.WriteString(w, escapeUnseen(out.String())); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	return nil
}

// escapeUnseen escapes in JSON what encoding/json leaves as it is: DEL, and the unseen
// characters beyond ASCII, which are in texts only (RFC 8259 7).
func escapeUnseen(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < ' ' || !unseen.Is(r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// writeNames lists names, each with a line about it, in two columns.
func writeNames(w io.Writer, rows [][2]string) {
	width := 0
	for _, r := range rows {
		width = max(width, len(r[0]))
	}
	for _, r := range rows {
		fmt.Fprintf(w, "%-*s  %s\n", width, r[0], r[1])
	}
}
