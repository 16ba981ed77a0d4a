// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"rootceremony/transcripts/event"
)

// TestLedgerIsCounted guards a signature that somebody leaves out of the last word,
// or calls by what it is not, and one that nobody owns in a complete ceremony.
func TestLedgerIsCounted(t *testing.T) {
	dir, _ := makeBundle(t, roomOptions{})
	records := verifyBundle(t, dir, VerifyOptions{}).Records
	at := slices.IndexFunc(records, func(r event.Record) bool { _, ok := r.Event.(event.CeremonyClosed); return ok })
	closed := records[at].Event.(event.CeremonyClosed)
	forged := func(change func(n map[string]int)) string {
		e, all := closed, slices.Clone(records)
		e.Signatures = maps.Clone(closed.Signatures)
		change(e.Signatures)
		all[at].Event = e
		return fmt.Sprint(checkGrammar(all).problems)
	}
	if got := forged(func(n map[string]int) { n[event.SignatureDelivered]-- }); !strings.Contains(got, `2 signatures "delivered", but the journal has 3`) {
		t.Errorf("one is left out: %s", got)
	}
	if got := forged(func(n map[string]int) { n[event.SignatureSettled]++ }); !strings.Contains(got, `1 signatures "settled", but the journal has 0`) {
		t.Errorf("one too many: %s", got)
	}
	orphan := slices.Clone(records)
	for i, r := range orphan {
		if e, ok := r.Event.(event.OperationFinished); ok && e.What == event.WhatSign {
			orphan[i].Event = event.OperationFailed{Operation: e.Operation, What: e.What, Token: e.Token, Effect: event.EffectUnknown}
		}
	}
	if got := fmt.Sprint(checkGrammar(orphan).problems); !strings.Contains(got, "nothing accounts for the signature of operation 3") {
		t.Errorf("unknown outcomes: %s", got)
	}
}
