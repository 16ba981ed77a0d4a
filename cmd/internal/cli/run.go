// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/run"
	"rootceremony/transcripts/event"
)

// RunOptions are the flags of "run".
type RunOptions struct {
	ExecuteOptions
	ApprovedPlan
}

// AddFlags adds the flags to the command.
func (o *RunOptions) AddFlags(cmd *cobra.Command) {
	o.ApprovedPlan.AddFlags(cmd)
	o.ExecuteOptions.AddFlags(cmd, "site `FILE` that names the tokens in this room (required)")
}

func newRunCommand(deps deps) *cobra.Command {
	var opts RunOptions
	cmd := &cobra.Command{
		Use:   "run FILE",
		Short: "Carry out a ceremony file on real tokens",
		Long: `Carry out a ceremony file on real tokens, with people.

The plan has to be approved as a trust policy demands, by signatures that lie in
the plan folder beside plan.json, unless the ceremony file says approval: none.
The digest of the policy comes from paper: --policy FILE --policy-digest DIGEST.
The file is planned again from the beginning. Nothing is done when the result is
not, byte for byte, the plan that people approved, or when the time in the room
is outside the window. Each signature is confirmed by people. STOP, typed at any
question and confirmed by a second person, stops the ceremony; HELP shows what
else may be typed there: notes, deviations, who comes and goes, a pause.

` + executeHelp,
		Example:           `  ceremony run ceremony.yaml --plan plan-1 --site site.yaml --bundle bundle`,
		Args:              exactly("FILE"),
		ValidArgsFunction: completeFiles("yaml", "yml"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runRun(cmd.Context(), opts, args[0], deps)
		},
	}
	opts.AddFlags(cmd)
	return cmd
}

func runRun(ctx context.Context, opts RunOptions, name string, deps deps) error {
	o := run.Options{Mode: event.Run}
	o.Typed = plan.Commands{File: name, Plan: opts.Plan, Site: opts.Site, Bundle: opts.Bundle}
	if err := opts.check(o.Typed); err != nil {
		return err
	}
	if err := opts.fill(&o, name); err != nil {
		return err
	}
	p, site, err := planned(ctx, name, opts.ExecuteOptions)
	if err != nil {
		return err
	}
	terminal := deps.lazyTerminal(ctx)
	defer func() { _ = terminal.Close() }() // its state is restored as well as can be
	o.Site, o.People = site, run.Asked{Terminal: terminal}
	return execute(ctx, p, opts.ExecuteOptions, o, terminal, deps)
}

func (o *RunOptions) check(typed plan.Commands) error {
	switch {
	case o.Plan == "":
		return usage("add --plan with the folder of the plan; this writes one:\n  "+typed.MakePlan(), "--plan is missing")
	case o.Site == "":
		return usage("add --site FILE; this prints lines for it:\n  "+plan.ListTokens(""), "--site is missing")
	}
	return o.needBundle()
}
