// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

// PolicyPath is where the policy by which plans are approved stands in a bundle.
const PolicyPath = "trust/policy.json"

// Folder is where the first plan stands in a bundle, with all that it was
// made from; amendments have folders of their own.
const Folder = "plan"

// In is where a file of the plan in a folder stands in the bundle.
func (f File) In(folder string) string {
	switch f.Kind {
	case "ceremony":
		return folder + "/ceremony.yaml"
	case "profile":
		return folder + "/profiles/" + f.Name + ".yaml"
	case kindReady:
		return folder + "/ready/" + f.Name + ".yaml"
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
// The script is what people hold in their hands: whoever compares a scan of it
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
