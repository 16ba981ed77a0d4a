// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// troubled is a token whose module prints a line, and at which people first enter a wrong PIN.
func troubled(t token.Token) func(context.Context, token.Config, Login) (token.Token, error) {
	return func(_ context.Context, _ token.Config, l Login) (token.Token, error) {
		l.Log("the module is tired")
		return persistent{t}, l.Refused(event.PINWrong, true)
	}
}

// eventful is a ceremony in which everything happens that the journal has an event
// for: a wrong PIN, wrong digits, a guest who leaves, a note, a pause, a power cut in
// the middle of a line and of a file, an amendment, a call of unknown outcome, a failed check and a
// repeated step.
func eventful(t *testing.T) *golden {
	t.Helper()
	// what the forger does to it is tried some thousand times
	p, other := quickly(t, ceremonytest.TwiceText), quickly(t, strings.Replace(ceremonytest.TwiceText, "for: 3y}", "for: 2y}", 1))
	site, memory := fastSite()
	bundle := filepath.Join(t.TempDir(), "bundle")
	o := runOptions(p, site, bundle)
	o.OpenToken = troubled(memory)
	hour := func(n int) *termtest.Script {
		return termtest.NewScript(80).Once("Who entered it", termtest.Reply("alice")).
			Once("the next four digits", termtest.Reply("0000")).
			Then(again(p, "")).On("Continue under amendment", termtest.Reply("amend")).
			Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Duration(n) * time.Hour)))
	}
	first := termtest.NewScript(80).
		Once("type done", termtest.Reply("NOTE")).Once("Whose note", termtest.Reply("bob")).
		Once("The note", termtest.Reply("The room is cold.")).Once("Record this note", termtest.Reply("record")).
		Once("type done", termtest.Reply("ARRIVE")).Once("Who arrives", termtest.Reply("carol")).
		Once("type done", termtest.Reply("LEAVE")).Once("Who leaves", termtest.Reply("carol"))
	o.People = Asked{Terminal: first.Then(hour(1))}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) {
		return persistent{cut{Token: memory, calls: new(int), at: 2, after: true}}, nil
	}
	powerCut(t, o, hour(3))
	o.Bundle = disk(t, bundle)
	journal := filepath.Join(o.Bundle, transcripts.JournalPath)
	torn, err := os.OpenFile(journal, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := torn.WriteString(`{"by":[],"data":{"oper`); err != nil {
		t.Fatal(err)
	}
	if err := torn.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, o.Bundle, "lint/.root-crl.before.json.partial0", []byte("{"))
	o = inMemory(o, memory)
	amend(&o, other)
	o.AfterSigning, o.People = failAfter("root-crl"), Asked{Terminal: hour(5)}
	if _, err := Resume(context.Background(), o); err == nil {
		t.Fatal("nothing failed")
	}
	o.AfterSigning, o.Amendment, o.Approved = nil, nil, nil
	o.Redo = other.Plan.SigningStep("root-crl").ID
	goOn(t, o, hour(7))
	return &golden{dir: o.Bundle, preview: other}
}

// powerCut resumes until the power goes.
func powerCut(t *testing.T, o Options, people *termtest.Script) {
	t.Helper()
	defer func() {
		if err := recover(); err != errPower {
			t.Fatalf("the power was not cut: %v", err)
		}
	}()
	o.People = Asked{Terminal: people}
	_, err := Resume(context.Background(), o)
	t.Fatal(err)
}
