// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// asProgram has the test binary be the program.
const asProgram = "CEREMONY_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(run())
	}
	os.Exit(m.Run())
}

// TestSignalEndsWaits sends SIGTERM, as a shutdown does, to the program while it waits
// for somebody to write into a pipe: it ends at once and says that it was interrupted.
func TestSignalEndsWaits(t *testing.T) {
	const example = "../../examples/root-2026/"
	for name, args := range map[string][]string{
		"an object": {"inspect", "-"},
		"PINs":      {"rehearse", example + "ceremony.yaml", "--site", example + "site.yaml", "--bundle", filepath.Join(t.TempDir(), "b"), "--pin-fd", "0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var shown bytes.Buffer
			cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
			cmd.Env, cmd.Stderr, cmd.Stdout = append(os.Environ(), asProgram+"=1"), &shown, &shown
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			// More than a pipe holds: when it is written, the program has read some of it, and
			// waits for more.
			for i := range 10_000 {
				if _, err := fmt.Fprintf(in, "token-%06d 12345\n", i); err != nil {
					t.Fatalf("%v\n%s", err, shown.String())
				}
			}
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			select {
			case <-ended:
			case <-time.After(time.Minute):
				t.Fatal("it waits on")
			}
			if code := cmd.ProcessState.ExitCode(); code != 130 {
				t.Errorf("exit status %d:\n%s", code, shown.String())
			}
		})
	}
}
