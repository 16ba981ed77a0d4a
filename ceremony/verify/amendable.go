// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"bytes"
	"fmt"

	"rootceremony/ceremony/plan"
)

// Changes names everything that another plan would change of what is done:
// finished steps, keys that were made, objects that were signed, and what they
// were made from.
func (p *Replay) Changes(before, after *plan.Plan) []string {
	var wrong []string
	same := func(a, b any, format string, args ...any) {
		x, _ := plan.CanonicalJSON(a) // plans were canonical JSON before
		y, _ := plan.CanonicalJSON(b)
		if !bytes.Equal(x, y) {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	same(before.Ceremony.ID, after.Ceremony.ID, "the ceremony id changes to %q", after.Ceremony.ID)
	same(before.Approval, after.Approval, "approval: cannot change after the ceremony has started")
	for i, st := range before.Steps[:p.reached(before)] {
		if i >= len(after.Steps) {
			wrong = append(wrong, fmt.Sprintf("step %s is done and cannot be removed", st.ID))
			continue
		}
		same(st, after.Steps[i], "step %s (%s) is done, or comes before one that is, and cannot change", st.ID, st.Title)
	}
	for _, in := range before.Inputs {
		same(&in, after.Input(in.ID), "input %q was already read and cannot change", in.ID)
	}
	for i := range before.Bundles {
		wrong = append(wrong, otherHistory(&before.Bundles[i], after)...)
	}
	for _, k := range before.Keys {
		if p.touched(k.ID) {
			same(&k, after.Key(k.ID), "key %q was already generated or found and cannot change", k.ID)
		}
	}
	for _, auth := range before.Authorities {
		if p.touched(auth.Key) {
			same(&auth, after.Authority(auth.ID), "the key of authority %q exists, so the authority cannot change", auth.ID)
		}
	}
	for _, a := range before.Artifacts {
		if p.Signed(a.ID) != nil || p.Possible(a.ID) != nil {
			is := map[bool]string{true: "is signed", false: "may be signed: do its step again first. Until then it"}[p.Signed(a.ID) != nil]
			same(&a, after.Artifact(a.ID), "%q %s and cannot change", a.ID, is)
			same(before.WaiversOf(a.ID), after.WaiversOf(a.ID), "%q %s and its waivers cannot change", a.ID, is)
			same(before.UncheckedOf(a.ID), after.UncheckedOf(a.ID), "%q %s and its waivers cannot change", a.ID, is)
		}
	}
	return wrong
}

// otherHistory says what another plan tells otherwise of an earlier bundle, which is found by
// the digest of its MANIFEST: what that lists does not change. Only an object that was lost
// may have been found.
func otherHistory(before *plan.Bundle, after *plan.Plan) (wrong []string) {
	b := plan.Find(after.Bundles, func(b *plan.Bundle) bool { return b.ManifestSHA256 == before.ManifestSHA256 })
	if b == nil {
		return []string{fmt.Sprintf("the bundle of ceremony %s was already read and cannot be left out", before.Ceremony)}
	}
	for _, s := range before.Status {
		is := plan.Find(b.Status, func(o *plan.BundleStatus) bool { return o.Artifact == s.Artifact })
		if is != nil && s.Lost {
			s.Lost = is.Lost
		}
		if is == nil || *is != s {
			wrong = append(wrong, fmt.Sprintf("%s of ceremony %s was already read and cannot change or be left out", s.Artifact, before.Ceremony))
		}
	}
	same := *b
	same.Path, same.Status = before.Path, before.Status
	if differ(same, *before) || len(b.Status) != len(before.Status) {
		wrong = append(wrong, fmt.Sprintf("the bundle of ceremony %s was already read, and is another one", before.Ceremony))
	}
	return wrong
}

// reached counts the steps of a plan up to the last that is p.
func (p *Replay) reached(plan *plan.Plan) int {
	n := 0
	for i, st := range plan.Steps {
		if p.Done(st.ID) {
			n = i + 1
		}
	}
	return n
}

// touched reports whether a key is on a token because of this ceremony, or was
// found there.
func (p *Replay) touched(key string) bool {
	_, made := p.Keys[key]
	_, left := p.LeftBehind[key]
	return made || left
}
