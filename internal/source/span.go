// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Span is a length of time in calendar units. Years and months differ in
// length, so a Span is only comparable once it is added to an instant.
type Span struct {
	Years, Months, Days int
	Seconds             int64
}

// Limits of the numbers in a span; the largest spans stay below the year 9999.
const (
	maxUnits   = 100_000
	maxSeconds = 250 * 366 * 24 * 3600
)

const spanHint = "write it as 15y, 11mo, 90d, 36h, 20y6mo"

var span = regexp.MustCompile(`^(?:([1-9][0-9]*)y)?(?:([1-9][0-9]*)mo)?(?:([1-9][0-9]*)d)?` +
	`(?:([1-9][0-9]*)h)?(?:([1-9][0-9]*)min)?(?:([1-9][0-9]*)s)?$`)

// ParseSpan reads one or more of <n>y <n>mo <n>d <n>h <n>min <n>s, in that
// order, each at most once and without spaces between them; or "0s".
func ParseSpan(s string) (Span, error) {
	if s == "0s" {
		return Span{}, nil
	}
	m := span.FindStringSubmatch(s)
	if s == "" || m == nil {
		return Span{}, fmt.Errorf("%s is not a length of time", quote(s))
	}
	var n [6]int64
	for i, digits := range m[1:] {
		if digits == "" {
			continue
		}
		v, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || v > maxSeconds || i < 3 && v > maxUnits {
			return Span{}, fmt.Errorf("%s is too long", quote(s))
		}
		n[i] = v
	}
	seconds := n[3]*3600 + n[4]*60 + n[5]
	if n[0]+n[1]/12+n[2]/365 > 7000 || seconds > maxSeconds {
		return Span{}, fmt.Errorf("%s is too long", quote(s))
	}
	return Span{Years: int(n[0]), Months: int(n[1]), Days: int(n[2]), Seconds: seconds}, nil
}

// IsZero reports whether the span has no length.
func (s Span) IsZero() bool { return s == Span{} }

// String returns the canonical form: seconds are written as hours, minutes and
// seconds, other units stay as they are, and no length at all is "0s".
func (s Span) String() string {
	if s.IsZero() {
		return "0s"
	}
	var b strings.Builder
	for _, part := range []struct {
		n    int64
		unit string
	}{
		{int64(s.Years), "y"}, {int64(s.Months), "mo"}, {int64(s.Days), "d"},
		{s.Seconds / 3600, "h"}, {s.Seconds / 60 % 60, "min"}, {s.Seconds % 60, "s"},
	} {
		if part.n != 0 {
			fmt.Fprintf(&b, "%d%s", part.n, part.unit)
		}
	}
	return b.String()
}

// MarshalText returns the canonical form.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what [ParseSpan] reads.
func (s *Span) UnmarshalText(text []byte) error {
	parsed, err := ParseSpan(string(text))
	if err != nil {
		return err
	}
	*s = parsed
	return nil
}

// AddTo returns t plus the span, in the UTC calendar: first years and months,
// then days, then seconds. A day that the month reached by years and months
// does not have becomes its last day, so January 31 plus one month is February
// 28, or 29 in a leap year, and February 29 plus one year is February 28.
// (Package time would go on into March.)
func (s Span) AddTo(t time.Time) time.Time {
	t = t.UTC()
	first := time.Date(t.Year()+s.Years, t.Month()+time.Month(s.Months), 1,
		t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	day := first.AddDate(0, 0, min(t.Day(), last)-1+s.Days)
	return day.Add(time.Duration(s.Seconds) * time.Second)
}
