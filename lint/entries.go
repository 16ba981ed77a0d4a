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

// repeatedEntries gives the entries of each serial number that a CRL lists more than
// once.
func repeatedEntries(l *inspect.RevocationList, index entryIndex) map[string][]*inspect.RevokedEntry {
	if l == nil || len(index) == len(l.Entries) {
		return nil
	}
	out := map[string][]*inspect.RevokedEntry{}
	for i := range l.Entries {
		e := &l.Entries[i]
		switch serial := hexSerial(e.Serial); {
		case index[serial] == e:
		case out[serial] == nil:
			out[serial] = []*inspect.RevokedEntry{index[serial], e}
		default:
			out[serial] = append(out[serial], e)
		}
	}
	return out
}

// MemberChange is what a ceremony file calls the list of entries that do not stay as
// they were.
const MemberChange = "change"

// entryFields names each declared entry by its place in the ceremony file: what
// is revoked or changed there, counted, or the previous CRL that it came from.
func entryFields(declared []profiles.RevokedEntry) map[string]profiles.Field {
	fields := make(map[string]profiles.Field, len(declared))
	revoked := 0
	for i := range declared {
		field := FieldPrevious
		switch e := &declared[i]; {
		case e.Listed && !e.CarriedOver:
			field = FieldRevokeFrom
		case !e.CarriedOver:
			revoked++
			field = profiles.Field{Entry: revoked}
		case e.Change != nil && e.Change.Item > 0:
			field = fieldOfChange(e.Change.Item)
		}
		if _, there := fields[string(declared[i].Serial)]; !there {
			fields[string(declared[i].Serial)] = field
		}
	}
	return fields
}

// fieldOfChange names an item of the list of changes.
func fieldOfChange(item int) profiles.Field { return profiles.Field{Member: MemberChange, Entry: item} }

// changedEntries are the declared entries that do not stay as they were, by serial
// number.
func changedEntries(declared []profiles.RevokedEntry) map[string]*profiles.RevokedEntry {
	out := map[string]*profiles.RevokedEntry{}
	for i := range declared {
		if declared[i].Change != nil {
			out[string(declared[i].Serial)] = &declared[i]
		}
	}
	return out
}

// leftOutEntries are the entries that are declared to be left out, by serial number.
func leftOutEntries(declared []profiles.LeftOutEntry) map[string]*profiles.LeftOutEntry {
	out := make(map[string]*profiles.LeftOutEntry, len(declared))
	for i := range declared {
		if serial := string(declared[i].Serial); out[serial] == nil || out[serial].How == profiles.Repeated {
			out[serial] = &declared[i]
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
