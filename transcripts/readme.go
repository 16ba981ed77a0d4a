// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	_ "embed"
	"fmt"
	"text/template"

	"rootceremony/transcripts/event"
)

//go:embed templates/readme.md.tmpl
var readmeTemplate string

// readmeView holds ids and paths only, whose characters are harmless in
// Markdown and in a shell: people will paste what is made of it.
type readmeView struct {
	Ceremony            string
	Rehearsal, Software bool
	Certificates        []string // paths
}

// Readme derives README-VERIFY.md from the records of a journal.
func Readme(records []event.Record) ([]byte, error) {
	a := newAccount(records)
	view := readmeView{
		Ceremony: a.opened.Ceremony, Rehearsal: a.opened.Mode == event.Rehearsal, Software: a.opened.SoftwareTokens,
	}
	for _, f := range a.artifacts {
		for _, file := range f.files {
			if file.Kind == event.KindCertificate && file.Encoding == event.EncodingDER {
				view.Certificates = append(view.Certificates, file.Path)
			}
		}
	}
	t, err := template.New(ReadmePath).Parse(readmeTemplate)
	if err != nil {
		return nil, fmt.Errorf("rendering %s: %w", ReadmePath, err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, view); err != nil {
		return nil, fmt.Errorf("rendering %s: %w", ReadmePath, err)
	}
	return out.Bytes(), nil
}
