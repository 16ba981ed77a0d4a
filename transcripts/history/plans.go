// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package history

import (
	"fmt"
	"slices"

	"rootceremony/transcripts/event"
)

// Plan is a plan that is, or was, in force for a part of the ceremony.
type Plan struct {
	Number  int    // of the amendment; 0 is the first plan
	SHA256  string // of its plan.json
	Seq     int    // of the line since which it is in force; 0 for the first
	Amended event.PlanAmended
}

// Name is what people call the plan.
func (p Plan) Name() string {
	if p.Number == 0 {
		return "plan"
	}
	return fmt.Sprintf("amendment %d", p.Number)
}

// Approval says who approved a plan.
type Approval struct {
	event.Record
	Event event.PlanApproval
	Plan  Plan // in force when it was said
}

// Plan is the plan in force.
func (h *History) Plan() Plan { return h.Plans[len(h.Plans)-1] }

// Amendments are the plans but for the first.
func (h *History) Amendments() []event.PlanAmended {
	var all []event.PlanAmended
	for _, p := range h.Plans {
		if p.Number > 0 {
			all = append(all, p.Amended)
		}
	}
	return all
}

// Site is a site file that is, or was, in force for a part of the ceremony.
type Site struct {
	Number       int    // of the change; 0 is the first site file
	SHA256       string // of its site.json
	event.Record        // since which it is in force; none of the first
	Changed      event.SiteChanged
}

// Folder is where the site file lies in a bundle.
func (s Site) Folder() string {
	if s.Number == 0 {
		return "plan"
	}
	return event.SiteFolder(s.Number)
}

// SiteChanges are the site files but for the first.
func (h *History) SiteChanges() []event.SiteChanged {
	var all []event.SiteChanged
	for _, s := range h.Sites {
		if s.Number > 0 {
			all = append(all, s.Changed)
		}
	}
	return all
}

// TemplateNotes say in which ways the key templates of all site files let keys leave a
// token or make keys weaker.
func (h *History) TemplateNotes() []string {
	notes := slices.Clone(h.Opened.TemplateNotes)
	for _, s := range h.SiteChanges() {
		for _, note := range s.TemplateNotes {
			if !slices.Contains(notes, note) {
				notes = append(notes, note)
			}
		}
	}
	return notes
}

// Site is the SHA-256 of the site file in force; a rehearsal in memory has none.
func (h *History) Site() string {
	if len(h.Sites) == 0 {
		return ""
	}
	return h.Sites[len(h.Sites)-1].SHA256
}
