// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Draft is what a policy is made from.
type Draft struct {
	Version    int // 1 if it is zero
	Previous   string
	Expires    time.Time
	People     []Person
	Roles      []Role
	Rules      []Rule
	Separation [][2]string
	Algorithms []string // all that can be allowed if there are none
	MinRSA     int      // 3072 if it is zero
}

// The JSON of a policy, in the order in which people read it.
type (
	policyJSON struct {
		Type       string            `json:"type"`
		Version    int               `json:"version"`
		Expires    string            `json:"expires"`
		Previous   string            `json:"previous,omitempty"`
		Principals ordered[person]   `json:"principals"`
		Roles      ordered[roleJSON] `json:"roles"`
		Rules      ordered[ruleJSON] `json:"rules"`
		Separation [][2]string       `json:"separation,omitempty"`
		Algorithms algorithmsJSON    `json:"algorithms"`
	}
	person struct {
		Org  string    `json:"org"`
		Keys []keyJSON `json:"keys"`
	}
	keyJSON struct {
		SSH       string   `json:"ssh"`
		Require   []string `json:"require,omitempty"`
		NotBefore string   `json:"not_before,omitempty"`
		NotAfter  string   `json:"not_after,omitempty"`
	}
	roleJSON struct {
		Members   []string `json:"members"`
		Threshold int      `json:"threshold"`
	}
	ruleJSON struct {
		All   []string `json:"all,omitempty"`
		Any   []string `json:"any,omitempty"`
		Paper bool     `json:"paper,omitempty"`
	}
	algorithmsJSON struct {
		Sig    []string `json:"sig"`
		MinRSA int      `json:"min_rsa"`
	}
)

// ordered is a JSON object whose keys keep their order.
type ordered[T any] []entry[T]

type entry[T any] struct {
	name  string
	value T
}

// MarshalJSON writes the entries in their order.
func (o ordered[T]) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, e := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		name, err := json.Marshal(e.name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(e.value)
		if err != nil {
			return nil, err
		}
		out.Write(append(append(name, ':'), value...))
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// NewPolicy writes a policy. The same draft gives the same bytes, and what a
// policy may not say is refused as ParsePolicy refuses it.
func NewPolicy(d Draft) ([]byte, error) {
	raw, err := json.Marshal(d.json())
	if err != nil {
		return nil, fmt.Errorf("writing policy: %w", err)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return nil, fmt.Errorf("writing policy: %w", err)
	}
	out.WriteByte('\n')
	if _, err := ParsePolicy("", out.Bytes()); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func (d Draft) json() policyJSON {
	p := policyJSON{
		Type: policyType, Version: max(d.Version, 1), Previous: d.Previous, Expires: stamp(d.Expires),
		Separation: d.Separation,
		Algorithms: algorithmsJSON{Sig: d.Algorithms, MinRSA: d.MinRSA},
	}
	if len(d.Algorithms) == 0 {
		p.Algorithms.Sig = Algorithms()
	}
	if d.MinRSA == 0 {
		p.Algorithms.MinRSA = defaultRSABits
	}
	for _, q := range d.People {
		p.Principals = append(p.Principals, entry[person]{q.ID, person{q.Org, keysJSON(q.Keys)}})
	}
	for _, r := range d.Roles {
		p.Roles = append(p.Roles, entry[roleJSON]{r.Name, roleJSON{r.Members, r.Threshold}})
	}
	for _, r := range d.Rules {
		rule := ruleJSON{All: r.Roles, Paper: r.Paper}
		if r.Any {
			rule.All, rule.Any = nil, r.Roles
		}
		p.Rules = append(p.Rules, entry[ruleJSON]{r.For.Rule(), rule})
	}
	return p
}

func keysJSON(keys []Key) []keyJSON {
	out := []keyJSON{}
	for _, k := range keys {
		j := keyJSON{SSH: k.SSH.String()}
		if k.SSH.FIDO() {
			j.Require = []string{"up"}
		}
		if k.UserVerified {
			j.Require = append(j.Require, "uv")
		}
		if !k.NotBefore.IsZero() {
			j.NotBefore = stamp(k.NotBefore)
		}
		if !k.NotAfter.IsZero() {
			j.NotAfter = stamp(k.NotAfter)
		}
		out = append(out, j)
	}
	return out
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
