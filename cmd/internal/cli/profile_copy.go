// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"rootceremony/internal/artifact"
)

// profileCopyOptions are the flags of "profile copy".
type profileCopyOptions struct {
	To string
}

// addFlags adds the flags to the command.
func (o *profileCopyOptions) addFlags(cmd *cobra.Command) {
	addFile(cmd, &o.To, "to", "new `FILE` (default NAME.yaml in this folder)", "yaml", "yml")
}

func newProfileCopyCommand(deps deps) *cobra.Command {
	var opts profileCopyOptions
	cmd := &cobra.Command{
		Use:   "copy NAME",
		Short: "Copy a built-in profile to a file",
		Long: `Copy a built-in profile to a new file, for you to edit. An existing file is
never overwritten.`,
		Example: `  ceremony profile copy br-root
  ceremony profile copy br-root --to profiles/root.yaml`,
		Args:              exactly("NAME"),
		ValidArgsFunction: completeProfiles,
		RunE: func(_ *cobra.Command, args []string) error {
			return runProfileCopy(opts, args[0], deps)
		},
	}
	opts.addFlags(cmd)
	return cmd
}

func runProfileCopy(opts profileCopyOptions, name string, deps deps) error {
	p, err := builtinProfile(name)
	if err != nil {
		return err
	}
	to := cmp.Or(opts.To, name+".yaml")
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return withHint(fmt.Errorf("%s exists already", to), "name a new file with --to FILE")
	}
	if err := artifact.WriteFile(to, p.Data, 0o644); err != nil {
		return err
	}
	fmt.Fprintln(deps.Out, to)
	return nil
}
