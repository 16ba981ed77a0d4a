// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/verify"
	"rootceremony/internal/artifact"
	"rootceremony/internal/term"
)

// VerifyOptions are the flags of "verify".
type VerifyOptions struct {
	AnchorOptions
	Unanchored bool
	Format     choice
}

// AddFlags adds the flags to the command.
func (o *VerifyOptions) AddFlags(cmd *cobra.Command) {
	o.AnchorOptions.AddFlags(cmd)
	cmd.Flags().BoolVar(&o.Unanchored, "unanchored", false, "accept a bundle that nothing from outside vouches for")
	addFormat(cmd, &o.Format)
}

func newVerifyCommand(deps deps) *cobra.Command {
	var opts VerifyOptions
	cmd := &cobra.Command{
		Use:   "verify BUNDLE",
		Short: "Judge a bundle, offline",
		Long: `Judge a bundle, offline and without a token: every digest, the chain and the
seals of the journal, the transcript, and that each artifact follows from the
plan and what was recorded, keeps its rules and chains.

A bundle cannot vouch for itself. Give the digest of its manifest as it was
written on paper or signed in the room. Without it, a bundle that is otherwise
right is "unanchored": status 3, unless --unanchored says that this is known.`,
		Example: `  ceremony verify bundle --manifest DIGEST
  ceremony verify rehearsal-1 --unanchored
  ceremony verify bundle --unanchored --format json`,
		Args:              exactly("BUNDLE"),
		ValidArgsFunction: completeFolders(),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runVerify(cmd.Context(), opts, args[0], deps)
		},
	}
	opts.AddFlags(cmd)
	return cmd
}

func runVerify(ctx context.Context, opts VerifyOptions, bundle string, deps deps) error {
	anchor, err := opts.options()
	if err != nil {
		return err
	}
	v, err := verifyBundle(ctx, bundle, anchor)
	if err != nil {
		return err
	}
	defer func() { _ = v.Close() }() // it was only read
	answer := judge(v, opts.Unanchored)
	if opts.Format.value == "json" {
		if err := writeJSON(deps.Out, answer); err != nil {
			return err
		}
	} else {
		writeAnswer(deps.Out, answer)
	}
	return answer.err(bundle)
}

// verify judges a bundle; the verdict is to be closed.
func verifyBundle(ctx context.Context, bundle string, o verify.Options) (*verify.Verdict, error) {
	o.Words, o.Limits = term.Words, artifact.DefaultLimits()
	v, err := verify.Bundle(ctx, bundle, o)
	if err != nil {
		return nil, fmt.Errorf("verifying %s: %w", bundle, err)
	}
	return v, nil
}
