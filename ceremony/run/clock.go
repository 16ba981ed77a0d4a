// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"time"
)

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

// Now gives the time in the room.
func (c *roomClock) Now() time.Time { return c.room.Add(c.host.Mono() - c.from) }

// Mono gives the time since the first attestation, whatever was corrected.
func (c *roomClock) Mono() time.Duration { return c.host.Mono() - c.start }
