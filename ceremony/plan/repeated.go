// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"rootceremony/lint"
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

// contradiction says, at the first of them, that entries with one serial number differ. A
// hold is not among the lines to write where another entry is final.
func (l *loader) contradiction(li *listing, same []int, i int, pl *places) {
	if i != same[0] {
		return
	}
	grave, all := li.safest(same)
	var says, lines []string
	for _, at := range same {
		e := &li.entries[at]
		says = append(says, oldText(oldEntry(e)))
		line := changeLine(bySerial(e), e, nowOf(e))
		if line != all && (e.Reason != profiles.CertificateHold || grave == profiles.CertificateHold) {
			lines = append(lines, line)
		}
	}
	hint := "write under change: " + all + ", so that no reason and no time is lost"
	if lines != nil {
		hint += "; or, if the CA knows that only one is right, " + strings.Join(lines, ", or ")
	}
	pl.fields["previous"].FailHint(hint, "the previous CRL lists serial %s %d times, and not the same: %s", li.entries[i].Serial, len(same), strings.Join(says, "; "))
}

// safest is the item of change: that has the gravest reason of several entries and the
// earliest of their dates, and that reason.
func (li *listing) safest(same []int) (profiles.Reason, string) {
	grave := &li.entries[same[0]]
	now := oldEntry(grave)
	for _, at := range same[1:] {
		e := &li.entries[at]
		if by := cmp.Compare(gravity(e.Reason), gravity(grave.Reason)); by > 0 || by == 0 && e.Date < grave.Date {
			grave = e
		}
		now.Date = min(now.Date, e.Date)
		if now.InvalidityDate == "" || e.InvalidityDate != "" && e.InvalidityDate < now.InvalidityDate {
			now.InvalidityDate = e.InvalidityDate
		}
	}
	now.InvalidityDate = min(now.InvalidityDate, now.Date) // RFC 5280 5.3.2
	now.Reason = grave.Reason
	switch {
	case now.Reason == profiles.Unspecified:
		now.Reason = "" // RFC 5280 5.3.1
	case now.Reason == profiles.Unreadable:
		now.Reason = "…"
	case saysSame(now, oldEntry(grave)):
		return grave.Reason, changeLine(bySerial(grave), grave, "now: kept")
	}
	return grave.Reason, changeLine(bySerial(grave), grave, "now: "+wasText(now))
}

// nowOf is how an item of change: says that an entry stays: one whose reason is not to be
// written any more, or cannot be read, gets another.
func nowOf(e *profiles.RevokedEntry) string {
	switch e.Reason {
	case profiles.Unspecified:
		return "now: {date: " + string(asWritten(e.Date)) + ", reason: " + noReason + "}"
	case profiles.Unreadable:
		return "now: {date: " + string(asWritten(e.Date)) + ", reason: …}"
	}
	return "now: kept"
}

// gravity orders reasons; see [lint.Gravity].
func gravity(r profiles.Reason) int { return lint.Gravity(r.Code()) }

// graver remarks that an entry which is left out has a graver reason than the one of its
// certificate that stays.
func graver(list *profiles.RevocationList, e *profiles.LeftOutEntry) string {
	for i := range list.Entries {
		if stays := &list.Entries[i]; stays.Serial == e.Serial && gravity(e.Was.Reason) > gravity(stays.Reason) {
			return "; the reason is graver than that of the entry that stays"
		}
	}
	return ""
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
	return fmt.Sprintf("%d entries: serial %s", len(list), lint.FirstOf(list))
}
