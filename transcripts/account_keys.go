// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import "cmp"

func (a *account) addToken(r Record, intents map[int]OperationIntended) {
	switch e := r.Event.(type) {
	case TokenOpened:
		a.tokens = append(a.tokens, e)
	case OperationIntended:
		intents[e.Operation] = e
	case OperationFinished:
		a.operations[e.What]++
		a.finish(r, e, intents[e.Operation])
	case OperationFailed:
		a.failed++
		if in := intents[e.Operation]; in.What == WhatSign && in.Artifact != "" && e.Effect == EffectUnknown {
			f := a.artifact(in.Artifact)
			f.possible, f.tbsSHA256, f.key, f.at = true, in.TBSSHA256, spkiOf(in), r.Time
		}
	case KeyProved:
		if k := a.byKey[e.SPKISHA256]; k != nil {
			k.proved = append(k.proved, e)
		}
	}
}

func (a *account) finish(r Record, e OperationFinished, intent OperationIntended) {
	var key Key
	if intent.Key != nil {
		key = *intent.Key
	}
	used := a.byKey[key.SPKISHA256]
	switch e.What {
	case WhatGenerate, WhatFind:
		a.addKey(r, e, key)
	case WhatSign:
		if used != nil {
			used.signed++
		}
		if intent.Artifact != "" {
			f := a.artifact(intent.Artifact)
			f.possible = false
			f.signed, f.operation, f.tbsSHA256, f.at, f.key = true, e.Operation, intent.TBSSHA256, r.Time, key.SPKISHA256
		}
	case WhatDestroy:
		if used != nil {
			used.destroyed = true
		}
	}
}

// addKey notes a key that was generated or found, once.
func (a *account) addKey(r Record, e OperationFinished, intent Key) {
	if e.Key == nil || a.byKey[e.Key.SPKISHA256] != nil {
		return
	}
	k := &keyFacts{Key: *e.Key, token: e.Token, generated: e.What == WhatGenerate, at: r.Time}
	k.Label, k.Algorithm = cmp.Or(k.Label, intent.Label), cmp.Or(k.Algorithm, intent.Algorithm)
	a.keys = append(a.keys, k)
	a.byKey[k.SPKISHA256] = k
}

// Restored names the attributes by which the module says that a private key was
// not made where it is, or could once be read or leave: it was restored from a
// backup, or imported.
func (k *Key) Restored() []string {
	var lost []string
	for _, a := range k.Attributes {
		history := a.Name == "CKA_LOCAL" || a.Name == "CKA_ALWAYS_SENSITIVE" || a.Name == "CKA_NEVER_EXTRACTABLE"
		if history && a.Half == "private" && a.Value == "false" {
			lost = append(lost, a.Name)
		}
	}
	return lost
}

func (a *account) addObject(r Record) {
	switch e := r.Event.(type) {
	case SerialDrawn:
		a.artifact(e.Artifact).serial = &e
	case ObjectLinted:
		f := a.artifact(e.Artifact)
		f.linted = append(f.linted, e)
	case SignatureConfirmed:
		if e.Artifact != "" {
			f := a.artifact(e.Artifact)
			f.confirmed = append(f.confirmed, r)
		}
		for _, row := range e.Table {
			f := a.artifact(row.Artifact)
			f.confirmed = append(f.confirmed, r)
		}
	case ArtifactWritten:
		f := a.artifact(e.Artifact)
		f.files = append(f.files, e)
	case ArtifactChecked:
		f := a.artifact(e.Artifact)
		f.checks = append(f.checks, e.Checks...)
	}
}

// redo begins another attempt: what the earlier one left stands for itself.
func (a *account) redo(e StepRedone) {
	for _, spki := range e.Keys {
		if k := a.byKey[spki]; k != nil {
			k.parked = e.Earlier == EarlierParked
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
func spkiOf(in OperationIntended) string {
	if in.Key == nil {
		return ""
	}
	return in.Key.SPKISHA256
}
