// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"fmt"
	"time"

	"rootceremony/internal/source"
)

// period is a length of time to be held to limits. Both ends are inclusive.
type period struct {
	start  Moment
	end    End
	window Window
	limits Limits
	fields [2]string // what to blame: the start, the end
}

// leapYears is the number of days after which the calendar repeats, but for
// the years 2100, 2200 and 2300.
const leapYears = 4*365 + 1

// leapCycle returns every day of four years.
func leapCycle() []time.Time {
	out := make([]time.Time, leapYears)
	for i := range out {
		out[i] = time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC)
	}
	return out
}

// firstLonger returns the first of the instants from which a is longer than b,
// or the zero time.
func firstLonger(a, b source.Span, from []time.Time) time.Time {
	if 12*a.Years+a.Months <= 12*b.Years+b.Months && a.Days <= b.Days && a.Seconds <= b.Seconds {
		return time.Time{}
	}
	for _, t := range from {
		if a.AddTo(t).After(b.AddTo(t)) {
			return t
		}
	}
	return time.Time{}
}

// fixed reports whether the moment does not follow from the signing.
func (m Moment) fixed() bool { return m != SigningDay && m != SigningTime }

// starts returns the instants at which the period may begin: the one that is
// fixed, or the ends of the window and each midnight inside it, or every day of
// four years when the window is not known.
func (p *period) starts() ([]time.Time, error) {
	if p.start.fixed() {
		t, err := p.start.At(time.Time{})
		return []time.Time{t}, err
	}
	if p.window.From.IsZero() {
		return leapCycle(), nil
	}
	first, err := p.start.At(p.window.From)
	if err != nil {
		return nil, err
	}
	last, err := p.start.At(p.window.To)
	out := []time.Time{first}
	for t := first.Truncate(24*time.Hour).AddDate(0, 0, 1); t.Before(last) && len(out) < leapYears; t = t.AddDate(0, 0, 1) {
		out = append(out, t)
	}
	return append(out, last), err
}

// check reports what is wrong with the period; at most one problem.
func (p *period) check() []Problem {
	starts, err := p.starts()
	switch {
	case err != nil:
		return []Problem{{Field: p.fields[0], Msg: err.Error()}}
	case (p.end.Time == "") == p.end.For.IsZero():
		return []Problem{{Field: p.fields[1], Msg: "the end must be a time or a length, and not both"}}
	case p.end.Time != "" && !p.end.Time.fixed():
		return []Problem{{Field: p.fields[1], Msg: "the end cannot follow from the signing"}}
	case p.end.Time != "" && !p.start.fixed() && p.window.From.IsZero():
		return []Problem{{
			Field: p.fields[1], Msg: "the length is not known before the signing",
			Hint: "give a length, or fix the start as well",
		}}
	}
	for _, start := range starts {
		if msg := p.checkFrom(start); msg != "" {
			return []Problem{{Field: p.fields[1], Msg: msg, Citation: "RFC 5280 4.1.2.5"}}
		}
	}
	return nil
}

// checkFrom judges the period when it begins at start. The last second counts,
// so a length is the end less the start plus one second.
func (p *period) checkFrom(start time.Time) string {
	last, err := p.end.inclusive(start)
	if err != nil {
		return err.Error()
	}
	const form = "2006-01-02T15:04:05Z"
	from := start.Format(form)
	switch end := last.Add(time.Second); {
	case last.Year() > 9999:
		return fmt.Sprintf("it would end after the year 9999 if it began at %s", from)
	case !last.After(start):
		return fmt.Sprintf("it would end at %s, not after its start at %s", last.Format(form), from)
	case end.After(p.limits.AtMost.AddTo(start)):
		most := p.limits.AtMost.AddTo(start).Add(-time.Second)
		return fmt.Sprintf("longer than the profile's at-most %s: from %s to %s, allowed until %s, the last second counts",
			p.limits.AtMost, from, last.Format(form), most.Format(form))
	case end.Before(p.limits.AtLeast.AddTo(start)):
		least := p.limits.AtLeast.AddTo(start).Add(-time.Second)
		return fmt.Sprintf("shorter than the profile's at-least %s: from %s to %s, needed until %s",
			p.limits.AtLeast, from, last.Format(form), least.Format(form))
	}
	return ""
}
