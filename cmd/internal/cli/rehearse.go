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

// rehearseOptions are the flags of "rehearse".
type rehearseOptions struct {
	executeOptions
	Interactive bool
}

// addFlags adds the flags to the command.
func (o *rehearseOptions) addFlags(cmd *cobra.Command) {
	o.executeOptions.addFlags(cmd, "rehearse on the tokens of this site `FILE`; new keys are destroyed at the end")
	cmd.Flags().BoolVar(&o.Interactive, "interactive", false, "ask the questions at the terminal")
}

func newRehearseCommand(deps deps) *cobra.Command {
	var opts rehearseOptions
	cmd := &cobra.Command{
		Use:   "rehearse FILE",
		Short: "Rehearse a ceremony",
		Long: `Rehearse a ceremony: carry out the same steps as "ceremony run" on tokens that
exist only in memory, with simulated answers that are recorded as simulated.
Every name, file and page of the bundle says that it is a rehearsal.

` + executeHelp,
		Example: `  ceremony rehearse ceremony.yaml --bundle rehearsal-1
  ceremony rehearse ceremony.yaml --bundle rehearsal-2 --interactive
  ceremony rehearse ceremony.yaml --bundle rehearsal-3 --site test-site.yaml`,
		Args:              exactly("FILE"),
		ValidArgsFunction: completeFiles("yaml", "yml"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runRehearse(cmd.Context(), opts, args[0], deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func runRehearse(ctx context.Context, opts rehearseOptions, name string, deps deps) error {
	if err := opts.needBundle(); err != nil {
		return err
	}
	p, site, err := planned(ctx, name, opts.executeOptions)
	if err != nil {
		return err
	}
	terminal := deps.lazyTerminal(ctx)
	defer func() { _ = terminal.Close() }() // its state is restored as well as can be
	o := run.Options{Mode: event.Rehearsal, Site: site, People: onScreen(deps.Out)}
	o.Typed = plan.Commands{File: name, Site: opts.Site, Bundle: opts.Bundle, Interactive: opts.Interactive}
	if opts.Interactive {
		o.People = run.Asked{Terminal: terminal}
	}
	return execute(ctx, p, opts.executeOptions, o, terminal, deps)
}
