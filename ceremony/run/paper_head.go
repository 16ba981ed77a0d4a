// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"

	"rootceremony/internal/term"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
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

// showHead shows the head of the whole record when a session ended otherwise than by a
// pause. Nobody is asked any more: whoever can, writes it down.
func (pp *paper) showHead() {
	records := pp.journal.Records()
	root, err := transcripts.HeadOver(records, len(records))
	if err != nil {
		return // the record says it when the ceremony goes on
	}
	pp.say("\n      Head of the record over %d events. Write it on every copy of the script:\n      the program asks for it when the ceremony resumes.", len(records))
	pp.sayWords(root[:transcripts.HeadBytes])
}

// compareHead has people copy the last head from paper. Only paper can show
// that nobody cut lines off the record, or wrote it anew, while it lay there.
func (pp *paper) compareHead() error {
	records, last := pp.state.replay.Records, pp.state.replay.Head()
	for differs := false; ; differs = true {
		var given HeadOnPaper
		err := pp.room.asking(func() (err error) {
			given, err = pp.o.People.Head(HeadOnPaper{Size: last.Size, Words: last.Words})
			return err
		})
		if differs && errors.Is(err, ErrStopped) {
			return &decline{problem: headDiffers}
		}
		if err != nil {
			return err
		}
		if given.Size == 0 {
			return pp.noHead(last)
		}
		e, err := headOf(records, given)
		if err == nil {
			pp.say("      The record matches the head on paper.")
			return pp.note(e, pp.o.People.How(), pp.room.two()...)
		}
		pp.say("      %v.\n      Read the number and the words on paper again. If you\n      typed them correctly, this is not the record that was made\n      in the room: type STOP.", err)
	}
}

// noHead records that nothing on paper vouches for the record.
func (pp *paper) noHead(last event.DigestRead) error {
	if last.Size == 0 {
		return nil // none was ever read aloud
	}
	who := pp.room.two()
	return pp.note(event.DeviationRecorded{
		Expected: "the last head that was read aloud is on paper", Happened: "nobody has it on paper",
		Decision: "the ceremony continues from the record as it is", DecidedBy: who,
	}, pp.o.People.How(), who...)
}

// headOf compares a head on paper with the record.
func headOf(records []event.Record, given HeadOnPaper) (event.DigestRead, error) {
	if given.Size > len(records) {
		return event.DigestRead{}, errors.New("the record has fewer events than the head on paper covers")
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
