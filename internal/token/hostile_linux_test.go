// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo

package token_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"rootceremony/internal/term"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// askingChild names the module for the program that TestModuleTypes starts.
const askingChild = "TOKEN_TEST_ASKING"

// TestAskingChild is that program: it opens the terminal and a token, asks one
// question, and prints what the module said and what the answer was.
func TestAskingChild(t *testing.T) {
	module := os.Getenv(askingChild)
	if module == "" {
		t.Skip("the program of TestModuleTypes, which starts it")
	}
	tty, err := term.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	log := &lines{}
	tok, err := token.Open(t.Context(), token.Options{PIN: tokentest.PIN, Log: log.add,
		Config: token.Config{Name: "ca", Module: module, Label: "ca"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := tok.Close(); err != nil {
		t.Error(err)
	}
	answer, err := tty.Ask("Who confirms? ")
	fmt.Printf("%s\nanswer %q, %v\n", strings.Join(log.all, "\n"), answer, err)
}

// TestModuleTypes guards the people's answers: a module of the same user finds no
// terminal, opens none by name, and types nothing. Root could, so the test drops
// to an ordinary user where it is root.
func TestModuleTypes(t *testing.T) {
	tokentest.NewSoftHSM(t, "ca")
	module := tokentest.BuildFaultModule(t)
	master, slave := newPTY(t)
	program := exec.CommandContext(t.Context(), "/proc/self/exe", "-test.run=^TestAskingChild$", "-test.v")
	program.Env = append(os.Environ(), askingChild+"="+module, "FAULT_TYPE="+slave.Name())
	var out bytes.Buffer
	program.Dir, program.Stdout, program.Stderr, program.ExtraFiles = "/", &out, &out, []*os.File{slave}
	program.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
	if os.Getuid() == 0 {
		const nobody = 65534
		program.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
		giveTo(t, nobody, slave.Name(), filepath.Dir(os.Getenv("SOFTHSM2_CONF")))
		if err := os.Chmod(filepath.Dir(module), 0o755); err != nil { //nolint:gosec // nobody loads it
			t.Fatal(err)
		}
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	slave.Close() // the program's end is then the end of the terminal
	seen := ""
	for p := make([]byte, 1024); !strings.Contains(seen, "Who confirms? "); {
		n, err := master.Read(p)
		if seen += string(p[:n]); err != nil {
			_ = program.Wait()
			t.Fatalf("%v: the screen was %q, the output\n%s", err, seen, &out)
		}
	}
	if _, err := master.WriteString("anna\n"); err != nil {
		t.Fatal(err)
	}
	err := program.Wait()
	for _, want := range []string{
		`answer "anna", <nil>`, "hostile: session own, dumpable 0",
		"hostile: tty closed: No such device or address", "hostile: name closed: Device or resource busy",
	} {
		if err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("%v: want %q in\n%s", err, want, &out)
		}
	}
}

// newPTY makes a pseudo terminal.
func newPTY(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo terminals:", err)
	}
	t.Cleanup(func() { master.Close() })
	fd := int(master.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Skip("no pseudo terminals:", err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Skip("no pseudo terminals:", err)
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { slave.Close() })
	return master, slave
}

// giveTo gives files and folders to another user.
func giveTo(t *testing.T, user int, names ...string) {
	t.Helper()
	for _, name := range names {
		err := filepath.WalkDir(name, func(path string, _ fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			return os.Chown(path, user, -1)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
