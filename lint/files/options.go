// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/profiles"
)

// Options say how to lint. The zero value of a field means not given.
type Options struct {
	Kind     string           // one of [Kinds]; issued objects are guessed without it
	Profile  profiles.Profile // issued objects of its type are checked against it
	Issuers  []*inspect.Certificate
	Existing *inspect.Certificate    // the certificate that is cross-certified
	Previous *inspect.RevocationList // the CRL before the one that is linted
	Rules    []string                // packs, in place of those of the profile or kind
	At       time.Time               // the time whose rules count; else the object's own date
	// Facts that rules need and issued objects lack.
	Scope     []profiles.RootScope // of the root
	Included  string               // of the root, in root programs: a date, or "new"
	Affiliate *bool                // whether a CA is an Affiliate of its issuer
	Submitted time.Time            // day on which a root is submitted to root programs
	Signed    time.Time            // time of signing
	Now       time.Time            // the date that profiles and ceremony files are checked at without At
	Engines   []string             // [lint.EngineZLint], [lint.EngineCeremony]; empty for both
	Rand      io.Reader            // specimen keys of ceremony files
	Planner   Planner              // of ceremony files and site files
}

// Linter lints files. It is safe for concurrent use.
type Linter struct {
	opts      Options
	rules     map[string]lint.RuleInfo
	issued    *lint.Linter // with the costly lints of keys
	bulk      *lint.Linter // without
	specimens func() (*specimenCAs, error)
}

// New builds the linters, once for all files.
func New(opts Options) (*Linter, error) {
	if err := opts.check(); err != nil {
		return nil, err
	}
	l := &Linter{opts: opts, rules: map[string]lint.RuleInfo{}}
	for _, r := range lint.Rules() {
		l.rules[r.ID] = r
	}
	var err error
	if l.issued, err = lint.New(lint.Options{KeyLints: true}); err != nil {
		return nil, err
	}
	if l.bulk, err = lint.New(lint.Options{}); err != nil {
		return nil, err
	}
	l.specimens = sync.OnceValues(func() (*specimenCAs, error) { return newSpecimenCAs(l.day()) })
	return l, nil
}

// check reports options that cannot be used together.
func (o *Options) check() error {
	if o.Planner == nil {
		return errors.New("internal error: no planner for ceremony files")
	}
	for _, r := range o.Rules {
		if !slices.Contains(profiles.RulePacks(), r) {
			return fmt.Errorf("unknown rule pack %q; there are: %s", r, strings.Join(profiles.RulePacks(), ", "))
		}
	}
	for _, s := range o.Scope {
		if !slices.Contains(profiles.RootScopes(), s) {
			return fmt.Errorf("unknown scope %q; there are: tls, smime, code-signing, private", s)
		}
	}
	for _, e := range o.Engines {
		if e != lint.EngineZLint && e != lint.EngineCeremony {
			return fmt.Errorf("unknown engine %q; there are: %s, %s", e, lint.EngineZLint, lint.EngineCeremony)
		}
	}
	if o.Previous != nil {
		if err := lint.CheckCompleteCRL(o.Previous); err != nil {
			return fmt.Errorf("the previous CRL: %w", err)
		}
	}
	if o.Kind == "" {
		return nil
	}
	k, ok := kindOf(o.Kind)
	switch {
	case !ok:
		return fmt.Errorf("unknown kind %q; there are: %s", o.Kind, strings.Join(Kinds(), ", "))
	case o.Profile != nil && !k.describes(o.Profile):
		return fmt.Errorf("kind %s, and the profile is for %s", o.Kind, o.Profile.Head().Kind)
	}
	return nil
}

// day is the date that profiles are checked at.
func (l *Linter) day() time.Time {
	if !l.opts.At.IsZero() {
		return l.opts.At
	}
	return l.opts.Now
}

// engine reports whether the findings of an engine are wanted.
func (l *Linter) engine(name string) bool {
	return len(l.opts.Engines) == 0 || slices.Contains(l.opts.Engines, name)
}

// packs gives the rule packs asked for, or those given.
func (l *Linter) packs(otherwise []string) []string {
	out := slices.Clone(otherwise)
	if len(l.opts.Rules) > 0 {
		out = slices.Clone(l.opts.Rules)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
