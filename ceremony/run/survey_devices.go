// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/preflight"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// devices looks at each token that has to be opened, as anybody sees it.
func (s *survey) devices() error {
	return s.eachDevice(func(c token.Config, seen *token.Seen) error {
		s.device(c, seen)
		s.of(c.Name, preflight.Labels, s.state.free(c.Name, seen.Public), shown(c, seen)+", none with the label of a new key")
		s.existing(c, seen)
		return nil
	})
}

// shown counts the objects that a token shows before this program logs in. Where it never
// does, private ones may be among them: somebody else has logged in, or nobody needs to.
func shown(c token.Config, seen *token.Seen) string {
	if c.Login.Calls() {
		return event.Count(len(seen.Public), "public object")
	}
	return event.Count(len(seen.Public), "object")
}

// eachDevice looks at each token that has to be opened; look gets those that are there
// and of use. Where people ask the program to stop, what is not known of a token is no
// fault of it: that is the error.
func (s *survey) eachDevice(look func(c token.Config, seen *token.Seen) error) error {
	for _, name := range s.state.needed() {
		c, err := s.o.Site.Device(name)
		if err != nil {
			continue // said of the site file
		}
		if s.o.LookAt == nil {
			s.unseen = append(s.unseen, "token "+name)
			continue
		}
		over := s.waiting("token " + name + " is looked at")
		seen, err := s.o.LookAt(s.ctx, c)
		over()
		if stop := s.ctx.Err(); stop != nil {
			return stop
		}
		if err == nil {
			err = seen.Fit(c)
		}
		if err != nil {
			s.fail(preflight.Token, name, err)
			continue
		}
		if err := look(c, seen); err != nil {
			return err
		}
	}
	return nil
}

// device looks at a token that is there, but for its objects.
func (s *survey) device(c token.Config, seen *token.Seen) {
	i := seen.Info
	s.of(c.Name, preflight.Token, nil, token.NameOf(i.Label, i.Serial, i.Model))
	s.add(preflight.Met(preflight.Module, preflight.Record, fmt.Sprintf("%s, SHA-256 %s", i.ModulePath, i.ModuleSHA256)).About(c.Name))
	if err := s.state.sameAs(c.Name, i); err != nil {
		s.fail(preflight.Module, c.Name, err)
	}
	s.pin(c, seen)
	s.login(c, seen)
	if err := s.state.fits(c.Name, i); err != nil || len(i.Mechanisms) > 0 {
		s.of(c.Name, preflight.Mechanisms, err, preflight.OffersAll)
	} else {
		s.warn(preflight.Mechanisms, c.Name, preflight.ListsNone, "rehearse on a test partition with the same plan")
	}
}

// of notes a requirement of a token.
func (s *survey) of(name, check string, err error, found string) {
	if err != nil {
		s.fail(check, name, err)
		return
	}
	s.add(preflight.Met(check, preflight.Require, found).About(name))
}

func (s *survey) warn(check, of, found, next string) {
	s.add(preflight.Unmet(check, preflight.Warn, found, next).About(of))
}

// pin looks at the flags that tell of wrong PINs, and of that of who can set another one
// (PKCS#11 v2.40, C_InitPIN). Nobody knows the PIN here.
func (s *survey) pin(c token.Config, seen *token.Seen) {
	var found, next []string
	notes := func(is bool, what, then string) {
		if is {
			found, next = append(found, what), append(next, then)
		}
	}
	last := seen.Info.HasPIN(c.User, token.FlagPINFinalTry)
	notes(last, preflight.LastTry, "be sure of the PIN before the day; two people decide about that try")
	notes(!last && seen.Info.HasPIN(c.User, token.FlagPINCountLow), preflight.WrongPIN, "be sure of the PIN before the day; too many lock the token")
	if c.User == "" {
		locked := seen.Info.HasPIN(token.UserSO, token.FlagPINLocked)
		notes(locked, preflight.OfficerLocked, "be sure of the user PIN before the day")
		notes(!locked && seen.Info.HasPIN(token.UserSO, token.FlagPINToChange), preflight.OfficerToChange, "change that PIN with the vendor's tool: whoever knows it can set another user PIN")
	}
	switch err := seen.PIN(c); {
	case err != nil:
		s.fail(preflight.PIN, c.Name, err)
	case !c.Login.Calls():
		s.of(c.Name, preflight.PIN, nil, preflight.AsksNone(string(c.Login)))
	case len(found) > 0:
		s.warn(preflight.PIN, c.Name, preflight.ByTheSite(preflight.Joined(found...), c.AtWorst()), strings.Join(next, "; "))
	default:
		s.of(c.Name, preflight.PIN, nil, preflight.ByTheSite(preflight.NoWrongPIN, c.AtWorst()))
	}
}

// login compares the login of the site file with what the token says of itself.
func (s *survey) login(c token.Config, seen *token.Seen) {
	pad, required := seen.Info.Has(token.FlagProtectedPath), seen.Info.Has(token.FlagLoginRequired)
	switch err := seen.LoginMode(c); {
	case err != nil:
		s.fail(preflight.Login, c.Name, err)
	case c.Login.Typed() && pad:
		s.warn(preflight.Login, c.Name, preflight.HasPad, "if it refuses a typed PIN, set login: pad in the site file")
	case c.Login.Typed() && !required:
		s.warn(preflight.Login, c.Name, preflight.NoLogin, "if it knows no PIN, set login: none in the site file")
	default:
		s.of(c.Name, preflight.Login, nil, preflight.HasLogin(string(c.Login)))
	}
}

// existing says which of the keys that the plan uses are seen by their public half.
func (s *survey) existing(c token.Config, seen *token.Seen) {
	for _, k := range s.state.next().Keys {
		if k.Token != c.Name || k.Source == plan.KeyGenerated {
			continue
		}
		found := fmt.Sprintf("key %q is not seen without a login", k.ID)
		for _, o := range seen.Public {
			if o.Class == token.ClassPublic && o.Label == s.state.label(&k) {
				found = fmt.Sprintf("a public key has the label of key %q", k.ID)
			}
		}
		s.add(preflight.Met(preflight.Keys, preflight.Record, found).About(c.Name))
	}
}
