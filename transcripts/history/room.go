// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package history

import (
	"slices"
	"time"

	"rootceremony/transcripts/event"
)

// Person is somebody who was in the room.
type Person struct {
	ID      string
	Roles   []string  // all that the person ever had, in that order
	Arrived time.Time // for the first time
	Moves   []Move    // arrivals at the room, and departures
}

// Move is an arrival or a departure.
type Move struct {
	event.Record
	Person string
	Role   string // of a departure the last that the person had
	Left   bool
}

// present is a person in the room, in one role.
type present struct{ person, role string }

// Here names who is in the room in a role, everybody once.
func (h *History) Here(role string) []string {
	var names []string
	for _, p := range h.index.room {
		if p.role == role {
			names = append(names, p.person)
		}
	}
	return names
}

// IsHere reports whether one of the people is in the room in a role.
func (h *History) IsHere(role string, people ...string) bool {
	return slices.ContainsFunc(h.index.room, func(p present) bool {
		return p.role == role && slices.Contains(people, p.person)
	})
}

// IsInRoom reports whether somebody is in the room, in whichever role.
func (h *History) IsInRoom(person string) bool {
	return slices.ContainsFunc(h.index.room, func(p present) bool { return p.person == person })
}

// addRoom follows who comes and goes. A session begins with nobody in the room.
func (h *History) addRoom(r event.Record) {
	switch e := r.Event.(type) {
	case event.SessionStarted:
		h.index.room = nil
	case event.ParticipantArrived:
		h.arrive(r, e)
	case event.ParticipantLeft:
		h.index.room = slices.DeleteFunc(slices.Clone(h.index.room), func(p present) bool { return p.person == e.Person })
		move := Move{Record: r, Person: e.Person, Left: true}
		for _, m := range h.Moves {
			if m.Person == e.Person && m.Role != "" {
				move.Role = m.Role
			}
		}
		h.Moves = append(h.Moves, move)
		if p := h.index.people[e.Person]; p != nil {
			p.Moves = append(p.Moves, move)
		}
	}
}

func (h *History) arrive(r event.Record, e event.ParticipantArrived) {
	move := Move{Record: r, Person: e.Person, Role: e.Role}
	h.Moves = append(h.Moves, move)
	p := h.index.people[e.Person]
	if p == nil {
		p = &Person{ID: e.Person, Arrived: r.Time}
		h.index.people[e.Person] = p
		h.People = append(h.People, p)
	}
	if n := len(p.Moves); n == 0 || p.Moves[n-1].Left || p.Moves[n-1].Session != r.Session {
		p.Moves = append(p.Moves, move) // else it is another role of somebody who is there
	}
	if !slices.Contains(p.Roles, e.Role) {
		p.Roles = append(p.Roles, e.Role)
	}
	if here := (present{e.Person, e.Role}); !slices.Contains(h.index.room, here) {
		h.index.room = append(h.index.room, here)
	}
}
