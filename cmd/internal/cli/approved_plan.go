// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rootceremony/ceremony"
)

// ApprovedPlan are the flags of "run" and "amend" that say which plan people
// approved, and by which policy.
type ApprovedPlan struct {
	Plan         string
	Policy       string
	PolicyDigest string
}

// AddFlags adds the flags to the command.
func (o *ApprovedPlan) AddFlags(cmd *cobra.Command) {
	addFolder(cmd, &o.Plan, "plan", "`DIR` with the plan that people approved (required)")
	addFile(cmd, &o.Policy, "policy", "trust policy `FILE` that says who approves", "json")
	cmd.Flags().StringVar(&o.PolicyDigest, "policy-digest", "", "`DIGEST` of the policy from paper, in hex or words")
}

// fill reads the approved plan of a ceremony file, and what its approval is
// judged by.
func (o *ApprovedPlan) fill(to *ceremony.Options, name string) error {
	if o.Plan == "" {
		return usage("add --plan DIR with the folder that ceremony plan --out wrote", "--plan is missing")
	}
	approved, err := readArgument(filepath.Join(o.Plan, "plan.json"), nil)
	if err != nil {
		return withHint(err, "ceremony plan %s --out DIR writes it", name)
	}
	to.Approved = approved
	if o.Policy == "" {
		return nil
	}
	if o.PolicyDigest == "" {
		return usage("add --policy-digest with the digest from paper: the file cannot vouch for itself", "--policy-digest is missing")
	}
	sum, err := flagDigest("--policy-digest", o.PolicyDigest)
	if err != nil {
		return err
	}
	policy, err := readArgument(o.Policy, nil)
	if err != nil {
		return err
	}
	to.Policy, to.PolicySHA256, to.Approvals = policy, sum, os.DirFS(o.Plan)
	return nil
}
