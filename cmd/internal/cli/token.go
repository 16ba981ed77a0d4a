// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import "github.com/spf13/cobra"

func newTokenCommand(deps deps) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "token",
		Short:   "List PKCS#11 tokens",
		Long:    `List PKCS#11 tokens, without logging in or changing anything.`,
		Example: `  ceremony token list --module /usr/lib/softhsm/libsofthsm2.so`,
	}
	asGroup(cmd)
	cmd.AddCommand(newTokenListCommand(deps))
	return cmd
}
