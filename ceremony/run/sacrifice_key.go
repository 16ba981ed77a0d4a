// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/preflight"
	"rootceremony/internal/token"
)

// TriedTemplate is what a device did with a key of one template.
type TriedTemplate struct {
	Token      string          `json:"token"`
	Algorithm  algorithm.Key   `json:"algorithm"`
	Template   string          `json:"template"`
	Same       []string        `json:"same,omitempty"` // templates that ask for the same
	Made       bool            `json:"made"`
	Code       string          `json:"code,omitempty"` // CKR_ with which it was refused
	Millis     int64           `json:"milliseconds"`   // that it took to make it
	Lets       []string        `json:"lets,omitempty"` // in which ways the template lets keys leave the token
	Departures []string        `json:"departures"`
	Signed     []string        `json:"signed"` // signature algorithms that were verified
	Attempts   []token.Attempt `json:"attempts"`
	Lax        []string        `json:"lax,omitempty"` // attributes that the device lets anybody change
	Problems   []string        `json:"problems"`      // why the template is not of use
}

// Works reports whether keys can be made with the template.
func (t *TriedTemplate) Works() bool { return t.Made && len(t.Problems) == 0 }

// names are the templates that ask for this.
func (t *TriedTemplate) names() []string { return append([]string{t.Template}, t.Same...) }

// message is what sacrificial keys sign: no object that anybody would take for one.
var message = []byte("SACRIFICIAL: signed by a key of ceremony token test, which means nothing.")

// try makes a key with a template, and does with it what a ceremony does, and what
// nobody should. Its error ends the test of the token.
func (s *sacrifice) try(u use, names []string) (*TriedTemplate, error) {
	tried := &TriedTemplate{Token: s.c.Name, Algorithm: u.key, Template: names[0], Same: names[1:], Lets: s.c.Named(names[0]).Lets(),
		Departures: []string{}, Signed: []string{}, Attempts: []token.Attempt{}, Problems: []string{}}
	k, err := s.make(u, tried)
	if err != nil || !tried.Made {
		return tried, err
	}
	tried.Departures = append(tried.Departures, k.pair.Departures(s.c.Named(tried.Template), true)...)
	tried.Problems = append(tried.Problems, tried.Departures...)
	for _, step := range []func(*sacrificed, *TriedTemplate) error{s.sign, s.attempts, s.destroyUnlessKept} {
		if err := step(k, tried); err != nil {
			return tried, err
		}
	}
	return tried, nil
}

// make makes a key. Its label is on the screen before: should the program end now, it is
// known what to look for.
func (s *sacrifice) make(u use, tried *TriedTemplate) (*sacrificed, error) {
	label, err := token.NewSacrificialLabel(s.o.Rand)
	if err != nil {
		return nil, err
	}
	id, err := s.freeID(s.c.Named(tried.Template))
	if err != nil {
		return nil, err
	}
	s.say("      %s: %s, template %q", label, u.key, tried.Template)
	k := &sacrificed{label: label, uses: u}
	s.alive = append(s.alive, k)
	began := s.o.Clock.Mono()
	over := s.waiting(fmt.Sprintf("token %s makes the key", s.c.Name))
	pair, err := s.token.Generate(s.ctx, token.Request{Label: label, ID: id, Algorithm: u.key, Template: tried.Template})
	over()
	tried.Millis = (s.o.Clock.Mono() - began).Milliseconds()
	if err == nil {
		k.pair, tried.Made = pair, true
		return k, nil
	}
	var module *token.ModuleError
	if errors.As(err, &module) {
		tried.Code = module.Code
	}
	if err := s.problem(tried, "no key was made", err); err != nil {
		return k, err
	}
	if module != nil && module.TemplateSuspected() && s.c.Login != token.LoginPad {
		// A TPM keeps something of each call that failed, until the process ends.
		if err := s.restart(s.ctx, s.token); err != nil {
			return k, err
		}
	}
	if err := s.token.Remove(s.ctx, label); err != nil { // a failed call may have left one
		return k, err
	}
	s.gone(k)
	return k, nil
}

// freeID draws an id that no object has.
func (s *sacrifice) freeID(template token.Template) ([]byte, error) {
	taken := ids(s.before)
	for range 1000 {
		id, err := token.NewID(s.o.Rand, template)
		if err != nil || !taken[fmt.Sprintf("%x", id)] {
			return id, err
		}
	}
	return nil, fmt.Errorf("token %q: no free key id in 1000 draws", s.c.Name)
}

// problem notes why a template is not of use. Its error ends the test: people asked for
// that, or there is no token any more.
func (s *sacrifice) problem(tried *TriedTemplate, what string, err error) error {
	if stopped := s.ctx.Err(); stopped != nil {
		return stopped
	}
	found, _ := saying(err)
	tried.Problems = append(tried.Problems, what+": "+found)
	if _, lost := s.token.Census(s.ctx); lost != nil {
		return s.restart(s.ctx, s.token)
	}
	return nil
}

// sign signs with each algorithm that the plan has for such a key.
func (s *sacrifice) sign(k *sacrificed, tried *TriedTemplate) error {
	for _, alg := range k.uses.signatures {
		if _, err := s.token.Sign(s.ctx, k.pair.Handle(), alg, message); err != nil {
			if err := s.problem(tried, "signing "+string(alg), err); err != nil {
				return err
			}
			continue
		}
		tried.Signed = append(tried.Signed, string(alg))
	}
	return nil
}

// attempts tries what the device should refuse.
func (s *sacrifice) attempts(k *sacrificed, tried *TriedTemplate) error {
	asked, err := token.Asked(s.c.Named(tried.Template), tried.Algorithm)
	if err != nil {
		return err
	}
	fixed := slices.Contains(asked, "private CKA_MODIFIABLE false")
	shut := len(tried.Lets) == 0
	for _, what := range token.Attempts() {
		a, err := s.token.Attempt(s.ctx, k.pair.Handle(), what)
		if err != nil {
			if err := s.problem(tried, what, err); err != nil {
				return err
			}
			tried.Attempts = append(tried.Attempts, token.Attempt{What: what, Outcome: token.Unsettled, Found: err.Error()})
			continue
		}
		tried.Attempts = append(tried.Attempts, *a)
		if a.Outcome == token.Allowed && a.Leak && shut {
			tried.Problems = append(tried.Problems, "the device lets anybody who is logged in "+what+": "+a.Found)
		}
		if a.Lax(fixed) && shut {
			tried.Lax = append(tried.Lax, what)
		}
		if a.Outcome == token.Impotent && a.Leak && shut {
			s.cannotSee(fmt.Sprintf("whether token %s lets a key out by this: %s (%s)", s.c.Name, what, a.Found))
		}
	}
	return nil
}

// cannotSee notes once what could not be seen.
func (s *sacrifice) cannotSee(what string) {
	if !slices.Contains(s.unseen, what) {
		s.unseen = append(s.unseen, what)
	}
}

// destroyUnlessKept destroys a key, but for the first that works of each kind, which a
// fresh process will look for.
func (s *sacrifice) destroyUnlessKept(k *sacrificed, tried *TriedTemplate) error {
	already := slices.ContainsFunc(s.alive, func(o *sacrificed) bool { return o.kept && o.uses.key == k.uses.key })
	if k.kept = !already && tried.Works(); k.kept {
		return nil
	}
	if err := s.destroy(k); err != nil {
		return s.problem(tried, "destroying it", err)
	}
	return nil
}

// destroy destroys a key, by its id and public key.
func (s *sacrifice) destroy(k *sacrificed) error {
	if _, err := s.token.Destroy(s.ctx, k.pair.ID, k.pair.SPKI); err != nil {
		return err
	}
	s.gone(k)
	return nil
}

func (s *sacrifice) gone(k *sacrificed) {
	s.alive = slices.DeleteFunc(s.alive, func(o *sacrificed) bool { return o == k })
}

// persistence looks for the keys that were kept in a fresh process, signs with them, and
// destroys them.
func (s *sacrifice) persistence() error {
	kept := slices.DeleteFunc(slices.Clone(s.alive), func(k *sacrificed) bool { return !k.kept })
	if len(kept) == 0 {
		s.cannotSee("whether a fresh process finds a key on token " + s.c.Name + ": no template works")
		return nil
	}
	if err := s.restart(s.ctx, s.token); err != nil {
		return err
	}
	if !s.token.Info().FreshProcess {
		s.cannotSee("whether a fresh process finds a key on token " + s.c.Name + ": the token lives in this process")
	}
	for _, k := range kept {
		err := s.foundAgain(k)
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		s.of(s.c.Name, preflight.Persistence, err, fmt.Sprintf("a fresh process found the %s key, and signed with it", k.uses.key))
		if err := s.destroy(k); err != nil {
			s.fail(preflight.Deletion, s.c.Name, err)
		}
	}
	return nil
}

func (s *sacrifice) foundAgain(k *sacrificed) error {
	pair, err := s.token.Find(s.ctx, k.label, k.pair.ID, k.pair.SPKI)
	if err != nil {
		return err
	}
	if !bytes.Equal(pair.SPKI, k.pair.SPKI) {
		return errors.New("it has another public key")
	}
	_, err = s.token.Sign(s.ctx, k.pair.Handle(), k.uses.signatures[0], message)
	return err
}

// did says what the device did, in a line.
func (t *TriedTemplate) did() string {
	what := fmt.Sprintf("%q, %s: ", t.Template, t.Algorithm)
	if len(t.Same) > 0 {
		what = fmt.Sprintf("%q (the same as %s), %s: ", t.Template, strings.Join(t.Same, ", "), t.Algorithm)
	}
	if !t.Works() {
		return what + strings.Join(t.Problems, "; ")
	}
	var let, refused int
	var rest []string
	for _, a := range t.Attempts {
		switch {
		case a.Outcome == token.Refused || a.Outcome == token.NoEffect:
			refused++
		case a.Outcome == token.Allowed && !slices.Contains(t.Lax, a.What):
			let++
			rest = append(rest, a.What)
		}
	}
	text := fmt.Sprintf("made in %v as asked for; verified %s; %d of %d attempts to export or change it were refused",
		(time.Duration(t.Millis) * time.Millisecond).Round(time.Millisecond), strings.Join(t.Signed, ", "), refused, len(t.Attempts))
	if let > 0 {
		text += "; allowed, as the template leaves it open: " + strings.Join(rest, ", ")
	}
	if len(t.Lax) > 0 {
		text += "; BUT anybody who is logged in can " + strings.Join(t.Lax, ", ") + ", so what the module reports of attributes says little; the key did not leave"
	}
	if len(t.Lets) > 0 {
		text += "; NOTE: " + strings.Join(t.Lets, "; ")
	}
	return what + text
}
