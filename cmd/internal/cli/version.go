// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"rootceremony/internal/token"
)

// VersionOptions are the flags of "version".
type VersionOptions struct {
	Format choice
}

// AddFlags adds the flags to the command.
func (o *VersionOptions) AddFlags(cmd *cobra.Command) {
	addFormat(cmd, &o.Format)
}

func newVersionCommand(deps deps) *cobra.Command {
	var opts VersionOptions
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Say what this program was built from",
		Long: `Say what this program was built from: its version, the commit, the compiler,
the system, and whether it can use PKCS#11.`,
		Example: `  ceremony version
  ceremony version --format json`,
		Args: exactly(),
		RunE: func(_ *cobra.Command, _ []string) error {
			return runVersion(opts, deps)
		},
	}
	opts.AddFlags(cmd)
	return cmd
}

// buildFacts is what a build says of itself.
type buildFacts struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	System   string `json:"system"`
	PKCS11   bool   `json:"pkcs11"`
}

func runVersion(opts VersionOptions, deps deps) error {
	facts := readBuild()
	if opts.Format.value == "json" {
		return writeJSON(deps.Out, facts)
	}
	fmt.Fprintf(deps.Out, "ceremony %s\n", facts.Version)
	if facts.Commit != "" {
		note := ""
		if facts.Modified {
			note = " with changes that are not committed"
		}
		fmt.Fprintf(deps.Out, "commit   %s%s\n", facts.Commit, note)
	}
	fmt.Fprintf(deps.Out, "go       %s\n", facts.Go)
	fmt.Fprintf(deps.Out, "system   %s\n", facts.System)
	fmt.Fprintf(deps.Out, "PKCS#11  %s\n", map[bool]string{true: "yes", false: "no, this is an auditor's build"}[facts.PKCS11])
	return nil
}

// readBuild asks the running program.
func readBuild() buildFacts {
	facts := buildFacts{
		Version: "(devel)",
		Go:      runtime.Version(),
		System:  runtime.GOOS + "/" + runtime.GOARCH,
		PKCS11:  token.BuiltIn,
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return facts
	}
	facts.Version = cmp.Or(info.Main.Version, facts.Version)
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			facts.Commit = setting.Value
		case "vcs.modified":
			facts.Modified = setting.Value == "true"
		}
	}
	return facts
}
