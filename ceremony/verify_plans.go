// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"rootceremony/internal/artifact"
	"rootceremony/transcripts"
)

// held is a plan that held for a part of a ceremony.
type held struct {
	*Preview // as far as the bundle has it: no specimens, no reports
	folder   string
	amended  transcripts.PlanAmended // zero for the first plan
	seq      int                     // of the event since which it holds
}

// name is what people call the plan.
func (h held) name() string {
	if h.seq == 0 {
		return "plan"
	}
	return fmt.Sprintf("amendment %d", h.amended.Number)
}

// holds gives the plan that holds at the end.
func (v *Verdict) holds() *Preview { return v.plans[len(v.plans)-1].Preview }

// replan makes every plan of the bundle again from its ceremony file. It gives
// nothing if one of them cannot be read.
func (v *Verdict) replan() []held {
	plans := []held{{folder: planFolder}}
	for _, r := range v.Records {
		if e, ok := r.Event.(transcripts.PlanAmended); ok {
			plans = append(plans, held{folder: transcripts.AmendmentFolder(e.Number), amended: e, seq: r.Seq})
		}
	}
	for i := range plans {
		if plans[i].Preview = v.replanIn(plans[i].folder); plans[i].Preview == nil {
			return nil
		}
	}
	return plans
}

// replanIn reads the ceremony file in a folder again and compares the plan.
func (v *Verdict) replanIn(folder string) *Preview {
	name, ceremony := folder+"/plan.json", folder+"/ceremony.yaml"
	stored, err := v.ReadFile(name, maxInput)
	if err != nil {
		v.problem(name, "%v", err)
		return nil
	}
	plan, err := decodePlan(stored)
	if err != nil {
		v.problem(name, "reading the plan: %v", err)
		return nil
	}
	yaml, err := v.ReadFile(ceremony, maxInput)
	if err != nil {
		v.problem(ceremony, "%v", err)
		return nil
	}
	l, err := Load(ceremony, yaml, bundled{read: v.ReadFile, folder: folder, plan: plan})
	if err != nil {
		v.problem(ceremony, "the plan cannot be made again: %v", err)
		return nil
	}
	again, err := l.Plan.Canonical()
	if err != nil || !bytes.Equal(again, stored) {
		v.problem(name, "it is not the plan that the ceremony file and its profiles give")
		return nil
	}
	return &Preview{Loaded: l, Canonical: stored, Digest: artifact.Sum(stored).SHA256}
}

// decodePlan reads plan.json strictly.
func decodePlan(stored []byte) (*Plan, error) {
	var plan Plan
	return &plan, decodeKnown(stored, &plan)
}

// decodeKnown reads JSON without unknown keys.
func decodeKnown(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// checkScripts renders the script of each plan again: with the devices of the
// site file or with blanks for them, as people printed it. One of an older
// program may look otherwise; it is as good as it was.
func (v *Verdict) checkScripts() {
	site, err := v.site()
	if err != nil {
		v.problem("plan/site.json", "%v", err)
		return
	}
	v.checkDevices(site)
	siteInScript := false
	for _, p := range v.plans {
		name := p.folder + "/script.html"
		stored, err := v.ReadFile(name, maxInput)
		if err != nil {
			v.problem(name, "%v", err)
			continue
		}
		blanks, blanksErr := p.Script(nil)
		filled, err := p.Script(site)
		siteInScript = siteInScript || bytes.Equal(filled, stored)
		switch {
		case err != nil || blanksErr != nil:
			v.problem(name, "it cannot be rendered again: %v", errors.Join(err, blanksErr))
		case bytes.Equal(filled, stored), bytes.Equal(blanks, stored):
		case v.Renderer != 0 && v.Renderer != transcripts.RendererVersion:
			v.Notices = append(v.Notices, name+": rendered by another version of this program, and not compared")
			siteInScript = true // as far as can be known
		default:
			v.problem(name, "it is not the script that plan.json gives")
		}
	}
	v.checkCompared(siteInScript)
}

// checkDevices checks that the devices were those of the site file.
func (v *Verdict) checkDevices(site *Site) {
	for _, r := range v.Records {
		switch e := r.Event.(type) {
		case transcripts.CeremonyOpened:
			if software := site == nil || site.SoftwareToken; e.SoftwareTokens != software {
				v.problem(line(r.Seq), "whether software tokens are accepted is not what the site file says")
			}
		case transcripts.TokenOpened:
			if site == nil {
				continue
			}
			c, err := site.device(e.Token)
			if err != nil || c.Label != e.Label || c.Serial != "" && c.Serial != e.Serial || c.Model != "" && c.Model != e.Model {
				v.problem(line(r.Seq), "token %q, label %q, serial %q, model %q, is not the device that the site file names", e.Token, e.Label, e.Serial, e.Model)
			}
		}
	}
}

// site reads the devices of a ceremony; a rehearsal in memory has none.
func (v *Verdict) site() (*Site, error) {
	data, err := v.ReadFile("plan/site.json", maxInput)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var site Site
	return &site, decodeKnown(data, &site)
}

// checkAmendments checks that each amendment left alone what was done before
// it, and that people read its whole difference.
func (re *rebuild) checkAmendments() {
	for i, p := range re.v.plans[1:] {
		before := re.v.plans[i].Plan
		done := pastOf(re, re.v.Records[:p.seq-1])
		for _, wrong := range amendable(before, p.Plan, done) {
			re.v.problem(line(p.seq), "amendment %d: %s", p.amended.Number, wrong)
		}
		lines, err := Difference(before, p.Plan)
		if err != nil || !slices.Equal(lines, p.amended.Difference) {
			re.v.problem(line(p.seq), "the difference that people read is not that between the plans")
		}
	}
}
