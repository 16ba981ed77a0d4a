// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// keysRedone is a ceremony whose first key comes back as an error, so that its step is
// repeated.
func keysRedone(t *testing.T, earlier string) (*golden, *token.Memory) {
	t.Helper()
	p := quickly(t, strings.Replace(ceremonytest.TwiceText, "  - pause: ", "  - do: ", 1))
	site, memory := fastSite()
	o := inMemory(runOptions(p, site, filepath.Join(t.TempDir(), "bundle")), late{memory, new(bool)})
	if _, err := Execute(context.Background(), p, o); err == nil {
		t.Fatal("nothing failed")
	}
	o.People, o.Redo = Asked{Terminal: again(p, earlier)}, "2"
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	return &golden{dir: o.Bundle, preview: p}, memory
}

// keyAdopted is a ceremony in which the power goes after a call, which generates a key
// that is adopted, or another.
func keyAdopted(t *testing.T, call int) *golden {
	t.Helper()
	p := quickly(t, strings.Replace(ceremonytest.TwiceText, "  - pause: ", "  - do: ", 1))
	site, memory := fastSite()
	bundle := filepath.Join(t.TempDir(), "bundle")
	if !cutOff(t, p, site, memory, bundle, call, true) {
		t.Fatal("the power did not go")
	}
	o := inMemory(runOptions(p, site, disk(t, bundle)), memory)
	goOn(t, o, deciders(p, "adopt"))
	return &golden{dir: o.Bundle, preview: p}
}

// againForgings are the changes that [TestForgerAgain] tries of each record.
var againForgings = regexp.MustCompile(`^(step.redone (keys|earlier): .*|token.census: leave out a key of find)$`)

// TestForgerAgain guards an auditor against a record that hides keys of an attempt that
// failed: what a step that is repeated left, and a key that a cut off call made.
func TestForgerAgain(t *testing.T) {
	destroyed, _ := keysRedone(t, "destroy")
	parked, _ := keysRedone(t, "park")
	f := &forger{t: t, used: map[string]bool{}}
	for _, g := range []*golden{destroyed, parked, keyAdopted(t, 1)} {
		d, err := newDesk(t, g, g.records(t))
		if err != nil {
			t.Fatal(err)
		}
		all := slices.DeleteFunc(forgings(t, d.records, map[string]bool{}), func(c forging) bool { return !againForgings.MatchString(c.name) })
		if len(all) == 0 {
			t.Fatal("nothing to change")
		}
		f.sweep(d, all)
	}
	if f.accepted > 0 {
		t.Errorf("%d of %d changes are accepted", f.accepted, f.tried)
	}
}

// triedRarely are records that make test-forger changes, too: existing keys, steps and calls
// that are repeated, OCSP responses, inputs of earlier bundles.
func triedRarely(t *testing.T) []*golden {
	t.Helper()
	destroyed, _ := keysRedone(t, "destroy")
	return []*golden{destroyed, keyAdopted(t, 1), keyAdopted(t, 9), chosenTwice(t), unattendedRehearsal(t, after(t, "issuing-2027")), unattendedRehearsal(t, after(t, "private-2027"))}
}

// asDestroyed has the key of the earlier attempt destroyed before the step is repeated.
func asDestroyed(t *testing.T, _ *desk, records []event.Record) []event.Record {
	t.Helper()
	at := slices.IndexFunc(records, func(r event.Record) bool { return r.Event.Type() == "step.redone" })
	redone := records[at].Event.(event.StepRedone)
	redone.Earlier = event.EarlierDestroyed
	found := at - 1
	for records[found].Event.Type() != "operation.intended" {
		found--
	}
	in := records[found].Event.(event.OperationIntended) // that found it
	number := in.Operation + 1
	in.Operation, in.What = number, event.WhatDestroy
	var halves []event.Object
	for _, r := range records[:at] {
		if e, is := r.Event.(event.TokenCensus); is {
			halves = slices.DeleteFunc(slices.Clone(e.Objects), func(o event.Object) bool { return o.ID != in.Key.ID })
		}
	}
	for i := at; i < len(records); i++ {
		records[i].Event = unlisted(records[i].Event, in.Key.ID)
	}
	records = renumberedFrom(records, number)
	records[at].Event = redone
	finished := event.OperationFinished{Operation: number, What: in.What, Token: in.Token, Census: &event.CensusChange{Removed: halves}}
	return slices.Insert(records, at, told(records[at], in, event.Observed), told(records[at], finished, event.Reported))
}
