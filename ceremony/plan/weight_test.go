// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package plan_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// cpuTime is what the process has computed so far: a machine that others use, too, has
// another time on the wall at each try.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var used unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// BenchmarkPreviousCRL measures what planning costs by the length of the CRL
// that came before, and prints the ratio of 16,000 entries to 4,000, by the time of the
// processor: four when it grows with the length, sixteen when it grows with its square.
func BenchmarkPreviousCRL(b *testing.B) {
	spent := map[int]time.Duration{}
	for _, n := range []int{4000, 16000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			folder := ceremonytest.WriteOldCA(b, n)
			start := cpuTime(b)
			for b.Loop() {
				ceremonytest.PreviewOldCA(b, folder)
			}
			spent[n] = (cpuTime(b) - start) / time.Duration(b.N)
			if few := spent[4000]; n > 4000 && few > 0 {
				b.ReportMetric(float64(spent[n])/float64(few), "ratio")
			}
		})
	}
}

// BenchmarkRevokeFrom measures the same by the length of a list of revocations.
func BenchmarkRevokeFrom(b *testing.B) {
	spent := map[int]time.Duration{}
	for _, n := range []int{4000, 16000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			folder := revokingFrom(b, serialLines(n))
			start := cpuTime(b)
			for b.Loop() {
				if l, err := loadFolder(folder); err != nil {
					b.Fatal(err)
				} else if _, err := plan.NewPreview(context.Background(), l, rand.Reader); err != nil {
					b.Fatal(err)
				}
			}
			spent[n] = (cpuTime(b) - start) / time.Duration(b.N)
			if few := spent[4000]; n > 4000 && few > 0 {
				b.ReportMetric(float64(spent[n])/float64(few), "ratio")
			}
		})
	}
}

// TestPreviousCRL guards planning after a CRL with many entries: work grows with
// the length of the list and not with its square. Allocations are counted, since
// time is not the same twice.
func TestPreviousCRL(t *testing.T) {
	allocated := func(n int) uint64 {
		folder := ceremonytest.WriteOldCA(t, n)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		p := ceremonytest.PreviewOldCA(t, folder)
		runtime.ReadMemStats(&after)
		if got := len(p.Plan.Artifact("old-crl").RevocationList().Entries); got != n+1 {
			t.Fatalf("%d entries after a CRL of %d", got, n)
		}
		return after.Mallocs - before.Mallocs
	}
	few, many := allocated(1000), allocated(4000)
	if ratio := float64(many) / float64(few); ratio > 5 {
		t.Errorf("four times the entries take %.1f times the allocations", ratio)
	}
}
