// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/run"
	"rootceremony/transcripts/event"
)

// resumeOptions are the flags of "resume".
type resumeOptions struct {
	Site  string
	PINFD int
}

// abandonHelp is what the one flag that only "resume" has does.
const abandonHelp = "end the ceremony for good and close the bundle as abandoned"

// addFlags adds the flags to the command.
func (o *resumeOptions) addFlags(cmd *cobra.Command) {
	addFile(cmd, &o.Site, "site", "site `FILE` in force, or one that changes it (required)", "yaml", "yml")
	addPINFD(cmd, &o.PINFD)
}

func newResumeCommand(deps deps) *cobra.Command {
	var opts resumeOptions
	var abandon bool
	var approvals string
	cmd := &cobra.Command{
		Use:   "resume BUNDLE",
		Short: "Continue an interrupted ceremony",
		Long: `Continue a ceremony after a pause, a STOP, a crash, a lost token or a full disk.

The first screen says where the ceremony stopped, what is done, what is next,
and what people have to decide.

The command checks the bundle folder. It refuses links and pipes; it moves
files that the journal does not account for to evidence/left-over/ and lists
them. Then it verifies the record so far. Finished steps stay finished, and a
recorded signature becomes its file without signing again. If the outcome of a
token call is unknown, people decide: a key that was generated is adopted or
destroyed; a signature that may exist can be repeated over the same bytes only.
Two people agree to all of it once, or are asked each question. Each decision is
recorded as a deviation.

If the site file differs from the one in force, the screen shows the difference,
and people decide about it before a token is opened, as a deviation. Deadlines,
a slot, names of keys, and a spare that the site file in force names need two
people; an equal or stricter template, or another login, also an auditor or
another witness. Another device, module or environment, or a template that
allows more, needs an approval by the policy: people sign site.json of a plan
folder, which --approvals names. No site file turns hardware into software. Keys
on a device that takes the place of another are read back by people, and prove
themselves before they sign anything else.

If a certificate was signed but failed a check, its step has failed: resume
stops before it asks anything, and prints what you can do.

With --abandon the ceremony ends: people state why, the tokens are closed, and
the bundle is closed as abandoned. A token that cannot be opened is left out.
"ceremony verify" calls such a bundle incomplete and names each missing artifact
with its step.

` + executeHelp,
		Example: `  ceremony resume bundle --site site.yaml
  ceremony resume bundle --site site.yaml --approvals plan-2`,
		Args:              exactly("BUNDLE"),
		ValidArgsFunction: completeFolders(),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runResume(cmd.Context(), opts, args[0], abandon, approvals, deps)
		},
	}
	opts.addFlags(cmd)
	cmd.Flags().BoolVar(&abandon, "abandon", false, abandonHelp)
	addFolder(cmd, &approvals, "approvals", "`DIR` with signatures on the site.json of a changed site file")
	return cmd
}

func runResume(ctx context.Context, opts resumeOptions, bundle string, abandon bool, approvals string, deps deps) error {
	o, err := opts.options(bundle)
	if err != nil {
		return err
	}
	if o.Abandon = abandon; approvals != "" {
		o.SiteApprovals = os.DirFS(approvals)
	}
	return resumeWith(ctx, opts, o, bundle, deps)
}

// options reads the site that the ceremony was begun with. What no flag mends is
// said before a flag is missed.
func (o *resumeOptions) options(bundle string) (run.Options, error) {
	if err := needsBegun(bundle); err != nil {
		return run.Options{}, err
	}
	if err := run.Resumable(run.Options{Bundle: bundle, Typed: plan.Commands{Site: o.Site}}); err != nil {
		return run.Options{}, explained(err)
	}
	if o.Site == "" {
		return run.Options{}, usage("add --site FILE with the site file of the ceremony", "--site is missing")
	}
	site, err := loadSite(o.Site)
	return run.Options{Mode: event.Run, Site: site}, err
}

// resumeWith resumes a ceremony with the people at the terminal.
func resumeWith(ctx context.Context, opts resumeOptions, o run.Options, bundle string, deps deps) error {
	terminal := deps.lazyTerminal(ctx)
	defer func() { _ = terminal.Close() }() // its state is restored as well as can be
	o.People = run.Asked{Terminal: terminal}
	o.Typed.Site, o.Typed.Bundle = opts.Site, bundle
	flags := executeOptions{Bundle: bundle, Site: opts.Site, PINFD: opts.PINFD}
	return carryOut(ctx, flags, o, terminal, deps, func(o run.Options) (*run.Result, error) {
		return run.Resume(ctx, o)
	})
}
