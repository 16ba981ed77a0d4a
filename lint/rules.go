// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import "slices"

// ownRules is every own rule. It is a function, so that the list cannot be
// changed.
func ownRules() []Rule {
	return slices.Concat(byteRules, nameRules, spellingRules, validityRules, keyRules, extensionRules,
		purposeRules, urlRules, constraintRules, delegateRules, chainRules, pathRules, crossRules, setRules,
		programRules, keyLifeRules, closedRules, crlRules, incomingRules, entryRules, continuityRules, earlierRules, deltaRules, pointRules, scopeRules, responseRules, requestRules)
}
