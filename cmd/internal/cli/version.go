// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

// versionOptions are the flags of "version".
type versionOptions struct {
	Format choice
}

// addFlags adds the flags to the command.
func (o *versionOptions) addFlags(cmd *cobra.Command) {
	addFormat(cmd, &o.Format)
}

func newVersionCommand(deps deps) *cobra.Command {
	var opts versionOptions
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Show how this program was built",
		Long: `Show how this program was built: version, commit, compiler, system, and whether
it supports PKCS#11.`,
		Example: `  ceremony version
  ceremony version --format json`,
		Args: exactly(),
		RunE: func(_ *cobra.Command, _ []string) error {
			return runVersion(opts, deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func runVersion(opts versionOptions, deps deps) error {
	facts := readBuild()
	if opts.Format.value == "json" {
		return writeJSON(deps.Out, facts)
	}
	fmt.Fprintf(deps.Out, "ceremony %s\n", facts.Version)
	if facts.Commit != "" {
		note := ""
		if facts.Modified {
			note = " with uncommitted changes"
		}
		fmt.Fprintf(deps.Out, "commit   %s%s\n", facts.Commit, note)
	}
	fmt.Fprintf(deps.Out, "go       %s\n", facts.Go)
	fmt.Fprintf(deps.Out, "system   %s\n", facts.System)
	fmt.Fprintf(deps.Out, "PKCS#11  %s\n", map[bool]string{true: "yes", false: "no: this is an auditor's build"}[facts.PKCS11])
	return nil
}
