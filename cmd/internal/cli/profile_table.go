// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"rootceremony/profiles"
	"rootceremony/profiles/table"
)

// profileTableOptions are the flags of "profile table".
type profileTableOptions struct {
	Format choice
}

// addFlags adds the flags to the command.
func (o *profileTableOptions) addFlags(cmd *cobra.Command) {
	o.Format = newChoice("markdown", "html")
	o.Format.addFlag(cmd, "format", "format of the output")
}

func newProfileTableCommand(deps deps) *cobra.Command {
	var opts profileTableOptions
	cmd := &cobra.Command{
		Use:   "table NAME|FILE",
		Short: "Write a profile as a table for a CP or CPS",
		Long: `Write a profile as a table for a CP or CPS: each field, its content, whether it
is critical, and the sections that require it. NAME is a built-in profile.`,
		Example: `  ceremony profile table profiles/root.yaml
  ceremony profile table tls-issuing-ca --format html`,
		Args:              exactly("NAME|FILE"),
		ValidArgsFunction: completeProfiles,
		RunE: func(_ *cobra.Command, args []string) error {
			return runProfileTable(opts, args[0], deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func runProfileTable(opts profileTableOptions, name string, deps deps) error {
	p, err := namedProfile(name)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if opts.Format.value == "html" {
		htmlTable(&out, p)
	} else {
		markdownTable(&out, p)
	}
	_, err = deps.Out.Write(out.Bytes())
	return err
}

// aboutProfile gives the lines above the table.
func aboutProfile(p profiles.Profile) [][2]string {
	h := p.Head()
	out := [][2]string{{"kind", string(h.Kind)}}
	for _, row := range [][2]string{
		{"intent", string(h.Purpose.Intent)}, {"hierarchy of the subject", string(h.Purpose.SubjectHierarchy)},
		{"scope of the root", joined(h.Purpose.Scope)}, {"root included", h.Purpose.Included}, {"OCSP", h.Purpose.OCSP}, {"checked against", strings.Join(h.Purpose.Rules, ", ")}, {"implements", h.Purpose.Implements},
	} {
		if row[1] != "" {
			out = append(out, row)
		}
	}
	return append(out, [2]string{"SHA-256 of the profile", fmt.Sprintf("%x", h.SHA256)})
}

// joined lists words.
func joined[T ~string](words []T) string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return strings.Join(out, ", ")
}

var tableHead = []string{"field", "content", "critical", "source"}

func markdownTable(w io.Writer, p profiles.Profile) {
	fmt.Fprintf(w, "### %s\n\n", markdownCell(p.Head().Name))
	for _, row := range aboutProfile(p) {
		fmt.Fprintf(w, "- %s: %s\n", row[0], markdownCell(row[1]))
	}
	fmt.Fprintln(w)
	markdownRow(w, tableHead...)
	markdownRow(w, "---", "---", "---", "---")
	for _, r := range table.Of(p) {
		markdownRow(w, markdownCell(r.Field), markdownCell(r.Content), markdownCell(r.Critical), markdownCell(r.Source))
	}
}

func markdownRow(w io.Writer, cells ...string) {
	fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | "))
}

// markdownCell keeps a text within its cell, and what looks like a mark or a
// tag from being one.
func markdownCell(s string) string {
	return strings.NewReplacer("\n", " ", "|", "\\|", "<", "&lt;", "*", "\\*", "_", "\\_", "`", "\\`").Replace(s)
}

func htmlTable(w io.Writer, p profiles.Profile) {
	fmt.Fprintf(w, "<h3>%s</h3>\n<ul>\n", html.EscapeString(p.Head().Name))
	for _, row := range aboutProfile(p) {
		fmt.Fprintf(w, "  <li>%s: %s</li>\n", row[0], html.EscapeString(row[1]))
	}
	fmt.Fprint(w, "</ul>\n<table>\n  <thead><tr>")
	for _, cell := range tableHead {
		fmt.Fprintf(w, "<th>%s</th>", cell)
	}
	fmt.Fprint(w, "</tr></thead>\n  <tbody>\n")
	for _, r := range table.Of(p) {
		fmt.Fprint(w, "    <tr>")
		for _, cell := range []string{r.Field, r.Content, r.Critical, r.Source} {
			fmt.Fprintf(w, "<td>%s</td>", html.EscapeString(cell))
		}
		fmt.Fprint(w, "</tr>\n")
	}
	fmt.Fprint(w, "  </tbody>\n</table>\n")
}
