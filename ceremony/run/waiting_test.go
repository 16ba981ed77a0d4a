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
				s.quiet.Store(c.asked)
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
