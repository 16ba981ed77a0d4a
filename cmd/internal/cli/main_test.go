// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"flag"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"rootceremony/internal/token"
)

var update = flag.Bool("update", false, "write the expected outputs again")

// TestMain lets the test binary be the ceremony command of scripts, and the
// worker of tokens that tests open.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == token.WorkerArgument {
		os.Exit(runMain())
	}
	testscript.Main(m, map[string]func(){
		"ceremony": func() { os.Exit(runMain()) },
	})
}

// runMain is what cmd/ceremony does, without signals.
func runMain() int {
	return Run(context.Background(), os.Args[1:], Stdio{
		In:       os.Stdin,
		Out:      os.Stdout,
		Err:      os.Stderr,
		Terminal: ControllingTerminal,
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Setup:               setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":   exits,
			"replace": replace,
		},
		Condition: condition,
	})
}
