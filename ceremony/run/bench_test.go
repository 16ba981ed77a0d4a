// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"crypto/rand"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/artifact"
	"rootceremony/transcripts/event"
)

// unsynced is the file system of the host without waiting for the medium.
type unsynced struct{ artifact.OS }

type unsyncedFile struct{ artifact.File }

func (unsyncedFile) Sync() error { return nil }

func (u unsynced) OpenFile(name string, flag int, perm fs.FileMode) (artifact.File, error) {
	f, err := u.OS.OpenFile(name, flag, perm)
	return unsyncedFile{f}, err
}

func (unsynced) SyncDir(string) error { return nil }

// many is the fast ceremony with n artifacts: the root's certificate, the CA's,
// and one CRL after another.
func many(b testing.TB, n int) *plan.Preview {
	b.Helper()
	folder := filepath.Join(b.TempDir(), "many")
	if err := os.CopyFS(folder, os.DirFS("../../examples/root-2026")); err != nil {
		b.Fatal(err)
	}
	var text strings.Builder
	text.WriteString(strings.NewReplacer("profiles/root.yaml", "builtin:br-root", "profiles/tls-issuing.yaml", "builtin:tls-issuing-ca").Replace(ceremonytest.Fast))
	for i := 2; i <= n-2; i++ {
		fmt.Fprintf(&text, "  - crl: root-crl-%d\n    profile: profiles/root-crl.yaml\n    issuer: root\n    number: %d\n    previous: %s\n"+
			"    this-update: signing-time\n    next-update: 11mo\n", i, i, map[bool]string{true: "root-crl", false: fmt.Sprintf("root-crl-%d", i-1)}[i == 2])
	}
	l, err := plan.Load("ceremony.yaml", []byte(text.String()), plan.Disk{Folder: folder})
	if err != nil {
		b.Fatal(err)
	}
	p, err := plan.NewPreview(context.Background(), l, rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	if len(p.Problems) > 0 || len(p.Plan.Artifacts) != n {
		b.Fatalf("%d artifacts, %v", len(p.Plan.Artifacts), p.Problems)
	}
	return p
}

// BenchmarkCeremony measures what a ceremony of some artifacts costs beside the
// token: the whole rehearsal in memory, how much of it is waiting for the medium,
// the size of the bundle, and how long verify takes.
func BenchmarkCeremony(b *testing.B) {
	for _, n := range []int{10, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			began := time.Now()
			p := many(b, n)
			planned := time.Since(began)
			var synced, free, verifying time.Duration
			var size int64
			for b.Loop() {
				free += rehearsed(b, p, unsynced{}, filepath.Join(b.TempDir(), "unsynced"))
				bundle := filepath.Join(b.TempDir(), "synced")
				synced += rehearsed(b, p, artifact.OS{}, bundle)
				start := time.Now()
				v, err := verify.Bundle(context.Background(), bundle, verify.Options{})
				if err != nil || !v.OK() {
					b.Fatal(err, said(v))
				}
				verifying += time.Since(start)
				size = sizeOf(b, bundle)
				v.Close()
			}
			each := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(b.N) / float64(n) / 1000 }
			b.ReportMetric(float64(planned.Milliseconds())/float64(n), "plan-ms/artifact")
			b.ReportMetric(each(synced), "rehearse-ms/artifact")
			b.ReportMetric(float64(synced)/float64(free), "sync-ratio")
			b.ReportMetric(each(verifying), "verify-ms/artifact")
			b.ReportMetric(float64(size)/float64(n)/1024, "KiB/artifact")
		})
	}
}

func rehearsed(b testing.TB, p *plan.Preview, fsys artifact.FS, bundle string) time.Duration {
	b.Helper()
	start := time.Now()
	_, err := Execute(context.Background(), p, Options{Mode: event.Rehearsal, Bundle: bundle, People: Simulated{},
		Clock: newHostClock(start), Rand: rand.Reader, Tool: event.Tool{Version: "bench", Go: "bench"}, FileSystem: fsys})
	if err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

func sizeOf(b *testing.B, dir string) (size int64) {
	b.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		size += info.Size()
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return size
}

// TestCRLAfterCRL guards CRLs that follow each other in one ceremony: each is
// compared with the one before, which in planning, and while a table of them is
// confirmed, is not signed yet.
func TestCRLAfterCRL(t *testing.T) {
	p := many(t, 6)
	bundle := filepath.Join(t.TempDir(), "bundle")
	rehearsed(t, p, artifact.OS{}, bundle)
	mustVerify(t, bundle, 6)
}
