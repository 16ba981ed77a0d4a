// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"fmt"

	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// opened checks that the plan has a token, and that everybody was in the room who knows a
// part of its PIN. How people log in is for the site file.
func (c *keyChecker) opened(before *history.History, r event.Record, e event.TokenOpened) {
	c.ofPlan(r, e.Token)
	if e.Login != "" {
		c.Verdict.problem(line(r.Seq), "the line says how people log in to token %q", e.Token)
	}
	p := c.Verdict.planAt(r.Seq).Plan
	for _, who := range c.device(r, e.Token).PINParts {
		switch {
		case !p.Names(who):
			c.Verdict.noticeOnce(fmt.Sprintf("%s knows a part of the PIN of token %s and is not in the plan: the record does not say whether they were in the room", who, e.Token))
		case !before.IsInRoom(who) && !before.Opened.Unattended:
			c.Verdict.problem(line(r.Seq), "token %q was opened, but %s was not in the room, who knows a part of its PIN", e.Token, who)
		}
	}
}

// asked checks that a token whose PIN was not accepted is one that asks for a PIN.
func (c *keyChecker) asked(r event.Record, e event.PINRefused) {
	if login := c.device(r, e.Token).Login; login == token.LoginNone || login == token.LoginExternal {
		c.Verdict.problem(line(r.Seq), "token %q did not accept a PIN, but by the site file its login is %q, and nobody is asked for one", e.Token, login)
	}
}

// device is a token as the site file in force names it; nothing where there is none.
func (c *keyChecker) device(r event.Record, name string) token.Config {
	site := c.Verdict.sites.At(r.Seq)
	if site == nil {
		return token.Config{} // a rehearsal in memory
	}
	device, err := site.Device(name)
	if err != nil {
		return token.Config{} // said of the device
	}
	return device
}
