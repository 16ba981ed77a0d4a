// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token/tokentest"
	"rootceremony/transcripts/event"
)

// pinForms are the ways in which the PIN of the tests must not show.
func pinForms() []string {
	pin := tokentest.TestPIN
	var little, big string
	for _, c := range pin {
		little, big = little+string(c)+"\x00", big+"\x00"+string(c)
	}
	return []string{
		pin, hex.EncodeToString([]byte(pin)), fmt.Sprintf("%X", pin), fmt.Sprintf("% x", pin), little, big,
		base64.StdEncoding.EncodeToString([]byte(pin)), base64.RawURLEncoding.EncodeToString([]byte(pin)),
		base64.StdEncoding.EncodeToString([]byte("1:" + pin))[3:25],
	}
}

// showsNoPIN searches a text, and what is in a text that a screen made
// printable.
func showsNoPIN(t *testing.T, where string, data []byte) {
	t.Helper()
	for _, form := range append(pinForms(), strings.ReplaceAll(pinForms()[4], "\x00", " ")) {
		if bytes.Contains(data, []byte(form)) {
			t.Errorf("%s holds the PIN, as %q", where, form)
		}
	}
}

// noPIN searches a folder for the PIN that opened the tokens, in every form
// that a careless print could give it.
func noPIN(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		showsNoPIN(t, path, data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestPINShowsNowhere guards the PIN of a real token against people who type it
// in the wrong place, in every place there is, and a module that prints it in
// every form: it is in no file, no error and no line of the screen that nobody
// typed, and the record says what happened.
func TestPINShowsNowhere(t *testing.T) {
	everything := t.TempDir() // also temporary files of the program and of SoftHSM2
	t.Setenv("TMPDIR", everything)
	site := hsm(t)
	for i := range site.Tokens {
		site.Tokens[i].Module = tokentest.BuildFaultModule(t)
	}
	t.Setenv("FAULT_ECHO", strings.Join(slices.DeleteFunc(pinForms(), func(s string) bool { return strings.Contains(s, "\x00") }), " "))
	t.Setenv("FAULT_WIDE", tokentest.TestPIN)
	dir := filepath.Join(everything, "ceremony")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(ceremonytest.Small, "  - generate: [k]\n", "  - generate: [k]\n  - do: Pack the token.\n    who: [administrator]\n    record: {bag: text}\n", 1)
	if err := os.WriteFile(filepath.Join(dir, "ceremony.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := ceremonytest.Preview(t, dir)
	o := runOptions(p, site, filepath.Join(dir, "bundle"))
	now := p.Plan.Ceremony.Window.From.Add(30 * time.Minute)
	typed := pinForms()[:4]
	typed = append(typed, typed[0], typed[0], typed[0]) // note, three texts of a deviation, field, clock, digits
	people := termtest.NewScript(80).
		Once("(text)", termtest.Reply("NOTE")).Once("The note", termtest.Reply(typed[0])).On("The note", termtest.Reply("a note")).
		Once("(text)", termtest.Reply("DEVIATION")).Once("What was expected", termtest.Reply("x"+typed[1]+"y")).On("What was expected", termtest.Reply("peace")).
		Once("What happened", termtest.Reply(typed[2])).On("What happened", termtest.Reply("noise")).
		Once("What was decided", termtest.Reply(typed[3])).On("What was decided", termtest.Reply("silence")).
		Once("(text)", termtest.Reply("CLOCK")).Once("Name of the first clock", termtest.Reply("wall clock")).Once("Name of the first clock", termtest.Reply(typed[4])).
		Once("(text)", termtest.Reply("bag "+typed[5])).
		Once("next four digits", termtest.Reply(typed[6])).
		On("Whose note", termtest.Reply("alice")).On("types record or discard", termtest.Reply("record")).
		Then(attendants(now))
	o.People = Asked{Terminal: people}
	_, err := Execute(context.Background(), p, o)
	if err != nil {
		t.Fatalf("%v\n%s", err, people.Screen())
	}
	mustVerify(t, o.Bundle, 1)
	noPIN(t, everything)
	screen := people.Screen()
	for _, answer := range []string{typed[0], "x" + typed[1] + "y", typed[2], typed[3], typed[4], "bag " + typed[5], typed[6]} {
		screen = strings.Replace(screen, answer+"\n", "\n", 1) // what somebody typed is echoed, once
	}
	showsNoPIN(t, "the screen", []byte(screen))
	var happened []string
	for _, d := range events[event.DeviationRecorded](t, o.Bundle) {
		happened = append(happened, d.Happened)
	}
	want := []string{
		"the PIN was printed by the module of token root", "a PIN was typed as The note", "a PIN was typed as What was expected",
		"a PIN was typed as What happened", "a PIN was typed as What was decided", "noise", "a PIN was typed as the name of a clock",
		"a PIN was typed as the field bag", "a PIN was typed as the digits of a digest",
	}
	if !slices.Equal(happened, want) {
		t.Errorf("deviations:\n%s\nwant:\n%s", strings.Join(happened, "\n"), strings.Join(want, "\n"))
	}
}
