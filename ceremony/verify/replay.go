// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"maps"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
)

// Replay is what earlier sessions of a ceremony did.
type Replay struct {
	Records       []event.Record
	Proofs        map[string]int // operation that signed the proof of a key, by key id
	Amended       []event.PlanAmended
	Possibly      map[string]event.OperationIntended // by artifact: a signature over these bytes may exist
	Failed        map[string]string                  // by artifact that was signed: the check that was not met
	LeftBehind    map[string]event.Key               // by key id: a call failed after it made the key
	Attempts      map[string]int                     // of steps that are done again, from 2
	LastOperation int
	Done          map[string]bool                    // steps
	Open          []event.OperationIntended          // calls without an outcome
	Keys          map[string]event.Key               // by key id: generated or adopted
	Proved        map[string]bool                    // key ids
	Written       map[string]map[string]bool         // encodings by artifact
	Signed        map[string]event.OperationFinished // by artifact
	Signings      map[string]event.OperationIntended // by artifact
}

// Replay reads from the journal what was done so far.
func (re *Rebuilt) Replay() *Replay { return re.replay(re.Verdict.Records) }

// replay reads it from the beginning of the journal.
func (re *Rebuilt) replay(records []event.Record) *Replay {
	p := &Replay{
		Records: records, Attempts: map[string]int{}, Done: map[string]bool{},
		Keys: map[string]event.Key{}, LeftBehind: map[string]event.Key{}, Proved: map[string]bool{}, Proofs: map[string]int{},
		Written: map[string]map[string]bool{}, Possibly: map[string]event.OperationIntended{},
		Signed: map[string]event.OperationFinished{}, Signings: map[string]event.OperationIntended{},
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
		case event.StepFinished:
			p.Done[r.Step] = p.Done[r.Step] || e.Outcome == event.StepDone
		case event.OperationIntended:
			p.LastOperation = e.Operation
		case event.PlanAmended:
			p.Amended = append(p.Amended, e)
		case event.StepRedone:
			if st := re.Builder.Plan.Step(e.Step); st != nil {
				p.Redo(e, st)
			}
		case event.OperationFailed:
			outcome[e.Operation] = true
			p.failure(re, e)
		case event.OperationFinished:
			outcome[e.Operation] = true
			p.result(re, e)
		case event.KeyProved:
			p.Proved[e.Key] = true
		case event.ArtifactWritten:
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
func (p *Replay) failure(re *Rebuilt, e event.OperationFailed) {
	if id := re.keyOf(e.Key); e.What == event.WhatGenerate && id != "" {
		p.LeftBehind[id] = *e.Key
	}
	if in := re.intents[e.Operation]; in.What == event.WhatSign && in.Artifact != "" && e.Effect == event.EffectUnknown {
		p.Possibly[in.Artifact] = in
	}
}

// file notes one file of an artifact.
func (p *Replay) file(e event.ArtifactWritten) {
	if p.Written[e.Artifact] == nil {
		p.Written[e.Artifact] = map[string]bool{}
	}
	p.Written[e.Artifact][e.Encoding] = true
}

// keyOf names the key of the plan that a token found or made: by its label, or
// by its public key where it existed before and may have any label.
func (re *Rebuilt) keyOf(k *event.Key) string {
	if k == nil {
		return ""
	}
	if known := plan.Find(re.Builder.Plan.Keys, func(p *plan.Key) bool { return p.SPKISHA256 == k.SPKISHA256 }); known != nil {
		return known.ID
	}
	return re.labels[k.Label]
}

// result notes a key or a signature that a token gave.
func (p *Replay) result(re *Rebuilt, e event.OperationFinished) {
	in := re.intents[e.Operation]
	switch e.What {
	case event.WhatGenerate, event.WhatFind:
		if id := re.keyOf(e.Key); id != "" {
			p.Keys[id] = *e.Key
		}
	case event.WhatDestroy:
		maps.DeleteFunc(p.Keys, func(_ string, k event.Key) bool { return in.Key != nil && k.SPKISHA256 == in.Key.SPKISHA256 })
	case event.WhatSign:
		switch in.Purpose {
		case event.PurposeProof:
			p.Proofs[in.For] = e.Operation
		case "":
			p.Signed[in.Artifact], p.Signings[in.Artifact] = e, in
			delete(p.Possibly, in.Artifact)
		}
	}
}

// Interrupted notes that a signature may exist whose call has no outcome.
func (p *Replay) Interrupted(in event.OperationIntended) { p.Possibly[in.Artifact] = in }

// Destroyed notes that the key of an earlier session is no more.
func (p *Replay) Destroyed(key string) { delete(p.Keys, key) }

// Filed reports whether an artifact has its files, one in each encoding.
func (p *Replay) Filed(artifact string) bool {
	in := p.Written[artifact]
	return in[event.EncodingDER] && in[event.EncodingPEM]
}

// SetFiled notes that it has them.
func (p *Replay) SetFiled(artifact string) {
	p.Written[artifact] = map[string]bool{event.EncodingDER: true, event.EncodingPEM: true}
}

// Redo forgets what an earlier attempt of a step did.
func (p *Replay) Redo(e event.StepRedone, st *plan.Step) {
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
