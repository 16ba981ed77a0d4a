// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// hardware makes a room whose tokens do not call themselves software, by a module
// that lies.
func hardware(t *testing.T) *room {
	t.Helper()
	r := newRoom(t)
	r.ownNames(t)
	t.Setenv("FAULT_MODEL", "Luna K7")
	writeHardwareSite(t, r, tokentest.BuildFaultModule(t), "Luna K7")
	return r
}

// writeHardwareSite writes a site file that takes no software tokens.
func writeHardwareSite(t *testing.T, r *room, module, model string) {
	t.Helper()
	all, err := token.List(t.Context(), module, "")
	if err != nil {
		t.Fatal(err)
	}
	text := "version: 1\ntokens:\n"
	for _, info := range all {
		if name, found := strings.CutPrefix(info.Label, "example-"); found {
			text += "  " + name + ": {module: " + module + ", label: " + info.Label + ", serial: \"" + info.Serial +
				"\", model: " + model + ", login: pin}\n"
		}
	}
	if err := os.WriteFile(r.site, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// ownNames takes what is left of an example out of the files, as a ceremony on hardware
// demands, and plans again.
func (r *room) ownNames(t *testing.T) {
	t.Helper()
	profiles, err := filepath.Glob(filepath.Join(r.folder, "profiles", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	own := strings.NewReplacer("example.com", "acme-trust.net", "Example ", "Acme ")
	for _, name := range append(profiles, r.file) {
		text, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(name, []byte(own.Replace(string(text))), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.RemoveAll(r.plan); err != nil {
		t.Fatal(err)
	}
	if status, output := command(t, nil, "plan", r.file, "--out", r.plan); status != exitDone {
		t.Fatalf("exit status %d: %s", status, output)
	}
}

// TestPlaceholdersOnHardware guards a root with the names of an example, which would be
// of no use: nobody is asked anything, no token is touched and nothing is written.
func TestPlaceholdersOnHardware(t *testing.T) {
	r := newRoom(t)
	writeHardwareSite(t, r, softHSM(), "SoftHSM v2")
	people := termtest.NewScript(80)
	status, output := r.run(t, people)
	if status != exitFailed || !strings.Contains(output, `names of an example are left: "Example Trust" in the name of authority root-x1`) || !strings.Contains(strings.Join(strings.Fields(output), " "), "has software-token: true in the site file") {
		t.Errorf("exit status %d: %s", status, output)
	}
	if _, err := os.Lstat(r.bundle); err == nil || people.Screen() != "" {
		t.Errorf("something was written or asked: %v %s", err, people.Screen())
	}
	r.ownNames(t)
	if _, output := r.run(t, people); strings.Contains(output, "names of an example") || !strings.Contains(output, "is a software token") {
		t.Errorf("own names are refused, or a software token is not: %s", output)
	}
}

// TestRunAsRoot guards that hardware is used by root only when two people accept
// that, before a PIN is typed, and that the verdict says so.
func TestRunAsRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: this test is about root, and does not run as root")
	}
	r := hardware(t)
	people := attentive(termtest.NewScript(80).On("types accept or stop", termtest.Reply("stop")))
	if status, output := r.run(t, people); status != exitStopped || strings.Contains(people.Screen(), "PIN of token") {
		t.Errorf("two people said stop: exit status %d: %s\n%s", status, output, people.Screen())
	}
	if err := os.RemoveAll(r.bundle); err != nil {
		t.Fatal(err)
	}
	people = attentive(termtest.NewScript(80).On("types accept or stop", termtest.Reply("accept")).
		On("has to run as root", termtest.Reply("the driver wants it")))
	status, output := r.run(t, people)
	if status != exitDone || !strings.Contains(people.Screen(), "RUN AS ROOT") {
		t.Fatalf("exit status %d: %s\n%s", status, output, people.Screen())
	}
	shown := digestShown.FindAllString(people.Screen(), -1)
	status, output = command(t, nil, "verify", r.bundle, "--manifest", shown[len(shown)-1])
	if status != exitDone || !strings.Contains(output, "in session 1 the program ran as root") {
		t.Errorf("verify: exit status %d: %s", status, output)
	}
}
