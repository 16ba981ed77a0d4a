// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"slices"
	"time"

	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// Window is when the ceremony may sign: both ends included, UTC.
type Window struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// Extend is how long people may continue to sign after the end, when two of them
	// decide it in the room.
	Extend source.Span `json:"extend,omitzero"`
}

// window reads when the ceremony may sign.
func (l *loader) window(n source.Node) {
	m := n.Map()
	defer m.Close()
	win := &l.Plan.Ceremony.Window
	win.From, win.To = m.Need("from").Time(), m.Need("to").Time()
	if e := m.Opt("extend"); e.Present() {
		win.Extend = e.Span()
	}
	if !win.From.IsZero() && !win.To.IsZero() && !win.From.Before(win.To) {
		n.Fail("the window ends (%s) before it begins (%s)", Stamp(win.To), Stamp(win.From))
	}
}

// Last is the last second at which the ceremony may sign if people extend the
// window.
func (w Window) Last() time.Time { return w.Extend.AddTo(w.To) }

// Allows reports whether the ceremony may sign at a moment; extended says that
// people have extended the window.
func (w Window) Allows(at time.Time, extended bool) bool {
	last := w.To
	if extended {
		last = w.Last()
	}
	return !at.Before(w.From) && !at.After(last)
}

// String is the window as people read it.
func (w Window) String() string {
	s := Stamp(w.From) + " to " + Stamp(w.To)
	if !w.Extend.IsZero() {
		s += ", to be extended until " + Stamp(w.Last()) + " if two people decide it"
	}
	return s
}

// bounds are the ends between which something may be signed at all.
func (w Window) bounds() profiles.Window { return profiles.Window{From: w.From, To: w.Last()} }

// ends are the moments at which values are shown that follow from the signing.
func (w Window) ends() []time.Time {
	if w.Extend.IsZero() {
		return []time.Time{w.From, w.To}
	}
	return []time.Time{w.From, w.To, w.Last()}
}

// signings gives the moments at which planning lints each of n artifacts: all at
// the first second of the window, all at its last, also when it is extended, and one
// after another from end to end. What the room does lies between these.
func (w Window) signings(n int) [][]time.Time {
	var out [][]time.Time
	for _, at := range w.ends() {
		out = append(out, slices.Repeat([]time.Time{at}, n))
	}
	spread := make([]time.Time, n)
	for i := range spread {
		spread[i] = w.From
		if n > 1 {
			spread[i] = w.From.Add(w.Last().Sub(w.From) / time.Duration(n-1) * time.Duration(i)).Truncate(time.Second)
		}
	}
	return append(out, spread)
}
