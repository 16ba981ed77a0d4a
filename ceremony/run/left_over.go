// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"cmp"
	"fmt"
	"strings"

	"rootceremony/transcripts/event"
)

// sayLeftOver shows the files that were moved because no event accounts for them.
func (s *session) sayLeftOver() {
	const most = 12 // a screen has 24 lines
	left := s.journal.LeftOver()[s.shown:]
	s.shown += len(left)
	if len(left) == 0 {
		return
	}
	s.say("\n      NO EVENT ACCOUNTS FOR %d OF THE FILES IN THE BUNDLE. They were moved to\n"+
		"      %s, which is a deviation. An interruption leaves\n"+
		"      such files, but somebody may have put them there: look at them now.",
		len(left), event.LeftOverFolder)
	s.say("        %s", strings.ReplaceAll(someOf(leftOverNames(left), most), "\n", "\n        "))
}

// sayMissing shows which files of the journal were taken out, or lost.
func (s *session) sayMissing() {
	if missing := s.journal.Missing(); len(missing) > 0 {
		s.say("\n      FILES OF EARLIER SESSIONS ARE MISSING, which is a deviation. A crash can lose the\n"+
			"      last checkpoint of a session; a seal key somebody took out. It is written again.\n        %s", strings.Join(missing, "\n        "))
	}
}

// leftOverNames gives the names that files had before they were moved.
func leftOverNames(left []event.FileWritten) []string {
	var names []string
	for _, f := range left {
		names = append(names, cmp.Or(f.From, f.Path))
	}
	return names
}

// withoutThem says that files of nobody are no part of the ceremony.
func withoutThem(left []string) string {
	const most = 6 // a screen has 24 lines
	text := fmt.Sprintf("No event accounts for %d of the files in the bundle: the ceremony continues without them.", len(left))
	return text + "\n" + someOf(left, most)
}

// someOf lists so many names at most, a line each.
func someOf(names []string, most int) string {
	text := strings.Join(names[:min(most, len(names))], "\n")
	if len(names) > most {
		text += fmt.Sprintf("\nand %d more", len(names)-most)
	}
	return text
}

// confirmLeftOver has two people decide to continue although files lay in the bundle
// that no event accounts for: they may be what an interruption left, or somebody's.
func (r *runner) confirmLeftOver() error {
	left := leftOverNames(r.journal.History().Unexplained())
	if len(left) == 0 {
		return nil
	}
	yes, by, err := r.room.decideAbout(whatsLeftOver, "agree", wordStop, withoutThem(left)+"\n      Continue without them")
	if err != nil {
		return err
	}
	if !yes {
		return &decline{problem: leftOverDecline}
	}
	return r.note(event.DeviationRecorded{Expected: "nobody put files into the bundle between two sessions",
		Happened: fmt.Sprintf("no event accounted for %s, now in %s", event.Count(len(left), "file"), event.LeftOverFolder),
		Decision: "two people looked at their names, and the ceremony continues without them", DecidedBy: by}, r.o.People.How(), by...)
}
