// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// checkNames checks that the files that the ceremony read are those that its plans
// name, each of them, of the kinds that they have there, and approvals of them; and that results
// of linting are called after their artifacts. An event alone makes no file a part
// of a plan: who writes the record anew can write any event.
func (v *Verdict) checkNames() {
	want, approvals := map[string]string{}, map[string]func(name string) bool{}
	for _, p := range v.plans {
		if err := v.planned(p, want, approvals); err != nil {
			v.problem(p.folder, "%v", err)
			return
		}
	}
	for _, f := range v.History.Loaded() {
		e := f.Event
		kind, ok := want[e.Path]
		about := approvals[path.Dir(e.Path)]
		switch {
		case ok && kind == e.Kind:
		case e.Kind == "approval" && about != nil && about(path.Base(e.Path)):
		case v.neverInForce(e.Path):
			v.Notices = append(v.Notices, e.Path+": read for an amendment that never took effect")
		default:
			v.problem(e.Path, "%s: no plan of this ceremony lists this file as %q", line(f.Seq), e.Kind)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(want)) {
		if !slices.ContainsFunc(v.History.Loaded(), func(f history.Entry[event.FileLoaded]) bool { return f.Event.Path == path }) {
			v.problem(path, "no event says that the ceremony read this file")
		}
	}
	for _, l := range v.History.Linted {
		if !lintName(l.Event) {
			v.problem(l.Event.File, "%s: not the name of a lint result", line(l.Seq))
		}
	}
}

// planned adds the files that were read for a plan: what they are by path, and
// which names approvals of them may have, by folder.
func (v *Verdict) planned(p planPeriod, want map[string]string, approvals map[string]func(name string) bool) error {
	want[p.folder+"/plan.json"], want[p.folder+"/script.html"] = "plan", "script"
	for _, f := range p.Plan.Files {
		want[f.In(p.folder)] = f.Kind
	}
	resolved, err := p.ResolvedProfiles()
	if err != nil {
		return err
	}
	for _, o := range resolved {
		want[plan.ResolvedPath(p.folder, o.Name)] = "resolved-profile"
	}
	if v.History.Site() != "" && p.recorded.Number == 0 {
		want["plan/site.json"] = "site"
	}
	if p.Plan.Approval == plan.ApprovalNone || v.Mode == event.Rehearsal {
		return nil
	}
	want[plan.PolicyPath] = "policy"
	site, err := v.ReadFile("plan/site.json", plan.MaxInput)
	if err != nil {
		return err
	}
	c, err := p.ApprovalCase(site, nil, time.Time{})
	approvals[plan.ApprovalsFolder(p.folder)] = c.About
	return err
}

// amendmentFolder matches the files of an amendment.
var amendmentFolder = regexp.MustCompile(`^(plan/amendment-[1-9][0-9]*)/`)

// neverInForce reports whether a file is one of an amendment that a crash came
// before: its files were read, and no event says that it is in force.
func (v *Verdict) neverInForce(name string) bool {
	m := amendmentFolder.FindStringSubmatch(name)
	return m != nil && !slices.ContainsFunc(v.plans, func(p planPeriod) bool { return p.folder == m[1] })
}

// lintNumber is what ends the name of a result from the second on.
var lintNumber = regexp.MustCompile(`^(\.([2-9]|[1-9][0-9]+))?$`)

// lintName reports whether a file of results is called after its artifact and
// stage.
func lintName(e event.ObjectLinted) bool {
	word := map[string]string{event.StageBeforeSigning: "before", event.StageAfterSigning: "after"}[e.Stage]
	rest, named := strings.CutPrefix(e.File, "lint/"+e.Artifact+"."+word)
	rest, json := strings.CutSuffix(rest, ".json")
	return word != "" && named && json && lintNumber.MatchString(rest)
}
