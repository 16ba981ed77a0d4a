// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// again are people who want a step repeated.
func again(p *plan.Preview, earlier string) *termtest.Script {
	return termtest.NewScript(80).
		On("What was expected of step", termtest.Reply("a good end")).On("What happened instead", termtest.Reply("it failed")).
		On("Why the step is repeated", termtest.Reply("the cause is gone")).On("again or stop", termtest.Reply("again")).
		On("Destroy the keys", termtest.Reply(earlier)).
		Then(deciders(p, "adopt"))
}

// TestRedoSignature guards a certificate that did not pass a check after it was
// signed: it stays issued and withheld, and another is signed under its number.
func TestRedoSignature(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o := fastRun(t, p)
	bundle := o.Bundle
	o.AfterSigning = failAfter("ca-cert")
	_, err := Execute(context.Background(), p, o)
	var stopped *Stopped
	if !errors.As(err, &stopped) {
		t.Fatalf("nothing failed: %v", err)
	}
	if want := "\n  ceremony redo " + bundle + " 4 --site SITE\n"; !strings.Contains(stopped.Hint(), want) {
		t.Errorf("the hint %q does not say %q", stopped.Hint(), want)
	}
	o.People, o.AfterSigning = Asked{Terminal: again(p, "")}, nil
	for step, want := range map[string]string{
		"99": "the plan has no step", "section-1": "it is a section", "3": "root-cert is issued and delivered",
		"5": "it has not started", "2": "root-cert was signed with or for key root",
	} {
		o.Redo = step
		var refusal *Refusal
		if _, err := Resume(context.Background(), o); !errors.As(err, &refusal) || !strings.Contains(refusal.Reason, want) {
			t.Errorf("redo %s: %v, want %q", step, err, want)
		}
	}
	o.Redo = "4"
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, bundle, len(p.Plan.Artifacts)+1)
	for _, name := range []string{"withheld/ca-cert.der", "artifacts/ca-cert.attempt-2.der"} {
		if _, err := os.Stat(filepath.Join(bundle, name)); err != nil {
			t.Error(err)
		}
	}
	mustOwe(t, bundle, "settled", "ca-cert", "revoked", ">Signatures made</h2>", "deviation in line ", "in a CRL of its issuer")
	if e := events[event.StepRedone](t, bundle); len(e) != 1 || e[0].Attempt != 2 || e[0].Artifact != "ca-cert" || e[0].Earlier != event.EarlierVoid {
		t.Errorf("%+v", e)
	}
}

// late is a token whose first key is made but comes back as an error.
type late struct {
	token.Token
	failed *bool
}

func (l late) Generate(ctx context.Context, r token.Request) (*token.Pair, error) {
	p, err := l.Token.Generate(ctx, r)
	if err == nil && !*l.failed {
		*l.failed = true
		return p, errors.Join(errors.New("the module says CKR_DEVICE_ERROR"), token.ErrOrphan)
	}
	return p, err
}

// TestRedoKeys guards keys of a step that failed: what they become is decided
// and recorded, and the new ones have other labels.
func TestRedoKeys(t *testing.T) {
	for earlier, objects := range map[string]int{"park": 6, "destroy": 4} {
		t.Run(earlier, func(t *testing.T) {
			g, memory := keysRedone(t, earlier)
			bundle := g.dir
			mustVerify(t, bundle, len(g.preview.Plan.Artifacts))
			census, err := memory.Census(context.Background())
			if err != nil || len(census) != objects {
				t.Fatalf("%d objects on the token, want %d: %v %v", len(census), objects, census, err)
			}
			labels := map[string]bool{}
			for _, c := range census {
				labels[c.Label] = true
			}
			if !labels["root attempt 2"] || !labels["ca attempt 2"] || labels["root"] != (earlier == "park") {
				t.Errorf("labels %v", labels)
			}
			if e := events[event.StepRedone](t, bundle); len(e) != 1 || len(e[0].Keys) != 1 {
				t.Errorf("%+v", e)
			}
		})
	}
}

// vague is a token whose worker dies after it signed: nobody knows.
type vague struct {
	token.Token
	at    int
	calls *int
}

func (v vague) Sign(ctx context.Context, h token.Handle, a algorithm.Signature, d []byte) ([]byte, error) {
	s, err := v.Token.Sign(ctx, h, a, d)
	if *v.calls++; *v.calls == v.at {
		return nil, &token.WorkerError{Effect: true}
	}
	return s, err
}

// TestPossiblySigned guards relying parties against two certificates where one was
// meant: after a signature that may exist, only the same bytes are signed, on
// every way to continue, or the step is repeated and the lost one is listed.
func TestPossiblySigned(t *testing.T) {
	for _, redo := range []bool{false, true} {
		p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
		site, memory := fastSite()
		bundle := filepath.Join(t.TempDir(), "bundle")
		calls := 0
		o := inMemory(runOptions(p, site, bundle), vague{memory, 4, &calls}) // two proofs, the root, then the CA
		if _, err := Execute(context.Background(), p, o); err == nil {
			t.Fatal("nothing failed")
		}
		o.People = Asked{Terminal: termtest.NewScript(80).On("Sign the same bytes again", termtest.Reply("stop")).Then(deciders(p, "adopt"))}
		for range 2 { // it is asked every time
			if _, err := Resume(context.Background(), o); !errors.Is(err, ErrStopped) {
				t.Fatalf("%v", err)
			}
		}
		o.People = Asked{Terminal: again(p, "")}
		if redo {
			o.Redo = "4"
		}
		if _, err := Resume(context.Background(), o); err != nil {
			t.Fatal(err)
		}
		mustVerify(t, bundle, len(p.Plan.Artifacts))
		signed := map[string]bool{}
		for _, e := range events[event.OperationIntended](t, bundle) {
			if e.Artifact == "ca-cert" {
				signed[e.TBSSHA256] = true
			}
		}
		report, err := os.ReadFile(filepath.Join(bundle, "report/report.html"))
		if err != nil {
			t.Fatal(err)
		}
		if redo {
			mustOwe(t, bundle, "settled", "ca-cert", "revoked", "possibly issued")
		} else {
			mustOwe(t, bundle, "repeated", "ca-cert", "", "same bytes signed again")
		}
		if len(signed) != map[bool]int{false: 1, true: 2}[redo] || strings.Contains(string(report), "possibly issued") != redo {
			t.Errorf("redo %v: %d different certificates", redo, len(signed))
		}
	}
}

// TestRedoCopies guards a backup of keys that are not used: when keys are made
// anew, so is their copy, and a record without that is invalid.
func TestRedoCopies(t *testing.T) {
	p := ceremonytest.Amended(t, "  - pause: Put", "  - do: Put", "  - section: Signatures\n", "  - step-template: back-up-and-clone\n    who: [administrator]\n"+
		"    with: {token: root, keys: [root, ca], to: HSM B}\n  - section: Signatures\n")
	o := fastRun(t, p)
	bundle := o.Bundle
	room := func(first *termtest.Script) Asked {
		return Asked{Terminal: first.On("-digest", laptop(bundle)).On("(number)", termtest.Reply("4")).Then(again(p, "park"))}
	}
	o.People = room(termtest.NewScript(80).On("first four digits", termtest.Reply("STOP")).On("second person", termtest.Reply("STOP")))
	if _, err := Execute(context.Background(), p, o); !errors.Is(err, ErrStopped) {
		t.Fatal(err)
	}
	generate := plan.Find(p.Plan.Steps, func(s *plan.Step) bool { return s.Kind == plan.StepGenerate })
	o.People, o.Redo = room(termtest.NewScript(80)), generate.ID
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, bundle, len(p.Plan.Artifacts), "not compared, because nothing was signed after it: lint/root-cert.before.json")
	var steps []string
	for _, e := range events[event.StepRedone](t, bundle) {
		steps = append(steps, e.Step)
	}
	if len(steps) != 3 || steps[2] != generate.ID {
		t.Fatalf("repeated: %q", steps)
	}
	g := &golden{dir: bundle, preview: p}
	g.forge(t, bundle, func(records []event.Record) []event.Record {
		redone := false
		return slices.DeleteFunc(records, func(r event.Record) bool {
			e, isRedone := r.Event.(event.StepRedone)
			redone = redone || isRedone
			d, isDeviation := r.Event.(event.DeviationRecorded)
			return redone && slices.Contains(steps[:2], r.Step) || isRedone && e.Step != generate.ID ||
				isDeviation && strings.Contains(d.Expected, "backed up")
		})
	})
	if _, problems := verified(t, bundle, verify.Options{}); !strings.Contains(problems, "began before step "+steps[0]+" was done") {
		t.Errorf("copies of other keys: %s", problems)
	}
}
