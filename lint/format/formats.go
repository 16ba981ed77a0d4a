// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package format

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"rootceremony/internal/unseen"
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
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	return escaped(w, b.String(), func(r rune) string {
		var out strings.Builder
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&out, `\u%04x`, unit)
		}
		return out.String()
	})
}

// escaped writes what programs read with escapes in the place of characters that would do
// something else where people look at it: in a terminal, or in the log of a CI service,
// for which "##[" begins a command. Only texts have them, which read the same.
func escaped(w io.Writer, text string, escape func(rune) string) error {
	var b strings.Builder
	for i, r := range text {
		if unseen.Is(r) || unseen.Command(text[i:]) {
			b.WriteString(escape(r))
		} else {
			b.WriteRune(r)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
