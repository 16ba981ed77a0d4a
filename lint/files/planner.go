// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"context"
	"io"

	"rootceremony/internal/source"
	"rootceremony/lint"
)

// Planner reads the files of ceremonies. The caller provides it: the package
// that plans ceremonies lints objects itself, and is a package above this one.
type Planner interface {
	// Plan plans a ceremony file at both ends of its window. Problems of the
	// file itself are [source.Errors].
	Plan(ctx context.Context, name string, data []byte, rand io.Reader) (*Planned, error)
	// Site reads a site file; its problems are [source.Errors].
	Site(name string, data []byte) error
}

// Planned is a ceremony file with what was found on its objects.
type Planned struct {
	ID      string           // of the ceremony
	Doc     *source.Document // its file
	Reports []lint.Report    // one an artifact, each finding with its place
	Waivers source.Errors    // those that decide nothing
}
