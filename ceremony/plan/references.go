// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"

	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
)

// What a reference of the ceremony file may ask for.
const (
	aCertificate = "certificate"
	aCRL         = "CRL"
	aRequest     = "certificate request"
	aResponse    = "OCSP response"
)

// inputWords say what an input is, by its kind in the plan.
var inputWords = map[string]string{"certificate": aCertificate, "crl": aCRL, "certificate-request": aRequest, inspect.KindResponse: aResponse}

// indexSigningSteps remembers what the steps of the whole file sign, before they are
// read one by one: a reference to a later step is told from one to nothing.
func (l *loader) indexSigningSteps(steps source.Node) {
	if !steps.IsList() {
		return // reported where they are read
	}
	for _, item := range steps.List() {
		if !item.IsMap() {
			continue
		}
		m := item.Map()
		for _, kind := range signWords {
			n := m.Opt(kind)
			if !n.IsScalar() || kind == "request" && m.Opt("issue").Present() {
				continue // there it names the request of the subject
			}
			if _, twice := l.signing[n.Name()]; !twice {
				l.signing[n.Name()] = n
			}
		}
	}
}

// badReference reports a reference that cannot be followed, and says what the id
// for instead. What was reported already is not reported again: an input that
// cannot be read, and an artifact whose step has a mistake.
func (l *loader) badReference(n source.Node, wanted, from string) {
	id := n.Name()
	if id == "" { // reported as missing or as no name
		l.broken = true
		return
	}
	made, later := l.Plan.Artifact(id), l.signing[id].Present() && l.objects[id] == ""
	in := l.Plan.Input(id)
	switch {
	case l.nodes["input:"+id].Present() && in == nil, made == nil && id != l.current && l.objects[id] != "":
		l.broken = true
	case id == l.current:
		n.FailHint("name an input or an artifact of an earlier step", "%q is the artifact of this step itself; expected a %s %s", id, wanted, from)
	case later:
		n.FailHint("move that step before this one", "%q comes from a later step, in line %d; expected a %s %s", id, l.signing[id].Pos().Line, wanted, from)
	case made != nil:
		n.Fail("%q is %s from an earlier step; expected a %s %s", id, rowOf(made.Kind()).word, wanted, from)
	case in != nil:
		n.Fail("%q is %s from the inputs; expected a %s %s", id, inspect.A(in.Kind), wanted, from)
	default:
		hint := l.otherUse(id)
		if hint == "" {
			hint = nameIt[from]
		}
		n.FailHint(hint, "there is no %s %q %s", wanted, id, from)
	}
}

// nameIt says how a reference finds its object.
var nameIt = map[string]string{
	fromInput:  "name its file under inputs",
	fromStep:   "put the step that signs it before this one",
	fromEither: "name its file under inputs, or put the step that signs it before this one",
}

// otherUse says what else an id names, as a hint.
func (l *loader) otherUse(id string) string {
	for _, kind := range []string{"key", "authority"} {
		if l.nodes[kind+":"+id].Present() {
			return fmt.Sprintf("%s is a key or an authority; name an input or an artifact here", id)
		}
	}
	return ""
}

// From where the object that a reference wants may come.
const (
	fromInput  = "from the inputs"
	fromStep   = "from an earlier step"
	fromEither = "from the inputs or from an earlier step"
)

// whole checks that what was read without a mistake is a whole plan. It cannot
// fail unless the program is wrong: what is between a reader that gives up
// in silence and people who approve a plan that lacks an object.
func (l *loader) whole() {
	err := l.Plan.CheckComplete()
	if err == nil && l.broken {
		err = fmt.Errorf("%w: part of the file was not read, and no error says so", ErrIncomplete)
	}
	if err != nil {
		l.Doc.Root().FailHint("this is a bug: report it with the file, and do not use this plan", "%v", err)
	}
}
