// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package format

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"rootceremony/internal/unseen"
)

// writeGitHub writes workflow commands that GitHub Actions shows beside the line.
// Findings that do not count follow as plain text.
func writeGitHub(w io.Writer, r *Report) error {
	b := bufio.NewWriter(w)
	for i := range r.Targets {
		for j := range r.Targets[i].Findings {
			if f := &r.Targets[i].Findings[j]; f.Counts() {
				annotation(b, f)
			}
		}
	}
	for i := range r.Targets {
		say(b, "%s: %s", r.Targets[i].name(), r.Targets[i].summary())
	}
	say(b, "%s", r.summary())
	return b.Flush()
}

func annotation(w io.Writer, f *Finding) {
	command := "error"
	switch f.Level {
	case Warning, Notice:
		command = f.Level
	}
	fmt.Fprintf(w, "::%s file=%s", command, property(unseen.Line(f.Place.File)))
	if f.Place.Line > 0 {
		fmt.Fprintf(w, ",line=%d", f.Place.Line)
	}
	if f.Place.Column > 0 {
		fmt.Fprintf(w, ",col=%d", f.Place.Column)
	}
	message := f.text()
	for _, part := range []string{f.Place.Path, f.Artifact} {
		if part != "" {
			message = part + ": " + message
		}
	}
	if f.Hint != "" {
		message += "\n" + f.Hint
	}
	fmt.Fprintf(w, ",title=%s::%s\n", property(f.Rule), data(message))
}

// data escapes the text of a workflow command, and property the value of one
// of its properties.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\n", "%0A").Replace(unseen.Show(s))
}

func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(s))
}
