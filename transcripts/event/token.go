// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

var tokenEvents = []Event{
	TokenOpened{},
	PINRefused{},
	TokenCensus{},
	TokenRestarted{},
	TokenClosed{},
	ModuleOutput{},
}

// TokenOpened describes a token that was opened and logged in to.
type TokenOpened struct {
	Token        string            `json:"token"` // its name in the ceremony file
	Label        string            `json:"label"`
	Serial       string            `json:"serial"`
	Model        string            `json:"model"`
	Manufacturer string            `json:"manufacturer,omitempty"`
	Firmware     string            `json:"firmware,omitempty"`
	Hardware     string            `json:"hardware,omitempty"`
	Flags        []string          `json:"flags,omitempty"`
	Login        string            `json:"login,omitempty"`
	Module       *Module           `json:"module,omitempty"`
	Libraries    map[string]string `json:"libraries,omitempty"` // path: SHA-256, or why it could not be read
	Environment  map[string]string `json:"environment,omitempty"`
	Software     bool              `json:"software"`
}

// Type implements [Event].
func (TokenOpened) Type() string { return "token.opened" }

// Schema implements [Event].
func (TokenOpened) Schema() string {
	return `{
  "description": "A token was opened and logged in to: what the module says of the token and of itself.",
  "$comment": "reported",
  "type": "object",
  "required": ["token", "label", "serial", "model", "software"],
  "additionalProperties": false,
  "properties": {
    "token": {"description": "Its name in the ceremony file.", "$ref": "#/$defs/text"},
    "label": {"$ref": "#/$defs/text"},
    "serial": {"$ref": "#/$defs/text"},
    "model": {"$ref": "#/$defs/text"},
    "manufacturer": {"$ref": "#/$defs/some"},
    "firmware": {"$ref": "#/$defs/some"},
    "hardware": {"$ref": "#/$defs/some"},
    "flags": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/text"}},
    "login": {"$ref": "#/$defs/some"},
    "module": {"$ref": "#/$defs/module"},
    "libraries": {"type": "object", "minProperties": 1, "propertyNames": {"$ref": "#/$defs/name"}, "additionalProperties": {"$ref": "#/$defs/text"}},
    "environment": {"type": "object", "minProperties": 1, "propertyNames": {"$ref": "#/$defs/name"}, "additionalProperties": {"$ref": "#/$defs/text"}},
    "software": {"type": "boolean"}
  }
}`
}

// Sentence implements [Event].
func (e TokenOpened) Sentence() Sentence {
	what := "a device"
	if e.Software {
		what = "a software token"
	}
	return say(fmt.Sprintf("Opened token %s, %s: label %s, serial %s, model %s", e.Token, what, e.Label, e.Serial, e.Model), "")
}

func (e TokenOpened) check() error { return nil }

// Elsewhere reports whether a token is another device than it was.
func (e TokenOpened) Elsewhere(was TokenOpened) bool {
	return e.Serial != was.Serial || e.Model != was.Model || e.Manufacturer != was.Manufacturer
}

// Module is a PKCS#11 module.
type Module struct {
	Path         string `json:"path,omitempty"`
	Description  string `json:"description,omitempty"`
	Manufacturer string `json:"manufacturer,omitempty"`
	Version      string `json:"version,omitempty"`
	Cryptoki     string `json:"cryptoki,omitempty"`
	SHA256       string `json:"sha256,omitempty"`
}

// PINRefused says that a login was not accepted. It does not contain the PIN, not
// even its length.
type PINRefused struct {
	Token   string `json:"token"`
	Outcome string `json:"outcome"`          // one of the constants PIN*
	Person  string `json:"person,omitempty"` // who entered it, as people said
}

// Type implements [Event].
func (PINRefused) Type() string { return "pin.refused" }

// Schema implements [Event].
func (PINRefused) Schema() string {
	return `{
  "description": "A login was not accepted. The PIN, and even its length, are not recorded.",
  "$comment": "reported, observed",
  "type": "object",
  "required": ["token", "outcome"],
  "additionalProperties": false,
  "properties": {
    "token": {"$ref": "#/$defs/text"},
    "outcome": {"description": "Modules also report cancelled when time runs out at a PIN pad.", "enum": ["wrong", "cancelled", "locked"]},
    "person": {"description": "Who entered it, as people said.", "$ref": "#/$defs/id"}
  }
}`
}

// Sentence implements [Event].
func (e PINRefused) Sentence() Sentence {
	text := fmt.Sprintf("The PIN of token %s was not accepted: %s", e.Token, e.Outcome)
	if e.Person != "" {
		text += ". It was entered by " + e.Person
	}
	return say(text, "").as(Failure)
}

func (e PINRefused) check() error {
	return errors.Join(oneOf("outcome", e.Outcome, PINWrong, PINCancelled, PINLocked), Optional(IsID, "person", e.Person))
}

// Why a login was not accepted.
const (
	PINWrong     = "wrong"
	PINCancelled = "cancelled" // by people, or at the PIN pad, also when time runs out there
	PINLocked    = "locked"
)

// TokenCensus lists the objects of a token.
type TokenCensus struct {
	Token   string   `json:"token"`
	When    string   `json:"when"` // one of the constants Census*
	Objects []Object `json:"objects"`
}

// Type implements [Event].
func (TokenCensus) Type() string { return "token.census" }

// Schema implements [Event].
func (TokenCensus) Schema() string {
	return `{
  "description": "All objects of a token.",
  "$comment": "reported",
  "type": "object",
  "required": ["token", "when", "objects"],
  "additionalProperties": false,
  "properties": {
    "token": {"$ref": "#/$defs/text"},
    "when": {"enum": ["opened", "pause", "closing"]},
    "objects": {"type": "array", "items": {"$ref": "#/$defs/object"}}
  }
}`
}

// Sentence implements [Event].
func (e TokenCensus) Sentence() Sentence {
	return say(fmt.Sprintf("Counted the objects on token %s (%s): %d", e.Token, e.When, len(e.Objects)), "")
}

func (e TokenCensus) check() error {
	if e.Objects == nil {
		return errors.New("objects: null, where a token without any has an empty list")
	}
	return oneOf("when", e.When, CensusOpened, CensusPause, CensusClosing)
}

// When the objects of a token are counted.
const (
	CensusOpened  = "opened"
	CensusPause   = "pause"
	CensusClosing = "closing"
)

// Object is one object of a token.
type Object struct {
	Class   string `json:"class"`
	Label   string `json:"label"`
	ID      string `json:"id"` // hexadecimal
	KeyType string `json:"key_type,omitempty"`
	Problem string `json:"problem,omitempty"`
}

// On gives the objects that there are after a change, and those that it took away and that
// were not there.
func (c *CensusChange) On(objects []Object) (after, missing []Object) {
	after = slices.Clone(objects)
	for _, gone := range c.Removed {
		if i := slices.Index(after, gone); i >= 0 {
			after = slices.Delete(after, i, i+1)
		} else {
			missing = append(missing, gone)
		}
	}
	return append(after, c.Added...), missing
}

// Compare orders objects, for [slices.SortFunc].
func (o Object) Compare(other Object) int {
	return cmp.Or(strings.Compare(o.Class, other.Class), strings.Compare(o.Label, other.Label), strings.Compare(o.ID, other.ID),
		strings.Compare(o.KeyType, other.KeyType), strings.Compare(o.Problem, other.Problem))
}

// CensusChange is how the objects of a token changed.
type CensusChange struct {
	Added   []Object `json:"added,omitempty"`
	Removed []Object `json:"removed,omitempty"`
}

// TokenRestarted says that a new process took over the token.
type TokenRestarted struct {
	Token  string `json:"token"`
	Reason string `json:"reason,omitempty"`
}

// ReasonFresh is why a token is restarted.
const ReasonFresh = "new keys must be found by a fresh process"

// Type implements [Event].
func (TokenRestarted) Type() string { return "token.restarted" }

// Schema implements [Event].
func (TokenRestarted) Schema() string {
	return `{
  "description": "A new process took over the token.",
  "$comment": "observed",
  "type": "object",
  "required": ["token"],
  "additionalProperties": false,
  "properties": {
    "token": {"$ref": "#/$defs/text"},
    "reason": {"$ref": "#/$defs/some"}
  }
}`
}

// Sentence implements [Event].
func (e TokenRestarted) Sentence() Sentence {
	return say("A new process took over token "+e.Token, "")
}

func (e TokenRestarted) check() error { return nil }

// TokenClosed says that a token was logged out of and closed, or which error its
// module returned instead; the process that used it has ended either way.
type TokenClosed struct {
	Token string `json:"token"`
	Error string `json:"error,omitempty"`
}

// Type implements [Event].
func (TokenClosed) Type() string { return "token.closed" }

// Schema implements [Event].
func (TokenClosed) Schema() string {
	return `{
  "description": "The token was logged out of and closed. With an error, the module failed to do this; the process that used the token has ended, and a deviation is recorded before.",
  "$comment": "reported",
  "type": "object",
  "required": ["token"],
  "additionalProperties": false,
  "properties": {
    "token": {"$ref": "#/$defs/text"},
    "error": {"$ref": "#/$defs/some"}
  }
}`
}

// Sentence implements [Event].
func (e TokenClosed) Sentence() Sentence {
	if e.Error != "" {
		return say(fmt.Sprintf("Token %s was not closed properly: %s. The process that used it has ended", e.Token, e.Error), "").as(Failure)
	}
	return say("Closed token "+e.Token, "")
}

func (e TokenClosed) check() error { return nil }

// ModuleOutput is a line that a PKCS#11 module printed.
type ModuleOutput struct {
	Token string `json:"token"`
	Line  string `json:"line"`
}

// Type implements [Event].
func (ModuleOutput) Type() string { return "module.output" }

// Schema implements [Event].
func (ModuleOutput) Schema() string {
	return `{
  "description": "A line that a PKCS#11 module printed.",
  "$comment": "reported",
  "type": "object",
  "required": ["token", "line"],
  "additionalProperties": false,
  "properties": {
    "token": {"$ref": "#/$defs/text"},
    "line": {"$ref": "#/$defs/text"}
  }
}`
}

// Sentence implements [Event].
func (e ModuleOutput) Sentence() Sentence {
	return say(fmt.Sprintf("The module of %s said: %s", e.Token, e.Line), "")
}

func (e ModuleOutput) check() error { return nil }
