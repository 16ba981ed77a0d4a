// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/internal/preflight"
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

// TestForgerOfNames guards an auditor against a name that is compared after it was shortened:
// what is said under the longer one would be compared with nothing.
func TestForgerOfNames(t *testing.T) {
	d := deskOf(t, unapprovedRun(t, quickly(t, strings.Replace(ceremonytest.TwiceText, "  - pause: ", "  - do: ", 1))))
	for name, change := range map[string]func(c *event.PreflightCheck){
		"a token with a space behind": func(c *event.PreflightCheck) { c.Token += " " },
		"a token of spaces":           func(c *event.PreflightCheck) { c.Token = " " },
		"and something else found":    func(c *event.PreflightCheck) { c.Token += "\n"; c.Found = "no wrong PIN in a year" },
	} {
		for _, check := range []string{preflight.PIN, preflight.Login, preflight.Mechanisms, preflight.Labels} {
			records := eachEvent(func(e *event.PreflightChecked) {
				e.Checks = slices.Clone(e.Checks)
				for i := range e.Checks {
					if e.Checks[i].Check == check {
						change(&e.Checks[i])
					}
				}
			})(slices.Clone(d.records))
			forger := *d
			if said := forger.accepts(t, records); !strings.Contains(said, "it lists the checks") {
				t.Errorf("%s of check %s: %q", name, check, said)
			}
		}
	}
}

// TestForgerOfRemoved guards readers against a half-written file that can be none, as no file
// of a bundle is called so.
func TestForgerOfRemoved(t *testing.T) {
	d := deskOf(t, eventful(t))
	for _, is := range []string{"lint/.root crl.before.json.partial0", "lint/\n.root-crl.before.json.partial0", "../.root-crl.before.json.partial0", "/.x.partial0", "lint/.é.partial0"} {
		records := eachEvent(func(e *event.JournalRecovered) {
			if len(e.Removed) > 0 {
				e.Removed = []string{is}
			}
		})(slices.Clone(d.records))
		forger := *d
		if said := forger.accepts(t, records); !strings.Contains(said, "path") {
			t.Errorf("%q: %q", is, said)
		}
	}
}
