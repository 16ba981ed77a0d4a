// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rootceremony/transcripts"
)

// hostClock is a fixed host clock whose monotonic part moves on by itself.
type hostClock struct {
	now  time.Time
	mono *time.Duration
}

func newHostClock(now time.Time) hostClock { return hostClock{now: now, mono: new(time.Duration)} }

func (c hostClock) Now() time.Time { return c.now }
func (c hostClock) Mono() time.Duration {
	*c.mono += time.Millisecond
	return *c.mono
}

func loadExample(t *testing.T, folder string) *Loaded {
	t.Helper()
	name := filepath.Join(folder, "ceremony.yaml")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	l, err := Load(name, data, Disk{Folder: folder})
	if err != nil {
		t.Fatalf("loading the example:\n%v", err)
	}
	return l
}

func preview(t *testing.T, folder string) *Preview {
	t.Helper()
	p, err := NewPreview(context.Background(), loadExample(t, folder), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Problems) > 0 {
		t.Fatalf("the example does not stand:\n%v", p.Problems)
	}
	return p
}

func TestFirstExample(t *testing.T) {
	p := preview(t, "../examples/root-2026")
	if err := p.Write(os.Stdout); err != nil {
		t.Fatal(err)
	}
	bundle := filepath.Join(t.TempDir(), "bundle")
	o := Options{Mode: transcripts.Rehearsal, Bundle: bundle, People: Simulated{Out: func(s string) { t.Log(s) }}, Clock: newHostClock(time.Unix(0, 0)),
		Rand: rand.Reader, Tool: transcripts.Tool{Version: "test", Go: "go"}}
	res, err := Execute(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	v, err := Verify(context.Background(), res.Bundle, transcripts.VerifyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(v.Problems, v.Incomplete, v.Notices, v.Rebuilt)
}
