// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/term/termtest"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
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
	digest := plan.SHA256Hex(read(t, bundle, "artifacts/root-cert.der"))
	if screen, err = resume("agree"); err != nil {
		t.Fatal(err)
	}
	if shown := strings.Join(strings.Fields(plan.Groups(digest)), " "); !strings.Contains(screen, "SHA-256 of root-cert: "+shown) {
		t.Errorf("the screen lacks the digest of the certificate: %s", screen)
	}
	confirmed := 0
	for _, d := range events[event.DeviationRecorded](t, bundle) {
		if d.Exception == event.ExceptionNotOnPaper && len(d.DecidedBy) == 2 && strings.Contains(d.Happened, "root-cert with SHA-256 "+digest) {
			confirmed++
		}
	}
	if confirmed != 1 {
		t.Errorf("%d deviations confirm what is on no paper, want 1", confirmed)
	}
	mustHold(t, "resumed", bundle, len(p.Plan.Artifacts))
}

// TestReplacedSignature guards the certificate that was made in the room against somebody
// who has the disk between a crash and the next session, but no key: the other valid form
// of its signature, (r, n-s), would make another certificate of the same bytes.
func TestReplacedSignature(t *testing.T) {
	p, site, memory, bundle := interrupted(t)
	data := read(t, bundle, transcripts.JournalPath)
	records, err := transcripts.ReadJournal(data, plan.SHA256Hex(read(t, bundle, event.PlanPath)))
	if err != nil {
		t.Fatal(err)
	}
	of := history.Of(records).Signed("root-cert")
	at := of.Finished.Seq
	records = records[:at]
	records[at-1].Event = inOtherForm(t, history.Of(records), of.Finished.Event)
	if err := records[at-1].Encode(); err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(data, []byte("\n"))[:at-1]
	write(t, bundle, transcripts.JournalPath, append(bytes.Join(lines, nil), append(records[at-1].Line, '\n')...))
	for _, pattern := range []string{"journal/checkpoints/*.note", "artifacts/root-cert.*", "lint/root-cert.after.json"} {
		names, err := filepath.Glob(filepath.Join(bundle, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if n, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(name), ".note")); err != nil || n >= at {
				if err := os.Remove(name); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if _, err := goOnWith(t, p, site, memory, bundle, nil); err == nil || !strings.Contains(err.Error(), "the signature has its higher s") {
		t.Errorf("it went on with another certificate: %v", err)
	}
}

// inOtherForm gives the outcome of a call with the other valid form of its signature.
func inOtherForm(t *testing.T, h *history.History, done event.OperationFinished) event.OperationFinished {
	t.Helper()
	spki, err := base64.StdEncoding.DecodeString(h.Key(h.Operation(done.Operation).SPKI()).Read.Finished.Event.Key.SPKI)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := base64.StdEncoding.DecodeString(done.Signature)
	if err != nil {
		t.Fatal(err)
	}
	var value struct{ R, S *big.Int }
	key, err := algorithm.KeyOf(spki)
	if err != nil || key.Curve() == nil {
		t.Fatalf("key %s: %v", key, err)
	}
	if _, err := asn1.Unmarshal(signature, &value); err != nil {
		t.Fatal(err)
	}
	value.S.Sub(key.Curve().Params().N, value.S)
	other, err := asn1.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	in := h.Operation(done.Operation).Intended.Event
	tbs, err := base64.StdEncoding.DecodeString(in.TBS)
	if err != nil || algorithm.Verify(spki, algorithm.Signature(in.Algorithm), bytes.NewReader(tbs), other) != nil {
		t.Fatalf("the other form does not verify: %v", err)
	}
	done.Signature = base64.StdEncoding.EncodeToString(other)
	return done
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
		Once("Who is here as internal-witness", termtest.Reply("Bob carol")).
		Once("Who is at the keyboard? (alice, bob, carol)", termtest.Reply("zoe")).
		Once("Who is at the keyboard? (alice, bob, carol)", termtest.Reply("CAROL")).
		Once("clock (text)", termtest.Reply("LEAVE")).Once("Who leaves", termtest.Reply("CAROL")).
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

var headAtEnd = regexp.MustCompile(`(?s)Head of the record over (\d+) events\. Write it on every copy.*?resumes\.\n((?: +[A-Za-z ]+\n)+)`)

// typesHead answers with a head once, and then with a word.
func typesHead(size, words, then string) *termtest.Script {
	return termtest.NewScript(80).Once("How many events", termtest.Reply(size)).Once("sixteen words", termtest.Reply(strings.Join(strings.Fields(words), " "))).
		On("How many events", termtest.Reply(then)).On("types continue or stop", termtest.Reply("continue")).On("second person", termtest.Reply("STOP"))
}

// TestPutBack guards a ceremony whose folder somebody puts back to an older state, with the
// second medium, while a later head is on paper: the record keeps that the head was typed,
// no head of the session that stopped then covers what is before it, and two people decide
// to go on without one.
func TestPutBack(t *testing.T) {
	p, o, second := mirrored(t)
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	folders := map[string]string{o.Bundle: filepath.Join(t.TempDir(), "bundle"), second: filepath.Join(t.TempDir(), "second")}
	for from, to := range folders {
		if err := os.CopyFS(to, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	day := attendants(p.Plan.Ceremony.Window.From.Add(3 * time.Hour))
	resume := func(people *termtest.Script) (string, error) {
		people.Then(day)
		o.People = Asked{Terminal: people}
		_, err := Resume(context.Background(), o)
		return people.Screen(), err
	}
	screen, err := resume(termtest.NewScript(80).On("first four digits", termtest.Reply("STOP")).On("second person", termtest.Reply("STOP")))
	head := headAtEnd.FindStringSubmatch(screen)
	if !errors.Is(err, ErrStopped) || head == nil {
		t.Fatalf("%v: no head:\n%s", err, screen)
	}
	for from, to := range folders {
		if err := errors.Join(os.RemoveAll(from), os.CopyFS(from, os.DirFS(to))); err != nil {
			t.Fatal(err)
		}
	}
	says := func(text string) bool { return strings.Contains(strings.Join(strings.Fields(screen), " "), text) }
	screen, err = resume(typesHead(head[1], head[2], "STOP"))
	var stop *Stopped
	if !errors.As(err, &stop) || !strings.Contains(stop.Hint(), "do not continue from this record") || headAtEnd.MatchString(screen) || !says("it has no new head") {
		t.Fatalf("%v:\n%s", err, screen)
	}
	records, err := transcripts.ReadJournal(read(t, o.Bundle, transcripts.JournalPath), plan.SHA256Hex(read(t, o.Bundle, event.PlanPath)))
	if err != nil {
		t.Fatal(err)
	}
	root, err := transcripts.HeadOver(records, len(records))
	if err != nil {
		t.Fatal(err)
	}
	screen, err = resume(typesHead(strconv.Itoa(len(records)), wordLines(root[:transcripts.HeadBytes]), "none"))
	if err != nil || !says("a head on paper is not of this record: ") || !says("ended before the record was compared with paper") || !says("was put back to an older state") {
		t.Fatalf("%v:\n%s", err, screen)
	}
	var refused []string
	for _, e := range events[event.ConfirmationRefused](t, o.Bundle) {
		refused = append(refused, e.Entered+": "+e.Reason)
	}
	if len(refused) != 2 || !strings.HasPrefix(refused[0], "a head over "+head[1]+" events: "+strings.Join(strings.Fields(head[2]), " ")) || !strings.Contains(refused[0], "fewer events") {
		t.Errorf("the record keeps %q", refused)
	}
	decided := 0
	for _, d := range events[event.DeviationRecorded](t, o.Bundle) {
		if d.Expected == "the head on paper is of this record" && len(d.DecidedBy) == 2 {
			decided++
		}
	}
	if decided != 1 {
		t.Errorf("%d decisions to continue although the head is another", decided)
	}
	mustVerify(t, o.Bundle, len(p.Plan.Artifacts))
}
