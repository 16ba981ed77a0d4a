// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
	"rootceremony/transcripts/event"
)

// useOldKey carries out the ceremony of an old key on a token as it is, through a module
// that writes down with which key C_SignInit is called. It gives those lines.
func useOldKey(t *testing.T, k *oldKey, site *plan.Site, people *termtest.Script) (bundle string, signers []string, err error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "signers")
	t.Setenv("FAULT_SIGNERS", file)
	for i := range site.Tokens {
		site.Tokens[i].Module = tokentest.BuildFaultModule(t)
	}
	bundle = filepath.Join(t.TempDir(), "bundle")
	o := runOptions(k.plan, site, bundle)
	o.People = Asked{Terminal: people.On("-digest", laptop(bundle)).On("Accept key", termtest.Reply("accept"))}
	_, err = Execute(context.Background(), k.plan, o)
	lines, readErr := os.ReadFile(file)
	if readErr != nil && !errors.Is(readErr, os.ErrNotExist) {
		t.Fatal(readErr)
	}
	return bundle, strings.Split(strings.TrimSuffix(string(lines), "\n"), "\n"), err
}

// oldRoom are the people and the site of a ceremony with an old key.
func oldRoom(t *testing.T, k *oldKey) (*plan.Site, *termtest.Script) {
	t.Helper()
	root := tokentest.NewSoftHSM(t, "example-root")
	root.Name = "root"
	return &plan.Site{Version: 1, SoftwareToken: true, Tokens: []token.Config{root}}, attendants(k.plan.Plan.Ceremony.Window.From.Add(time.Hour))
}

// journalOf is the text of the journal of a bundle.
func journalOf(t *testing.T, bundle string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(bundle, "journal", "journal.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestUseKeyAmongForeign guards the keys of others on a shared token, and a CA whose key
// has no public half there: its key alone signs, as often as the record says.
func TestUseKeyAmongForeign(t *testing.T) {
	k := newOldKey(t)
	site, people := oldRoom(t, k)
	for i := range 12 {
		how := []string{noPublic}
		if i%2 == 0 {
			how = nil
		}
		newOldKey(t).put(fmt.Sprintf("foreign %d", i), fmt.Sprintf("f%x", i), how...)
	}
	k.put("theirs", k.ski, noPublic)
	bundle, signers, err := useOldKey(t, k, site, people)
	if err != nil {
		t.Fatal(err)
	}
	mustVerify(t, bundle, 1)
	if recorded := strings.Count(journalOf(t, bundle), `"what":"sign"`); recorded != 2*len(signers) { // intended, and finished
		t.Errorf("the record has %d lines about signatures, the module was asked for %d", recorded, len(signers))
	}
	for _, s := range signers {
		if s != "theirs "+k.ski {
			t.Errorf("C_SignInit was called with key %q", s)
		}
	}
}

// TestUseProvesFirst guards a CA against the key of somebody else that has the id which
// its own should have: it is found out by a proof, and no list of the CA is signed by it.
func TestUseProvesFirst(t *testing.T) {
	k := newOldKey(t)
	site, people := oldRoom(t, k)
	newOldKey(t).put("foreign", k.ski, noPublic)
	bundle, signers, err := useOldKey(t, k, site, people)
	if !errors.Is(err, token.ErrBadSignature) || len(signers) != 1 {
		t.Errorf("signed by %q: %v", signers, err)
	}
	var stopped *Stopped // the token is not the one to blame
	if !errors.As(err, &stopped) || !strings.Contains(err.Error(), "is not key old: it was found by an id that is the key identifier") || !strings.Contains(stopped.Hint(), "name it under keys:") {
		t.Errorf("%v", err)
	}
	if intents := journalOf(t, bundle); !strings.Contains(intents, `"purpose":"key-proof"`) || strings.Contains(intents, `"artifact":"old-crl"`) {
		t.Errorf("it was not a proof that was signed:\n%s", intents)
	}
	mustBeIncomplete(t, bundle)
}

// TestUseNamedKey guards a CA whose private key shows nothing of itself, and has an id that
// its public half does not have: the site file names it, and so does the record, also when
// the ceremony goes on in another session.
func TestUseNamedKey(t *testing.T) {
	k := newOldKey(t)
	site, people := oldRoom(t, k)
	k.put("theirs", "0a01", noPublic)
	k.put("copy", "0a01", noPublic, "--force")
	site.Tokens[0].Keys = map[string]token.KeyName{"old": {Label: "theirs", ID: "0a01"}}
	stopping := termtest.NewScript(80).Once("first four digits", termtest.Reply("STOP")).On("A second person types STOP", termtest.Reply("STOP")).Then(people)
	bundle, signers, err := useOldKey(t, k, site, stopping)
	if !errors.Is(err, ErrStopped) || len(signers) != 1 {
		t.Fatalf("signed by %q: %v", signers, err)
	}
	o := runOptions(k.plan, site, bundle)
	o.People = Asked{Terminal: deciders(k.plan, "adopt").On("-digest", laptop(bundle)).On("Accept key", termtest.Reply("accept"))}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, bundle, 1, "nothing was signed after it")
}

// numberOf types the number under which the screen lists a private key.
func numberOf(label string) termtest.Answer {
	return func(screen, _ string) string {
		for line := range strings.Lines(screen) {
			number, object, listed := strings.Cut(strings.TrimSpace(line), ": ")
			if listed && len(number) == 1 && strings.HasPrefix(object, fmt.Sprintf("private-key label %q", label)) {
				return number
			}
		}
		panic("no key " + label + " to choose:\n" + screen)
	}
}

// TestChooseKey guards a CA whose token does not show which private key is its own: people
// choose, and choose again where they were wrong; nothing but a proof was signed with the
// key of somebody else, and the record of all that verifies, also over two sessions.
func TestChooseKey(t *testing.T) {
	mustVerify(t, chosenTwice(t).dir, 1, "nothing was signed after it")
}

// chosenTwice is the ceremony of an old key of which people chose another first.
func chosenTwice(t *testing.T) *golden {
	t.Helper()
	k := newOldKey(t)
	site, people := oldRoom(t, k)
	newOldKey(t).put("foreign", "0b", noPublic)
	k.put("theirs", "0a", noPublic)
	choosing := termtest.NewScript(80).
		Once("Which of them is key old", numberOf("foreign")).On("Which of them is key old", numberOf("theirs")).
		On("as key old, as a deviation", termtest.Reply("use")).
		Once("first four digits", termtest.Reply("STOP")).On("A second person types STOP", termtest.Reply("STOP")).Then(people)
	bundle, signers, err := useOldKey(t, k, site, choosing)
	if !errors.Is(err, ErrStopped) || strings.Join(signers, ", ") != "foreign 0b, theirs 0a" {
		t.Fatalf("signed by %q: %v\n%s", signers, err, choosing.Screen())
	}
	if screen := choosing.Screen(); !strings.Contains(screen, "THAT IS NOT KEY old") || strings.Contains(screen, `""`) {
		t.Errorf("the screen:\n%s", screen)
	}
	o := runOptions(k.plan, site, bundle)
	o.People = Asked{Terminal: deciders(k.plan, "adopt").On("-digest", laptop(bundle)).On("Accept key", termtest.Reply("accept"))}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	if report, err := os.ReadFile(filepath.Join(bundle, "report", "report.html")); err != nil || !strings.Contains(string(report), "people chose this one") {
		t.Errorf("the report does not say that people chose the key: %v", err)
	}
	return &golden{dir: bundle, preview: k.plan}
}

// TestChooseOfTwo guards a CA whose key is on its token twice: people choose one, or none.
func TestChooseOfTwo(t *testing.T) {
	for word, want := range map[string]error{"use": nil, "stop": ErrStopped} {
		t.Run(word, func(t *testing.T) {
			k := newOldKey(t)
			site, people := oldRoom(t, k)
			k.put("old", "01")
			k.put("copy", "02")
			bundle, signers, err := useOldKey(t, k, site, people.On("Which of them is key old", numberOf("copy")).On("as key old, as a deviation", termtest.Reply(word)))
			if !errors.Is(err, want) {
				t.Fatal(err)
			}
			if want != nil {
				mustBeIncomplete(t, bundle)
				return
			}
			if strings.Join(signers, ", ") != "copy 02, copy 02" {
				t.Errorf("signed by %q", signers)
			}
			mustVerify(t, bundle, 1)
			forgeChoice(t, &golden{dir: bundle, preview: k.plan})
		})
	}
}

// forgeChoice guards an auditor against a key that was looked for under a name that nobody
// gave it: verify names the search, or the choice.
func forgeChoice(t *testing.T, g *golden) {
	t.Helper()
	d, err := newDesk(t, g, g.records(t))
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(d.records, func(r event.Record) bool {
		e, is := r.Event.(event.DeviationRecorded)
		return is && e.Chosen != nil
	})
	for name, c := range map[string]struct {
		change func(r *event.Record, e *event.DeviationRecorded)
		says   string
	}{
		"no choice": {func(_ *event.Record, e *event.DeviationRecorded) { e.Exception, e.Chosen = "", nil }, "is not a call that the plan has"},
		"another choice": {func(_ *event.Record, e *event.DeviationRecorded) {
			e.Chosen = &event.Key{Label: "old", ID: "01", SPKISHA256: e.Chosen.SPKISHA256}
		}, "is not a call that the plan has"},
		"of one": {func(r *event.Record, e *event.DeviationRecorded) { r.By, e.DecidedBy = r.By[:1], e.DecidedBy[:1] }, "no internal-witness chose the key"},
		"of another key": {func(_ *event.Record, e *event.DeviationRecorded) {
			e.Chosen = &event.Key{Label: "copy", ID: "02", SPKISHA256: strings.Repeat("ab", 32)}
		}, "no search for the key failed just before"},
	} {
		changed := slices.Clone(d.records)
		e, _ := changed[at].Event.(event.DeviationRecorded)
		c.change(&changed[at], &e)
		changed[at].Event = e
		dir := withRecords(t, d, changed)
		if _, problems := verified(t, dir, d.options()); !strings.Contains(problems, c.says) {
			t.Errorf("%s: verify says %q, and not %q", name, problems, c.says)
		}
	}
}

// withRecords is a bundle with other records.
func withRecords(t *testing.T, d *desk, records []event.Record) string {
	t.Helper()
	o, err := reseal(records, 0, d.plan, d.seals)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "bundle")
	if err := d.write(dir, o); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestResumeUse guards the ceremony of a CA that exists against every power cut: at each
// call of the token it is cut off and resumed, and ends with a bundle that verifies.
func TestResumeUse(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := ceremonytest.PreviewOldCA(t, ceremonytest.WriteOldCAOf(t, 0, key))
	const calls = 3 // it looks for the key, and signs the proof and the CRL
	for at := range 2 * (calls + 1) {
		site, memory := fastSite()
		if _, err := memory.Import("theirs", []byte{1}, key); err != nil {
			t.Fatal(err)
		}
		bundle := filepath.Join(t.TempDir(), "bundle")
		if cut := cutOff(t, p, site, memory, bundle, at/2+1, at%2 == 1); cut != (at/2 < calls) {
			t.Fatalf("cut off at call %d: %v", at/2+1, cut)
		} else if !cut {
			continue
		}
		bundle = disk(t, bundle)
		o := runOptions(p, site, bundle)
		o.People = Asked{Terminal: deciders(p, "adopt")}
		o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) { return persistent{memory}, nil }
		if _, err := Resume(context.Background(), o); err != nil {
			t.Fatalf("%d: %v", at, err)
		}
		v, err := verify.Bundle(context.Background(), bundle, verify.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Problems)+len(v.Incomplete) > 0 || v.Rebuilt != 1 {
			t.Errorf("%d: %v, %v, %d artifacts", at, v.Problems, v.Incomplete, v.Rebuilt)
		}
		v.Close()
	}
}
