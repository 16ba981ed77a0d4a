// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"rootceremony/profiles"
)

// listedAgain is why an entry is left out without a word.
const listedAgain = "the previous CRL has the same entry more than once, and once is enough"

// index finds the entries of the previous CRL by serial number. A list has one for a
// certificate: RFC 5280 5.1.2.6 has no words for another, and a reader may take any of
// them. Of entries that are the same to the last byte, one stays. Where they differ,
// no rule knows which is right, and people say it under change:.
func (li *listing) index() {
	kept := li.entries[:0]
	for _, e := range li.entries {
		if slices.ContainsFunc(li.before[e.Serial], func(at int) bool { return bytes.Equal(kept[at].Encoded, e.Encoded) }) {
			li.left = append(li.left, profiles.LeftOutEntry{Serial: e.Serial, Was: oldEntry(&e), How: profiles.Repeated, Why: listedAgain})
			continue
		}
		li.before[e.Serial] = append(li.before[e.Serial], len(kept))
		kept = append(kept, e)
	}
	li.entries = kept
}

// contradiction says, at the first of them, that entries with one serial number differ.
func (l *loader) contradiction(li *listing, same []int, i int, pl *places) {
	if i != same[0] {
		return
	}
	var says, lines []string
	for _, at := range same {
		e := &li.entries[at]
		says = append(says, oldText(oldEntry(e)))
		lines = append(lines, changeLine(bySerial(e), e, "now: kept"))
	}
	pl.fields["previous"].FailHint("write under change: "+strings.Join(lines, ", or ")+"; if nobody knows which is right, keep the one with the earliest date",
		"the previous CRL lists serial %s %d times, and not the same: %s", li.entries[i].Serial, len(same), strings.Join(says, "; "))
}

// chosen takes the entry that a change calls what was, and leaves the others with its
// serial number out.
func (li *listing) chosen(at []int, one int, c *profiles.Change) {
	for _, i := range at {
		li.moved[i] = true
		if i != one {
			e := &li.entries[i]
			li.left = append(li.left, profiles.LeftOutEntry{Serial: e.Serial, Was: oldEntry(e), How: profiles.Repeated, Why: c.Why, Item: c.Item})
		}
	}
}

// serialNumbers names some of many.
func serialNumbers(list []string) string {
	if len(list) == 1 {
		return "serial " + list[0]
	}
	return fmt.Sprintf("%d entries: serial %s", len(list), firstOf(list))
}
