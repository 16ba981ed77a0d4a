// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package secret

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// childMark tells the test binary to be one of the two programs under test.
const childMark = "SECRET_TEST_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(childMark) {
	case "":
		os.Exit(m.Run())
	case "shielded":
		if err := Shield(); err != nil {
			panic(err)
		}
		fallthrough
	case "open":
		fmt.Println("ready")
		_, _ = io.Copy(io.Discard, os.Stdin)
	default: // a file in /proc of another process
		if f, err := os.Open(os.Getenv(childMark)); err == nil {
			_ = f.Close()
			os.Exit(42)
		}
		os.Exit(40)
	}
}

// same makes a command of the test binary, always as the same ordinary user.
func same(t *testing.T, mode string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), "/proc/self/exe")
	cmd.Env = []string{childMark + "=" + mode}
	if os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	return cmd
}

// TestShield guards the memory of the program against other processes of the
// same user. Reading the environment asks for the same right as reading the
// memory, but not for that of a debugger, which systems restrict further.
func TestShield(t *testing.T) {
	for mode, files := range map[string]map[string]int{
		"open":     {"environ": 42},
		"shielded": {"environ": 40, "mem": 40, "maps": 40},
	} {
		target := same(t, mode)
		in, err := target.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := target.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := target.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		for file, want := range files {
			reader := same(t, fmt.Sprintf("/proc/%d/%s", target.Process.Pid, file))
			_ = reader.Run()
			if got := reader.ProcessState.ExitCode(); got != want {
				t.Errorf("%s: %s: exit status %d, want %d", mode, file, got, want)
			}
		}
		_ = in.Close()
		_ = target.Wait()
	}
}
