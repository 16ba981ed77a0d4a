// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/spf13/cobra"

	"rootceremony/profiles"
)

// profileListOptions are the flags of "profile list".
type profileListOptions struct {
	Format choice
}

// addFlags adds the flags to the command.
func (o *profileListOptions) addFlags(cmd *cobra.Command) {
	addFormat(cmd, &o.Format)
}

func newProfileListCommand(deps deps) *cobra.Command {
	var opts profileListOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the built-in profiles",
		Long:  `List the built-in profiles, one a line.`,
		Example: `  ceremony profile list
  ceremony profile list --format json`,
		Args: exactly(),
		RunE: func(_ *cobra.Command, _ []string) error {
			return runProfileList(opts, deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

// listedProfile is one built-in profile in JSON.
type listedProfile struct {
	Name    string `json:"name"`
	Summary string `json:"summary"`
	SHA256  string `json:"sha256"`
}

func runProfileList(opts profileListOptions, deps deps) error {
	builtin := profiles.BuiltIns()
	if opts.Format.value == "json" {
		out := []listedProfile{}
		for _, p := range builtin {
			sum := sha256.Sum256(p.Data)
			out = append(out, listedProfile{p.Name, p.Summary, hex.EncodeToString(sum[:])})
		}
		return writeJSON(deps.Out, out)
	}
	var rows [][2]string
	for _, p := range builtin {
		rows = append(rows, [2]string{p.Name, p.Summary})
	}
	writeNames(deps.Out, rows)
	return nil
}
