// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package profiles

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"rootceremony/internal/source"
)

// period is a length of time to be checked against limits. Both ends are
// inclusive.
type period struct {
	start  Moment
	end    End
	window Window
	limits Limits
	fields [2]Field // what to blame: the start, the end
}

// noExpiration is the notAfter of a certificate that has no well-defined expiration
// date (RFC 5280 4.1.2.5).
var noExpiration = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)

// leapYears is the number of days after which the calendar repeats, but for
// the years 2100, 2200 and 2300.
const leapYears = 4*365 + 1

// leapCycle yields every day of four years.
func leapCycle(yield func(time.Time) bool) {
	for i := range leapYears {
		if !yield(time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC)) {
			return
		}
	}
}

// within reports whether no part of a is larger than that of b, so that a is
// not longer than b counted from any day.
func within(a, b source.Span) bool {
	return 12*a.Years+a.Months <= 12*b.Years+b.Months && a.Days <= b.Days && a.Seconds <= b.Seconds
}

// longest and shortest are bounds of a span in days, wherever it begins.
func longest(s source.Span) int { return 31*(12*s.Years+s.Months) + s.Days + 1 + int(s.Seconds/86400) }

func shortest(s source.Span) int { return 28*(12*s.Years+s.Months) + s.Days + int(s.Seconds/86400) }

// sometimesLonger reports whether there is a day from which a is longer than b.
func sometimesLonger(a, b source.Span) bool {
	if within(a, b) || longest(a) <= shortest(b) {
		return false
	}
	for t := range leapCycle {
		if a.AddTo(t).After(b.AddTo(t)) {
			return true
		}
	}
	return false
}

// fixed reports whether the moment is a fixed time. No period begins or ends with
// the signing of something else.
func (m Moment) fixed() bool { return m != SigningDay && m != SigningTime }

// starts gives the instants at which the period may begin: the one that is
// fixed, or the ends of the window and each midnight inside it, or every day of
// four years when the window is not known.
func (p *period) starts() (iter.Seq[time.Time], error) {
	if !p.start.fixed() && p.window.From.IsZero() {
		return leapCycle, nil
	}
	first, err := p.start.At(p.window.From)
	if err != nil || p.start.fixed() {
		return slices.Values([]time.Time{first}), err
	}
	last, err := p.start.At(p.window.To)
	out := []time.Time{first}
	for t := first.Truncate(24*time.Hour).AddDate(0, 0, 1); t.Before(last) && len(out) < leapYears; t = t.AddDate(0, 0, 1) {
		out = append(out, t)
	}
	return slices.Values(append(out, last)), err
}

// check reports what is wrong with the period; at most one problem.
func (p *period) check() []Problem {
	starts, err := p.starts()
	switch {
	case err != nil:
		return []Problem{{Field: p.fields[0], Msg: err.Error()}}
	case p.end.Time == "" && p.end.For.IsZero():
		return []Problem{{Field: p.fields[1], Msg: "the end is missing: give it as a time or as a length"}}
	case p.end.Time != "" && !p.end.For.IsZero():
		return []Problem{{Field: p.fields[1], Msg: "give the end as a time or as a length, not both"}}
	case p.end.Time != "" && !p.end.Time.fixed():
		return []Problem{{Field: p.fields[1], Msg: "the end cannot depend on the time of signing"}}
	case p.end.Time != "" && !p.start.fixed() && p.window.From.IsZero():
		return []Problem{{
			Field: p.fields[1], Msg: "the length depends on the time of signing",
			Hint: "give a length, or a fixed start as well",
		}}
	}
	same := p.end.Time == "" && within(p.end.For, p.limits.AtMost) && within(p.limits.AtLeast, p.end.For)
	for start := range starts {
		if msg := p.checkFrom(start); msg != "" {
			return []Problem{{Field: p.fields[1], Msg: msg, Citation: "RFC 5280 4.1.2.5"}}
		}
		if same { // on every other day too
			break
		}
	}
	return nil
}

// checkFrom checks the period when it begins at start. The last second counts,
// so a length is the end less the start plus one second.
func (p *period) checkFrom(start time.Time) string {
	last, err := p.end.inclusive(start)
	if err != nil {
		return err.Error()
	}
	show := func(t time.Time) string { return t.Format(utcSeconds) }
	switch end := last.Add(time.Second); {
	case p.limits.NoExpiration && last.Equal(noExpiration):
		return ""
	case last.Year() > 9999:
		return fmt.Sprintf("it would end after the year 9999 if it began at %s", show(start))
	case !last.After(start):
		return fmt.Sprintf("it would end at %s, not after its start at %s", show(last), show(start))
	case end.After(p.limits.AtMost.AddTo(start)):
		most := p.limits.AtMost.AddTo(start).Add(-time.Second)
		return fmt.Sprintf("longer than the profile's at-most %s: from %s to %s, allowed until %s, the last second counts",
			p.limits.AtMost, show(start), show(last), show(most))
	case end.Before(p.limits.AtLeast.AddTo(start)):
		least := p.limits.AtLeast.AddTo(start).Add(-time.Second)
		return fmt.Sprintf("shorter than the profile's at-least %s: from %s to %s, needed until %s",
			p.limits.AtLeast, show(start), show(last), show(least))
	}
	return ""
}
