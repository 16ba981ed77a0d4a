// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"maps"
	"strings"

	"rootceremony/transcripts"
)

// past is what earlier sessions of a ceremony did.
type past struct {
	records       []transcripts.Record
	proofs        map[string]int // operation that signed the proof of a key, by key id
	amended       []transcripts.PlanAmended
	possibly      map[string]transcripts.OperationIntended // by artifact: a signature over these bytes may exist
	failed        map[string]string                        // by artifact that was signed: the check that was not met
	leftBehind    map[string]transcripts.Key               // by key id: a call failed after it made the key
	attempts      map[string]int                           // of steps that are done again, from 2
	lastOperation int
	done          map[string]bool                          // steps
	open          []transcripts.OperationIntended          // calls without an outcome
	keys          map[string]transcripts.Key               // by key id: generated or adopted
	proved        map[string]bool                          // key ids
	written       map[string]map[string]bool               // encodings by artifact
	signed        map[string]transcripts.OperationFinished // by artifact
	signings      map[string]transcripts.OperationIntended // by artifact
}

// pastOf reads the journal of earlier sessions.
func pastOf(re *rebuild, records []transcripts.Record) *past {
	p := &past{
		records: records, attempts: map[string]int{}, done: map[string]bool{},
		keys: map[string]transcripts.Key{}, leftBehind: map[string]transcripts.Key{}, proved: map[string]bool{}, proofs: map[string]int{},
		written: map[string]map[string]bool{}, possibly: map[string]transcripts.OperationIntended{},
		signed: map[string]transcripts.OperationFinished{}, signings: map[string]transcripts.OperationIntended{},
		failed: map[string]string{},
	}
	for id, d := range deliveriesOf(records) {
		if why := d.failure(); why != "" {
			p.failed[id] = why
		}
	}
	outcome := map[int]bool{}
	for _, r := range records {
		switch e := r.Event.(type) {
		case transcripts.StepFinished:
			p.done[r.Step] = p.done[r.Step] || e.Outcome == transcripts.StepDone
		case transcripts.OperationIntended:
			p.lastOperation = e.Operation
		case transcripts.PlanAmended:
			p.amended = append(p.amended, e)
		case transcripts.StepRedone:
			if st := re.w.plan.step(e.Step); st != nil {
				p.redo(e, st)
			}
		case transcripts.OperationFailed:
			outcome[e.Operation] = true
			p.failure(re, e)
		case transcripts.OperationFinished:
			outcome[e.Operation] = true
			p.result(re, e)
		case transcripts.KeyProved:
			p.proved[e.Key] = true
		case transcripts.ArtifactWritten:
			p.file(e)
		}
	}
	for n := 1; n <= p.lastOperation; n++ {
		if !outcome[n] {
			p.open = append(p.open, re.intents[n])
		}
	}
	return p
}

// failure notes what a call may have done that failed.
func (p *past) failure(re *rebuild, e transcripts.OperationFailed) {
	if id := re.keyOf(e.Key); e.What == transcripts.WhatGenerate && id != "" {
		p.leftBehind[id] = *e.Key
	}
	if in := re.intents[e.Operation]; in.What == transcripts.WhatSign && in.Artifact != "" && e.Effect == transcripts.EffectUnknown {
		p.possibly[in.Artifact] = in
	}
}

// file notes one file of an artifact.
func (p *past) file(e transcripts.ArtifactWritten) {
	if p.written[e.Artifact] == nil {
		p.written[e.Artifact] = map[string]bool{}
	}
	p.written[e.Artifact][e.Encoding] = true
}

// keyOf names the key of the plan that a token found or made: by its label, or
// by its public key where it existed before and may have any label.
func (re *rebuild) keyOf(k *transcripts.Key) string {
	if k == nil {
		return ""
	}
	if known := find(re.w.plan.Keys, func(p *Key) bool { return p.SPKISHA256 == k.SPKISHA256 }); known != nil {
		return known.ID
	}
	return re.labels[k.Label]
}

// result notes a key or a signature that a token gave.
func (p *past) result(re *rebuild, e transcripts.OperationFinished) {
	in := re.intents[e.Operation]
	switch e.What {
	case transcripts.WhatGenerate, transcripts.WhatFind:
		if id := re.keyOf(e.Key); id != "" {
			p.keys[id] = *e.Key
		}
	case transcripts.WhatDestroy:
		maps.DeleteFunc(p.keys, func(_ string, k transcripts.Key) bool { return in.Key != nil && k.SPKISHA256 == in.Key.SPKISHA256 })
	case transcripts.WhatSign:
		if id, ok := strings.CutPrefix(in.Purpose, proofPurpose); ok {
			p.proofs[id] = e.Operation
		}
		if in.Purpose == "" {
			p.signed[in.Artifact], p.signings[in.Artifact] = e, in
			delete(p.possibly, in.Artifact)
		}
	}
}
