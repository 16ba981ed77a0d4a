// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/run"
	"rootceremony/internal/preflight"
	"rootceremony/internal/term"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// preflightOptions are the flags of "preflight".
type preflightOptions struct {
	approvedPlan
	Site   string
	Bundle string
	Format choice
}

// addFlags adds the flags to the command.
func (o *preflightOptions) addFlags(cmd *cobra.Command) {
	addFile(cmd, &o.Site, "site", "site `FILE` with the tokens in this room (required)", "yaml", "yml")
	o.approvedPlan.addFlags(cmd)
	cmd.Flags().Lookup("plan").Usage = "`DIR` with the plan: also check that this is it, and its approvals"
	addFolder(cmd, &o.Bundle, "bundle", "new `DIR` for the bundle: also check the folder and its room")
	addFormat(cmd, &o.Format)
}

func newPreflightCommand(deps deps) *cobra.Command {
	var opts preflightOptions
	cmd := &cobra.Command{
		Use:   "preflight FILE",
		Short: "Check host, tokens and approvals before a ceremony",
		Long: `Check everything that can be known before a ceremony: without a login, without
a question, and without changing anything. "run", "resume", "redo" and "amend"
make the same checks before their first question.

Each check is one of three. What is required and not met stops a ceremony before
it begins: a module that does not load, a token that is missing, locked or does
not offer what the plan needs, a label that is taken, a plan that is not
approved, a bundle folder that is not free. A warning is shown to the people in
the room. A fact is recorded: the digests of this program and of each module.

What is checked on the host warns: interfaces that are up (network), swap,
core-dumps, legacy-tiocsti, ptrace-scope, root, entropy, and variables that say
where code comes from. The site file requires one with, for example, host:
{network: require, swap: require}.

Without a login nobody sees private objects, nor whether a PIN is known: "token
check" looks at those. The last lines of the output say what was not seen.`,
		Example: `  ceremony preflight ceremony.yaml --site site.yaml
  ceremony preflight ceremony.yaml --site site.yaml --plan plan-1
  ceremony preflight ceremony.yaml --site site.yaml --format json`,
		Args:              exactly("FILE"),
		ValidArgsFunction: completeFiles("yaml", "yml"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runPreflight(cmd.Context(), opts, args[0], deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func runPreflight(ctx context.Context, opts preflightOptions, name string, deps deps) error {
	if opts.Site == "" {
		return errNoSite()
	}
	o := run.Options{Mode: event.Run, Bundle: opts.Bundle, FileSystem: deps.FileSystem, People: onScreen(deps.Err)}
	o.Typed = plan.Commands{File: name, Site: opts.Site, Bundle: opts.Bundle}
	if opts.Plan != "" {
		if err := opts.fill(&o, name); err != nil {
			return err
		}
	}
	p, site, err := planned(ctx, name, executeOptions{Site: opts.Site})
	if err != nil {
		return err
	}
	o.Site = site
	ofThisMachine(&o)
	found, err := run.Survey(ctx, p, o)
	if err != nil {
		return explained(err)
	}
	if err := tell(found, "the preflight failed", opts.Format.value, deps); err != nil || opts.Format.value == "json" || opts.Plan == "" {
		return err
	}
	fmt.Fprintln(deps.Out)
	c := o.Typed.Near(p.Plan, p.Digest)
	c.Bundle = cmp.Or(opts.Bundle, c.Bundle)
	showNext(deps.Out, []plan.NextCommand{{Line: c.Run()}})
	return nil
}

// ofThisMachine fills in what is looked at before a ceremony.
func ofThisMachine(o *run.Options) {
	o.Clock, o.Tool, o.Machine = newHostClock(), thisTool(), preflight.ThisHost()
	o.LookAt = func(ctx context.Context, c token.Config) (*token.Seen, error) {
		return token.Look(ctx, token.Options{Config: c})
	}
}

// showPreflight writes a line for each check, and what was not seen.
func showPreflight(w io.Writer, found *run.Preflight, format string) error {
	if format == "json" {
		return writeJSON(w, found)
	}
	width := 0
	for _, c := range found.Checks {
		width = max(width, len(c.Title()))
	}
	for _, c := range found.Checks {
		writeCheck(w, c, width)
	}
	fmt.Fprintln(w, "\nNot seen:")
	for _, u := range found.Unseen {
		fmt.Fprintln(w, term.Wrap("- "+u, columns))
	}
	return nil
}

// outcomeWords are the first column: what needs somebody is in capitals.
var outcomeWords = map[preflight.Outcome]string{preflight.OK: "ok", preflight.Noted: "recorded", preflight.Warning: "warning", preflight.Failed: "FAILED"}

// writeCheck writes one check, with what to try next below it.
func writeCheck(w io.Writer, c preflight.Check, width int) {
	fmt.Fprintf(w, "%-10s%-*s%s\n", outcomeWords[c.Outcome], width+2, c.Title(), term.Hang(c.Found, columns, 10+width+2))
	if c.Next != "" && c.Outcome != preflight.OK {
		fmt.Fprintf(w, "%10snext: %s\n", "", strings.ReplaceAll(term.Fold(c.Next, columns-16), "\n", "\n"+strings.Repeat(" ", 16)))
	}
}
