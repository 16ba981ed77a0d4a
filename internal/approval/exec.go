// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
)

// ErrNoKeygen says that ssh-keygen is not installed.
var ErrNoKeygen = errors.New("ssh-keygen is not installed")

// Exec is the Program that runs on this computer. It asks at the terminal of
// the caller, which it shares; its messages to people go to errs.
func Exec(errs io.Writer) Program {
	return func(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
		path, err := exec.LookPath(args[0])
		if err != nil {
			return fmt.Errorf("%w: %w", ErrNoKeygen, err)
		}
		cmd := exec.CommandContext(ctx, path, args[1:]...) //nolint:gosec // signArguments makes them, without a shell
		cmd.Stdin, cmd.Stdout, cmd.Stderr = in, out, errs
		return cmd.Run()
	}
}
