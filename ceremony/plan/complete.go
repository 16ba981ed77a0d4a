// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"errors"
	"fmt"
)

// ErrIncomplete says that a plan does not hold exactly one object for each step
// that signs. Such a plan has no canonical form and so no digest.
var ErrIncomplete = errors.New("the plan does not have exactly one object for each signing step")

// CheckComplete checks that the plan holds exactly one object for each signing step, in
// the order of the steps, and no other.
func (p *Plan) CheckComplete() error {
	next := 0
	for _, st := range p.Steps {
		if st.Kind != StepSign {
			continue
		}
		if next == len(p.Artifacts) || p.Artifacts[next].ID != st.Artifact {
			return fmt.Errorf("%w: step %s signs %q, which is missing", ErrIncomplete, st.ID, st.Artifact)
		}
		if p.Artifacts[next].Object == nil {
			return fmt.Errorf("%w: %q has no object", ErrIncomplete, st.Artifact)
		}
		next++
	}
	if next < len(p.Artifacts) {
		return fmt.Errorf("%w: no step signs %q", ErrIncomplete, p.Artifacts[next].ID)
	}
	ids := map[string]bool{}
	for i := range p.Artifacts {
		if id := p.Artifacts[i].ID; ids[id] || id == "" {
			return fmt.Errorf("%w: duplicate or empty artifact id %q", ErrIncomplete, id)
		}
		ids[p.Artifacts[i].ID] = true
	}
	return nil
}
