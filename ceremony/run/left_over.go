// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"cmp"
	"errors"
	"slices"

	"rootceremony/transcripts"
)

// checkBundle judges all that stands in the folder of a bundle before anything of
// it is read: a link may lead elsewhere, and nobody writes at the other end of a
// pipe.
func checkBundle(bundle string) error {
	err := transcripts.CheckTree(bundle)
	if !errors.Is(err, transcripts.ErrStrange) {
		return nil // without a folder there is no plan, which is said next
	}
	return &Refusal{Reason: err.Error(),
		Hint: "nothing was done; find out who put it there, move it out of the bundle and resume; then type DEVIATION " +
			"and have it written down"}
}

// sayLeftOver shows the files that were moved because no event accounts for them.
func (s *session) sayLeftOver() {
	const most = 12 // a screen has 24 lines
	left := s.journal.LeftOver()[s.shown:]
	s.shown += len(left)
	if len(left) == 0 {
		return
	}
	s.say("\n      NO EVENT ACCOUNTS FOR %d OF THE FILES IN THE BUNDLE. They are moved to\n"+
		"      %s, which is a deviation. An interruption leaves\n"+
		"      such files, and so does whoever puts something there: look at them now.",
		len(left), transcripts.LeftOverFolder)
	for _, f := range left[:min(most, len(left))] {
		s.say("        %s", cmp.Or(f.From, f.Path))
	}
	if len(left) > most {
		s.say("        and %d more", len(left)-most)
	}
}

// wasApproved reports whether a ceremony came as far as saying who approved its plan.
// Before that nothing was done, and not all that the plan was made from is in the
// record.
func wasApproved(records []transcripts.Record) bool {
	return slices.ContainsFunc(records, func(r transcripts.Record) bool {
		return r.Event.Type() == transcripts.PlanApproval{}.Type()
	})
}
