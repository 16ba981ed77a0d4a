// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"rootceremony/internal/token"
)

// setup shows every script the examples as they are in the tree.
func setup(env *testscript.Env) error {
	examples, err := filepath.Abs("../../../examples")
	if err != nil {
		return err
	}
	env.Setenv("EXAMPLES", examples)
	env.Setenv("SOFTHSM_MODULE", softHSM())
	return softHSMConfig(env)
}

// softHSMConfig gives each script an empty SoftHSM of its own.
func softHSMConfig(env *testscript.Env) error {
	tokens := filepath.Join(env.WorkDir, ".softhsm")
	if err := os.Mkdir(tokens, 0o700); err != nil {
		return err
	}
	config := filepath.Join(tokens, "softhsm2.conf")
	env.Setenv("SOFTHSM2_CONF", config)
	return os.WriteFile(config, []byte(token.SoftHSMConfig(tokens)), 0o600)
}

// condition knows [pkcs11], this build can use PKCS#11, and [softhsm], SoftHSM
// is installed.
func condition(name string) (bool, error) {
	switch name {
	case "pkcs11":
		return token.BuiltIn, nil
	case "softhsm":
		_, err := exec.LookPath("softhsm2-util")
		return err == nil && softHSM() != "", nil
	}
	return false, fmt.Errorf("unknown condition %q", name)
}

// exits runs a command that must end with exactly this status:
//
//	exits 3 ceremony plan bad.yaml
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND [ARGUMENT...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%s: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// replace rewrites a file by a regular expression, so that what differs from
// run to run does not disturb cmp:
//
//	replace FILE PATTERN REPLACEMENT
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace FILE PATTERN REPLACEMENT")
	}
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	name := ts.MkAbs(args[0])
	text := pattern.ReplaceAllString(ts.ReadFile(args[0]), args[2])
	ts.Check(os.WriteFile(name, []byte(text), 0o600))
}

// softHSM finds the module of SoftHSM; empty where it is not installed.
func softHSM() string {
	if path, found := token.SoftHSMModule(); found {
		return path
	}
	return ""
}
