// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"fmt"

	"rootceremony/ceremony/plan"
)

// sayLedger shows what the record leaves to do: signatures that nobody owns, keys
// without a use or an end, and what is due of what was issued and not delivered.
func (r *runner) sayLedger() {
	h := r.journal.History()
	for _, s := range h.Ledger() {
		if s.Lacks != "" {
			r.say("\n%s", plan.Indent(s.String(), 6))
		}
		for _, d := range s.Due {
			if d.Met == 0 {
				r.say("%s", plan.Indent(fmt.Sprintf("Due because of operation %d: %s", s.Number, d), 6))
			}
		}
	}
	for _, lacks := range h.Orphans() {
		r.say("\n%s", plan.Indent(lacks, 6))
	}
}
