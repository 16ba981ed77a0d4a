// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/approval"
	"rootceremony/transcripts"
)

// abandon has people decide that the ceremony ends here for good. What was
// signed stays listed; nothing that was planned after it is done.
func (r *runner) abandon() error {
	for i := range r.work.Plan.Artifacts {
		a := &r.work.Plan.Artifacts[i]
		done, ok := r.work.past.Signed[a.ID]
		if !ok || len(r.work.past.Written[a.ID]) == 2 {
			continue
		}
		var withheld *WithheldError
		if err := r.signing.finish(a, done); err != nil && !errors.As(err, &withheld) {
			return err
		}
	}
	why, err := r.room.text("Why is the ceremony abandoned")
	if err != nil {
		return err
	}
	by, err := r.room.agreed("abandon", "End this ceremony for good, with the steps that are left undone")
	if err != nil {
		return err
	}
	e := transcripts.DeviationRecorded{Expected: "the ceremony is carried out to its end", Happened: why,
		Decision: "the ceremony is abandoned", DecidedBy: by}
	return r.note(e, r.o.People.How(), by...)
}

// finished closes the ceremony and gives what it leaves.
func (r *runner) finished(outcome string) (*Result, error) {
	if short := verify.Undelivered(r.work.Plan, r.journal.Records()); outcome == transcripts.OutcomeComplete && len(short) > 0 {
		return nil, r.stopped(fmt.Errorf("the ceremony cannot be closed as complete: %s", short[0]))
	}
	closed, err := r.close(outcome)
	if err != nil {
		return nil, r.stopped(err)
	}
	return &Result{Bundle: r.o.Bundle, Report: filepath.Join(r.o.Bundle, "report", "report.html"), ManifestSHA256: closed.ManifestSHA256,
		Next: r.next()}, nil
}

// next are the commands for the bundle that was closed. The policy by which the
// plan was approved stands in it, and says whether people sign the manifest.
func (r *runner) next() []plan.NextCommand {
	c := r.work.commands()
	data, err := os.ReadFile(r.dir.Path(plan.PolicyPath))
	if err != nil {
		return c.Afterwards(r.o.Mode, false)
	}
	policy, err := approval.ParsePolicy(data)
	c.Policy = cmp.Or(c.Policy, plan.PolicyIn(c.Bundle))
	return c.Afterwards(r.o.Mode, err == nil && policy.Demands(approval.ManifestDeclaration))
}

// close finishes the tokens and the record.
func (r *runner) close(outcome string) (*transcripts.Closed, error) {
	if err := r.keys.finish(); err != nil {
		return nil, err
	}
	closed, err := r.journal.Close(outcome)
	if err != nil {
		return nil, err
	}
	r.sayLeftOver()
	sum := sha256.Sum256(closed.Manifest)
	r.say("\nSHA-256 of the manifest, to be read aloud and written on every copy of the script:\n%s", plan.Groups(closed.ManifestSHA256))
	r.sayWords(sum[:])
	return closed, nil
}
