// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/transcripts/event"
)

// TestForgerOfTimes guards readers against a time that is spelled as this program spells
// none: in another zone it looks like another hour, and other programs read a leap second or
// a part of a second otherwise.
func TestForgerOfTimes(t *testing.T) {
	d := deskOf(t, unapprovedRun(t, quickly(t, strings.Replace(ceremonytest.TwiceText, "  - pause: ", "  - do: ", 1))))
	zone := time.FixedZone("", 14*3600)
	for name, spell := range map[string]func(at time.Time) string{
		"in another zone":   func(at time.Time) string { return at.In(zone).Format(time.RFC3339) },
		"with +00:00":       func(at time.Time) string { return strings.Replace(at.Format(time.RFC3339), "Z", "+00:00", 1) },
		"with a part":       func(at time.Time) string { return strings.Replace(at.Format(time.RFC3339), "Z", ".000Z", 1) },
		"with a comma":      func(at time.Time) string { return strings.Replace(at.Format(time.RFC3339), "Z", ",000Z", 1) },
		"with a small part": func(at time.Time) string { return at.Add(time.Nanosecond).Format(time.RFC3339Nano) },
	} {
		again := func(was string) string {
			at, err := time.Parse(time.RFC3339, was)
			if err != nil {
				t.Fatal(err)
			}
			return spell(at.UTC())
		}
		for where, change := range map[string]func(e event.Event) event.Event{
			"moment": func(e event.Event) event.Event {
				if in, is := e.(event.OperationIntended); is && in.Moment != "" {
					in.Moment = again(in.Moment)
					return in
				}
				return e
			},
			"room": func(e event.Event) event.Event {
				if c, is := e.(event.ClockAttested); is {
					c.Room, c.Host = again(c.Room), again(c.Host)
					return c
				}
				return e
			},
		} {
			records := slices.Clone(d.records)
			for i, r := range records {
				records[i].Event = change(r.Event)
			}
			forger := *d
			if said := forger.accepts(t, records); !strings.Contains(said, where) {
				t.Errorf("%s %s: %q, want it to name %s", where, name, said, where)
			}
		}
	}
}
