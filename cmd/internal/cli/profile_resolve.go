// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"github.com/spf13/cobra"

	"rootceremony/ceremony/plan"
)

func newProfileResolveCommand(deps deps) *cobra.Command {
	return &cobra.Command{
		Use:   "resolve NAME|FILE",
		Short: "Write a profile with all defaults filled in, for approval",
		Long: `Write a profile with all defaults filled in, as canonical JSON (RFC 8785). These
are the bytes that people approve; "ceremony plan --out" writes the same for
every profile of a ceremony. NAME is a built-in profile.`,
		Example: `  ceremony profile resolve profiles/root.yaml > root.profile.json
  ceremony approve root.profile.json --policy policy.json --agent card.pub`,
		Args:              exactly("NAME|FILE"),
		ValidArgsFunction: completeProfiles,
		RunE: func(_ *cobra.Command, args []string) error {
			return runProfileResolve(args[0], deps)
		},
	}
}

func runProfileResolve(name string, deps deps) error {
	p, err := namedProfile(name)
	if err != nil {
		return err
	}
	data, err := plan.ResolvedProfile(p)
	if err != nil {
		return err
	}
	_, err = deps.Out.Write(data)
	return err
}
