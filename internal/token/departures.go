// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"encoding/hex"
	"fmt"
	"slices"

	"rootceremony/internal/algorithm"
)

// usages are what a private key may do besides signing. One that does less than
// its template allows is no departure.
var usages = []string{"CKA_DECRYPT", "CKA_UNWRAP", "CKA_DERIVE", "CKA_SIGN_RECOVER"}

// history are the attributes that tell where a key was made and what could be
// done with it before. They hold for a key that was just made; a key that was
// restored from a backup, or imported, has lost them.
var history = []string{"CKA_LOCAL", "CKA_ALWAYS_SENSITIVE", "CKA_NEVER_EXTRACTABLE"}

// Departures lists in which ways the module reports a key pair that is not what
// the template asks for. made says that the pair was made for this ceremony:
// then all that the template states must hold, and unless the template lets it the key
// must never have been extractable or less sensitive. Of a pair that existed before only the private
// key counts: it is sensitive, does not leave, cannot be modified, and signs
// and does nothing else. Attributes that could not be read are no departure,
// but for the two that say whether the key can leave. The wording is for
// people.
func (p *Pair) Departures(template Template, made bool) []string {
	t, err := template.resolve()
	if err != nil {
		return []string{err.Error()}
	}
	var found []string
	for _, s := range t.demands(p.Algorithm, made) {
		if text := p.departure(s); text != "" {
			found = append(found, text)
		}
	}
	return found
}

// demands are the settings that a pair must have.
func (t template) demands(key algorithm.Key, made bool) []setting {
	all := slices.DeleteFunc(t.settings(key), func(s setting) bool { return !s.flag() })
	if made {
		for _, name := range history {
			if !t.lets(name) {
				all = append(all, private(name, true))
			}
		}
		return all
	}
	all = slices.DeleteFunc(all, func(s setting) bool {
		return s.half != HalfPrivate || s.name == "CKA_MODIFIABLE" || s.name == "CKA_EXTRACTABLE" && s.value
	})
	return append(all, private("CKA_MODIFIABLE", false))
}

// lets reports whether a template asks for what an attribute of the history rules out.
func (t template) lets(name string) bool {
	return slices.ContainsFunc(t.both, func(s setting) bool {
		return s.half == HalfPrivate && (name == "CKA_NEVER_EXTRACTABLE" && s.name == "CKA_EXTRACTABLE" && s.value ||
			name == "CKA_ALWAYS_SENSITIVE" && s.name == "CKA_SENSITIVE" && !s.value)
	})
}

// departure says how a pair departs from one setting, or nothing.
func (p *Pair) departure(s setting) string {
	if s.value && slices.Contains(usages, s.name) {
		return ""
	}
	for _, a := range p.Attributes {
		if a.Half == s.half && a.Name == s.name && a.State == StateValue {
			if a.Value == fmt.Sprint(s.value) {
				return ""
			}
			return fmt.Sprintf("%s key: the module reports %s %s, wanted %v", a.Half, a.Name, a.Value, s.value)
		}
	}
	if s.half == HalfPrivate && (s.name == "CKA_SENSITIVE" || s.name == "CKA_EXTRACTABLE") {
		return fmt.Sprintf("%s key: the module does not report %s, wanted %v", s.half, s.name, s.value)
	}
	return ""
}

// Misreported says what is wrong with the list of the attributes that were read of a pair:
// each is in it once, as it is read, and the id is the one of the pair. A key that existed
// before may lack its public half, and that may have an id of its own.
func (p *Pair) Misreported(existed bool) string {
	var got []string
	for _, a := range p.Attributes {
		got = append(got, string(a.Half)+" "+a.Name)
		switch a.State {
		case StateValue, StateUnsupported, StateSensitive, StateError:
		default:
			return fmt.Sprintf("the state of %s is %q", a.Name, a.State)
		}
		if a.Name == "CKA_ID" && a.State == StateValue && a.Value != hex.EncodeToString(p.ID) && !(existed && a.Half == HalfPublic) {
			return fmt.Sprintf("CKA_ID is %s, but the key was found under %x", a.Value, p.ID)
		}
	}
	private, public := p.named(HalfPrivate), p.named(HalfPublic)
	if !slices.Equal(got, slices.Concat(private, public)) && !(existed && slices.Equal(got, private)) {
		return fmt.Sprintf("%d are listed, and those that are read are %d others", len(got), len(private)+len(public))
	}
	return ""
}

// named names the attributes that are read of a half.
func (p *Pair) named(half string) []string {
	var names []string
	for _, name := range reportedAttributes(half, p.Algorithm) {
		names = append(names, half+" "+name)
	}
	return names
}
