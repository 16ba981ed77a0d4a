// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
)

// earlierPlan reads the plan that another one is compared with; no name gives none.
func earlierPlan(name string) (*plan.Side, error) {
	if name == "" {
		return nil, nil //nolint:nilnil // nothing is compared
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return planFolder(name)
	}
	data, err := readArgument(name, nil)
	if err != nil {
		return nil, err
	}
	loaded, err := loadCeremony(name, data)
	if err != nil {
		return nil, err
	}
	return loaded.Side(nil)
}

// planFolder reads what "ceremony plan --out" wrote.
func planFolder(folder string) (*plan.Side, error) {
	data, err := readArgument(filepath.Join(folder, "plan.json"), nil)
	if err != nil {
		return nil, withHint(err, "name a ceremony file, or the folder of a plan")
	}
	side := &plan.Side{}
	if side.Plan, err = plan.Decode(data); err != nil {
		return nil, fmt.Errorf("reading %s: %w", filepath.Join(folder, "plan.json"), err)
	}
	for _, f := range side.Plan.Files {
		if f.Kind != "profile" {
			continue
		}
		name := approval.ProfileFile(f.Name)
		data, err := readArgument(filepath.Join(folder, name), nil)
		if err != nil {
			return nil, err
		}
		side.Profiles = append(side.Profiles, approval.Object{Name: name, Data: data})
	}
	data, err = readArgument(filepath.Join(folder, "site.json"), nil)
	if errors.Is(err, fs.ErrNotExist) {
		return side, nil
	}
	if err == nil {
		side.Site, err = plan.DecodeSite(data)
	}
	return side, err
}

// compared says how a plan differs from an earlier one.
func compared(p *plan.Preview, old *plan.Side, site *plan.Site) (*plan.Comparison, error) {
	now, err := p.Side(site)
	if err != nil {
		return nil, err
	}
	return plan.Compare(old, now)
}
