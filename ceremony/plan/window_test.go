// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
)

// TestExtendedWindow guards what people may do in the room: what they sign after the
// window, when they extend it, was linted in the plan, and paper says how long.
func TestExtendedWindow(t *testing.T) {
	files := ceremonytest.ReferenceFiles(t)
	planned := func(window string) (*plan.Preview, error) {
		text := strings.Replace(ceremonytest.Revoking, "to: 2026-12-02T20:00:00Z", window, 1)
		text = strings.Replace(text, "next-update: 6mo}", "next-update: 2026-12-02T22:00:00Z}", 1)
		l, err := plan.Load("window.yaml", []byte(text), files)
		if err != nil {
			return nil, err
		}
		p, err := plan.NewPreview(context.Background(), l, rand.Reader)
		if err == nil && len(p.Problems) > 0 {
			err = p.Problems
		}
		return p, err
	}
	if _, err := planned("to: 2026-12-02T20:00:00Z"); err != nil {
		t.Errorf("without an extension: %v", err)
	}
	p, err := planned("to: 2026-12-02T20:00:00Z, extend: 1h30min")
	if err != nil {
		t.Fatal(err)
	}
	var screen strings.Builder
	if err := p.Write(&screen); err != nil {
		t.Fatal(err)
	}
	script, err := p.Script(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"two people may extend it until 2026-12-02T21:30:00Z", "if signed at 2026-12-02T21:30:00Z"} {
		if text := strings.Join(strings.Fields(screen.String()), " "); !strings.Contains(text, want) {
			t.Errorf("the screen does not say %q:\n%s", want, screen.String())
		}
	}
	if want := "two people may extend it until <b>2026-12-02T21:30:00Z</b>"; !strings.Contains(string(script), want) {
		t.Errorf("the script does not say %q", want)
	}
	if _, err := planned("to: 2026-12-02T20:00:00Z, extend: 3h"); err == nil || !strings.Contains(err.Error(), "window.yaml:19:") {
		t.Errorf("with a CRL that ends before the extended window: %v", err)
	}
	if _, err := planned("to: 2026-12-02T20:00:00Z, extend: soon"); err == nil || !strings.Contains(err.Error(), "window.yaml:2:") {
		t.Errorf("soon: %v", err)
	}
}
