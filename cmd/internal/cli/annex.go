// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"path/filepath"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/artifact"
	"rootceremony/transcripts"
)

// writeAnnex writes the auditor's annex of a bundle into a new folder.
func writeAnnex(v *verify.Verdict, bundle, folder string) error {
	if inside(folder, bundle) {
		return usage("name a folder outside of it with --annex DIR", "the annex cannot be written into the bundle")
	}
	annex := transcripts.NewAnnex(v.History, plannedSteps(v))
	annex.AddVerdict(v.Verdict, "ceremony "+readBuild().Version, after(v))
	files, err := annex.Files()
	if err != nil {
		return err
	}
	dir, err := artifact.NewDir(folder)
	if err != nil {
		return withHint(err, "name a folder that does not exist yet with --annex DIR")
	}
	for _, f := range files {
		if err := dir.WriteFile(f.Name, f.Data); err != nil {
			return err
		}
	}
	return nil
}

// plannedSteps gives the steps of the plan in a bundle; nil where the plan
// could not be read. Sections are headings, and nobody does them.
func plannedSteps(v *verify.Verdict) []transcripts.PlannedStep {
	if v.CurrentPlan() == nil {
		return nil
	}
	steps := []transcripts.PlannedStep{}
	for _, s := range v.CurrentPlan().Plan.Steps {
		if s.Kind != plan.StepSection {
			steps = append(steps, transcripts.PlannedStep{ID: s.ID, Kind: string(s.Kind), Title: s.Title, Who: s.Who})
		}
	}
	return steps
}

// inside reports whether a path lies in a folder.
func inside(path, folder string) bool {
	a, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	b, err := filepath.Abs(folder)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(b, a)
	return err == nil && filepath.IsLocal(rel)
}
