// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import "github.com/spf13/cobra"

func newTokenCommand(deps deps) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "token",
		Short: "List, check and test PKCS#11 tokens",
		Long: `List PKCS#11 tokens, without a login, or check those of a ceremony, with one.
Neither changes anything on a token. "test" makes sacrificial keys there, uses
them and destroys them, if somebody at the terminal agrees.`,
		Example: `  ceremony token list --module /usr/lib/softhsm/libsofthsm2.so
  ceremony token check ceremony.yaml --site site.yaml
  ceremony token test --site site.yaml --plan plan-1`,
	}
	asGroup(cmd)
	cmd.AddCommand(newTokenListCommand(deps), newTokenCheckCommand(deps), newTokenTestCommand(deps))
	return cmd
}
