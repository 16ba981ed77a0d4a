// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/transcripts"
)

// paper is what people hold in their hands and read aloud: digests, and the heads
// of the record.
type paper struct {
	*session
	work  *work
	room  *room
	boxes boxes
}

// boxes are what people hold in their hands before anything is read aloud: which
// digests stand in the script that was printed.
type boxes struct{ plan, site bool }

// scriptOf gives the script of a plan that people hold, which goes into the
// bundle, and remembers which digests stand in it. It may have been printed
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
	case pp.o.Mode == transcripts.Rehearsal, bytes.Equal(pp.o.Script, filled):
		pp.boxes = boxes{plan: true, site: pp.o.Site != nil}
		return filled, nil
	case bytes.Equal(pp.o.Script, blanks):
		pp.boxes = boxes{plan: true}
		return blanks, nil
	}
	pp.boxes = boxes{}
	pp.say("The plan folder has no script of this plan and site: what is read aloud\ncannot be compared with it, and is written down.")
	return blanks, nil
}

// onPaper reports whether a digest stood on paper before it is read aloud.
func (pp *paper) onPaper(e transcripts.DigestRead) bool {
	return e.What == transcripts.WhatPlan && pp.boxes.plan || e.What == transcripts.WhatSite && pp.boxes.site || verify.ReadBefore(pp.journal.Records(), e)
}
