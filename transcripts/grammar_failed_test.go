// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"crypto"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"slices"
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
	const ended, vain, open = "nothing but a stop follows that", "this key was sought in vain", "has no outcome, and nothing cut the session off"
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
		"no outcome":        {[]event.Event{call(1, random, ""), event.CeremonyStopped{}, event.SessionEnded{}}, open},
		"none before more":  {[]event.Event{call(1, random, ""), call(2, find, "")}, open},
		"cut off":           {[]event.Event{call(1, random, ""), event.SessionStarted{Session: 2}, event.CeremonyStopped{}, event.SessionEnded{}}, ""},
		"another is made":   {[]event.Event{call(1, find, ""), failed(1, find, ""), call(2, event.WhatGenerate, "")}, ""},
	} {
		records := numbered(append([]event.Event{event.CeremonyOpened{}, event.SessionStarted{Session: 1}}, c.then...))
		session := 1
		for i := range records {
			if s, is := records[i].Event.(event.SessionStarted); is {
				session = s.Session
			}
			records[i].How, records[i].Session = event.Reported, session
		}
		said := fmt.Sprint(checkGrammar(records).problems)
		for _, says := range []string{ended, vain, open} {
			if strings.Contains(said, says) != (says == c.says) {
				t.Errorf("%s: %q: %s", name, says, said)
			}
		}
	}
}

// TestGrammarAgain guards an auditor against calls that a session makes once and a record
// tells otherwise: a key that is used was made or found in that session, and by the process
// that proves it; random bytes make a serial number, one for an artifact.
func TestGrammarAgain(t *testing.T) {
	opened := []event.Event{event.TokenOpened{Token: "root"}, event.TokenCensus{Token: "root", When: event.CensusOpened, Objects: []event.Object{{Class: "private-key", ID: "0a"}}}}
	key := event.Key{SPKISHA256: hexDigest([]byte("k")), SPKI: base64.StdEncoding.EncodeToString([]byte("k")), ID: "0a"}
	call := func(n int, what, purpose string) event.Event {
		return event.OperationIntended{Operation: n, What: what, Token: "root", Purpose: purpose, For: "a", Key: &key}
	}
	done := func(n int, what string) event.Event {
		e := event.OperationFinished{Operation: n, What: what, Token: "root", Random: "AA=="}
		if what == event.WhatFind {
			e.Key = &key
		}
		return e
	}
	find, sign, random := event.WhatFind, event.WhatSign, event.WhatRandom
	restarted, again := event.TokenRestarted{Token: "root", Reason: event.ReasonFresh}, event.SessionStarted{Session: 2}
	serial := func(n int) event.Event { return event.SerialDrawn{Artifact: "a", Source: "root", Operation: n} }
	const thisSession, notFound, unused, twice, reopened = "neither generated nor found in this session", "was not found since token", "no serial number was made of the random bytes", "was drawn in this session", "was opened before in this session"
	for name, c := range map[string]struct {
		then []event.Event
		says string
	}{
		"found and used":             {[]event.Event{call(1, find, ""), done(1, find), call(2, sign, "")}, ""},
		"found in another session":   {append([]event.Event{call(1, find, ""), done(1, find), again}, append(slices.Clone(opened), call(2, sign, ""))...), thisSession},
		"found by another process":   {[]event.Event{call(1, find, ""), done(1, find), restarted, call(2, sign, event.PurposeProof)}, notFound},
		"found and proved":           {[]event.Event{restarted, call(1, find, ""), done(1, find), call(2, sign, event.PurposeProof)}, ""},
		"drawn":                      {[]event.Event{call(1, random, "serial-number"), done(1, random), serial(1), call(2, find, "")}, ""},
		"drawn for nothing":          {[]event.Event{call(1, random, "serial-number"), done(1, random), call(2, find, "")}, unused},
		"drawn twice":                {[]event.Event{call(1, random, "serial-number"), done(1, random), serial(1), call(2, random, "serial-number"), done(2, random), serial(2)}, twice},
		"drawn again for a new step": {[]event.Event{call(1, random, "serial-number"), done(1, random), serial(1), event.StepRedone{Artifact: "a"}, call(2, random, "serial-number"), done(2, random), serial(2)}, ""},
		"opened again":               {append([]event.Event{event.TokenClosed{Token: "root"}}, opened...), reopened},
	} {
		events := append([]event.Event{event.CeremonyOpened{}, event.SessionStarted{Session: 1}}, append(slices.Clone(opened), c.then...)...)
		records := numbered(events)
		session := 1
		for i := range records {
			if s, is := records[i].Event.(event.SessionStarted); is {
				session = s.Session
			}
			records[i].Session = session
		}
		said := fmt.Sprint(checkGrammar(records).problems)
		for _, says := range []string{thisSession, notFound, unused, twice, reopened} {
			if strings.Contains(said, says) != (says == c.says) {
				t.Errorf("%s: %q: %s", name, says, said)
			}
		}
	}
}

// TestFailedLong guards against a signature over bytes in a file that the record says does
// not verify: one that does exists, and counts as issued.
func TestFailedLong(t *testing.T) {
	const says = "the signature of operation 7 verifies, so it exists"
	for _, signed := range []string{"these bytes", "other bytes"} {
		r := openRoom(t, roomOptions{})
		r.play(roomOptions{unclosed: true})
		tbs := []byte("these bytes")
		path, digest := "evidence/tbs.der", sha512.Sum384([]byte(signed))
		_, err := r.j.WriteFile(path, "tbs", tbs, "")
		r.must(err)
		signature, err := lower{r.keys["root-x1"]}.Sign(nil, digest[:], crypto.SHA384)
		r.must(err)
		n := r.intend(event.OperationIntended{What: event.WhatSign, Key: &event.Key{Label: "root-x1", SPKISHA256: r.key("root-x1").SPKISHA256},
			Artifact: "root-x1-crl-1", Algorithm: "ecdsa-sha384", TBSFile: path, TBSSHA256: hexDigest(tbs)}, "")
		r.record(event.OperationFailed{Operation: n, What: event.WhatSign, Token: "root", Error: "it does not verify", Effect: event.EffectHappened,
			Signature: base64.StdEncoding.EncodeToString(signature)}, "")
		if got := said(verifyBundle(t, r.path, VerifyOptions{})); strings.Contains(got, says) != (signed == string(tbs)) {
			t.Errorf("%s were signed:\n%s", signed, got)
		}
	}
}
