// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/term"
	"rootceremony/internal/token"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// TestHeadInPart guards an operator who types one row of the words against being
// told that the record was forged.
func TestHeadInPart(t *testing.T) {
	records := make([]event.Record, 3)
	root, err := transcripts.HeadOver(records, 2)
	if err != nil {
		t.Fatal(err)
	}
	words := term.Words(root[:transcripts.HeadBytes])
	for name, c := range map[string]struct {
		words []string
		want  string
	}{
		"one row": {words[:4], "a head has 16 words, and 4 were typed"},
		"all":     {words, "<nil>"},
		"others":  {term.Words(make([]byte, transcripts.HeadBytes)), "the record has different words for that number of events"},
	} {
		_, err := headOf(records, HeadOnPaper{Size: 2, Words: strings.Join(c.words, " ")})
		if got := fmt.Sprint(err); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// padded is a token with a PIN pad, at which nobody enters the PIN in time when a new
// process logs in for the first time.
type padded struct {
	token.Token
	login Login
	once  *bool
}

func (p padded) Restart(ctx context.Context) error {
	if *p.once {
		return p.Token.Restart(ctx)
	}
	*p.once = true
	return errors.Join(token.ErrPINIncorrect, p.login.Refused(event.PINCancelled, false))
}

// TestPINRefusedByNewProcess guards a ceremony in which a PIN is refused when a fresh
// process is to find the new keys: the record of that is a valid one, and goes on.
func TestPINRefusedByNewProcess(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	site, memory := fastSite()
	o := runOptions(p, site, filepath.Join(t.TempDir(), "bundle"))
	once := false
	o.OpenToken = func(_ context.Context, _ token.Config, l Login) (token.Token, error) {
		return padded{persistent{memory}, l, &once}, nil
	}
	if _, err := Execute(context.Background(), p, o); !errors.Is(err, token.ErrPINIncorrect) {
		t.Fatalf("got %v", err)
	}
	mustBeIncomplete(t, o.Bundle)
	goOn(t, o, deciders(p, "adopt"))
	if refused := events[event.PINRefused](t, o.Bundle); len(refused) != 1 {
		t.Errorf("the record has %v", refused)
	}
}
