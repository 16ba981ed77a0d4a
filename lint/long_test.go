// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// TestLongRoot tells the true length of a root that is valid for longer than a
// time.Duration holds.
func TestLongRoot(t *testing.T) {
	c := valid(rootProfile(t), "2027-06-01T00:00:00Z", "2400-12-31T23:59:59Z")
	r := certificate(t, c, key(t, algorithm.ECDSAP384, "root"), nil).check(newLinter(t))
	i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Rule == "root.validity" })
	if i < 0 || !strings.HasPrefix(r.Findings[i].Details, "136450 days, from ") {
		t.Errorf("the length is not there:%s", show(r))
	}
}

// TestEntryIndex finds entries, new and carried over, and tells where each is
// in the ceremony file: what is revoked there is counted from 0.
func TestEntryIndex(t *testing.T) {
	list := &inspect.RevocationList{Entries: []inspect.RevokedEntry{{Serial: big.NewInt(0xa1)}, {Serial: big.NewInt(0xb2)}, {Serial: big.NewInt(0xa1)}}}
	x := &target{entries: indexEntries(list), fields: entryFields([]profiles.RevokedEntry{
		{Serial: "a1", CarriedOver: true}, {Serial: "b2"}, {Serial: "c3"}})}
	if x.entry(big.NewInt(0xa1)) != &list.Entries[0] || x.entry(big.NewInt(0xb2)) != &list.Entries[1] || x.previousEntry(big.NewInt(0xa1)) != nil {
		t.Error("an entry is not found, or one is that is not there")
	}
	for serial, want := range map[int64]profiles.Field{0xa1: FieldPrevious, 0xb2: {Entry: 1}, 0xc3: {Entry: 2}, 0xd4: FieldEntries} {
		if got := x.entryField(big.NewInt(serial)); got != want {
			t.Errorf("entry %x is at %s, not %s", serial, got, want)
		}
	}
}
