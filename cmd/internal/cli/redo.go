// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"

	"github.com/spf13/cobra"
)

func newRedoCommand(deps deps) *cobra.Command {
	var opts resumeOptions
	cmd := &cobra.Command{
		Use:   "redo BUNDLE STEP",
		Short: "Repeat a failed step, then continue",
		Long: `Repeat a failed step, then continue the ceremony from there, as "ceremony
resume" does.

People state what was expected, what happened, and why the step is repeated;
this is recorded as a deviation. Nothing of the failed attempt is lost: its keys
stay on the token, unused, or are destroyed, as people decide; a certificate
that was signed but failed a check counts as issued, and is withheld. The next
attempt has its number in labels and file names.

A step cannot be repeated when its certificate was delivered, or when a key that
it made has signed something. The script numbers the steps.

` + executeHelp,
		Example:           `  ceremony redo bundle 14 --site site.yaml`,
		Args:              exactly("BUNDLE", "STEP"),
		ValidArgsFunction: completeFolders(),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runRedo(cmd.Context(), opts, args[0], args[1], deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func runRedo(ctx context.Context, opts resumeOptions, bundle, step string, deps deps) error {
	o, err := opts.options(bundle)
	if err != nil {
		return err
	}
	o.Redo = step
	return resumeWith(ctx, opts, o, bundle, deps)
}
