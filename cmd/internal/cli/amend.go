// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/run"
)

// AmendOptions are the flags of "amend".
type AmendOptions struct {
	ResumeOptions
	ApprovedPlan
	Check bool
}

// AddFlags adds the flags to the command.
func (o *AmendOptions) AddFlags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.Check, "check", false, "print the difference, and touch nothing")
	o.ApprovedPlan.AddFlags(cmd)
	o.ResumeOptions.AddFlags(cmd)
}

func newAmendCommand(deps deps) *cobra.Command {
	var opts AmendOptions
	cmd := &cobra.Command{
		Use:   "amend BUNDLE FILE",
		Short: "Go on with a ceremony by another plan",
		Long: `Go on with a ceremony by another plan. The steps that are left may change; what
is done must stay as it was, and is refused otherwise.

With --check the difference is printed and nothing is touched: that is what
people read before they approve the new plan. Without it the ceremony goes on as
with ceremony resume, the difference is on the screen, people agree to it, and
both plans stay in the bundle. The new plan has to be approved as the first one
was. Where it is not, people can decide to go on all the same: that is an
exception, recorded as a deviation, and every verdict says so.

A step that failed after it had signed is done again, as with ceremony redo.

` + executeHelp,
		Example: `  ceremony amend bundle ceremony.yaml --check
  ceremony plan ceremony.yaml --out plan-2
  ceremony amend bundle ceremony.yaml --plan plan-2 --site site.yaml`,
		Args:              exactly("BUNDLE", "FILE"),
		ValidArgsFunction: completeFolders(),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runAmend(cmd.Context(), opts, args[0], args[1], deps)
		},
	}
	opts.AddFlags(cmd)
	return cmd
}

func runAmend(ctx context.Context, opts AmendOptions, bundle, name string, deps deps) error {
	if opts.Check {
		return checkAmendment(ctx, bundle, name, deps)
	}
	o, err := opts.options()
	if err != nil {
		return err
	}
	if err := opts.fill(&o, name); err != nil {
		return err
	}
	if o.Amendment, err = preview(ctx, name); err != nil {
		return err
	}
	return goOn(ctx, opts.ResumeOptions, o, bundle, deps)
}

func checkAmendment(ctx context.Context, bundle, name string, deps deps) error {
	p, err := preview(ctx, name)
	if err != nil {
		return err
	}
	lines, err := run.CheckAmendment(ctx, bundle, p)
	if err != nil {
		return explained(err)
	}
	for _, l := range lines {
		fmt.Fprintln(deps.Out, l)
	}
	return nil
}
