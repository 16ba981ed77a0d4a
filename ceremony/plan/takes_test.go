// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// TestTakes guards people against a window that is over before the steps are: the
// plan warns, from what the steps say of themselves.
func TestTakes(t *testing.T) {
	for takes, warns := range map[string]bool{"": false, ", takes: 25h": false, ", takes: 25h1min": true} {
		text := ceremonytest.Revoking + "  - {do: Wait for the courier., who: [administrator], takes: 11h}\n  - {pause: Sleep., who: [administrator]" + takes + "}\n"
		l, err := plan.Load("takes.yaml", []byte(text), ceremonytest.ReferenceFiles(t))
		if err != nil {
			t.Fatal(err)
		}
		p, err := plan.NewPreview(context.Background(), l, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, w := range p.Warnings() {
			if strings.HasPrefix(w.String(), "takes.yaml:2:") {
				found = append(found, w.Text)
			}
		}
		if (len(found) > 0) != warns {
			t.Errorf("%q: %q", takes, p.Warnings())
		}
		if warns && !strings.Contains(found[0], "the steps need 36h1min, and the window is 36h long") {
			t.Errorf("%q", found)
		}
	}
}

// TestLasts guards the clock of a rehearsal: what the file says a step takes is what
// it takes there, and a step of which it says nothing takes some time, too.
func TestLasts(t *testing.T) {
	from := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		step plan.Step
		want time.Duration
	}{
		{plan.Step{Kind: plan.StepSection}, 0},
		{plan.Step{Kind: plan.StepPause}, 0},
		{plan.Step{Kind: plan.StepPause, Takes: "1d"}, 24 * time.Hour},
		{plan.Step{Kind: plan.StepDo, Takes: "5min"}, 5 * time.Minute},
		{plan.Step{Kind: plan.StepSign}, 2 * time.Minute},
	} {
		if got := c.step.Lasts(from); got != c.want {
			t.Errorf("%+v: %s", c.step, got)
		}
	}
}
