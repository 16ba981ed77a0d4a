// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// intended checks that a call is one that the plan has: of the key and token that it
// names, and with nothing else in its line.
func (c *keyChecker) intended(before *history.History, r event.Record, e event.OperationIntended) {
	want := event.OperationIntended{Operation: e.Operation, What: e.What, Token: e.Token, PlanSHA256: before.Plan().SHA256}
	k := event.Key{}
	if e.Key != nil {
		k = event.Key{Label: e.Key.Label, ID: e.Key.ID, SPKISHA256: e.Key.SPKISHA256}
		want.Key = &k
	}
	known := before.Key(k.SPKISHA256)
	in := c.at(r.Seq)
	planned := in.Plan.Key(in.planKey(known, k))
	allowed := true
	switch e.What {
	case event.WhatGenerate:
		k.SPKISHA256 = ""
		if planned != nil {
			k.Label, k.Algorithm = in.label(before, planned), string(planned.Algorithm)
		}
	case event.WhatFind:
		if e.Key != nil {
			k.Facts = e.Key.Facts
		}
		allowed = planned != nil && slices.ContainsFunc(c.searches(before, r, in, planned), func(s event.Key) bool { return !differ(s, k) })
	case event.WhatDestroy:
		k = in.inFull(before, planned, known)
	case event.WhatRandom:
		want.Key, want.Purpose, want.For = nil, event.PurposeSerial, e.For
		planned = in.signerOf(e.For)
	case event.WhatSign:
		k = in.inFull(before, planned, known)
		c.placed(before, r, e)
		want.TBS, want.TBSFile, want.TBSSHA256, want.Moment = e.TBS, e.TBSFile, e.TBSSHA256, momentOf(e)
		want.Artifact, want.Purpose, want.For, want.Algorithm = e.Artifact, e.Purpose, e.For, in.signatureOf(planned, e)
		if e.Artifact != "" {
			want.LintSHA256 = e.LintSHA256
		}
	}
	if !allowed || planned == nil || planned.Token != e.Token || differ(e, want) {
		c.Verdict.problem(line(r.Seq), "operation %d is not a call that the plan has", e.Operation)
	}
}

// momentOf gives the moment of a signature in its one form. A stand-in has none: its dates
// are those of its input.
func momentOf(e event.OperationIntended) string {
	moment, err := time.Parse(time.RFC3339, e.Moment)
	switch {
	case e.Purpose == event.PurposeStandIn:
		return ""
	case err != nil:
		return "a moment"
	}
	return plan.Stamp(moment)
}

// label is what a key of the plan is called in the attempt at hand.
func (p period) label(before *history.History, planned *plan.Key) string {
	return planned.Label(p.Rehearsal, before.Attempt(p.Plan.GeneratingStep(planned)))
}

// inFull is how a call names a key that it uses: by all that is known of it.
func (p period) inFull(before *history.History, planned *plan.Key, known *history.Key) event.Key {
	if planned == nil || known == nil {
		return event.Key{} // said by the grammar
	}
	return event.Key{Label: p.label(before, planned), ID: known.ID, SPKISHA256: known.SPKISHA256}
}

// searches are the ways in which a key of the plan is looked for. In a step: one that
// existed before by its public key, and as people or the site file name it; and one that
// was made there by all that is known of it. Before the steps of a session: one of an earlier
// session by its id and its public key, and one that a failed call may have left by what
// it was to be.
func (c *keyChecker) searches(before *history.History, r event.Record, in period, planned *plan.Key) []event.Key {
	var all []event.Key
	var name token.KeyName
	existed := !planned.Made(c.Builder.Rehearsal)
	if existed {
		name = NameOf(c.Verdict.sites.At(r.Seq), before, planned)
	}
	if existed && r.Step != "" {
		return []event.Key{{Label: name.Label, ID: name.ID, Facts: name.Facts, SPKISHA256: planned.SPKISHA256}}
	}
	for _, k := range before.Keys {
		switch {
		case in.names.of(&k.Key) != planned.ID:
		case r.Step != "":
			all = append(all, in.inFull(before, planned, k))
		default:
			all = append(all, event.Key{Label: name.Label, ID: k.ID, Facts: name.Facts, SPKISHA256: k.SPKISHA256})
		}
	}
	for _, o := range before.Ended {
		if r.Step == "" && o.Failed != nil && o.Failed.Event.What == event.WhatGenerate && o.Failed.Event.Key != nil {
			left := o.Failed.Event.Key
			all = append(all, event.Key{Label: left.Label, ID: left.ID, SPKISHA256: left.SPKISHA256})
		}
	}
	return all
}

// planKey names the key of the plan that a call is about: by its public key, or by the
// label that the plan gives it.
func (p period) planKey(known *history.Key, asked event.Key) string {
	if known == nil {
		return p.names.of(&asked)
	}
	id := p.names.of(&known.Key)
	if k := p.Plan.Key(id); k != nil && !k.Made(p.Rehearsal) {
		return id // its label on the token is none of the plan
	}
	if other := p.names.labels[asked.Label]; other != "" && other != id {
		return ""
	}
	return id
}

// signerOf gives the key that signs an artifact.
func (p period) signerOf(artifact string) *plan.Key {
	a := p.Plan.Artifact(artifact)
	if a == nil {
		return nil
	}
	return p.Plan.Key(a.IssuerKey.ID())
}

// signatureOf names the algorithm of a signature.
func (p period) signatureOf(k *plan.Key, e event.OperationIntended) string {
	if a := p.Plan.Artifact(e.Artifact); a != nil {
		return string(a.Signature())
	}
	if k == nil {
		return ""
	}
	return string(k.Algorithm.DefaultSignature())
}

// finished checks what the line of a result holds: what such a call gives and nothing
// else, and of a key what it says of itself.
func (c *keyChecker) finished(before *history.History, r event.Record, e event.OperationFinished) {
	want := event.OperationFinished{Operation: e.Operation, What: e.What, Token: e.Token, DurationMS: e.DurationMS}
	o := before.Operation(e.Operation)
	switch e.What {
	case event.WhatGenerate:
		want.Key, want.Census = e.Key, e.Census
	case event.WhatFind:
		want.Key = e.Key
	case event.WhatDestroy:
		want.Census = e.Census
	case event.WhatRandom:
		want.Random = e.Random
	case event.WhatSign:
		want.Signature = e.Signature
	}
	if differ(e, want) || e.Key != nil && e.Key.Facts != "" { // by facts people choose, and a token gives attributes
		c.Verdict.problem(line(r.Seq), "operation %d gave more than such a call gives", e.Operation)
	}
	if o == nil {
		return // said by the grammar
	}
	c.lasted(r, o, e.DurationMS)
	if e.Key != nil {
		c.keyRead(before, r, o, e)
	}
}

// lasted checks that a call took no longer than there was between its lines.
func (c *keyChecker) lasted(r event.Record, o *history.Operation, ms int64) {
	took := r.Mono - o.Intended.Mono
	if lasted := time.Duration(ms) * time.Millisecond; ms < 0 || r.Session == o.Intended.Session && lasted > took {
		c.Verdict.problem(line(r.Seq), "operation %d took %d ms, but %d ms are between its lines", o.Number, ms, took.Milliseconds())
	}
}

// keyRead checks what was read of a key against its public key and what was read before.
func (c *keyChecker) keyRead(before *history.History, r event.Record, o *history.Operation, e event.OperationFinished) {
	k := e.Key
	spki, err := base64.StdEncoding.DecodeString(k.SPKI)
	if err != nil {
		return // the schema of the journal
	}
	alg, err := algorithm.KeyOf(spki)
	if err != nil || string(alg) != k.Algorithm {
		c.Verdict.problem(line(r.Seq), "the key is recorded as %q, but its public key is %q", k.Algorithm, alg)
		return
	}
	if asked := o.Intended.Event.Key; asked != nil && (asked.ID != "" && asked.ID != k.ID || e.What == event.WhatGenerate && asked.Label != k.Label) {
		c.Verdict.problem(line(r.Seq), "the key has the id %q and the label %q, which are not those that were asked for", k.ID, k.Label)
	}
	planned := c.at(r.Seq).key(k)
	if wrong := PairOf(k).Misreported(planned != nil && !planned.Made(c.Builder.Rehearsal)); wrong != "" {
		c.Verdict.problem(line(r.Seq), "the attributes of key %q: %s", k.Label, wrong)
	}
	known := before.Key(k.SPKISHA256)
	switch {
	case known == nil:
	case known.ID != k.ID || known.Label != k.Label:
		if before.Chosen(k.SPKISHA256) == nil { // else people said that it is another private key
			c.Verdict.problem(line(r.Seq), "key %q, id %s, was read before as %q, id %s", k.Label, k.ID, known.Label, known.ID)
		}
	case !slices.Equal(known.Attributes, k.Attributes):
		c.Verdict.Notices = append(c.Verdict.Notices, fmt.Sprintf("%s: the module says otherwise of key %q than in line %d", line(r.Seq), k.Label, known.First.Seq))
	}
}

// failed checks what the line of a failed call holds.
func (c *keyChecker) failed(before *history.History, r event.Record, e event.OperationFailed) {
	o := before.Operation(e.Operation)
	if o == nil {
		return // said by the grammar
	}
	c.lasted(r, o, e.DurationMS)
	asked := o.Intended.Event.Key
	switch {
	case e.Key == nil:
	case asked == nil, asked.ID != "" && asked.ID != e.Key.ID, asked.Label != "" && asked.Label != e.Key.Label,
		asked.SPKISHA256 != "" && asked.SPKISHA256 != e.Key.SPKISHA256, e.Key.SPKI == "" && differ(e.Key, asked):
		c.Verdict.problem(line(r.Seq), "operation %d failed with another key than it was to use", e.Operation)
	}
	if e.Key == nil && asked != nil && r.How == event.Observed {
		c.Verdict.problem(line(r.Seq), "operation %d failed, and the line does not say with which key", e.Operation)
	}
}

// proved checks that a proof is of the key of the plan that it names.
func (c *keyChecker) proved(before *history.History, r event.Record, e event.KeyProved) {
	k := before.Key(e.SPKISHA256)
	if k == nil {
		return // said by the grammar
	}
	o := before.Operation(e.Operation)
	if c.at(r.Seq).names.of(&k.Key) != e.Key || k.Token != e.Token || o != nil && (o.Intended.Event.For != e.Key || o.Intended.Event.Purpose != event.PurposeProof) {
		c.Verdict.problem(line(r.Seq), "the key that was proved is not %q on token %q", e.Key, e.Token)
	}
	again := func(p event.KeyProved) bool { return e.Operation != 0 && p.Operation == e.Operation }
	if slices.ContainsFunc(k.Proved, again) {
		c.Verdict.problem(line(r.Seq), "operation %d proved key %q already", e.Operation, e.Key)
	}
	if e.How != event.ProvedRequest {
		c.Verdict.problem(line(r.Seq), "key %q is proved by a %s, which no step asks for", e.Key, e.How)
	}
}

// ofPlan checks that a token is one of the plan in force, or of an amendment that
// follows: its tokens may be opened first.
func (c *keyChecker) ofPlan(r event.Record, name string) {
	if !slices.ContainsFunc(c.Verdict.plans, func(p planPeriod) bool { return slices.Contains(p.Plan.Tokens(), name) }) {
		c.Verdict.problem(line(r.Seq), "the plan has no token %q", name)
	}
}
