// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/transcripts/event"
)

// gatherPeople asks who is here and what time it is in the room; nothing is
// written yet.
func (r *room) gatherPeople() ([]Person, *attested, error) {
	win := r.state.Plan.Ceremony.Window
	r.lately.forget()
	here := make([][]string, len(r.state.Plan.People))
	read := &attested{}
	if err := r.inTurn(append(r.attendance(here), r.clockQuestions(read)...)...); err != nil {
		return nil, nil, err
	}
	var present []Person
	for i, role := range r.state.Plan.People {
		for _, n := range here[i] {
			present = append(present, Person{Name: n, Role: role.Role})
		}
	}
	for _, text := range r.unsigned(names(present)) {
		r.say("%s", plan.Indent(text, 6))
	}
	if r.o.Mode == event.Rehearsal && !win.Allows(read.room, true) {
		read.room, read.clocks = r.rehearsedTime(read.room, read.clocks)
	}
	return present, read, nil
}

// unsigned says whose signatures on the manifest the policy will ask for, where too few of
// them are here: those who sign declare to have been present, and it is too late when all
// is signed. A policy that calls nobody as the plan does says nothing of who is here.
func (r *room) unsigned(here []string) (out []string) {
	policy, err := approval.ParsePolicy("", r.o.Policy)
	if err != nil { // without one, or said where approvals are checked
		return nil
	}
	for _, role := range policy.Lacking(approval.ManifestDeclaration, here) {
		if slices.ContainsFunc(role.Members, r.state.Plan.Names) {
			out = append(out, fmt.Sprintf("AT THE END %d of %s sign the manifest by the policy, and too few of them are here. Who comes in now types ARRIVE; without them the bundle stays incomplete.",
				role.Threshold, strings.Join(role.Members, ", ")))
		}
	}
	return out
}

// attested is what people read on the clocks of the room, and what the host's clock
// said then.
type attested struct {
	room, host time.Time
	clocks     []string
}

// clockQuestions ask for two clocks and then for the time on them: it holds from the
// moment at which it was typed.
func (r *room) clockQuestions(read *attested) []func() error {
	name := func(before int) func() error {
		return func() error {
			name, err := r.typed("the name of a clock", func() (string, error) { return r.o.People.Clock(read.clocks[:before]) })
			if err == nil {
				read.clocks = append(read.clocks[:before], name)
			}
			return err
		}
	}
	now := func() time.Time { return r.o.Clock.Now().Truncate(time.Second) }
	return []func() error{name(0), name(1), func() error {
		err := r.asking(func() (err error) {
			read.room, err = r.o.People.RoomTime(now(), r.state.Plan.Ceremony.Window)
			return err
		})
		read.host = now()
		return err
	}}
}

// rehearsedTime is what the clock of a rehearsal is set to on a day outside the window:
// a rehearsal may be on any day, and what it signs is as of the window.
func (r *room) rehearsedTime(typed time.Time, refs []string) (time.Time, []string) {
	win := r.state.Plan.Ceremony.Window
	at := rehearsalStart(win)
	r.say("%s", plan.Indent(fmt.Sprintf("%s is outside the window %s. A rehearsal may be on any day: its clock is set to %s.", plan.Stamp(typed), win, plan.Stamp(at)), 6))
	var set []string
	for _, name := range refs {
		set = append(set, name+" at "+plan.Stamp(typed)+", set into the window for the rehearsal")
	}
	return at, set
}

// attendance asks who is in the room, role by role.
func (r *room) attendance(here [][]string) []func() error {
	var questions []func() error
	for i, role := range r.state.Plan.People {
		questions = append(questions, func() (err error) {
			here[i], err = r.roll(role)
			return err
		})
	}
	return questions
}

// roll asks who is there in a role, until enough are named: all in one line, or one
// after the other. BACK begins with the first again.
func (r *room) roll(role plan.Role) (here []string, err error) {
	for len(here) < role.Need {
		ask := func() error {
			return r.asking(func() error {
				names, err := r.o.People.Present(role, here)
				here = append(here, names...)
				return err
			})
		}
		if len(here) == 0 {
			if err := ask(); err != nil {
				return nil, err
			}
			continue
		}
		back, err := r.orBack(ask)
		if err != nil {
			return nil, err
		}
		if back {
			here = nil
		}
	}
	return here, nil
}

// enter lets people in, at the time that they read in the room.
func (r *room) enter(present []Person, now time.Time) {
	r.present, r.clock = present, newRoomClock(r.o.Clock, now)
}

// recordPeople records the time and who is here.
func (r *room) recordPeople(read *attested) error {
	if err := r.note(read.event(), r.o.People.How(), r.two()...); err != nil {
		return err
	}
	for _, p := range r.present {
		if err := r.note(event.ParticipantArrived{Person: p.Name, Role: p.Role}, r.o.People.How(), r.two()...); err != nil {
			return err
		}
	}
	return r.takeKeyboard()
}

// takeKeyboard asks who types from here on; as long as nobody does, it has to be
// somebody.
func (r *room) takeKeyboard() error {
	ask := r.chosen
	if r.keyboard != "" {
		ask = r.chosenOrNobody
	}
	who, err := ask("Who is at the keyboard", r.whoIsHere)
	if err != nil || who == "" {
		return err
	}
	r.keyboard = who
	return r.note(event.KeyboardTaken{Person: who}, r.o.People.How(), who)
}

// event is what the record holds of it.
func (a *attested) event() event.ClockAttested {
	return event.ClockAttested{Room: plan.Stamp(a.room), Host: plan.Stamp(a.host), OffsetSeconds: int64(a.room.Sub(a.host).Seconds()), References: a.clocks}
}

// correctClock has the time read again and sets the ceremony clock to it.
func (r *room) correctClock() error {
	read := &attested{}
	back, err := r.orBack(func() error { return r.inTurn(r.clockQuestions(read)...) })
	if err != nil || back {
		return err
	}
	if win := r.state.Plan.Ceremony.Window; !win.Allows(read.room, true) {
		r.say("%s", plan.Indent(fmt.Sprintf("%s is outside the window %s; the clock is unchanged.", plan.Stamp(read.room), win), 6))
		return nil
	}
	r.clock.set(read.room)
	return r.note(read.event(), r.o.People.How(), r.two()...)
}

// named gives the people of a list of names.
func (r *room) named(names []string) []Person {
	var out []Person
	for _, p := range r.present {
		if plan.Find(names, func(n *string) bool { return *n == p.Name }) != nil {
			out = append(out, p)
		}
	}
	return out
}

// withRole gives the people present in any of the roles.
func (r *room) withRole(roles ...string) []Person {
	var out []Person
	for _, p := range r.present {
		if plan.Find(roles, func(s *string) bool { return *s == p.Role }) != nil {
			out = append(out, p)
		}
	}
	return out
}

// two names the administrator and a witness among those in the room.
func (r *room) two() []string { return twoOf(r.present) }

// twoOf names the administrator and a witness among those present.
func twoOf(present []Person) []string {
	var out []string
	for _, role := range []string{plan.RoleAdministrator, plan.RoleWitness} {
		if p := plan.Find(present, func(p *Person) bool { return p.Role == role }); p != nil {
			out = append(out, p.Name)
		}
	}
	return out
}

func names(people []Person) []string {
	out := []string{}
	for _, p := range people {
		out = append(out, p.Name)
	}
	return out
}

// whoIsHere lists the people in the room, each once.
func (r *room) whoIsHere() []string {
	here := names(r.present)
	slices.Sort(here)
	return slices.Compact(here)
}

// chosen asks for one of several people, who may have changed when it asks
// again; when none is left, it gives nobody. Too few people are no reason not to
// ask who comes or goes.
func (r *room) chosen(question string, of func() []string) (who string, err error) {
	err = r.askingAnyway(func() (err error) {
		if who = ""; len(of()) == 0 {
			return nil
		}
		who, err = r.o.People.Choice(question, of())
		return err
	})
	return who, err
}

// chosenOrNobody is chosen where BACK names nobody.
func (r *room) chosenOrNobody(question string, of func() []string) (who string, err error) {
	back, err := r.orBack(func() (err error) {
		who, err = r.chosen(question, of)
		return err
	})
	if back {
		return "", nil
	}
	return who, err
}

// moved is chosenOrNobody for who comes or goes: when that happened while it was asked,
// nobody is left to be named.
func (r *room) moved(word roomWord, question string, of func() []string) (string, error) {
	first := of()
	return r.chosenOrNobody(question, func() []string {
		if !slices.Equal(first, of()) {
			r.say("      That was done in the meantime; type %s again for somebody else.", string(word))
			return nil
		}
		return first
	})
}

// leave takes a person out of the room.
func (r *room) leave() error {
	who, err := r.moved(wordLeave, "Who leaves", r.whoIsHere)
	if err != nil || who == "" {
		return err
	}
	by := r.two()
	r.present = slices.DeleteFunc(r.present, func(p Person) bool { return p.Name == who })
	if err := r.note(event.ParticipantLeft{Person: who}, r.o.People.How(), by...); err != nil || who != r.keyboard {
		return err
	}
	r.keyboard = ""
	return r.takeKeyboard()
}

// away lists the people whom the plan names and who are not in the room.
func (r *room) away() []string {
	here := r.whoIsHere()
	var pool []string
	for _, role := range r.state.Plan.People {
		for _, name := range role.Of {
			if !slices.Contains(here, name) && !slices.Contains(pool, name) {
				pool = append(pool, name)
			}
		}
	}
	return pool
}

// arrive lets in a person whom the plan names.
func (r *room) arrive() error {
	if len(r.away()) == 0 {
		r.say("      Everybody named in the plan is here.")
		return nil
	}
	who, err := r.moved(wordArrive, "Who arrives", r.away)
	if err != nil || who == "" {
		return err
	}
	role := plan.Find(r.state.Plan.People, func(p *plan.Role) bool { return slices.Contains(p.Of, who) }).Role // one person holds one role
	r.present = append(r.present, Person{Name: who, Role: role})
	return r.note(event.ParticipantArrived{Person: who, Role: role}, r.o.People.How(), by(r.present, who)...)
}

// by names who confirms an arrival: the administrator and a witness, or
// the one of them who is there.
func by(present []Person, who string) []string {
	if two := twoOf(present); len(two) > 0 {
		return two
	}
	return []string{who}
}
