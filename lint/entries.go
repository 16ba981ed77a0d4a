// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"math/big"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// entryIndex finds the entries of a CRL by serial number. Rules that compare two
// lists entry by entry look into it: a search for each entry would take time
// with the square of the length.
type entryIndex map[string]*inspect.RevokedEntry

// indexEntries indexes a CRL, or none. Of entries with one serial number the
// first counts; crl.entry-unique reports the others.
func indexEntries(l *inspect.RevocationList) entryIndex {
	if l == nil {
		return nil
	}
	index := make(entryIndex, len(l.Entries))
	for i := range l.Entries {
		serial := hexSerial(l.Entries[i].Serial)
		if index[serial] == nil {
			index[serial] = &l.Entries[i]
		}
	}
	return index
}

// entryFields names each declared entry by its place in the ceremony file: what
// is revoked there, counted, or the previous CRL that it came from.
func entryFields(declared []profiles.RevokedEntry) map[string]profiles.Field {
	fields := make(map[string]profiles.Field, len(declared))
	revoked := 0
	for i := range declared {
		field := FieldPrevious
		if !declared[i].CarriedOver {
			revoked++
			field = profiles.Field{Entry: revoked}
		}
		if _, there := fields[string(declared[i].Serial)]; !there {
			fields[string(declared[i].Serial)] = field
		}
	}
	return fields
}

// correctedSerials gives the serial numbers of declared corrections.
func correctedSerials(declared []profiles.RevokedEntry) map[string]bool {
	out := map[string]bool{}
	for i := range declared {
		if declared[i].Correction != nil {
			out[string(declared[i].Serial)] = true
		}
	}
	return out
}

// entryField names the place of an entry.
func (t *target) entryField(serial *big.Int) profiles.Field {
	if field, ok := t.fields[hexSerial(serial)]; ok {
		return field
	}
	return FieldEntries
}

// entry gives the entry of this CRL with a serial number, or nil.
func (t *target) entry(serial *big.Int) *inspect.RevokedEntry { return t.entries[hexSerial(serial)] }

// previousEntry gives the entry of the previous CRL with a serial number, or nil.
func (t *target) previousEntry(serial *big.Int) *inspect.RevokedEntry {
	return t.previous[hexSerial(serial)]
}

// entryOf finds one entry by its serial number, or gives nil.
func entryOf(l *inspect.RevocationList, serial *big.Int) *inspect.RevokedEntry {
	for i := range l.Entries {
		if l.Entries[i].Serial.Cmp(serial) == 0 {
			return &l.Entries[i]
		}
	}
	return nil
}
