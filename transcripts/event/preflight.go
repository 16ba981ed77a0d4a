// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"errors"
	"fmt"
	"strings"
)

var preflightEvents = []Event{PreflightChecked{}}

// PreflightChecked is what was looked at before people were asked anything in a session
// of a real ceremony. What was required was met, or the session would not have begun.
type PreflightChecked struct {
	Checks []PreflightCheck `json:"checks"`
}

// PreflightCheck is one thing that was looked at.
type PreflightCheck struct {
	Check string `json:"check"`
	Token string `json:"token,omitempty"` // that it is about
	Level string `json:"level"`           // one of the constants Preflight*
	Met   bool   `json:"met"`             // only what warns may be unmet
	Found string `json:"found"`
}

// What follows if a check is not met.
const (
	PreflightRequire = "require" // the session does not begin
	PreflightWarn    = "warn"    // people are told
)

// Type implements [Event].
func (PreflightChecked) Type() string { return "preflight.checked" }

// Schema implements [Event].
func (PreflightChecked) Schema() string {
	return `{
  "description": "What was looked at on host, folders and devices before people were asked anything in this session. Required checks were met.",
  "$comment": "observed",
  "type": "object",
  "required": ["checks"],
  "additionalProperties": false,
  "properties": {
    "checks": {"type": "array", "minItems": 1, "items": {
      "type": "object",
      "required": ["check", "level", "met", "found"],
      "additionalProperties": false,
      "properties": {
        "check": {"$ref": "#/$defs/id"},
        "token": {"description": "That it is about.", "$ref": "#/$defs/some"},
        "level": {"description": "What follows if it is not met: the session does not begin, or people are told.", "enum": ["require", "warn"]},
        "met": {"type": "boolean"},
        "found": {"$ref": "#/$defs/text", "minLength": 1}
      },
      "if": {"properties": {"level": {"const": "require"}}}, "then": {"properties": {"met": {"const": true}}}
    }}
  }
}`
}

// Sentence implements [Event].
func (e PreflightChecked) Sentence() Sentence {
	text := fmt.Sprintf("Before people were asked, %d things were checked", len(e.Checks))
	if warned := e.Warnings(); len(warned) > 0 {
		return say(text+"; not met: "+strings.Join(warned, "; "), "")
	}
	return say(text+", and all were met", "")
}

// Warnings tells what was not met.
func (e PreflightChecked) Warnings() []string {
	var all []string
	for _, c := range e.Checks {
		if !c.Met {
			all = append(all, strings.TrimSpace(c.Check+" "+c.Token)+": "+c.Found)
		}
	}
	return all
}

func (e PreflightChecked) check() error {
	if len(e.Checks) == 0 {
		return errors.New("checks: none")
	}
	var err error
	for _, c := range e.Checks {
		err = errors.Join(err, IsID("check", c.Check), isText("token", c.Token), oneOf("level", c.Level, PreflightRequire, PreflightWarn), isText("found", c.Found))
		switch {
		case c.Found == "":
			err = errors.Join(err, fmt.Errorf("found: nothing for %s", c.Check))
		case c.Level == PreflightRequire && !c.Met:
			err = errors.Join(err, fmt.Errorf("met: %s is required, and a session that begins has it met", c.Check))
		}
	}
	return err
}
