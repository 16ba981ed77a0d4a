// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestEmptyFlags guards whoever gives a flag in a variable of a shell that was not set: it
// is said as of a wrong command line, for each anchor alike, before anything is read.
func TestEmptyFlags(t *testing.T) {
	for flag, command := range map[string]string{
		"--manifest": "verify", "--head": "verify", "--policy-digest": "verify", "--policy": "verify", "--revocations": "verify", "--exhibit": "verify",
		"--earlier": "verify", "--seal-key": "verify", "--recording": "sign", "--revoke": "init", "--renew": "init", "--add": "init",
	} {
		var out, errs bytes.Buffer
		status := Run(t.Context(), []string{command, t.TempDir(), flag, ""}, Stdio{Out: &out, Err: &errs})
		if status != exitUsage || !strings.Contains(errs.String(), "it is empty; was a variable of the shell not set?") {
			t.Errorf("%s %s: status %d: %s", command, flag, status, &errs)
		}
	}
}

// TestRepeatedFlags has each flag that may be repeated refuse what is empty, but for the
// answers of init.
func TestRepeatedFlags(t *testing.T) {
	answers := map[string]bool{}
	for _, h := range initHelp {
		answers[h.flag] = true
	}
	eachCommand(newRootCommand(deps{}), func(cmd *cobra.Command) {
		for _, word := range strings.Fields(cmd.LocalFlags().FlagUsages()) {
			name, is := strings.CutPrefix(word, "--")
			if !is || cmd.Name() == "init" && answers[name] {
				continue
			}
			if f := cmd.LocalFlags().Lookup(name); f != nil && f.Value.Type() == "stringArray" {
				t.Errorf("%s --%s: add it with addEach", cmd.CommandPath(), name)
			}
		}
	})
}
