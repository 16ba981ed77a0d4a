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

// runOptions are the flags of "run".
type runOptions struct {
	executeOptions
	approvedPlan
}

// addFlags adds the flags to the command.
func (o *runOptions) addFlags(cmd *cobra.Command) {
	o.approvedPlan.addFlags(cmd)
	o.executeOptions.addFlags(cmd, "site `FILE` with the tokens in this room (required)")
}

func newRunCommand(deps deps) *cobra.Command {
	var opts runOptions
	cmd := &cobra.Command{
		Use:   "run FILE",
		Short: "Run a ceremony on real tokens",
		Long: `Run a ceremony on real tokens, with people in the room.

The plan must be approved as the trust policy demands, by signatures beside
plan.json in the plan folder, unless the ceremony file says approval: none. Give
the policy with --policy and its digest, from paper, with --policy-digest.

The program plans the file again. It refuses to start unless the result is
byte-identical to the approved plan, and the time in the room is inside the
window. People confirm each signature. Type STOP at any question, and have a
second person confirm it, to stop the ceremony. Type HELP to see what else you
may type there: notes, deviations, people who arrive or leave, a pause.

` + executeHelp,
		Example:           `  ceremony run ceremony.yaml --plan plan-1 --site site.yaml --bundle bundle`,
		Args:              exactly("FILE"),
		ValidArgsFunction: completeFiles("yaml", "yml"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runRun(cmd.Context(), opts, args[0], deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func runRun(ctx context.Context, opts runOptions, name string, deps deps) error {
	o := run.Options{Mode: event.Run}
	o.Typed = plan.Commands{File: name, Plan: opts.Plan, Site: opts.Site, Bundle: opts.Bundle}
	if err := opts.check(o.Typed); err != nil {
		return err
	}
	if err := opts.fill(&o, name); err != nil {
		return err
	}
	p, site, err := planned(ctx, name, opts.executeOptions)
	if err != nil {
		return err
	}
	terminal := deps.lazyTerminal(ctx)
	defer func() { _ = terminal.Close() }() // its state is restored as well as can be
	o.Site, o.People = site, run.Asked{Terminal: terminal}
	return execute(ctx, p, opts.executeOptions, o, terminal, deps)
}

// errNoSite is for commands that need to know the devices in the room.
func errNoSite() error {
	return usage("add --site FILE; this command prints lines for it:\n  "+plan.ListTokens(""), "--site is missing")
}

func (o *runOptions) check(typed plan.Commands) error {
	switch {
	case o.Plan == "":
		return usage("add --plan with the plan folder; this command writes one:\n  "+typed.Fresh().MakePlan(), "--plan is missing")
	case o.Site == "":
		return errNoSite()
	}
	return o.needBundle()
}
