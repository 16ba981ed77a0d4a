// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// TestWaiting guards people who wait for a token and do not know for what: they are told
// what it does and how long already, more rarely the longer it takes, not while they are
// asked for a PIN, and that Ctrl-C waits.
func TestWaiting(t *testing.T) {
	intent := event.OperationIntended{What: event.WhatGenerate, Token: "root", Key: &event.Key{Label: "root-x1"}}
	for name, c := range map[string]struct {
		lasts time.Duration
		stop  bool
		asked bool
		says  []string
	}{
		"short":       {9 * time.Second, false, false, nil},
		"long":        {3 * time.Minute, false, false, []string{"10s", "20s", "40s", "1m20s", "2m20s"}},
		"people":      {3 * time.Minute, false, true, nil},
		"Ctrl-C":      {15 * time.Second, true, false, []string{"10s"}},
		"Ctrl-C, pad": {15 * time.Second, true, true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				var said strings.Builder
				s := &session{ctx: ctx, o: &Options{People: Simulated{Out: func(text string) { said.WriteString(text) }}}}
				over := s.waiting(doing(intent))
				if c.asked {
					s.asked()
				}
				time.Sleep(c.lasts)
				if c.stop {
					stop()
				}
				over()
				var want strings.Builder
				for _, lasted := range c.says {
					want.WriteString(plan.Indent("token root makes key root-x1: "+lasted+" so far. Ctrl-C is held back until it ends.", 6) + "\n")
				}
				got, held, _ := strings.Cut(said.String(), "\n      Asked to stop.")
				if got != want.String() || (held != "") != c.stop {
					t.Errorf("it says\n%swant\n%s", said.String(), want.String())
				}
			})
		})
	}
}

// TestWaitingToOpen guards people who wait for a device that opens slowly, or logs in
// slowly: they are told since when, apart from the time in which they were asked; and who
// stops a login is not told that it goes on.
func TestWaitingToOpen(t *testing.T) {
	c := token.Config{Name: "root", Login: token.LoginPIN}
	slowly := func() error { time.Sleep(3 * time.Minute); return nil }
	l := Login{
		LastTry: func(token.Info) error { return slowly() },
		Refused: func(string, bool) error { return slowly() },
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var said strings.Builder
		o := &Options{People: Simulated{Out: func(text string) { said.WriteString(text) }}}
		o.OpenToken = func(ctx context.Context, _ token.Config, l Login) (token.Token, error) {
			for _, lasts := range []time.Duration{15 * time.Second, 6 * time.Second} {
				time.Sleep(lasts)
				_ = l.LastTry(token.Info{})
				l.LoggingIn()
				time.Sleep(2 * lasts)
				_ = l.Refused(token.RefusedWrong, true)
			}
			time.Sleep(12 * time.Second)
			l.LoggingIn()
			time.AfterFunc(12*time.Second, stop)
			<-ctx.Done()
			return nil, ctx.Err()
		}
		s := &session{ctx: ctx, o: o}
		_, _ = s.openDevice(c, l)
		const held, ends = " so far. Ctrl-C is held back until it ends.", " so far. Ctrl-C gives it up."
		var want strings.Builder
		for _, line := range []string{"token root is opened: 10s" + held, "token root logs in: 10s" + ends, "token root logs in: 20s" + ends,
			"token root logs in: 10s" + ends, "token root is opened: 10s" + held, "token root logs in: 10s" + ends} {
			want.WriteString(plan.Indent(line, 6) + "\n")
		}
		if said.String() != want.String() {
			t.Errorf("it says\n%swant\n%s", said.String(), want.String())
		}
	})
}
