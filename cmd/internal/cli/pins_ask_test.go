// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"os"
	"strings"
	"testing"

	"rootceremony/ceremony/run"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/term"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
	"rootceremony/transcripts/event"
)

// TestWrongPINs guards a PIN that people type where no PIN is asked for, in a
// hurry after a wrong one: nothing shows it, nothing but STOP ends the ceremony,
// each refused PIN is in the record with who entered it, and the third wants two
// people.
func TestWrongPINs(t *testing.T) {
	r := newRoom(t)
	site, err := os.ReadFile(r.site)
	if err != nil {
		t.Fatal(err)
	}
	stated := strings.Replace(string(site), "label: example-root,", "label: example-root, tries: 3, then: zeroizes,", 1)
	if err := os.WriteFile(r.site, []byte(stated), 0o600); err != nil {
		t.Fatal(err)
	}
	people := termtest.NewScript(80).Fail("PIN of token", term.ErrUnclear)
	answer := func(question string, typed ...string) {
		for _, w := range typed {
			people.Once(question, termtest.Reply(w))
		}
	}
	answer("PIN of token", "wrong-4711", "", strings.Repeat("9", 300), "STOP", "help", "Pause", "stop", "wrong-4712", "wrong-4713", tokentest.TestPIN)
	answer("Is it the PIN", "yess", "no", "NO", tokentest.TestPIN, "no")
	answer("second person types STOP", "no", "no")
	answer("Who entered it", tokentest.TestPIN, "HELP", "alice", "bob", "alice")
	answer("types try or stop", tokentest.TestPIN, "stop", "try", "try", "try", "try", "try")
	people.On("type done", func(string, string) string {
		if strings.Contains(people.Screen(), "Token root did not accept") {
			return "STOP"
		}
		return "done"
	}).On("A second person", termtest.Reply("STOP"))
	status, output := r.run(t, attentive(people))
	if status != exitStopped {
		t.Fatalf("exit status %d: %s\n%s", status, output, people.Screen())
	}
	for _, typed := range []string{tokentest.TestPIN, "wrong-4711", "wrong-4712", "wrong-4713", "Type yes"} {
		if strings.Contains(people.Screen()+output, typed) {
			t.Errorf("the screen shows %q", typed)
		}
	}
	if left := people.Unused(); strings.Contains(strings.Join(left, " "), "Is it the PIN") {
		t.Error("words that are no PIN were tried as one")
	}
	screen := strings.Join(strings.Fields(people.Screen()), " ")
	for _, said := range []string{"2 of 3 tries of the PIN of token root are left", "By the site file 3 wrong PINs zeroize it", "ANOTHER WRONG PIN DESTROYS ALL KEYS ON IT"} {
		if !strings.Contains(screen, said) {
			t.Errorf("not announced: %s\n%s", said, screen)
		}
	}
	v, err := verify.Bundle(t.Context(), r.bundle, verify.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	var said []string
	for _, p := range v.Problems {
		t.Errorf("problem: %v", p)
	}
	for _, rec := range v.Records {
		switch e := rec.Event.(type) {
		case event.PINRefused:
			said = append(said, e.Token+" "+e.Outcome+" "+e.Person)
		case event.DeviationRecorded:
			said = append(said, strings.Join(e.DecidedBy, " ")+": "+e.Decision)
		}
	}
	if got := strings.Join(said, "; "); got != "root wrong alice; root wrong bob; alice bob: another PIN is tried; root wrong alice; alice bob: another PIN is tried" {
		t.Errorf("recorded: %s", got)
	}
	noPINBelow(t, r.bundle)
	if _, output := command(t, nil, "verify", r.bundle, "--unanchored"); strings.Count(strings.Join(strings.Fields(output), " "), "Decided by alice, bob: another PIN is tried") != 2 {
		t.Errorf("who verifies is not told what was decided:\n%s", output)
	}
}

// TestSplitPIN guards a PIN of which nobody knows the whole: each part is asked for by the
// name of who knows it, and they are joined in the order of the site file.
func TestSplitPIN(t *testing.T) {
	people := termtest.NewScript(80).Once("Part of bob of the PIN of token root", termtest.Reply("second")).
		Once("Part of alice of the PIN of token root", termtest.Reply("first-"))
	o := &tokenOpener{terminal: &lazyTerminal{open: func() (Terminal, error) { return scripted{people}, nil }}}
	c := token.Config{Name: "root", Login: token.LoginSplit, PINParts: []string{"alice", "bob"}}
	l := run.Login{LastTry: func(token.Info) error { return nil }, Stop: func() error { return run.ErrStopped }}
	pin, err := o.askPIN(c, l, token.Info{}, 1)
	if err != nil || string(pin.Reveal()) != "first-second" {
		t.Fatalf("%q, %v", pin.Reveal(), err)
	}
	if strings.Contains(people.Screen(), "first-") || strings.Contains(people.Screen(), "second") {
		t.Errorf("the screen shows a part:\n%s", people.Screen())
	}
	people.Once("Part of alice", termtest.Reply("first-")).Once("Part of bob", termtest.Reply("STOP"))
	if pin, err := o.askPIN(c, l, token.Info{}, 2); pin != nil || !errors.Is(err, run.ErrStopped) {
		t.Errorf("stopped at the second part: %v", err)
	}
}

// TestSplitPINOpens guards that the joined PIN opens a token, and that a wrong part is a
// wrong PIN, after which both are asked for again.
func TestSplitPINOpens(t *testing.T) {
	c := tokentest.NewSoftHSM(t, "split")
	c.Login, c.PINParts = token.LoginSplit, []string{"alice", "bob"}
	first, second := tokentest.TestPIN[:5], tokentest.TestPIN[5:]
	people := termtest.NewScript(80).Once("Part of alice", termtest.Reply(first)).Once("Part of bob", termtest.Reply("wrong")).
		Once("Part of alice", termtest.Reply(first)).Once("Part of bob", termtest.Reply(second))
	o := &tokenOpener{terminal: &lazyTerminal{open: func() (Terminal, error) { return scripted{people}, nil }}}
	refused := 0
	tok, err := o.open(t.Context(), c, run.Login{Log: func(string) {}, LastTry: func(token.Info) error { return nil },
		Refused: func(string, bool) error { refused++; return nil }, Stop: func() error { return run.ErrStopped }})
	if err != nil || refused != 1 {
		t.Fatalf("%d refused: %v", refused, err)
	}
	if err := tok.Close(); err != nil {
		t.Error(err)
	}
}

// TestWordAsPIN guards people whose PIN is a word that means something at other
// questions: they say so, and it is used.
func TestWordAsPIN(t *testing.T) {
	for _, word := range []string{"Show", "done", "try", "Agree"} {
		people := termtest.NewScript(80).On("PIN of token root, or STOP", termtest.Reply(word)).Once("Is it the PIN", termtest.Reply("yes"))
		o := &tokenOpener{terminal: &lazyTerminal{open: func() (Terminal, error) { return scripted{people}, nil }}}
		pin, err := o.askPIN(token.Config{Name: "root"}, run.Login{LastTry: func(token.Info) error { return nil }}, token.Info{}, 1)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(pin.Reveal()); got != word || !strings.Contains(people.Screen(), "Is it the PIN") || strings.Contains(people.Screen(), word+"\n") {
			t.Errorf("the PIN is %q, and the screen shows:\n%s", got, people.Screen())
		}
		pin.Wipe()
	}
}

// TestLastTryWithoutPeople guards a token that is about to lock against a machine, as the
// token says it or as wrong PINs were counted.
func TestLastTryWithoutPeople(t *testing.T) {
	pins, err := readPINs(strings.NewReader("root 1234\n"))
	if err != nil {
		t.Fatal(err)
	}
	o := &tokenOpener{pins: pins}
	defer o.wipe()
	if _, err := o.givenPIN(token.Config{Name: "root"}, run.Login{}, token.Info{Flags: []string{token.FlagPINFinalTry}}, 1); err == nil {
		t.Error("the last try was made by a machine")
	}
	if _, err := o.givenPIN(token.Config{Name: "root"}, run.Login{Last: func(token.Info) bool { return true }}, token.Info{}, 1); err == nil {
		t.Error("the last try by the site file was made by a machine")
	}
}

// TestTokenCheckPINs guards a token against a check that tries PINs until it locks: after
// a wrong one people are asked, the device is shown before each, and a third is not asked
// for. What is right is not tried then, and STOP ends the check.
func TestTokenCheckPINs(t *testing.T) {
	r := newRoom(t)
	check := func(people *termtest.Script) (int, string) {
		return command(t, people, "token", "check", r.file, "--site", r.site)
	}
	people := termtest.NewScript(80).Once("PIN of token root", termtest.Reply("wrong-4711")).Once("PIN of token root", termtest.Reply("wrong-4712")).
		Once("Try another PIN", termtest.Reply(tokentest.TestPIN)).Once("Try another PIN", termtest.Reply("NOTE")).Once("Try another PIN", termtest.Reply("try")).
		On("PIN of token issuing", termtest.Reply(tokentest.TestPIN))
	status, output := check(people)
	if status != exitFindings {
		t.Errorf("exit status %d: %s\n%s", status, output, people.Screen())
	}
	for _, typed := range []string{tokentest.TestPIN, "wrong-4711", "wrong-4712"} {
		if strings.Contains(people.Screen()+output, typed) {
			t.Errorf("the screen shows %q", typed)
		}
	}
	for text, n := range map[string]int{"did not accept the PIN: wrong": 2, "label   example-root": 2, "label   example-issuing": 1} {
		if got := strings.Count(people.Screen(), text); got != n {
			t.Errorf("%q is on the screen %d times, want %d:\n%s", text, got, n, people.Screen())
		}
	}
	for _, want := range []string{"FAILED    pin root            2 wrong ones were entered", "ok        objects issuing", "- the private objects of token root: nobody logged in"} {
		if !strings.Contains(output, want) {
			t.Errorf("it lacks %q:\n%s", want, output)
		}
	}
	people = termtest.NewScript(80).Once("PIN of token", termtest.Reply("wrong-4711")).On("Try another PIN", termtest.Reply("stop")).
		On("PIN of token", termtest.Reply("STOP"))
	if status, output := check(people); status != exitStopped || !strings.Contains(output, "nothing was changed on the tokens") {
		t.Errorf("exit status %d: %s", status, output)
	}
}
