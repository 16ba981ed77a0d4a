// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"crypto/rand"
	"encoding/hex"
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
	return plan.Load(name, data, plan.Disk{Folder: filepath.Dir(name), Rebuild: verify.RebuildEarlier})
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

// siteBeside names the site file that a ceremony is under, by its digest, where it has the
// name that init gives it, in the folder of the shell or in that of the bundle. Of another
// place nobody knows.
func siteBeside(bundle, sha256 string) string {
	for _, name := range []string{"site.yaml", filepath.Join(filepath.Dir(filepath.Clean(bundle)), "site.yaml")} {
		site, err := loadSite(name)
		if err != nil {
			continue // it is for who resumes to say where it is
		}
		if digest, err := site.Digest(); err == nil && hex.EncodeToString(digest[:]) == sha256 {
			return name
		}
	}
	return ""
}
