// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"os"
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
	t.Setenv("FAULT_MODEL", "Luna K7")
	module := tokentest.BuildFaultModule(t)
	all, err := token.List(t.Context(), module, "")
	if err != nil {
		t.Fatal(err)
	}
	text := "version: 1\ntokens:\n"
	for _, info := range all {
		if name, found := strings.CutPrefix(info.Label, "example-"); found {
			text += "  " + name + ": {module: " + module + ", label: " + info.Label + ", serial: \"" + info.Serial +
				"\", model: Luna K7, login: pin}\n"
		}
	}
	if err := os.WriteFile(r.site, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return r
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
