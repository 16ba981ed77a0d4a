// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"cmp"

	"rootceremony/ceremony/plan"
)

// commands are those of the ceremony that is carried out.
func (o *Options) commands(p *plan.Plan) plan.Commands {
	c := o.Typed
	c.Bundle = cmp.Or(c.Bundle, o.Bundle)
	c.Approval = p != nil && p.Approval != plan.ApprovalNone
	return c
}
