// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"rootceremony/transcripts/event"
)

// checkCompared checks that what is called compared with paper was on paper:
// in the script of the bundle, in a head that people typed, or in what was
// written down before.
func (v *Verdict) checkCompared(siteInScript bool) {
	type digest struct{ what, sha256 string }
	written := map[digest]bool{}
	for _, d := range v.History.Digests {
		e := d.Event
		known := e.What == event.WhatPlan || e.What == event.WhatSite && siteInScript || e.What == event.WhatHead
		if e.Compared && !known && !written[digest{e.What, e.SHA256}] {
			v.problem(line(d.Seq), "the digest of the %s is recorded as compared with paper, but the script does not contain it", e.What)
		}
		written[digest{e.What, e.SHA256}] = true
	}
}
