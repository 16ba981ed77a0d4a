// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"github.com/spf13/cobra"

	"rootceremony/ceremony/plan"
)

func newStepTemplateCommand(deps deps) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "step-template",
		Short: "List and show the step templates",
		Long: `List and show the step templates that come with this program, for what people do
by hand in every ceremony: cameras, devices, backups, bags, media. A ceremony
file inserts one with step-template: NAME; plan and script show its full text.`,
		Example: `  ceremony step-template list
  ceremony step-template show back-up-and-clone`,
	}
	asGroup(cmd)
	cmd.AddCommand(newStepTemplateListCommand(deps), newStepTemplateShowCommand(deps))
	return cmd
}

func newStepTemplateListCommand(deps deps) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the step templates",
		Long:    `List the step templates, one a line.`,
		Example: `  ceremony step-template list`,
		Args:    exactly(),
		RunE: func(*cobra.Command, []string) error {
			all, err := plan.StepTemplates()
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

func newStepTemplateShowCommand(deps deps) *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME",
		Short: "Print a step template",
		Long: `Print a step template: its steps as they go into a plan, and the values that it
takes.`,
		Example:           `  ceremony step-template show export-on-media`,
		Args:              exactly("NAME"),
		ValidArgsFunction: completeStepTemplates,
		RunE: func(_ *cobra.Command, args []string) error {
			all, err := plan.StepTemplates()
			if err != nil {
				return err
			}
			for _, r := range all {
				if r.Name == args[0] {
					_, err := deps.Out.Write(r.Data)
					return err
				}
			}
			return usage("ceremony step-template list shows their names", "there is no step template %q", args[0])
		},
	}
}

// completeStepTemplates offers the names of the step templates.
func completeStepTemplates(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	all, err := plan.StepTemplates()
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var out []cobra.Completion
	for _, r := range all {
		out = append(out, cobra.CompletionWithDesc(r.Name, r.Says))
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}
