// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"maps"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts"
)

// Replay is what earlier sessions of a ceremony did.
type Replay struct {
	Records       []transcripts.Record
	Proofs        map[string]int // operation that signed the proof of a key, by key id
	Amended       []transcripts.PlanAmended
	Possibly      map[string]transcripts.OperationIntended // by artifact: a signature over these bytes may exist
	Failed        map[string]string                        // by artifact that was signed: the check that was not met
	LeftBehind    map[string]transcripts.Key               // by key id: a call failed after it made the key
	Attempts      map[string]int                           // of steps that are done again, from 2
	LastOperation int
	Done          map[string]bool                          // steps
	Open          []transcripts.OperationIntended          // calls without an outcome
	Keys          map[string]transcripts.Key               // by key id: generated or adopted
	Proved        map[string]bool                          // key ids
	Written       map[string]map[string]bool               // encodings by artifact
	Signed        map[string]transcripts.OperationFinished // by artifact
	Signings      map[string]transcripts.OperationIntended // by artifact
}

// Replay reads from the journal what was done so far.
func (re *Rebuilt) Replay() *Replay { return re.replay(re.Verdict.Records) }

// replay reads it from the beginning of the journal.
func (re *Rebuilt) replay(records []transcripts.Record) *Replay {
	p := &Replay{
		Records: records, Attempts: map[string]int{}, Done: map[string]bool{},
		Keys: map[string]transcripts.Key{}, LeftBehind: map[string]transcripts.Key{}, Proved: map[string]bool{}, Proofs: map[string]int{},
		Written: map[string]map[string]bool{}, Possibly: map[string]transcripts.OperationIntended{},
		Signed: map[string]transcripts.OperationFinished{}, Signings: map[string]transcripts.OperationIntended{},
		Failed: map[string]string{},
	}
	for id, d := range deliveriesOf(records) {
		if why := d.failure(); why != "" {
			p.Failed[id] = why
		}
	}
	outcome := map[int]bool{}
	for _, r := range records {
		switch e := r.Event.(type) {
		case transcripts.StepFinished:
			p.Done[r.Step] = p.Done[r.Step] || e.Outcome == transcripts.StepDone
		case transcripts.OperationIntended:
			p.LastOperation = e.Operation
		case transcripts.PlanAmended:
			p.Amended = append(p.Amended, e)
		case transcripts.StepRedone:
			if st := re.Builder.Plan.Step(e.Step); st != nil {
				p.Redo(e, st)
			}
		case transcripts.OperationFailed:
			outcome[e.Operation] = true
			p.failure(re, e)
		case transcripts.OperationFinished:
			outcome[e.Operation] = true
			p.result(re, e)
		case transcripts.KeyProved:
			p.Proved[e.Key] = true
		case transcripts.ArtifactWritten:
			p.file(e)
		}
	}
	for n := 1; n <= p.LastOperation; n++ {
		if !outcome[n] {
			p.Open = append(p.Open, re.intents[n])
		}
	}
	return p
}

// failure notes what a call may have done that failed.
func (p *Replay) failure(re *Rebuilt, e transcripts.OperationFailed) {
	if id := re.keyOf(e.Key); e.What == transcripts.WhatGenerate && id != "" {
		p.LeftBehind[id] = *e.Key
	}
	if in := re.intents[e.Operation]; in.What == transcripts.WhatSign && in.Artifact != "" && e.Effect == transcripts.EffectUnknown {
		p.Possibly[in.Artifact] = in
	}
}

// file notes one file of an artifact.
func (p *Replay) file(e transcripts.ArtifactWritten) {
	if p.Written[e.Artifact] == nil {
		p.Written[e.Artifact] = map[string]bool{}
	}
	p.Written[e.Artifact][e.Encoding] = true
}

// keyOf names the key of the plan that a token found or made: by its label, or
// by its public key where it existed before and may have any label.
func (re *Rebuilt) keyOf(k *transcripts.Key) string {
	if k == nil {
		return ""
	}
	if known := plan.Find(re.Builder.Plan.Keys, func(p *plan.Key) bool { return p.SPKISHA256 == k.SPKISHA256 }); known != nil {
		return known.ID
	}
	return re.labels[k.Label]
}

// result notes a key or a signature that a token gave.
func (p *Replay) result(re *Rebuilt, e transcripts.OperationFinished) {
	in := re.intents[e.Operation]
	switch e.What {
	case transcripts.WhatGenerate, transcripts.WhatFind:
		if id := re.keyOf(e.Key); id != "" {
			p.Keys[id] = *e.Key
		}
	case transcripts.WhatDestroy:
		maps.DeleteFunc(p.Keys, func(_ string, k transcripts.Key) bool { return in.Key != nil && k.SPKISHA256 == in.Key.SPKISHA256 })
	case transcripts.WhatSign:
		switch in.Purpose {
		case transcripts.PurposeProof:
			p.Proofs[in.For] = e.Operation
		case "":
			p.Signed[in.Artifact], p.Signings[in.Artifact] = e, in
			delete(p.Possibly, in.Artifact)
		}
	}
}

// Interrupted notes that a signature may exist whose call has no outcome.
func (p *Replay) Interrupted(in transcripts.OperationIntended) { p.Possibly[in.Artifact] = in }

// Destroyed notes that the key of an earlier session is no more.
func (p *Replay) Destroyed(key string) { delete(p.Keys, key) }

// Filed reports whether an artifact has its files, one in each encoding.
func (p *Replay) Filed(artifact string) bool {
	in := p.Written[artifact]
	return in[transcripts.EncodingDER] && in[transcripts.EncodingPEM]
}

// SetFiled notes that it has them.
func (p *Replay) SetFiled(artifact string) {
	p.Written[artifact] = map[string]bool{transcripts.EncodingDER: true, transcripts.EncodingPEM: true}
}

// Redo forgets what an earlier attempt of a step did.
func (p *Replay) Redo(e transcripts.StepRedone, st *plan.Step) {
	p.Attempts[e.Step] = e.Attempt
	p.Done[e.Step] = false
	for _, k := range st.Keys {
		delete(p.Keys, k)
		delete(p.Proved, k)
		delete(p.Proofs, k)
		delete(p.LeftBehind, k)
	}
	delete(p.Possibly, e.Artifact)
	delete(p.Signed, e.Artifact)
	delete(p.Signings, e.Artifact)
	delete(p.Written, e.Artifact)
	delete(p.Failed, e.Artifact)
}
