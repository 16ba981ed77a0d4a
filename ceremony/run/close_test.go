// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
	"rootceremony/transcripts/event"
)

// smallRun is a run of the smallest ceremony on SoftHSM2, behind the fault module
// where there is a fault.
func smallRun(t *testing.T, fault string) (*plan.Preview, Options) {
	t.Helper()
	dir, site := t.TempDir(), hsm(t)
	if err := os.WriteFile(filepath.Join(dir, "ceremony.yaml"), []byte(ceremonytest.Small), 0o600); err != nil {
		t.Fatal(err)
	}
	if fault != "" {
		for i := range site.Tokens {
			site.Tokens[i].Module = tokentest.BuildFaultModule(t)
		}
		t.Setenv("FAULT", fault)
	}
	p := ceremonytest.Preview(t, dir)
	return p, runOptions(p, site, filepath.Join(dir, "bundle"))
}

// TestTokenThatDoesNotClose guards a ceremony in which everything is signed: a
// module that fails when it is logged out of or finalized is a deviation, and the
// bundle is whole.
func TestTokenThatDoesNotClose(t *testing.T) {
	for fault, says := range map[string]string{
		"logout:before:1:err=30": "CKR_DEVICE_ERROR",
		"logout:before:1:abort":  "crashed during close",
		"final:before:1:err=30":  "CKR_DEVICE_ERROR",
	} {
		t.Run(fault, func(t *testing.T) {
			p, o := smallRun(t, fault)
			res, err := Execute(context.Background(), p, o)
			if err != nil {
				t.Fatal(err)
			}
			mustVerify(t, res.Bundle, len(p.Plan.Artifacts))
			closed := events[event.TokenClosed](t, res.Bundle)
			for _, e := range closed {
				if !strings.Contains(e.Error, says) {
					t.Errorf("token %s: %q, want %q", e.Token, e.Error, says)
				}
			}
			if d := events[event.DeviationRecorded](t, res.Bundle); len(d) != len(closed) || len(closed) == 0 {
				t.Errorf("%d deviations, %d tokens closed", len(d), len(closed))
			}
		})
	}
}

// TestShortIDs guards the YubiHSM 2, whose ids have two bytes: a ceremony with its
// template makes keys and signs.
func TestShortIDs(t *testing.T) {
	p, o := smallRun(t, "")
	for i := range o.Site.Tokens {
		o.Site.Tokens[i].Template = "yubihsm"
	}
	res, err := Execute(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	mustVerify(t, res.Bundle, len(p.Plan.Artifacts))
	for _, e := range events[event.KeyProved](t, res.Bundle) {
		if len(e.ID) != 4 {
			t.Errorf("key %s has the id %q", e.Key, e.ID)
		}
	}
}

// TestIDsThatAreSeen guards a token with objects of others: an id that one of
// them has is drawn again, and so are those that the device keeps for itself.
func TestIDsThatAreSeen(t *testing.T) {
	site := &plan.Site{Tokens: []token.Config{{Name: "root", Template: "yubihsm"}}}
	r := &tokens{seen: map[string]bool{"root 0102": true}, session: &session{o: &Options{Site: site, Rand: strings.NewReader("\x00\x00\xff\xff\x01\x02\x01\x03")}}}
	id, err := r.drawID("root")
	if err != nil || !slices.Equal(id, []byte{1, 3}) {
		t.Errorf("drew %x, %v", id, err)
	}
}
