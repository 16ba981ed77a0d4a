// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"rootceremony/transcripts/event"
)

// ReadBefore reports whether a digest was read aloud already: then it was
// written down.
func ReadBefore(records []event.Record, e event.DigestRead) bool {
	for _, rec := range records {
		if was, ok := rec.Event.(event.DigestRead); ok && was.What == e.What && was.SHA256 == e.SHA256 {
			return true
		}
	}
	return false
}

// checkCompared checks that what is called compared with paper stood on paper:
// in the script of the bundle, in a head that people typed, or in what was
// written down before.
func (v *Verdict) checkCompared(siteInScript bool) {
	for i, rec := range v.Records {
		e, ok := rec.Event.(event.DigestRead)
		if !ok || !e.Compared {
			continue
		}
		known := e.What == event.WhatPlan || e.What == event.WhatSite && siteInScript || e.What == event.WhatHead
		if !known && !ReadBefore(v.Records[:i], e) {
			v.problem(line(rec.Seq), "the digest of the %s is called compared with paper, and the script has no such value", e.What)
		}
	}
}
