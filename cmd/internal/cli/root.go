// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"strings"

	"github.com/spf13/cobra"
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
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage(helpHint(cmd), "%v", err)
	})
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
		hint := helpHint(cmd)
		if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
			hint = "did you mean " + cmd.CommandPath() + " " + near[0] + "?"
		}
		return usage(hint, "unknown command %q of %q", args[0], cmd.CommandPath())
	}
}

func names(cmd *cobra.Command) []string {
	var out []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			out = append(out, sub.Name())
		}
	}
	return out
}

// exactly wants one argument for each name.
func exactly(argNames ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < len(argNames):
			return usage(helpHint(cmd), "%s is missing", argNames[len(args)])
		case len(args) > len(argNames):
			return usage(helpHint(cmd), "one argument too many: %q", args[len(argNames)])
		}
		return nil
	}
}
