// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"bytes"

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
func (r *runner) scriptOf(p *Preview) ([]byte, error) {
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
	return e.What == whatPlan && r.boxes.plan || e.What == whatSite && r.boxes.site || readBefore(r.j.Records(), e)
}

// readBefore reports whether a digest was read aloud already: then it was
// written down.
func readBefore(records []transcripts.Record, e transcripts.DigestRead) bool {
	for _, rec := range records {
		if was, ok := rec.Event.(transcripts.DigestRead); ok && was.What == e.What && was.SHA256 == e.SHA256 {
			return true
		}
	}
	return false
}

// What is read aloud at the beginning.
const (
	whatPlan = "plan"
	whatSite = "site"
	whatSeal = "seal-key"
)

// checkCompared checks that what is called compared with paper stood on paper:
// in the script of the bundle, in a head that people typed, or in what was
// written down before.
func (v *Verdict) checkCompared(siteInScript bool) {
	for i, rec := range v.Records {
		e, ok := rec.Event.(transcripts.DigestRead)
		if !ok || !e.Compared {
			continue
		}
		known := e.What == whatPlan || e.What == whatSite && siteInScript || e.What == transcripts.WhatHead
		if !known && !readBefore(v.Records[:i], e) {
			v.problem(line(rec.Seq), "the digest of the %s is called compared with paper, and the script has no such value", e.What)
		}
	}
}
