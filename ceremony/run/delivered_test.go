// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/artifact/artifacttest"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// failAfter lets the last check of an artifact find a fault.
func failAfter(artifact string) func(string) error {
	return func(id string) error {
		if id == artifact {
			return errors.New("a rule that came too late")
		}
		return nil
	}
}

// withheldCA carries the fast ceremony out until the CA's certificate fails a
// check after it was signed, which nothing finds again afterwards.
func withheldCA(t *testing.T, p *plan.Preview) (Options, *token.Memory) {
	t.Helper()
	site, memory := fastSite()
	o := inMemory(runOptions(p, site, filepath.Join(t.TempDir(), "bundle")), memory)
	o.AfterSigning = failAfter("ca-cert")
	var withheld *withheldError
	if _, err := Execute(context.Background(), p, o); !errors.As(err, &withheld) {
		t.Fatalf("ca-cert is not withheld: %v", err)
	}
	o.AfterSigning = nil
	return o, memory
}

const caShort = "artifact ca-cert of step 4 (Sign certificate ca-cert) is not delivered: it was signed and is withheld: " +
	"check failed: parsed again by a second parser (a rule that came too late)"

// TestFailedStaysFailed guards a check that was not met after the signature:
// resume does not pass over it, nor ask anybody anything, and a bundle that is
// closed without its artifact is incomplete by name. One that says it is complete
// is invalid.
func TestFailedStaysFailed(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o, _ := withheldCA(t, p)
	before := read(t, o.Bundle, transcripts.JournalPath)
	o.Typed = plan.Commands{Site: "site.yaml", Bundle: "bundle"}
	resume := func(o Options) (*Result, error) { return Resume(context.Background(), o) }
	for _, helps := range []string{"ceremony redo bundle 4 --site site.yaml", "ceremony amend bundle FILE --plan plan-1 --site site.yaml",
		"ceremony resume bundle --site site.yaml --abandon"} {
		unasked(t, "a failed step", o, resume, "step 4 (Sign certificate ca-cert) failed: ca-cert was signed and is withheld: check failed: ", helps)
	}
	if !bytes.Equal(before, read(t, o.Bundle, transcripts.JournalPath)) {
		t.Error("a ceremony that cannot go on has more in its record")
	}
	o.People, o.Abandon = Asked{Terminal: termtest.NewScript(80).On("Why is the ceremony abandoned", termtest.Reply("enough")).
		On("abandon or stop", termtest.Reply("abandon")).Then(deciders(p, "adopt"))}, true
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	v, problems := verified(t, o.Bundle, verify.Options{})
	if v == nil || v.Failed != "4" || len(v.Problems) > 0 || !slices.Equal(v.Incomplete, []string{caShort,
		"artifact root-crl of step 5 (Sign CRL root-crl) is not delivered: it was never signed"}) {
		t.Fatalf("%s", problems)
	}
	o.Abandon = false
	unasked(t, "a closed ceremony", o, resume, "the ceremony is closed", "ceremony verify bundle")
	g := &golden{dir: o.Bundle, preview: p}
	g.forge(t, o.Bundle, eachEvent(func(e *event.CeremonyClosed) { e.Outcome = event.OutcomeComplete }))
	_, problems = verified(t, o.Bundle, verify.Options{})
	for _, want := range []string{"the ceremony was closed as complete, but " + caShort, "ceremony.closed: outcome complete, but ca-cert is withheld",
		"closed as complete, but artifact root-crl of step 5"} {
		if !strings.Contains(problems, want) {
			t.Errorf("want %q in:\n%s", want, problems)
		}
	}
}

// TestFailedAcrossCrash guards the same where the power goes between the check
// and the files: whatever the record holds of it by then stays, also where redo is
// the first to come afterwards.
func TestFailedAcrossCrash(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	for line, recorded := range []bool{false, true, true, true, true} {
		site, memory := fastSite()
		bundle := filepath.Join(t.TempDir(), "bundle")
		o := inMemory(runOptions(p, site, bundle), memory)
		armed, seen := false, 0
		o.AfterSigning = func(id string) error {
			armed = armed || id == "ca-cert"
			return failAfter("ca-cert")(id)
		}
		o.FileSystem = artifacttest.New(func(call artifacttest.Call) *artifacttest.Failure {
			if !armed || call.Op != artifacttest.Write || call.Name != "journal.jsonl" {
				return nil
			}
			if seen++; seen == line+1 {
				panic(errPower)
			}
			return nil
		})
		if diesOrFails(t, p, o) {
			t.Fatal("the ceremony finished")
		}
		o = inMemory(runOptions(p, site, disk(t, bundle)), memory)
		o.People = Asked{Terminal: again(p, "park")}
		if line%2 == 0 { // redo comes first on the others
			_, err := Resume(context.Background(), o)
			if failed := err != nil && strings.Contains(err.Error(), "ca-cert was signed and is withheld: check failed"); failed != recorded || err != nil && !failed {
				t.Fatalf("line %d: %v", line, err)
			}
		}
		if !recorded {
			mustHold(t, "verified only once", o.Bundle, len(p.Plan.Artifacts))
			continue
		}
		o.Redo = "4"
		if _, err := Resume(context.Background(), o); err != nil {
			t.Fatalf("line %d: redo: %v", line, err)
		}
		mustHold(t, "repeated", o.Bundle, len(p.Plan.Artifacts)+1)
		for _, name := range []string{"withheld/ca-cert.der", "withheld/ca-cert.pem", "artifacts/ca-cert.attempt-2.der"} {
			if _, err := os.Stat(filepath.Join(o.Bundle, name)); err != nil {
				t.Errorf("line %d: %v", line, err)
			}
		}
	}
}

// TestAmendAfterFailure guards another plan after a failed step: it does not
// make the failed check good, so the step is repeated, and then all is
// complete.
func TestAmendAfterFailure(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	o, _ := withheldCA(t, p)
	folder := ceremonytest.FastFolder(t)
	text := strings.Replace(ceremonytest.Fast, "next-update: 11mo", "next-update: 10mo", 1)
	if err := os.WriteFile(filepath.Join(folder, "ceremony.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	amend(&o, ceremonytest.Preview(t, folder))
	screen := termtest.NewScript(80).On("Continue under amendment 1", termtest.Reply("amend")).
		On("Time now", termtest.Reply(plan.Stamp(p.Plan.Ceremony.Window.From.Add(5*time.Hour)))).Then(again(p, "park"))
	o.People = Asked{Terminal: screen}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	mustHold(t, "amended", o.Bundle, len(p.Plan.Artifacts)+1)
	if !strings.Contains(strings.Join(strings.Fields(screen.Screen()), " "), "ca-cert was signed and is withheld: check failed") {
		t.Errorf("the screen does not say why:\n%s", screen.Screen())
	}
}
