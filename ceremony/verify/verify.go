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
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/artifact"
	"rootceremony/lint"
	"rootceremony/templates"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// Verdict is what [Bundle] found in a bundle.
type Verdict struct {
	*transcripts.Verdict
	// Rebuilt counts the artifacts that were built again from plan.json and
	// came out byte for byte.
	Rebuilt int
	// Approval says who approved the plan, in words.
	Approval string
	// Approved holds the approvals that were judged again and found good.
	Approved []ApprovedPlan

	// Signed is what people put into the bundle after it was closed, and Unsigned
	// what the policy demands of them and is not there yet.
	Signed   Signed
	Unsigned []string

	// Failed is the step whose artifact is withheld, and which was not done again.
	Failed string

	plans []planPeriod // the first plan and its amendments
}

// Options are what [Bundle] needs beside the bundle.
type Options struct {
	transcripts.VerifyOptions
	PolicySHA256 string // of the trust policy, hexadecimal, as it is known from outside
	Policy       []byte // or the policy itself
	Revocations  []byte // a list from outside, instead of the bundle's
}

// Bundle judges a bundle: first its record, then that every signed object
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

// Rebuild judges like [Bundle] and gives, beside the verdict, all that it made
// again: a ceremony goes on from there.
func Rebuild(ctx context.Context, dir string, o Options) (*Rebuilt, error) {
	v := &Verdict{}
	re := &Rebuilt{Verdict: v}
	var err error
	if v.Verdict, err = transcripts.Verify(dir, o.VerifyOptions); err != nil {
		return nil, err
	}
	if len(v.Records) == 0 {
		return re, nil
	}
	if v.plans = v.replan(); v.plans == nil {
		return re, nil
	}
	holds := v.Holds().Loaded
	if re.linter, err = holds.NewLinter(); err != nil {
		return nil, err
	}
	re.Builder = plan.NewBuilder(holds, v.Mode == event.Rehearsal)
	re.gather()
	if o.Policy != nil && o.PolicySHA256 == "" {
		o.PolicySHA256 = artifact.Sum(o.Policy).SHA256Hex()
	}
	v.checkApproval(dir, o.PolicySHA256)
	v.checkSigned(o)
	re.checkAmendments()
	re.checkKeys()
	v.checkSteps()
	v.checkProfiles()
	v.checkNames()
	v.checkScripts()
	return re, re.all(ctx)
}

func (v *Verdict) problem(where, format string, args ...any) {
	v.Problems = append(v.Problems, transcripts.Problem{Where: where, What: fmt.Sprintf(format, args...)})
}

// Rebuilt is a bundle whose artifacts are made again.
type Rebuilt struct {
	Verdict *Verdict
	Builder *plan.Builder // holds what was made; nil where the plan could not be read again
	linter  *lint.Linter

	labels  map[string]string               // key id by label
	random  map[int][]byte                  // by operation
	intents map[int]event.OperationIntended // by operation
	signed  map[int]event.OperationFinished // by operation
	written map[int]event.ArtifactWritten   // DER files by operation
	files   map[int][]event.Record          // lines of all files by operation
	drawn   map[int]*big.Int                // serial numbers by operation
	ops     []int                           // signatures, in order
	seqs    map[int]int                     // line of each intent
	signers map[string][]byte               // SPKI by its SHA-256
	again   map[int]bool                    // signatures of steps that were done again
	serials map[string]*big.Int             // the last that was drawn, by artifact
}

// gather reads keys, random bytes, serial numbers, signatures and files from
// the journal.
func (re *Rebuilt) gather() {
	re.labels, re.random = map[string]string{}, map[int][]byte{}
	re.intents, re.signed = map[int]event.OperationIntended{}, map[int]event.OperationFinished{}
	re.written, re.seqs = map[int]event.ArtifactWritten{}, map[int]int{}
	re.files = map[int][]event.Record{}
	re.drawn, re.signers = map[int]*big.Int{}, map[string][]byte{}
	re.again, re.serials = map[int]bool{}, map[string]*big.Int{}
	for _, k := range re.Builder.Plan.Keys {
		for _, rehearsal := range []bool{false, true} {
			for attempt := range 2 + re.attempts(re.Builder.Plan.Generates(&k)) {
				re.labels[k.Label(rehearsal, attempt)] = k.ID
			}
		}
		if k.Source == plan.KeyExisting && !re.Builder.Rehearsal {
			if spki, err := re.Builder.InputSPKI(k.Input, false); err == nil {
				re.Builder.Keys[k.ID] = spki
			}
		}
	}
	signed, again := map[string]int{}, map[string]bool{} // by artifact
	for _, r := range re.Verdict.Records {
		switch e := r.Event.(type) {
		case event.OperationIntended:
			re.intents[e.Operation], re.seqs[e.Operation] = e, r.Seq
			re.drawn[e.Operation] = re.serials[e.Artifact]
		case event.OperationFinished:
			re.finished(e)
			if in := re.intents[e.Operation]; e.What == event.WhatSign {
				signed[in.Artifact], re.again[e.Operation] = e.Operation, again[in.Artifact]
				again[in.Artifact] = false
			}
		case event.StepRedone:
			again[e.Artifact] = true
		case event.SerialDrawn:
			re.serials[e.Artifact] = re.serial(r.Seq, e)
		case event.ArtifactWritten:
			re.files[signed[e.Artifact]] = append(re.files[signed[e.Artifact]], r)
			re.file(r.Seq, e, signed[e.Artifact])
		}
	}
}

// file notes the DER file of a signature. What other encodings hold follows from
// it; of all of them the plan says what they are of.
func (re *Rebuilt) file(seq int, e event.ArtifactWritten, op int) {
	a := re.Builder.Plan.Artifact(e.Artifact)
	_, twice := re.written[op]
	switch {
	case a == nil:
		re.Verdict.problem(line(seq), "%s: the plan has no artifact %q", e.Path, e.Artifact)
	case e.Kind != plan.ArtifactKind(a.Kind()):
		re.Verdict.problem(line(seq), "%s: it is a %s by the plan, not a %s", e.Path, plan.ArtifactKind(a.Kind()), e.Kind)
	case e.Encoding != event.EncodingDER:
	case op == 0:
		re.Verdict.problem(e.Path, "the file has no signature in the journal")
	case twice:
		re.Verdict.problem(e.Path, "another file was made of the same signature")
	default:
		re.written[op] = e
	}
}

// attempts counts how often a step was done again.
func (re *Rebuilt) attempts(step string) int {
	n := 0
	for _, r := range re.Verdict.Records {
		if e, ok := r.Event.(event.StepRedone); ok && e.Step == step {
			n++
		}
	}
	return n
}

func (re *Rebuilt) finished(e event.OperationFinished) {
	switch e.What {
	case event.WhatGenerate, event.WhatFind:
		if id := re.keyOf(e.Key); id != "" {
			if spki, err := base64.StdEncoding.DecodeString(e.Key.SPKI); err == nil {
				re.Builder.Keys[id], re.signers[e.Key.SPKISHA256] = spki, spki
			}
		}
	case event.WhatRandom:
		if b, err := base64.StdEncoding.DecodeString(e.Random); err == nil {
			re.random[e.Operation] = b
		}
	case event.WhatSign:
		re.signed[e.Operation] = e
		re.ops = append(re.ops, e.Operation)
	}
}

// serial checks that a serial number is what the token's random bytes give.
func (re *Rebuilt) serial(seq int, e event.SerialDrawn) *big.Int {
	a := re.Builder.Plan.Artifact(e.Artifact)
	if a == nil || a.Certificate() == nil {
		re.Verdict.problem(line(seq), "a serial number for %q, which is no certificate of the plan", e.Artifact)
		return nil
	}
	want, err := templates.SerialNumber(re.random[e.Operation], a.Certificate().SerialOctets)
	if err != nil || plan.BigHex(want) != e.Serial {
		re.Verdict.problem(line(seq), "serial number %s of %s is not made from the random bytes of operation %d", e.Serial, e.Artifact, e.Operation)
		return nil
	}
	return want
}

func line(seq int) string { return fmt.Sprintf("%s:%d", transcripts.JournalPath, seq) }

// all makes every signed object again, in the order of signing.
func (re *Rebuilt) all(ctx context.Context) error {
	signed := map[string]bool{}
	for _, op := range re.ops {
		if err := ctx.Err(); err != nil {
			return err
		}
		in := re.intents[op]
		switch {
		case in.Purpose == "":
			a := re.Builder.Plan.Artifact(in.Artifact)
			if a == nil {
				re.Verdict.problem(line(re.seqs[op]), "a signature for %q, which the plan does not have", in.Artifact)
				continue
			}
			if signed[a.ID] && !re.again[op] {
				re.Verdict.problem(line(re.seqs[op]), "a second signature for %q", a.ID)
			}
			signed[a.ID] = true
			re.one(a, op)
		default:
			re.other(in, op)
		}
	}
	re.Verdict.checkDelivered(re.Builder.Plan)
	maps.Copy(re.Builder.Serials, re.serials) // also those that nothing was signed with yet
	return nil
}

// one makes one planned artifact again and judges it as of its signing.
func (re *Rebuilt) one(a *plan.Artifact, op int) {
	where := line(re.seqs[op])
	re.Builder.Serials[a.ID] = re.drawn[op]
	signing, err := time.Parse(time.RFC3339, re.intents[op].Moment)
	if err != nil {
		re.Verdict.problem(where, "the moment of signing: %v", err)
		return
	}
	tbs, obj, err := re.Builder.TBS(a, signing)
	if err != nil {
		re.Verdict.problem(where, "%s cannot be built again: %v", a.ID, err)
		return
	}
	if plan.SHA256Hex(tbs) != re.intents[op].TBSSHA256 {
		re.Verdict.problem(where, "the bytes that were signed for %s do not follow from plan.json", a.ID)
		return
	}
	signature, err := base64.StdEncoding.DecodeString(re.signed[op].Signature)
	if err != nil {
		re.Verdict.problem(where, "the signature of %s: %v", a.ID, err)
		return
	}
	der, err := re.Builder.Assemble(a, tbs, signature)
	if err != nil {
		re.Verdict.problem(where, "%s cannot be assembled again: %v", a.ID, err)
		return
	}
	ctx := re.Builder.Context(a, signing, false)
	report := re.linter.Issued(obj, ctx, der, tbs)
	made := &plan.Object{DER: der, TBS: tbs, Signing: signing}
	if err := re.Builder.Add(a, made); err != nil && !re.withheld(op, err) {
		re.Verdict.problem(where, "%v", err)
		return
	}
	re.summaries(a, op, made)
	re.compare(op, der, report)
}

// summaries holds what the record says of an artifact, which report and
// transcript show, to the artifact.
func (re *Rebuilt) summaries(a *plan.Artifact, op int, made *plan.Object) {
	want := re.Builder.Summary(a, made)
	for _, r := range re.files[op] {
		e, ok := r.Event.(event.ArtifactWritten)
		if ok && (e.Summary == nil || *e.Summary != *want) {
			re.Verdict.problem(line(r.Seq), "%s: the summary is not what the file says", e.Path)
		}
	}
}

// withheld reports whether an object that cannot be parsed again was withheld:
// the record says so then, and holds.
func (re *Rebuilt) withheld(op int, err error) bool {
	w := re.written[op]
	if w.Withheld != "" {
		re.Verdict.Notices = append(re.Verdict.Notices, w.Path+": withheld: "+err.Error())
	}
	return w.Withheld != ""
}

// compare sets a rebuilt artifact against the file of the bundle. Findings of
// today's rules on what was clear then are notices, unless they contradict what
// the record states.
func (re *Rebuilt) compare(op int, der []byte, report lint.Report) {
	w, ok := re.written[op]
	if !ok {
		return // it is not delivered, which is said there
	}
	data, err := re.Verdict.ReadFile(w.Path, plan.MaxInput)
	if err != nil || !bytes.Equal(data, der) {
		re.Verdict.problem(w.Path, "the file is not what plan.json and the recorded signature give")
		return
	}
	for _, f := range report.Blocking() {
		text := fmt.Sprintf("%s: %s: %s (%s)", f.Status, f.Rule, f.Text(), f.Citation)
		switch {
		case w.Withheld != "":
			re.Verdict.Notices = append(re.Verdict.Notices, w.Path+": withheld: "+text)
		case f.Record != "":
			re.Verdict.problem(w.Path, "%s", text)
		default:
			re.Verdict.Notices = append(re.Verdict.Notices, w.Path+": a finding by today's rules: "+text)
		}
	}
	re.Verdict.Rebuilt++
}
