// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import "slices"

// ClassRoot is the class of a root key.
const ClassRoot = "root"

// Classes of keys of subordinate CAs: of an Affiliate of the issuer, and of others.
const (
	classAffiliate = "affiliate-sub"
	classExternal  = "external-sub"
)

// affiliate says whether the CA is an Affiliate of its issuer; nil where the class of its
// key does not tell.
func (k *Key) affiliate() *bool {
	is := k.Class == classAffiliate
	if !is && k.Class != classExternal {
		return nil
	}
	return &is
}

// HeadAfter reports whether people write down the head of the record when a step is
// done: a root key was made or found there, or signed. What is not on paper rests on the
// disk alone, and the existence of a signature of a root key must not. Where the head is
// read aloud anyway, since a section ends, or comes after the next row of the same
// table or the next of the new keys, it is not shown twice.
func (p *Plan) HeadAfter(step string) bool {
	root := false
	for i := range p.Steps {
		st := &p.Steps[i]
		root = p.usesRoot(st) || root && i > 0 && p.together(&p.Steps[i-1], st)
		if st.ID != step {
			continue
		}
		if i+1 == len(p.Steps) || !root {
			return false
		}
		next := &p.Steps[i+1]
		return next.Kind != StepSection && !p.together(st, next)
	}
	return false
}

// provedAfter reports whether new processes look for the new keys when a step is done: it
// is the last of those that make keys one after another.
func (p *Plan) provedAfter(step string) bool {
	i := slices.IndexFunc(p.Steps, func(st Step) bool { return st.ID == step })
	return p.Steps[i].Kind == StepGenerate && (i+1 == len(p.Steps) || !p.together(&p.Steps[i], &p.Steps[i+1]))
}

// usesRoot reports whether a root key signs in a step, if only to prove that it is there.
func (p *Plan) usesRoot(st *Step) bool {
	isRoot := func(id string) bool { k := p.Key(id); return k != nil && k.Class == ClassRoot }
	switch st.Kind {
	case StepGenerate, StepUse:
		return Find(st.Keys, func(id *string) bool { return isRoot(*id) }) != nil
	case StepSign:
		return isRoot(p.Artifact(st.Artifact).IssuerKey.ID())
	}
	return false
}

// together reports whether two steps that follow each other are one for the people in
// the room: new keys are proved together, and CRLs and OCSP responses confirmed.
func (p *Plan) together(a, b *Step) bool {
	switch {
	case a.Kind != b.Kind:
		return false
	case a.Kind == StepGenerate:
		return true
	}
	return a.Kind == StepSign && p.Artifact(a.Artifact).ConfirmedInTable() && p.Artifact(b.Artifact).ConfirmedInTable()
}
