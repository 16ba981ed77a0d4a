// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/verify"
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

// tired is a token that finds no key.
type tired struct{ token.Token }

var errTired = errors.New("CKR_DEVICE_ERROR")

func (tired) Find(context.Context, string, []byte, []byte) (*token.Pair, error) { return nil, errTired }

// eventful is a ceremony in which everything happens that the journal has an event
// for: a wrong PIN, wrong digits, a guest who leaves, a note, a pause, a power cut in
// the middle of a line and of a file, a file of nobody, an amendment, a call of unknown outcome, a failed check, a
// call that fails and a repeated step.
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
			Once("next four digits", termtest.Reply("0000")).
			Then(again(p, "")).On("Continue under amendment", termtest.Reply("amend")).
			On("Continue without them", termtest.Reply("agree")).
			Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Duration(n) * time.Hour)))
	}
	first := termtest.NewScript(80).
		Once("type done", termtest.Reply("NOTE")).Once("Whose note", termtest.Reply("bob")).
		Once("The note", termtest.Reply("The room is cold.")).Once("Record this note", termtest.Reply("record")).
		Once("type done", termtest.Reply("ARRIVE")).Once("Who arrives", termtest.Reply("carol")).
		Once("type done", termtest.Reply("LEAVE")).Once("Who leaves", termtest.Reply("carol")).
		Once("type done", termtest.Reply("ARRIVE")).Once("Who arrives", termtest.Reply("carol"))
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
	write(t, o.Bundle, "artifacts/rogue.der", []byte("rogue"))
	o = inMemory(o, memory)
	amend(&o, other)
	o.AfterSigning, o.People = failAfter("root-crl"), Asked{Terminal: hour(5)}
	if _, err := Resume(context.Background(), o); err == nil {
		t.Fatal("nothing failed")
	}
	o.AfterSigning, o.Amendment, o.Approved = nil, nil, nil
	o.Redo = other.Plan.SigningStep("root-crl").ID
	lost := inMemory(o, tired{memory})
	lost.People = Asked{Terminal: hour(6)}
	if _, err := Resume(context.Background(), lost); !errors.Is(err, errTired) {
		t.Fatalf("the token finds its keys: %v", err)
	}
	goOn(t, o, hour(7))
	return &golden{dir: o.Bundle, preview: other}
}

// powerCut resumes until the power goes.
func powerCut(t *testing.T, o Options, people *termtest.Script) {
	t.Helper()
	o.People = Asked{Terminal: people}
	if gone, err := powerGoes(func() (*Result, error) { return Resume(context.Background(), o) }); !gone {
		t.Fatalf("the power was not cut: %v", err)
	}
}

// TestForgerForgets documents what nothing in a bundle shows, and each thing known from
// outside does: that a step was done twice. Who has the seal keys can leave out the first
// attempt, with the certificate or CRL that it signed and withheld.
func TestForgerForgets(t *testing.T) {
	g := eventful(t)
	records := g.records(t)
	countsAgree(t, g.dir)
	d, err := newDesk(t, g, records)
	if err != nil {
		t.Fatal(err)
	}
	step := g.preview.Plan.SigningStep("root-crl").ID
	redone := slices.IndexFunc(d.records, func(r event.Record) bool { return r.Event.Type() == "step.redone" })
	first, call := 0, 0
	var left []event.Record
	for i, r := range d.records {
		in, signs := r.Event.(event.OperationIntended)
		switch before := i < redone && r.Step == step; {
		case before || i == redone || i == redone-1:
			if first = cmp.Or(first, r.Seq); before && signs {
				call = in.Operation
			}
			continue
		case i > redone && r.Step == step:
			r.Event = asFirst(r.Event)
		}
		left = append(left, r)
	}
	d.static = slices.DeleteFunc(d.static, func(name string) bool {
		return strings.HasPrefix(name, "withheld/") || strings.HasPrefix(name, "artifacts/root-crl.") || strings.HasPrefix(name, "lint/root-crl.")
	})
	left = renumbered(left, call)
	o, err := reseal(left, 0, d.plan, d.seals)
	if err != nil {
		t.Fatal(err)
	}
	for _, encoding := range []string{"der", "pem"} {
		o.files["artifacts/root-crl."+encoding] = read(t, g.dir, "artifacts/root-crl.attempt-2."+encoding)
	}
	for _, stage := range []string{"before", "after"} {
		o.files["lint/root-crl."+stage+".json"] = read(t, g.dir, "lint/root-crl."+stage+".2.json")
	}
	dir := filepath.Join(t.TempDir(), "bundle")
	if err := d.write(dir, o); err != nil {
		t.Fatal(err)
	}
	if v, problems := verified(t, dir, d.options()); !v.OK() || v.IsAnchored() {
		t.Errorf("verify sees it, so it is no limit:\n%s", problems)
	}
	d.from = dir // the forger's other bundle has the same files
	d.static = append(d.static, "artifacts/root-crl.der", "artifacts/root-crl.pem", "lint/root-crl.before.json", "lint/root-crl.after.json")
	for _, missed := range d.anchored(t, dir, forging{line: first}, left) {
		t.Errorf("%s does not show it", missed)
	}
	if v, problems := verified(t, dir, verify.Options{VerifyOptions: transcripts.VerifyOptions{Anchor: transcripts.Anchor{SealKeys: d.sealKeys}}}); !v.IsAnchored() {
		t.Errorf("the seal key shows what somebody did who has it, so it is no limit: %s", problems)
	}
}

// countsAgree guards a reader of one page of a bundle against another number of deviations
// than the journal has: after power cuts, too, which lost lines that were not written.
func countsAgree(t *testing.T, bundle string) {
	t.Helper()
	n := bytes.Count(read(t, bundle, transcripts.JournalPath), []byte(`"type":"deviation.recorded"`))
	v, problems := verified(t, bundle, verify.Options{})
	if v == nil || !v.OK() {
		t.Fatal(problems)
	}
	var statement struct {
		Predicate struct{ Deviations []json.RawMessage }
	}
	if err := json.Unmarshal(read(t, bundle, "transcript.json"), &statement); err != nil {
		t.Fatal(err)
	}
	report := string(read(t, bundle, "report/report.html"))
	for what, is := range map[string]int{
		"ceremony.closed": v.History.Closed.Deviations, "transcript.json": len(statement.Predicate.Deviations),
		"the verdict": len(v.History.Deviations), "the annex": len(transcripts.NewAnnex(v.History, nil).Deviations),
		"the list of the report": strings.Count(report, "<h3>Deviation "),
	} {
		if is != n || n == 0 {
			t.Errorf("%s has %d deviations, the journal has %d", what, is, n)
		}
	}
	if !strings.Contains(report, fmt.Sprintf("Deviations (%d)", n)) {
		t.Errorf("the report does not say that there are %d deviations", n)
	}
}

// asFirst has a line of the second attempt be one of the first.
func asFirst(e event.Event) event.Event {
	switch e := e.(type) {
	case event.StepStarted:
		e.Attempt = 0
		return e
	case event.ArtifactWritten:
		e.Path = strings.Replace(e.Path, ".attempt-2", "", 1)
		return e
	case event.ObjectLinted:
		e.File = strings.Replace(e.File, ".2.json", ".json", 1)
		return e
	}
	return e
}

// TestDeviationLost guards the count of deviations where a power cut loses whole lines of
// the journal, the deviation among them: every page counts those that are there.
func TestDeviationLost(t *testing.T) {
	p := quickly(t, strings.Replace(ceremonytest.TwiceText, "  - pause: ", "  - do: ", 1))
	o := fastRun(t, p)
	opens := o.OpenToken
	o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) { panic(errPower) }
	o.People = Asked{Terminal: talkative(p)}
	if gone, err := powerGoes(func() (*Result, error) { return Execute(context.Background(), p, o) }); !gone {
		t.Fatalf("the power was not cut: %v", err)
	}
	o.Bundle, o.OpenToken = disk(t, o.Bundle), opens
	whole := read(t, o.Bundle, transcripts.JournalPath)
	lines := bytes.SplitAfter(whole, []byte("\n"))
	at := slices.IndexFunc(lines, func(l []byte) bool { return bytes.Contains(l, []byte("one camera")) })
	if at < 0 || at == len(lines)-2 {
		t.Fatalf("the deviation is line %d of %d", at, len(lines)-1)
	}
	write(t, o.Bundle, transcripts.JournalPath, bytes.Join(lines[:at], nil))
	goOn(t, o, deciders(p, "adopt").On("(text)", termtest.Reply("TEB-0042")))
	if bytes.Contains(read(t, o.Bundle, transcripts.JournalPath), []byte("one camera")) {
		t.Error("the deviation was not lost")
	}
	countsAgree(t, o.Bundle)
}
