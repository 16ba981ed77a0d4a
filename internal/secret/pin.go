// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

// Package secret holds values that do not print.
//
// # What it protects against
//
// A [PIN] cannot reach a log, an error text, a JSON document or a debugger's
// pretty printer by accident: every way in which Go prints a value gives
// [Redacted]. Its bytes are in pages of their own that are, where the system
// allows it, locked in memory and left out of core dumps, and that are
// overwritten by [PIN.Wipe].
//
// # What it does not protect against
//
// A process that can read this one's memory reads the PIN. So does a PKCS#11
// module, which is given it.
package secret

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"
	"unsafe"
)

// Redacted is what a secret shows in place of its value.
const Redacted = "[redacted PIN]"

// PIN is the PIN or passphrase of a token user. The zero value is an empty
// PIN. It is not safe for use by several goroutines at once. Copies of a PIN
// share its bytes, and one Wipe empties them all.
type PIN struct{ held *pages }

// pages is a locked buffer for one value only.
type pages struct {
	all    []byte // whole pages, aligned
	length int    // bytes in use
	locked bool
}

// NewPIN takes over the bytes of a PIN and wipes the slice it was given, also
// the part of its array beyond its length.
func NewPIN(typed []byte) *PIN {
	held := newPages(len(typed))
	held.length = copy(held.all, typed)
	wipe(typed[:cap(typed)])
	return &PIN{held: held}
}

// Reveal returns the PIN's bytes: a view, not a copy. The view is zeroed by
// Wipe. Do not keep it and do not convert it to a string.
func (p *PIN) Reveal() []byte {
	if p == nil || p.held == nil {
		return nil
	}
	return p.held.all[:p.held.length:p.held.length]
}

// Len returns the length of the PIN in bytes.
func (p *PIN) Len() int { return len(p.Reveal()) }

// Join makes one PIN of several parts, in their order, and wipes the parts.
func Join(parts ...*PIN) *PIN {
	n := 0
	for _, p := range parts {
		n += p.Len()
	}
	held := newPages(n)
	for _, p := range parts {
		held.length += copy(held.all[held.length:], p.Reveal())
		p.Wipe()
	}
	return &PIN{held: held}
}

// Clone returns a PIN with the same value that is wiped separately.
func (p *PIN) Clone() *PIN {
	held := newPages(p.Len())
	held.length = copy(held.all, p.Reveal())
	return &PIN{held: held}
}

// Wipe overwrites the PIN. Afterwards it is empty. Wipe may be called again,
// and on nil.
func (p *PIN) Wipe() {
	if p != nil && p.held != nil {
		p.held.wipe()
	}
}

// String returns [Redacted].
func (PIN) String() string { return Redacted }

// GoString returns [Redacted].
func (PIN) GoString() string { return Redacted }

// Format prints [Redacted] for every verb and flag.
func (PIN) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, Redacted) }

// MarshalJSON returns [Redacted] as a JSON string.
func (PIN) MarshalJSON() ([]byte, error) { return []byte(`"` + Redacted + `"`), nil }

// MarshalText returns [Redacted].
func (PIN) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// LogValue returns [Redacted] to log/slog.
func (PIN) LogValue() slog.Value { return slog.StringValue(Redacted) }

// newPages returns locked pages with room for n bytes. They are taken from
// the Go heap, which does not move, so that a view that outlives Wipe reads
// zeros and does not fault.
func newPages(n int) *pages {
	size := os.Getpagesize()
	need := (n/size + 1) * size
	raw := make([]byte, need+size)
	skip := 0
	if r := int(uintptr(unsafe.Pointer(unsafe.SliceData(raw))) % uintptr(size)); r != 0 {
		skip = size - r
	}
	p := &pages{all: raw[skip : skip+need : skip+need]}
	p.locked = lock(p.all)
	return p
}

func (p *pages) wipe() {
	wipe(p.all)
	if p.locked {
		unlock(p.all)
	}
	p.locked, p.length = false, 0
}

func wipe(b []byte) {
	clear(b)
	runtime.KeepAlive(b)
}
