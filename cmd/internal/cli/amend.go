// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/run"
)

// amendOptions are the flags of "amend".
type amendOptions struct {
	resumeOptions
	approvedPlan
	Check  bool
	Format choice
}

// addFlags adds the flags to the command.
func (o *amendOptions) addFlags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.Check, "check", false, "only print the difference between the plans")
	addFormat(cmd, &o.Format)
	o.approvedPlan.addFlags(cmd)
	o.resumeOptions.addFlags(cmd)
}

func newAmendCommand(deps deps) *cobra.Command {
	var opts amendOptions
	cmd := &cobra.Command{
		Use:   "amend BUNDLE FILE",
		Short: "Continue a ceremony under an amended plan",
		Long: `Continue a ceremony under an amended plan. The remaining steps may change. What
was already done must be the same in both plans, or the new plan is refused.

With --check the command only prints the difference between the plans, in words
and then value by value: read it before you approve the new one. Without --check
the ceremony continues as with "ceremony resume". The screen shows the
difference, the people in the room agree to it, and the bundle keeps both plans.
The new plan needs the same approvals as the first. If they are missing, the
people in the room may continue anyway: that is recorded as a deviation, and
every verdict mentions it.

A step that failed after it had signed is repeated, as with "ceremony redo".

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
	opts.addFlags(cmd)
	return cmd
}

func runAmend(ctx context.Context, opts amendOptions, bundle, name string, deps deps) error {
	if opts.Check {
		return checkAmendment(ctx, opts, bundle, name, deps)
	}
	if opts.Format.value == "json" {
		return usage("add --check", "--format json only goes with --check")
	}
	o, err := opts.options(bundle)
	if err != nil {
		return err
	}
	if err := opts.fill(&o, name); err != nil {
		return err
	}
	if o.Amendment, err = preview(ctx, name); err != nil {
		return err
	}
	return resumeWith(ctx, opts.resumeOptions, o, bundle, deps)
}

func checkAmendment(ctx context.Context, opts amendOptions, bundle, name string, deps deps) error {
	if err := needsBegun(bundle); err != nil {
		return err
	}
	p, err := preview(ctx, name)
	if err != nil {
		return err
	}
	c, err := run.CheckAmendment(ctx, bundle, p)
	switch {
	case err != nil:
		return explained(err)
	case opts.Format.value == "json":
		return writeJSON(deps.Out, c)
	}
	if err := c.Write(deps.Out); err != nil {
		return fmt.Errorf("showing the difference: %w", err)
	}
	typed := plan.Commands{File: name, Plan: opts.Plan, Site: opts.Site, Policy: opts.Policy}.Near(p.Plan, p.Digest)
	typed.Begun = bundle
	fmt.Fprintln(deps.Out)
	showNext(deps.Out, typed.Ahead(true))
	return nil
}
