// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"testing"

	"rootceremony/transcripts/event"
)

func verifyBundle(t testing.TB, dir string, o VerifyOptions) *Verdict {
	t.Helper()
	v, err := Verify(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = v.Close() })
	return v
}

func TestBundleIsConsistent(t *testing.T) {
	for name, o := range map[string]roomOptions{
		"run": {}, "rehearsal": {mode: event.Rehearsal, software: true}, "software": {software: true},
	} {
		t.Run(name, func(t *testing.T) {
			dir, closed := makeBundle(t, o)
			v := verifyBundle(t, dir, VerifyOptions{})
			if !v.OK() {
				t.Fatalf("problems %v, incomplete %v", v.Problems, v.Incomplete)
			}
			if v.IsAnchored() {
				t.Error("anchored by nothing")
			}
			if v.ManifestSHA256 != closed.ManifestSHA256 || v.Head.Size != len(v.Records) {
				t.Errorf("manifest %s, want %s; head over %d of %d lines", v.ManifestSHA256, closed.ManifestSHA256, v.Head.Size, len(v.Records))
			}
		})
	}
}
