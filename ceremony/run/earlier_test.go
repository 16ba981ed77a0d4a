// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// TestEarlierInBundle guards an auditor who has the new bundle alone: verify checks
// the CRL by the responses that the old bundle listed, the report names the one that
// it makes old, and neither can be taken out.
func TestEarlierInBundle(t *testing.T) {
	all := ceremonytest.Examples(t)
	old := filepath.Join(all, "bundles", "root-2026")
	if err := os.CopyFS(old, os.DirFS(ceremonytest.GoldenBundle)); err != nil {
		t.Fatal(err)
	}
	_, res := rehearseAlone(t, filepath.Join(all, "issuing-2027"))
	if err := os.RemoveAll(old); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, res.Bundle, 3)
	page, err := os.ReadFile(filepath.Join(res.Bundle, "report", "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	const said = "e1-status-1 of ceremony 2026-root-x1 says good of serial "
	if text := strings.Join(strings.Fields(string(page)), " "); !strings.Contains(text, said) || !strings.Contains(text, "2027-11-01T08:59:59Z; to be replaced online within 24 hours of the revocation") {
		t.Error("the report does not name the old response")
	}
	told := 0
	for _, r := range journal(t, res.Bundle) {
		if e, ok := r.Event.(event.ObjectLinted); ok && len(e.OldResponses) > 0 {
			told++
		}
	}
	if told != 2 {
		t.Errorf("%d results of linting name the old response, want those before and after the signature", told)
	}
	for name, change := range map[string]func(data []byte) []byte{
		"copy":    func([]byte) []byte { return nil },
		"another": func(data []byte) []byte { return bytes.Replace(data, []byte("e1"), []byte("e2"), 1) },
	} {
		bundle := filepath.Join(t.TempDir(), name)
		if err := os.CopyFS(bundle, os.DirFS(res.Bundle)); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(bundle, "plan", "inputs", "2026-root-x1.e1-status-1")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if data = change(data); data != nil {
			if err := os.WriteFile(file, append(data, 0), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		v, err := verify.Bundle(context.Background(), bundle, verify.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Problems) == 0 {
			t.Errorf("%s: nothing is wrong", name)
		}
		v.Close()
	}
}

// hard is a token that says it is hardware.
type hard struct{ persistent }

func (h hard) Info() token.Info {
	i := h.Token.Info()
	i.Software = false
	return i
}

// TestEarlierInSoftware guards readers of a ceremony on hardware whose keys were in software
// the year before: verify says so.
func TestEarlierInSoftware(t *testing.T) {
	const says = "inputs are of ceremony fast, whose keys were in software tokens"
	for _, software := range []bool{true, false} {
		y := firstYear(t, onceFast)
		g := y.second(t, y.plan(t), func(o *Options) {
			if software {
				return
			}
			onHardware(o.Site)
			o.OpenToken = func(context.Context, token.Config, Login) (token.Token, error) {
				return hard{persistent{y.memory}}, nil
			}
			o.LookAt = func(ctx context.Context, c token.Config) (*token.Seen, error) {
				seen, err := looksWell(ctx, c)
				seen.Info.Software = false
				return seen, err
			}
		})
		v, problems := verified(t, g.dir, verify.Options{})
		if !v.OK() || slices.Contains(v.Notices, says) == software {
			t.Errorf("software %t: %s %q", software, problems, v.Notices)
		}
	}
}

// TestAmendedByRehearsal guards a ceremony against an amendment with an input of a rehearsal,
// which its first plan could not have.
func TestAmendedByRehearsal(t *testing.T) {
	y := firstYear(t, onceFast)
	p := y.plan(t)
	y.text = strings.Replace(y.text, "for: 3y}", "for: 2y}", 1)
	other := y.plan(t)
	site, _ := fastSite()
	o := inMemory(runOptions(p, site, filepath.Join(t.TempDir(), "bundle")), y.memory)
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	fromBundle(other.Plan, func(of *plan.BundleInput) { of.Rehearsal = true })
	amend(&o, other)
	var refusal *Refusal
	if _, err := Resume(context.Background(), o); !errors.As(err, &refusal) || !strings.Contains(refusal.Reason, "comes from a rehearsal") {
		t.Errorf("it goes on: %v", err)
	}
}
