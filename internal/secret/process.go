// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package secret

// Shield keeps the memory of this process from core files and, where the system
// can do that, from other processes of the same user. Root reads it all the same.
// Programs that this process starts are not affected, and call it themselves.
func Shield() error {
	noCore()
	return hideProcess()
}
