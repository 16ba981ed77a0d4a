// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build !unix && !windows

package secret

// lock reports that this system cannot lock memory.
func lock([]byte) bool { return false }

func unlock([]byte) {}

// noCore does nothing: this system writes no core files.
func noCore() {}
