// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/run"
	"rootceremony/internal/preflight"
	"rootceremony/transcripts/event"
)

// tokenCheckOptions are the flags of "token check".
type tokenCheckOptions struct {
	Site   string
	PINFD  int
	Format choice
}

// addFlags adds the flags to the command.
func (o *tokenCheckOptions) addFlags(cmd *cobra.Command) {
	addFile(cmd, &o.Site, "site", "site `FILE` with the tokens in this room (required)", "yaml", "yml")
	addPINFD(cmd, &o.PINFD)
	addFormat(cmd, &o.Format)
}

func newTokenCheckCommand(deps deps) *cobra.Command {
	var opts tokenCheckOptions
	cmd := &cobra.Command{
		Use:   "check FILE",
		Short: "Check the tokens of a ceremony after a login",
		Long: `Log in to each token of a ceremony, and check what "preflight" cannot see:
labels and ids that are taken by private objects, the existing keys that the
plan uses, their attributes against the template of the site file, and the room
for new keys where the token tells it.

An existing key is looked for by its modulus or point, by the id of its public
half or of its certificate, and by its key identifier. Where a ceremony would
not find it, the output says what is there and what to try.

The command reads only: it signs nothing, makes nothing and changes nothing. The
last lines of the output say what was not seen.

PINs are asked as in "run". After a wrong one the program asks before it takes
another, and it never takes the last: a check must not lock a token. A token
that fails a check before its login gets no login. No PIN is taken from an
argument or from the environment; for tests, --pin-fd reads them from a file
descriptor.`,
		Example: `  ceremony token check ceremony.yaml --site site.yaml
  ceremony token check ceremony.yaml --site site.yaml --format json`,
		Args:              exactly("FILE"),
		ValidArgsFunction: completeFiles("yaml", "yml"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runTokenCheck(cmd.Context(), opts, args[0], deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func runTokenCheck(ctx context.Context, opts tokenCheckOptions, name string, deps deps) error {
	if opts.Site == "" {
		return errNoSite()
	}
	p, site, err := planned(ctx, name, executeOptions{Site: opts.Site})
	if err != nil {
		return err
	}
	terminal := deps.lazyTerminal(ctx)
	defer func() { _ = terminal.Close() }() // its state is restored as well as can be
	o := run.Options{Mode: event.Run, Site: site, People: run.Asked{Terminal: terminal}, FileSystem: deps.FileSystem}
	o.Typed = plan.Commands{File: name, Site: opts.Site}
	opener, err := withTokens(ctx, &o, terminal, opts.PINFD, deps)
	if err != nil {
		return err
	}
	defer opener.wipe()
	found, err := run.CheckTokens(ctx, p, o)
	if err != nil {
		return explained(err)
	}
	return tell(found, "the check of the tokens failed", opts.Format.value, deps)
}

// tell shows what was found; what failed is the exit status.
func tell(found *run.Preflight, what, format string, deps deps) error {
	if err := showPreflight(deps.Out, found, format); err != nil {
		return err
	}
	return failed(found, what)
}

// failed says how many checks failed, and which: the list may have left the screen.
func failed(found *run.Preflight, what string) error {
	if failed := preflight.With(preflight.Failed, found.Checks); len(failed) > 0 {
		var names []string
		for _, c := range failed {
			names = append(names, strings.TrimSpace(c.Name+" "+c.Of))
		}
		return findings("%s: %s: %s", what, event.Count(len(failed), "check"), strings.Join(names, ", "))
	}
	return nil
}
