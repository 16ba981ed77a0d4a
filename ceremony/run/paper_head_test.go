// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/term/termtest"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// TestRestsOnDisk guards what happened after the last head on paper, when the power went:
// people see what only the disk says, and two of them confirm it, or nothing continues.
func TestRestsOnDisk(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	site, memory := fastSite()
	bundle := filepath.Join(t.TempDir(), "bundle")
	if !cutOff(t, p, site, memory, bundle, 10, true) {
		t.Fatal("it was not cut off")
	}
	bundle = disk(t, bundle)
	o := inMemory(runOptions(p, site, bundle), memory)
	resume := func(word string) (string, error) {
		people := termtest.NewScript(80).On("Did this happen", termtest.Reply(word)).On("again or stop", termtest.Reply("again")).
			On("second person", termtest.Reply("STOP")).Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)))
		o.People = Asked{Terminal: people}
		_, err := Resume(context.Background(), o)
		return strings.Join(strings.Fields(people.Screen()), " "), err
	}
	screen, err := resume("stop")
	var stop *Stopped
	if !errors.As(err, &stop) || !strings.Contains(stop.Hint(), "do not continue from this record") {
		t.Fatalf("%v", err)
	}
	for _, want := range []string{"on paper the last head that the screen showed is over", "No head on paper covers events", "step 3: Wrote artifacts/root-cert.der"} {
		if !strings.Contains(screen, want) {
			t.Errorf("the screen lacks %q: %s", want, screen)
		}
	}
	if len(events[event.TokenOpened](t, bundle)) != 1 {
		t.Error("a token was opened although people did not confirm the record")
	}
	if _, err := resume("agree"); err != nil {
		t.Fatal(err)
	}
	confirmed := 0
	for _, d := range events[event.DeviationRecorded](t, bundle) {
		if d.Exception == event.ExceptionNotOnPaper && len(d.DecidedBy) == 2 {
			confirmed++
		}
	}
	if confirmed != 1 {
		t.Errorf("%d deviations confirm what is on no paper, want 1", confirmed)
	}
	mustHold(t, "resumed", bundle, len(p.Plan.Artifacts))
}

var headAtStep = regexp.MustCompile(`Head of the record over (\d+) events\. Write it on the script, at this step:\n((?: +[A-Za-z ]+\n)+)`)

// TestCutSignature guards the signature of a root key against somebody who has the bundle
// for a night and no seal key: the lines about it are cut off, and people who wrote down
// the head at its step notice.
func TestCutSignature(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o := fastRun(t, p)
	bundle := o.Bundle
	day := p.Plan.Ceremony.Window.From.Add(time.Hour)
	digest := ""
	people := termtest.NewScript(80).On("first four digits", func(screen, _ string) string {
		if strings.Contains(screen, "ca-cert") {
			return "STOP"
		}
		digest = shownDigest(screen)
		return digest[:4]
	}).On("next four digits", func(string, string) string { return digest[4:8] }).On("second person", termtest.Reply("STOP")).Then(attendants(day))
	o.People = Asked{Terminal: people}
	if _, err := Execute(context.Background(), p, o); !errors.Is(err, ErrStopped) {
		t.Fatal(err)
	}
	heads := headAtStep.FindAllStringSubmatch(people.Screen(), -1)
	if len(heads) != 1 { // the section ends after the keys were made
		t.Fatalf("%d heads at steps:\n%s", len(heads), people.Screen())
	}
	journal := filepath.Join(bundle, transcripts.JournalPath)
	lines := bytes.SplitAfter(read(t, bundle, transcripts.JournalPath), []byte("\n"))
	size, _ := strconv.Atoi(heads[0][1])
	cut := 0
	for i, l := range lines[:size] {
		if bytes.Contains(l, []byte(`"type":"digest.read"`)) && bytes.Contains(l, []byte(`"what":"head"`)) {
			cut = i + 1
		}
	}
	if err := os.WriteFile(journal, bytes.Join(lines[:cut+1], nil), 0o600); err != nil {
		t.Fatal(err)
	}
	notes, err := filepath.Glob(filepath.Join(bundle, "journal/checkpoints/*.note"))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range notes {
		if at, _ := strconv.Atoi(strings.TrimSuffix(filepath.Base(n), ".note")); at > cut+1 {
			if err := os.Remove(n); err != nil {
				t.Fatal(err)
			}
		}
	}
	night := termtest.NewScript(80).Once("How many events", termtest.Reply(heads[0][1])).
		Once("sixteen words", termtest.Reply(strings.Join(strings.Fields(heads[0][2]), " "))).On("How many events", termtest.Reply("STOP")).
		On("second person", termtest.Reply("STOP")).Then(attendants(day.Add(time.Hour)))
	o.People = Asked{Terminal: night}
	if _, err := Resume(context.Background(), o); !errors.Is(err, ErrStopped) || !strings.Contains(night.Screen(), "fewer events than the head on paper covers") {
		t.Errorf("%v:\n%s", err, night.Screen())
	}
}

// TestKeyboard guards who typed: each session names somebody, and whoever leaves hands the
// keyboard over.
func TestKeyboard(t *testing.T) {
	p := ceremonytest.Twice(t)
	o := fastRun(t, p)
	bundle := o.Bundle
	people := termtest.NewScript(80).
		Once("Who is here as internal-witness", termtest.Reply("bob carol")).
		Once("Who is at the keyboard? (alice, bob, carol)", termtest.Reply("zoe")).
		Once("Who is at the keyboard? (alice, bob, carol)", termtest.Reply("carol")).
		Once("clock (text)", termtest.Reply("LEAVE")).Once("Who leaves", termtest.Reply("carol")).
		Once("Who is at the keyboard? (alice, bob)", termtest.Reply("bob")).
		Once("clock (text)", termtest.Reply("KEYBOARD")).
		Once("Who is at the keyboard? (alice, bob)", termtest.Reply("alice")).
		Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Hour)))
	o.People = Asked{Terminal: people}
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	var sat []string
	for _, e := range events[event.KeyboardTaken](t, bundle) {
		sat = append(sat, e.Person)
	}
	if got := strings.Join(sat, " "); got != "carol bob alice" {
		t.Errorf("at the keyboard: %s", got)
	}
	if !strings.Contains(people.Screen(), `"zoe" is not one of them`) {
		t.Error("somebody who is not here sat down")
	}
}
