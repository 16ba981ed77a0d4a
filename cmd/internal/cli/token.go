// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import "github.com/spf13/cobra"

func newTokenCommand(deps deps) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "token",
		Short:   "Look at PKCS#11 tokens",
		Long:    `Look at PKCS#11 tokens. No command here logs in or changes anything.`,
		Example: `  ceremony token list --module /usr/lib/softhsm/libsofthsm2.so`,
	}
	asGroup(cmd)
	cmd.AddCommand(newTokenListCommand(deps))
	return cmd
}
