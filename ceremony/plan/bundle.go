// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

// Where approvals stand in a bundle.
const PolicyPath = "trust/policy.json"

// PlanFolder is where the first plan stands in a bundle, with all that it was
// made from; amendments have folders of their own.
const PlanFolder = "plan"

// BundlePath is where a file of a plan stands in the bundle.
func BundlePath(folder string, f PlanFile) string {
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
