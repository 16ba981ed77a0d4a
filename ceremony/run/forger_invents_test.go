// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"rootceremony/internal/term"
	"rootceremony/transcripts/event"
)

// renumberedFrom counts the calls from one on anew, with one more before them.
func renumberedFrom(records []event.Record, first int) []event.Record {
	more := func(n *int) {
		if *n >= first {
			*n++
		}
	}
	for i := range records {
		switch e := records[i].Event.(type) {
		case event.OperationIntended:
			more(&e.Operation)
			records[i].Event = e
		case event.OperationFinished:
			more(&e.Operation)
			records[i].Event = e
		case event.OperationFailed:
			more(&e.Operation)
			records[i].Event = e
		case event.SerialDrawn:
			more(&e.Operation)
			records[i].Event = e
		case event.KeyProved:
			more(&e.Operation)
			records[i].Event = e
		}
	}
	return records
}

// told has an event follow another line, at its time and in its step.
func told(after event.Record, e event.Event, how event.How, by ...string) event.Record {
	after.Event, after.How, after.By = e, how, by
	return after
}

// inventedCalls tell of calls that failed and did nothing: before a call of the same kind,
// and before a session ends.
func inventedCalls(records []event.Record) []forging {
	var all []forging
	insert := func(name string, at, number int, in event.OperationIntended) {
		all = append(all, forging{name, at + 1, func(l []event.Record) []event.Record {
			l = renumberedFrom(l, number)
			in := in
			in.Operation = number
			failed := event.OperationFailed{Operation: number, What: in.What, Token: in.Token, Error: "CKR_DEVICE_ERROR", Effect: event.EffectNone}
			return slices.Insert(l, at, told(l[at], in, event.Observed), told(l[at], failed, event.Reported))
		}})
	}
	last, seen := event.OperationIntended{}, map[string]bool{}
	for i, r := range records {
		switch e := r.Event.(type) {
		case event.SessionStarted:
			last = event.OperationIntended{Operation: last.Operation}
		case event.OperationIntended:
			if kind := strings.TrimSpace(e.What + " " + e.Purpose); !seen[kind] {
				seen[kind] = true
				insert("operation.failed "+kind+": invent one before", i, e.Operation, e)
			}
			last = e
		case event.StepFinished:
			if e.Outcome == event.StepFailed && last.What == event.WhatSign && !seen["end"] {
				seen["end"] = true
				insert("operation.failed find: invent one before a session ends", i, last.Operation+1,
					event.OperationIntended{What: event.WhatFind, Token: last.Token, Key: last.Key, PlanSHA256: last.PlanSHA256})
			}
		}
	}
	return all
}

// repeatedCalls leave out calls that found keys or drew random bytes, and make them twice.
func repeatedCalls(records []event.Record) []forging {
	var all []forging
	begun, seen := map[int]int{}, map[string]bool{}
	for i, r := range records {
		switch e := r.Event.(type) {
		case event.OperationIntended:
			begun[e.Operation] = i
		case event.OperationFinished:
			first := begun[e.Operation]
			kind := fmt.Sprintf("operation.finished %s, in a step %t: ", e.What, r.Step != "")
			if e.What != event.WhatFind && e.What != event.WhatRandom || seen[kind] {
				continue
			}
			seen[kind] = true
			all = append(all, forging{kind + "leave out the call", first + 1, func(l []event.Record) []event.Record { return leftOut(l, first, i+1) }},
				forging{kind + "make it twice", i + 2, func(l []event.Record) []event.Record {
					twice := []event.Record{l[first], l[i]}
					l = renumberedFrom(l, e.Operation+1)
					for n := range twice {
						twice[n].Time, twice[n].Mono = l[i].Time, l[i].Mono
						if f, is := twice[n].Event.(event.OperationFinished); is {
							f.DurationMS = 0
							twice[n].Event = f
						}
					}
					l = slices.Insert(l, i+1, renumberedFrom(twice, e.Operation)...)
					return l
				}})
		}
	}
	return all
}

// strangers are lines that the program never writes, at the end of a step.
func strangers(records []event.Record) []forging {
	var all []forging
	written := map[string]bool{}
	at := slices.IndexFunc(records, func(r event.Record) bool {
		switch r.Event.(type) {
		case event.StepRecorded:
			written[r.Step] = true
		case event.StepFinished:
			return !written[r.Step]
		}
		return false
	})
	digest := strings.Repeat("5c", 32)
	sum, err := hex.DecodeString(digest)
	if err != nil {
		panic(err)
	}
	words := joinWords(term.Words(sum))
	for name, r := range map[string]event.Record{
		"digest.read: invent one of the tool":    told(records[at], event.DigestRead{What: event.WhatTool, SHA256: digest, Words: words}, event.Stated, "alice", "bob"),
		"digest.read: invent one of MANIFEST":    told(records[at], event.DigestRead{What: event.WhatManifest, SHA256: digest, Words: words}, event.Stated, "alice", "bob"),
		"digest.read: invent one of an artifact": told(records[at], event.DigestRead{What: event.WhatArtifact, Artifact: "root-cert", SHA256: digest, Words: words}, event.Stated, "alice", "bob"),
		"step.recorded: invent one":              told(records[at], event.StepRecorded{Fields: map[string]string{"weather": "fine"}}, event.Stated, "alice"),
	} {
		all = append(all, forging{name, at + 1, func(l []event.Record) []event.Record { return slices.Insert(l, at, r) }})
	}
	return all
}

// uncounted leave each key that was made or found out of all that was counted.
func uncounted(records []event.Record) []forging {
	var all []forging
	seen := map[string]bool{}
	for _, r := range records {
		e, is := r.Event.(event.OperationFinished)
		if !is || e.Key == nil || seen[e.What] {
			continue
		}
		seen[e.What] = true
		first := slices.IndexFunc(records, func(r event.Record) bool { return lists(r.Event, e.Key.ID) })
		all = append(all, forging{"token.census: leave out a key of " + e.What, first + 1, func(l []event.Record) []event.Record {
			for i := range l {
				l[i].Event = unlisted(l[i].Event, e.Key.ID)
			}
			return l
		}})
	}
	return all
}

func lists(e event.Event, id string) bool { return !sameEvent(e, unlisted(e, id)) }

func sameEvent(a, b event.Event) bool {
	one, err := event.Canonical(a)
	other, err2 := event.Canonical(b)
	return err == nil && err2 == nil && string(one) == string(other)
}

// unlisted takes the objects with an id out of what an event counts.
func unlisted(e event.Event, id string) event.Event {
	without := func(objects []event.Object) []event.Object {
		return slices.DeleteFunc(slices.Clone(objects), func(o event.Object) bool { return o.ID == id })
	}
	change := func(c *event.CensusChange) *event.CensusChange {
		if c == nil {
			return nil
		}
		return &event.CensusChange{Added: without(c.Added), Removed: without(c.Removed)}
	}
	switch e := e.(type) {
	case event.TokenCensus:
		e.Objects = without(e.Objects)
		return e
	case event.OperationFinished:
		e.Census = change(e.Census)
		return e
	case event.OperationFailed:
		e.Census = change(e.Census)
		return e
	}
	return e
}

// roomForgings say that others answered, came or were at the keyboard: people who are in
// the room, or whom the plan names.
func roomForgings(records []event.Record) []forging {
	var all []forging
	here := map[string]string{} // role by person
	seen := map[string]bool{}
	for i, r := range records {
		switch e := r.Event.(type) {
		case event.SessionStarted:
			clear(here)
		case event.ParticipantLeft:
			delete(here, e.Person)
		}
		for n, who := range r.By {
			for _, other := range slices.Sorted(maps.Keys(here)) {
				role := here[other]
				kind := r.Event.Type() + " by: another who is in the room as " + map[bool]string{true: "the same", false: "something else"}[role == here[who]]
				if slices.Contains(r.By, other) || seen[kind] {
					continue
				}
				seen[kind] = true
				all = append(all, forging{kind, i + 1, func(l []event.Record) []event.Record {
					l[i].By = slices.Clone(l[i].By)
					l[i].By[n] = other
					switch e := l[i].Event.(type) {
					case event.KeyboardTaken:
						e.Person = other
						l[i].Event = e
					case event.DeviationRecorded:
						e.DecidedBy = l[i].By
						l[i].Event = e
					}
					return l
				}})
			}
		}
		if e, is := r.Event.(event.ParticipantArrived); is {
			here[e.Person] = e.Role
		}
	}
	return slices.Concat(all, guestForgings(records), absenceForgings(records))
}

// absenceForgings leave out that somebody left and came back, and tell that a witness did
// and that another person sat down at the keyboard.
func absenceForgings(records []event.Record) []forging {
	var all []forging
	gone := map[string]int{}
	for i, r := range records {
		switch e := r.Event.(type) {
		case event.ParticipantLeft:
			gone[e.Person] = i
		case event.ParticipantArrived:
			if left, is := gone[e.Person]; is && records[left].Session == r.Session {
				return append(all, forging{"participant.left: leave out an absence", left + 1, func(l []event.Record) []event.Record {
					return slices.Delete(slices.Delete(l, i, i+1), left, left+1)
				}})
			}
		case event.NoteAdded:
			tell := func(name string, lines ...event.Record) {
				all = append(all, forging{name, i + 1, func(l []event.Record) []event.Record { return slices.Insert(l, i, lines...) }})
			}
			tell("participant.left: invent an absence", told(r, event.ParticipantLeft{Person: "bob"}, r.How, "alice"),
				told(r, event.ParticipantArrived{Person: "bob", Role: "internal-witness"}, r.How, "alice"))
			tell("keyboard.taken: invent a hand-over", told(r, event.KeyboardTaken{Person: "bob"}, r.How, "bob"))
		}
	}
	return all
}

// guestForgings leave out somebody who came and answered for nothing, and tell of one.
func guestForgings(records []event.Record) []forging {
	var all []forging
	busy, sessions := map[string]bool{}, 0
	for _, r := range records {
		for _, who := range r.By {
			if e, is := r.Event.(event.ParticipantArrived); !is || e.Person != who {
				busy[who] = true
			}
		}
		sessions = max(sessions, r.Session)
	}
	isGuest := func(r event.Record) bool {
		switch e := r.Event.(type) {
		case event.ParticipantArrived:
			return !busy[e.Person]
		case event.ParticipantLeft:
			return !busy[e.Person]
		}
		return false
	}
	if first := slices.IndexFunc(records, isGuest); first >= 0 {
		all = append(all, forging{"participant.arrived: leave out a guest", first + 1, func(l []event.Record) []event.Record { return slices.DeleteFunc(l, isGuest) }})
	}
	for i, r := range records {
		if e, is := r.Event.(event.ParticipantArrived); is && r.Session == sessions && e.Person == "bob" {
			all = append(all, forging{"participant.arrived: invent a guest", i + 2, func(l []event.Record) []event.Record {
				return slices.Insert(l, i+1, told(l[i], event.ParticipantArrived{Person: "carol", Role: e.Role}, l[i].How, l[i].By...))
			}})
		}
	}
	return all
}

// preflightForgings change what each check found.
func preflightForgings(records []event.Record) []forging {
	var all []forging
	for i, r := range records {
		e, is := r.Event.(event.PreflightChecked)
		if !is {
			continue
		}
		for n, c := range e.Checks {
			all = append(all, forging{"preflight.checked found by " + c.Check + ": change", i + 1, func(l []event.Record) []event.Record {
				e := e
				e.Checks = slices.Clone(e.Checks)
				e.Checks[n].Found += "x"
				l[i].Event = e
				return l
			}})
		}
		break
	}
	return all
}
