// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"encoding/base64"
	"slices"

	"rootceremony/transcripts/event"
)

// operations is the state of all operations of a journal.
type operations struct {
	intents  map[int]event.OperationIntended
	finished map[int]event.OperationFinished
	failed   map[int]event.OperationFailed
	last     int
	keys     map[string]event.Key    // by SPKI digest
	on       map[string]string       // token of a key, by SPKI digest
	at       map[string]int          // line in which a key was made, by SPKI digest
	found    map[string]int          // line in which a key was last found, by SPKI digest
	read     map[string]event.Record // in which a key was last made or found, by SPKI digest
	sessions map[int]int             // in which an operation was intended
	proved   map[string]bool         // keys, by SPKI digest
	refused  map[int]bool            // operations during which a PIN was refused
	drawn    map[int]bool            // random operations that made a serial number
	proofs   map[int]bool            // signatures that proved a key
	made     []string                // keys that were generated, by SPKI digest
	given    []string                // keys of steps that were repeated, by SPKI digest
}

func newOperations() operations {
	return operations{
		intents: map[int]event.OperationIntended{}, finished: map[int]event.OperationFinished{},
		failed: map[int]event.OperationFailed{}, keys: map[string]event.Key{}, on: map[string]string{}, at: map[string]int{}, read: map[string]event.Record{}, found: map[string]int{}, sessions: map[int]int{}, refused: map[int]bool{}, drawn: map[int]bool{}, proved: map[string]bool{}, proofs: map[int]bool{},
	}
}

// counts returns the number of finished operations by what they do, and of
// those that failed.
func (o *operations) counts() (done map[string]int, failed int) {
	done = map[string]int{}
	for _, f := range o.finished {
		done[f.What]++
	}
	return done, len(o.failed)
}

// open returns the operations without an outcome.
func (o *operations) open() []int {
	var numbers []int
	for n := range o.intents {
		if !o.done(n) {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers
}

// done reports whether the operation has an outcome.
func (o *operations) done(number int) bool {
	_, finished := o.finished[number]
	_, failed := o.failed[number]
	return finished || failed
}

// called gives the call that a token has not returned from, if there is one.
func (o *operations) called(token string) (event.OperationIntended, bool) {
	intent, any := o.intents[o.last]
	return intent, any && !o.done(o.last) && intent.Token == token
}

// reads reports whether an attribute of a private key was last read with a value.
func reads(k event.Key, name, value string) bool {
	return slices.Contains(k.Attributes, event.Attribute{Half: "private", Name: name, State: "value", Value: value})
}

// soughtInVain reports whether the last operation was a search for a key, and failed.
func (o *operations) soughtInVain(spki string) bool {
	intent := o.intents[o.last]
	_, failed := o.failed[o.last]
	return failed && intent.What == event.WhatFind && intent.Key != nil && spki != "" && intent.Key.SPKISHA256 == spki
}

func (g *grammar) operationEvent(r *event.Record) {
	switch e := r.Event.(type) {
	case event.OperationIntended:
		g.intend(r, e)
	case event.OperationFinished:
		if intent, ok := g.outcome(r, e.Operation, e.What, e.Token); ok {
			g.operations.finished[e.Operation] = e
			g.finish(r, intent, e)
			g.changed(r, e.Token, e.What, e.Census, false)
			g.shows(r, intent, e)
		}
	case event.OperationFailed:
		if intent, ok := g.outcome(r, e.Operation, e.What, e.Token); ok {
			g.operations.failed[e.Operation] = e
			g.invalid(r, intent, e)
			cut := g.operations.sessions[e.Operation] != r.Session
			if cut != (r.How == event.Observed) {
				g.bad(r, "%s, but the session was cut off during operation %d: %t", r.How, e.Operation, cut)
			}
			counted := cut && g.token(e.Token).counted // since the call, in this session
			g.changed(r, e.Token, e.What, e.Census, e.Effect != event.EffectNone && !counted)
			if e.What == event.WhatSign && intent.Artifact != "" && e.Effect == event.EffectUnknown {
				g.artifact(intent.Artifact).possible = intent.TBSSHA256
			}
		}
	case event.KeyProved:
		g.prove(r, e)
	case event.SerialDrawn:
		g.draw(r, e)
	}
}

func (g *grammar) intend(r *event.Record, e event.OperationIntended) {
	o := &g.operations
	g.returned(r)
	if e.Operation != o.last+1 {
		g.bad(r, "operation %d follows operation %d", e.Operation, o.last)
	}
	o.last = max(o.last, e.Operation)
	o.intents[e.Operation], o.sessions[e.Operation] = e, r.Session
	g.needToken(r, e.Token)
	if !g.token(e.Token).counted {
		g.bad(r, "the objects of token %q were not counted since it was opened", e.Token)
	}
	if e.PlanSHA256 != "" && e.PlanSHA256 != g.plan {
		g.bad(r, "plan_sha256 is not the digest of the plan in force")
	}
	if t := g.token(e.Token); t.refused {
		g.bad(r, "the PIN of token %q was refused, and no process was logged in since", e.Token)
		t.refused = false // said once
	}
	if e.What == event.WhatSign || e.What == event.WhatDestroy {
		g.intendKey(r, e)
	}
	if e.What == event.WhatGenerate && (e.Key == nil || e.Key.ID == "") {
		g.bad(r, "no id for the key")
	}
	if e.What == event.WhatSign {
		g.signatureOf(e)
		g.intendSignature(r, e)
	}
}

// returned checks that the last call of a session has an outcome: the program waits for it,
// and only a crash can come between. Else the record would tell of people who stopped, or
// of an error, where a call was cut off.
func (g *grammar) returned(r *event.Record) {
	if o := &g.operations; o.last > 0 && !o.done(o.last) && o.sessions[o.last] == r.Session {
		g.bad(r, "operation %d of this session has no outcome, and nothing cut the session off", o.last)
	}
}

// intendKey is about a call with a key, which was found in this session.
func (g *grammar) intendKey(r *event.Record, e event.OperationIntended) {
	o := &g.operations
	if e.Key == nil || o.keys[e.Key.SPKISHA256].SPKI == "" {
		g.bad(r, "the key was neither generated nor found before")
		return
	}
	g.holds(r, e.Token, o.keys[e.Key.SPKISHA256])
	if o.read[e.Key.SPKISHA256].Session != r.Session {
		g.bad(r, "the key was neither generated nor found in this session")
	}
	if e.Purpose == event.PurposeProof && o.found[e.Key.SPKISHA256] < g.token(e.Token).restarted {
		g.bad(r, "the key was not found since token %q was opened or another process took over", e.Token)
	}
}

func (g *grammar) intendSignature(r *event.Record, e event.OperationIntended) {
	if (e.TBS == "") == (e.TBSFile == "") || e.TBSSHA256 == "" {
		g.bad(r, "want tbs or tbs_file, and tbs_sha256")
	}
	if tbs, err := base64.StdEncoding.DecodeString(e.TBS); e.TBS != "" && (err != nil || hexDigest(tbs) != e.TBSSHA256) {
		g.bad(r, "tbs_sha256 is not the digest of tbs")
	}
	if e.Artifact == "" {
		if e.Purpose == "" {
			g.bad(r, "a signature without artifact and purpose")
		}
		return
	}
	if g.opened.Mode == event.Run && e.Key != nil && !g.operations.proved[e.Key.SPKISHA256] {
		g.bad(r, "key %q was not proved before signing %s", e.Key.Label, e.Artifact)
	}
	g.allowed(r, e)
}

// outcome finds the intent of an outcome.
func (g *grammar) outcome(r *event.Record, number int, what, token string) (event.OperationIntended, bool) {
	intent, ok := g.operations.intents[number]
	if !ok {
		g.bad(r, "operation %d was not intended", number)
		return intent, false
	}
	if g.operations.done(number) {
		g.bad(r, "operation %d already has an outcome", number)
		return intent, false
	}
	if intent.What != what || intent.Token != token {
		g.bad(r, "operation %d was intended as %q on token %q", number, intent.What, intent.Token)
	}
	return intent, true
}

func (g *grammar) finish(r *event.Record, intent event.OperationIntended, e event.OperationFinished) {
	if g.operations.refused[e.Operation] {
		g.bad(r, "a PIN was refused during operation %d, and it did not fail", e.Operation)
	}
	switch e.What {
	case event.WhatGenerate, event.WhatFind:
		g.gotKey(r, intent, e)
	case event.WhatRandom:
		if e.Random == "" {
			g.bad(r, "no random bytes")
		}
	case event.WhatSign:
		g.gotSignature(r, intent, e)
	}
}

func (g *grammar) gotKey(r *event.Record, intent event.OperationIntended, e event.OperationFinished) {
	k := e.Key
	if k == nil {
		g.bad(r, "no key")
		return
	}
	spki, err := base64.StdEncoding.DecodeString(k.SPKI)
	if err != nil || k.SPKI == "" || hexDigest(spki) != k.SPKISHA256 {
		g.bad(r, "spki_sha256 is not the digest of spki")
		return
	}
	if want := intent.Key; want != nil {
		differ := func(got, want string) bool { return got != "" && want != "" && got != want }
		if differ(k.ID, want.ID) || differ(k.Label, want.Label) || differ(k.SPKISHA256, want.SPKISHA256) {
			g.bad(r, "the key differs from the one in operation.intended")
		}
	}
	if _, known := g.operations.keys[k.SPKISHA256]; known && e.What == event.WhatGenerate {
		g.bad(r, "a key with this public key already existed")
	}
	g.operations.keys[k.SPKISHA256], g.operations.on[k.SPKISHA256], g.operations.read[k.SPKISHA256] = *k, e.Token, *r
	if e.What == event.WhatFind {
		g.operations.found[k.SPKISHA256] = r.Seq
	}
	if e.What == event.WhatGenerate {
		g.operations.made = append(g.operations.made, k.SPKISHA256)
		g.operations.at[k.SPKISHA256] = r.Seq
	}
}

func (g *grammar) gotSignature(r *event.Record, intent event.OperationIntended, e event.OperationFinished) {
	if e.Signature == "" {
		g.bad(r, "no signature")
		return
	}
	if intent.Artifact != "" {
		s := g.artifact(intent.Artifact)
		s.signed++
		s.step = r.Step
		s.possible = ""
		s.after = 0
		s.until = g.deviations
		s.last = &signatureState{OperationIntended: intent}
	}
	if intent.TBS == "" || intent.Key == nil {
		return // its bytes are in a file of the bundle, which Verify reads
	}
	if err := g.operations.verify(intent, e.Signature); err != nil {
		g.bad(r, "operation %d: %v", e.Operation, err)
	}
}

// invalid checks that a signature with which a call failed does not verify: one that
// does is a signature, and the call did not fail.
func (g *grammar) invalid(r *event.Record, intent event.OperationIntended, e event.OperationFailed) {
	if e.Signature == "" {
		return
	}
	if e.What != event.WhatSign || e.Effect != event.EffectHappened {
		g.bad(r, "a signature, but its effect is %q", e.Effect)
	}
	if intent.TBS != "" && intent.Key != nil && exists(g.operations.verify(intent, e.Signature)) {
		g.bad(r, "the signature of operation %d verifies, so it exists", e.Operation)
	}
}

func (g *grammar) prove(r *event.Record, e event.KeyProved) {
	if _, ok := g.operations.keys[e.SPKISHA256]; !ok {
		g.bad(r, "key %q was neither generated nor found before", e.Key)
	}
	g.operations.proved[e.SPKISHA256] = true
	g.provedAs(r, e)
	if e.Operation == 0 {
		return
	}
	intent := g.operations.intents[e.Operation]
	g.operations.proofs[e.Operation] = true
	if _, ok := g.operations.finished[e.Operation]; !ok || intent.What != event.WhatSign || intent.Key == nil || intent.Key.SPKISHA256 != e.SPKISHA256 {
		g.bad(r, "operation %d is not a signature by this key", e.Operation)
	}
}

func (g *grammar) draw(r *event.Record, e event.SerialDrawn) {
	if e.Operation == 0 {
		return
	}
	if f, ok := g.operations.finished[e.Operation]; !ok || f.What != event.WhatRandom || f.Token != e.Source {
		g.bad(r, "operation %d did not draw random bytes from %q", e.Operation, e.Source)
	}
	if in := g.operations.intents[e.Operation]; in.Purpose != event.PurposeSerial || in.For != e.Artifact {
		g.bad(r, "operation %d drew no random bytes for the serial number of %s", e.Operation, e.Artifact)
	}
	if g.operations.drawn[e.Operation] {
		g.bad(r, "the random bytes of operation %d were already used for a serial number", e.Operation)
	}
	g.operations.drawn[e.Operation] = true
}
