// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Command ceremony starts the command line and turns its result into an exit
// status.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"rootceremony/cmd/internal/cli"
)

func main() {
	os.Exit(run())
}

// run is main with defers that are carried out.
func run() int {
	asks := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // nohup
		asks = append(asks, syscall.SIGHUP) // the window was closed
	}
	ctx, stop := signal.NotifyContext(context.Background(), asks...)
	defer stop()
	// The first signal asks the ceremony to stop at a safe place. The second one
	// ends the process as usual.
	context.AfterFunc(ctx, stop)

	return cli.Run(ctx, os.Args[1:], cli.Stdio{
		In:       os.Stdin,
		Out:      os.Stdout,
		Err:      os.Stderr,
		Terminal: cli.ControllingTerminal,
	})
}
