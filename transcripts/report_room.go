// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"
	"slices"
	"strings"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// personView is one person.
type personView struct {
	Person, Roles string
	Moves         []string // when the person came, left and came back
	Confirmed     int
}

// clockView is one comparison of the host's clock with those of the room.
type clockView struct {
	Time, Room, Host, Offset, References, By string
}

// sealView is the digest of the key that sealed a session.
type sealView struct {
	Session int
	SHA256  string
}

// sessionView is the program and its host in one or more sessions.
type sessionView struct {
	programView
	Settings []Labelled
	Started  []string // one for each session
	numbers  []int
}

// programView is what is the same in sessions that are shown together.
type programView struct {
	Tool, Go, Revision, SHA256, Host string
}

// Sessions names the sessions.
func (v sessionView) Sessions() string { return sessionNumbers(v.numbers) }

func (r *reportView) addRoom(h *history.History) {
	for _, p := range h.People {
		r.People = append(r.People, personView{p.ID, strings.Join(p.Roles, ", "), moves(p), confirmations(h, p.ID)})
	}
	for i, d := range h.Deviations {
		r.Deviations = append(r.Deviations, deviationView{
			i + 1, clock(d.Time), d.Step, d.Event.Expected, d.Event.Happened, d.Event.Decision, strings.Join(d.Event.DecidedBy, ", "), d.Seq,
		})
		if d.Event.KeySHA256 != "" {
			r.Departing = append(r.Departing, r.Deviations[i])
		}
	}
	for _, n := range h.Notes {
		r.Notes = append(r.Notes, noteView{clock(n.Time), n.Event.Text, strings.Join(n.By, ", "), string(n.How)})
	}
	for _, c := range h.Clock {
		r.Clock = append(r.Clock, clockView{clock(c.Time), c.Event.Room, c.Event.Host, fmt.Sprintf("%+d s", c.Event.OffsetSeconds),
			strings.Join(c.Event.References, " and "), strings.Join(c.By, ", ")})
	}
	for _, s := range h.Sessions {
		r.addSession(s)
	}
	for _, t := range h.TokensOpened() {
		r.addToken(newTokenView(t.Event), t.Session)
	}
}

// moves says when a person came and went.
func moves(p *history.Person) []string {
	var said []string
	for i, m := range p.Moves {
		switch {
		case m.Left:
			said = append(said, "left "+clock(m.Time))
		case i > 0:
			said = append(said, "back "+clock(m.Time))
		default:
			said = append(said, clock(m.Time))
		}
	}
	return said
}

// confirmations counts how often somebody confirmed what was to be signed.
func confirmations(h *history.History, who string) int {
	n := 0
	for _, c := range h.Confirmations {
		if slices.Contains(c.By, who) {
			n++
		}
	}
	return n
}

// addSession shows a session beside an earlier one that differs in its start only.
func (r *reportView) addSession(s *history.Session) {
	n, e := s.Event.Session, s.Event
	seal, err := SealDigest(e.SealKey)
	if err != nil {
		seal = e.SealKey
	}
	r.Seals = append(r.Seals, sealView{n, seal})
	v := newSessionView(e)
	i := slices.IndexFunc(r.Sessions, func(o sessionView) bool {
		return o.programView == v.programView && slices.Equal(o.Settings, v.Settings)
	})
	if i < 0 {
		i, r.Sessions = len(r.Sessions), append(r.Sessions, v)
	}
	same := &r.Sessions[i]
	same.numbers, same.Started = append(same.numbers, n), append(same.Started, fmt.Sprintf("%d: %s", n, minutes(s.Time)))
}

func newSessionView(s event.SessionStarted) sessionView {
	v := sessionView{
		programView: programView{Tool: s.Tool.Version, Go: s.Tool.Go, Revision: s.Tool.VCSRevision, SHA256: s.Tool.SHA256},
		Settings:    labelled(s.Tool.Settings),
	}
	for _, l := range labelled(s.Tool.Linters) {
		v.Settings = append(v.Settings, Labelled{Label: l.Label, Value: l.Value, Note: "linter"})
	}
	if h := s.Host; h != nil {
		v.Host = strings.Join(strings.Fields(h.Name+" "+h.OS+" "+h.Arch+" "+h.Kernel), " ")
		if h.Root {
			v.Host += ", as root"
		}
	}
	return v
}

// addToken shows a token once as long as the module says the same of it.
func (r *reportView) addToken(v tokenView, session int) {
	i := slices.IndexFunc(r.Tokens, func(o tokenView) bool {
		return o.Token == v.Token && o.Software == v.Software && slices.Equal(o.Facts, v.Facts)
	})
	if i < 0 {
		i, r.Tokens = len(r.Tokens), append(r.Tokens, v)
	}
	r.Tokens[i].numbers = append(r.Tokens[i].numbers, session)
}

// sessionNumbers names sessions: "session 1", "sessions 1 to 4, 6".
func sessionNumbers(list []int) string {
	list = slices.Compact(slices.Clone(list))
	if len(list) == 1 {
		return fmt.Sprintf("session %d", list[0])
	}
	var runs []string
	for from := 0; from < len(list); {
		to := from
		for to+1 < len(list) && list[to+1] == list[to]+1 {
			to++
		}
		run := fmt.Sprint(list[from])
		if to > from {
			run += fmt.Sprintf(" to %d", list[to])
		}
		runs, from = append(runs, run), to+1
	}
	return "sessions " + strings.Join(runs, ", ")
}
