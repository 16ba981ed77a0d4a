// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/lint"
)

// work is what is carried out: the plan that holds, with all that tokens gave for
// it, and how far earlier sessions came. It is the one place where the plan
// stands.
type work struct {
	*plan.Builder
	Digest [32]byte // of plan.json
	linter *lint.Linter
	past   *verify.Replay // what earlier sessions did; empty in the first
	o      *Options
}

// hold lets a plan hold from here on. What tokens gave stays.
func (w *work) hold(p *plan.Preview) (err error) {
	w.Loaded, w.Digest = p.Loaded, p.Digest
	w.linter, err = p.NewLinter()
	return err
}
