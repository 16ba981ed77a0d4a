// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/transcripts"
)

// boxes are what people hold in their hands before anything is read aloud: which
// digests stand in the script that was printed.
type boxes struct{ plan, site bool }

// scriptOf gives the script of a plan that people hold, which goes into the
// bundle, and remembers which digests stand in it. It may have been printed
// before anybody knew the devices. A plan folder without a script, or with one
// that this program does not make of the plan and the site, gives people nothing
// to compare with: then values are written down, and the record says so.
func (r *runner) scriptOf(p *plan.Preview) ([]byte, error) {
	blanks, err := p.Script(nil)
	if err != nil {
		return nil, err
	}
	filled, err := p.Script(r.o.Site)
	if err != nil {
		return nil, err
	}
	switch {
	case r.o.Mode == transcripts.Rehearsal, bytes.Equal(r.o.Script, filled):
		r.boxes = boxes{plan: true, site: r.o.Site != nil}
		return filled, nil
	case bytes.Equal(r.o.Script, blanks):
		r.boxes = boxes{plan: true}
		return blanks, nil
	}
	r.boxes = boxes{}
	r.say("The plan folder has no script of this plan and site: what is read aloud\ncannot be compared with it, and is written down.")
	return blanks, nil
}

// onPaper reports whether a digest stood on paper before it is read aloud.
func (r *runner) onPaper(e transcripts.DigestRead) bool {
	return e.What == transcripts.WhatPlan && r.boxes.plan || e.What == transcripts.WhatSite && r.boxes.site || verify.ReadBefore(r.j.Records(), e)
}
