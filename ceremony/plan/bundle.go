// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"io/fs"
	"time"

	"rootceremony/internal/approval"
	"rootceremony/profiles"
)

// PolicyPath is where the policy by which plans are approved lies in a bundle.
const PolicyPath = "trust/policy.json"

// Folder is where the first plan lies in a bundle, with all that it was
// made from; amendments have folders of their own.
const Folder = "plan"

// In is where a file of the plan in a folder lies in the bundle.
func (f File) In(folder string) string {
	switch f.Kind {
	case "ceremony":
		return folder + "/ceremony.yaml"
	case "profile":
		return folder + "/profiles/" + f.Name + ".yaml"
	case kindStepTemplate:
		return folder + "/step-templates/" + f.Name + ".yaml"
	}
	return folder + "/inputs/" + f.Name
}

// ApprovalsFolder is the folder with the approvals of the plan in a folder.
func ApprovalsFolder(folder string) string { return folder + "/approvals" }

// BundleFile is a file that goes into the plan folder of a bundle.
type BundleFile struct {
	Path, Kind string
	Data       []byte
}

// BundleFiles are plan.json, site.json, the ceremony file, profiles, inputs and the
// script. They are on the disk before the journal begins: whatever interrupts the
// ceremony, its plan can be read again.
// The script is what people hold in their hands: who compares a scan of it
// finds the page that it was printed from. An amendment has the site of the
// first plan, and no copy of it.
func (p *Preview) BundleFiles(folder string, siteJSON, script []byte) ([]BundleFile, error) {
	files := []BundleFile{{folder + "/plan.json", "plan", p.Canonical}}
	if siteJSON != nil {
		files = append(files, BundleFile{folder + "/site.json", "site", siteJSON})
	}
	for _, f := range p.Plan.Files {
		files = append(files, BundleFile{f.In(folder), f.Kind, p.Raw(f)})
	}
	resolved, err := p.ResolvedProfiles()
	if err != nil {
		return nil, err
	}
	for _, o := range resolved {
		files = append(files, BundleFile{ResolvedPath(folder, o.Name), "resolved-profile", o.Data})
	}
	return append(files, BundleFile{folder + "/script.html", "script", script}), nil
}

// ApprovalCase is a plan with all that a policy may want approved with it.
func (p *Preview) ApprovalCase(site []byte, approvals fs.FS, at time.Time) (approval.PlanCase, error) {
	resolved, err := p.ResolvedProfiles()
	return approval.PlanCase{Plan: p.Canonical, Site: site, Profiles: resolved, Folder: approvals, At: at}, err
}

// ResolvedProfile gives the RFC 8785 bytes of a profile with everything written
// out, which is what people approve.
func ResolvedProfile(p profiles.Profile) ([]byte, error) {
	data, err := CanonicalJSON(profiles.Resolve(p))
	if err != nil {
		return nil, fmt.Errorf("resolving profile %s: %w", p.Head().Name, err)
	}
	return data, nil
}

// ResolvedProfiles gives the profiles of a plan, by the names of their files, in
// the order in which the ceremony file comes to them.
func (l *Loaded) ResolvedProfiles() ([]approval.Object, error) {
	var out []approval.Object
	for _, f := range l.Plan.Files {
		if f.Kind != "profile" {
			continue
		}
		data, err := ResolvedProfile(l.profiles[f.Path])
		if err != nil {
			return nil, err
		}
		out = append(out, approval.Object{Name: approval.ProfileFile(f.Name), Data: data})
	}
	return out, nil
}

// ResolvedPath is where a resolved profile lies in a bundle: beside its YAML.
func ResolvedPath(folder, name string) string { return folder + "/profiles/" + name }
