// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package format

import (
	"encoding/json"
	"fmt"
	"io"
)

// The names of the formats.
const (
	formatText   = "text"
	formatJSON   = "json"
	formatSARIF  = "sarif"
	formatJUnit  = "junit"
	formatGitHub = "github"
)

// Names lists the formats; the first is the default.
func Names() []string {
	return []string{formatText, formatJSON, formatSARIF, formatJUnit, formatGitHub}
}

// Write writes a report in the format of that name.
func Write(w io.Writer, name string, r *Report) error {
	var err error
	switch name {
	case formatText:
		err = Text(w, r)
	case formatJSON:
		err = writeJSON(w, r)
	case formatSARIF:
		err = writeSARIF(w, r)
	case formatJUnit:
		err = writeJUnit(w, r)
	case formatGitHub:
		err = writeGitHub(w, r)
	default:
		err = fmt.Errorf("unknown format %q", name)
	}
	if err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	return nil
}

// writeJSON writes the report as it is.
func writeJSON(w io.Writer, r *Report) error {
	return encode(w, struct {
		Version  int `json:"version"` // of this format
		Findings int `json:"findings"`
		*Report
	}{1, r.Count(), r})
}

func encode(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
