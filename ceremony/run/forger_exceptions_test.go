// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/internal/preflight"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// stuck is a token that says it is hardware, with a serial number, and does not close.
type stuck struct {
	token.Token
	serial string
}

func (stuck) Close() error { return errors.New("CKR_DEVICE_ERROR") }

func (s stuck) Info() token.Info {
	i := s.Token.Info()
	i.Software, i.Serial = false, cmp.Or(s.serial, i.Serial)
	return i
}

// exceptional is a ceremony in which people make an exception of every rule that has one:
// hardware as root, a second medium that is lost, an amendment that too few approved, a
// window that is too short, a token that does not close, a spare with a template that
// allows more. The amendment replaces a text of the ceremony file.
func exceptional(t *testing.T, was, is string) *golden {
	t.Helper()
	text := strings.NewReplacer("approval: none, ", "", longer[0], longer[1]).Replace(ceremonytest.TwiceText)
	p, other := quickly(t, text, realNames...), quickly(t, strings.Replace(text, was, is, 1), realNames...)
	site, memory := fastSite()
	onHardware(site)
	site.JournalMirror = filepath.Join(t.TempDir(), "second")
	o := runOptions(p, site, filepath.Join(t.TempDir(), "bundle"))
	o.Host, o.Machine.Root = &event.Host{Name: "room", Root: true}, true
	site.Tokens[0].Spares = []token.Spare{{Module: "/memory", Label: site.Tokens[0].Label, Serial: "SPARE-1", Model: site.Tokens[0].Model}}
	o.OpenToken = func(_ context.Context, c token.Config, _ Login) (token.Token, error) {
		return stuck{memory, c.Serial}, nil
	}
	o.LookAt = func(ctx context.Context, c token.Config) (*token.Seen, error) {
		seen, err := looksWell(ctx, c)
		seen.Info.Software, seen.Info.Serial = false, cmp.Or(c.Serial, seen.Info.Serial)
		return seen, err
	}
	policy := policyFor(t, func(d *approval.Draft) {
		d.Rules = append(d.Rules, approval.Rule{For: approval.SiteApproval, Roles: []string{"plan-approver"}})
	})
	o.Policy, o.PolicySHA256 = policy, plan.SHA256Hex(policy)
	o.Approvals = os.DirFS(siteApprovedIn(t, approvedIn(t, p, "ann", "cat"), site))
	hour := func(n int) Asked {
		return Asked{Terminal: extending().
			On("Use hardware tokens as root", termtest.Reply("accept")).On("Why the program has to run as root", termtest.Reply("the driver needs it")).
			On("Continue?", termtest.Reply("agree")).
			On("without approval, as an exception", termtest.Reply("exception")).
			On("Why the amendment cannot wait", termtest.Reply("the approvers are asleep")).
			Then(attendants(p.Plan.Ceremony.Window.From.Add(time.Duration(n) * time.Hour)))}
	}
	o.People = hour(1)
	if _, err := Execute(context.Background(), p, o); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(site.JournalMirror); err != nil {
		t.Fatal(err)
	}
	onSpare(t, &o, hour(3))
	amend(&o, other)
	o.Approvals = os.DirFS(approvedIn(t, other, "ann"))
	o.People = hour(13)
	if _, err := Resume(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	g := &golden{dir: o.Bundle, preview: other}
	g.anchors.PolicySHA256 = o.PolicySHA256
	return g
}

// onSpare continues with a spare and another template, which people approved, and pauses.
func onSpare(t *testing.T, o *Options, people Asked) {
	t.Helper()
	site := *o.Site
	c := site.Tokens[0]
	c.Serial, c.Template, c.Spares = "SPARE-1", "crypto11", nil
	site.Tokens = []token.Config{c}
	o.Site, o.SiteApprovals, o.Approved, o.Script = &site, os.DirFS(siteApprovedIn(t, t.TempDir(), &site)), nil, nil
	o.People = Asked{Terminal: termtest.NewScript(80).
		On("Continue with the changed site", termtest.Reply("change")).On("Why the site file", termtest.Reply("the device is dead")).
		On("serial (text)", termtest.Reply("SPARE-1")).On("-digest", laptop(o.Bundle)).
		Once("first four digits", termtest.Reply("PAUSE")).On("ceremony paused", termtest.Reply("the spare is cold")).
		Then(people.Terminal.(*termtest.Script))}
	res, err := Resume(context.Background(), *o)
	if err != nil || res.Pause == "" {
		t.Fatalf("not paused: %+v, %v", res, err)
	}
}

// approvedIn is a folder with approvals of a plan and its profiles.
func approvedIn(t *testing.T, p *plan.Preview, who ...string) string {
	t.Helper()
	folder := t.TempDir()
	resolved, err := p.ResolvedProfiles()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range who {
		write(t, folder, approval.SignatureFile(approval.PlanFile, w), signature(t, w, approval.PlanApproval, p.Canonical))
		for _, f := range resolved {
			write(t, folder, approval.SignatureFile(f.Name, w), signature(t, w, approval.ProfileApproval, f.Data))
		}
	}
	return folder
}

// siteApprovedIn puts approvals of a site file into a folder.
func siteApprovedIn(t *testing.T, folder string, site *plan.Site) string {
	t.Helper()
	data, err := site.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range []string{"ann", "cat"} {
		write(t, folder, approval.SignatureFile(approval.SiteFile, who), signature(t, who, approval.SiteApproval, data))
	}
	return folder
}

// withoutDeviations leaves out what was decided about some exceptions.
func withoutDeviations(t *testing.T, records []event.Record, of func(e event.DeviationRecorded) bool) []event.Record {
	t.Helper()
	left := slices.DeleteFunc(slices.Clone(records), func(r event.Record) bool {
		e, is := r.Event.(event.DeviationRecorded)
		return is && of(e)
	})
	if len(left) == len(records) {
		t.Fatal("there is no such exception")
	}
	return left
}

// withoutVainSession leaves out the session in which a token found no key.
func withoutVainSession(t *testing.T, _ *desk, records []event.Record) []event.Record {
	t.Helper()
	in := func(session int) func(r event.Record) bool {
		return func(r event.Record) bool { return r.Session == session }
	}
	vain := records[slices.IndexFunc(records, func(r event.Record) bool {
		e, is := r.Event.(event.OperationFailed)
		return is && e.Error == errTired.Error()
	})].Session
	records = leftOut(records, slices.IndexFunc(records, in(vain)), slices.IndexFunc(records, in(vain+1)))
	for i, r := range records {
		if r.Session < vain {
			continue
		}
		if e, is := r.Event.(event.SessionStarted); is {
			e.Session--
			records[i].Event = e
		}
		records[i].Session--
	}
	return records
}

// asCompared has people of the second session compare a head that they never had.
func asCompared(t *testing.T, _ *desk, records []event.Record) []event.Record {
	t.Helper()
	started := slices.IndexFunc(records, func(r event.Record) bool { return r.Session == 2 })
	at := slices.IndexFunc(records, func(r event.Record) bool {
		e, is := r.Event.(event.DeviationRecorded)
		return is && r.Session == 2 && e.Exception == event.ExceptionNotOnPaper
	})
	if at < 0 {
		t.Fatal("they had it")
	}
	digest := strings.Repeat("5c", 32) // until it is sealed
	records[at].Event = event.DigestRead{What: event.WhatHead, Size: started, SHA256: digest, Words: wordsOf(t, digest), Compared: true}
	return records
}

// withoutTrouble has another user run the program, and its tokens close.
func withoutTrouble(t *testing.T, _ *desk, records []event.Record) []event.Record {
	t.Helper()
	for _, exception := range []string{event.ExceptionAsRoot, event.ExceptionNotClosed} {
		records = withoutDeviations(t, records, func(e event.DeviationRecorded) bool { return e.Exception == exception })
	}
	for i, r := range records {
		switch e := r.Event.(type) {
		case event.SessionStarted:
			host := *e.Host
			host.Root = false
			e.Host = &host
			records[i].Event = e
		case event.PreflightChecked:
			e.Checks = slices.Clone(e.Checks)
			for j := range e.Checks {
				if e.Checks[j].Check == preflight.Root {
					e.Checks[j].Met, e.Checks[j].Found = true, preflight.RunsAsRoot(false)
				}
			}
			records[i].Event = e
		case event.TokenClosed:
			e.Error = ""
			records[i].Event = e
		}
	}
	return records
}

// asFitting has the module say of a key what its template demands.
func asFitting(t *testing.T, _ *desk, records []event.Record) []event.Record {
	t.Helper()
	records = withoutDeviations(t, records, func(e event.DeviationRecorded) bool { return e.KeySHA256 != "" })
	for i, r := range records {
		if e, is := r.Event.(event.OperationFinished); is && e.Key != nil {
			key := *e.Key
			key.Attributes = slices.Clone(key.Attributes)
			for j := range key.Attributes {
				if key.Attributes[j].Name == "CKA_MODIFIABLE" {
					key.Attributes[j].Value = "false"
				}
			}
			e.Key = &key
			records[i].Event = e
		}
	}
	return records
}

// withStranger tells of a key on the token that was there before and stayed.
func withStranger(t *testing.T, _ *desk, records []event.Record) []event.Record {
	t.Helper()
	for i, r := range records {
		if e, is := r.Event.(event.TokenCensus); is {
			e.Objects = append(slices.Clone(e.Objects), event.Object{Class: "private-key", Label: "stranger", ID: "5c5c", KeyType: "ec"})
			records[i].Event = e
		}
	}
	return records
}
