// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"context"
	"encoding/base64"
	"fmt"
	"math/big"
	"slices"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/internal/artifact"
	"rootceremony/lint"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// Verdict is what [Bundle] found in a bundle.
type Verdict struct {
	*transcripts.Verdict
	// Rebuilt counts the artifacts that were rebuilt from plan.json and
	// came out byte for byte.
	Rebuilt int
	// Approval says who approved the plan, in words.
	Approval string
	// Approved holds the approvals that were evaluated again and are valid.
	Approved []ApprovedPlan

	// Pending is the line that the record still lacks: who approved the last
	// amendment. The ceremony was interrupted before it; nil where none is missing.
	Pending *event.PlanApproval

	// Signed is what people put into the bundle after it was closed, and Unsigned
	// what the policy demands of them and is not there yet.
	Signed   Signed
	Unsigned []string

	// Failed is the step whose artifact is withheld, and which was not repeated.
	Failed string

	plans []planPeriod // the first plan and its amendments
	sites Sites
	given *approval.Revocations // from outside; nil where there are none
	// unread says that a site file could not be read, which is a problem by itself.
	unread bool
}

// Options are what [Bundle] needs beside the bundle.
type Options struct {
	transcripts.VerifyOptions
	PolicySHA256 string   // of the trust policy, hexadecimal, as it is known from outside
	Policy       []byte   // or the policy itself
	PolicyName   string   // of the file with it
	Revocations  []byte   // a list from outside, instead of the bundle's
	Earlier      []string // folders: bundles of earlier ceremonies that inputs are said to come from
	Exhibits     []string // SHA-256 of files from outside the bundle, hexadecimal: scans of papers
}

// Bundle verifies a bundle: first its record, then that every signed object
// follows from plan.json and what the journal recorded, keeps its rules and
// chains. It needs no token and no network, and believes nothing it can
// compute.
func Bundle(ctx context.Context, dir string, o Options) (*Verdict, error) {
	re, err := Rebuild(ctx, dir, o)
	if err != nil {
		return nil, err
	}
	return re.Verdict, nil
}

// Rebuild verifies like [Bundle] and gives, beside the verdict, all that it
// rebuilt: a ceremony continues from there.
func Rebuild(ctx context.Context, dir string, o Options) (*Verifier, error) {
	record, err := transcripts.Verify(dir, o.VerifyOptions)
	if err != nil {
		return nil, err
	}
	return rebuild(ctx, record, o)
}

// rebuild adds what is wrong to the verdict on the record of a bundle.
func rebuild(ctx context.Context, record *transcripts.Verdict, o Options) (_ *Verifier, err error) {
	v := &Verdict{Verdict: record}
	re := &Verifier{Verdict: v}
	if len(v.Records) == 0 {
		return re, nil
	}
	if v.plans = v.replan(); v.plans == nil {
		return re, nil
	}
	if v.sites, err = ReadSites(v.History, v.readInput); err != nil {
		v.problem(plan.Folder, "%v", err)
		v.unread = true
	}
	holds := v.CurrentPlan().Loaded
	re.Reports, re.Proofs = map[string]lint.Report{}, map[string]lint.Report{}
	re.Builder = plan.NewBuilder(holds, v.Mode == event.Rehearsal)
	re.follow()
	re.collect()
	if o.Policy != nil && o.PolicySHA256 == "" {
		o.PolicySHA256 = artifact.Sum(o.Policy).SHA256Hex()
	}
	v.checkOpened()
	v.checkRehearsed()
	v.checkEarlier(o.Earlier)
	v.given = v.givenRevocations(o)
	v.checkApproval(o.PolicySHA256)
	v.checkTakenBack()
	re.checkAmendments()
	re.checkLines()
	v.checkSigned(o)
	v.checkChecks()
	v.checkEngines()
	v.checkProfiles()
	v.checkNames()
	v.checkScripts()
	return re, re.rebuildAll(ctx)
}

// checkLines checks each line by the history before it, which is added up once.
func (re *Verifier) checkLines() {
	v := re.Verdict
	steps, sessions, keys := &stepChecker{v: v}, newSessionChecker(v), re.newKeyChecker()
	for before, r := range history.Before(v.Records) {
		keys.line(before, r)
		steps.line(before, r)
		sessions.line(before, r)
	}
	steps.end()
}

// noticeOnce adds a notice, unless it is there.
func (v *Verdict) noticeOnce(text string) {
	if !slices.Contains(v.Notices, text) {
		v.Notices = append(v.Notices, text)
	}
}

func (v *Verdict) problem(where, format string, args ...any) {
	v.Problems = append(v.Problems, transcripts.Problem{Where: where, What: fmt.Sprintf(format, args...)})
}

// Verifier rebuilds the artifacts of a bundle.
type Verifier struct {
	Verdict *Verdict
	Builder *plan.Builder    // holds what was made; nil where the plan could not be read again
	periods []period         // by number of the plan in force
	serials map[int]*big.Int // by line: serial numbers that were drawn as they say

	// Reports are what linting finds now, by artifact.
	Reports map[string]lint.Report
	// Proofs are the same for what keys signed to show that they work, by key.
	Proofs map[string]lint.Report
}

// collect takes over serial numbers from the journal and keys from inputs, and says which
// files of the journal are none of the plan.
func (re *Verifier) collect() {
	h := re.Verdict.History
	re.serials = map[int]*big.Int{}
	for _, p := range re.periods {
		for _, k := range p.Plan.Keys {
			if k.Source == plan.KeyExisting && !p.Rehearsal {
				if spki, err := p.InputSPKI(k.Input, false); err == nil {
					p.Keys[k.ID] = spki
				}
			}
		}
	}
	for _, d := range h.Serials {
		re.serials[d.Seq] = re.serial(d.Seq, d.Event)
	}
	for _, a := range h.Artifacts {
		re.files(a)
	}
}

// gotKey takes over a key that a token gave.
func (re *Verifier) gotKey(seq int, k *event.Key) {
	id := re.at(seq).names.of(k)
	if id == "" {
		return
	}
	if spki, err := base64.StdEncoding.DecodeString(k.SPKI); err == nil {
		re.Builder.Keys[id] = spki
	}
}

// files compares the files of an attempt with the plan and a signature. What other
// encodings contain follows from the DER.
func (re *Verifier) files(made *history.Artifact) {
	for _, f := range made.Files {
		e, a := f.Event, re.at(f.Seq).Plan.Artifact(made.ID)
		switch {
		case a == nil:
			re.Verdict.problem(line(f.Seq), "%s: the plan has no artifact %q", e.Path, e.Artifact)
		case e.Kind != plan.ArtifactKind(a.Kind()):
			re.Verdict.problem(line(f.Seq), "%s: the plan says %s, the record says %s", e.Path, plan.ArtifactKind(a.Kind()), e.Kind)
		case e.Encoding != event.EncodingDER:
		case made.Signed == nil:
			re.Verdict.problem(e.Path, "the file has no signature in the journal")
		case made.File(event.EncodingDER).Seq != f.Seq:
			re.Verdict.problem(e.Path, "another file was made of the same signature")
		}
	}
}

// written gives the DER file that was made of a signature, or nil.
func written(o *history.Operation) *event.ArtifactWritten {
	if o.Artifact.Signed != o {
		return nil
	}
	if f := o.Artifact.File(event.EncodingDER); f != nil {
		return &f.Event
	}
	return nil
}

func line(seq int) string { return fmt.Sprintf("%s:%d", transcripts.JournalPath, seq) }
