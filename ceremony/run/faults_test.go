// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
	"rootceremony/transcripts/event"
)

// TestModuleMisbehaves guards the people in the room: a PKCS#11 module that
// crashes or never returns must not take the ceremony with it. What happened is
// said, is in the journal, and the record so far verifies.
func TestModuleMisbehaves(t *testing.T) {
	fault := tokentest.BuildFaultModule(t)
	for _, c := range []struct{ name, fault, says string }{
		{"aborts in C_Sign", "sign:before:1:abort", "abort"},
		{"never returns from C_Sign", "sign:before:1:hang", "did not answer"},
		{"loses a key after generation", "gen:after:1:err=30", "CKR_DEVICE_ERROR"},
		{"signs wrongly", "sign:after:1:flip", "signature"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, site := t.TempDir(), hsm(t)
			if err := os.WriteFile(filepath.Join(dir, "ceremony.yaml"), []byte(ceremonytest.Small), 0o600); err != nil {
				t.Fatal(err)
			}
			for i := range site.Tokens {
				site.Tokens[i].Module = fault
			}
			t.Setenv("FAULT", c.fault)
			p := ceremonytest.Preview(t, dir)
			o := runOptions(p, site, filepath.Join(dir, "bundle"))
			o.OpenToken = func(ctx context.Context, c token.Config, l Login) (token.Token, error) {
				return token.Open(ctx, token.Options{Config: c, PIN: tokentest.PIN, Log: l.Log, Deadlines: token.Deadlines{Call: time.Second}})
			}
			_, err := Execute(context.Background(), p, o)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("the ceremony said %v, want something about %q", err, c.says)
			}
			t.Log(err)
			mustBeIncomplete(t, o.Bundle)
		})
	}
}

// soFarSound wants a record without problems, which says that it is not whole.
func soFarSound(t *testing.T, bundle string) *verify.Verdict {
	t.Helper()
	v, err := verify.Bundle(context.Background(), bundle, verify.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	for _, p := range v.Problems {
		t.Errorf("before it was resumed: %v", p)
	}
	if len(v.Incomplete) == 0 {
		t.Error("verify takes the record of a failed run for a whole one")
	}
	return v
}

// mustBeIncomplete checks that a record that stopped is consistent as far as it
// goes, and says that it is not finished.
func mustBeIncomplete(t *testing.T, bundle string) {
	t.Helper()
	v := soFarSound(t, bundle)
	last := v.Records[len(v.Records)-1].Event.Type()
	if last != "session.ended" {
		t.Errorf("the journal ends with %s", last)
	}
}

// TestNothingIsOverwritten guards what earlier ceremonies left.
func TestNothingIsOverwritten(t *testing.T) {
	folder := filepath.Join(ceremonytest.Examples(t), "root-2026")
	first := rehearse(t, folder)
	o := Options{Mode: event.Rehearsal, Bundle: first.Bundle, People: Simulated{}, Clock: newHostClock(time.Unix(1e9, 0)), Rand: zeros{}}
	_, err := Execute(context.Background(), ceremonytest.Preview(t, folder), o)
	if err == nil || !strings.Contains(err.Error(), "empty") {
		t.Errorf("a second ceremony into the same folder: %v", err)
	}
	mustVerify(t, o.Bundle, 7)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
