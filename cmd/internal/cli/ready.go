// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"github.com/spf13/cobra"

	"rootceremony/ceremony/plan"
)

func newReadyCommand(deps deps) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ready",
		Short: "Look at the ready steps",
		Long: `Look at the ready steps that come with this program, for what every ceremony
does by hand: cameras, devices, backups, bags, media. A ceremony file names them
in a step "ready"; the plan and the script show every one of their words.`,
		Example: `  ceremony ready list
  ceremony ready show back-up-and-clone`,
	}
	asGroup(cmd)
	cmd.AddCommand(newReadyListCommand(deps), newReadyShowCommand(deps))
	return cmd
}

func newReadyListCommand(deps deps) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the ready steps",
		Long:    `List the ready steps, a line each.`,
		Example: `  ceremony ready list`,
		Args:    exactly(),
		RunE: func(*cobra.Command, []string) error {
			all, err := plan.ReadySteps()
			if err != nil {
				return err
			}
			var rows [][2]string
			for _, r := range all {
				rows = append(rows, [2]string{r.Name, r.Says})
			}
			writeNames(deps.Out, rows)
			return nil
		},
	}
}

func newReadyShowCommand(deps deps) *cobra.Command {
	return &cobra.Command{
		Use:               "show NAME",
		Short:             "Print ready steps",
		Long:              `Print ready steps as they go into a plan, with what they need to know.`,
		Example:           `  ceremony ready show export-on-media`,
		Args:              exactly("NAME"),
		ValidArgsFunction: completeReady,
		RunE: func(_ *cobra.Command, args []string) error {
			all, err := plan.ReadySteps()
			if err != nil {
				return err
			}
			for _, r := range all {
				if r.Name == args[0] {
					_, err := deps.Out.Write(r.Data)
					return err
				}
			}
			return usage("ceremony ready list shows their names", "no ready steps are called %q", args[0])
		},
	}
}

// completeReady offers the names of the ready steps.
func completeReady(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	all, err := plan.ReadySteps()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var out []cobra.Completion
	for _, r := range all {
		out = append(out, cobra.CompletionWithDesc(r.Name, r.Says))
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
