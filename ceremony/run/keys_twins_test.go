// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package run

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/miekg/pkcs11"

	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token/tokentest"
	"rootceremony/transcripts/event"
)

// TestTwinsRefused guards a CA whose EC key has a twin of the same label and id, and neither
// shows anything: nobody can say which it is, so none signs, and people are told what the
// vendor's tool has to do; a third key can be chosen beside them.
func TestTwinsRefused(t *testing.T) {
	k := newOldKey(t)
	site, people := oldRoom(t, k)
	k.put("theirs", "0a", noPublic)
	newOldKey(t).put("theirs", "0a", noPublic, "--force")
	_, signers, err := useOldKey(t, k, site, people)
	if err == nil || !strings.Contains(err.Error(), "give one of them another label or id") || strings.Contains(err.Error(), "no such key") || strings.Join(signers, "") != "" {
		t.Fatalf("signed by %q: %v", signers, err)
	}
	newOldKey(t).put("foreign", "0b", noPublic)
	choosing := termtest.NewScript(80).Once("Which of them is key old", termtest.Reply("stop")).Then(people)
	_, signers, err = useOldKey(t, k, site, choosing)
	if !errors.Is(err, ErrStopped) || strings.Join(signers, "") != "" || !strings.Contains(choosing.Screen(), "Not to be chosen, as nothing that is read tells them apart") {
		t.Errorf("signed by %q: %v\n%s", signers, err, choosing.Screen())
	}
}

// TestTwinsChosen guards a CA whose EC key has a twin of the same label and id, where the
// token shows something else by which they differ: people choose by that, also the wrong
// one first, in which only a proof is signed; the key is found again in another session.
func TestTwinsChosen(t *testing.T) {
	k := newOldKey(t)
	site, people := oldRoom(t, k)
	k.put("theirs", "0a", noPublic)
	nameSubject(t, "example-root", "Root-2019")
	newOldKey(t).put("theirs", "0a", noPublic, "--force")
	choosing := termtest.NewScript(80).
		Once("Which of them is key old", numberOfTwin("")).On("Which of them is key old", numberOfTwin(", CKA_SUBJECT Root-2019")).
		On("types use or stop", termtest.Reply("use")).
		Once("first four digits", termtest.Reply("STOP")).On("A second person types STOP", termtest.Reply("STOP")).Then(people)
	bundle, signers, err := useOldKey(t, k, site, choosing)
	if !errors.Is(err, ErrStopped) || strings.Join(signers, ", ") != "theirs 0a, theirs 0a" || !strings.Contains(choosing.Screen(), "THAT IS NOT KEY old") {
		t.Fatalf("signed by %q: %v\n%s", signers, err, choosing.Screen())
	}
	o := runOptions(k.plan, site, bundle)
	o.People = Asked{Terminal: deciders(k.plan, "adopt").On("-digest", laptop(bundle)).On("Accept key", termtest.Reply("accept"))}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, bundle, 1, "nothing was signed after it")
	g := &golden{dir: bundle, preview: k.plan}
	d, err := newDesk(t, g, g.records(t))
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range d.records { // the twin was chosen, by the record alone
		if e, is := r.Event.(event.DeviationRecorded); is && e.Chosen != nil {
			twin := *e.Chosen
			twin.Facts = "CKA_LOCAL false"
			e.Chosen = &twin
			d.records[i].Event = e
		}
	}
	forged := withRecords(t, d, d.records)
	if _, problems := verified(t, forged, d.options()); !strings.Contains(problems, "is not a call that the plan has") {
		t.Errorf("verify does not miss that another twin was chosen: %s", problems)
	}
}

// numberOfTwin types the number of the private key of which the screen says this after its id.
func numberOfTwin(says string) termtest.Answer {
	return func(screen, _ string) string {
		text := strings.Join(strings.Fields(screen), " ")
		text = text[strings.LastIndex(text, "DOES NOT SHOW"):]
		for number := 1; number <= 2; number++ {
			if strings.Contains(text, fmt.Sprintf(`%d: private-key label "theirs", id 0a%s, CKA_`, number, says)) && (says != "" || !strings.Contains(text, fmt.Sprintf(`%d: private-key label "theirs", id 0a, CKA_SUBJECT`, number))) {
				return fmt.Sprint(number)
			}
		}
		panic("no twin " + says + " to choose:\n" + screen)
	}
}

// nameSubject gives all private keys of a token a subject.
func nameSubject(t *testing.T, label, subject string) {
	t.Helper()
	x := pkcs11.New(tokentest.SoftHSMModule(t))
	defer x.Destroy()
	change := func() error {
		s, err := sessionOn(x, label)
		all, findErr := findAll(x, s, pkcs11.CKO_PRIVATE_KEY)
		err = errors.Join(err, findErr)
		for _, o := range all {
			err = errors.Join(err, x.SetAttributeValue(s, o, []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_SUBJECT, []byte(subject))}))
		}
		return err
	}
	if err := errors.Join(x.Initialize(), change(), x.Finalize()); err != nil {
		t.Fatal(err)
	}
}
