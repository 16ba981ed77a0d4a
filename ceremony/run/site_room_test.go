// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package run

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/term/termtest"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
	"rootceremony/transcripts/event"
)

// siteRoom is a ceremony on SoftHSM2 behind the fault module, with one token that is
// named by label and serial number.
type siteRoom struct {
	t      *testing.T
	p      *plan.Preview
	bundle string
	site   *plan.Site
	o      Options // what else a session is given
	first  string  // serial number of the first token
}

func newSiteRoom(t *testing.T, p *plan.Preview) *siteRoom {
	t.Helper()
	r := &siteRoom{t: t, p: p, bundle: filepath.Join(t.TempDir(), "bundle")}
	c := r.device("example-root")
	r.first = c.Serial
	r.site = &plan.Site{Version: 1, SoftwareToken: true, Tokens: []token.Config{c}}
	return r
}

// device makes a token, and names it by all that it says of itself.
func (r *siteRoom) device(label string) token.Config {
	r.t.Helper()
	c := tokentest.NewSoftHSM(r.t, label)
	c.Name, c.Module = "root", tokentest.BuildFaultModule(r.t)
	all, err := token.List(r.t.Context(), c.Module, "")
	if err != nil {
		r.t.Fatal(err)
	}
	for _, i := range all {
		if i.Label == label && (r.site == nil || i.Serial != r.first) {
			c.Serial, c.Model = i.Serial, i.Model
		}
	}
	return c
}

// changed is the site file with another token.
func (r *siteRoom) changed(change func(c *token.Config)) *plan.Site {
	site := *r.site
	site.Tokens = slices.Clone(site.Tokens)
	change(&site.Tokens[0])
	return &site
}

// people are those of the room, who change the site file if they are asked.
func (r *siteRoom) people(answers ...string) *termtest.Script {
	people := termtest.NewScript(80)
	for i := 0; i < len(answers); i += 2 {
		people.Once(answers[i], termtest.Reply(answers[i+1]))
	}
	return people.On("Continue with the changed site", termtest.Reply("change")).On("Why the site file", termtest.Reply("the device is dead")).
		On("-digest", laptop(r.bundle)).On("Accept key", termtest.Reply("accept")).
		Then(attendants(r.p.Plan.Ceremony.Window.From.Add(time.Hour)))
}

func (r *siteRoom) options(site *plan.Site, people *termtest.Script) Options {
	o := runOptions(r.p, site, r.bundle)
	o.Policy, o.PolicySHA256, o.Approvals, o.SiteApprovals = r.o.Policy, r.o.PolicySHA256, r.o.Approvals, r.o.SiteApprovals
	o.LookAt, o.People = lookAtSoftHSM, Asked{Terminal: people}
	return o
}

func (r *siteRoom) begin(people *termtest.Script) error {
	_, err := Execute(context.Background(), r.p, r.options(r.site, people))
	return err
}

// resume continues with a site file, and gives what people saw.
func (r *siteRoom) resume(site *plan.Site, people *termtest.Script) (string, error) {
	_, err := Resume(context.Background(), r.options(site, people))
	return people.Screen(), err
}

// mustResume continues to the end, and gives the change that the record has.
func (r *siteRoom) mustResume(site *plan.Site, people *termtest.Script) event.SiteChanged {
	r.t.Helper()
	if screen, err := r.resume(site, people); err != nil {
		r.t.Fatalf("%v\n%s", err, screen)
	}
	r.mustBeValid()
	all := recorded[event.SiteChanged](r.t, r.bundle)
	if len(all) == 0 {
		r.t.Fatal("the record has no change of the site file")
	}
	return all[len(all)-1]
}

// mustBeValid wants the bundle whole and without a problem; what a device tells otherwise
// than another is a notice.
func (r *siteRoom) mustBeValid() {
	r.t.Helper()
	v, err := verify.Bundle(context.Background(), r.bundle, verify.Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	defer v.Close()
	if !v.OK() || v.Rebuilt != len(r.p.Plan.Artifacts) {
		r.t.Errorf("%v %v, %d rebuilt", v.Problems, v.Incomplete, v.Rebuilt)
	}
}

// mustRefuse continues in vain, before anybody is asked anything, and nothing is written.
func (r *siteRoom) mustRefuse(site *plan.Site, says, hint string) {
	r.t.Helper()
	before := journalOf(r.t, r.bundle)
	_, err := r.resume(site, nobodyIsAsked(r.t))
	var refusal *Refusal
	if !errors.As(err, &refusal) || !strings.Contains(refusal.Reason, says) || !strings.Contains(refusal.Hint, hint) {
		r.t.Errorf("not refused as %q, %q: %v, %+v", says, hint, err, refusal)
	}
	if journalOf(r.t, r.bundle) != before {
		r.t.Error("something was recorded")
	}
}

// threePeople is the fast ceremony with a witness more, and a pause after the keys.
func threePeople(t *testing.T) *plan.Preview {
	t.Helper()
	return ceremonytest.Amended(t, "{of: [bob, carol], need: 1}", "{of: [bob, carol], need: 2}")
}
