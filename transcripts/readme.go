// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	_ "embed"
	"fmt"
	"text/template"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

//go:embed templates/readme.md.tmpl
var readmeTemplate string

// readmeView holds ids and paths only, whose characters are harmless in
// Markdown and in a shell: people will paste what is made of it.
type readmeView struct {
	Ceremony            string
	Header              string // of MANIFEST
	Rehearsal, Software bool
	Certificates        []string // paths
}

// readmeText derives README-VERIFY.md from what a journal adds up to.
func readmeText(h *history.History) ([]byte, error) {
	view := readmeView{
		Ceremony: h.Opened.Ceremony, Rehearsal: h.Opened.Mode == event.Rehearsal, Software: h.Opened.SoftwareTokens,
	}
	view.Header = Manifest{Ceremony: view.Ceremony, Rehearsal: view.Rehearsal, Software: view.Software}.header()
	for _, a := range h.Artifacts {
		if f := a.File(event.EncodingDER); f != nil && a.Kind() == event.KindCertificate {
			view.Certificates = append(view.Certificates, f.Event.Path)
		}
	}
	t, err := template.New(readmePath).Parse(readmeTemplate)
	if err != nil {
		return nil, fmt.Errorf("rendering %s: %w", readmePath, err)
	}
	var out bytes.Buffer
	if err := t.Execute(&out, view); err != nil {
		return nil, fmt.Errorf("rendering %s: %w", readmePath, err)
	}
	return out.Bytes(), nil
}
