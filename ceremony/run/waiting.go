// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
)

// When people are told that a call of a token still lasts: first, and at the latest after
// each time that it was said.
const (
	firstWait   = 10 * time.Second
	longestWait = time.Minute
)

// waiting tells people, while a call of a token lasts, what is waited for and since when;
// and who asks the program to stop, by Ctrl-C or a signal, that it waits for the call.
// Nobody else writes to the screen during one, but where people are asked, for a PIN or
// about one: then it is quiet. What it gives has to be called when the call is over.
func (s *session) waiting(what string) (over func()) {
	done, told := make(chan struct{}), make(chan struct{})
	s.quiet.Store(false)
	go func() {
		defer close(told)
		s.wait(what, done)
	}()
	return func() {
		close(done)
		<-told
	}
}

func (s *session) wait(what string, done <-chan struct{}) {
	began, stop := time.Now(), s.ctx.Done() //nolint:forbidigo // how long a call lasts, whatever the clock of the ceremony says
	timer := time.NewTimer(firstWait)
	defer timer.Stop()
	for {
		select {
		case <-stop:
			stop = nil
			s.sayHeldBack()
		case <-timer.C:
			lasted := time.Since(began).Round(time.Second) //nolint:forbidigo // as began
			if !s.quiet.Load() {
				s.o.People.Say(plan.Indent(fmt.Sprintf("%s: %s so far. Ctrl-C is held back until it ends.", what, lasted), 6) + "\n")
			}
			timer.Reset(min(lasted, longestWait))
		case <-done:
			if stop != nil && s.ctx.Err() != nil {
				s.sayHeldBack()
			}
			return
		}
	}
}

func (s *session) sayHeldBack() {
	s.say("\n%s", plan.Indent("Asked to stop. The call of the token is not cut off, as what it makes could be lost: "+
		"the ceremony stops when it returns. A second time ends the program at once.", 6))
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
