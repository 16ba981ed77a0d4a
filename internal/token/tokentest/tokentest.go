// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package tokentest helps tests with tokens: SoftHSM2 tokens in folders of
// their own, a module that misbehaves on request, and one suite that every
// kind of token passes.
package tokentest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"rootceremony/internal/secret"
	"rootceremony/internal/token"
)

// TestPIN is the user PIN of every token made here. It must never show in any
// output.
const TestPIN = "Sentinel-4711-PIN"

// TestSOPIN is the PIN of the security officer of those tokens.
const TestSOPIN = "Sentinel-SO-0815"

// Main is for TestMain of packages whose tests open tokens: the test binary is
// started again as a worker.
func Main(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == token.WorkerArgument {
		os.Exit(token.WorkerMain(os.Stdin, os.NewFile(3, "reply")))
	}
	dir, err := os.MkdirTemp("", "tokentest-")
	if err != nil {
		panic(err)
	}
	_ = os.Setenv(sharedDir, dir)
	status := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(status)
}

// sharedDir names the variable with a folder for all tests of a process.
const sharedDir = "CEREMONY_TOKENTEST_DIR"

// PIN answers token.Options.PIN with TestPIN.
func PIN(token.Info, int) (*secret.PIN, error) { return secret.NewPIN([]byte(TestPIN)), nil }

// SoftHSMModule returns the path of SoftHSM2. A test that needs it fails
// where it is missing, unless CEREMONY_NO_SOFTHSM=1 says to skip aloud.
func SoftHSMModule(t testing.TB) string {
	t.Helper()
	skip := os.Getenv("CEREMONY_NO_SOFTHSM") == "1"
	if !token.BuiltIn {
		t.Skip("SKIPPED: this test binary was built without cgo, so PKCS#11 is not tested")
	}
	if path, found := token.SoftHSMModule(); found && !skip {
		return path
	}
	if skip {
		t.Skip("SKIPPED: CEREMONY_NO_SOFTHSM=1, so PKCS#11 is not tested")
	}
	t.Fatal("SoftHSM2 is missing: install it (Debian: apt-get install softhsm2; Fedora: dnf install softhsm; macOS: brew install softhsm), " +
		"or set CEREMONY_NO_SOFTHSM=1 to leave PKCS#11 untested")
	return ""
}

// confMark tells a configuration made here from one of the user's.
const confMark = "# made by tokentest"

// NewSoftHSM makes a SoftHSM2 token with the user PIN TestPIN in a folder of
// the test's own and points SOFTHSM2_CONF there. A second call in the same
// test puts its token into the same folder. The Config names the token by
// module and label.
func NewSoftHSM(t testing.TB, label string) token.Config {
	t.Helper()
	module := SoftHSMModule(t)
	conf := os.Getenv("SOFTHSM2_CONF")
	if text, err := os.ReadFile(conf); err != nil || !bytes.Contains(text, []byte(confMark)) {
		newSoftHSMConf(t)
	}
	out, err := exec.Command("softhsm2-util", "--init-token", "--free", "--label", label, "--so-pin", TestSOPIN, "--pin", TestPIN).CombinedOutput()
	if err != nil {
		t.Fatalf("making a SoftHSM2 token: %v\n%s", err, out)
	}
	return token.Config{Name: label, Module: module, Label: label, Login: token.LoginPIN, Template: "default"}
}

// newSoftHSMConf points SOFTHSM2_CONF at an empty folder for tokens.
func newSoftHSMConf(t testing.TB) {
	t.Helper()
	// Not t.TempDir: it holds the test's name, and SoftHSM2 stops at a "=".
	dir, err := os.MkdirTemp("", "softhsm-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	tokens, conf := filepath.Join(dir, "tokens"), filepath.Join(dir, "softhsm2.conf")
	if err := os.Mkdir(tokens, 0o700); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%s\ndirectories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n", confMark, tokens)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SOFTHSM2_CONF", conf)
}

// BuildFaultModule compiles the misbehaving module and points FAULT_MODULE at
// SoftHSM2. It returns the path of the module. What it does is chosen with
// environment variables; see faultmodule/faultp11.c.
func BuildFaultModule(t testing.TB) string {
	t.Helper()
	t.Setenv("FAULT_MODULE", SoftHSMModule(t))
	dir := os.Getenv(sharedDir)
	if dir == "" {
		dir = t.TempDir()
	}
	module := filepath.Join(dir, "faultp11.so")
	if _, err := os.Stat(module); err != nil {
		compile(t, module)
	}
	return module
}

// compile builds the module under another name first, so that it is there
// whole or not at all.
func compile(t testing.TB, module string) {
	t.Helper()
	headers := folderOf(t, "github.com/miekg/pkcs11")
	source := filepath.Join(folderOf(t, "rootceremony/internal/token"), "faultmodule", "faultp11.c")
	gcc := exec.Command("gcc", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-O1",
		"-I", headers, "-o", module+".new", source, "-ldl")
	if out, err := gcc.CombinedOutput(); err != nil {
		t.Fatalf("compiling the fault module (Debian: apt-get install gcc libc6-dev): %v\n%s", err, out)
	}
	if err := os.Rename(module+".new", module); err != nil {
		t.Fatal(err)
	}
}

// folderOf returns the folder of a package.
func folderOf(t testing.TB, path string) string {
	t.Helper()
	folder, err := exec.Command("go", "list", "-find", "-f", "{{.Dir}}", path).Output()
	if err != nil {
		t.Fatalf("finding the folder of %s: %v", path, err)
	}
	return string(bytes.TrimSpace(folder))
}
