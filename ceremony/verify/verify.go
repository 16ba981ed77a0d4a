// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/internal/artifact"
	"rootceremony/lint"
	"rootceremony/templates"
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

// serial checks that a serial number is what the token's random bytes give.
func (re *Verifier) serial(seq int, e event.SerialDrawn) *big.Int {
	a := re.at(seq).Plan.Artifact(e.Artifact)
	if a == nil || a.Certificate() == nil {
		re.Verdict.problem(line(seq), "a serial number for %q, which is not a certificate of the plan", e.Artifact)
		return nil
	}
	want, err := templates.SerialNumber(re.random(e.Operation), a.Certificate().SerialOctets)
	if err != nil || plan.BigHex(want) != e.Serial {
		re.Verdict.problem(line(seq), "serial number %s of %s does not match the random bytes of operation %d", e.Serial, e.Artifact, e.Operation)
		return nil
	}
	if octets := a.Certificate().SerialOctets; e.RandomBits != RandomBits(octets) {
		re.Verdict.problem(line(seq), "serial number of %s: %d random bits, but %d octets have %d", e.Artifact, e.RandomBits, octets, RandomBits(octets))
	}
	return want
}

// RandomBits counts the random bits of a serial number of that many octets: it is
// positive, so its first bit is not random.
func RandomBits(octets int) int { return octets*8 - 1 }

// random gives the bytes that a token drew; none where it drew none.
func (re *Verifier) random(operation int) []byte {
	o := re.Verdict.History.Operation(operation)
	if o == nil || o.Finished == nil || o.Finished.Event.What != event.WhatRandom {
		return nil
	}
	b, err := base64.StdEncoding.DecodeString(o.Finished.Event.Random)
	if err != nil {
		return nil
	}
	return b
}

func line(seq int) string { return fmt.Sprintf("%s:%d", transcripts.JournalPath, seq) }

// rebuildAll rebuilds every signed object, in the order of signing.
func (re *Verifier) rebuildAll(ctx context.Context) error {
	h := re.Verdict.History
	signed := map[*history.Artifact]bool{}
	lints := re.newRelinter()
	for _, o := range h.Ended {
		lints.until(o.Intended.Seq)
		if err := ctx.Err(); err != nil {
			return err
		}
		in := o.Intended.Event
		switch {
		case o.Finished != nil && o.Finished.Event.Key != nil: // what is signed from here on is with or for this one
			re.gotKey(o.Finished.Seq, o.Finished.Event.Key)
		case in.What != event.WhatSign:
		case in.Artifact == "":
			re.rebuildOther(o)
		case o.Finished == nil: // said where it was linted
		default:
			a := re.at(o.Intended.Seq).Plan.Artifact(in.Artifact)
			if a == nil {
				re.Verdict.problem(line(o.Intended.Seq), "a signature for %q, which is not in the plan", in.Artifact)
				continue
			}
			if signed[o.Artifact] {
				re.Verdict.problem(line(o.Intended.Seq), "a second signature for %q", a.ID)
			}
			signed[o.Artifact] = true
			re.rebuildArtifact(a, o, lints)
		}
	}
	lints.until(len(h.Records))
	lints.end()
	for _, o := range h.Operations {
		if in := o.Intended.Event; o.Open() && in.What == event.WhatSign && in.Artifact == "" {
			re.rebuildOther(o)
		}
	}
	re.Verdict.checkDelivered(re.Builder.Plan)
	for _, d := range h.Serials { // also those that nothing was signed with yet
		re.Builder.Serials[d.Event.Artifact] = re.serials[d.Seq]
	}
	return nil
}

// rebuildArtifact rebuilds one planned artifact and lints it as of its signing.
func (re *Verifier) rebuildArtifact(a *plan.Artifact, o *history.Operation, lints *relinter) {
	where, builder := line(o.Intended.Seq), re.at(o.Intended.Seq).Builder
	re.drawn(a, o)
	signing, err := time.Parse(time.RFC3339, o.Intended.Event.Moment)
	if err != nil {
		re.Verdict.problem(where, "the moment of signing: %v", err)
		return
	}
	s, err := builder.ToBeSigned(a, signing)
	if err != nil {
		re.Verdict.problem(where, "%s cannot be rebuilt: %v", a.ID, err)
		return
	}
	if plan.SHA256Hex(s.Bytes) != o.Intended.Event.TBSSHA256 {
		re.Verdict.problem(where, "the bytes signed for %s do not follow from plan.json", a.ID)
		return
	}
	signature, err := base64.StdEncoding.DecodeString(o.Finished.Event.Signature)
	if err != nil {
		re.Verdict.problem(where, "the signature of %s: %v", a.ID, err)
		return
	}
	made, report, err := builder.Issued(s, signature)
	if err != nil {
		re.Verdict.problem(where, "%s cannot be assembled again: %v", a.ID, err)
		return
	}
	unread := builder.Add(a, made)
	lints.issued(o, report, unread)
	if unread != nil && !re.withheld(o, unread) {
		re.Verdict.problem(where, "%v", unread)
		return
	}
	re.Reports[a.ID] = report
	re.summaries(a, o, made)
	re.compare(o, made.DER, report)
}

// summaries compares what the record says of an artifact, which report and
// transcript show, to the artifact.
func (re *Verifier) summaries(a *plan.Artifact, o *history.Operation, made *plan.Object) {
	if o.Artifact.Signed != o {
		return // said as a second signature
	}
	want := event.Legible(re.at(o.Intended.Seq).Summary(a, made))
	for _, f := range o.Artifact.Files {
		if s := f.Event.Summary; differ(s, want) {
			re.Verdict.problem(line(f.Seq), "%s: the summary differs from the file", f.Event.Path)
		}
	}
}

// withheld reports whether an object that cannot be parsed again was withheld:
// the record says so then, and holds.
func (re *Verifier) withheld(o *history.Operation, err error) bool {
	w := written(o)
	if w == nil || w.Withheld == "" {
		return false
	}
	re.Verdict.Notices = append(re.Verdict.Notices, w.Path+": withheld: "+err.Error())
	return true
}

// compare sets a rebuilt artifact against the file of the bundle. Findings of
// today's rules on what was clear then are notices, unless they contradict what
// the record states.
func (re *Verifier) compare(o *history.Operation, der []byte, report lint.Report) {
	w := written(o)
	if w == nil {
		return // it is not delivered, which is said there
	}
	data, err := re.Verdict.ReadFile(w.Path, plan.MaxInput)
	if err != nil || !bytes.Equal(data, der) {
		re.Verdict.problem(w.Path, "the file differs from the object rebuilt from plan.json and the recorded signature")
		return
	}
	for _, f := range report.Findings {
		if f.Required && f.Waived != nil {
			re.Verdict.Notices = append(re.Verdict.Notices, fmt.Sprintf("%s: accepted unchecked: %s without %s (%s, %s)",
				w.Path, f.Rule, f.Waived.Lacks, f.Waived.Reason, f.Waived.Approver))
		}
	}
	for _, f := range report.Blocking() {
		if w.Withheld != "" {
			re.Verdict.Notices = append(re.Verdict.Notices, w.Path+": withheld: "+findingText(f))
			continue
		}
		re.found(w.Path, w.Path, o, f)
	}
	re.Verdict.Rebuilt++
}

// found notes a finding on what was clear when it was signed. The engines that are
// named as having cleared it cannot find it afterwards.
func (re *Verifier) found(where, what string, o *history.Operation, f lint.Finding) {
	if f.Record != "" || maps.Equal(re.Verdict.engines(o.Intended.Session), lint.Versions()) {
		re.Verdict.problem(where, "%s", findingText(f))
		return
	}
	re.Verdict.Notices = append(re.Verdict.Notices, what+": a finding under current rules: "+findingText(f))
}

func findingText(f lint.Finding) string {
	return fmt.Sprintf("%s: %s: %s (%s)", f.Status, f.Rule, f.Text(), f.Citation)
}
