// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"path/filepath"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
)

// TestPlanDigest guards the approval: the same files give the same digest,
// wherever and whenever they are planned.
func TestPlanDigest(t *testing.T) {
	want := ceremonytest.Load(t, "../../examples/root-2026").Plan
	first, err := want.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(ceremonytest.Examples(t), "root-2026")
	for _, zone := range []string{"Pacific/Kiritimati", "America/St_Johns", ""} {
		t.Setenv("TZ", zone)
		t.Setenv("LC_ALL", "tr_TR.UTF-8")
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		time.Local = loc
		again, err := ceremonytest.Load(t, copied).Plan.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		if string(again) != string(first) {
			t.Errorf("in time zone %q the plan comes out different", zone)
		}
	}
}
