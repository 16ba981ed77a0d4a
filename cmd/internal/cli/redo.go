// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"

	"github.com/spf13/cobra"
)

func newRedoCommand(deps deps) *cobra.Command {
	var opts ResumeOptions
	cmd := &cobra.Command{
		Use:   "redo BUNDLE STEP",
		Short: "Do a step again that failed, and go on",
		Long: `Do a step again that failed, and go on with the ceremony from there. It is
ceremony resume with one decision more.

People say what was expected, what happened, and why the step is done again;
the record keeps that as a deviation. What the earlier attempt left is not lost:
its keys are parked on the token or destroyed, as people decide, and a
certificate that was signed and failed a check is issued and withheld. The next
attempt has its number in labels and file names.

A step whose certificate was delivered is not done again, nor one that made a
key with which something was signed. The script numbers the steps.

` + executeHelp,
		Example:           `  ceremony redo bundle 14 --site site.yaml`,
		Args:              exactly("BUNDLE", "STEP"),
		ValidArgsFunction: completeFolders(),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runRedo(cmd.Context(), opts, args[0], args[1], deps)
		},
	}
	opts.AddFlags(cmd)
	return cmd
}

func runRedo(ctx context.Context, opts ResumeOptions, bundle, step string, deps deps) error {
	o, err := opts.options()
	if err != nil {
		return err
	}
	o.Redo = step
	return goOn(ctx, opts, o, bundle, deps)
}
