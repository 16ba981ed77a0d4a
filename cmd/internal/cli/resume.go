// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/run"
	"rootceremony/transcripts/event"
)

// ResumeOptions are the flags of "resume".
type ResumeOptions struct {
	Site  string
	PINFD int
}

// abandonHelp is what the one flag that only "resume" has does.
const abandonHelp = "end the ceremony for good, as people decide"

// AddFlags adds the flags to the command.
func (o *ResumeOptions) AddFlags(cmd *cobra.Command) {
	addFile(cmd, &o.Site, "site", "site `FILE` that the ceremony was begun with (required)", "yaml", "yml")
	addPINFD(cmd, &o.PINFD)
}

func newResumeCommand(deps deps) *cobra.Command {
	var opts ResumeOptions
	var abandon bool
	cmd := &cobra.Command{
		Use:   "resume BUNDLE",
		Short: "Go on with a ceremony that was interrupted",
		Long: `Go on with a ceremony that was interrupted: by a crash, a lost token, a full
disk, or people who said STOP.

The folder of the bundle is judged first: a link or a pipe in it is refused, and
a file that no event accounts for is moved to evidence/left-over/ and shown.
Then the record so far is judged. Steps that are done stay done, and a
signature that was recorded becomes its file without a second signature. Where a
call of a token has no outcome, the token is looked at and people decide: a key
that was made is adopted or destroyed; a signature that may exist can be made
again over the same bytes only. Each decision is in the record as a deviation.

A step whose certificate was signed and did not pass a check has failed, and
stays so: resume stops before it asks anybody, and says what can be done.

With --abandon nothing more is done: people say why, the tokens are closed, and
the bundle is closed as that of a ceremony that was abandoned. It is incomplete:
ceremony verify names each artifact that it does not deliver, and its step.

` + executeHelp,
		Example:           `  ceremony resume bundle --site site.yaml`,
		Args:              exactly("BUNDLE"),
		ValidArgsFunction: completeFolders(),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runResume(cmd.Context(), opts, args[0], abandon, deps)
		},
	}
	opts.AddFlags(cmd)
	cmd.Flags().BoolVar(&abandon, "abandon", false, abandonHelp)
	return cmd
}

func runResume(ctx context.Context, opts ResumeOptions, bundle string, abandon bool, deps deps) error {
	o, err := opts.options()
	if err != nil {
		return err
	}
	o.Abandon = abandon
	return goOn(ctx, opts, o, bundle, deps)
}

// options reads the site that the ceremony was begun with.
func (o *ResumeOptions) options() (run.Options, error) {
	if o.Site == "" {
		return run.Options{}, usage("add --site FILE with the site file that the ceremony was begun with", "--site is missing")
	}
	site, err := loadSite(o.Site)
	return run.Options{Mode: event.Run, Site: site}, err
}

// goOn resumes a ceremony with the people at the terminal.
func goOn(ctx context.Context, opts ResumeOptions, o run.Options, bundle string, deps deps) error {
	terminal := deps.lazyTerminal(ctx)
	defer func() { _ = terminal.Close() }() // its state is restored as well as can be
	o.People = run.Asked{Terminal: terminal}
	o.Typed.Site, o.Typed.Bundle = opts.Site, bundle
	flags := ExecuteOptions{Bundle: bundle, Site: opts.Site, PINFD: opts.PINFD}
	return carryOut(flags, o, terminal, deps, func(o run.Options) (*run.Result, error) {
		return run.Resume(ctx, o)
	})
}
