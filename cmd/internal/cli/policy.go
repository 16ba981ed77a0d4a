// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"github.com/spf13/cobra"
)

func newPolicyCommand(deps deps) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Make and check the trust policy",
		Long: `Make and check the trust policy.

A trust policy is one JSON file that says who may sign as what: people with
their SSH keys, roles with how many people each needs, roles that exclude each
other, and what a plan, a site, a profile and a manifest need. Its digest is
given from outside: printed in the script, read aloud, published.`,
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
		Long: `Write the allowed_signers file of a policy to standard output, for checking
signatures by hand with ssh-keygen -Y verify. Each person is NAME@ORG and may
sign under the namespaces that the policy gives a say in. Times, thresholds and
touch are not in it: only this program judges those.`,
		Example:           `  ceremony policy signers policy.json > allowed_signers`,
		Args:              exactly("FILE"),
		ValidArgsFunction: completeFiles("json"),
		RunE: func(_ *cobra.Command, args []string) error {
			return runPolicySigners(args[0], deps)
		},
	}
}
