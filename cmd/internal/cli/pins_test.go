// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"strings"
	"testing"

	"rootceremony/ceremony/run"
	"rootceremony/internal/token"
)

func TestReadPINs(t *testing.T) {
	pins, err := readPINs(strings.NewReader("root 1234\nissuing a b\n"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"root": "1234", "issuing": "a b"} {
		if got := string(pins[name].Reveal()); got != want {
			t.Errorf("PIN of %s is %q, want %q", name, got, want)
		}
	}
	if _, err := readPINs(strings.NewReader("root 1234")); err != nil {
		t.Errorf("the last line needs no line feed: %v", err)
	}
}

// TestReadPINsErrors wants errors that quote nothing of what may be a PIN.
func TestReadPINsErrors(t *testing.T) {
	const sentinel = "7391846205"
	for _, text := range []string{
		sentinel + "\n",
		"root " + sentinel + "\nroot " + sentinel + "\n",
		" " + sentinel + "\n",
		"root " + strings.Repeat(sentinel, 100) + "\n",
	} {
		_, err := readPINs(strings.NewReader(text))
		if err == nil {
			t.Errorf("%q was accepted", text)
			continue
		}
		if strings.Contains(err.Error(), sentinel) {
			t.Errorf("the error quotes the PIN: %v", err)
		}
	}
}

func TestGivenPIN(t *testing.T) {
	pins, err := readPINs(strings.NewReader("root 1234\n"))
	if err != nil {
		t.Fatal(err)
	}
	o := &tokenOpener{pins: pins}
	defer o.wipe()
	pin, err := o.givenPIN(token.Config{Name: "root"}, run.Login{}, token.Info{}, 1)
	if err != nil || string(pin.Reveal()) != "1234" {
		t.Errorf("first attempt: %v", err)
	}
	if _, err := o.givenPIN(token.Config{Name: "root"}, run.Login{}, token.Info{}, 2); err == nil {
		t.Error("a refused PIN was tried again")
	}
	if _, err := o.givenPIN(token.Config{Name: "issuing"}, run.Login{}, token.Info{}, 1); err == nil {
		t.Error("a PIN for a token that has none")
	}
}
