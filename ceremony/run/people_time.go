// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
)

// timeOfDay is a time without its date, in UTC.
var timeOfDay = regexp.MustCompile(`^([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?[Zz]?$`)

// ofDay reads a time without its date, if it is one.
func ofDay(s string) (clock time.Time, found bool) {
	if !timeOfDay.MatchString(s) {
		return clock, false
	}
	text := strings.TrimRight(s, "Zz")
	if strings.Count(text, ":") == 1 {
		text += ":00"
	}
	clock, err := time.Parse("15:04:05", text)
	return clock, err == nil
}

// onDay reads a time; one without a date is on the day of the host's clock, at which it is
// nearest. Where that clock is far off, its date is in doubt, too.
func onDay(s string, host time.Time) (time.Time, error) {
	clock, found := ofDay(s)
	if !found {
		return plan.ParseUTC(s)
	}
	if t := nearest(clock, host); t.Sub(host).Abs() <= clocksApart {
		return t, nil
	}
	return clock, fmt.Errorf("%q is far from the host's clock, so that its date is in doubt, too: type the date as well, as in %s", s, plan.TimeExample)
}

// nearest is a time of day on the day at which it is nearest to now.
func nearest(clock, now time.Time) (t time.Time) {
	since := clock.Sub(time.Date(0, time.January, 1, 0, 0, 0, 0, time.UTC))
	for day := -1; day <= 1; day++ {
		other := now.UTC().Truncate(24*time.Hour).AddDate(0, 0, day).Add(since)
		if day == -1 || other.Sub(now).Abs() < t.Sub(now).Abs() {
			t = other
		}
	}
	return t
}

// clocksApart is how far the host's clock may be from the clocks in the room without a
// question: less than any time zone.
const clocksApart = 10 * time.Minute

// isTime reports whether a time was typed where a name is asked for.
func isTime(s string) bool {
	_, ofDay := ofDay(s)
	_, err := time.Parse(time.RFC3339, strings.ToUpper(s))
	return ofDay || err == nil
}
