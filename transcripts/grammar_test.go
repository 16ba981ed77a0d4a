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
	"time"

	"rootceremony/transcripts/event"
)

// edit changes the events of one type: the n-th of them, from 0, or with -1
// all.
func edit[E event.Event](n int, change func(r *event.Record, e *E)) func([]event.Record) []event.Record {
	return func(records []event.Record) []event.Record {
		seen := 0
		for i := range records {
			e, ok := records[i].Event.(E)
			if !ok {
				continue
			}
			if n < 0 || seen == n {
				change(&records[i], &e)
				records[i].Event = e
			}
			seen++
		}
		return records
	}
}

// drop removes the n-th event of a type.
func drop[E event.Event](n ...int) func([]event.Record) []event.Record {
	return func(records []event.Record) []event.Record {
		seen := 0
		return slices.DeleteFunc(records, func(r event.Record) bool {
			if _, ok := r.Event.(E); !ok {
				return false
			}
			seen++
			return slices.Contains(n, seen-1)
		})
	}
}

// twice repeats the n-th event of a type.
func twice[E event.Event](n int) func([]event.Record) []event.Record {
	return func(records []event.Record) []event.Record {
		seen := 0
		for i, r := range records {
			if _, ok := r.Event.(E); ok {
				if seen == n {
					return slices.Insert(records, i, r)
				}
				seen++
			}
		}
		return records
	}
}

// TestGrammar breaks each rule of a journal in a way that no chain or seal
// would notice: as whoever holds the seal key could.
func TestGrammar(t *testing.T) {
	records := playedRecords(t)
	if g := checkGrammar(records); len(g.problems) > 0 {
		t.Fatal(g.problems)
	}
	for want, change := range map[string]func([]event.Record) []event.Record{
		"the first event is not ceremony.opened":                        drop[event.CeremonyOpened](0),
		"the ceremony is already open":                                  twice[event.CeremonyOpened](0),
		"the second event is not session.started":                       drop[event.SessionStarted](0),
		"session 2 follows session 0":                                   edit(0, func(_ *event.Record, e *event.SessionStarted) { e.Session = 2 }),
		"the seal key is for":                                           edit(0, func(_ *event.Record, e *event.CeremonyOpened) { e.Ceremony = "other" }),
		"an earlier session used the same seal key":                     twice[event.SessionStarted](0),
		"plan_sha256 differs from prev":                                 edit(0, func(_ *event.Record, e *event.CeremonyOpened) { e.PlanSHA256 = strings.Repeat("0", 64) }),
		"stated, but nobody attends this rehearsal":                     edit(0, func(_ *event.Record, e *event.CeremonyOpened) { e.Mode, e.Unattended = event.Rehearsal, true }),
		"unattended, but not a rehearsal":                               edit(0, func(_ *event.Record, e *event.CeremonyOpened) { e.Unattended = true }),
		"the session has ended":                                         twice[event.SessionEnded](0),
		"the ceremony is already closed":                                twice[event.CeremonyClosed](0),
		"no preflight.checked before it says what was looked at":        drop[event.PreflightChecked](0),
		"host and devices were looked at before":                        twice[event.PreflightChecked](0),
		"only a real ceremony is preceded by one":                       edit(0, func(_ *event.Record, e *event.CeremonyOpened) { e.Mode = event.Rehearsal }),
		"session is 3, but session 1 is open":                           edit(0, func(r *event.Record, _ *event.NoteAdded) { r.Session = 3 }),
		"mono_ms goes back":                                             edit(0, func(r *event.Record, _ *event.NoteAdded) { r.Mono = 0 }),
		"time goes back":                                                edit(0, func(r *event.Record, _ *event.NoteAdded) { r.Time = r.Time.Add(-time.Hour) }),
		"step 1 is not finished":                                        drop[event.StepFinished](0),
		"step \"1\" is not open":                                        drop[event.StepStarted](0),
		"no step is named":                                              edit(0, func(r *event.Record, _ *event.StepRecorded) { r.Step = "" }),
		"bob is not in the room":                                        drop[event.ParticipantArrived](1),
		"keyboard.taken: zoe is not in the room":                        edit(0, func(_ *event.Record, e *event.KeyboardTaken) { e.Person = "zoe" }),
		"alice sits down, but others say so":                            edit(0, func(r *event.Record, _ *event.KeyboardTaken) { r.By = []string{"bob"} }),
		"no event before it says who is at the keyboard":                drop[event.KeyboardTaken](0),
		"stated, but no person is named":                                edit(0, func(r *event.Record, _ *event.NoteAdded) { r.By = nil }),
		"simulated, but":                                                edit(0, func(r *event.Record, _ *event.NoteAdded) { r.How = event.Simulated }),
		"token \"root\" is not open":                                    drop[event.TokenOpened](0),
		"token \"root\" was not closed properly":                        edit(0, func(_ *event.Record, e *event.TokenClosed) { e.Error = "CKR_DEVICE_ERROR" }),
		"token \"root\" was opened before in this session":              twice[event.TokenOpened](0),
		"a software token, but ceremony.opened says that there is none": edit(0, func(_ *event.Record, e *event.TokenOpened) { e.Software = true }),
		"token \"root\" was opened as root":                             edit(0, func(_ *event.Record, e *event.SessionStarted) { h := *e.Host; h.Root = true; e.Host = &h }),
		"operation 2 follows operation 0":                               drop[event.OperationIntended](0),
		"operation 1 was not intended":                                  drop[event.OperationIntended](0),
		"operation 1 already has an outcome":                            twice[event.OperationFinished](0),
		"operation 3 has no outcome":                                    drop[event.OperationFinished](2),
		"operation 5 has no outcome":                                    drop[event.OperationFailed](0),
		"operation 1 was intended as":                                   edit(0, func(_ *event.Record, e *event.OperationFinished) { e.What = event.WhatFind }),
		"spki_sha256 is not the digest of spki":                         edit(0, func(_ *event.Record, e *event.OperationFinished) { k := *e.Key; k.SPKI = "AAAA"; e.Key = &k }),
		"the key differs from the one in operation.intended":            edit(0, func(_ *event.Record, e *event.OperationFinished) { k := *e.Key; k.ID = "00"; e.Key = &k }),
		"no key":                               edit(0, func(_ *event.Record, e *event.OperationFinished) { e.Key = nil }),
		"no signature":                         edit(2, func(_ *event.Record, e *event.OperationFinished) { e.Signature = "" }),
		"does not verify under the public key": edit(2, func(_ *event.Record, e *event.OperationFinished) { e.Signature = "AAAA" + e.Signature[4:] }),
		"the key was neither generated nor found":            edit(2, func(_ *event.Record, e *event.OperationIntended) { e.Key = nil }),
		"tbs_sha256 is not the digest of tbs":                edit(2, func(_ *event.Record, e *event.OperationIntended) { e.TBS = "AAAA" + e.TBS[4:] }),
		"want tbs or tbs_file":                               edit(2, func(_ *event.Record, e *event.OperationIntended) { e.TBS = "" }),
		"a signature without artifact and purpose":           edit(2, func(_ *event.Record, e *event.OperationIntended) { e.Artifact = "" }),
		"unknown signature algorithm":                        edit(2, func(_ *event.Record, e *event.OperationIntended) { e.Algorithm = "md5-rsa" }),
		"does not fit a key of type":                         edit(2, func(_ *event.Record, e *event.OperationIntended) { e.Algorithm = "sha256-rsa" }),
		"plan_sha256 is not the digest of the plan in force": edit(2, func(_ *event.Record, e *event.OperationIntended) { e.PlanSHA256 = strings.Repeat("0", 64) }),
		"root-x1-cert was not linted before":                 edit(0, func(_ *event.Record, e *event.ObjectLinted) { e.Stage = event.StagePlanning }),
		"lint does not allow root-x1-cert":                   edit(0, func(_ *event.Record, e *event.ObjectLinted) { e.Clear = false }),
		"lint_sha256 is not the digest of":                   edit(2, func(_ *event.Record, e *event.OperationIntended) { e.LintSHA256 = "" }),
		"root-x1-cert over these bytes was not":              drop[event.SignatureConfirmed](0),
		"digits \"0000\" are not those":                      edit(0, func(_ *event.Record, e *event.SignatureConfirmed) { e.Digits = []string{e.Digits[0], "0000"} }),
		"at least two people must confirm":                   edit(0, func(r *event.Record, _ *event.SignatureConfirmed) { r.By = []string{"alice", "alice"} }),
		"root-x1-cert was not signed":                        drop[event.OperationFinished](2),
		"root-x1-cert.der was already written":               twice[event.ArtifactWritten](0),
		"root-x1-crl-1 was signed but never":                 drop[event.ArtifactWritten](4, 5),
		"root-x1-cert was delivered without being checked":   drop[event.ArtifactChecked](0),
		"outcome complete, but root-x1-cert is withheld":     edit(0, func(_ *event.Record, e *event.ArtifactWritten) { e.Withheld = "why" }),
		"is done, but root-x1-cert is withheld":              edit(0, func(_ *event.Record, e *event.ArtifactWritten) { e.Withheld = "why" }),
		"is done, but root-x1-crl-1 was signed but":          drop[event.ArtifactWritten](4, 5),
		"is done, but root-x1-cert failed the check":         edit(0, func(_ *event.Record, e *event.ArtifactChecked) { e.Checks = []event.Check{{Name: "x"}} }),
		"complete, but root-x1-cert failed the check \"x\"":  edit(0, func(_ *event.Record, e *event.ArtifactChecked) { e.Checks = []event.Check{{Name: "x"}} }),
		"failed the check \"lint after signing\"":            edit(1, func(_ *event.Record, e *event.ObjectLinted) { e.Clear = false }),
		"key \"root-x1\" was neither":                        edit(0, func(_ *event.Record, e *event.KeyProved) { e.SPKISHA256 = strings.Repeat("0", 64) }),
		"operation 1 is not a signature by":                  edit(0, func(_ *event.Record, e *event.KeyProved) { e.Operation = 1 }),
		"3 operations \"sign\"":                              drop[event.OperationFinished](4),
		"1 operations failed, but the journal":               drop[event.OperationFailed](0),
		"1 deviations, but the journal has 0":                drop[event.DeviationRecorded](0),
	} {
		changed := change(slices.Clone(records))
		for i := range changed {
			changed[i].Seq = i + 1
		}
		g := checkGrammar(changed)
		if !strings.Contains(fmt.Sprint(g.problems), want) {
			t.Errorf("want %q in %v", want, g.problems)
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

// TestGrammarAsRoot guards that two people accept, in the same session and before
// the first token, that the program runs as root.
func TestGrammarAsRoot(t *testing.T) {
	accepted := event.DeviationRecorded{Exception: event.ExceptionAsRoot, DecidedBy: []string{"alice", "bob"}}
	started := event.SessionStarted{Host: &event.Host{Root: true}}
	opened := event.TokenOpened{Token: "root"}
	for _, c := range []struct {
		name   string
		events []event.Event
		ok     bool
	}{
		{"accepted", []event.Event{started, accepted, opened}, true},
		{"by one", []event.Event{started, event.DeviationRecorded{Exception: event.ExceptionAsRoot, DecidedBy: []string{"alice"}}, opened}, false},
		{"something else", []event.Event{started, event.DeviationRecorded{Expected: "rain", DecidedBy: accepted.DecidedBy}, opened}, false},
		{"too late", []event.Event{started, opened, accepted}, false},
		{"in the session before", []event.Event{started, accepted, event.SessionEnded{}, started, opened}, false},
		{"software", []event.Event{event.CeremonyOpened{SoftwareTokens: true}, started, opened}, true},
	} {
		var records []event.Record
		for i, e := range c.events {
			records = append(records, event.Record{Seq: i + 1, Event: e})
		}
		said := false
		for _, p := range checkGrammar(records).problems {
			said = said || strings.Contains(p.What, "was opened as root")
		}
		if said == c.ok {
			t.Errorf("%s: said %t", c.name, said)
		}
	}
}

// TestGrammarNotClosed guards that a token whose module failed at the end is told by
// a deviation about that token, with the same error.
func TestGrammarNotClosed(t *testing.T) {
	told := event.DeviationRecorded{Exception: event.ExceptionNotClosed, Token: "root", Happened: "CKR_DEVICE_ERROR"}
	opened, closed := event.TokenOpened{Token: "root"}, event.TokenClosed{Token: "root", Error: "CKR_DEVICE_ERROR"}
	other := told
	other.Token = "issuing"
	words := event.DeviationRecorded{Expected: "token root is logged out of and closed", Happened: "CKR_DEVICE_ERROR"}
	for _, c := range []struct {
		name   string
		events []event.Event
		ok     bool
	}{
		{"told", []event.Event{opened, told, event.NoteAdded{}, closed}, true},
		{"told in words alone", []event.Event{opened, words, closed}, false},
		{"of another token", []event.Event{opened, other, closed}, false},
		{"another error", []event.Event{opened, event.DeviationRecorded{Exception: event.ExceptionNotClosed, Token: "root", Happened: "rain"}, closed}, false},
		{"told before it was opened again", []event.Event{opened, told, closed, opened, closed}, false},
	} {
		var records []event.Record
		for i, e := range c.events {
			records = append(records, event.Record{Seq: i + 1, Event: e})
		}
		said := false
		for _, p := range checkGrammar(records).problems {
			said = said || strings.Contains(p.What, "was not closed properly")
		}
		if said == c.ok {
			t.Errorf("%s: said %t", c.name, said)
		}
	}
}

// TestGrammarAbandoned guards a complete ceremony against a record that says that it was
// abandoned, which nobody decided, and the other way round.
func TestGrammarAbandoned(t *testing.T) {
	by := func(who ...string) event.Event {
		return event.DeviationRecorded{Exception: event.ExceptionAbandoned, DecidedBy: who}
	}
	session := func(n int) event.Event { return event.SessionStarted{Session: n} }
	begun := event.StepStarted{Title: "Look.", Kind: "do"}
	abandoned, complete := event.CeremonyClosed{Outcome: event.OutcomeAbandoned}, event.CeremonyClosed{Outcome: event.OutcomeComplete}
	for name, c := range map[string]struct {
		events []event.Event
		says   string
	}{
		"decided":            {[]event.Event{session(1), session(2), by("alice", "bob"), abandoned}, ""},
		"decided at first":   {[]event.Event{session(1), by("alice", "bob"), abandoned}, "in a session that does not continue it"},
		"after a step":       {[]event.Event{session(1), session(2), begun, by("alice", "bob"), abandoned}, "after a step of theirs"},
		"before a step":      {[]event.Event{session(1), session(2), by("alice", "bob"), begun, abandoned}, "a step begins after two people ended the ceremony for good"},
		"undecided":          {[]event.Event{session(1), abandoned}, "two people ended the ceremony for good"},
		"decided by one":     {[]event.Event{session(1), session(2), by("alice", "alice"), abandoned}, "two people ended the ceremony for good"},
		"decided before":     {[]event.Event{session(1), session(2), by("alice", "bob"), session(3), abandoned}, "two people ended the ceremony for good"},
		"complete":           {[]event.Event{session(1), complete}, ""},
		"decided, complete":  {[]event.Event{session(1), session(2), by("alice", "bob"), complete}, "two people ended the ceremony for good"},
		"decided, continued": {[]event.Event{session(1), session(2), by("alice", "bob"), session(3), complete}, ""},
	} {
		var records []event.Record
		for i, e := range c.events {
			records = append(records, event.Record{Seq: i + 1, Event: e})
		}
		said := ""
		for _, p := range checkGrammar(records).problems {
			if strings.Contains(p.What, "ended the ceremony") {
				said = p.What
			}
		}
		if !strings.Contains(said, c.says) || c.says == "" && said != "" {
			t.Errorf("%s: want %q, got %q", name, c.says, said)
		}
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

// TestPINRefusedByWhom guards a record against a PIN entered by somebody who was
// not there.
func TestPINRefusedByWhom(t *testing.T) {
	for person, want := range map[string]bool{"alice": false, "mallet": true, "": false} {
		g := checkGrammar([]event.Record{
			{Seq: 1, Event: event.ParticipantArrived{Person: "alice", Role: "administrator"}},
			{Seq: 2, Event: event.PINRefused{Token: "root", Outcome: event.PINWrong, Person: person}},
		})
		if got := strings.Contains(fmt.Sprint(g.problems), "pin.refused: "+person+" is not in the room"); got != want {
			t.Errorf("%q: %v", person, g.problems)
		}
	}
}

// TestGrammarRecovered guards what a session says of the record that it continues: who
// cuts lines between a crash and a resume must not choose the number that people read.
func TestGrammarRecovered(t *testing.T) {
	first := []event.Event{event.CeremonyOpened{}, event.SessionStarted{Session: 1}, event.NoteAdded{}}
	again := event.SessionStarted{Session: 2}
	for name, c := range map[string]struct {
		then []event.Event
		says string
	}{
		"as it is":             {[]event.Event{again, event.JournalRecovered{Lines: 3, CutOff: true}}, ""},
		"after another crash":  {[]event.Event{again, event.SessionStarted{Session: 3}, event.JournalRecovered{Lines: 4, CutOff: true}}, ""},
		"fewer lines":          {[]event.Event{again, event.JournalRecovered{Lines: -5, CutOff: true}}, "lines is -5, but 3 lines are before the session"},
		"more lines":           {[]event.Event{again, event.JournalRecovered{Lines: 1e15, CutOff: true}}, "but 3 lines are before the session"},
		"taken out":            {[]event.Event{again, event.NoteAdded{}}, "session 2 begins without journal.recovered"},
		"in the middle":        {[]event.Event{again, event.JournalRecovered{Lines: 3, CutOff: true}, event.JournalRecovered{Lines: 4, CutOff: true}}, "only a session after the first begins so"},
		"in the first session": {[]event.Event{event.JournalRecovered{Lines: 2}}, "only a session after the first begins so"},
		"half of a file":       {[]event.Event{again, event.JournalRecovered{Lines: 3, CutOff: true, Removed: []string{"lint/.a.json.partial0"}}}, ""},
		"a report, closed":     {[]event.Event{event.CeremonyClosed{}, again, event.JournalRecovered{Lines: 4, CutOff: true, Removed: []string{reportPath}}}, ""},
		"a report, not closed": {[]event.Event{again, event.JournalRecovered{Lines: 3, CutOff: true, Removed: []string{reportPath}}}, "removed: \"report/report.html\" is neither"},
		"a certificate":        {[]event.Event{event.CeremonyClosed{}, again, event.JournalRecovered{Lines: 4, CutOff: true, Removed: []string{"artifacts/root.der"}}}, "removed: \"artifacts/root.der\" is neither"},
		"one twice":            {[]event.Event{again, event.JournalRecovered{Lines: 3, CutOff: true, Removed: []string{".a.partial0", ".a.partial0"}}}, "removed: \".a.partial0\" is neither"},
	} {
		var records []event.Record
		for i, e := range append(slices.Clone(first), c.then...) {
			records = append(records, event.Record{Seq: i + 1, Event: e})
		}
		said := fmt.Sprint(checkGrammar(records).problems)
		if c.says == "" {
			for _, wrong := range []string{"lines is", "begins without", "only a session after", "removed:"} {
				if strings.Contains(said, wrong) {
					t.Errorf("%s: %s", name, said)
				}
			}
		} else if !strings.Contains(said, c.says) {
			t.Errorf("%s: lacks %q: %s", name, c.says, said)
		}
	}
}

// TestGrammarContinues guards the lines after the last head on paper: a session that goes
// on from them says that people compared a later head, or confirmed them.
func TestGrammarContinues(t *testing.T) {
	head := func(size int) event.Event { return event.DigestRead{What: event.WhatHead, Size: size, Compared: true} }
	confirmed := func(by ...string) event.Event {
		return event.DeviationRecorded{Exception: event.ExceptionNotOnPaper, DecidedBy: by}
	}
	const says = "no head on paper covers the record of the sessions before"
	for name, c := range map[string]struct {
		then []event.Event
		bad  bool
	}{
		"a head over all acts":         {[]event.Event{head(3)}, false},
		"an earlier head":              {[]event.Event{head(2)}, true},
		"a head that was not on paper": {[]event.Event{event.DigestRead{What: event.WhatHead, Size: 3}}, true},
		"confirmed by two":             {[]event.Event{confirmed("alice", "bob")}, false},
		"confirmed by one":             {[]event.Event{confirmed("alice", "alice")}, true},
		"another deviation":            {[]event.Event{event.DeviationRecorded{DecidedBy: []string{"alice", "bob"}}}, true},
		"nothing":                      {nil, true},
	} {
		events := append([]event.Event{event.CeremonyOpened{}, event.SessionStarted{Session: 1}, event.NoteAdded{}, event.SessionEnded{}, event.SessionStarted{Session: 2}}, c.then...)
		for _, act := range []event.Event{event.TokenOpened{}, event.StepStarted{}, event.StepRedone{}, event.PlanAmended{}} {
			var records []event.Record
			for i, e := range append(slices.Clone(events), act) {
				records = append(records, event.Record{Seq: i + 1, Event: e})
			}
			if said := fmt.Sprint(checkGrammar(records).problems); strings.Contains(said, says) != c.bad {
				t.Errorf("%s, %s: %s", name, act.Type(), said)
			}
		}
	}
}

// TestGrammarClocks guards readers of several sessions: no paper has a head of the session
// that compares it, and one that began before the one before it ended is named.
func TestGrammarClocks(t *testing.T) {
	day := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	read := func(session, size int, at time.Duration, mode event.Mode) *grammar {
		records := []event.Record{{Session: 1, Event: event.CeremonyOpened{Mode: mode}}, {Session: 1, Event: event.SessionStarted{Session: 1}}, {Session: 1, Time: day, Event: event.ClockAttested{}},
			{Session: 1, Time: day.Add(2 * time.Hour), Event: event.SessionEnded{}}, {Session: 2, Event: event.SessionStarted{Session: 2}}, {Session: 2, Event: event.JournalRecovered{Lines: 4}},
			{Session: 2, Time: day.Add(at), Event: event.ClockAttested{}}, {Session: session, Event: event.DigestRead{What: event.WhatHead, Size: size, Compared: true}}}
		for i := range records {
			records[i].Seq = i + 1
		}
		return checkGrammar(records)
	}
	const ownHead, earlier = "no paper has a head of this session, which began after line 4", "session 2 began at 2026-12-01T1"
	for name, c := range map[string]struct {
		g              *grammar
		head, backward bool
	}{
		"a head and a clock that fit":   {read(2, 4, 3*time.Hour, event.Run), false, false},
		"a head of this session":        {read(2, 5, 3*time.Hour, event.Run), true, false},
		"an earlier hour":               {read(2, 4, 1*time.Hour, event.Run), false, true},
		"the same minute":               {read(2, 4, 2*time.Hour-59*time.Second, event.Run), false, false},
		"an earlier hour, in rehearsal": {read(2, 4, 1*time.Hour, event.Rehearsal), false, false},
	} {
		if said := fmt.Sprint(c.g.problems); strings.Contains(said, ownHead) != c.head {
			t.Errorf("%s: %s", name, said)
		}
		if said := fmt.Sprint(c.g.notices); strings.Contains(said, earlier) != c.backward {
			t.Errorf("%s: %s", name, said)
		}
	}
}

// TestGrammarExceptions guards people against an exception that is none: who writes one
// into a record calls something an accident, or a decision of two people, that never was.
func TestGrammarExceptions(t *testing.T) {
	two := []string{"alice", "bob"}
	of := func(exception string) event.DeviationRecorded {
		return event.DeviationRecorded{Exception: exception, DecidedBy: two}
	}
	root := event.SessionStarted{Session: 1, Host: &event.Host{Root: true}}
	first, second := event.SessionStarted{Session: 1}, event.SessionStarted{Session: 2}
	unapproved := func(amendment int) event.DeviationRecorded {
		return event.DeviationRecorded{Exception: event.ExceptionUnapproved, Amendment: amendment, DecidedBy: two}
	}
	unclosed := event.DeviationRecorded{Exception: event.ExceptionNotClosed, Token: "root", Happened: "rain"}
	opened := event.TokenOpened{Token: "root"}
	head := event.DigestRead{What: event.WhatHead, Size: 3, Compared: true}
	sought := event.OperationIntended{Operation: 1, What: event.WhatFind, Token: "root", Key: &event.Key{SPKISHA256: "one"}}
	inVain := event.OperationFailed{Operation: 1, What: event.WhatFind, Token: "root", Effect: event.EffectNone}
	chosen := func(spki string) event.DeviationRecorded {
		return event.DeviationRecorded{Exception: event.ExceptionChosen, Chosen: &event.Key{ID: "01", SPKISHA256: spki}, DecidedBy: two}
	}
	for name, c := range map[string]struct {
		events []event.Event
		says   string
	}{
		"root":                       {[]event.Event{root, of(event.ExceptionAsRoot)}, ""},
		"root, twice":                {[]event.Event{root, of(event.ExceptionAsRoot), of(event.ExceptionAsRoot)}, "the program does not run as root"},
		"no root":                    {[]event.Event{first, of(event.ExceptionAsRoot)}, "the program does not run as root"},
		"not closed":                 {[]event.Event{first, opened, unclosed}, ""},
		"not closed, not open":       {[]event.Event{first, unclosed}, "token \"root\" is not open"},
		"on disk":                    {[]event.Event{first, event.NoteAdded{}, second, of(event.ExceptionNotOnPaper)}, ""},
		"on disk, nothing done":      {[]event.Event{first, second, of(event.ExceptionNotOnPaper)}, "a head on paper covers"},
		"on disk and on paper":       {[]event.Event{first, event.NoteAdded{}, second, head, of(event.ExceptionNotOnPaper)}, "a head on paper covers"},
		"on disk, twice":             {[]event.Event{first, event.NoteAdded{}, second, of(event.ExceptionNotOnPaper), of(event.ExceptionNotOnPaper)}, "two people confirmed it before"},
		"amendment":                  {[]event.Event{first, unapproved(1), event.PlanAmended{Number: 1}, event.StepStarted{}}, ""},
		"amendment, cut off":         {[]event.Event{first, unapproved(1), second, event.StepStarted{}}, ""},
		"another amendment":          {[]event.Event{first, unapproved(2), event.PlanAmended{Number: 1}}, "it is about amendment 2, but amendment 1 follows"},
		"no amendment":               {[]event.Event{first, unapproved(1), event.StepStarted{}}, "it is about amendment 1, which does not follow"},
		"amendment in force":         {[]event.Event{first, event.PlanAmended{Number: 1}, unapproved(1)}, "amendment 1 is in force"},
		"medium":                     {[]event.Event{first, second, of(event.ExceptionMedium), opened}, ""},
		"medium, twice":              {[]event.Event{first, second, of(event.ExceptionMedium), of(event.ExceptionMedium)}, "this was said of it before"},
		"medium, first session":      {[]event.Event{first, of(event.ExceptionMedium)}, "only a session that continues"},
		"key":                        {[]event.Event{first, sought, inVain, chosen("one")}, ""},
		"key, never sought":          {[]event.Event{first, chosen("one")}, "no search for the key failed just before"},
		"key, found":                 {[]event.Event{first, sought, event.OperationFinished{Operation: 1, What: event.WhatFind, Token: "root"}, chosen("one")}, "no search for the key failed just before"},
		"another key":                {[]event.Event{first, sought, inVain, chosen("two")}, "no search for the key failed just before"},
		"medium, later in a session": {[]event.Event{first, second, opened, of(event.ExceptionMedium)}, "only a session that continues"},
	} {
		records := []event.Record{{Seq: 1, Session: 1, Event: event.CeremonyOpened{}, How: event.Observed}}
		session := 0
		for i, e := range c.events {
			if started, is := e.(event.SessionStarted); is {
				session = started.Session
			}
			records = append(records, event.Record{Seq: i + 2, Session: session, Event: e, How: event.Stated})
		}
		said := ""
		for _, p := range checkGrammar(records).problems {
			if strings.HasPrefix(p.What, "deviation.recorded: ") && !strings.Contains(p.What, "no person") && !strings.Contains(p.What, "begins without") {
				said += p.What + "\n"
			}
		}
		if c.says == "" && said != "" || !strings.Contains(said, c.says) {
			t.Errorf("%s: want %q in %q", name, c.says, said)
		}
	}
}

// TestGrammarOnce guards counts that people read against lines that say a second time
// what happened once: that a token was counted before it was closed, and that people
// confirmed a signature.
func TestGrammarOnce(t *testing.T) {
	records := playedRecords(t)
	for name, c := range map[string]struct {
		change func([]event.Record) []event.Record
		says   string
	}{
		"census":       {twice[event.TokenCensus](1), "were counted already before it is closed"},
		"confirmation": {twice[event.SignatureConfirmed](0), "over these bytes was confirmed already"},
	} {
		if said := fmt.Sprint(checkGrammar(c.change(slices.Clone(records))).problems); !strings.Contains(said, c.says) {
			t.Errorf("%s: want %q in %s", name, c.says, said)
		}
	}
}

// playedRecords are those of a whole ceremony.
func playedRecords(t *testing.T) []event.Record {
	t.Helper()
	r := openRoom(t, roomOptions{})
	r.play(roomOptions{})
	_, err := r.j.Close(event.OutcomeComplete)
	check(t, err)
	return r.j.Records()
}
