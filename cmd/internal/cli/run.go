// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rootceremony/ceremony"
	"rootceremony/transcripts"
)

// RunOptions are the flags of "run".
type RunOptions struct {
	ExecuteOptions
	Plan         string
	Policy       string
	PolicyDigest string
}

// AddFlags adds the flags to the command.
func (o *RunOptions) AddFlags(cmd *cobra.Command) {
	addFolder(cmd, &o.Plan, "plan", "`DIR` with the plan that people approved (required)")
	addFile(cmd, &o.Policy, "policy", "trust policy `FILE` that says who approves", "json")
	cmd.Flags().StringVar(&o.PolicyDigest, "policy-digest", "", "`DIGEST` of the policy from paper, in hex or words")
	o.ExecuteOptions.AddFlags(cmd, "site `FILE` that names the tokens in this room (required)")
}

func newRunCommand(deps deps) *cobra.Command {
	var opts RunOptions
	cmd := &cobra.Command{
		Use:   "run FILE",
		Short: "Carry out a ceremony file on real tokens",
		Long: `Carry out a ceremony file on real tokens, with people.

The plan has to be approved as a trust policy demands, by signatures that lie in
the plan folder beside plan.json, unless the ceremony file says approval: none.
The digest of the policy comes from paper: --policy FILE --policy-digest DIGEST.
The file is planned again from the beginning. Nothing is done when the result is
not, byte for byte, the plan that people approved, or when the time in the room
is outside the window. Each signature is confirmed by people. STOP, typed at any
question and confirmed by a second person, stops the ceremony.

` + executeHelp,
		Example:           `  ceremony run ceremony.yaml --plan plan-1 --site site.yaml --bundle bundle`,
		Args:              exactly("FILE"),
		ValidArgsFunction: completeFiles("yaml", "yml"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runRun(cmd.Context(), opts, args[0], deps)
		},
	}
	opts.AddFlags(cmd)
	return cmd
}

func runRun(ctx context.Context, opts RunOptions, name string, deps deps) error {
	if err := opts.check(); err != nil {
		return err
	}
	approved, err := readArgument(filepath.Join(opts.Plan, "plan.json"), nil)
	if err != nil {
		return withHint(err, "ceremony plan %s --out DIR writes it", name)
	}
	p, site, err := planned(ctx, name, opts.ExecuteOptions)
	if err != nil {
		return err
	}
	terminal := deps.lazyTerminal(ctx)
	defer func() { _ = terminal.Close() }() // its state is restored as well as can be
	t, err := terminal.get()
	if err != nil {
		return err
	}
	o := ceremony.Options{Mode: transcripts.Run, Site: site, Approved: approved, People: ceremony.Asked{Terminal: t}}
	if err := opts.approval(&o); err != nil {
		return err
	}
	return execute(ctx, p, opts.ExecuteOptions, o, terminal, deps)
}

// approval fills in what the approval of the plan is judged by.
func (o *RunOptions) approval(to *ceremony.Options) error {
	if o.Policy == "" {
		return nil
	}
	if o.PolicyDigest == "" {
		return usage("add --policy-digest with the digest from paper: the file cannot vouch for itself", "--policy-digest is missing")
	}
	sum, err := digest(o.PolicyDigest)
	if err != nil {
		return usage("give 64 hexadecimal digits, or the 32 words in quotes", "--policy-digest: %v", err)
	}
	policy, err := readArgument(o.Policy, nil)
	if err != nil {
		return err
	}
	to.Policy, to.PolicySHA256, to.Approvals = policy, sum, os.DirFS(o.Plan)
	return nil
}

func (o *RunOptions) check() error {
	switch {
	case o.Plan == "":
		return usage("add --plan DIR with the folder that ceremony plan --out wrote", "--plan is missing")
	case o.Site == "":
		return usage("add --site FILE; ceremony token list prints lines for it", "--site is missing")
	}
	return o.needBundle()
}
