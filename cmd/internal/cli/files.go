// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
)

// preview loads a ceremony file and builds everything in it with specimens.
// The error is a source.Errors when the file is at fault; the preview has the
// problems that were found by building.
func preview(ctx context.Context, name string) (*plan.Preview, error) {
	data, err := readArgument(name, nil)
	if err != nil {
		return nil, err
	}
	loaded, err := loadCeremony(name, data)
	if err != nil {
		return nil, err
	}
	p, err := plan.NewPreview(ctx, loaded, rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("planning %s: %w", name, err)
	}
	return p, nil
}

// loadCeremony loads a ceremony file; what it names is beside it.
func loadCeremony(name string, data []byte) (*plan.Loaded, error) {
	return plan.Load(name, data, plan.Disk{Folder: filepath.Dir(name), Rebuild: verify.Wrong})
}

// loadSite reads a site file; no name gives no site.
func loadSite(name string) (*plan.Site, error) {
	if name == "" {
		return nil, nil //nolint:nilnil // a rehearsal on in-memory tokens has no site
	}
	data, err := readArgument(name, nil)
	if err != nil {
		return nil, err
	}
	return plan.LoadSite(name, data)
}
