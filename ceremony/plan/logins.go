// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"slices"

	"rootceremony/transcripts"
)

// Logins are those to one token, when a plan is carried out in one session and nothing
// goes wrong: each is a call of C_Login, with a PIN that is given to the token.
type Logins struct {
	Opened int // when it is opened
	Fresh  int // of fresh processes that look for new keys
	// Signatures are how often each key on it signs, its proofs included. One that asks for
	// the PIN each time (CKA_ALWAYS_AUTHENTICATE; PKCS#11 v2.40, 4.9) has as many logins
	// besides. Whether it does, the token says, and not the plan.
	Signatures []KeySignatures
}

// KeySignatures says how often a key signs.
type KeySignatures struct {
	Key   string
	Times int
}

// Logins counts the logins to a token.
func (p *Plan) Logins(name string) Logins {
	l := Logins{Opened: 1}
	made := false // a key on it, of those that are proved together
	for i := range p.Steps {
		st := &p.Steps[i]
		if st.Kind == StepSign {
			l.signs(p, name, p.Artifact(st.Artifact).IssuerKey.ID())
		}
		for _, id := range st.Keys {
			if l.signs(p, name, id) && st.Kind == StepGenerate {
				made = true
			}
		}
		if made && p.provedAfter(st.ID) {
			l.Fresh++
			made = false
		}
	}
	return l
}

// signs counts a signature, if the key is on the token.
func (l *Logins) signs(p *Plan, name, id string) bool {
	k := p.Key(id)
	if k == nil || k.Token != name {
		return false
	}
	i := slices.IndexFunc(l.Signatures, func(s KeySignatures) bool { return s.Key == id })
	if i < 0 {
		i = len(l.Signatures)
		l.Signatures = append(l.Signatures, KeySignatures{Key: id})
	}
	l.Signatures[i].Times++
	return true
}

// scriptLogins shows the logins to a token. Where a site file says that it takes none,
// there are none.
func (p *Plan) scriptLogins(name string, site *Site) transcripts.ScriptLogins {
	l := p.Logins(name)
	v := transcripts.ScriptLogins{Token: name, Opened: l.Opened, Fresh: l.Fresh}
	if c, err := site.Device(name); err == nil && !c.Login.Calls() {
		return transcripts.ScriptLogins{Token: name}
	}
	for _, s := range l.Signatures {
		v.Signatures = append(v.Signatures, transcripts.ScriptSignatures{Key: s.Key, Times: s.Times})
	}
	return v
}

// Names reports whether somebody is one of the people of a plan.
func (p *Plan) Names(person string) bool {
	return slices.ContainsFunc(p.People, func(r Role) bool { return slices.Contains(r.Of, person) })
}
