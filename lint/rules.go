// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import "slices"

// ownRules is every own rule. It is a function, so that nobody can change the
// list.
func ownRules() []Rule {
	return slices.Concat[[]Rule]()
}
