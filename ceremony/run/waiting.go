// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"fmt"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// When people are told that a call of a token still lasts: first, and at the latest after
// each time that it was said.
const (
	firstWait   = 10 * time.Second
	longestWait = time.Minute
)

// call is what a token is waited for.
type call struct {
	what  string
	since time.Time
	held  bool // Ctrl-C has no effect before it ends
	asked bool // people are asked, or called to a PIN pad, in the middle of it
}

// begins says that a call begins now, by no clock of the ceremony.
func (s *session) begins(what string, held bool) {
	s.call.Store(&call{what: what, since: time.Now(), held: held}) //nolint:forbidigo // how long it lasts
}

// lasted is how long a call has lasted, in whole seconds.
func (c *call) lasted() time.Duration {
	return time.Since(c.since).Round(time.Second) //nolint:forbidigo // how long it lasts
}

// waiting tells people, while a call of a token lasts, what is waited for and since when;
// and who asks the program to stop, by Ctrl-C or a signal, that it waits for the call.
// Nobody else writes to the screen during one, but where people are asked, for a PIN or
// about one: then it is quiet. What it gives has to be called when the call is over.
func (s *session) waiting(what string) (over func()) {
	done, told := make(chan struct{}), make(chan struct{})
	stop := s.ctx.Done()
	if s.ctx.Err() != nil {
		stop = nil // people were told of it
	}
	s.begins(what, true)
	go func() {
		defer close(told)
		s.wait(stop, done)
	}()
	return func() {
		close(done)
		<-told
	}
}

func (s *session) wait(stop, done <-chan struct{}) {
	ticks := time.NewTicker(time.Second)
	defer ticks.Stop()
	var last *call
	var next time.Duration
	for {
		select {
		case <-stop:
			stop = nil
			s.sayHeldBack()
		case <-ticks.C:
			c := s.call.Load()
			if c != last {
				last, next = c, firstWait
			}
			if lasted := c.lasted(); lasted >= next && !c.asked {
				s.sayLasts(c, lasted)
				next = lasted + min(lasted, longestWait)
			}
		case <-done:
			if stop != nil && s.ctx.Err() != nil {
				s.sayHeldBack()
			}
			return
		}
	}
}

func (s *session) sayLasts(c *call, lasted time.Duration) {
	stops := "Ctrl-C gives it up."
	if c.held {
		stops = "Ctrl-C is held back until it ends."
	}
	s.o.People.Say(plan.Indent(fmt.Sprintf("%s: %s so far. %s", c.what, lasted, stops), 6) + "\n")
}

func (s *session) sayHeldBack() {
	if c := s.call.Load(); c.held {
		s.say("\n%s", plan.Indent("Asked to stop. The call of the token is not cut off, as what it makes could be lost: "+
			"the ceremony stops when it returns. A second time ends the program at once.", 6))
	}
}

// asked is called where people are asked in the middle of a call of a token.
func (s *session) asked() {
	c := *s.call.Load()
	c.asked = true
	s.call.Store(&c)
}

// openDevice opens a token. How long it has taken is told anew when people were asked, and
// for the login, which ends when people ask the program to stop.
func (s *session) openDevice(c token.Config, l Login) (token.Token, error) {
	what := "token " + c.Name + " is opened"
	over := s.waiting(what)
	defer over()
	hooks := l
	hooks.LastTry = func(info token.Info) error {
		s.asked()
		return l.LastTry(info)
	}
	again := func() { s.begins(what, true) }
	hooks.Refused = func(outcome string, people bool) error {
		s.asked()
		defer again()
		return l.Refused(outcome, people)
	}
	if l.Again != nil {
		hooks.Again = func(outcome string) (bool, error) {
			s.asked()
			defer again()
			return l.Again(outcome)
		}
	}
	if c.Login != token.LoginPad { // else people are at the pad
		hooks.LoggingIn = func() { s.begins("token "+c.Name+" logs in", false) }
	}
	return s.o.OpenToken(s.ctx, c, hooks)
}

// restart opens a token in a fresh process.
func (s *session) restart(ctx context.Context, t token.Token) error {
	over := s.waiting("a fresh process opens token " + t.Name())
	defer over()
	return t.Restart(ctx)
}

// doing says what a token does in a call.
func doing(intent event.OperationIntended) string {
	what := "token " + intent.Token + " "
	switch intent.What {
	case event.WhatGenerate:
		return what + "makes key " + intent.Key.Label
	case event.WhatSign:
		if intent.Artifact != "" {
			return what + "signs " + intent.Artifact
		}
		return what + "signs for " + intent.For
	case event.WhatRandom:
		return what + "draws random bytes"
	case event.WhatDestroy:
		return what + "destroys key " + intent.Key.Label
	}
	return what + "looks for a key"
}
