// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package history

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/transcripts/event"
)

// lines numbers events. A string among them is the step of those after it.
func lines(of ...any) []event.Record {
	var records []event.Record
	step := ""
	for _, o := range of {
		switch o := o.(type) {
		case string:
			step = o
		case event.Event:
			records = append(records, event.Record{Seq: len(records) + 1, Session: 1, Step: step, Event: o})
		}
	}
	return records
}

func signing(operation int, artifact string) event.OperationIntended {
	return event.OperationIntended{Operation: operation, What: event.WhatSign, Artifact: artifact, TBSSHA256: "bytes",
		Key: &event.Key{SPKISHA256: "key"}}
}

// TestRoom guards that whoever asks who is there gets those who are: nobody of an
// earlier session, nobody who left, and nobody twice.
func TestRoom(t *testing.T) {
	h := Of(lines(event.SessionStarted{}, event.ParticipantArrived{Person: "zoe", Role: "witness"},
		event.SessionStarted{}, event.ParticipantArrived{Person: "bob", Role: "witness"}, event.ParticipantArrived{Person: "bob", Role: "witness"},
		event.ParticipantArrived{Person: "bob", Role: "auditor"}, event.ParticipantArrived{Person: "al", Role: "witness"},
		event.ParticipantArrived{Person: "cy", Role: "witness"}, event.ParticipantLeft{Person: "cy"}))
	if got, want := h.Here("witness"), []string{"bob", "al"}; !slices.Equal(got, want) {
		t.Errorf("witnesses %q, want %q", got, want)
	}
	for _, c := range []struct {
		role, person string
		want         bool
	}{{"witness", "bob", true}, {"auditor", "bob", true}, {"auditor", "al", false}, {"witness", "cy", false}, {"witness", "zoe", false}} {
		if got := h.IsHere(c.role, "nobody", c.person); got != c.want {
			t.Errorf("%s as %s: %t", c.person, c.role, got)
		}
	}
	if last := h.Moves[len(h.Moves)-1]; !last.Left || last.Role != "witness" {
		t.Errorf("cy left as %+v", last)
	}
}

// TestSteps guards that a step that is repeated is not done, until it is.
func TestSteps(t *testing.T) {
	done, failed := event.StepFinished{Outcome: event.StepDone}, event.StepFinished{Outcome: event.StepFailed}
	for _, c := range []struct {
		name  string
		of    []any
		done  int
		nth   int
		which int
	}{
		{"never begun", nil, 0, 0, 0},
		{"begun", []any{"1", event.StepStarted{}}, 0, 1, 0},
		{"done", []any{"1", event.StepStarted{}, done}, 2, 1, 0},
		{"failed later", []any{"1", event.StepStarted{}, done, event.StepStarted{}, failed}, 2, 2, 0},
		{"redone", []any{"1", event.StepStarted{}, done, "", event.StepRedone{Step: "1", Attempt: 2}}, 0, 1, 2},
		{"repeated", []any{"1", event.StepStarted{}, done, "", event.StepRedone{Step: "1", Attempt: 2}, "1", event.StepStarted{}, done}, 5, 2, 2},
	} {
		h := Of(lines(c.of...))
		if got := h.DoneAt("1"); got != c.done {
			t.Errorf("%s: done at %d, want %d", c.name, got, c.done)
		}
		if h.index.begun["1"] != c.nth || h.StepBegun("1") != (c.nth > 0) || h.Attempt("1") != c.which {
			t.Errorf("%s: begun %d times, attempt %d", c.name, h.index.begun["1"], h.Attempt("1"))
		}
	}
}

// TestPassages guards that no line is told under a step to which it does not belong.
func TestPassages(t *testing.T) {
	h := Of(lines(event.CeremonyOpened{}, "1", event.StepStarted{Title: "one"}, event.StepRecorded{}, event.StepFinished{Outcome: event.StepDone},
		"", event.CheckpointSealed{}, "2", event.StepStarted{Title: "two"}, "", event.NoteAdded{}))
	type passage struct {
		Title, Outcome string
		Lines          []int
	}
	var got []passage
	for _, p := range h.Passages {
		v := passage{Outcome: p.Outcome}
		if p.Step != nil {
			v.Title = p.Step.Event.Title
		}
		for _, r := range p.Records {
			v.Lines = append(v.Lines, r.Seq)
		}
		got = append(got, v)
	}
	want := []passage{{"", "", []int{1}}, {"one", "done", []int{3, 4, 5}}, {"two", "", nil}, {"", "", []int{7}}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestOperations guards a call whose signature may exist, and what was beside
// the call when it was intended: what came later allowed nothing.
func TestOperations(t *testing.T) {
	row := event.Confirmed{Artifact: "a", TBSSHA256: "bytes"}
	h := Of(lines(event.SerialDrawn{Artifact: "a", Serial: "1"}, event.SignatureConfirmed{Table: []event.Confirmed{row}}, signing(1, "a"),
		event.SerialDrawn{Artifact: "a", Serial: "2"}, event.SignatureConfirmed{Artifact: "a", TBSSHA256: "bytes"},
		event.OperationFailed{Operation: 1, Effect: event.EffectUnknown}, signing(2, "b")))
	first := h.Operation(1)
	if first.Serial.Event.Serial != "1" || first.Confirmed.Seq != 2 || !first.unknown() || h.Artifact("a").Possible != first {
		t.Errorf("operation 1: %+v", first)
	}
	if open := h.Open(); len(open) != 1 || open[0].Number != 2 || h.LastOperation() != 2 {
		t.Errorf("open: %v", open)
	}
	h.Add(event.Record{Seq: 8, Event: signing(3, "a")})
	h.Add(event.Record{Seq: 9, Event: event.OperationFinished{Operation: 3, What: event.WhatSign}})
	if a := h.Artifact("a"); a.Possible != nil || a.Signed.Number != 3 || a.SignedBy() != "key" {
		t.Errorf("signed again: %+v", a)
	}
	if h.Finished()[event.WhatSign] != 1 || h.Failed() != 1 {
		t.Errorf("%v finished, %d failed", h.Finished(), h.Failed())
	}
}

// TestArtifact guards that a check that failed stays so until its step is
// repeated, and that the attempt before then stays what it was.
func TestArtifact(t *testing.T) {
	file := func(encoding, withheld string) event.ArtifactWritten {
		return event.ArtifactWritten{Artifact: "a", Encoding: encoding, Withheld: withheld}
	}
	signed := []any{signing(1, "a"), event.OperationFinished{Operation: 1, What: event.WhatSign}}
	checked := event.ArtifactChecked{Artifact: "a", Checks: []event.Check{{Name: "it parses", OK: true}}}
	wrong := event.ArtifactChecked{Artifact: "a", Checks: []event.Check{{Name: "its bytes", Details: "differ"}}}
	redone := event.StepRedone{Step: "1", Attempt: 2, Artifact: "a"}
	for _, c := range []struct {
		name, lacks string
		after       []any
	}{
		{"signed", "it was signed, but its files were never written", nil},
		{"written", "it was signed, but never checked", []any{file("der", ""), file("pem", "")}},
		{"checked", "", []any{checked, file("der", ""), file("pem", "")}},
		{"check failed", "it was signed and is withheld: check failed: its bytes (differ)", []any{wrong, checked, file("der", "x"), file("pem", "x")}},
		{"withheld", "it was signed and is withheld: a check after signing failed", []any{file("der", "x")}},
		{"unclear", "it was signed and is withheld: error: r: (c)", []any{event.ObjectLinted{Artifact: "a", Stage: event.StageAfterSigning,
			Findings: []event.Finding{{Rule: "w", Waived: &event.Waiver{}}, {Rule: "r", Status: "error", Citation: "(c)"}}}, wrong}},
		{"redone", "it was never signed", []any{wrong, redone}},
	} {
		h := Of(lines(append(slices.Clone(signed), c.after...)...))
		if got := h.Artifact("a").Lacks(); got != c.lacks {
			t.Errorf("%s: %q, want %q", c.name, got, c.lacks)
		}
	}
	h := Of(lines(append(slices.Clone(signed), wrong, redone)...))
	if len(h.Artifacts) != 2 || h.Artifacts[0].Failure() == "" || h.Artifact("a").Name() != "a, attempt 2" {
		t.Errorf("attempts: %+v", h.Artifacts)
	}
}

// TestRevokedWithheld guards people against revoking what a CRL of the ceremony
// revokes already, and against taking the CRL of another key, or one that was
// withheld itself, for it.
func TestRevokedWithheld(t *testing.T) {
	written := func(id, kind, withheld, revoked string) event.ArtifactWritten {
		s := &event.Summary{Serial: map[bool]string{true: "0abc"}[kind == event.KindCertificate]}
		for _, serial := range strings.Fields(revoked) {
			s.Revoked = append(s.Revoked, event.Revocation{Serial: serial})
		}
		return event.ArtifactWritten{Artifact: id, Kind: kind, Encoding: event.EncodingDER, Withheld: withheld, Summary: s}
	}
	made := func(operation int, id, key string) []any {
		in := signing(operation, id)
		in.Key = &event.Key{SPKISHA256: key}
		return []any{in, event.OperationFinished{Operation: operation, What: event.WhatSign}}
	}
	bad := append(made(1, "ca", "root"), event.ArtifactChecked{Artifact: "ca", Checks: []event.Check{{Name: "its bytes"}}}, written("ca", event.KindCertificate, "x", ""))
	for name, c := range map[string]struct {
		key, withheld, revoked string
		met                    int
	}{
		"listed": {"root", "", "01 0abc", 7}, "not listed": {"root", "", "01", 0}, "part of another": {"root", "", "0abcd", 0},
		"another key": {"sub", "", "0abc", 0}, "withheld": {"root", "y", "0abc", 0},
	} {
		crl := append(made(2, "crl", c.key), written("crl", event.KindCRL, c.withheld, c.revoked))
		ledger := Of(lines(append(slices.Clone(bad), crl...)...)).Ledger()
		if due := ledger[0].Due; len(due) == 0 || due[0].What != dueRevoked || due[0].Met != c.met {
			t.Errorf("%s: %+v", name, due)
		}
	}
}

// TestKeys guards that a key is told once, by what it was at first, with all that
// became of it.
func TestKeys(t *testing.T) {
	made := event.OperationFinished{Operation: 1, What: event.WhatGenerate, Token: "root", Key: &event.Key{SPKISHA256: "key"}}
	found := event.OperationFinished{Operation: 2, What: event.WhatFind, Token: "root", Key: &event.Key{SPKISHA256: "key", Label: "other"}}
	h := Of(lines(event.OperationIntended{Operation: 1, What: event.WhatGenerate, Key: &event.Key{Label: "root-2026"}}, made,
		event.OperationIntended{Operation: 2, What: event.WhatFind}, found, event.KeyProved{Key: "root", SPKISHA256: "key"},
		signing(3, "a"), event.OperationFinished{Operation: 3, What: event.WhatSign},
		event.OperationIntended{Operation: 4, What: event.WhatDestroy, Key: &event.Key{SPKISHA256: "key"}},
		event.OperationFinished{Operation: 4, What: event.WhatDestroy}))
	if len(h.Keys) != 1 {
		t.Fatalf("%d keys", len(h.Keys))
	}
	k := h.Key("key")
	if k.Label != "root-2026" || !k.Generated || k.First.Seq != 2 || k.Read.Number != 2 || k.Signed != 1 || k.Destroyed != 9 || len(k.Proved) != 1 {
		t.Errorf("%+v", k)
	}
	if h.Proof("root") != "key" || h.Proof("issuing") != "" {
		t.Errorf("proved by %q", h.Proof("root"))
	}
}

// TestPlans guards that each approval is of the plan that was in force when it was said.
func TestPlans(t *testing.T) {
	records := lines(event.CeremonyOpened{PlanSHA256: "p0", SiteSHA256: "s"}, event.PlanApproval{}, event.PlanAmended{Number: 1, PlanSHA256: "p1"},
		event.PlanApproval{Class: event.ApprovedByException})
	var held []string
	for before := range Before(records) {
		held = append(held, before.Plan().SHA256)
	}
	if want := []string{"", "p0", "p0", "p1"}; !slices.Equal(held, want) {
		t.Errorf("before each line held %q, want %q", held, want)
	}
	h := Of(records)
	if h.Approvals[0].Plan.Name() != "plan" || h.Approvals[1].Plan.Name() != "amendment 1" || h.Plan().Seq != 3 || h.Site() != "s" {
		t.Errorf("%+v", h.Approvals)
	}
	var paths []string
	for _, f := range h.Files {
		paths = append(paths, f.Path)
	}
	if want := []string{"plan/plan.json", "plan/site.json", "plan/amendment-1/plan.json"}; !slices.Equal(paths, want) {
		t.Errorf("files %q, want %q", paths, want)
	}
}

// TestWrongPINs guards the count by which people are told that the next wrong PIN
// locks a token.
func TestWrongPINs(t *testing.T) {
	wrong := event.PINRefused{Token: "root", Outcome: event.PINWrong}
	h := Of(lines(wrong, event.TokenOpened{Token: "root", Software: true}, wrong, event.PINRefused{Token: "root", Outcome: event.PINCancelled},
		event.PINRefused{Token: "issuing", Outcome: event.PINWrong}, event.SessionStarted{}, wrong, event.TokenOpened{Token: "issuing"}))
	if h.WrongPINs("root") != 2 || h.WrongPINs("issuing") != 0 {
		t.Errorf("%d and %d", h.WrongPINs("root"), h.WrongPINs("issuing"))
	}
	if h := Of(lines(event.TokenOpened{Token: "root"}, wrong, event.TokenRestarted{Token: "root"}, wrong)); h.WrongPINs("root") != 1 {
		t.Errorf("%d wrong ones since a fresh process logged in", h.WrongPINs("root"))
	}
	if h.Tokens[0].Opened.Software || !h.Tokens[2].Opened.Software {
		t.Errorf("a PIN was refused by a token that was not open yet: %+v", h.Tokens)
	}
}

// TestClosed guards that a ceremony whose closing was cut off is not called closed
// once it continues.
func TestClosed(t *testing.T) {
	records := lines(event.CeremonyOpened{}, event.SessionStarted{Session: 1}, event.CeremonyClosed{}, event.SessionEnded{}, event.SessionStarted{Session: 2})
	if h := Of(records[:4]); h.Closed == nil || h.Sessions[0].Ended != 4 {
		t.Error("it was closed")
	}
	if h := Of(records); h.Closed != nil || h.Session() != 2 || h.Sessions[1].Ended != 0 {
		t.Error("it goes on")
	}
}

// TestEveryEvent guards that a new event is not forgotten here: each leaves a
// trace, or is in the list of those that nobody asks for.
func TestEveryEvent(t *testing.T) {
	nobody := []event.Event{
		event.JournalRecovered{}, event.TokenCensus{}, event.ModuleOutput{}, event.ConfirmationRefused{}, event.KeyboardTaken{}, // the pages show each as it is
	}
	for _, e := range event.Types {
		begun := lines(event.SessionStarted{}, "1", event.StepStarted{})
		h, empty := Of(begun), Of(begun)
		h.Add(event.Record{Seq: 3, Step: "1", Event: e})
		empty.Add(event.Record{Seq: 3, Step: "1", Event: nobody[0]})
		h.Records, h.Passages, empty.Records, empty.Passages = nil, nil, nil, nil
		h.index.passage, empty.index.passage = "", ""
		known := !reflect.DeepEqual(h, empty)
		if none := slices.ContainsFunc(nobody, func(n event.Event) bool { return n.Type() == e.Type() }); known == none {
			t.Errorf("%s: held %t", e.Type(), known)
		}
	}
}

// TestFailures counts what did not work, each once.
func TestFailures(t *testing.T) {
	failed := event.StepFinished{Outcome: event.StepFailed}
	h := Of(lines(event.PINRefused{Token: "root", Outcome: event.PINWrong},
		"1", event.StepStarted{}, event.PINRefused{Token: "root", Outcome: event.PINCancelled}, failed,
		"2", event.StepStarted{}, signing(1, "a"), event.OperationFailed{Operation: 1, What: event.WhatSign}, failed,
		"3", event.StepStarted{}, failed, event.StepStarted{}, event.StepFinished{Outcome: event.StepDone},
		"4", event.StepStarted{}, event.StepFinished{Outcome: event.StepStopped}))
	if n, wrong := h.Failures(), h.Mistyped(); n != 3 || wrong != 1 { // a login, a call, and a step without a call
		t.Errorf("%d failures and %d wrong PINs, want 3 and 1", n, wrong)
	}
}
