// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package run

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/preflight"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
	"rootceremony/transcripts/event"
)

// TestPadAgain guards people whose time runs out at the PIN pad: they are asked and called
// to it again, the record has both, and the ceremony goes on.
func TestPadAgain(t *testing.T) {
	r := newSiteRoom(t, ceremonytest.Twice(t))
	t.Setenv("FAULT", "login:before:1:err=50")
	t.Setenv("FAULT_ONCE", filepath.Join(t.TempDir(), "once"))
	t.Setenv("FAULT_PED", tokentest.TestPIN)
	r.site.Tokens[0].Login = token.LoginPad
	people := r.people("Enter the PIN there again", "again", "Who entered it", "alice")
	o := r.options(r.site, people)
	o.OpenToken = func(ctx context.Context, c token.Config, l Login) (token.Token, error) {
		return token.Open(ctx, token.Options{Config: c, Log: l.Log, Again: l.Again,
			OnPad: func(i token.Info) error { return l.LastTry(i) }, OnRefused: func(outcome string) error { return l.Refused(outcome, true) }})
	}
	res, err := Execute(context.Background(), r.p, o)
	if err != nil || res.Pause == "" {
		t.Fatalf("%v\n%s", err, people.Screen())
	}
	refused := recorded[event.PINRefused](t, r.bundle)
	if len(refused) != 1 || refused[0].Outcome != event.PINCancelled || !strings.Contains(people.Screen(), "PIN pad of token root: cancelled") {
		t.Errorf("%+v\n%s", refused, people.Screen())
	}
}

// TestLoggedInElsewhere guards a ceremony on a token to which a vendor's tool logged in:
// before anybody is asked it stops where nobody is logged in, it asks for no PIN, tells
// people to log out, and its record verifies.
func TestLoggedInElsewhere(t *testing.T) {
	r := newSiteRoom(t, ceremonytest.Twice(t))
	r.site.Tokens[0].Login = token.LoginExternal
	if err := r.begin(nobodyIsAsked(t)); err == nil || !strings.Contains(err.Error(), "nobody is logged in") {
		t.Errorf("nobody was logged in: %v", err)
	}
	t.Setenv("FAULT_LOGGED_IN", tokentest.TestPIN)
	people := r.people()
	o := r.options(r.site, people)
	o.OpenToken = func(ctx context.Context, c token.Config, l Login) (token.Token, error) {
		return token.Open(ctx, token.Options{Config: c, Log: l.Log}) // nothing gives a PIN
	}
	res, err := Execute(context.Background(), r.p, o)
	if err != nil || res.Pause == "" || !strings.Contains(people.Screen(), "TOKEN root IS STILL LOGGED IN") {
		t.Fatalf("%v\n%s", err, people.Screen())
	}
	soFarSound(t, r.bundle)
	checks := recorded[event.PreflightChecked](t, r.bundle)[0].Checks
	if !slices.ContainsFunc(checks, func(c event.PreflightCheck) bool { return c.Check == preflight.PIN && c.Found == preflight.LoggedIn }) {
		t.Errorf("the record does not say that somebody was logged in: %+v", checks)
	}
}
