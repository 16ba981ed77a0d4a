// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"io/fs"

	"github.com/spf13/cobra"

	"rootceremony/lint/files"
	"rootceremony/profiles"
)

func newProfileCheckCommand(deps deps) *cobra.Command {
	var opts lintOptions
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Lint profiles",
		Long: `Lint profiles, as "ceremony lint" does: build specimens with sample values and a
sample issuer, for every key type and signature algorithm that the profile
allows, and lint them by the rule packs of the profile. No key is generated and
nothing is signed. FILE may be the name of a built-in profile.`,
		Example: `  ceremony profile check profiles/*.yaml
  ceremony profile check br-root --at 2029-03-15`,
		Args:              atLeastOne("FILE"),
		ValidArgsFunction: completeFiles("yaml", "yml"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runProfileCheck(cmd.Context(), opts, args, deps)
		},
	}
	opts.addCommon(cmd)
	return cmd
}

func runProfileCheck(ctx context.Context, opts lintOptions, names []string, deps deps) error {
	found := &files.Found{}
	for _, name := range names {
		file, err := profileFile(name)
		if err != nil {
			return err
		}
		found.Files = append(found.Files, file)
	}
	return lintFound(ctx, opts, found, deps)
}

// profileFile reads a profile by the name of its file or of a built-in one.
func profileFile(name string) (files.File, error) {
	data, err := readArgument(name, nil)
	if errors.Is(err, fs.ErrNotExist) {
		if builtin, ok := profiles.BuiltInByName(name); ok {
			return files.File{Name: name, Data: builtin.Data, Named: true, Profile: true}, nil
		}
	}
	if err != nil {
		return files.File{}, err
	}
	return files.File{Name: name, Data: data, Named: true, Profile: true}, nil
}
