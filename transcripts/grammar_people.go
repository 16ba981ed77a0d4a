// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"maps"
	"slices"

	"rootceremony/transcripts/event"
)

// peopleOf follows who is in the room and at the keyboard.
func (g *grammar) peopleOf(r *event.Record) {
	switch e := r.Event.(type) {
	case event.ParticipantArrived:
		if g.roles[e] {
			g.bad(r, "%s is in the room as %s already", e.Person, e.Role)
		}
		g.arrived[e.Person], g.roles[e] = true, true
	case event.ParticipantLeft:
		g.inRoom(r, e.Person)
		g.inRoom(r, r.By...)
		delete(g.arrived, e.Person)
		maps.DeleteFunc(g.roles, func(in event.ParticipantArrived, _ bool) bool { return in.Person == e.Person })
		if g.keyboard == e.Person {
			g.keyboard = ""
		}
	case event.KeyboardTaken:
		g.keyboard = e.Person
		g.inRoom(r, e.Person)
		if !slices.Equal(r.By, []string{e.Person}) {
			g.bad(r, "%s sits down, but others say so", e.Person)
		}
	case event.TokenOpened, event.StepStarted, event.OperationIntended:
		if g.keyboard == "" {
			g.bad(r, "no event before it says who is at the keyboard")
			g.keyboard = "somebody" // said once
		}
		g.inRoom(r, r.By...)
	default:
		if _, clock := e.(event.ClockAttested); clock && len(g.arrived) == 0 {
			break // the clock is set before anything else can have a time
		}
		g.inRoom(r, r.By...)
	}
}

// inRoom demands that people whom a line names have arrived.
func (g *grammar) inRoom(r *event.Record, people ...string) {
	for _, who := range people {
		if !g.arrived[who] {
			g.bad(r, "%s is not in the room", who)
		}
	}
}

// distinct counts different people.
func distinct(people []string) int {
	people = slices.Clone(people)
	slices.Sort(people)
	return len(slices.Compact(people))
}
