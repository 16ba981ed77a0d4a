// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/term"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// readHead seals the record so far, shows its head as words, and has people
// write it down: from then on nobody can change the lines before.
func (pp *paper) readHead() error {
	c, err := pp.journal.Seal()
	if err != nil {
		return err
	}
	pp.say("\n      Head of the record over %d events. Read it aloud and write it on\n      every copy of the script:", c.Size)
	e := event.DigestRead{What: event.WhatHead, SHA256: hex.EncodeToString(c.Root), Size: c.Size}
	return pp.readAloud(e, c.Root[:transcripts.HeadBytes])
}

// headAtStep shows the head of the whole record after a root key was made or signed, and
// waits until it is on paper: what comes next would take it off the screen. Whether
// people have it shows when they are asked for it.
func (pp *paper) headAtStep() error {
	pp.showHead("Write it on the script, at this step:")
	return pp.room.asking(func() error { return pp.o.People.Done(pp.room.named(pp.room.two()), false) })
}

// lastHead gives over how many events the last head is that the screen showed: one that
// was read aloud, that of a step, or that of a ceremony that was
// stopped.
func lastHead(p *plan.Plan, h *history.History) int {
	last := max(h.Head().Size, h.LastStop())
	for _, st := range h.Steps {
		if st.Outcome() == event.StepDone && p.HeadAfter(st.Step) {
			last = max(last, st.Finished.Seq)
		}
	}
	return last
}

// headAtStop shows the head of a record that was stopped, unless the people who stopped it
// had not compared it with paper: a head over what somebody put back or changed would vouch
// for that in the next session.
func (pp *paper) headAtStop() {
	if records := pp.journal.Records(); history.Unsettled(records, len(records)) {
		pp.say("\n%s", plan.Indent("Nobody compared this record with paper, so it has no new head. The last head on paper stays the last: the program asks for it when the ceremony resumes.", 6))
		return
	}
	pp.showHead("Write it on every copy of the script:\n      the program asks for it when the ceremony resumes.")
}

// showHead shows the head of the whole record.
func (pp *paper) showHead(do string) {
	records := pp.journal.Records()
	root, err := transcripts.HeadOver(records, len(records))
	if err != nil {
		return // the record says it when the ceremony goes on
	}
	pp.say("\n      Head of the record over %d events. %s", len(records), do)
	pp.sayWords(root[:transcripts.HeadBytes])
}

// compareHead has people copy the last head from paper, and gives how many events it
// covers. Only paper can show that nobody cut lines off the record, or wrote it anew,
// while it lay there.
func (pp *paper) compareHead() (covered int, err error) {
	h := pp.state.replay
	earlier, last := h.Records[:h.Sessions[len(h.Sessions)-1].Record.Seq-1], h.Head() // no paper has a head of this session
	var other *event.ConfirmationRefused                                              // the last that was typed, and is not of this record
	for {
		var given HeadOnPaper
		err := pp.room.asking(func() (err error) {
			given, err = pp.o.People.Head(HeadOnPaper{Size: last.Size, Words: last.Words})
			return err
		})
		if other != nil && errors.Is(err, ErrStopped) {
			return 0, fmt.Errorf("a head on paper is not of this record: %w", &decline{problem: headDiffers})
		}
		if err != nil {
			return 0, err
		}
		if given.Size == 0 {
			return 0, pp.withoutHead(other)
		}
		e, err := headOf(earlier, given)
		if err == nil {
			pp.say("      The record matches the head on paper.")
			return given.Size, pp.note(e, pp.o.People.How(), pp.room.two()...)
		}
		pp.say("      %v.\n      Read the number and the words on paper again. If you\n      typed them correctly, this is not the record that was made\n      in the room: type STOP.", err)
		other = &event.ConfirmationRefused{Entered: fmt.Sprintf("a head over %s: %s", event.Count(given.Size, "event"), given.Words), Reason: event.Seen(err.Error())}
		if err := pp.note(*other, pp.o.People.How(), pp.room.two()...); err != nil {
			return 0, err
		}
	}
}

// withoutHead has two people decide to continue without a head from paper, where they typed
// one that is not of this record: it was put back to an older state, or changed, unless
// they mistyped.
func (pp *paper) withoutHead(other *event.ConfirmationRefused) error {
	if other == nil {
		return nil
	}
	pp.say("%s", plan.Indent("A head was typed that is not of this record. Unless it was mistyped, the record was put back to an older state, or changed, and what is missing was done all the same.", 6))
	by, err := pp.room.mustAgree("continue", "Continue from this record although a head on paper is not of it, as a deviation", headDiffers)
	if err != nil {
		return err
	}
	return pp.note(event.DeviationRecorded{Expected: "the head on paper is of this record", Happened: "people typed " + other.Entered + "; " + other.Reason,
		Decision: "two people continue from this record, without a head from paper", DecidedBy: by}, pp.o.People.How(), by...)
}

// confirmUncovered has two people confirm the acts that no head on paper covers: only
// the disk says that they happened, and that nothing else did.
func (pp *paper) confirmUncovered(uncovered []event.Record) error {
	if len(uncovered) == 0 {
		return nil
	}
	if pp.room.agreedTo(whatsUncovered) == nil {
		if err := pp.room.show(pp.restOnDisk(uncovered) + "\n"); err != nil {
			return err
		}
	}
	yes, by, err := pp.room.decideAbout(whatsUncovered, "agree", wordStop, "Did this happen, and nothing else, with these digests")
	if err != nil {
		return err
	}
	if !yes {
		return &decline{problem: headDiffers}
	}
	return pp.note(event.DeviationRecorded{Exception: event.ExceptionNotOnPaper,
		Expected: "a head on paper covers the record", Happened: "no head on paper covers " + spanOf(uncovered) + pp.madeOnDisk(uncovered),
		Decision: "two people confirm that they happened as the record says", DecidedBy: by,
	}, pp.o.People.How(), by...)
}

// spanOf names the first and the last of some lines.
func spanOf(lines []event.Record) string {
	first, last := lines[0].Seq, lines[len(lines)-1].Seq
	if first == last {
		return fmt.Sprint("event ", first)
	}
	return fmt.Sprintf("events %d to %d", first, last)
}

// headOf compares a head on paper with the record.
func headOf(records []event.Record, given HeadOnPaper) (event.DigestRead, error) {
	if given.Size > len(records) {
		return event.DigestRead{}, errors.New("the record has fewer events than the head on paper covers")
	}
	if history.Unsettled(records, given.Size) {
		return event.DigestRead{}, errors.New("the session that this head is of ended before the record was compared with paper, so it shows nothing of what was before; type the head before it")
	}
	root, err := transcripts.HeadOver(records, given.Size)
	if err != nil {
		return event.DigestRead{}, err
	}
	words := joinWords(term.Words(root[:transcripts.HeadBytes]))
	typed, err := term.FromWords(given.Words)
	if err != nil {
		return event.DigestRead{}, err
	}
	if len(typed) < transcripts.HeadBytes {
		return event.DigestRead{}, fmt.Errorf("a head has %d words, and %d were typed", transcripts.HeadBytes, len(typed))
	}
	if !bytes.HasPrefix(root, typed) {
		return event.DigestRead{}, errors.New("the record has different words for that number of events")
	}
	return event.DigestRead{What: event.WhatHead, SHA256: hex.EncodeToString(root), Words: words, Size: given.Size, Compared: true}, nil
}
