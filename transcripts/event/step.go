// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

var stepEvents = []Event{
	StepStarted{},
	StepRecorded{},
	StepFinished{},
	StepRedone{},
}

// StepStarted begins the step of the record.
type StepStarted struct {
	Title   string `json:"title"`
	Kind    string `json:"kind,omitempty"`    // do, generate, sign, …
	Attempt int    `json:"attempt,omitempty"` // from 2, when people decided to repeat the step
}

// Type implements [Event].
func (StepStarted) Type() string { return "step.started" }

// Schema implements [Event].
func (StepStarted) Schema() string {
	return `{
  "description": "A step of the plan begins.",
  "$comment": "observed",
  "type": "object",
  "required": ["title"],
  "additionalProperties": false,
  "properties": {
    "title": {"$ref": "#/$defs/text"},
    "kind": {"$ref": "#/$defs/some"},
    "attempt": {"description": "From 2, when people decided to repeat the step.", "type": "integer", "minimum": 2}
  }
}`
}

// Sentence implements [Event].
func (e StepStarted) Sentence() Sentence {
	return say("The step begins: "+e.Title, "")
}

func (e StepStarted) check() error {
	if e.Attempt == 1 || e.Attempt < 0 {
		return fmt.Errorf("attempt: %d, but it is given only from 2 on", e.Attempt)
	}
	return isText("title", e.Title)
}

// StepRecorded is what people filled in.
type StepRecorded struct {
	Fields map[string]string `json:"fields"`
}

// Type implements [Event].
func (StepRecorded) Type() string { return "step.recorded" }

// Schema implements [Event].
func (StepRecorded) Schema() string {
	return `{
  "description": "What people wrote down in the step.",
  "$comment": "stated",
  "type": "object",
  "required": ["fields"],
  "additionalProperties": false,
  "properties": {
    "fields": {"type": ["object", "null"], "propertyNames": {"$ref": "#/$defs/name"}, "additionalProperties": {"$ref": "#/$defs/text"}}
  }
}`
}

// Sentence implements [Event].
func (e StepRecorded) Sentence() Sentence {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		list = append(list, name+" = "+e.Fields[name])
	}
	return say("Written down: "+strings.Join(list, "; "), "")
}

func (e StepRecorded) check() error {
	for name, text := range e.Fields {
		if err := errors.Join(isText("fields", name), isText(name, text)); err != nil {
			return err
		}
	}
	return nil
}

// StepFinished ends the step of the record.
type StepFinished struct {
	Outcome string `json:"outcome"` // one of the constants Step*
}

// Type implements [Event].
func (StepFinished) Type() string { return "step.finished" }

// Schema implements [Event].
func (StepFinished) Schema() string {
	return `{
  "description": "The step ends: stated where people say so, observed where only the program acted.",
  "$comment": "stated, observed",
  "type": "object",
  "required": ["outcome"],
  "additionalProperties": false,
  "properties": {
    "outcome": {"enum": ["done", "skipped", "failed", "stopped"]}
  }
}`
}

// Sentence implements [Event].
func (e StepFinished) Sentence() Sentence {
	told := say("The step is "+e.Outcome, "")
	switch e.Outcome {
	case StepDone:
		return told
	case StepFailed:
		return told.as(Failure)
	}
	return told.as(Deviation)
}

func (e StepFinished) check() error {
	return oneOf("outcome", e.Outcome, StepDone, StepSkipped, StepFailed, StepStopped)
}

// The ways a step ends.
const (
	StepDone    = "done"
	StepSkipped = "skipped"
	StepFailed  = "failed"
	StepStopped = "stopped" // people stopped or paused the ceremony
)

// StepRedone says that a step is repeated because an attempt failed: people decided
// it in the deviation before, and the keys and the artifact of that attempt stay
// listed.
type StepRedone struct {
	Step     string   `json:"step"`
	Attempt  int      `json:"attempt"`            // the one that follows, from 2
	Earlier  string   `json:"earlier"`            // what happens to the keys of the earlier one
	Keys     []string `json:"keys,omitempty"`     // that the earlier one made: SHA-256 of their public keys
	Artifact string   `json:"artifact,omitempty"` // that the earlier one signed, and that is withheld
}

// Type implements [Event].
func (StepRedone) Type() string { return "step.redone" }

// Schema implements [Event].
func (StepRedone) Schema() string {
	return `{
  "description": "A step is repeated because an attempt failed; the deviation before it says why.",
  "$comment": "observed",
  "type": "object",
  "required": ["step", "attempt", "earlier"],
  "additionalProperties": false,
  "properties": {
    "step": {"$ref": "#/$defs/some"},
    "attempt": {"description": "The number of the attempt that follows.", "type": "integer", "minimum": 2},
    "earlier": {"description": "What happens to the keys of the earlier attempt: parked, they stay on the token unused; destroyed; or void, it made none.", "enum": ["parked", "destroyed", "void"]},
    "keys": {"description": "The keys that the earlier attempt made: SHA-256 of their public keys.", "type": "array", "minItems": 1, "items": {"$ref": "#/$defs/digest"}},
    "artifact": {"description": "The artifact that the earlier attempt signed; it is issued and withheld.", "$ref": "#/$defs/id"}
  }
}`
}

// Sentence implements [Event].
func (e StepRedone) Sentence() Sentence {
	text := fmt.Sprintf("Step %s is repeated, attempt %d; the earlier attempt is %s", e.Step, e.Attempt, e.Earlier)
	switch {
	case len(e.Keys) > 0:
		text += ": " + strings.Join(e.Keys, ", ")
	case e.Artifact != "":
		text += ": " + e.Artifact + " is issued and withheld"
	}
	return say(text, "").as(Deviation)
}

func (e StepRedone) check() error {
	if e.Step == "" || e.Attempt < 2 {
		return fmt.Errorf("attempt: %d of step %q, but a step is repeated from attempt 2 on", e.Attempt, e.Step)
	}
	for _, k := range e.Keys {
		if err := IsDigest("keys", k); err != nil {
			return err
		}
	}
	if e.Artifact != "" {
		return errors.Join(oneOf("earlier", e.Earlier, EarlierVoid), IsID("artifact", e.Artifact))
	}
	return oneOf("earlier", e.Earlier, EarlierParked, EarlierDestroyed, EarlierVoid)
}

// What happens to the keys of the attempt before.
const (
	EarlierParked    = "parked"    // its keys stay on the token, unused
	EarlierDestroyed = "destroyed" // its keys were destroyed
	EarlierVoid      = "void"      // it made no key; a certificate it signed is issued and withheld
)
