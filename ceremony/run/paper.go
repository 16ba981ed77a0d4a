// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"encoding/hex"
	"fmt"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/term"
	"rootceremony/transcripts/event"
)

// paper is what people hold in their hands and read aloud: digests, and the heads
// of the record.
type paper struct {
	*session
	state *state
	room  *room
	boxes boxes
}

// boxes are what people hold in their hands before anything is read aloud: which
// digests are in the script that was printed.
type boxes struct{ plan, site bool }

// scriptOf gives the script of a plan that people hold, which goes into the
// bundle, and remembers which digests are in it. It may have been printed
// before anybody knew the devices. A plan folder without a script, or with one
// that this program does not make of the plan and the site, gives people nothing
// to compare with: then values are written down, and the record says so.
func (pp *paper) scriptOf(p *plan.Preview) ([]byte, error) {
	blanks, err := p.Script(nil)
	if err != nil {
		return nil, err
	}
	filled, err := p.Script(pp.o.Site)
	if err != nil {
		return nil, err
	}
	switch {
	case pp.o.Mode == event.Rehearsal, bytes.Equal(pp.o.Script, filled):
		pp.boxes = boxes{plan: true, site: pp.o.Site != nil}
		return filled, nil
	case bytes.Equal(pp.o.Script, blanks):
		pp.boxes = boxes{plan: true}
		return blanks, nil
	}
	pp.boxes = boxes{}
	pp.say("The plan folder has no script for this plan and site: digests cannot be\ncompared with paper; write them down.")
	return blanks, nil
}

// onPaper reports whether a digest was on paper before it is read aloud.
func (pp *paper) onPaper(e event.DigestRead) bool {
	return e.What == event.WhatPlan && pp.boxes.plan || e.What == event.WhatSite && pp.boxes.site || pp.journal.History().WasRead(e.What, e.SHA256)
}

// readDigests shows plan, site and seal key, which people read aloud.
func (pp *paper) readDigests() error {
	seal, err := hex.DecodeString(pp.journal.SealKeySHA256())
	if err != nil {
		return err
	}
	digests := []struct {
		what string
		sum  [32]byte
	}{{event.WhatPlan, pp.state.Digest}, {event.WhatSeal, [32]byte(seal)}}
	if pp.o.Site != nil {
		sum, err := pp.o.Site.Digest()
		if err != nil {
			return err
		}
		digests = append(digests, struct {
			what string
			sum  [32]byte
		}{event.WhatSite, sum})
	}
	for _, d := range digests {
		if err := pp.readDigest(d.what, d.sum); err != nil {
			return err
		}
	}
	return nil
}

// readDigest shows a digest as people compare it with paper or write it down.
func (pp *paper) readDigest(what string, sum [32]byte) error {
	e := event.DigestRead{What: what, SHA256: fmt.Sprintf("%x", sum)}
	e.Compared = pp.onPaper(e)
	do := map[bool]string{true: "compare it with paper", false: "write it on the script"}[e.Compared]
	pp.say("\nSHA-256 of %s. Read it aloud and %s:\n%s", e.Of(), do, plan.Groups(e.SHA256))
	return pp.readAloud(e, sum[:])
}

// readAloud shows a digest, or the beginning of one, as words, and records that
// two people compared them with paper or wrote them down.
func (pp *paper) readAloud(e event.DigestRead, digest []byte) error {
	pp.sayWords(digest)
	e.Words = joinWords(term.Words(digest))
	var by []string
	err := pp.room.asking(func() error {
		by = pp.room.two()
		return pp.o.People.Done(pp.room.named(by), false)
	})
	if err != nil {
		return err
	}
	return pp.note(e, pp.o.People.How(), by...)
}
