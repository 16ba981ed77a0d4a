// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

func newCompletionCommand(deps deps) *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Write a completion script for a shell",
		Long: `Write a completion script for bash, zsh, fish or powershell to standard output.
The manual of your shell says where to install it.`,
		Example: `  ceremony completion bash > /etc/bash_completion.d/ceremony
  ceremony completion zsh > "${fpath[1]}/_ceremony"`,
		Args: func(cmd *cobra.Command, args []string) error {
			if err := exactly("SHELL")(cmd, args); err != nil {
				return err
			}
			if !slices.Contains(shells, args[0]) {
				return usage("one of "+strings.Join(shells, ", "), "unknown shell %q", args[0])
			}
			return nil
		},
		ValidArgs: shells,
		RunE: func(cmd *cobra.Command, args []string) error {
			return runCompletion(cmd.Root(), args[0], deps)
		},
	}
}

func runCompletion(root *cobra.Command, shell string, deps deps) error {
	var err error
	switch shell {
	case "bash":
		err = root.GenBashCompletionV2(deps.Out, true)
	case "zsh":
		err = root.GenZshCompletion(deps.Out)
	case "fish":
		err = root.GenFishCompletion(deps.Out, true)
	case "powershell":
		err = root.GenPowerShellCompletionWithDesc(deps.Out)
	}
	if err != nil {
		return fmt.Errorf("writing completion script: %w", err)
	}
	return nil
}
