// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/artifact"
	"rootceremony/internal/token"
	"rootceremony/transcripts"
	"rootceremony/transcripts/history"
)

// planPeriod is a plan with the part of the ceremony in which it was in force.
type planPeriod struct {
	*plan.Preview // as far as the bundle has it: no specimens, no reports
	folder        string
	recorded      history.Plan // since when it is in force, and what the record says of it
}

// CurrentPlan gives the plan in force at the end; nil when a plan could not be read
// again.
func (v *Verdict) CurrentPlan() *plan.Preview {
	if len(v.plans) == 0 {
		return nil
	}
	return v.plans[len(v.plans)-1].Preview
}

// replan rebuilds every plan of the bundle from its ceremony file. It gives
// nothing if one of them cannot be read.
func (v *Verdict) replan() []planPeriod {
	var plans []planPeriod
	for _, recorded := range v.History.Plans {
		plans = append(plans, planPeriod{folder: folderOf(recorded), recorded: recorded})
	}
	for i := range plans {
		if plans[i].Preview = v.replanIn(plans[i].folder); plans[i].Preview == nil {
			return nil
		}
	}
	return plans
}

// replanIn reads the ceremony file in a folder again and compares the plan.
func (v *Verdict) replanIn(folder string) *plan.Preview {
	name, ceremony := folder+"/plan.json", folder+"/ceremony.yaml"
	stored, err := v.ReadFile(name, plan.MaxInput)
	if err != nil {
		v.problem(name, "%v", err)
		return nil
	}
	pl, err := plan.Decode(stored)
	if err != nil {
		v.problem(name, "reading the plan: %v", err)
		return nil
	}
	yaml, err := v.ReadFile(ceremony, plan.MaxInput)
	if err != nil {
		v.problem(ceremony, "%v", err)
		return nil
	}
	l, err := plan.Load(ceremony, yaml, plan.Bundled{ReadAs: v.ReadFile, Folder: folder, Plan: pl})
	if err != nil {
		v.problem(ceremony, "the plan cannot be rebuilt: %v", err)
		return nil
	}
	again, err := l.Plan.Canonical()
	if err != nil || !bytes.Equal(again, stored) {
		v.problem(name, "it differs from the plan rebuilt from the ceremony file and its profiles")
		return nil
	}
	return &plan.Preview{Loaded: l, Canonical: stored, Digest: artifact.Sum(stored).SHA256}
}

// checkScripts renders the script of each plan again: with the devices of the
// site file or with blanks for them, as people printed it. One of an older
// program may look otherwise; it is as good as it was.
func (v *Verdict) checkScripts() {
	if v.unread {
		return
	}
	v.checkDevices()
	v.checkModules()
	v.checkPreflights()
	siteInScript := false
	for _, p := range v.plans {
		name := p.folder + "/script.html"
		stored, err := v.ReadFile(name, plan.MaxInput)
		if err != nil {
			v.problem(name, "%v", err)
			continue
		}
		filled, err := p.Script(v.sites.At(p.recorded.Seq))
		var blanks []byte
		if err == nil && !bytes.Equal(filled, stored) {
			blanks, err = p.Script(nil)
		}
		siteInScript = siteInScript || bytes.Equal(filled, stored)
		switch {
		case err != nil:
			v.problem(name, "it cannot be rebuilt: %v", err)
		case bytes.Equal(filled, stored), bytes.Equal(blanks, stored):
		case v.Renderer != 0 && !transcripts.Renders(v.Renderer): // which makes the bundle incomplete
			v.Notices = append(v.Notices, name+": rendered by another version of this program, so not compared")
			siteInScript = true // as far as can be known
		default:
			v.problem(name, "it differs from the script rendered from plan.json")
		}
	}
	v.checkCompared(siteInScript)
}

// checkDevices checks that the devices were those of the site file in force.
func (v *Verdict) checkDevices() {
	site := v.sites.At(0)
	if software := site == nil || site.SoftwareToken; v.History.Opened.SoftwareTokens != software {
		v.problem(line(1), "the recorded setting for software tokens differs from the site file")
	}
	if notes := site.TemplateNotes(); !slices.Equal(v.History.Opened.TemplateNotes, notes) {
		v.problem(line(1), "what the key templates of the site file let is not recorded as it is: %s", strings.Join(notes, "; "))
	}
	for _, note := range v.History.TemplateNotes() {
		v.Notices = append(v.Notices, "key template: "+note)
	}
	if site == nil {
		return
	}
	for _, u := range v.History.TokensOpened() {
		e := u.Event
		c, err := v.sites.At(u.Seq).Device(e.Token)
		if err != nil || c.Label != e.Label || c.Serial != "" && c.Serial != e.Serial || c.Model != "" && c.Model != e.Model {
			v.problem(line(u.Seq), "token %q, %s, is not the device that the site file names", e.Token, token.NameOf(e.Label, e.Serial, e.Model))
		}
		if s := v.sites.At(u.Seq); s != nil && e.Software && !s.SoftwareToken {
			v.problem(line(u.Seq), "token %q is software, and the site file permits no software token", e.Token)
		}
		for _, name := range slices.Sorted(maps.Keys(c.Environment)) {
			if e.Environment[name] != c.Environment[name] {
				v.problem(line(u.Seq), "token %q: the module had %s=%q, and the site file states %q", e.Token, name, e.Environment[name], c.Environment[name])
			}
		}
	}
}

// checkAmendments checks that each amendment left alone what was done before
// it, and that people read its whole difference.
func (re *Verifier) checkAmendments() {
	for i, p := range re.Verdict.plans[1:] {
		before := re.Verdict.plans[i].Plan
		seq := p.recorded.Seq
		done := NewReplay(before, history.Of(re.Verdict.Records[:seq-1]))
		for _, wrong := range done.Changes(before, p.Plan) {
			re.Verdict.problem(line(seq), "amendment %d: %s", p.recorded.Number, wrong)
		}
		lines, err := plan.Difference(before, p.Plan)
		if err != nil || !slices.Equal(lines, p.recorded.Amended.Difference) {
			re.Verdict.problem(line(seq), "the recorded difference is not the difference between the plans")
		}
	}
}
