// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"cmp"
	"context"
	"errors"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/preflight"
	"rootceremony/internal/term"
	"rootceremony/internal/token"
)

// reader is what a check may do with a token once somebody is logged in: nothing is
// made, destroyed or signed, nor are random bytes drawn.
type reader interface {
	Info() token.Info
	Census(ctx context.Context) (token.Census, error)
	Traces(ctx context.Context, known token.Known) (*token.Traces, error)
	Close() error
}

// CheckTokens finds out, after a login, what [Execute] would meet on the tokens of a
// plan: labels that are taken, keys that are to be used and not found, or found with
// other attributes, and too little room. It reads only. A token on which a ceremony
// would stop before its login gets none here, so that no try of a PIN is spent on it.
func CheckTokens(ctx context.Context, p *plan.Preview, o Options) (*Preflight, error) {
	s, err := newSurvey(ctx, p, &o)
	if err != nil {
		return nil, err
	}
	s.require(preflight.Site, s.o.siteHas(p.Plan), preflight.NamesTokens)
	if h := s.o.Host; h != nil && h.Root && !s.o.Site.SoftwareToken {
		s.say(runsAsRoot)
	}
	if err := s.eachDevice(s.withLogin); err != nil {
		return nil, &checkStopped{err}
	}
	s.unseen = append(s.unseen,
		"whether a key signs, and whether the token makes keys by its template: nothing was signed or made (ceremony token test)",
		"the host, the approvals and the folders (ceremony preflight)")
	return &Preflight{Checks: s.checks, Unseen: s.unseen}, nil
}

// withLogin looks at one token. Its error says that people ended the check.
func (s *survey) withLogin(c token.Config, seen *token.Seen) error {
	before := len(s.refused)
	s.device(c, seen)
	unopened := "the private objects of token " + c.Name + ": nobody logged in"
	if len(s.refused) > before {
		s.unseen = append(s.unseen, unopened)
		return nil
	}
	t, err := s.openToCheck(c, "look at it; nothing is signed or changed")
	switch {
	case ended(err):
		return err
	case err != nil:
		s.notOpened(c.Name, err)
		s.unseen = append(s.unseen, unopened)
		return nil
	}
	s.objects(c, t)
	s.shut(c, t)
	return nil
}

// ended reports whether people ended a check.
func ended(err error) bool {
	return errors.Is(err, ErrStopped) || errors.Is(err, context.Canceled) || errors.Is(err, term.ErrInterrupted)
}

// shut closes a token that was looked at.
func (s *survey) shut(c token.Config, t interface{ Close() error }) {
	if err := t.Close(); err != nil {
		s.warn(preflight.Token, c.Name, "it was not closed cleanly: "+err.Error(), "remove the token or cut its power; rehearse on a test partition")
	}
}

// checkStopped says that people stopped a check of tokens.
type checkStopped struct{ cause error }

// Error implements error.
func (*checkStopped) Error() string {
	return "the check was stopped; nothing was changed on the tokens"
}

// Unwrap gives the cause.
func (e *checkStopped) Unwrap() error { return e.cause }

// pinEnd ends a login in a check: no further PIN is tried.
type pinEnd struct{ found, next string }

// Error implements error.
func (e *pinEnd) Error() string { return e.found }

// notOpened notes that nobody could log in, and why no other PIN was tried.
func (s *survey) notOpened(name string, err error) {
	var end *pinEnd
	if errors.As(err, &end) {
		s.unmet(preflight.PIN, name, end.found, end.next)
		return
	}
	found, next := saying(err)
	s.unmet(preflight.PIN, name, found, cmp.Or(next, "put that right, and check again"))
}

// choice asks for one of the words. What is typed is not shown: it may be a PIN. The
// words of the room have no effect.
func (s *survey) choice(question string, of []string) (string, error) {
	for {
		word, err := s.o.People.Unseen().Choice(question+" (what is typed is not shown)", of)
		var other roomWord
		if !errors.As(err, &other) {
			return word, err
		}
		s.say("      %v", other)
	}
}

// openToCheck logs in as [Execute] does, but never with the last try of a PIN: a check
// must not be what locks a token.
func (s *survey) openToCheck(c token.Config, why string) (token.Token, error) {
	s.say("\nOpening token %s (%s) to %s", c.Name, c.Label, why)
	t := tries{Config: c}
	const next = "find the PIN; people decide in the ceremony about a last try"
	return s.openDevice(c, Login{
		LastTry: func(info token.Info) error {
			if info.HasPIN(c.User, token.FlagPINFinalTry) {
				return &pinEnd{"the token has one try left, which a check does not use", next}
			}
			for _, l := range t.announced(info) {
				s.say("%s", plan.Indent(l, 6))
			}
			return nil
		},
		Refused: func(outcome string, people bool) error {
			s.say("      Token %s did not accept the PIN: %s.", c.Name, outcome)
			if t.wrong++; outcome != token.RefusedWrong || c.Login == token.LoginPad || !people {
				return nil // it is not asked for again
			}
			if last := t.last(token.Info{}); last != "" {
				return &pinEnd{last, next}
			}
			word, err := s.choice("Try another PIN on token "+c.Name, []string{answerTry, wordStop})
			if err == nil && word == wordStop {
				err = &pinEnd{"a wrong one was entered, and no other was tried", next}
			}
			return err
		},
		Stop: func() error { return ErrStopped },
	})
}
