// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"bytes"
	"fmt"
)

// Bounds of what a module may give. A module that goes beyond is at fault, or is
// not the one of an offline CA, and is refused by name and number.
const (
	// maxSlots: network HSMs show a slot for each partition, some tens; each slot
	// is asked, here and by crypto11.
	maxSlots = 1024
	// maxMechanisms: PKCS#11 v3.1 has about four hundred, vendors have their own.
	maxMechanisms = 2048
	// maxObjects of one token: the keys of an offline CA are some tens; a shared
	// partition may hold the keys and certificates of others.
	maxObjects = 100_000
	// maxAttribute in bytes: the longest that is read is the modulus of an RSA key,
	// 2 KiB for 16384 bits. Labels have less.
	maxAttribute = 16 << 10
	// maxPastSPKI in bytes: by what a signature may be longer than its public key, which
	// is longer than any signature by itself but for Ed25519. One by ECDSA that was
	// encoded twice is recorded as the wrong one that it is. A module that gives a length
	// and no such signature would have what lies behind it in memory recorded.
	maxPastSPKI = 64
	// maxNames in bytes: labels and ids of all objects of a token together; five
	// times as much, where nothing of it prints, fits into a reply.
	maxNames = 10 << 20
	// maxWorkerMemory in bytes, beyond what the worker has when it begins: vendors'
	// libraries take tens of MiB. It bounds what no count does.
	maxWorkerMemory = 4 << 30
)

// Bounds of what a worker prints.
const (
	maxOutputLine  = 4 << 10 // bytes that are handed on of a line
	maxOutputLines = 500     // lines for each operation; a library that traces prints some tens for each call
)

// Bounds of the values in one reply: JSON of a few bytes can take hundreds in
// memory, and a module that takes over its worker writes what it likes.
const (
	maxReplyGroups = 2 * maxObjects  // objects
	maxReplyValues = 16 * maxObjects // members and elements
)

// checkReply refuses a reply that would take much more memory than its length.
func checkReply(line []byte) error {
	groups, values := bytes.Count(line, []byte("{")), bytes.Count(line, []byte(","))+bytes.Count(line, []byte(":"))
	if groups > maxReplyGroups || values > maxReplyValues {
		return fmt.Errorf("%d objects and %d values in a reply: want at most %d and %d", groups, values, maxReplyGroups, maxReplyValues)
	}
	return nil
}
