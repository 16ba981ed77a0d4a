// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"slices"
	"strings"
	"testing"

	"rootceremony/transcripts/event"
)

// afterStep tells of something after the first step that ended, as known in a way and by
// people.
func afterStep(how event.How, told event.Event, by ...string) func([]event.Record) []event.Record {
	return func(records []event.Record) []event.Record {
		at := 1 + slices.IndexFunc(records, func(r event.Record) bool { _, ok := r.Event.(event.StepFinished); return ok })
		r := records[at-1]
		r.Step, r.How, r.By, r.Event = "", how, by, told
		if by == nil {
			r.By = []string{}
		}
		return slices.Insert(records, at, r)
	}
}

// forgedTellings tell of what never was, in ways that readers look at first: what the program
// saw by itself, a key that differs from what was requested, digits that were refused.
func forgedTellings() []mutation {
	var all []mutation
	add := func(name, says string, change func([]event.Record) []event.Record) {
		all = append(all, mutation{name: "told: " + name, names: []string{says}, do: func(t *testing.T, g *golden, dir string) { g.forge(t, dir, change) }})
	}
	add("a note that the program saw", "no note of people that they had not finished",
		afterStep(event.Observed, event.NoteAdded{Text: "The maker of the HSM attested key root."}))
	add("a deviation that the program saw", "the program writes down no such deviation by itself",
		afterStep(event.Observed, event.DeviationRecorded{Expected: "a working HSM", Happened: "it failed", DecidedBy: []string{}}))
	no := strings.Repeat("0", 64)
	add("a file of nobody that no deviation names", "no deviation names the files of nobody",
		afterStep(event.Observed, event.FileWritten{Path: event.LeftOverFolder + "/1/evil-ca.pem", Kind: event.KindLeftOver, SHA256: no}))
	add("a deviation about files of nobody that no line has", "it does not name the files that the lines before are about",
		afterStep(event.Observed, event.FilesOfNobody("evil-ca.pem")))
	add("a key that is not there, accepted as it is", "no key of the plan was read before that does so",
		afterStep(event.Stated, event.DeviationRecorded{Expected: "a", Happened: "b", Decision: "c", DecidedBy: []string{"alice", "bob"},
			KeySHA256: no, Departures: []string{"CKA_EXTRACTABLE is true"}}, "alice", "bob"))
	add("a key that is as it was requested, accepted as another one", "no key of the plan was read before that does so", func(records []event.Record) []event.Record {
		at := slices.IndexFunc(records, func(r event.Record) bool { e, ok := r.Event.(event.OperationFinished); return ok && e.Key != nil })
		made, _ := records[at].Event.(event.OperationFinished)
		r := records[at]
		r.How, r.By = event.Stated, []string{"alice", "bob"}
		r.Event = event.DeviationRecorded{Expected: "a", Happened: "b", Decision: "c", DecidedBy: r.By, KeySHA256: made.Key.SPKISHA256, Departures: []string{"CKA_EXTRACTABLE is true"}}
		return slices.Insert(records, at+1, r)
	})
	add("digits of no signature, refused", "which the plan does not have people confirm in this step",
		afterStep(event.Stated, event.ConfirmationRefused{Artifact: "no-such", Entered: "0000", Reason: event.OtherDigits}, "bob"))
	add("digits refused for a reason of one's own", "for another reason than that they are other digits", func(records []event.Record) []event.Record {
		at := slices.IndexFunc(records, func(r event.Record) bool { e, ok := r.Event.(event.SignatureConfirmed); return ok && e.Artifact != "" })
		confirmed, _ := records[at].Event.(event.SignatureConfirmed)
		r := records[at]
		r.By, r.Event = []string{"bob"}, event.ConfirmationRefused{Artifact: confirmed.Artifact, Entered: "0000", Reason: "this root is not ours"}
		return slices.Insert(records, at, r)
	})
	add("a process that took over a token for nothing", "to find its keys again, and does not", func(records []event.Record) []event.Record {
		at := slices.IndexFunc(records, func(r event.Record) bool { _, ok := r.Event.(event.SignatureConfirmed); return ok })
		r := records[at]
		r.How, r.By = event.Observed, []string{}
		r.Event = event.TokenRestarted{Token: "root", Reason: event.ReasonFresh}
		return slices.Insert(records, at, r)
	})
	return all
}
