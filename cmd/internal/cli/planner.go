// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"io"

	"rootceremony/ceremony/plan"
	"rootceremony/lint/files"
)

// planner plans ceremony files for the linter of files as "ceremony plan" does.
type planner struct{}

// Plan implements [files.Planner].
func (planner) Plan(ctx context.Context, name string, data []byte, rand io.Reader) (*files.Planned, error) {
	loaded, err := loadCeremony(name, data)
	if err != nil {
		return nil, err
	}
	p, err := plan.NewPreview(ctx, loaded, rand)
	if err != nil {
		return nil, err
	}
	return &files.Planned{ID: p.Plan.Ceremony.ID, Reports: p.Reports, Waivers: p.Waivers, Doc: p.Doc}, nil
}

// Site implements [files.Planner].
func (planner) Site(name string, data []byte) error {
	_, err := plan.LoadSite(name, data)
	return err
}
