// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

// What the tests outside look at: their ceremonies come from ceremonytest, which
// knows the plan.
var (
	Card       = (*Preview).card
	ScriptCard = (*Preview).scriptCard
	ScriptView = (*Preview).scriptView
)
