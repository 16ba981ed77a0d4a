// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
)

// TestFirstCeremony follows the page for beginners literally, from an empty
// folder: a shell at a terminal of 80 columns gets its commands, and people read
// the screen and answer what the page says. Then they renew an intermediate of that
// ceremony on its tokens, as the page about that says.
func TestFirstCeremony(t *testing.T) {
	if softHSM() == "" || !token.BuiltIn {
		t.Skip("SoftHSM2 is not installed, or this build has no PKCS#11")
	}
	folder := t.TempDir()
	script := strings.ReplaceAll(pageScript(t, "first-ceremony.md", 16), "/usr/lib/softhsm/libsofthsm2.so", softHSM()) + "cd ..\n" + renewalOnTokens(t)
	second := secondTerminal(t, "first-ceremony.md", filepath.Join(folder, "my-root"))
	people := attentive(termtest.NewScript(80).
		On("(key-digest,", second("key-digest")).On("(artifacts-digest)", second("artifacts-digest")).
		On("Time now", termtest.Reply("2026-12-15T09:00:00Z")).On("PIN of token", termtest.Reply("1234")))

	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-eu", "-c", script)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "SOURCE="+sourceTree(t), "PATH="+pathWithout(t, "ceremony"), "TERM=xterm")
	shown, err := atTerminal(t, cmd, people)
	if err != nil {
		t.Fatalf("%v\n%s", err, shown)
	}
	for _, want := range []string{"REHEARSAL. Its keys", "\nmanifest  ", "then      verify with the manifest digest from paper\n          ceremony verify bundle --manifest DIGEST\n"} {
		if !strings.Contains(shown, want) {
			t.Errorf("%q is missing in\n%s", want, shown)
		}
	}
	if !strings.HasSuffix(shown, "\nVALID\n") || strings.Count(shown, "\nVALID\n") != 3 {
		t.Errorf("the last command does not say VALID:\n%s", shown[max(0, len(shown)-2000):])
	}
}

// renewalOnTokens are the commands of the page about renewals for the tokens of the first
// ceremony, with what comes before its first plan.
func renewalOnTokens(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../../docs/how-to/renew-an-intermediate.md")
	if err != nil {
		t.Fatal(err)
	}
	_, tokens, found := strings.Cut(string(text), "```sh tokens\n")
	before, _, planned := strings.Cut(pageScript(t, "renew-an-intermediate.md", 60), "ceremony plan with-hsm.yaml\n")
	tokens, _, ended := strings.Cut(tokens, "```")
	instead := regexp.MustCompile("write `(cp -r my-root/.*?)` at the top").FindStringSubmatch(string(text))
	if !found || !planned || !ended || instead == nil {
		t.Fatal("the page does not say how to renew on tokens")
	}
	return strings.Replace(before, `cp -r "$SOURCE/examples/bundles/root-2026" root-2026`, instead[1], 1) + tokens
}

// pathWithout is the PATH of somebody who has not built the program yet.
func pathWithout(t *testing.T, program string) string {
	t.Helper()
	found, err := exec.LookPath(program)
	if err != nil {
		t.Fatal(err)
	}
	var keep []string
	for _, folder := range filepath.SplitList(os.Getenv("PATH")) {
		if folder != filepath.Dir(found) {
			keep = append(keep, folder)
		}
	}
	return strings.Join(keep, string(filepath.ListSeparator))
}

// sourceTree is a tree as the page has it: bin/ceremony is this test, and it is
// always the same day, which is not that of the example.
func sourceTree(t *testing.T) string {
	t.Helper()
	source := t.TempDir()
	program, err := exec.LookPath("ceremony")
	if err != nil {
		t.Fatal(err)
	}
	examples, err := filepath.Abs("../../../examples")
	if err != nil {
		t.Fatal(err)
	}
	date, err := exec.LookPath("date")
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(source, "bin")
	if err := errors.Join(os.Mkdir(bin, 0o700), os.Symlink(program, filepath.Join(bin, "ceremony")), os.Symlink(examples, filepath.Join(source, "examples")),
		os.WriteFile(filepath.Join(bin, "date"), []byte("#!/bin/sh\nexec "+date+" -d 2026-12-15T09:00:00Z \"$@\"\n"), 0o700)); err != nil {
		t.Fatal(err)
	}
	return source
}

// secondTerminal answers with what the page has people type in another terminal.
func secondTerminal(t *testing.T, page, folder string) func(what string) termtest.Answer {
	t.Helper()
	text, err := os.ReadFile("../../../docs/how-to/" + page)
	if err != nil {
		t.Fatal(err)
	}
	return func(what string) termtest.Answer {
		block := regexp.MustCompile("(?ms)^```sh second " + what + "\n(.*?)^```$").FindStringSubmatch(string(text))
		if block == nil {
			t.Fatalf("%s: there is no block for %s", page, what)
		}
		return func(string, string) string {
			cmd := exec.CommandContext(t.Context(), "sh", "-c", block[1])
			cmd.Dir = folder
			out, err := cmd.Output()
			if err != nil || len(strings.Fields(string(out))) == 0 {
				return fmt.Sprint("nothing: ", err)
			}
			return strings.Fields(string(out))[0]
		}
	}
}

// atTerminal runs a command at a pseudo terminal of its own, and puts the
// questions on it to people.
func atTerminal(t *testing.T, cmd *exec.Cmd, people *termtest.Script) (string, error) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo terminals:", err)
	}
	defer master.Close()
	fd := int(master.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err := errors.Join(err, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0),
		unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80})); err != nil {
		t.Skip("no pseudo terminals:", err)
	}
	tty, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setsid, cmd.SysProcAttr.Setctty = true, true
	if user := cmd.SysProcAttr.Credential; user != nil {
		if err := os.Chown(tty.Name(), int(user.Uid), -1); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(cmd.Start(), tty.Close()); err != nil {
		t.Fatal(err)
	}
	shown, talkErr := talk(master, people)
	if talkErr != nil {
		_ = cmd.Process.Kill() // it would wait for an answer
	}
	return shown, errors.Join(talkErr, cmd.Wait())
}

// question is a line that waits for an answer. What a terminal shows comes in
// pieces: another text may end in a colon for a moment.
var question = regexp.MustCompile(`(?:Who is here|at the keyboard|agree or|Time now|Name of the|four digits|type done|Type (?:APPROVE|SIGN)|MORE|How many|PIN of token|^\[|\([a-zA-Z-]+[),]).*: $`)

// talk reads what a terminal shows, until nobody has it open any more, and types
// the answers of people.
func talk(terminal io.ReadWriter, people *termtest.Script) (string, error) {
	var shown strings.Builder
	pending, buf := "", make([]byte, 4096)
	for {
		n, err := terminal.Read(buf)
		text := strings.ReplaceAll(string(buf[:n]), "\r", "")
		shown.WriteString(text)
		pending += text
		if err != nil {
			if errors.Is(err, unix.EIO) || errors.Is(err, io.EOF) { // what a master says when no slave is open
				err = nil
			}
			return shown.String(), err
		}
		i := strings.LastIndexByte(pending, '\n') + 1
		if !question.MatchString(pending[i:]) {
			continue
		}
		people.Print(pending[:i])
		answer, err := people.Ask(pending[i:])
		if err != nil {
			return shown.String(), err
		}
		pending = ""
		if _, err := io.WriteString(terminal, answer+"\n"); err != nil {
			return shown.String(), err
		}
	}
}
