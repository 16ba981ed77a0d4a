// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/artifact"
	"rootceremony/internal/term"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// session is one sitting of a ceremony: what is on the screen and what is written
// down, in which step and at what time. Every part of the ceremony speaks and
// records by it.
type session struct {
	ctx     context.Context
	o       *Options
	dir     *artifact.Dir        // of the bundle
	journal *transcripts.Journal // nil before the record was begun
	clock   *roomClock           // of the room, from when people said what time it is
	step    string               // at hand; empty between steps
	shown   int                  // files that no event accounts for and that people saw
	lately  lately
	call    atomic.Pointer[call] // of a token, the last that people were told of, or would be
}

// say puts a line on the screen.
func (s *session) say(format string, args ...any) {
	text := fmt.Sprintf(format, args...) + "\n"
	s.lately.add(text)
	s.o.People.Say(text)
}

// lately is what was said since people last answered. A module may have something said
// at any time.
type lately struct {
	mu   sync.Mutex
	text string
}

func (l *lately) add(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text += text
}

// forget empties it, and gives what it held.
func (l *lately) forget() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := l.text
	l.text = ""
	return text
}

// lines gives the last lines of it.
func (l *lately) lines(most int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := strings.Split(strings.Trim(l.text, "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-most):], "\n")
}

// sayWords shows a digest as words.
func (s *session) sayWords(digest []byte) { s.say("%s", wordLines(digest)) }

// wordLines gives a digest as words, in lines.
func wordLines(digest []byte) string {
	lines := term.WordLines(term.Words(digest), plan.WordsPerLine)
	return "      " + strings.Join(lines, "\n      ")
}

func joinWords(words []string) string { return strings.Join(words, " ") }

// note records an event of the current step.
func (s *session) note(e event.Event, how event.How, by ...string) error {
	_, err := s.journal.Append(e, s.step, how, by...)
	return err
}

// loaded records a file that the ceremony read, and that is in the bundle.
func (s *session) loaded(f plan.BundleFile) error {
	e := event.FileLoaded{Path: f.Path, Kind: f.Kind, SHA256: plan.SHA256Hex(f.Data)}
	return s.note(e, event.Observed)
}

// signingTime is the moment of signing: whole seconds of the ceremony clock.
func (s *session) signingTime() time.Time { return s.clock.Now().UTC().Truncate(time.Second) }

// mirrorLost tells people that from now on there is one copy of the record.
func (s *session) mirrorLost(err error) {
	s.say("\n      THE SECOND MEDIUM FAILED: %v.\n      The ceremony continues; the journal is written to one medium only.", err)
}

// HostClock is the clock of the machine.
type HostClock interface {
	Now() time.Time      // what the host believes the time is
	Mono() time.Duration // since some moment in the past, never set back
}

// roomClock is the ceremony clock: the time in the room that people attested,
// carried on by the host's monotonic clock. Setting the host's clock changes
// nothing.
type roomClock struct {
	host  HostClock
	room  time.Time
	from  time.Duration // host.Mono at the attestation
	start time.Duration // host.Mono at the first attestation
}

func newRoomClock(host HostClock, room time.Time) *roomClock {
	c := &roomClock{host: host, start: host.Mono()}
	c.set(room)
	return c
}

// set corrects the time.
func (c *roomClock) set(room time.Time) { c.room, c.from = room.UTC(), c.host.Mono() }

// pass lets simulated time go by.
func (c *roomClock) pass(d time.Duration) { c.set(c.Now().Add(d)) }

// Now gives the time in the room.
func (c *roomClock) Now() time.Time { return c.room.Add(c.host.Mono() - c.from) }

// Mono gives the time since the first attestation, whatever was corrected.
func (c *roomClock) Mono() time.Duration { return c.host.Mono() - c.start }
