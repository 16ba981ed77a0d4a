// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/artifact"
	"rootceremony/internal/term"
	"rootceremony/transcripts/event"
)

// verifyOptions are the flags of "verify".
type verifyOptions struct {
	anchorOptions
	Unanchored bool
	Run        bool
	Format     choice
}

// addFlags adds the flags to the command.
func (o *verifyOptions) addFlags(cmd *cobra.Command) {
	o.anchorOptions.addFlags(cmd)
	cmd.Flags().BoolVar(&o.Unanchored, "unanchored", false, "accept a bundle without any anchor")
	cmd.Flags().BoolVar(&o.Run, "run", false, "accept a real ceremony only, no rehearsal")
	addFormat(cmd, &o.Format)
}

func newVerifyCommand(deps deps) *cobra.Command {
	var opts verifyOptions
	cmd := &cobra.Command{
		Use:   "verify BUNDLE",
		Short: "Verify a bundle, offline",
		Long: `Verify a bundle, offline and without a token: every digest, the hash chain and
the seals of the journal, the transcript, and that each artifact follows from
the plan and the recorded values, passes its rules and chains to its issuer.

A bundle cannot vouch for itself. Give an anchor, something known from outside
the bundle: best the digest of its manifest, as written on paper or signed in
the room. Without an anchor, a bundle that is otherwise valid is "unanchored":
status 3, unless --unanchored accepts that.

A rehearsal is valid, too, and the first line says what it is. A program that
reads the status alone adds --run: then a rehearsal has status 3.`,
		Example: `  ceremony verify bundle --manifest DIGEST
  ceremony verify rehearsal-1 --unanchored
  ceremony verify bundle --unanchored --format json`,
		Args:              exactly("BUNDLE"),
		ValidArgsFunction: completeFolders(),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runVerify(cmd.Context(), opts, args[0], deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func runVerify(ctx context.Context, opts verifyOptions, bundle string, deps deps) error {
	anchor, err := opts.from(bundle)
	if err != nil {
		return err
	}
	v, err := verifyBundle(ctx, bundle, anchor)
	if err != nil {
		return err
	}
	defer func() { _ = v.Close() }() // it was only read
	answer := newAnswer(v, opts.Unanchored, opts.Run)
	if opts.Format.value == "json" {
		if err := writeJSON(deps.Out, answer); err != nil {
			return err
		}
	} else {
		writeAnswer(deps.Out, answer)
	}
	if err := answer.err(bundle); err != nil {
		return err
	}
	if next := afterVerdict(v, bundle); len(next) > 0 && opts.Format.value != "json" {
		fmt.Fprintln(deps.Err)
		showNext(deps.Err, next)
	}
	return nil
}

// afterVerdict are the commands after a verdict, for people in the folder of the
// ceremony file: a rehearsal is followed by the run, and a ceremony by that of the next year.
func afterVerdict(v *verify.Verdict, bundle string) []plan.NextCommand {
	p := v.CurrentPlan()
	c := plan.Commands{Bundle: bundle}.FileOf(p.Plan)
	if c.File == "" {
		return nil
	}
	if v.Mode == event.Rehearsal {
		return c.Near(p.Plan, p.Digest).Ahead(true)
	}
	end, of, list := "", "", false
	for _, a := range v.History.Artifacts {
		for _, f := range a.Files {
			list = list || f.Event.Kind == event.KindCRL // "init --next" follows one
			if s := f.Event.Summary; s != nil && s.NextUpdate != "" && (end == "" || s.NextUpdate < end) {
				end, of = s.NextUpdate, a.ID
			}
		}
	}
	if !list {
		return nil
	}
	return []plan.NextCommand{{Why: "before " + end + ", when " + of + " ends, or to revoke a certificate", Line: c.NextYear()}}
}

// verifyBundle verifies a bundle; the caller closes the verdict.
func verifyBundle(ctx context.Context, bundle string, o verify.Options) (*verify.Verdict, error) {
	if err := needsBundle(bundle); err != nil {
		return nil, err
	}
	o.Words, o.Limits = term.Words, artifact.DefaultLimits()
	v, err := verify.Bundle(ctx, bundle, o)
	if err != nil {
		return nil, fmt.Errorf("verifying %s: %w", bundle, err)
	}
	return v, nil
}
