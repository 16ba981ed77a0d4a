// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix && !linux

package token

// boundMemory does nothing where no limit counts what a process uses.
func boundMemory() {}
