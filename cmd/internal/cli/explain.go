// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/lint/files"
	"rootceremony/lint/format"
)

func newExplainCommand(deps deps) *cobra.Command {
	return &cobra.Command{
		Use:   "explain RULE",
		Short: "Explain a rule: what it asks, since when, what to change",
		Long: `Explain a rule of the linter: its requirement, the documents it is from and
since when they ask for it, what it applies to and needs, an object that it
finds fault with, and what to change. RULE is the name in a finding, as in
cert.url; "ceremony profile rules" lists them.`,
		Example:           `  ceremony explain cert.url`,
		Args:              exactly("RULE"),
		ValidArgsFunction: completeRules,
		RunE: func(_ *cobra.Command, args []string) error {
			return runExplain(args[0], deps)
		},
	}
}

// everyRule lists the rules of both engines and of files.
func everyRule() []lint.RuleInfo { return slices.Concat(lint.Rules(), files.FileRules()) }

func completeRules(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return ruleNames(), cobra.ShellCompDirectiveNoFileComp
}

// ruleNames and unenforcedNames are all that explain knows.
func ruleNames() (ids []string) {
	for _, r := range everyRule() {
		ids = append(ids, r.ID)
	}
	return ids
}

func unenforcedNames() (ids []string) {
	for _, r := range lint.Unenforced() {
		ids = append(ids, r.ID)
	}
	return ids
}

func runExplain(id string, deps deps) error {
	for _, r := range everyRule() {
		if r.ID == id {
			return explainRule(deps.Out, &r)
		}
	}
	for _, r := range lint.Unenforced() {
		if r.ID == id {
			_, err := fmt.Fprintf(deps.Out, "%s: not enforced\n  requirement: %s\n  cites: %s\n  why not: %s\n", r.ID, r.Requirement, r.Citation, r.Why)
			return err
		}
	}
	near := source.DidYouMean(id, append(ruleNames(), unenforcedNames()...))
	return usage(cmp.Or(near, `see "ceremony profile rules" for the names`), "no rule %q", id)
}

// explainRule writes what is known of a rule.
func explainRule(w io.Writer, r *lint.RuleInfo) error {
	b := bufio.NewWriter(w)
	level := string(r.Level)
	if level == "" {
		level = "a level that depends on the object"
	}
	fmt.Fprintf(b, "%s: %s, %s\n", r.ID, r.Engine, level)
	line := func(what, text string) {
		if text != "" {
			fmt.Fprintf(b, "  %s: %s\n", what, text)
		}
	}
	line("requirement", strings.ReplaceAll(r.Requirement, "\n", " "))
	line("cites", r.Citation)
	line("to read", format.HelpURI(r.Citation))
	line("why, where no document asks for it", ground(r))
	line("applies to", strings.Join(r.Kinds, ", "))
	line("for the packs", strings.Join(r.Packs, ", "))
	line("in force", inForce(r))
	line("needs", strings.Join(r.Needs, ", "))
	if e, ok := lint.Explain(r.ID); ok {
		line("example", e.Example)
		line("what to change", e.Change)
	}
	line("not counted where these tell it", strings.Join(lint.ToldBy(r.ID), ", "))
	line("not counted of some objects", lint.SetAside(r.ID))
	return b.Flush()
}

// grounds say in words why there is a house rule.
var grounds = map[lint.House]string{
	lint.HouseDeclared:  "the object would not be what was declared",
	lint.HouseUnusable:  "a path, signature or key could not be used",
	lint.HouseConflicts: "it would contradict another object of the plan",
	lint.HouseAdvice:    "advice, at most a warning",
}

// ground says why there is a house rule, and who does ask for it.
func ground(r *lint.RuleInfo) string {
	s := grounds[r.House]
	if s != "" && len(r.Asked) > 0 {
		s += "; these ask for it: " + strings.Join(fromDays(r.Asked), ", ")
	}
	return s
}

// fromDays lists packs with the day since which their documents ask.
func fromDays(since map[string]time.Time) (out []string) {
	for _, p := range slices.Sorted(maps.Keys(since)) {
		out = append(out, p+" from "+since[p].Format(time.DateOnly))
	}
	return out
}

// inForce gives the days between which a rule applies.
func inForce(r *lint.RuleInfo) string {
	out := fromDays(r.Since)
	if out == nil && !r.From.IsZero() {
		out = append(out, "from "+r.From.Format(time.DateOnly))
	}
	if !r.Until.IsZero() {
		out = append(out, "until "+r.Until.Format(time.DateOnly))
	}
	return strings.Join(out, ", ")
}
