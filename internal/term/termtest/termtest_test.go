// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package termtest

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/internal/term"
)

func TestScript(t *testing.T) {
	s := NewScript(72).
		Once("first digits", Reply("wrong")).
		On("first digits", func(screen, _ string) string {
			_, digest, _ := strings.Cut(screen, "SHA-256 ")
			return digest[:4]
		}).
		On("PIN", Reply("1234")).
		Fail("Go on?", term.ErrInterrupted).
		On("never", Reply(""))
	s.Print("SHA-256 853ff937\n")
	if got, err := s.Ask("first digits: "); got != "wrong" || err != nil {
		t.Error(got, err)
	}
	s.Print("SHA-256 abcdef\x1b[2J\n")
	if got, err := s.Ask("first digits: "); got != "abcd" || err != nil {
		t.Error(got, err)
	}
	if got, err := s.Secret("PIN: "); string(got) != "1234" || err != nil {
		t.Error(string(got), err)
	}
	if _, err := s.Ask("Go on? "); !errors.Is(err, term.ErrInterrupted) {
		t.Error(err)
	}
	if _, err := s.Ask("Go on? "); err == nil || !strings.Contains(err.Error(), `no answer to "Go on? "`) {
		t.Error(err)
	}
	want := "SHA-256 853ff937\nfirst digits: wrong\nSHA-256 abcdef[U+001B][2J\nfirst digits: abcd\nPIN: \nGo on? \nGo on? \n"
	if diff := cmp.Diff(want, s.Screen()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"never"}, s.Unused()); diff != "" {
		t.Error(diff)
	}
	if s.Width() != 72 {
		t.Error("width")
	}
}
