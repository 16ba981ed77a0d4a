// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"github.com/spf13/cobra"
)

func newProfileShowCommand(deps deps) *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME",
		Short: "Print a built-in profile",
		Long:  `Print a built-in profile, byte for byte as "ceremony profile copy" writes it.`,
		Example: `  ceremony profile show br-root
  ceremony profile show br-root | sha256sum`,
		Args:              exactly("NAME"),
		ValidArgsFunction: completeProfiles,
		RunE: func(_ *cobra.Command, args []string) error {
			return runProfileShow(args[0], deps)
		},
	}
}

func runProfileShow(name string, deps deps) error {
	p, err := builtinProfile(name)
	if err != nil {
		return err
	}
	_, err = deps.Out.Write(p.Data)
	return err
}
