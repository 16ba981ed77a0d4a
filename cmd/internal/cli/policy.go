// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"github.com/spf13/cobra"
)

func newPolicyCommand(deps deps) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Write and check the trust policy",
		Long: `Write and check the trust policy.

A trust policy is a JSON file that says who may sign what: people with their SSH
keys, roles and how many people each role needs, roles that exclude each other,
and which roles must approve a plan, a site, a profile and a manifest. Its
digest must reach you by another way: on paper, read aloud, published.`,
		Example: `  ceremony policy init --org example --key al=a.pub --key bob=b.pub --out p.json
  ceremony policy check p.json`,
	}
	asGroup(cmd)
	cmd.AddCommand(
		newPolicyInitCommand(deps),
		newPolicyCheckCommand(deps),
		newPolicySignersCommand(deps),
	)
	return cmd
}

func newPolicySignersCommand(deps deps) *cobra.Command {
	return &cobra.Command{
		Use:   "signers FILE",
		Short: "Write the allowed_signers file of a policy",
		Long: `Write the allowed_signers file of a policy to standard output, to check
signatures by hand with ssh-keygen -Y verify. Each person is NAME@ORG, limited
to the namespaces in which the policy counts their signature. The file leaves
out validity times, thresholds and touch; only this program checks those.`,
		Example:           `  ceremony policy signers policy.json > allowed_signers`,
		Args:              exactly("FILE"),
		ValidArgsFunction: completeFiles("json"),
		RunE: func(_ *cobra.Command, args []string) error {
			return runPolicySigners(args[0], deps)
		},
	}
}
