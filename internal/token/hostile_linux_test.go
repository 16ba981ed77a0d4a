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

	"rootceremony/internal/secret"
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
	tok, err := token.Open(t.Context(), token.Options{
		Config: token.Config{Name: "ca", Module: module, Label: "ca"}, Log: log.add,
		PIN: func(token.Info, int) (*secret.PIN, error) {
			typed, err := tty.Secret("PIN: ")
			return secret.NewPIN(typed), err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	answer, err := tty.Ask("Who confirms? ")
	if err := tok.Close(); err != nil {
		t.Error(err)
	}
	fmt.Printf("%s\nanswer %q, %v\n", strings.Join(log.all, "\n"), answer, err)
}

// asking is a program that asks at a terminal.
type asking struct {
	*exec.Cmd
	out    bytes.Buffer
	master *os.File
	seen   string
}

// ask starts TestAskingChild with a hostile module, on a terminal of its own, as an
// ordinary user also where the test is root.
func ask(t *testing.T) *asking {
	t.Helper()
	return askAs(t, os.Getuid() == 0)
}

// askAs is ask, as the user of the test unless it drops root.
func askAs(t *testing.T, drops bool) *asking {
	t.Helper()
	module := tokentest.BuildFaultModule(t)
	master, slave := newPTY(t)
	a := &asking{Cmd: exec.CommandContext(t.Context(), "/proc/self/exe", "-test.run=^TestAskingChild$", "-test.v"), master: master}
	a.Env = append(os.Environ(), askingChild+"="+module, "FAULT_TYPE="+slave.Name())
	a.Dir, a.Stdout, a.Stderr, a.ExtraFiles = "/", &a.out, &a.out, []*os.File{slave}
	a.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
	if drops {
		const nobody = 65534
		a.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
		giveTo(t, nobody, slave.Name(), filepath.Dir(os.Getenv("SOFTHSM2_CONF")))
		if err := os.Chmod(filepath.Dir(module), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Start(); err != nil {
		t.Fatal(err)
	}
	slave.Close() // the program's end is then the end of the terminal
	return a
}

// answers types a line when a question is on the screen.
func (a *asking) answers(t *testing.T, question, line string) {
	t.Helper()
	for p := make([]byte, 1024); !strings.Contains(a.seen, question); {
		n, err := a.master.Read(p)
		if a.seen += string(p[:n]); err != nil {
			_ = a.Wait()
			t.Fatalf("%v: the screen was %q, the output\n%s", err, a.seen, &a.out)
		}
	}
	if _, err := a.master.WriteString(line); err != nil {
		t.Fatal(err)
	}
}

// TestModuleTypes guards the people's answers: a module of the same user finds no
// terminal, opens none by name, and types nothing.
func TestModuleTypes(t *testing.T) {
	tokentest.NewSoftHSM(t, "ca")
	a := ask(t)
	a.answers(t, "PIN: ", tokentest.TestPIN+"\r")
	a.answers(t, "Who confirms? ", "anna\n")
	err := a.Wait()
	for _, want := range []string{
		`answer "anna", <nil>`, "hostile: session own, dumpable 0",
		"hostile: tty closed: No such device or address", "hostile: name closed: Device or resource busy",
	} {
		if err != nil || !strings.Contains(a.out.String(), want) {
			t.Errorf("%v: want %q in\n%s", err, want, &a.out)
		}
	}
}

// TestModuleTypesAsRoot shows what docs/limits.md says of root: the module opens the
// terminal by its name, and where the kernel lets it, answers for people.
func TestModuleTypesAsRoot(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("SKIPPED: this test is about root, and does not run as root")
	}
	tokentest.NewSoftHSM(t, "ca")
	a := askAs(t, false)
	a.answers(t, "PIN: ", tokentest.TestPIN+"\r")
	a.answers(t, "Who confirms? ", "anna\n")
	err := a.Wait()
	if err != nil || !strings.Contains(a.out.String(), "hostile: name opened") {
		t.Errorf("%v: root was kept from the terminal: correct docs/limits.md\n%s", err, &a.out)
	}
	typed := strings.Contains(a.out.String(), "hostile: name opened: typed")
	if answered := strings.Contains(a.out.String(), `answer "done"`); answered != typed {
		t.Errorf("typed %v, answered %v\n%s", typed, answered, &a.out)
	}
}

// TestPINInMemory guards that a PIN lies in the memory of the program in one kind
// of place only, the pages of secret.PIN, although the module prints it.
func TestPINInMemory(t *testing.T) {
	tokentest.NewSoftHSM(t, "other")
	const label, pin = "ca", "Zq9-Only-In-One-Place"
	make := exec.Command("softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", "11112222", "--pin", pin)
	if out, err := make.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Setenv("FAULT_LEAK", "1")
	a := ask(t)
	a.answers(t, "PIN: ", pin+"\r")
	a.answers(t, "Who confirms? ", "")
	held := 0
	for _, at := range inMemory(t, a.Process.Pid, []byte(pin)) {
		page := at.after[:min(len(at.after), os.Getpagesize())]
		if at.address%uint64(os.Getpagesize()) == 0 && len(bytes.Trim(page[len(pin):], "\x00")) == 0 {
			held++
			continue
		}
		t.Errorf("the PIN lies at %#x, between %.40q and %.40q", at.address, at.before, at.after[len(pin):])
	}
	if held == 0 {
		t.Error("the PIN was not found where it is held: this test looks in the wrong place")
	}
	a.answers(t, "Who confirms? ", "anna\n")
	if err := a.Wait(); err != nil || !strings.Contains(a.out.String(), "the PIN is "+secret.Redacted) {
		t.Errorf("%v: the module did not print the PIN\n%s", err, &a.out)
	}
}

// place is where something lies in the memory of a process.
type place struct {
	address       uint64
	before, after []byte
}

// inMemory finds all places of a text in another process.
func inMemory(t *testing.T, pid int, text []byte) (found []place) {
	t.Helper()
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		t.Skip("SKIPPED: the memory of another process cannot be read:", err)
	}
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		t.Skip("SKIPPED: the memory of another process cannot be read:", err)
	}
	defer memory.Close()
	for line := range strings.Lines(string(maps)) {
		var from, to uint64
		var mode string
		if n, _ := fmt.Sscanf(line, "%x-%x %s", &from, &to, &mode); n != 3 || mode[:2] != "rw" {
			continue // what cannot be written was there before
		}
		data := bytes.Repeat([]byte{0}, int(to-from))
		if _, err := memory.ReadAt(data, int64(from)); err != nil {
			continue // a mapping of a device
		}
		for i := 0; ; {
			at := bytes.Index(data[i:], text)
			if at < 0 {
				break
			}
			i += at
			found = append(found, place{from + uint64(i), data[max(0, i-40):i], data[i:]})
			i++
		}
	}
	return found
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
