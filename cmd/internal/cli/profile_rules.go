// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rootceremony/lint"
	"rootceremony/lint/files"
	"rootceremony/profiles"
	"rootceremony/transcripts/event"
)

// profileRulesOptions are the flags of "profile rules".
type profileRulesOptions struct {
	Format choice
}

// addFlags adds the flags to the command.
func (o *profileRulesOptions) addFlags(cmd *cobra.Command) {
	o.Format = newChoice("text", "json", "markdown")
	o.Format.addFlag(cmd, "format", "format of the output")
}

func newProfileRulesCommand(deps deps) *cobra.Command {
	var opts profileRulesOptions
	cmd := &cobra.Command{
		Use:   "rules [NAME|FILE]",
		Short: "Map each requirement to the rule that enforces it",
		Long: `Map each requirement to the rule that enforces it: all requirements, or those
that apply to one profile. Requirements that cannot be checked offline come
last, as not enforced, each with the reason. NAME is a built-in profile.`,
		Example: `  ceremony profile rules profiles/root.yaml
  ceremony profile rules --format json`,
		Args:              atMostOne,
		ValidArgsFunction: completeProfiles,
		RunE: func(_ *cobra.Command, args []string) error {
			return runProfileRules(opts, strings.Join(args, ""), deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

// atMostOne allows one argument or none.
func atMostOne(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usage(helpHint(cmd), "one argument too many: %q", args[1])
	}
	return nil
}

// rulesMap is the answer for programs.
type rulesMap struct {
	Profile     string             `json:"profile,omitempty"`
	Kind        string             `json:"kind,omitempty"`
	Packs       []string           `json:"packs,omitempty"`
	Enforced    []lint.RuleInfo    `json:"enforced"`
	NotEnforced []lint.Requirement `json:"not_enforced"`
}

func runProfileRules(opts profileRulesOptions, name string, deps deps) error {
	p, err := namedProfile(name)
	if err != nil {
		return err
	}
	m := rulesMap{Enforced: files.RulesFor(p), NotEnforced: files.UnenforcedRequirements(p)}
	if p != nil {
		m.Profile, m.Kind, m.Packs = p.Head().Name, string(p.Head().Kind), p.Head().Purpose.Rules
	}
	if opts.Format.value == "json" {
		return writeJSON(deps.Out, m)
	}
	var out bytes.Buffer
	if opts.Format.value == "markdown" {
		markdownRules(&out, m, p)
	} else {
		textRules(&out, m)
	}
	_, err = deps.Out.Write(out.Bytes())
	return err
}

func textRules(w io.Writer, m rulesMap) {
	for _, r := range m.Enforced {
		fmt.Fprintf(w, "%s\n  %s\n  enforced by %s\n", r.Citation, r.Requirement, enforcedBy(r))
	}
	for _, u := range m.NotEnforced {
		fmt.Fprintf(w, "%s\n  %s\n  NOT ENFORCED (%s): %s\n", u.Citation, u.Requirement, u.ID, u.Why)
	}
	fmt.Fprintf(w, "%s enforced, %d not\n", event.Count(len(m.Enforced), "requirement"), len(m.NotEnforced))
}

// enforcedBy names a rule with what is to be known about it.
func enforcedBy(r lint.RuleInfo) string {
	out := []string{r.ID, r.Engine}
	if r.Level != "" {
		out = append(out, string(r.Level))
	}
	if !r.From.IsZero() {
		out = append(out, "from "+r.From.Format(time.DateOnly))
	}
	if !r.Until.IsZero() {
		out = append(out, "until "+r.Until.Format(time.DateOnly))
	}
	if len(r.Needs) > 0 {
		out = append(out, "needs "+strings.Join(r.Needs, ", "))
	}
	return strings.Join(out, "; ")
}

func markdownRules(w io.Writer, m rulesMap, p profiles.Profile) {
	title := "Requirements and rules"
	if p != nil {
		title += " of " + m.Profile
	}
	fmt.Fprintf(w, "### %s\n\n", markdownCell(title))
	markdownRow(w, "citation", "requirement", "enforced by")
	markdownRow(w, "---", "---", "---")
	for _, r := range m.Enforced {
		markdownRow(w, markdownCell(r.Citation), markdownCell(r.Requirement), markdownCell(enforcedBy(r)))
	}
	for _, u := range m.NotEnforced {
		markdownRow(w, markdownCell(u.Citation), markdownCell(u.Requirement), "**not enforced**: "+markdownCell(u.Why))
	}
}
