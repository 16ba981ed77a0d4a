// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"

	"rootceremony/internal/approval"
	"rootceremony/profiles"
)

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

// ResolvedPath is where a resolved profile stands in a bundle: beside its YAML.
func ResolvedPath(folder, name string) string { return folder + "/profiles/" + name }
