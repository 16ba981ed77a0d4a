// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package run

import (
	"context"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/preflight"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// sacrificing is a test of tokens: people who agree, and a token.
type sacrificing struct {
	t      *testing.T
	ctx    context.Context
	plan   *plan.Preview
	o      Options
	people *termtest.Script
}

func newSacrificing(t *testing.T, site *plan.Site) *sacrificing {
	t.Helper()
	s := &sacrificing{t: t, ctx: t.Context(), plan: smallPreview(t), people: termtest.NewScript(80)}
	s.people.On("Test token root", termtest.Reply("test"))
	s.o = runOptions(s.plan, site, "")
	return s
}

// onSoftHSM is a test of a SoftHSM token behind the fault module.
func onSoftHSM(t *testing.T) *sacrificing {
	t.Helper()
	c := tokentest.NewSoftHSM(t, "example-root")
	c.Name, c.Module = "root", tokentest.BuildFaultModule(t)
	t.Setenv("FAULT", "")
	s := newSacrificing(t, &plan.Site{Version: 1, SoftwareToken: true, Tokens: []token.Config{c}})
	s.o.LookAt, s.o.OpenToken = lookAtSoftHSM, openSoftHSM
	return s
}

// inProcess is a test of a token in memory.
func inProcess(t *testing.T) (*sacrificing, *token.Memory) {
	t.Helper()
	site, memory := fastSite()
	s := newSacrificing(t, site)
	s.o = inMemory(s.o, memory)
	s.o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) { return lasting{memory}, nil }
	return s, memory
}

// lasting is a token in memory that outlives the test.
type lasting struct{ *token.Memory }

func (lasting) Close() error { return nil }

// run makes the test.
func (s *sacrificing) run() (*Trial, error) {
	s.t.Helper()
	s.o.People = Asked{Terminal: s.people}
	found, err := TryTokens(s.ctx, s.plan.Plan, s.o)
	s.t.Logf("%v\n%s", err, s.people.Screen())
	return found, err
}

// done makes a test that nobody stops.
func (s *sacrificing) done() *Trial {
	s.t.Helper()
	found, err := s.run()
	if err != nil {
		s.t.Fatal(err)
	}
	return found
}

// said gives the checks in words.
func (t *Trial) said() []string {
	var all []string
	for _, c := range t.Checks {
		all = append(all, string(c.Outcome)+" "+c.Name+": "+c.Found+"\n"+c.Next)
	}
	return append(all, "unseen "+strings.Join(t.Unseen, "\n"))
}

// holds demands what is on the SoftHSM token.
func (s *sacrificing) holds(want int) token.Census {
	s.t.Helper()
	s.t.Setenv("FAULT", "")
	tok, err := openSoftHSM(s.t.Context(), s.o.Site.Tokens[0], Login{})
	if err != nil {
		s.t.Fatal(err)
	}
	defer tok.Close()
	all, err := tok.Census(s.t.Context())
	if err != nil || len(all) != want {
		s.t.Errorf("on the token: %v, %v; want %d objects", all, err, want)
	}
	return all
}

// TestTryTokens guards the choice of a template: all are tried on a real module, in two
// processes, and nothing stays.
func TestTryTokens(t *testing.T) {
	s := onSoftHSM(t)
	found := s.done()
	finds(t, found.said(), []string{
		"ok left-over: no sacrificial key", "ok others: no other", "ok random: differ",
		`ok template: "default" (the same as luna, tpm), ecdsa-p384: made in `, "ok template: verified ecdsa-sha384; 10 of 10 attempts",
		"recorded template: allowed, as the template leaves it open: ",
		"ok persistence: a fresh process found the ecdsa-p384 key", "ok choice: choose \"strict\"", "ok deletion: all sacrificial keys are gone",
		"unseen: backup, cloning",
	})
	if len(found.Choices) != 1 || found.Choices[0] != (Choice{"root", "strict"}) {
		t.Errorf("chosen: %v", found.Choices)
	}
	for _, tried := range found.Templates {
		if !tried.Works() || len(tried.Attempts) != len(token.Attempts()) {
			t.Errorf("%+v", tried)
		}
	}
	s.holds(0)
}

// TestTryKeepsOthers guards the keys of others on a partition that is shared: without a
// word in the site file nothing is made there.
func TestTryKeepsOthers(t *testing.T) {
	s := onSoftHSM(t)
	calls := filepath.Join(t.TempDir(), "calls")
	t.Setenv("FAULT_CALLS", calls)
	newOldKey(t).put("theirs", "01")
	found := s.done()
	finds(t, found.said(), []string{`failed others: private-key label "theirs", id 01`, "failed others: shared-token: true", "unseen: what token root does with a key: none was made"})
	made, err := os.ReadFile(calls)
	if err != nil || strings.Contains(string(made), "C_Generate") {
		t.Errorf("a key was made: %v", err)
	}
	s.o.Site.Tokens[0].Shared = true
	finds(t, s.done().said(), []string{"ok others: 1 private or secret keys of others", "ok deletion: the token holds the 2 objects that it held before"})
	for _, o := range s.holds(2) {
		if o.Label != "theirs" {
			t.Errorf("on the token: %v", o)
		}
	}
}

// TestTryFindsLeaks guards against a device that makes keys extractable, whatever is
// asked: no template of it is called good.
func TestTryFindsLeaks(t *testing.T) {
	s := onSoftHSM(t)
	t.Setenv("FAULT_EXTRACTABLE", "1")
	found := s.done()
	finds(t, found.said(), []string{"failed template: the device lets anybody who is logged in wrap it with an AES key", "failed choice: no template works"})
	for _, tried := range found.Templates {
		if tried.Works() && tried.Lets == nil {
			t.Errorf("it is called good: %+v", tried)
		}
	}
	s.holds(0)
}

// TestTryRefused guards teams whose device refuses the template of the site file: the one
// to choose is named.
func TestTryRefused(t *testing.T) {
	s, memory := inProcess(t)
	memory.Faults.BeforeGenerate = func(r token.Request) error {
		if r.Template != "crypto11" {
			return &token.ModuleError{Token: "root", Op: "generate", Code: "CKR_TEMPLATE_INCONSISTENT", Text: "CKR_TEMPLATE_INCONSISTENT"}
		}
		return nil
	}
	found := s.done()
	finds(t, found.said(), []string{"failed template: no key was made: CKR_TEMPLATE_INCONSISTENT", "recorded template: NOT OF USE \"strict\"",
		`failed choice: choose "crypto11"`, "failed choice: set template: crypto11 at token root"})
	if found.Templates[0].Code != "CKR_TEMPLATE_INCONSISTENT" {
		t.Errorf("%+v", found.Templates[0])
	}
}

// TestCrashTry guards a token on which the module dies when a key was just made, or
// is tried: what is left is removed, and the other templates are tried.
func TestCrashTry(t *testing.T) {
	faults := []string{"gen:after:2:exit", "C_DestroyObject:before:4:err=30", "C_WrapKey:before:1:segv", "C_CopyObject:after:1:abort", "C_SetAttributeValue:before:2:exit"}
	if stride() > 1 {
		faults = faults[:2]
	}
	for _, fault := range faults {
		t.Run(fault, func(t *testing.T) {
			s := onSoftHSM(t)
			t.Setenv("FAULT", fault)
			t.Setenv("FAULT_ONCE", filepath.Join(t.TempDir(), "happened"))
			found := s.done()
			if len(found.Choices) != 1 || found.Choices[0].Template == "" {
				t.Errorf("nothing was chosen: %v", found.said())
			}
			finds(t, found.said(), []string{"ok deletion: all sacrificial keys are gone"})
			s.holds(0)
		})
	}
}

// TestTryStopped guards a token at Ctrl-C: the keys go, and what was found so far is told.
func TestTryStopped(t *testing.T) {
	s := onSoftHSM(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	s.ctx = ctx
	s.o.OpenToken = func(ctx context.Context, c token.Config, l Login) (token.Token, error) {
		tok, err := openSoftHSM(ctx, c, l)
		return stopping{tok.(token.Tester), stop}, err
	}
	found, err := s.run()
	var stopped *testStopped
	if !errors.As(err, &stopped) || !errors.Is(err, context.Canceled) || !strings.Contains(stopped.Hint(), "no key of this test is left") {
		t.Errorf("got %v", err)
	}
	finds(t, found.said(), []string{"ok random: ", "unseen: all that follows: the test was stopped here"})
	if !strings.Contains(s.people.Screen(), "destroyed first") {
		t.Error("nobody is told that the keys are destroyed first")
	}
	s.holds(0)
}

// stopping is a token at which somebody presses Ctrl-C when a key was made.
type stopping struct {
	token.Tester
	stop func()
}

func (s stopping) Generate(ctx context.Context, r token.Request) (*token.Pair, error) {
	defer s.stop()
	return s.Tester.Generate(ctx, r)
}

// TestTryLeftOver guards a token on which a test was killed: the next one names what is
// there and removes it, if people agree; until then it makes keys beside it.
func TestTryLeftOver(t *testing.T) {
	s := onSoftHSM(t)
	tok, err := openSoftHSM(t.Context(), s.o.Site.Tokens[0], Login{})
	if err != nil {
		t.Fatal(err)
	}
	left := token.SacrificialPrefix + "0123456789abcdef"
	id, err := hex.DecodeString(strings.Repeat("ab", 20))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tok.Generate(t.Context(), token.Request{Label: left, ID: id, Algorithm: "ecdsa-p256"}); err != nil {
		t.Fatal(err)
	}
	_ = tok.Close()
	s.people.Once("Remove what the earlier test left", termtest.Reply("keep")).On("Remove what the earlier test left", termtest.Reply("remove"))
	finds(t, s.done().said(), []string{"warning left-over: " + left, "warning left-over: type the same command again", "ok deletion: the 2 objects"})
	finds(t, s.done().said(), []string{"ok left-over: removed, as people agreed: private-key label \"" + left})
	s.holds(0)
}

// immortal is a token from which no key goes.
type immortal struct{ *token.Memory }

func (immortal) Remove(context.Context, string) error { return errors.New("CKR_ACTION_PROHIBITED") }

func (immortal) Destroy(context.Context, []byte, []byte) (*token.Destruction, error) {
	return nil, errors.New("CKR_ACTION_PROHIBITED")
}

func (immortal) Close() error { return nil }

// TestTryCannotDestroy guards against keys that stay unseen: they are named, with how to
// remove them, also where people stop the test.
func TestTryCannotDestroy(t *testing.T) {
	s, memory := inProcess(t)
	s.o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) { return immortal{memory}, nil }
	finds(t, s.done().said(), []string{"failed deletion: the sacrificial key \"" + token.SacrificialPrefix, "failed deletion: remove it with the vendor's tool"})

	s, memory = inProcess(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	s.ctx = ctx
	s.o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) {
		return stopping{immortal{memory}, stop}, nil
	}
	_, err := s.run()
	var stopped *testStopped
	if !errors.As(err, &stopped) || !strings.Contains(stopped.Hint(), "is left on token root") || !strings.Contains(stopped.Hint(), howToRemove) {
		t.Errorf("got %v", err)
	}
}

// TestTryDeclined guards a token whose owner does not agree: nothing is made, and a word
// of a ceremony is no answer.
func TestTryDeclined(t *testing.T) {
	s, memory := inProcess(t)
	memory.Faults.BeforeGenerate = func(token.Request) error {
		t.Error("a key was made")
		return nil
	}
	s.people = termtest.NewScript(80).Once("Test token root", termtest.Reply("HELP")).Once("Test token root", termtest.Reply("yes")).On("Test token root", termtest.Reply("stop"))
	if _, err := s.run(); !errors.Is(err, ErrStopped) {
		t.Errorf("got %v", err)
	}
}

// TestTryLessThanReady guards the tries of a PIN: a token that fails a check before its
// login gets none, and no key.
func TestTryLessThanReady(t *testing.T) {
	s, _ := inProcess(t)
	s.o.Site.SoftwareToken = false
	s.o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) {
		t.Error("a login was tried")
		return nil, errors.New("opened")
	}
	found := s.done()
	if failed := preflight.With(preflight.Failed, found.Checks); len(failed) != 1 || failed[0].Name != preflight.Mechanisms {
		t.Errorf("%+v", failed)
	}
	finds(t, found.said(), []string{"unseen: what token root does with a key: none was made"})
}

// TestTryLax guards against attributes that anybody can change afterwards, as on a TPM
// behind tpm2-pkcs11: people are told that what the module reports says little, and the
// template is still named, for the key did not leave.
func TestTryLax(t *testing.T) {
	s, memory := inProcess(t)
	memory.Faults.Attempt = func(what string) (*token.Attempt, error) {
		if what != "set CKA_EXTRACTABLE true" {
			return nil, nil
		}
		return &token.Attempt{What: what, Outcome: token.Allowed, Found: "the key reads back CKA_EXTRACTABLE true"}, nil
	}
	found := s.done()
	finds(t, found.said(), []string{"warning template: BUT anybody who is logged in can set CKA_EXTRACTABLE true", "warning template: trust no attribute", `ok choice: choose "strict"`})

	memory.Faults.Attempt = func(what string) (*token.Attempt, error) {
		if what != "wrap it after that" {
			return nil, nil
		}
		return &token.Attempt{What: what, Leak: true, Outcome: token.Allowed, Found: "88 bytes"}, nil
	}
	finds(t, s.done().said(), []string{"failed template: the device lets anybody who is logged in wrap it after that: 88 bytes", "failed choice: no template works"})
}
