// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"bytes"

	"rootceremony/ceremony/plan"
)

// checkProfiles resolves the profiles of each plan again.
func (v *Verdict) checkProfiles() {
	for _, p := range v.plans {
		objects, err := p.ResolvedProfiles()
		if err != nil {
			v.problem(p.folder, "%v", err)
		}
		for _, o := range objects {
			name := plan.ResolvedPath(p.folder, o.Name)
			switch stored, err := v.ReadFile(name, plan.MaxInput); {
			case err != nil:
				v.problem(name, "%v", err)
			case !bytes.Equal(stored, o.Data):
				v.problem(name, "it differs from the resolved profile")
			}
		}
	}
}
