// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package preflight

import "errors"

// Room cannot be asked for on this system.
func Room(string) (uint64, error) {
	return 0, errors.New("this program cannot ask this system for the room on a medium")
}

// Writable cannot be asked for on this system: the first file shows it.
func Writable(string) error { return nil }
