// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"slices"
	"time"
)

// Bounds of a policy. Real ones are far smaller.
const (
	maxPeople = 500
	maxKeys   = 20
	maxRoles  = 100
)

// read reads the fields of a policy, and then checks them against each other.
func (p *Policy) read(o *object) {
	p.Version = o.need("version").integer(1, 1<<30)
	p.Expires = o.need("expires").timestamp()
	if f := o.opt("previous"); f.present() {
		p.Previous = f.sha256()
	}
	if (p.Version > 1) != (p.Previous != "") && len(o.r.problems) == 0 {
		o.fail("previous", "the first version has none, and every later one names the one before it")
	}
	p.readAlgorithms(o.need("algorithms").object())
	for _, f := range o.need("principals").object().entries() {
		p.readPerson(f)
	}
	for _, f := range o.need("roles").object().entries() {
		p.readRole(f)
	}
	p.readRules(o.need("rules").object())
	if f := o.opt("separation"); f.present() {
		p.readSeparation(f)
	}
	p.checkSizes(o)
	p.checkAuditors(o)
}

func (p *Policy) readAlgorithms(o *object) {
	defer o.close()
	for _, f := range o.need("sig").list() {
		name := f.oneOf(Algorithms()...)
		if name != "" && slices.Contains(p.Algorithms, name) {
			f.fail("duplicate %q", name)
		}
		p.Algorithms = append(p.Algorithms, name)
	}
	if o.v != nil && len(p.Algorithms) == 0 {
		o.fail("sig", "it allows no algorithm")
	}
	p.MinRSA = minRSABits
	if f := o.opt("min_rsa"); f.present() {
		p.MinRSA = f.integer(minRSABits, maxRSABits)
	}
}

func (p *Policy) readPerson(f field) {
	o := f.object()
	defer o.close()
	person := Person{ID: f.name(), Org: o.need("org").matching(domainName, "an organization such as example-trust or example.com")}
	keys := o.need("keys")
	for _, k := range keys.list() {
		person.Keys = append(person.Keys, p.readKey(k, person))
	}
	switch n := len(person.Keys); {
	case o.v == nil || !keys.present():
	case n == 0:
		keys.fail("%s has no key", person.ID)
	case n > maxKeys:
		keys.fail("%d keys, at most %d are allowed", n, maxKeys)
	}
	p.People = append(p.People, person)
}

func (p *Policy) readKey(f field, person Person) Key {
	o := f.object()
	defer o.close()
	var k Key
	line := o.need("ssh")
	if text := line.text(); text != "" {
		k.SSH = p.readPublicKey(line, text, person)
	}
	if r := o.opt("require"); r.present() {
		k.UserVerified = readRequire(r, k.SSH)
	}
	if t := o.opt("not_before"); t.present() {
		k.NotBefore = t.timestamp()
	}
	if t := o.opt("not_after"); t.present() {
		k.NotAfter = t.timestamp()
	}
	if !k.NotAfter.IsZero() && k.NotAfter.Before(k.NotBefore) {
		o.fail("not_after", "it is before not_before")
	}
	return k
}

// readPublicKey wants a key that the policy can use and that is not listed yet:
// a key that two people share would not show who signed.
func (p *Policy) readPublicKey(f field, text string, person Person) PublicKey {
	key, err := ParsePublicKey(text)
	if err != nil {
		f.fail("%v", err)
		return key
	}
	if key.String() != text {
		f.fail("type and base64 only, without a comment")
	}
	if !p.takes(key) {
		f.fail("algorithms.sig allows no signature of a key of type %s", key.key.Type())
	}
	if bits := key.rsaBits(); bits > 0 && (bits < p.MinRSA || bits > maxRSABits) {
		f.fail("an RSA key of %d bits; at least %d are needed, and at most %d", bits, p.MinRSA, maxRSABits)
	}
	other, _ := p.owner(key)
	if other == nil && slices.ContainsFunc(person.Keys, func(k Key) bool { return k.SSH.equal(key) }) {
		other = &person
	}
	if other != nil {
		f.fail("duplicate key, already listed for %s", other.ID)
	}
	return key
}

// takes reports whether some allowed algorithm is for this type of key.
func (p *Policy) takes(key PublicKey) bool {
	return slices.ContainsFunc(algorithms, func(a algorithm) bool {
		return a.keyType == key.key.Type() && slices.Contains(p.Algorithms, a.name)
	})
}

// readRequire reports whether "uv" is required. "up" is required always.
func readRequire(f field, key PublicKey) (verified bool) {
	for _, item := range f.list() {
		verified = item.oneOf("up", "uv") == "uv" || verified
	}
	if key.key != nil && !key.FIDO() {
		f.fail("only signatures of FIDO devices show this, but the key is of type %s", key.key.Type())
	}
	return verified
}

func (p *Policy) readRole(f field) {
	o := f.object()
	defer o.close()
	r := Role{Name: f.name()}
	for _, m := range o.need("members").list() {
		id := m.identifier()
		switch {
		case id == "":
		case p.person(id) == nil:
			m.fail("principals has no %q", id)
		case slices.Contains(r.Members, id):
			m.fail("duplicate %s", id)
		}
		r.Members = append(r.Members, id)
	}
	r.Threshold = o.need("threshold").integer(1, 1<<30)
	switch most := p.together(r.Members, time.Time{}); {
	case o.v == nil || len(p.People) == 0:
	case r.Threshold > len(r.Members):
		o.fail("threshold", "%d are needed, but the role has only %d people", r.Threshold, len(r.Members))
	case r.Threshold > most && !p.Expires.IsZero() && !slices.ContainsFunc(r.Members, func(id string) bool { return p.person(id) == nil }):
		o.fail("threshold", "it can never be met: until the policy expires, at most %d of these people have valid keys at one time", most)
	}
	p.Roles = append(p.Roles, r)
}

func (p *Policy) readRules(o *object) {
	defer o.close()
	for _, name := range ruleNames() {
		if f := o.opt(name); f.present() {
			namespace, _ := NamespaceOf(name)
			p.readRule(f, namespace)
		}
	}
	if o.v != nil && len(o.v.keys) == 0 {
		o.r.fail(o.v, o.path, "it requires nothing")
	}
}

func (p *Policy) readRule(f field, namespace Namespace) {
	o := f.object()
	defer o.close()
	rule := Rule{For: namespace}
	all, some := o.opt("all"), o.opt("any")
	roles := all
	if some.present() {
		roles, rule.Any = some, true
	}
	if o.v != nil && all.present() == some.present() {
		f.fail("it has either all or any")
	}
	for _, item := range roles.list() {
		rule.Roles = append(rule.Roles, p.readRuleRole(item, rule))
	}
	if roles.present() && len(rule.Roles) == 0 {
		roles.fail("it has no role")
	}
	if paper := o.opt("paper"); paper.present() {
		rule.Paper = paper.boolean()
		if !namespace.meaning().approves {
			paper.fail("only approvals can be on paper")
		}
	}
	p.Rules = append(p.Rules, rule)
}

func (p *Policy) readRuleRole(f field, rule Rule) string {
	name := f.identifier()
	switch {
	case name == "":
	case p.role(name) == nil:
		f.fail("roles has no %q", name)
	case slices.Contains(rule.Roles, name):
		f.fail("duplicate %s", name)
	case isAuditor(name) && rule.For.meaning().approves:
		f.fail("auditors attend and review; they are no part of an approval")
	}
	return name
}

// readSeparation reads pairs of roles. A person must not be a member of both,
// so that it is never ambiguous which role a signature fills.
func (p *Policy) readSeparation(f field) {
	for _, item := range f.list() {
		pair := item.list()
		if len(pair) != 2 {
			item.fail("it must be a pair of roles")
			continue
		}
		one, two := p.role(pair[0].identifier()), p.role(pair[1].identifier())
		switch {
		case one == nil || two == nil:
			item.fail("roles does not have both of them")
			continue
		case one == two:
			item.fail("a role cannot exclude itself")
			continue
		}
		for _, id := range one.Members {
			if slices.Contains(two.Members, id) {
				item.fail("%s is a member of %s and of %s, which exclude each other", id, one.Name, two.Name)
			}
		}
		p.Separation = append(p.Separation, [2]string{one.Name, two.Name})
	}
}

func (p *Policy) checkSizes(o *object) {
	if len(p.People) > maxPeople {
		o.fail("principals", "%d people, at most %d are allowed", len(p.People), maxPeople)
	}
	if len(p.Roles) > maxRoles {
		o.fail("roles", "%d roles, at most %d are allowed", len(p.Roles), maxRoles)
	}
	if p.Expires.Year() > 9000 {
		o.fail("expires", "it must expire")
	}
}

// checkAuditors keeps people who audit out of every pool that approves: an
// auditor must not have decided about the ceremony.
func (p *Policy) checkAuditors(o *object) {
	for _, rule := range p.Rules {
		if !rule.For.meaning().approves {
			continue
		}
		for _, name := range rule.Roles {
			role := p.role(name)
			if role == nil || role.Auditor() {
				continue
			}
			for _, id := range role.Members {
				if p.isAuditor(id) {
					o.fail("roles", "%s is an auditor and cannot be a member of %s, which approves under rules.%s", id, name, rule.For.Rule())
				}
			}
		}
	}
}
