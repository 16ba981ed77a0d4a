// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/preflight"
	"rootceremony/internal/token"
)

// Trial is what [TryTokens] found.
type Trial struct {
	Preflight
	// Templates are all that were tried, with what the device did.
	Templates []TriedTemplate `json:"templates"`
	// Choices name the template for each token, where one works.
	Choices []Choice `json:"choices"`
}

// Choice is the template to choose for a token; empty where none works.
type Choice struct {
	Token    string `json:"token"`
	Template string `json:"template"`
}

// TryTokens finds out what only a key shows: on each token of a plan it makes sacrificial
// keys with each template, signs with them as the plan does, tries to export and to change
// them, looks for them in a fresh process, and destroys them. People agree before, for
// each token. A token that holds keys of others gets none, unless the site file says
// that it is shared. If people stop the test, what was found until then comes with the
// error.
func TryTokens(ctx context.Context, p *plan.Plan, o Options) (*Trial, error) {
	s, err := surveyOf(ctx, &plan.Loaded{Plan: p}, [32]byte{}, &o)
	if err != nil {
		return nil, err
	}
	t := &trial{survey: s, found: Trial{Templates: []TriedTemplate{}, Choices: []Choice{}}}
	s.require(preflight.Site, s.o.siteHas(p), "it names every token of the plan")
	if h := s.o.Host; h != nil && h.Root && !s.o.Site.SoftwareToken {
		s.say(runsAsRoot)
	}
	if err = s.eachDevice(t.device); err != nil {
		s.unseen = append(s.unseen, "all that follows: the test was stopped here")
	}
	s.unseen = append(s.unseen,
		"what the vendor's own tools do with a key: backup, cloning, wrapping under keys of the device",
		"whether a key outlasts a loss of power, and how good the random bytes are",
		"the keys that exist (ceremony token check); the host, the approvals and the folders (ceremony preflight)")
	t.found.Preflight = Preflight{Checks: s.checks, Unseen: s.unseen}
	return &t.found, err
}

// trial is a survey that makes keys.
type trial struct {
	*survey
	found Trial
}

// device tries one token. Its error says that people ended the test.
func (t *trial) device(c token.Config, seen *token.Seen) error {
	before := len(t.refused)
	t.survey.device(c, seen)
	unseen := func() { t.unseen = append(t.unseen, "what token "+c.Name+" does with a key: none was made") }
	if len(t.refused) > before {
		unseen()
		return nil
	}
	opened, err := t.openToCheck(c, "test it; people are asked before a key is made")
	switch {
	case ended(err):
		return &testStopped{cause: err}
	case err != nil:
		t.notOpened(c.Name, err)
		unseen()
		return nil
	}
	defer t.shut(c, opened)
	tester, is := opened.(token.Tester)
	if !is {
		return fmt.Errorf("token %q: sacrificial keys cannot be tried on it", c.Name)
	}
	s := &sacrifice{trial: t, c: c, token: tester}
	if !s.alone() {
		unseen()
		return nil
	}
	return s.carryOut()
}

// testStopped says that people stopped a test, and which keys are still there.
type testStopped struct {
	cause error
	left  []string
}

// Error implements error.
func (e *testStopped) Error() string { return "the test was stopped" }

// Hint says what is left and how to remove it.
func (e *testStopped) Hint() string {
	if len(e.left) == 0 {
		return "no key of this test is left on the tokens"
	}
	return strings.Join(e.left, "; ") + "; " + howToRemove
}

// Unwrap gives the cause.
func (e *testStopped) Unwrap() error { return e.cause }

// howToRemove is for a sacrificial key that is left.
const howToRemove = "type the same command again, which finds it and asks whether to remove it; or remove it with the vendor's tool, by its label"

// sacrifice is the test of one token.
type sacrifice struct {
	*trial
	c      token.Config
	token  token.Tester
	before token.Census
	alive  []*sacrificed // keys that exist, or may
}

// sacrificed is one sacrificial key.
type sacrificed struct {
	label string
	pair  *token.Pair // nil until it was made
	uses  use
	kept  bool // for the fresh process
}

// alone looks at what is on the token: left-over keys of earlier tests, which people may
// have removed, and keys of others, beside which none is made.
func (s *sacrifice) alone() bool {
	all, err := s.token.Census(s.ctx)
	if err != nil {
		s.fail(preflight.Objects, s.c.Name, err)
		return false
	}
	if old := all.Sacrificial(); len(old) > 0 {
		if all, err = s.leftOver(all, old); err != nil {
			s.fail(preflight.LeftOver, s.c.Name, err)
			return false
		}
	} else {
		s.of(s.c.Name, preflight.LeftOver, nil, "no sacrificial key of an earlier test is there")
	}
	s.before = all
	others := keysOfOthers(all)
	switch found := fmt.Sprintf("keys of others are there: %s", others.String()); {
	case len(others) == 0:
		s.of(s.c.Name, preflight.Others, nil, "no other private or secret key is there")
	case s.c.Shared:
		s.of(s.c.Name, preflight.Others, nil, fmt.Sprintf("%d private or secret keys of others are there, and the site file says shared-token: true", len(others)))
	default:
		s.unmet(preflight.Others, s.c.Name, found, "test an empty token of the same model; or, if those who own the keys agree, write shared-token: true at this token in the site file")
		return false
	}
	return true
}

// keysOfOthers are all keys that could be lost, but for sacrificial ones.
func keysOfOthers(all token.Census) token.Census {
	var others token.Census
	for _, o := range all {
		if (o.Class != token.ClassPublic && o.Class != "certificate" && o.Class != "data" || o.Problem != "") && !o.Sacrificial() {
			others = append(others, o)
		}
	}
	return others
}

// leftOver names keys of a test that was interrupted, and removes them if people agree.
func (s *sacrifice) leftOver(all, old token.Census) (token.Census, error) {
	s.say("      An earlier test left on token %s: %s.", s.c.Name, old.String())
	word, err := s.choice("Remove what the earlier test left", []string{"remove", "keep"})
	if err != nil {
		return nil, err
	}
	if word == "keep" {
		s.warn(preflight.LeftOver, s.c.Name, "an earlier test left: "+old.String(), howToRemove)
		return all, nil
	}
	for label := range labels(old) {
		if err := s.token.Remove(s.ctx, label); err != nil {
			return nil, err
		}
	}
	s.of(s.c.Name, preflight.LeftOver, nil, "removed, as people agreed: "+old.String())
	return s.token.Census(s.ctx)
}

func labels(all token.Census) map[string]bool {
	found := map[string]bool{}
	for _, o := range all {
		found[o.Label] = true
	}
	return found
}

// agree has somebody agree to the keys that will be made.
func (s *sacrifice) agree(keys int) error {
	s.say("%s", plan.Indent(fmt.Sprintf("Token %s, serial %s: up to %d sacrificial keys are made, used and destroyed, one after the other. "+
		"Their labels begin with %s. Nothing else on the token is changed.", s.c.Name, s.token.Info().Serial, keys, token.SacrificialPrefix), 6))
	word, err := s.choice("Test token "+s.c.Name, []string{"test", wordStop})
	if err == nil && word == wordStop {
		err = ErrStopped
	}
	return err
}

// carryOut makes the keys, and whatever happens it does not end before they are destroyed,
// or named.
func (s *sacrifice) carryOut() error {
	stop := context.AfterFunc(s.ctx, func() {
		s.say("\n      Asked to stop. The sacrificial keys are destroyed first.\n" +
			"      A second time ends the program at once, and leaves them on the token.")
	})
	defer stop()
	err := s.all()
	left := s.cleanUp()
	switch {
	case ended(err) || s.ctx.Err() != nil:
		return &testStopped{cause: errors.Join(err, s.ctx.Err()), left: left}
	case err != nil:
		s.fail(preflight.Token, s.c.Name, err)
	}
	if len(left) > 0 {
		s.unmet(preflight.Deletion, s.c.Name, strings.Join(left, "; "), howToRemove)
	} else if err == nil {
		s.same()
	}
	return nil
}

// all is the whole test of a token, in its order.
func (s *sacrifice) all() error {
	uses := usesOf(s.state.Plan, s.c.Name)
	templates, keys := map[string][][]string{}, 0
	for _, u := range uses {
		groups, err := templateGroups(s.c, u)
		if err != nil {
			return err
		}
		templates[string(u.key)] = groups
		keys += len(groups)
	}
	if err := s.agree(keys); err != nil {
		return err
	}
	s.random()
	first := len(s.found.Templates)
	for _, u := range uses {
		for i, names := range templates[string(u.key)] {
			tried, err := s.try(u, names)
			s.found.Templates = append(s.found.Templates, *tried)
			if err != nil {
				return err
			}
			s.tell(u, tried, i == 0)
		}
	}
	if err := s.persistence(); err != nil {
		return err
	}
	s.choose(uses, s.found.Templates[first:])
	return nil
}

// random draws twice: a generator that gives the same again is none.
func (s *sacrifice) random() {
	first, err := s.token.Random(s.ctx, 32)
	if err == nil {
		var second []byte
		if second, err = s.token.Random(s.ctx, 32); err == nil && string(first) == string(second) {
			err = errors.New("the generator gave the same 32 bytes twice")
		}
	}
	s.of(s.c.Name, preflight.Random, err, "32 bytes were drawn twice, and differ")
}

// cleanUp removes all keys that exist, or may, and says which are left.
func (s *sacrifice) cleanUp() (left []string) {
	ctx := context.WithoutCancel(s.ctx)
	for _, k := range s.alive {
		err := s.token.Remove(ctx, k.label)
		if err != nil {
			if err = s.restart(ctx, s.token); err == nil {
				err = s.token.Remove(ctx, k.label)
			}
		}
		if err != nil {
			left = append(left, fmt.Sprintf("the sacrificial key %q is left on token %s (%v)", k.label, s.c.Name, err))
		}
	}
	s.alive = nil
	return left
}

// same compares what is on the token with what was there before.
func (s *sacrifice) same() {
	after, err := s.token.Census(s.ctx)
	if err != nil {
		s.fail(preflight.Deletion, s.c.Name, err)
		return
	}
	added, removed := token.Difference(s.before, after)
	if len(added)+len(removed) > 0 {
		s.unmet(preflight.Deletion, s.c.Name, fmt.Sprintf("the token does not hold what it held before: more (%s), gone (%s)", added.String(), removed.String()),
			"find out who else uses the token, or what the module did; "+howToRemove)
		return
	}
	s.of(s.c.Name, preflight.Deletion, nil, fmt.Sprintf("all sacrificial keys are gone; the token holds the %d objects that it held before", len(after)))
}
