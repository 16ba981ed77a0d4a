// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
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
	for _, s := range v.History.Sites {
		want[s.Folder()+"/site.json"] = "site"
		if s.Number > 0 && s.Changed.Approved != nil {
			approvals[plan.ApprovalsFolder(s.Folder())] = approval.AboutSite
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
			v.Notices = append(v.Notices, e.Path+": read for an amendment or a site file that never took effect")
		default:
			v.problem(e.Path, "%s: no plan of this ceremony lists this file as %q", line(f.Seq), e.Kind)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(want)) {
		if !slices.ContainsFunc(v.History.Loaded(), func(f history.Entry[event.FileLoaded]) bool { return f.Event.Path == path }) {
			v.problem(path, "no event says that the ceremony read this file")
		}
	}
	v.checkLintNames()
}

// checkLintNames checks that each result has the name that the program gave it: the first
// one that no result before has.
func (v *Verdict) checkLintNames() {
	taken := map[string]bool{}
	for _, l := range v.History.Linted {
		want := LintPath(l.Event.Artifact, l.Event.Stage, func(name string) bool { return taken[name] })
		if lintWords[l.Event.Stage] == "" || l.Event.File != want {
			v.problem(l.Event.File, "%s: not the name of a lint result: the name of this result is %s", line(l.Seq), want)
		}
		taken[l.Event.File] = true
	}
}

// lintWords are the stages at which objects are linted, in the names of results.
var lintWords = map[string]string{event.StageBeforeSigning: "before", event.StageAfterSigning: "after"}

// LintPath is where a result lies: NAME.json, NAME.2.json and so on, the first that no
// result of the record has.
func LintPath(artifact, stage string, taken func(string) bool) string {
	name := "lint/" + artifact + "." + lintWords[stage]
	path := name + ".json"
	for n := 2; taken(path); n++ {
		path = fmt.Sprintf("%s.%d.json", name, n)
	}
	return path
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
	if p.Plan.Approval == plan.ApprovalNone || v.Mode == event.Rehearsal {
		return nil
	}
	want[plan.PolicyPath] = "policy"
	c, err := p.ApprovalCase([]byte{}, nil, time.Time{}) // that there is a site is enough
	approvals[plan.ApprovalsFolder(p.folder)] = c.About
	return err
}

// changeFolder matches the files of an amendment, or of another site file.
var changeFolder = regexp.MustCompile(`^(plan/(?:amendment|site)-[1-9][0-9]*)/`)

// neverInForce reports whether a file is one of an amendment, or of another site file,
// that a crash came before: its files were read, and no event says that it is in force.
func (v *Verdict) neverInForce(name string) bool {
	m := changeFolder.FindStringSubmatch(name)
	return m != nil && !slices.ContainsFunc(v.plans, func(p planPeriod) bool { return p.folder == m[1] }) &&
		!slices.ContainsFunc(v.History.Sites, func(s history.Site) bool { return s.Folder() == m[1] })
}
