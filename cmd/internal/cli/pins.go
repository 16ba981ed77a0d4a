// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"rootceremony/ceremony/run"
	"rootceremony/internal/secret"
	"rootceremony/internal/term"
	"rootceremony/internal/token"
)

// tokenOpener opens the devices of a site and gets their PINs: from --pin-fd
// where there is one, otherwise at the terminal.
type tokenOpener struct {
	terminal *lazyTerminal
	pins     map[string]*secret.PIN // by token name; nil without --pin-fd
}

// open is the OpenToken of ceremony.Options.
func (o *tokenOpener) open(ctx context.Context, c token.Config, l run.Login) (token.Token, error) {
	ask := o.askPIN
	if o.pins != nil {
		ask = o.givenPIN
	}
	return token.Open(ctx, token.Options{
		Config:    c,
		PIN:       func(info token.Info, attempt int) (*secret.PIN, error) { return ask(c, l, info, attempt) },
		OnPad:     func(info token.Info) error { return o.onPad(c, l, info) },
		OnLogin:   l.LoggingIn,
		Again:     l.Again,
		OnRefused: func(outcome string) error { return l.Refused(outcome, o.pins == nil || c.Login == token.LoginPad) },
		Log:       l.Log,
	})
}

// givenPIN hands over a PIN of --pin-fd. A PIN that the token refused is not
// tried again, and the last try of a token is not made: nobody is there to
// notice that it is about to lock.
func (o *tokenOpener) givenPIN(c token.Config, l run.Login, info token.Info, attempt int) (*secret.PIN, error) {
	pin := o.pins[c.Name]
	switch {
	case attempt > 1:
		return nil, fmt.Errorf("the PIN from --pin-fd for token %q was refused and is not tried again", c.Name)
	case pin == nil:
		return nil, fmt.Errorf("--pin-fd gave no PIN for token %q", c.Name)
	case info.HasPIN(c.User, token.FlagPINFinalTry) || l.Last != nil && l.Last(info):
		return nil, fmt.Errorf("token %q may have one PIN try left, and --pin-fd does not use it: two people do, at the terminal", c.Name)
	}
	return pin.Clone(), nil
}

// stopWord is the one word that is no PIN.
const stopWord = "STOP"

// askPIN asks for a PIN without echo, until one is typed. Nothing but STOP, which
// a second person confirms, ends the ceremony here. The other words that people type at
// questions are no PIN either unless they say so: each would cost a try.
func (o *tokenOpener) askPIN(c token.Config, l run.Login, info token.Info, _ int) (*secret.PIN, error) {
	t, err := o.terminal.get()
	if err != nil {
		return nil, err
	}
	if info.PINAtRisk(c.User) {
		t.Print("Wrong PINs were entered since the last login. Too many lock the token.\n")
	}
	if err := l.LastTry(info); err != nil {
		return nil, err
	}
	t.Print(device(info))
	if c.Login != token.LoginSplit {
		return askSecret(t, fmt.Sprintf("PIN of token %s, or STOP: ", c.Name), l)
	}
	var parts []*secret.PIN
	for _, who := range c.PINParts {
		part, err := askSecret(t, fmt.Sprintf("Part of %s of the PIN of token %s, or STOP: ", who, c.Name), l)
		if err != nil {
			secret.Join(parts...).Wipe()
			return nil, err
		}
		parts = append(parts, part)
	}
	return secret.Join(parts...), nil
}

// askSecret asks for a PIN, or a part of one, until one is typed.
func askSecret(t Terminal, prompt string, l run.Login) (*secret.PIN, error) {
	for {
		typed, err := t.Secret(prompt)
		switch {
		case errors.Is(err, term.ErrUnclear):
			t.Print(fmt.Sprintf("That is not a PIN: %v. Please type it again.\n", err))
		case err != nil:
			return nil, err
		case len(typed) == 0 || len(typed) > maxPIN:
			clear(typed)
			t.Print(fmt.Sprintf("A PIN has 1 to %d bytes. Please type it again; nothing was tried.\n", maxPIN))
		case string(typed) == stopWord:
			if err := l.Stop(); err != nil {
				return nil, err
			}
		default:
			pin, err := meant(t, typed, l.Stop)
			if pin != nil || err != nil {
				return pin, err
			}
		}
	}
}

// meant gives what was typed as a PIN; nil if it is a word that somebody typed for what
// it does at other questions. STOP in small letters stops.
func meant(t Terminal, typed []byte, stop func() error) (*secret.PIN, error) {
	word, is := run.Word(typed)
	if !is {
		return secret.NewPIN(typed), nil
	}
	pin := secret.NewPIN(typed)
	yes, err := isPIN(t)
	switch {
	case err == nil && yes:
		return pin, nil
	case err == nil && word == stopWord:
		err = stop()
	case err == nil:
		t.Print("Nothing was tried. At a PIN only STOP works; the other words work at the\nquestions before and after it.\n")
	}
	pin.Wipe()
	return nil, err
}

// isPIN asks whether a word was meant as a PIN. It does not say which, and what is typed
// is not shown: people who hurry type the PIN again.
func isPIN(t Terminal) (bool, error) {
	t.Print("That is a word which has a meaning at other questions; nothing was tried yet.\n")
	for {
		typed, err := t.Secret("Is it the PIN? YES or NO, not shown: ")
		if err != nil && !errors.Is(err, term.ErrUnclear) {
			return false, err
		}
		yes, no := bytes.EqualFold(typed, []byte("yes")), bytes.EqualFold(typed, []byte("no"))
		clear(typed)
		if yes || no {
			return yes, nil
		}
		t.Print("Type YES or NO; nothing was tried.\n")
	}
}

// device says which token is meant, to be compared with the paper.
func device(info token.Info) string {
	return fmt.Sprintf("      label   %s\n      serial  %s\n      model   %s\n", info.Label, info.Serial, info.Model)
}

// onPad tells people where to look, once they decided about a try that may be the last.
func (o *tokenOpener) onPad(c token.Config, l run.Login, info token.Info) error {
	if err := l.LastTry(info); err != nil {
		return err
	}
	if t, err := o.terminal.get(); err == nil {
		t.Print(fmt.Sprintf("%sEnter the PIN of token %s at its PIN pad.\n", device(info), c.Name))
	}
	return nil
}

// wipe forgets all PINs.
func (o *tokenOpener) wipe() {
	for _, pin := range o.pins {
		pin.Wipe()
	}
}

// maxPIN is more than any token takes.
const maxPIN = 256

// readPINs reads one line "TOKEN PIN" for each token. The token's name is
// before its PIN, so that an order that changes sends no PIN to another token.
// Errors quote nothing of the line.
func readPINs(r io.Reader) (map[string]*secret.PIN, error) {
	pins := make(map[string]*secret.PIN)
	buffer := make([]byte, 0, 2*maxPIN)
	defer func() { clear(buffer[:cap(buffer)]) }()
	for line := 1; ; line++ {
		var err error
		buffer, err = readLine(r, buffer[:0])
		if errors.Is(err, io.EOF) && len(buffer) == 0 {
			return pins, nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("reading PINs, line %d: %w", line, err)
		}
		name, pin, found := bytes.Cut(buffer, []byte(" "))
		if !found || len(name) == 0 || len(pin) == 0 {
			return nil, fmt.Errorf("reading PINs: line %d is not a token name, a space and a PIN", line)
		}
		if pins[string(name)] != nil {
			return nil, fmt.Errorf("reading PINs: line %d is a duplicate: its token already has a PIN", line)
		}
		pins[string(name)] = secret.NewPIN(bytes.Clone(pin))
	}
}

// readLine reads up to a line feed, byte by byte, so that no reader's buffer
// keeps a PIN.
func readLine(r io.Reader, buffer []byte) ([]byte, error) {
	var one [1]byte
	for {
		n, err := r.Read(one[:])
		switch {
		case n == 1 && one[0] == '\n':
			return buffer, nil
		case n == 1 && len(buffer) == cap(buffer):
			return buffer, errors.New("the line is too long")
		case n == 1:
			buffer = append(buffer, one[0])
		case err != nil:
			return buffer, err
		}
	}
}
