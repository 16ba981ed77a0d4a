// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rootceremony/internal/source"
	"rootceremony/internal/term"
)

// newRootCommand returns the whole command tree.
func newRootCommand(deps deps) *cobra.Command {
	root := &cobra.Command{
		Use:   "ceremony",
		Short: "Plan, rehearse, run and verify offline CA key ceremonies",
		Long: `Plan, rehearse, run and verify offline CA key ceremonies.

A ceremony file in YAML names people, keys, steps and profiles. "plan" checks
all of it without touching a token. "rehearse" carries it out on software
tokens, "run" on real ones. Both write a bundle, a folder that "verify" checks.`,
		Example: `  ceremony plan ceremony.yaml
  ceremony rehearse ceremony.yaml --bundle rehearsal-1
  ceremony verify rehearsal-1 --unanchored`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		DisableAutoGenTag: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	asGroup(root)
	root.AddCommand(
		newInitCommand(deps),
		newPlanCommand(deps),
		newRehearseCommand(deps),
		newPreflightCommand(deps),
		newRunCommand(deps), newResumeCommand(deps), newAmendCommand(deps), newRedoCommand(deps),
		newVerifyCommand(deps),
		newReportCommand(deps),
		newApproveCommand(deps),
		newSignCommand(deps),
		newAttachCommand(deps),
		newPolicyCommand(deps),
		newLintCommand(deps),
		newExplainCommand(deps),
		newProfileCommand(deps),
		newStepTemplateCommand(deps),
		newSchemaCommand(deps),
		newTokenCommand(deps),
		newInspectCommand(deps),
		newVersionCommand(deps),
		newCompletionCommand(deps),
	)
	root.SetHelpCommand(newHelpCommand())
	root.InitDefaultHelpCmd() // adds it now, so that finish reaches it
	root.SetUsageTemplate(usageTemplate)
	root.SetFlagErrorFunc(flagError)
	finish(root)
	return root
}

// asGroup makes a command that only has subcommands.
func asGroup(cmd *cobra.Command) {
	cmd.Args = cobra.ArbitraryArgs
	cmd.SuggestionsMinimumDistance = 2
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 && cmd.Parent() == nil {
			return cmd.Help()
		}
		if len(args) == 0 {
			return usage(helpHint(cmd), "%q needs a command: %s", cmd.CommandPath(), strings.Join(names(cmd), ", "))
		}
		return usage(nearCommand(cmd, args), "unknown command %q of %q", args[0], cmd.CommandPath())
	}
}

// nearCommand is the hint for words of which the first is no command below cmd.
func nearCommand(cmd *cobra.Command, words []string) string {
	if near := cmd.SuggestionsFor(words[0]); len(near) > 0 {
		return "did you mean " + cmd.CommandPath() + " " + near[0] + "?"
	}
	return helpHint(cmd)
}

// flagError refuses a flag that a command does not have, and names the one that is near:
// also where one hyphen was left away, or where it is the word of a command.
func flagError(cmd *cobra.Command, err error) error {
	var named interface { // as the errors of pflag
		GetSpecifiedName() string
		GetSpecifiedShortnames() string
	}
	if !errors.As(err, &named) {
		return usage(helpHint(cmd), "%v", err)
	}
	word, hint := cmp.Or(named.GetSpecifiedShortnames(), named.GetSpecifiedName()), helpHint(cmd)
	var flags []string
	for _, f := range flagShown.FindAllStringSubmatch(cmd.LocalFlags().FlagUsages(), -1) {
		flags = append(flags, f[1])
	}
	if near := source.Near(word, flags); near != "" && near != named.GetSpecifiedName() && len(word) > 1 { // that one lacks its value
		hint = "did you mean --" + near + "?"
	} else if slices.Contains(names(cmd), word) {
		hint = "did you mean " + cmd.CommandPath() + " " + word + "?"
	}
	return usage(hint, "%v", err)
}

// flagShown finds the flags in a help text.
var flagShown = regexp.MustCompile(`(?m)^ +(?:-\w, )?--([a-z-]+)`)

func names(cmd *cobra.Command) []string {
	var out []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			out = append(out, sub.Name())
		}
	}
	return out
}

// partOfDigest reports whether a word is a part of a digest as screens and paper show it:
// four digits, or one of the words, which are others in even places.
func partOfDigest(word string) bool {
	_, odd := term.FromWords(word)
	_, even := term.FromWords("aardvark " + word)
	return digitGroup.MatchString(word) || odd == nil || even == nil
}

var digitGroup = regexp.MustCompile(`^[0-9a-fA-F]{4}$`)

// exactly wants one argument for each name.
func exactly(argNames ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(argNames):
			return usage(helpHint(cmd), "%s is missing", argNames[len(args)])
		case len(args) > len(argNames):
			extra, hint := args[len(argNames)], helpHint(cmd)
			if partOfDigest(extra) {
				hint = "put a digest with spaces between quotes, as in 'beef 0123'; see " + cmd.CommandPath() + " --help"
			}
			return usage(hint, "one argument too many: %q", extra)
		}
		return nil
	}
}
