// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// twoTokens is a ceremony on the token of a hostile module and on another.
const twoTokens = `version: 1
ceremony: {id: two-tokens, approval: none, title: Two tokens, window: {from: 2026-12-01T08:00:00Z, to: 2026-12-01T10:00:00Z}}
people:
  administrator: {of: [alice], need: 1}
  internal-witness: {of: [bob], need: 1}
keys:
  hostile: {token: hostile, algorithm: ecdsa-p384, class: root}
  sound: {token: sound, algorithm: ecdsa-p384, class: root}
authorities:
  hostile: {key: hostile, subject: {organization: Small, common-name: Hostile Root}}
  sound: {key: sound, subject: {organization: Small, common-name: Sound Root}}
steps:
  - section: All
  - generate: [hostile, sound]
  - issue: hostile-root
    profile: builtin:private-root
    subject: hostile
    issuer: hostile
    validity: {not-before: signing-day, for: 10y}
  - issue: sound-root
    profile: builtin:private-root
    subject: sound
    issuer: sound
    validity: {not-before: signing-day, for: 10y}
`

// otherPIN opens the token of the sound module.
const otherPIN = "Other-0815-PIN"

// ordinaryUser is whom the tests are when they should not be root.
const ordinaryUser = 65534

// spiedRoom is a room that belongs to a user, with two tokens, of which one has a
// module that leaves a spy behind.
type spiedRoom struct {
	*room
	report string
	user   *syscall.Credential // nil: the one of the test
}

func newSpiedRoom(t *testing.T) *spiedRoom {
	t.Helper()
	if softHSM() == "" || !token.BuiltIn {
		t.Skip("SoftHSM2 is not installed, or this build has no PKCS#11")
	}
	folder, err := os.MkdirTemp("", "spied-") // t.TempDir lies in a folder of the test's user
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	r := &spiedRoom{room: &room{folder: folder, file: filepath.Join(folder, "ceremony.yaml"), plan: filepath.Join(folder, "plan"),
		site: filepath.Join(folder, "site.yaml"), bundle: filepath.Join(folder, "bundle")}, report: filepath.Join(folder, "report")}
	hostile := tokentest.NewSoftHSM(t, "hostile")
	out, err := exec.CommandContext(t.Context(), "softhsm2-util", "--init-token", "--free", "--label", "sound", "--so-pin", "11112222", "--pin", otherPIN).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	body, err := os.ReadFile(tokentest.BuildFaultModule(t))
	module := filepath.Join(folder, "module.so")
	if err := errors.Join(err, os.WriteFile(module, body, 0o755), os.WriteFile(r.file, []byte(twoTokens), 0o600),
		os.WriteFile(r.site, []byte("version: 1\nsoftware-token: true\ntokens:\n  hostile: {module: "+module+", label: hostile, login: pin}\n"+
			"  sound: {module: "+hostile.Module+", label: sound, login: pin}\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if status, errs := command(t, nil, "plan", r.file, "--site", r.site, "--out", r.plan); status != exitDone {
		t.Fatalf("plan: exit status %d: %s", status, errs)
	}
	return r
}

// ordinary gives the room to an ordinary user, where the test is root.
func (r *spiedRoom) ordinary(t *testing.T) {
	t.Helper()
	if os.Getuid() != 0 {
		return
	}
	r.user = &syscall.Credential{Uid: ordinaryUser, Gid: ordinaryUser}
	for _, folder := range []string{r.folder, filepath.Dir(os.Getenv("SOFTHSM2_CONF"))} {
		err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
			return errors.Join(err, os.Chown(path, ordinaryUser, ordinaryUser))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// program makes a command of the user of the room.
func (r *spiedRoom) program(ctx context.Context, path string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, path)
	cmd.Args, cmd.Dir = args, r.folder
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: r.user}
	return cmd
}

// spied carries the ceremony out at a terminal, and gives what the screen showed and
// what the spy reports.
func (r *spiedRoom) spied(t *testing.T) (shown, report string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	victim := r.program(ctx, "/bin/sleep", "sleep", "90")
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = victim.Process.Kill()
		_ = victim.Wait()
	}()
	cmd := r.program(ctx, "/proc/self/exe", "ceremony", "run", r.file, "--plan", r.plan, "--site", r.site, "--bundle", r.bundle)
	cmd.Env = append(os.Environ(), "TERM=xterm", "TMPDIR="+r.folder, "FAULT_SPY="+r.report,
		"FAULT_VICTIM="+strconv.Itoa(victim.Process.Pid), "FAULT_HUNT="+hex.EncodeToString([]byte(otherPIN)))
	people := attentive(termtest.NewScript(80).On("PIN of token sound", termtest.Reply(otherPIN)).On("-digest", r.laptop))
	shown, err := atTerminal(t, cmd, people)
	text, readErr := os.ReadFile(r.report)
	_ = os.Remove(r.report) // ends the spy
	if err := errors.Join(err, readErr); err != nil {
		t.Fatalf("%v\n%s\n%s", err, shown, text)
	}
	return shown, string(text)
}

// permitted reports whether this kernel lets a spy do something, as docs/limits.md says:
// without Landlock it can attack any process that does not hide its memory, for a moment
// a worker that starts among them, and before Linux 6.12 it can send signals.
func permitted(done string) bool {
	if done == "OPENED terminal by name: worked\n" || done == "WROTE terminal by name: worked\n" {
		return true // after the program gave it back, as the screen must show
	}
	abi, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	switch {
	case errno != 0 || abi < 2:
		return strings.Contains(done, "a victim") || strings.Contains(done, "another worker") || strings.HasPrefix(done, "SIGNALLED")
	case abi < 6:
		return strings.HasPrefix(done, "SIGNALLED")
	}
	return false
}

// TestSpyOfModule guards the people and the other token against what a module leaves
// behind, as an ordinary user: it types nothing, reads and writes nothing at the
// terminal, opens no memory, no environment and no descriptor of the program, of
// another worker or of any other process, and finds no PIN of another token.
func TestSpyOfModule(t *testing.T) {
	r := newSpiedRoom(t)
	r.ordinary(t)
	shown, report := r.spied(t)
	for _, tried := range []string{"terminal /dev/tty", "terminal by name", "the program", "another worker", "a victim"} {
		if !strings.Contains(report, tried) {
			t.Errorf("the spy did not try %s", tried)
		}
	}
	for line := range strings.Lines(report) {
		if !strings.HasPrefix(line, "refused ") && !permitted(line) {
			t.Errorf("the spy: %s", line)
		}
	}
	if before, _, _ := strings.Cut(shown, "\nSHA-256 of the manifest"); strings.Contains(before, "written by the spy") {
		t.Errorf("the spy wrote on the screen:\n%s", shown)
	}
	if status, output := command(t, nil, "verify", r.bundle, "--unanchored"); status != exitDone {
		t.Errorf("verify: exit status %d: %s", status, output)
	}
}
