// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

var siteEvents = []Event{SiteChanged{}}

// SiteChanged says that another site file is in force from here on, which people decided
// in the deviation before it. All site files stay in the bundle, this one in [SiteFolder].
type SiteChanged struct {
	Number     int      `json:"number"` // from 1
	SiteSHA256 string   `json:"site_sha256"`
	Before     string   `json:"before_sha256"` // of the site.json that was in force until now
	Needs      string   `json:"needs"`         // one of the constants SiteBy*
	Difference []string `json:"difference"`    // as shown to people before they decided
	// TemplateNotes are those of the site file, as in [CeremonyOpened].
	TemplateNotes []string      `json:"template_notes,omitempty"`
	Restored      []Restored    `json:"restored,omitempty"`
	Approved      *SiteApproved `json:"approved,omitempty"` // where Needs is SiteByPolicy and the plan needs approval
}

// SiteApproved is who approved a site file that is changed.
type SiteApproved struct {
	PolicySHA256 string     `json:"policy_sha256"`
	Approvals    []Approval `json:"approvals"`
	Notices      []string   `json:"notices,omitempty"` // approvals that did not count, and why
}

// Restored is a device that takes the place of another one, with the keys that people
// restored there, as they read them.
type Restored struct {
	Token  string   `json:"token"`
	Serial string   `json:"serial"` // as it is on the device
	Seal   string   `json:"seal"`   // of the bag that the device, or the backup, was in
	Keys   []string `json:"keys"`   // SHA-256 of each public key, as another machine read it
}

// Type implements [Event].
func (SiteChanged) Type() string { return "site.changed" }

// Schema implements [Event].
func (SiteChanged) Schema() string {
	return `{
  "description": "Another site file is in force from here on, as people decided in the deviation before it.",
  "$comment": "stated",
  "type": "object",
  "required": ["number", "site_sha256", "before_sha256", "needs", "difference"],
  "additionalProperties": false,
  "properties": {
    "number": {"description": "From 1. The site file is in the folder plan/site-NUMBER.", "type": "integer", "minimum": 1},
    "site_sha256": {"description": "Of its site.json.", "$ref": "#/$defs/digest"},
    "before_sha256": {"description": "Of the site.json that was in force until now.", "$ref": "#/$defs/digest"},
    "needs": {"description": "Who has to agree: two people; an auditor or another witness besides; or, besides two people, those who approve by the policy.", "enum": ["two-people", "witness", "approval"]},
    "difference": {"description": "What changes, as shown to people before they decided.", "type": "array", "minItems": 1, "items": {"$ref": "#/$defs/text"}},
    "template_notes": {"description": "In which ways key templates of the site file let keys leave a token or make keys weaker.", "type": "array", "minItems": 1, "items": {"$ref": "#/$defs/text"}},
    "restored": {"description": "Devices that take the place of others, with the keys that were restored there.", "type": "array", "minItems": 1, "items": {
      "type": "object",
      "required": ["token", "serial", "seal", "keys"],
      "additionalProperties": false,
      "properties": {
        "token": {"$ref": "#/$defs/text"},
        "serial": {"description": "As it is on the device.", "$ref": "#/$defs/text"},
        "seal": {"description": "Of the bag that the device or the backup was in.", "$ref": "#/$defs/text"},
        "keys": {"description": "SHA-256 of each public key, as another machine read it.", "type": "array", "items": {"$ref": "#/$defs/digest"}}
      }
    }},
    "approved": {
      "description": "Who approved the site file, where that is needed.",
      "type": "object",
      "required": ["policy_sha256", "approvals"],
      "additionalProperties": false,
      "properties": {
        "policy_sha256": {"description": "Of trust/policy.json.", "$ref": "#/$defs/digest"},
        "approvals": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/approval"}},
        "notices": {"description": "Approvals that did not count, and why.", "type": "array", "minItems": 1, "items": {"$ref": "#/$defs/text"}}
      }
    }
  }
}`
}

// Sentence implements [Event].
func (e SiteChanged) Sentence() Sentence {
	text := fmt.Sprintf("Site change %d: from here on the site file in %s applies. %s", e.Number, SiteFolder(e.Number), strings.Join(e.Difference, "; "))
	for _, r := range e.Restored {
		text += fmt.Sprintf(". Token %s is the device with serial %s, seal %s", r.Token, r.Serial, r.Seal)
		if len(r.Keys) > 0 {
			text += fmt.Sprintf(", with %s restored there", Count(len(r.Keys), "key"))
		}
	}
	if e.Approved != nil {
		for _, f := range (PlanApproval{Approvals: e.Approved.Approvals}).ByFile() {
			text += fmt.Sprintf(". %s was approved by %s", f.File, f.By)
		}
	}
	return say(text, e.SiteSHA256).as(Deviation)
}

// Happened is what the deviation before the change says of it.
func (e SiteChanged) Happened() string {
	return Seen("the site file differs: " + strings.Join(e.Difference, "; "))
}

func (e SiteChanged) files() []File {
	return []File{{Path: SiteFolder(e.Number) + "/site.json", SHA256: e.SiteSHA256}}
}

func (e SiteChanged) check() error {
	err := errors.Join(IsDigest("site_sha256", e.SiteSHA256), IsDigest("before_sha256", e.Before), oneOf("needs", e.Needs, SiteByTwo, SiteByWitness, SiteByPolicy))
	err = errors.Join(err, isText("template_notes", strings.Join(e.TemplateNotes, "; ")))
	if e.Number < 1 {
		err = errors.Join(err, fmt.Errorf("number: %d, but numbers start at 1", e.Number))
	}
	if len(e.Difference) == 0 {
		err = errors.Join(err, errors.New("difference: nothing changes"))
	}
	for _, r := range e.Restored {
		err = errors.Join(err, isText("serial", r.Serial), isText("seal", r.Seal))
		for _, k := range r.Keys {
			err = errors.Join(err, IsDigest("keys", k))
		}
		if r.Keys == nil {
			err = errors.Join(err, errors.New("keys: null, where a device without any has an empty list"))
		}
	}
	if a := e.Approved; a != nil {
		err = errors.Join(err, IsDigest("policy_sha256", a.PolicySHA256), PlanApproval{Class: ApprovedBySignatures, PolicySHA256: a.PolicySHA256, Approvals: a.Approvals}.check())
		if len(a.Approvals) == 0 {
			err = errors.Join(err, errors.New("approvals: none"))
		}
	}
	return err
}

// SiteFolder is where the site file of a change is, with its approvals.
func SiteFolder(number int) string { return fmt.Sprintf("plan/site-%d", number) }

// Who has to agree to a change of the site file.
const (
	SiteByTwo     = "two-people"
	SiteByWitness = "witness"
	SiteByPolicy  = "approval"
)

// SiteAsks says who has to agree to a change.
func SiteAsks(needs string) string {
	switch needs {
	case SiteByWitness:
		return "two people and an auditor or another witness agree"
	case SiteByPolicy:
		return "it needs an approval"
	}
	return "two people agree"
}

// MayWitness reports whether a role is one of those who may agree to a change of the site
// file beside the two who agree to everything.
func MayWitness(role string) bool {
	words := strings.Split(role, "-")
	return slices.Contains(words, "auditor") || slices.Contains(words, "witness")
}
