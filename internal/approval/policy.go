// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// policyType is the type that a policy names itself by.
const policyType = "ceremony/trust-policy/v1"

// Policy says who may sign as what, and what each kind of object needs.
type Policy struct {
	Version    int
	Expires    time.Time
	Previous   string // SHA-256 of the policy before this one; empty for the first
	People     []Person
	Roles      []Role
	Rules      []Rule
	Separation [][2]string // roles that a person must not hold together
	Algorithms []string
	MinRSA     int

	sha256 string
}

// Person is a person who may sign: a principal of the policy.
type Person struct {
	ID, Org string
	Keys    []Key
}

// Name is how a person is called in allowed_signers.
func (p Person) Name() string { return p.ID + "@" + p.Org }

// Key is a public key of a person and when it counts.
type Key struct {
	SSH                 PublicKey
	UserVerified        bool // the FIDO device must have asked for a PIN or a finger
	NotBefore, NotAfter time.Time
}

// covers reports whether the key may sign at a time. Both ends are included;
// a zero time is no bound.
func (k Key) covers(at time.Time) bool {
	return (k.NotBefore.IsZero() || !at.Before(k.NotBefore)) && (k.NotAfter.IsZero() || !at.After(k.NotAfter))
}

// Role is a pool of people and how many of them are needed.
type Role struct {
	Name      string
	Members   []string
	Threshold int
}

// Auditor reports whether the role is one of auditors: "auditor" is a word of
// its name. Auditors attend and review; no approval counts them.
func (r Role) Auditor() bool { return isAuditor(r.Name) }

func isAuditor(role string) bool { return hasWord(role, "auditor", "auditors") }

// hasWord reports whether the name of a role has one of some words in it.
func hasWord(role string, words ...string) bool {
	return slices.ContainsFunc(strings.Split(role, "-"), func(word string) bool { return slices.Contains(words, word) })
}

// Rule is what one kind of object needs: all of some roles, or any of them.
type Rule struct {
	For   Namespace
	Roles []string
	Any   bool // one role is enough
	Paper bool // approvals on paper count too
}

// errAnchor says that a policy is not the one that was given from outside.
var errAnchor = errors.New("the policy does not have the digest that was given")

// ParsePolicy reads a policy. All problems are returned at once, as
// [source.Errors] with the name of the file.
func ParsePolicy(name string, data []byte) (*Policy, error) {
	sum := sha256.Sum256(data)
	p := &Policy{sha256: hex.EncodeToString(sum[:])}
	if err := readDocument(name, data, policyType, p.read); err != nil {
		return nil, err
	}
	return p, nil
}

// loadPolicy reads a policy that must have this SHA-256, in hexadecimal.
func loadPolicy(data []byte, anchorSHA256 string) (*Policy, error) {
	sum := sha256.Sum256(data)
	if hex.EncodeToString(sum[:]) != strings.ToLower(anchorSHA256) {
		return nil, errAnchor
	}
	return ParsePolicy("", data)
}

// SHA256 is the digest of the bytes that the policy was read from.
func (p *Policy) SHA256() string { return p.sha256 }

// Demands reports whether the policy has a rule for objects of this kind.
func (p *Policy) Demands(n Namespace) bool { return p.rule(n) != nil }

// Lacking gives the roles that objects of a kind need and that some people are too few
// for. Of a rule that any one role meets it gives none where one is met.
func (p *Policy) Lacking(n Namespace, people []string) (lacking []Role) {
	rule := p.rule(n)
	if rule == nil {
		return nil
	}
	for _, name := range rule.Roles {
		role := *p.role(name)
		here := slices.DeleteFunc(slices.Clone(role.Members), func(id string) bool { return !slices.Contains(people, id) })
		switch {
		case len(here) < role.Threshold:
			lacking = append(lacking, role)
		case rule.Any:
			return nil
		}
	}
	return lacking
}

func (p *Policy) rule(n Namespace) *Rule {
	return find(p.Rules, func(r *Rule) bool { return r.For == n })
}

func (p *Policy) role(name string) *Role {
	return find(p.Roles, func(r *Role) bool { return r.Name == name })
}

func (p *Policy) person(id string) *Person {
	return find(p.People, func(q *Person) bool { return q.ID == id })
}

// owner finds whose key it is.
func (p *Policy) owner(key PublicKey) (*Person, *Key) {
	for i := range p.People {
		for j := range p.People[i].Keys {
			if k := &p.People[i].Keys[j]; k.SSH.equal(key) {
				return &p.People[i], k
			}
		}
	}
	return nil, nil
}

// Introduce says whose the key with a fingerprint is, in which roles.
func (p *Policy) Introduce(fingerprint string) string {
	person := p.holder(fingerprint)
	if person == nil {
		return "nobody whom the policy names"
	}
	if roles := p.rolesOf(person.ID); len(roles) > 0 {
		return person.Name() + " (" + strings.Join(roles, ", ") + ")"
	}
	return person.Name() + " (in no role)"
}

// holder finds the person whose key has a fingerprint; nil for none.
func (p *Policy) holder(fingerprint string) *Person {
	return find(p.People, func(q *Person) bool {
		return slices.ContainsFunc(q.Keys, func(k Key) bool { return k.SSH.Fingerprint() == fingerprint })
	})
}

// rolesOf lists the roles of a person, in the order of the policy.
func (p *Policy) rolesOf(id string) []string {
	var out []string
	for _, r := range p.Roles {
		if slices.Contains(r.Members, id) {
			out = append(out, r.Name)
		}
	}
	return out
}

// isAuditor reports whether a person holds a role of auditors.
func (p *Policy) isAuditor(id string) bool {
	return slices.ContainsFunc(p.rolesOf(id), isAuditor)
}

// allows says why a policy does not take an algorithm and a key.
func (p *Policy) allows(algorithm string, key PublicKey) error {
	if !slices.Contains(p.Algorithms, algorithm) {
		return fmt.Errorf("the policy does not allow %s", algorithm)
	}
	if bits := key.rsaBits(); bits > 0 && bits < p.MinRSA {
		return fmt.Errorf("an RSA key of %d bits, but the policy requires %d", bits, p.MinRSA)
	}
	return nil
}

// find gives the first element that fits, or nil.
func find[T any](list []T, fits func(*T) bool) *T {
	for i := range list {
		if fits(&list[i]) {
			return &list[i]
		}
	}
	return nil
}
