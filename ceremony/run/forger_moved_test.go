// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"hash/fnv"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/transcripts/event"
)

// movedBy has a line at another place, by as many places as are given; all times stay in
// their order.
func movedBy(records []event.Record, from, by int) []event.Record {
	out := slices.Delete(slices.Clone(records), from, from+1)
	out = slices.Insert(out, from+by, records[from])
	for i := range out {
		out[i].Time, out[i].Mono = records[i].Time, records[i].Mono
	}
	return out
}

// TestForgerMoves guards an auditor against a line that is told some places earlier or later,
// where it cannot be told one place away: two people can vouch for what was before both of
// them came, and not for what was between.
func TestForgerMoves(t *testing.T) {
	d := deskOf(t, makeGolden(t))
	place := filepath.Join(t.TempDir(), "bundle")
	if err := d.lay(place); err != nil {
		t.Fatal(err)
	}
	accepts := func(records []event.Record) bool {
		problems, err := d.open(place, records[:len(records)-2], 0)
		if err != nil {
			t.Fatal(err)
		}
		return len(problems) == 0 && d.accepts(t, records) == ""
	}
	tried := 0
	for at := 1; at < len(d.records)-4; at++ {
		kind := d.records[at].Event.Type()
		for _, way := range []int{-1, 1} {
			if !forgerAll() && kind != "clock.attested" && !sampledLine(d.records[at]) || accepts(movedBy(d.records, at, way)) {
				continue // by neighbours that need not be in this order, it comes anywhere
			}
			for _, by := range []int{2 * way, 3 * way, 4 * way} {
				if to := at + by; to < 1 || to >= len(d.records)-4 {
					continue
				}
				if tried++; accepts(movedBy(d.records, at, by)) {
					t.Errorf("line %d, %s: told %d places away, and nobody sees it", at+1, kind, by)
				}
			}
		}
	}
	if tried == 0 {
		t.Error("nothing was tried")
	}
	if said := d.accepts(t, movedBy(d.records, slices.IndexFunc(d.records, func(r event.Record) bool { return r.Event.Type() == "clock.attested" }), 2)); !strings.Contains(said, "before somebody came") {
		t.Errorf("the clock is attested after people came: %q", said)
	}
	t.Logf("%d moves", tried)
}

// sampledLine is a part of the lines, whatever is in them.
func sampledLine(r event.Record) bool {
	h := fnv.New32()
	_, _ = h.Write([]byte{byte(r.Seq)})
	return h.Sum32()%12 == 3
}
