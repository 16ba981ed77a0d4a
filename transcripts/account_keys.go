// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"cmp"

	"rootceremony/transcripts/event"
)

func (a *account) addToken(r event.Record, intents map[int]event.OperationIntended) {
	switch e := r.Event.(type) {
	case event.TokenOpened:
		a.tokens = append(a.tokens, e)
	case event.OperationIntended:
		intents[e.Operation] = e
	case event.OperationFinished:
		a.operations[e.What]++
		a.finish(r, e, intents[e.Operation])
	case event.OperationFailed:
		a.failed++
		if in := intents[e.Operation]; in.What == event.WhatSign && in.Artifact != "" && e.Effect == event.EffectUnknown {
			f := a.artifact(in.Artifact)
			f.possible, f.tbsSHA256, f.key, f.at = true, in.TBSSHA256, spkiOf(in), r.Time
		}
	case event.KeyProved:
		if k := a.byKey[e.SPKISHA256]; k != nil {
			k.proved = append(k.proved, e)
		}
	}
}

func (a *account) finish(r event.Record, e event.OperationFinished, intent event.OperationIntended) {
	var key event.Key
	if intent.Key != nil {
		key = *intent.Key
	}
	used := a.byKey[key.SPKISHA256]
	switch e.What {
	case event.WhatGenerate, event.WhatFind:
		a.addKey(r, e, key)
	case event.WhatSign:
		if used != nil {
			used.signed++
		}
		if intent.Artifact != "" {
			f := a.artifact(intent.Artifact)
			f.possible = false
			f.signed, f.operation, f.tbsSHA256, f.at, f.key = true, e.Operation, intent.TBSSHA256, r.Time, key.SPKISHA256
		}
	case event.WhatDestroy:
		if used != nil {
			used.destroyed = true
		}
	}
}

// addKey notes a key that was generated or found, once.
func (a *account) addKey(r event.Record, e event.OperationFinished, intent event.Key) {
	if e.Key == nil || a.byKey[e.Key.SPKISHA256] != nil {
		return
	}
	k := &keyFacts{Key: *e.Key, token: e.Token, generated: e.What == event.WhatGenerate, at: r.Time}
	k.Label, k.Algorithm = cmp.Or(k.Label, intent.Label), cmp.Or(k.Algorithm, intent.Algorithm)
	a.keys = append(a.keys, k)
	a.byKey[k.SPKISHA256] = k
}

func (a *account) addObject(r event.Record) {
	switch e := r.Event.(type) {
	case event.SerialDrawn:
		a.artifact(e.Artifact).serial = &e
	case event.ObjectLinted:
		f := a.artifact(e.Artifact)
		f.linted = append(f.linted, e)
	case event.SignatureConfirmed:
		if e.Artifact != "" {
			f := a.artifact(e.Artifact)
			f.confirmed = append(f.confirmed, r)
		}
		for _, row := range e.Table {
			f := a.artifact(row.Artifact)
			f.confirmed = append(f.confirmed, r)
		}
	case event.ArtifactWritten:
		f := a.artifact(e.Artifact)
		f.files = append(f.files, e)
	case event.ArtifactChecked:
		f := a.artifact(e.Artifact)
		f.checks = append(f.checks, e.Checks...)
	}
}

// redo begins another attempt: what the earlier one left stands for itself.
func (a *account) redo(e event.StepRedone) {
	for _, spki := range e.Keys {
		if k := a.byKey[spki]; k != nil {
			k.parked = e.Earlier == event.EarlierParked
		}
	}
	if e.Artifact != "" {
		f := &artifactFacts{id: e.Artifact, attempt: e.Attempt}
		a.byArtifact[e.Artifact] = f
		a.artifacts = append(a.artifacts, f)
	}
}

// artifact finds or adds an artifact by its id.
func (a *account) artifact(id string) *artifactFacts {
	f := a.byArtifact[id]
	if f == nil {
		f = &artifactFacts{id: id}
		a.byArtifact[id] = f
		a.artifacts = append(a.artifacts, f)
	}
	return f
}

// spkiOf is the key that an operation was to use.
func spkiOf(in event.OperationIntended) string {
	if in.Key == nil {
		return ""
	}
	return in.Key.SPKISHA256
}
