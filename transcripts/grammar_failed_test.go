// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"
	"strings"
	"testing"

	"rootceremony/transcripts/event"
)

// TestGrammarFailed guards an auditor against a call that failed only in the record: the
// session ends with it, and a key is sought again only once people chose one.
func TestGrammarFailed(t *testing.T) {
	call := func(n int, what, purpose string) event.OperationIntended {
		return event.OperationIntended{Operation: n, What: what, Token: "root", Purpose: purpose, Key: &event.Key{SPKISHA256: "one", ID: "0a"}}
	}
	failed := func(n int, what, signature string) event.OperationFailed {
		return event.OperationFailed{Operation: n, What: what, Token: "root", Effect: event.EffectNone, Signature: signature}
	}
	chosen := event.DeviationRecorded{Exception: event.ExceptionChosen, Chosen: &event.Key{SPKISHA256: "one"}}
	const ended, vain = "nothing but a stop follows that", "this key was sought in vain"
	find, random, destroy := event.WhatFind, event.WhatRandom, event.WhatDestroy
	for name, c := range map[string]struct {
		then []event.Event
		says string
	}{
		"a stop":            {[]event.Event{call(1, random, ""), failed(1, random, ""), event.StepFinished{Outcome: event.StepFailed}, event.CeremonyStopped{}}, ""},
		"another call":      {[]event.Event{call(1, random, ""), failed(1, random, ""), call(2, random, "")}, ended},
		"another step":      {[]event.Event{call(1, random, ""), failed(1, random, ""), event.StepStarted{}}, ended},
		"a step done":       {[]event.Event{call(1, random, ""), failed(1, random, ""), event.StepFinished{Outcome: event.StepDone}}, ended},
		"another session":   {[]event.Event{call(1, random, ""), failed(1, random, ""), event.SessionStarted{Session: 2}, call(2, random, "")}, ""},
		"others destroyed":  {[]event.Event{call(1, destroy, ""), failed(1, destroy, ""), call(2, destroy, "")}, ""},
		"a wrong proof":     {[]event.Event{call(1, event.WhatSign, event.PurposeProof), failed(1, event.WhatSign, "AA=="), call(2, find, "")}, ""},
		"a wrong signature": {[]event.Event{call(1, event.WhatSign, ""), failed(1, event.WhatSign, "AA=="), call(2, find, "")}, ended},
		"sought again":      {[]event.Event{call(1, find, ""), failed(1, find, ""), call(2, find, "")}, vain},
		"chosen":            {[]event.Event{call(1, find, ""), failed(1, find, ""), chosen, call(2, find, "")}, ""},
		"another is made":   {[]event.Event{call(1, find, ""), failed(1, find, ""), call(2, event.WhatGenerate, "")}, ""},
	} {
		records := numbered(append([]event.Event{event.CeremonyOpened{}, event.SessionStarted{Session: 1}}, c.then...))
		for i := range records {
			records[i].How = event.Reported
		}
		said := fmt.Sprint(checkGrammar(records).problems)
		for _, says := range []string{ended, vain} {
			if strings.Contains(said, says) != (says == c.says) {
				t.Errorf("%s: %q: %s", name, says, said)
			}
		}
	}
}
