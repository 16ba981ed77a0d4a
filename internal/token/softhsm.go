// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// TrialPIN is the PIN of software tokens that are made for a trial. It is no secret:
// everybody is told it.
const TrialPIN = "1234"

// softHSMModules are where Debian, Fedora and Homebrew install the module of SoftHSM.
var softHSMModules = []string{
	"/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
	"/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so",
	"/usr/local/lib/softhsm/libsofthsm2.so", "/opt/homebrew/lib/softhsm/libsofthsm2.so",
}

// SoftHSMModule finds the module of SoftHSM. Where it is not installed the first place to
// look for it is given, and false.
func SoftHSMModule() (string, bool) {
	for _, path := range softHSMModules {
		if _, err := os.Stat(path); err == nil {
			return path, true
		}
	}
	return softHSMModules[0], false
}

// softHSMUtil is the program that initializes tokens of SoftHSM.
const softHSMUtil = "softhsm2-util"

// HasSoftHSM says why no SoftHSM tokens can be made here.
func HasSoftHSM() error {
	_, lookErr := exec.LookPath(softHSMUtil)
	if _, found := SoftHSMModule(); !found || lookErr != nil {
		return errors.New("SoftHSM2 is not installed")
	}
	return nil
}

// MakeSoftHSM makes a new folder with software tokens for a trial. They belong to the
// configuration that names the folder, and to no other. If one cannot be made, the
// folder is taken away again.
func MakeSoftHSM(ctx context.Context, folder string, labels []string) (err error) {
	if err := os.Mkdir(folder, 0o700); err != nil {
		return fmt.Errorf("making software tokens: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(folder))
		}
	}()
	config := filepath.Join(filepath.Dir(folder), "softhsm2.conf")
	for _, label := range labels {
		// The program takes PINs from a terminal or from arguments only. These are told to
		// everybody.
		cmd := exec.CommandContext(ctx, softHSMUtil, "--init-token", "--free", "--label", label, "--so-pin", TrialPIN, "--pin", TrialPIN) //nolint:gosec // the program is a constant, and no shell reads the labels
		cmd.Env = append(os.Environ(), "SOFTHSM2_CONF="+config)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("making software token %s: %w: %s", label, err, strings.TrimSpace(string(out)))
		}
	}
	return nil
}

// SoftHSMLooks says where a module that is SoftHSM looks for its tokens, if the
// environment does not lead it to a configuration; "" of any other module.
func SoftHSMLooks(module string) string {
	if !strings.Contains(strings.ToLower(filepath.Base(module)), "softhsm") {
		return ""
	}
	config := SoftHSMConfiguration()
	if config == "" {
		return "SOFTHSM2_CONF is not set, so SoftHSM reads ~/.config/softhsm2/softhsm2.conf, or softhsm2.conf of the system; for another: export SOFTHSM2_CONF=FILE"
	}
	if _, err := os.Stat(config); err != nil {
		return "SOFTHSM2_CONF names " + config + ", which cannot be read"
	}
	return ""
}

// SoftHSMConfiguration is the file by which SoftHSM finds its tokens in this process; "" if
// the environment names none.
func SoftHSMConfiguration() string {
	return os.Getenv("SOFTHSM2_CONF") //nolint:forbidigo // the module reads the environment of this very process
}

// SoftHSMConfig is the configuration of SoftHSM with its tokens in a folder.
func SoftHSMConfig(folder string) string { return "directories.tokendir = " + folder + "\n" }
