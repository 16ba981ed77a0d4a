// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rootceremony/internal/token"
)

// TestInstallPage types the commands of the page about the installation, with the real
// Makefile. The compiler gives the program of this test: the tests have compiled once.
func TestInstallPage(t *testing.T) {
	if token.HasSoftHSM() != nil || !token.BuiltIn {
		t.Skip("SoftHSM2 is not installed, or this build has no PKCS#11")
	}
	t.Parallel()
	const page = "install.md"
	clone, home := t.TempDir(), t.TempDir()
	program, err := exec.LookPath("ceremony")
	if err != nil {
		t.Fatal(err)
	}
	makefile, err := os.ReadFile("../../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	const compiler = `#!/bin/sh
case "$*" in
"build -trimpath -ldflags=-s -w -o bin/ceremony ./cmd/ceremony") mkdir -p bin && cp "$PROGRAM" bin/ceremony ;;
*) echo "the Makefile calls go $*" >&2; exit 1 ;;
esac
`
	for name, text := range map[string]string{"Makefile": string(makefile), "compiler": compiler} {
		if err := os.WriteFile(filepath.Join(clone, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	const found = "\nbash -c '. \"$HOME/.local/share/bash-completion/completions/ceremony\" && complete -p ceremony'\ncommand -v ceremony\n"
	cmd := exec.CommandContext(t.Context(), "sh", "-eu", "-c", pageScript(t, page, 15)+found)
	cmd.Dir = clone
	cmd.Env = append(os.Environ(), "HOME="+home, "GO="+filepath.Join(clone, "compiler"), "PROGRAM="+program,
		"MAKEFLAGS=", "DESTDIR=", "PATH="+pathWithout(t, "ceremony"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{"medium/ceremony: OK\n", "complete -o default -F __start_ceremony ceremony\n" + filepath.Join(home, ".local/bin/ceremony") + "\n"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	// The tool is the one whose digest is on paper.
	digests := regexp.MustCompile(`(?m)^([0-9a-f]{64})  medium/ceremony$`).FindStringSubmatch(string(out))
	if digests == nil || !strings.Contains(string(out)[strings.Index(string(out), "recorded  tool"):], digests[1]) {
		t.Errorf("the preflight does not show the digest on paper:\n%s", out)
	}
	holdShown(t, page, string(out))
}

// TestHSMPage types the commands of the page about HSMs, with SoftHSM.
func TestHSMPage(t *testing.T) {
	if softHSM() == "" || !token.BuiltIn {
		t.Skip("SoftHSM2 is not installed, or this build has no PKCS#11")
	}
	t.Parallel()
	const page = "hsm.md"
	cmd := exec.CommandContext(t.Context(), "sh", "-eu", "-c", strings.ReplaceAll(pageScript(t, page, 7), "/usr/lib/softhsm/libsofthsm2.so", softHSM()))
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), "label: example-trust-lab-root-root") {
		t.Errorf("no line for the site file:\n%s", out)
	}
	holdShown(t, page, string(out))
}
