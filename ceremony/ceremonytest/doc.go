// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package ceremonytest holds the ceremonies that the tests of the rooms of
// ceremony plan, carry out and verify. It knows no room but the plan, so that the
// tests of the others may be inside them. The paths in it are those of a
// package two folders below the root.
package ceremonytest
