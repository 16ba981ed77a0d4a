// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/internal/term"
	"rootceremony/transcripts"
)

// amended plans the ceremony of twice again, with other text.
func amended(t *testing.T, old, new string) *Preview {
	t.Helper()
	folder := fastFolder(t)
	if old != "" && !strings.Contains(twiceText, old) {
		t.Fatalf("no %q", old)
	}
	if err := os.WriteFile(filepath.Join(folder, "ceremony.yaml"), []byte(strings.Replace(twiceText, old, new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return preview(t, folder)
}

// amend is what makes a ceremony go on by another plan.
func amend(o *Options, p *Preview) { o.Amendment, o.Approved = p, p.Canonical }

// TestAmend guards a plan that changes on the way: what is done stays, people
// see every difference, both plans are in the bundle, and it verifies.
func TestAmend(t *testing.T) {
	p := twice(t)
	site, memory := fastSite()
	bundle := filepath.Join(t.TempDir(), "bundle")
	o := inMemory(runOptions(p, site, bundle), memory)
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	for change, want := range map[[2]string]string{
		{"record: {clock: text}", "record: {clock: time}"}:              "step 2 (Look at the clock.) is done",
		{"class: affiliate-sub}", "class: root}"}:                       `key "ca" is made or found`,
		{"common-name: Fast Root", "common-name: Slow Root"}:            `authority "root" has its key`,
		{"id: fast,", "id: slow,"}:                                      "it is another ceremony",
		{"", ""}:                                                        "the plan is the one that holds already",
		{"approval: none, ", ""}:                                        "who has to approve the plan cannot change",
		{"Put everything into the safe.", "Leave it all on the table."}: "step 4 (Put everything into the safe.) is done",
	} {
		amend(&o, amended(t, change[0], change[1]))
		var refusal *Refusal
		if _, err := Resume(context.Background(), o); !errors.As(err, &refusal) || !strings.Contains(refusal.Reason, want) {
			t.Errorf("%s: %v, want %q", change[1], err, want)
		}
	}
	amend(&o, amended(t, "{not-before: signing-day, for: 3y}", "{not-before: signing-day, for: 2y}"))
	people := term.NewScript(80).On("Go on by amendment 1", term.Reply("amend")).
		Then(room(p.Plan.Ceremony.Window.From.Add(5 * time.Hour)))
	o.People = Asked{Terminal: people}
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	if want := "~ artifacts[ca-cert].certificate.validity.not_after.for: 3y, now 2y"; !strings.Contains(strings.Join(strings.Fields(people.Screen()), " "), want) {
		t.Errorf("the screen does not show %q:\n%s", want, people.Screen())
	}
	mustVerify(t, bundle, len(p.Plan.Artifacts))
	e := events[transcripts.PlanAmended](t, bundle)
	if len(e) != 1 || e[0].Number != 1 {
		t.Fatalf("%+v", e)
	}
	for _, name := range []string{"plan/plan.json", "plan/amendment-1/plan.json", "plan/amendment-1/ceremony.yaml"} {
		if _, err := os.Stat(filepath.Join(bundle, name)); err != nil {
			t.Error(err)
		}
	}
}
