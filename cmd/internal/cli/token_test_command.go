// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/run"
	"rootceremony/transcripts/event"
)

// tokenTestOptions are the flags of "token test".
type tokenTestOptions struct {
	Site   string
	Plan   string
	PINFD  int
	Format choice
}

// addFlags adds the flags to the command.
func (o *tokenTestOptions) addFlags(cmd *cobra.Command) {
	addFile(cmd, &o.Site, "site", "site `FILE` with the tokens to test (required)", "yaml", "yml")
	addFolder(cmd, &o.Plan, "plan", "`DIR` with the plan (required)")
	addPINFD(cmd, &o.PINFD)
	addFormat(cmd, &o.Format)
}

func newTokenTestCommand(deps deps) *cobra.Command {
	var opts tokenTestOptions
	cmd := &cobra.Command{
		Use:   "test",
		Short: "Make, use and destroy sacrificial keys on tokens",
		Long: `Find out which key template each token of a plan takes, and what the device does
with the keys. Use a test partition, or a new device before its first ceremony.

On each token the command makes a key of each kind that the plan needs, with
each template, one after the other. It signs with each algorithm of the plan and
verifies the signatures, tries to read, wrap and copy the key and to change its
attributes, and destroys it. One key of each kind is looked for in a fresh
process before. The output says which template to choose.

Somebody at the terminal has to agree, for each token. The labels of the keys
begin with SACRIFICIAL-token-test-. If the program is interrupted, it destroys
them first; if that is not possible it names them, and the next test finds them
and asks whether to remove them. A token that holds other private or secret keys
is refused, unless the site file says shared-token: true there. No other key is
used or changed, and nothing is written into a bundle.

PINs are asked as in "token check". The last lines of the output say what was
not seen.`,
		Example: `  ceremony token test --site site.yaml --plan plan-1
  ceremony token test --site site.yaml --plan plan-1 --format json`,
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runTokenTest(cmd.Context(), opts, deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func runTokenTest(ctx context.Context, opts tokenTestOptions, deps deps) error {
	if opts.Site == "" {
		return errNoSite()
	}
	typed := plan.Commands{Plan: opts.Plan, Site: opts.Site}
	stored, err := readPlan(typed)
	if err != nil {
		return err
	}
	p, err := plan.Decode(stored)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(opts.Plan, "plan.json"), err)
	}
	site, err := loadSite(opts.Site)
	if err != nil {
		return err
	}
	terminal := deps.lazyTerminal(ctx)
	defer func() { _ = terminal.Close() }() // its state is restored as well as can be
	o := run.Options{Mode: event.Run, Site: site, People: run.Asked{Terminal: terminal}, FileSystem: deps.FileSystem, Typed: typed, Rand: rand.Reader}
	opener, err := withTokens(ctx, &o, terminal, opts.PINFD, deps)
	if err != nil {
		return err
	}
	defer opener.wipe()
	found, stopped := run.TryTokens(ctx, p, o)
	if found == nil {
		return explained(stopped)
	}
	if err := showTrial(deps, found, opts.Format.value); err != nil || stopped != nil {
		return errors.Join(stopped, err)
	}
	return failed(&found.Preflight, "the test of the tokens failed")
}

// showTrial shows what was found, also by a test that was stopped.
func showTrial(deps deps, found *run.Trial, format string) error {
	if format == "json" {
		return writeJSON(deps.Out, found)
	}
	return showPreflight(deps.Out, &found.Preflight, format)
}
