// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/run"
	"rootceremony/internal/unseen"
)

// approvedPlan are the flags of "run" and "amend" that say which plan people
// approved, and by which policy.
type approvedPlan struct {
	Plan         string
	Policy       string
	PolicyDigest string
}

// addFlags adds the flags to the command.
func (o *approvedPlan) addFlags(cmd *cobra.Command) {
	addFolder(cmd, &o.Plan, "plan", "`DIR` with the approved plan (required)")
	addFile(cmd, &o.Policy, "policy", "trust policy `FILE`: who must approve", "json")
	addOnce(cmd, &o.PolicyDigest, "policy-digest", "`DIGEST` of the policy from paper, in hex or as words")
}

// fill reads the approved plan of a ceremony file, and the policy by which its
// approvals are checked.
func (o *approvedPlan) fill(to *run.Options, name string) error {
	to.Typed.File, to.Typed.Plan, to.Typed.Policy = name, o.Plan, o.Policy
	var err error
	if to.Approved, err = readPlan(to.Typed); err != nil {
		return err
	}
	if to.Script, err = readScript(o.Plan); err != nil {
		return err
	}
	if o.Policy == "" {
		return nil
	}
	if o.PolicyDigest == "" {
		return usage("add --policy-digest with the digest from paper; a policy cannot vouch for itself", "--policy-digest is missing")
	}
	sum, err := flagDigest("--policy-digest", o.PolicyDigest)
	if err != nil {
		return err
	}
	policy, err := readArgument(o.Policy, nil)
	if err != nil {
		return err
	}
	to.Policy, to.PolicySHA256, to.Approvals = policy, sum, os.DirFS(o.Plan)
	to.Typed.PolicyDigest = sum
	return nil
}

// readPlan reads plan.json of the plan folder.
func readPlan(typed plan.Commands) ([]byte, error) {
	if typed.Plan == "" {
		return nil, usage("add --plan with the plan folder; "+plansNear(filepath.Dir(typed.File))+"this command writes one:\n  "+typed.Fresh().MakePlan(), "--plan is missing")
	}
	stored, err := readArgument(filepath.Join(typed.Plan, "plan.json"), nil)
	if err == nil {
		return stored, nil
	}
	if _, err := os.Stat(typed.File); typed.File != "" && err != nil {
		return nil, withHint(err, "%s", startsHere()) // no command helps with a file that is not there
	}
	to, near := typed.Fresh(), typed.Plan
	info, statErr := os.Stat(typed.Plan)
	switch {
	case statErr != nil:
		to.NewPlan, near = typed.Plan, filepath.Dir(typed.Plan) // it is free
	case !info.IsDir():
		return nil, usage("name its folder: --plan "+filepath.Dir(typed.Plan), "--plan: %s is a file, and not the folder of a plan", typed.Plan)
	}
	return nil, withHint(err, "%sthis command writes a plan:\n  %s", plansNear(near), to.MakePlan())
}

// plansNear names the plan folders in a folder, as the beginning of a hint.
func plansNear(folder string) string {
	found, err := filepath.Glob(filepath.Join(folder, "*", "plan.json"))
	if err != nil || len(found) == 0 {
		return ""
	}
	for i := range found {
		found[i] = unseen.Line(filepath.Dir(found[i]))
	}
	return "there is: " + strings.Join(found[:min(len(found), mostBelow)], ", ") + "; "
}

// readScript reads the script that was printed; a plan folder without one has
// none that values could be compared with.
func readScript(folder string) ([]byte, error) {
	script, err := readArgument(filepath.Join(folder, "script.html"), nil)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return script, err
}
