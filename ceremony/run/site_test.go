// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/approval"
	"rootceremony/internal/preflight"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// TestSiteTemplate guards a team whose token refuses the template: the hint is to resume
// with another one, an equal or stricter one needs somebody more who watches, and the
// record is checked against both site files.
func TestSiteTemplate(t *testing.T) {
	r := newSiteRoom(t, threePeople(t))
	t.Setenv("FAULT", "gen:before:1:err=d1")
	t.Setenv("FAULT_ONCE", filepath.Join(t.TempDir(), "once"))
	err := r.begin(r.people())
	var stopped *Stopped
	if !errors.As(err, &stopped) || !strings.Contains(stopped.Hint(), "another template for token root into the site file, and resume") ||
		!strings.Contains(stopped.Hint(), "ceremony resume "+r.bundle+" --site") {
		t.Fatalf("%v\n%s", err, stopped.Hint())
	}
	strict := r.changed(func(c *token.Config) {
		c.Template, c.Login, c.PINParts = "strict", token.LoginSplit, []string{"alice", "bob"}
		c.Tries, c.Then = 5, token.ThenLocks
	})
	screen, err := r.resume(strict, r.people("carol (internal-witness) types change", "stop"))
	if !errors.Is(err, ErrStopped) || len(recorded[event.SiteChanged](t, r.bundle)) > 0 || len(recorded[event.TokenOpened](t, r.bundle)) != 1 {
		t.Fatalf("carol said no: %v\n%s", err, screen)
	}
	screen, err = r.resume(strict, r.people())
	if err != nil || !strings.Contains(screen, `template "strict", was "default": it allows no more`) {
		t.Fatalf("%v\n%s", err, screen)
	}
	e := r.mustResume(strict, r.people())
	want := event.SiteChanged{Number: 1, SiteSHA256: e.SiteSHA256, Before: e.Before, Needs: event.SiteByWitness, Difference: e.Difference}
	if diff := cmp.Diff(want, e); diff != "" || len(recorded[event.SiteChanged](t, r.bundle)) != 1 {
		t.Errorf("the change (-want +got):\n%s", diff)
	}
	deviations := recorded[event.DeviationRecorded](t, r.bundle)
	if d := deviations[len(deviations)-1]; !slices.Equal(d.DecidedBy, []string{"alice", "bob", "carol"}) && d.Exception == event.ExceptionSite {
		t.Errorf("the deviation: %+v", d)
	}
}

// TestSiteAmbiguous guards a label that two tokens have: a serial number that names the
// one that was used is a closer name, and another one is another device.
func TestSiteAmbiguous(t *testing.T) {
	r := newSiteRoom(t, threePeople(t))
	serial := r.site.Tokens[0].Serial
	r.site.Tokens[0].Serial, r.site.Tokens[0].Model = "", ""
	if err := r.begin(r.people()); err != nil {
		t.Fatal(err)
	}
	twin := r.device("example-root")
	r.mustRefuse(r.site, "more than one match", "add its serial: to the token in the site file")
	other := r.changed(func(c *token.Config) { c.Serial = twin.Serial })
	if screen, err := r.resume(other, r.people("Continue with the changed site", "stop", "Continue with the changed site", "stop", "Continue with the changed site", "stop")); !errors.Is(err, ErrStopped) || !strings.Contains(screen, "another device or module") {
		t.Errorf("the twin: %v\n%s", err, screen)
	}
	if e := r.mustResume(r.changed(func(c *token.Config) { c.Serial = serial }), r.people()); e.Needs != event.SiteByTwo || len(e.Restored) > 0 {
		t.Errorf("the change: %+v", e)
	}
}

// TestSiteApproval guards the approvers of a plan: a template that allows more, and a
// module with other bytes, are no decision of the room. Their signatures over site.json
// are, and verify evaluates them again, also by a list of what was revoked; the list that
// came with them holds for all that is signed later.
func TestSiteApproval(t *testing.T) {
	text := strings.NewReplacer("approval: none, ", "").Replace(ceremonytest.TwiceText)
	r := newSiteRoom(t, quickly(t, text, realNames...))
	policy := policyFor(t, nil)
	r.o = Options{Policy: policy, PolicySHA256: plan.SHA256Hex(policy), Approvals: os.DirFS(approvedIn(t, r.p, "ann", "cat"))}
	r.site.Tokens[0].Template = "strict"
	t.Setenv("FAULT", "gen:before:1:err=d1")
	t.Setenv("FAULT_ONCE", filepath.Join(t.TempDir(), "once"))
	if err := r.begin(r.people()); err == nil {
		t.Fatal("the template was not refused")
	}
	lesser := r.changed(func(c *token.Config) { c.Template = "default" })
	r.mustRefuse(lesser, `template "default", was "strict": it allows more`, "--approvals")
	r.mustRefuse(r.changed(func(c *token.Config) { c.Module += ".new" }), "another device or module: module", "--approvals")
	folder := t.TempDir()
	r.o.SiteApprovals = os.DirFS(folder)
	data, err := lesser.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	write(t, folder, approval.SignatureFile(approval.SiteFile, "ann"), signature(t, "ann", approval.SiteApproval, data))
	r.mustRefuse(lesser, "the site file is not approved: ", "--approvals")
	write(t, folder, approval.SignatureFile(approval.SiteFile, "cat"), signature(t, "cat", approval.SiteApproval, data))
	from := r.p.Plan.Ceremony.Window.From
	write(t, folder, approval.RevocationsFile, revocationOf(t, "ben", from))
	if screen, err := r.resume(lesser, r.people()); err != nil {
		t.Fatalf("%v\n%s", err, screen)
	}
	if e := r.mustResume(lesser, r.people()); e.Needs != event.SiteByPolicy || e.Approved == nil || len(e.Approved.Approvals) != 2 {
		t.Errorf("the change: %+v", e)
	}
	write(t, r.bundle, "signatures/MANIFEST.ben.sig", signature(t, "ben", approval.ManifestDeclaration, read(t, r.bundle, "MANIFEST")))
	if v, problems := verified(t, r.bundle, verify.Options{}); len(v.Problems) > 0 || !strings.Contains(problems, "as internal-witness, and has 0") || !strings.Contains(fmt.Sprint(v.Approved), "site change 1") {
		t.Errorf("ben, whose key was revoked, counts, or who approved the site file does not: %v\n%s", v.Approved, problems)
	}
	if _, problems := verified(t, r.bundle, verify.Options{Revocations: revocationOf(t, plan.SHA256Hex(data), from)}); !strings.Contains(problems, "plan/site-1/approvals: with the given revocations, ") {
		t.Errorf("a site file that was revoked is approved: %s", problems)
	}
	if err := os.WriteFile(filepath.Join(r.bundle, "plan/site-1/approvals/site.json.cat.sig"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := verify.Bundle(context.Background(), r.bundle, verify.Options{})
	if err != nil || v.OK() || !strings.Contains(fmt.Sprint(v.Problems), "the approvals of the site file do not meet the policy") {
		t.Errorf("a signature is gone: %v", v.Problems)
	}
}

// TestSiteSoftware guards hardware: no software token takes its place, whatever the site
// file accepts.
func TestSiteSoftware(t *testing.T) {
	r := newSiteRoom(t, threePeople(t))
	t.Setenv("FAULT_MODEL", "HSM 9000")
	r.site.Tokens[0].Model = "HSM 9000"
	if err := r.begin(r.people()); err != nil {
		t.Fatal(err)
	}
	t.Setenv("FAULT_MODEL", "SoftHSM v2")
	r.mustRefuse(r.changed(func(c *token.Config) { c.Model = "SoftHSM v2" }), "was hardware (HSM 9000", "insert the device, or name hardware")
}

// TestSiteModuleBytes guards against a module that is another one under the same path: it
// is loaded again only with the bytes that a site file states.
func TestSiteModuleBytes(t *testing.T) {
	r := newSiteRoom(t, threePeople(t))
	data, err := os.ReadFile(r.site.Tokens[0].Module)
	if err != nil {
		t.Fatal(err)
	}
	module := filepath.Join(t.TempDir(), "vendor.so")
	put := func(data []byte) string {
		if err := os.WriteFile(module, data, 0o700); err != nil {
			t.Fatal(err)
		}
		return plan.SHA256Hex(data)
	}
	put(data)
	r.site.Tokens[0].Module = module
	if err := r.begin(r.people()); err != nil {
		t.Fatal(err)
	}
	other := put(append(data, 0)) // what follows the last section is not loaded
	r.mustRefuse(r.site, "has other bytes than when it was loaded before", "state module-sha256: "+other)
	r.mustRefuse(r.changed(func(c *token.Config) { c.ModuleSHA256 = strings.Repeat("00", 32) }), "states the module with SHA-256 0000", "put the module back")
	if e := r.mustResume(r.changed(func(c *token.Config) { c.ModuleSHA256 = other }), r.people()); e.Needs != event.SiteByPolicy {
		t.Errorf("the change: %+v", e)
	}
}

// TestSiteFixed guards what no site file changes while a ceremony lasts, and that other
// commands than resume change none.
func TestSiteFixed(t *testing.T) {
	r := newSiteRoom(t, threePeople(t))
	if err := r.begin(r.people()); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(s *plan.Site){
		"software-token": func(s *plan.Site) { s.SoftwareToken = false },
		"journal-mirror": func(s *plan.Site) { s.JournalMirror = "/tmp/elsewhere" },
		"host":           func(s *plan.Site) { s.Host = map[string]preflight.Level{"swap": preflight.Require} },
	} {
		site := *r.site
		change(&site)
		r.mustRefuse(&site, name+": ", "restore that in the site file")
	}
	o := r.options(r.changed(func(c *token.Config) { c.Template = "strict" }), nobodyIsAsked(t))
	o.Redo = r.p.Plan.Steps[1].ID
	var refusal *Refusal
	if _, err := Resume(context.Background(), o); !errors.As(err, &refusal) || !strings.Contains(refusal.Hint, "have people agree to the other one first:\n  ceremony resume") {
		t.Errorf("redo: %v %+v", err, refusal)
	}
	two := ceremonytest.Twice(t)
	if witnesses(two.Plan) < 2 {
		t.Error("the spare witness counts")
	}
}
