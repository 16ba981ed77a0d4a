// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import "time"

// Options configure a linter.
type Options struct {
	// KeyLints turns on the three zlint lints that cost more than all others
	// together and look only at keys and signatures. They are on for whatever is
	// issued and off where profiles are checked in bulk.
	KeyLints bool
	// Waivers are applied by Clear and Issued, as of the signing time.
	Waivers []Waiver
}

// Linter judges objects. It is safe for concurrent use.
type Linter struct {
	waivers []Waiver
}

// New builds the registries, once.
func New(opts Options) (*Linter, error) {
	return &Linter{waivers: opts.Waivers}, nil
}

// Check judges a complete signed, or specimen-signed, object.
func (l *Linter) Check(obj Object, ctx Context, der []byte) Report {
	return Report{Artifact: obj.Artifact} // TODO
}

// RuleInfo describes one rule for documents and for the map from each
// requirement to the rule that enforces it.
type RuleInfo struct {
	ID          string    `json:"id"`
	Engine      string    `json:"engine"`
	Level       Status    `json:"level"`
	Citation    string    `json:"citation"`
	Requirement string    `json:"requirement"`
	From        time.Time `json:"from,omitzero"`
	Needs       []string  `json:"needs,omitempty"` // context it asks for
	Packs       []string  `json:"packs,omitempty"` // empty: always
}

// Rules lists every rule of both engines, sorted by engine and id.
func Rules() []RuleInfo { return nil }

func ruleIDs() map[string]bool { return map[string]bool{} }

// comparesWithProfile reports whether a rule only says that the object is not
// what was declared.
func comparesWithProfile(rule string) bool {
	switch rule {
	case "cert.declared-eq-issued", "tbs.equal", "cert.extensions-closed", "cert.ku", "cert.validity":
		return true
	}
	return false
}
