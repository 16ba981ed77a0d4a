// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"slices"
	"time"

	"rootceremony/internal/source"
)

// Bounds of a policy. Real ones are far smaller.
const (
	maxPeople = 500
	maxKeys   = 20
	maxRoles  = 100
)

// read reads the fields of a policy, and then checks them against each other.
func (p *Policy) read(o *source.Map) {
	p.Version = o.Need("version").Int(1, 1<<30)
	p.Expires = o.Need("expires").Time()
	previous := o.Opt("previous")
	if previous.Present() {
		p.Previous = digestAt(previous)
	}
	if p.Version > 0 && (p.Version > 1) != previous.Present() {
		previous.Fail("the first version has none, and every later one names the one before it")
	}
	p.readAlgorithms(o.Need("algorithms").Map())
	for _, f := range named(o.Need("principals").Map()) {
		p.readPerson(f)
	}
	for _, f := range named(o.Need("roles").Map()) {
		p.readRole(f)
	}
	p.readRules(o.Need("rules").Map())
	if f := o.Opt("separation"); f.Present() {
		p.readSeparation(f)
	}
	p.checkSizes(o)
	p.checkAuditors(o)
}

func (p *Policy) readAlgorithms(o *source.Map) {
	defer o.Close()
	p.Algorithms = source.Enums(o.Need("sig"), "algorithm", Algorithms())
	p.MinRSA = minRSABits
	if f := o.Opt("min_rsa"); f.Present() {
		p.MinRSA = f.Int(minRSABits, maxRSABits)
	}
}

func (p *Policy) readPerson(k source.Key) {
	o := k.Value.Map()
	defer o.Close()
	person := Person{ID: k.Name, Org: matching(o.Need("org"), domainName, "an organization such as example-trust or example.com")}
	keys := o.Need("keys")
	for _, k := range keys.List() {
		person.Keys = append(person.Keys, p.readKey(k, person))
	}
	switch n := len(person.Keys); {
	case !keys.IsList():
	case n == 0:
		keys.Fail("%s has no key", person.ID)
	case n > maxKeys:
		keys.Fail("%d keys, at most %d are allowed", n, maxKeys)
	}
	p.People = append(p.People, person)
}

func (p *Policy) readKey(f source.Node, person Person) Key {
	o := f.Map()
	defer o.Close()
	var k Key
	line := o.Need("ssh")
	if text := line.Text(); text != "" {
		k.SSH = p.readPublicKey(line, text, person)
	}
	if r := o.Opt("require"); r.Present() {
		k.UserVerified = readRequire(r, k.SSH)
	}
	if t := o.Opt("not_before"); t.Present() {
		k.NotBefore = t.Time()
	}
	if t := o.Opt("not_after"); t.Present() {
		k.NotAfter = t.Time()
	}
	if !k.NotAfter.IsZero() && k.NotAfter.Before(k.NotBefore) {
		o.Opt("not_after").Fail("it is before not_before")
	}
	return k
}

// readPublicKey wants a key that the policy can use and that is not listed yet:
// a key that two people share would not show who signed.
func (p *Policy) readPublicKey(f source.Node, text string, person Person) PublicKey {
	key, err := ParsePublicKey(text)
	if err != nil {
		f.Fail("%v", err)
		return key
	}
	if key.String() != text {
		f.Fail("type and base64 only, without a comment")
	}
	if !p.takes(key) {
		f.Fail("algorithms.sig allows no signature of a key of type %s", key.key.Type())
	}
	if bits := key.rsaBits(); bits > 0 && (bits < p.MinRSA || bits > maxRSABits) {
		f.Fail("an RSA key of %d bits; at least %d are needed, and at most %d", bits, p.MinRSA, maxRSABits)
	}
	other, _ := p.owner(key)
	if other == nil && slices.ContainsFunc(person.Keys, func(k Key) bool { return k.SSH.equal(key) }) {
		other = &person
	}
	if other != nil {
		f.Fail("duplicate key, already listed for %s", other.ID)
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
func readRequire(f source.Node, key PublicKey) (verified bool) {
	verified = slices.Contains(source.Enums(f, "requirement", []string{"up", "uv"}), "uv")
	if key.key != nil && !key.FIDO() {
		f.Fail("only signatures of FIDO devices show this, but the key is of type %s", key.key.Type())
	}
	return verified
}

func (p *Policy) readRole(k source.Key) {
	o := k.Value.Map()
	defer o.Close()
	r := Role{Name: k.Name}
	for _, m := range o.Need("members").List() {
		id := nameAt(m)
		switch {
		case id == "":
		case p.person(id) == nil:
			m.Fail("principals has no %q", id)
		case slices.Contains(r.Members, id):
			m.Fail("duplicate %s", id)
		}
		r.Members = append(r.Members, id)
	}
	r.Threshold = o.Need("threshold").Int(1, 1<<30)
	switch most := p.together(r.Members, time.Time{}); {
	case !o.Node().IsMap() || len(p.People) == 0:
	case r.Threshold > len(r.Members):
		o.Opt("threshold").Fail("%d are needed, but the role has only %d people", r.Threshold, len(r.Members))
	case r.Threshold > most && !p.Expires.IsZero() && !slices.ContainsFunc(r.Members, func(id string) bool { return p.person(id) == nil }):
		o.Opt("threshold").Fail("it can never be met: until the policy expires, at most %d of these people have valid keys at one time", most)
	}
	p.Roles = append(p.Roles, r)
}

func (p *Policy) readRules(o *source.Map) {
	defer o.Close()
	for _, name := range ruleNames() {
		if f := o.Opt(name); f.Present() {
			namespace, _ := NamespaceOf(name)
			p.readRule(f, namespace)
		}
	}
	if o.Node().IsMap() && len(p.Rules) == 0 {
		o.Node().Fail("it requires nothing")
	}
}

func (p *Policy) readRule(f source.Node, namespace Namespace) {
	o := f.Map()
	defer o.Close()
	rule := Rule{For: namespace}
	all, some := o.Opt("all"), o.Opt("any")
	roles := all
	if some.Present() {
		roles, rule.Any = some, true
	}
	if o.Node().IsMap() && all.Present() == some.Present() {
		f.Fail("it has either all or any")
	}
	for _, item := range roles.List() {
		rule.Roles = append(rule.Roles, p.readRuleRole(item, rule))
	}
	if roles.Present() && len(rule.Roles) == 0 {
		roles.Fail("it has no role")
	}
	if paper := o.Opt("paper"); paper.Present() {
		rule.Paper = paper.Bool()
		if !namespace.meaning().approves {
			paper.Fail("only approvals can be on paper")
		}
	}
	p.Rules = append(p.Rules, rule)
}

func (p *Policy) readRuleRole(f source.Node, rule Rule) string {
	name := nameAt(f)
	switch {
	case name == "":
	case p.role(name) == nil:
		f.Fail("roles has no %q", name)
	case slices.Contains(rule.Roles, name):
		f.Fail("duplicate %s", name)
	case isAuditor(name) && rule.For.meaning().approves:
		f.Fail("auditors attend and review; they are no part of an approval")
	}
	return name
}

// readSeparation reads pairs of roles. A person must not be a member of both,
// so that it is never ambiguous which role a signature fills.
func (p *Policy) readSeparation(f source.Node) {
	for _, item := range f.List() {
		pair := item.List()
		if len(pair) != 2 {
			item.Fail("it must be a pair of roles")
			continue
		}
		one, two := p.role(nameAt(pair[0])), p.role(nameAt(pair[1]))
		switch {
		case one == nil || two == nil:
			item.Fail("roles does not have both of them")
			continue
		case one == two:
			item.Fail("a role cannot exclude itself")
			continue
		}
		for _, id := range one.Members {
			if slices.Contains(two.Members, id) {
				item.Fail("%s is a member of %s and of %s, which exclude each other", id, one.Name, two.Name)
			}
		}
		p.Separation = append(p.Separation, [2]string{one.Name, two.Name})
	}
}

func (p *Policy) checkSizes(o *source.Map) {
	if len(p.People) > maxPeople {
		o.Opt("principals").Fail("%d people, at most %d are allowed", len(p.People), maxPeople)
	}
	if len(p.Roles) > maxRoles {
		o.Opt("roles").Fail("%d roles, at most %d are allowed", len(p.Roles), maxRoles)
	}
	if p.Expires.Year() > 9000 {
		o.Opt("expires").Fail("it must expire")
	}
}

// checkAuditors keeps people who audit out of every pool that approves: an
// auditor must not have decided about the ceremony.
func (p *Policy) checkAuditors(o *source.Map) {
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
					o.Opt("roles").Fail("%s is an auditor and cannot be a member of %s, which approves under rules.%s", id, name, rule.For.Rule())
				}
			}
		}
	}
}
