// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"
	"strings"
	"testing"

	"rootceremony/transcripts/event"
)

// TestSignedTwice allows a second signature only after a deviation.
func TestSignedTwice(t *testing.T) {
	for _, excused := range []bool{false, true} {
		r := openRoom(t, roomOptions{})
		r.play(roomOptions{unclosed: true})
		var first event.OperationIntended
		var result event.OperationFinished
		for _, rec := range r.j.Records() {
			switch e := rec.Event.(type) {
			case event.OperationIntended:
				if e.Artifact == "e1-cert" {
					first = e
				}
			case event.OperationFinished:
				if first.Operation > 0 && e.Operation == first.Operation {
					result = e
				}
			}
		}
		if excused {
			r.record(event.DeviationRecorded{Expected: "a file", Happened: "none", DecidedBy: []string{"alice", "bob"}}, "", "alice", "bob")
		}
		first.Operation = r.intend(first, "")
		result.Operation = first.Operation
		r.record(result, "")
		r.record(event.TokenCensus{Token: "root", When: event.CensusClosing, Objects: r.objects}, "")
		r.record(event.TokenClosed{Token: "root"}, "")
		_, err := r.j.Close(event.OutcomeComplete)
		r.must(err)
		if v := verifyBundle(t, r.path, VerifyOptions{}); v.OK() != excused {
			t.Errorf("with a deviation: %v:\n%s", excused, said(v))
		}
	}
}

// TestTableConfirmed confirms several objects by one digest.
func TestTableConfirmed(t *testing.T) {
	rows := []event.Confirmed{
		{Artifact: "crl-1", TBSSHA256: strings.Repeat("ab", 32)}, {Artifact: "ocsp-1", TBSSHA256: strings.Repeat("cd", 32)},
	}
	if want := rows[0].TBSSHA256 + "  crl-1\n" + rows[1].TBSSHA256 + "  ocsp-1\n"; string(event.Table(rows)) != want {
		t.Errorf("table %q", event.Table(rows))
	}
	digest := event.TableSHA256(rows)
	g := checkGrammar([]event.Record{
		{Seq: 1, Event: event.SignatureConfirmed{Table: rows, Digits: []string{digest[:4], digest[4:8]}}, By: []string{"alice", "bob"}},
	})
	s := g.artifact("ocsp-1")
	if _, ok := s.confirmed[rows[1].TBSSHA256]; !ok || strings.Contains(fmt.Sprint(g.problems), "digits") {
		t.Errorf("not confirmed: %v", g.problems)
	}
}

// TestGrammarSerialPurpose guards a serial number against random bytes that were
// drawn for another certificate.
func TestGrammarSerialPurpose(t *testing.T) {
	for artifact, ok := range map[string]bool{"a": true, "b": false} {
		records := []event.Record{
			{Seq: 1, Event: event.OperationIntended{Operation: 1, What: event.WhatRandom, Token: "root", Purpose: event.PurposeSerial, For: "a"}},
			{Seq: 2, Event: event.OperationFinished{Operation: 1, What: event.WhatRandom, Token: "root", Random: "AAEC"}},
			{Seq: 3, Event: event.SerialDrawn{Artifact: artifact, Serial: "0a1b", Source: "root", Operation: 1}},
		}
		said := strings.Contains(fmt.Sprint(checkGrammar(records).problems), "drew no random bytes for the serial number of "+artifact)
		if said == ok {
			t.Errorf("%s: said %t", artifact, said)
		}
	}
}
