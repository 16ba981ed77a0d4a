// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"errors"
	"fmt"
	"strings"
)

var ceremonyEvents = []Event{CeremonyOpened{}, CeremonyStopped{}, CeremonyClosed{}}

// The modes of a ceremony.
const (
	Run       Mode = "run"
	Rehearsal Mode = "rehearsal"
)

// Mode says whether a ceremony is a real one or a rehearsal.
type Mode string

// CeremonyOpened is the first event of every journal.
type CeremonyOpened struct {
	Ceremony       string `json:"ceremony"` // its id: letters, digits, dots, hyphens and underscores
	Title          string `json:"title"`
	Mode           Mode   `json:"mode"`
	PlanSHA256     string `json:"plan_sha256"`           // of plan/plan.json
	SiteSHA256     string `json:"site_sha256,omitempty"` // of plan/site.json
	SoftwareTokens bool   `json:"software_tokens"`       // no hardware protects the keys
	// TemplateNotes say in which ways key templates of the site let keys leave a token or
	// make them weaker, and what in them is not known.
	TemplateNotes []string `json:"template_notes,omitempty"`
	Unapproved    bool     `json:"unapproved,omitempty"` // the ceremony file asks for no approval
	Unattended    bool     `json:"unattended,omitempty"` // a rehearsal whose answers are simulated
}

// Type implements [Event].
func (CeremonyOpened) Type() string { return "ceremony.opened" }

// Schema implements [Event].
func (CeremonyOpened) Schema() string {
	return `{
  "description": "The first event of every journal: which ceremony this is, and the plan that it follows.",
  "$comment": "observed",
  "type": "object",
  "required": ["ceremony", "title", "mode", "plan_sha256", "software_tokens"],
  "additionalProperties": false,
  "properties": {
    "ceremony": {"$ref": "#/$defs/id"},
    "title": {"$ref": "#/$defs/text"},
    "mode": {"enum": ["run", "rehearsal"]},
    "plan_sha256": {"description": "Of plan/plan.json.", "$ref": "#/$defs/digest"},
    "site_sha256": {"description": "Of plan/site.json.", "$ref": "#/$defs/digest"},
    "software_tokens": {"description": "No hardware protects the keys.", "type": "boolean"},
    "template_notes": {"description": "In which ways key templates of the site file let keys leave a token or make them weaker than the template that they are like, and what in them is not known.", "type": "array", "minItems": 1, "items": {"$ref": "#/$defs/text"}},
    "unapproved": {"description": "The ceremony file asks for no approval.", "const": true},
    "unattended": {"description": "A rehearsal whose answers are simulated.", "const": true}
  }
}`
}

// Sentence implements [Event].
func (e CeremonyOpened) Sentence() Sentence {
	return say(fmt.Sprintf("The ceremony was opened as a %s, for the plan with SHA-256", e.Mode), e.PlanSHA256)
}

func (e CeremonyOpened) files() []File {
	if e.SiteSHA256 != "" {
		return []File{{Path: PlanPath, SHA256: e.PlanSHA256}, {Path: SitePath, SHA256: e.SiteSHA256}}
	}
	return []File{{Path: PlanPath, SHA256: e.PlanSHA256}}
}

func (e CeremonyOpened) check() error {
	return errors.Join(IsID("ceremony", e.Ceremony), isText("title", e.Title), oneOf("mode", string(e.Mode), string(Run), string(Rehearsal)),
		IsDigest("plan_sha256", e.PlanSHA256), Optional(IsDigest, "site_sha256", e.SiteSHA256), isText("template_notes", strings.Join(e.TemplateNotes, "; ")))
}

// CeremonyStopped says that people, or an error, stopped the ceremony.
type CeremonyStopped struct {
	Reason string `json:"reason"`
	Pause  bool   `json:"pause,omitempty"` // people paused it, with the tokens closed and the head on paper
}

// Type implements [Event].
func (CeremonyStopped) Type() string { return "ceremony.stopped" }

// Schema implements [Event].
func (CeremonyStopped) Schema() string {
	return `{
  "description": "People, or an error, stopped the ceremony.",
  "$comment": "observed",
  "type": "object",
  "required": ["reason"],
  "additionalProperties": false,
  "properties": {
    "reason": {"$ref": "#/$defs/text"},
    "pause": {"description": "People paused the ceremony: the tokens are closed and the head is on paper.", "const": true}
  }
}`
}

// Sentence implements [Event].
func (e CeremonyStopped) Sentence() Sentence {
	if e.Pause {
		return say("The ceremony was paused: "+e.Reason, "")
	}
	return say("The ceremony was stopped: "+e.Reason, "").as(Failure)
}

func (e CeremonyStopped) check() error { return isText("reason", e.Reason) }

// CeremonyClosed is the last event before SessionEnded. It states how many
// operations and deviations the journal has.
type CeremonyClosed struct {
	Outcome    string         `json:"outcome"`    // OutcomeComplete or OutcomeAbandoned
	Operations map[string]int `json:"operations"` // finished ones, by the constants What*
	Failed     int            `json:"failed"`     // operations that failed
	Deviations int            `json:"deviations"`
	Signatures map[string]int `json:"signatures"` // that were made or may have been: the constants Signature*
	Renderer   int            `json:"renderer"`   // version of the code that derives transcript, report and README-VERIFY.md
}

// Type implements [Event].
func (CeremonyClosed) Type() string { return "ceremony.closed" }

// Schema implements [Event].
func (CeremonyClosed) Schema() string {
	return `{
  "description": "The last event before session.ended: how the ceremony ended, and how many operations and deviations the journal has.",
  "$comment": "observed",
  "type": "object",
  "required": ["outcome", "operations", "failed", "deviations", "signatures", "renderer"],
  "additionalProperties": false,
  "properties": {
    "outcome": {"enum": ["complete", "abandoned"]},
    "operations": {"type": ["object", "null"], "propertyNames": {"$ref": "#/$defs/what"}, "additionalProperties": {"type": "integer"}},
    "failed": {"description": "Operations that failed.", "type": "integer"},
    "deviations": {"type": "integer"},
    "signatures": {"description": "How many signatures were made, or may have been, by what became of them; complete has none that is open.", "type": ["object", "null"], "propertyNames": {"enum": ["delivered", "key-proof", "stand-in", "repeated", "settled", "invalid", "open"]}, "additionalProperties": {"type": "integer"}},
    "renderer": {"description": "Version of the code that derives transcript, report and README-VERIFY.md.", "type": "integer"}
  }
}`
}

// Sentence implements [Event].
func (e CeremonyClosed) Sentence() Sentence {
	return say("The ceremony was closed: "+e.Outcome, "")
}

func (e CeremonyClosed) check() error {
	for what := range e.Operations {
		if err := isWhat(what); err != nil {
			return err
		}
	}
	for standing := range e.Signatures {
		if err := oneOf("signatures", standing, SignatureStandings...); err != nil {
			return err
		}
	}
	return oneOf("outcome", e.Outcome, OutcomeComplete, OutcomeAbandoned)
}

// The ways a ceremony ends.
const (
	OutcomeComplete  = "complete"
	OutcomeAbandoned = "abandoned"
)
