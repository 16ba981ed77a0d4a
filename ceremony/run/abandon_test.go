// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// TestAbandon guards what a ceremony leaves that nobody continues: what was
// signed, and may have been, is listed, and the bundle is closed and says so.
func TestAbandon(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	site, memory := fastSite()
	bundle := filepath.Join(t.TempDir(), "bundle")
	calls := 0
	o := inMemory(runOptions(p, site, bundle), vague{memory, 4, &calls}) // the worker dies over the CA's certificate
	if _, err := Execute(context.Background(), p, o); err == nil {
		t.Fatal("nothing failed")
	}
	people := termtest.NewScript(80).On("Why is the ceremony abandoned", termtest.Reply("the room is on fire")).
		On("abandon or stop", termtest.Reply("abandon")).Then(deciders(p, "adopt"))
	o.People, o.Abandon = Asked{Terminal: people}, true
	res, err := Resume(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	v, err := verify.Bundle(context.Background(), bundle, verify.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	missing := strings.Join(v.Incomplete, "\n")
	for _, want := range []string{"artifact ca-cert of step 4 (Sign certificate ca-cert) is not delivered: outcome of C_Sign unknown",
		"artifact root-crl of step 5 (Sign CRL root-crl) is not delivered: it was never signed"} {
		if !strings.Contains(missing, want) {
			t.Errorf("want %q in what is missing:\n%s", want, missing)
		}
	}
	if len(v.Problems) > 0 || v.Outcome != event.OutcomeAbandoned || v.Rebuilt != 1 || v.ManifestSHA256 != res.ManifestSHA256 {
		t.Errorf("%v %v %s, %d artifacts", v.Problems, v.Incomplete, v.Outcome, v.Rebuilt)
	}
	mustOwe(t, bundle, "open", "ca-cert", "revoked", "<b>nobody</b>: outcome of C_Sign unknown")
	if screen := strings.Join(strings.Fields(people.Screen()), " "); !strings.Contains(screen, "(ca-cert, line ") || !strings.Contains(screen, "has no owner: outcome of C_Sign unknown") {
		t.Errorf("the screen does not say what nobody owns:\n%s", screen)
	}
	report, err := os.ReadFile(res.Report)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"ABANDONED", "the room is on fire", "possibly issued"} {
		if !strings.Contains(string(report), want) {
			t.Errorf("the report does not say %q", want)
		}
	}
	o.Abandon = false
	if _, err := Resume(context.Background(), o); err == nil {
		t.Error("an abandoned ceremony went on")
	}
}

// uncountable is a token that does not list its objects when its session ends.
type uncountable struct {
	token.Token
	lists *int
	once  bool // in the first session alone
}

func (u uncountable) Census(ctx context.Context) (token.Census, error) {
	if *u.lists++; *u.lists%2 == 0 && (*u.lists == 2 || !u.once) {
		return nil, errTired
	}
	return u.Token.Census(ctx)
}

// TestAbandonAfterLastStep guards an auditor against an answer that says of an abandoned
// ceremony that steps were not done: a token can fail after all of them, once or for good.
func TestAbandonAfterLastStep(t *testing.T) {
	p := ceremonytest.Preview(t, ceremonytest.FastFolder(t))
	for _, once := range []bool{true, false} {
		site, memory := fastSite()
		o := inMemory(runOptions(p, site, filepath.Join(t.TempDir(), "bundle")), uncountable{memory, new(int), once})
		if _, err := Execute(context.Background(), p, o); !errors.Is(err, errTired) {
			t.Fatalf("its objects are counted: %v", err)
		}
		o.People, o.Abandon = Asked{Terminal: termtest.NewScript(80).On("Why is the ceremony abandoned", termtest.Reply("the token is dead")).
			On("abandon or stop", termtest.Reply("abandon")).Then(deciders(p, "adopt"))}, true
		res, err := Resume(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		v, problems := verified(t, o.Bundle, verify.Options{})
		if v == nil || !v.OK() || v.Outcome != event.OutcomeAbandoned || len(v.Incomplete) > 0 {
			t.Errorf("once: %t: not all was done, and then abandoned:\n%s", once, problems)
		}
		if report := string(read(t, "", res.Report)); !strings.Contains(report, "ABANDONED<small>People ended the ceremony before it was complete.") {
			t.Error("the report does not say that people ended the ceremony")
		}
	}
}
