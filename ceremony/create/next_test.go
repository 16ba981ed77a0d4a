// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A year later people are asked what to revoke; what they take back, and what cannot be
// revoked, is not in the file. The names of a series go on.
func TestAskRevocations(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "year-2")
	n, err := ReadNext("../../examples/bundles/root-2026", folder, time.Date(2027, 10, 15, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	typed := []string{"r1-cert, superseded", "BACK", "root-x1-cert, superseded", "e1-cert, key-compromise", ""}
	refusals := 0
	err = n.AskRevocations(func(_ Question, def string, refused error) (string, error) {
		if refused != nil {
			refusals++
		}
		answer := typed[0]
		if typed = typed[1:]; answer == "BACK" {
			return "", ErrBack
		}
		return answer, nil
	})
	if err != nil || refusals != 1 {
		t.Errorf("%v, %d answers refused", err, refusals)
	}
	if diff := cmp.Diff(map[string]string{"e1-cert": "key-compromise"}, n.Revoke); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	files, err := n.Files()
	if err != nil {
		t.Fatal(err)
	}
	if err := Check(t.Context(), folder, files); err != nil {
		t.Error(err)
	}
	if text := string(files[len(files)-1].Data); strings.Count(text, "reason:") != 1 || !strings.Contains(text, "certificate: e1-cert, date: signing-time, reason: key-compromise") {
		t.Errorf("the file says\n%s", text)
	}
	for id, want := range map[string]string{"root-crl-1": "root-crl-2", "ocsp": "ocsp-2", "ocsp-x1": "ocsp-x1-2", "crl-09": "crl-10"} {
		if got := following(id); got != want {
			t.Errorf("%s is followed by %s, not %s", id, got, want)
		}
	}
}
