// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import "slices"

// Changeable lists the attributes that a site may state by their names.
func Changeable(half string) []string { return slices.Clone(changeable[half]) }
