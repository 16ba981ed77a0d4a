// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"errors"
	"fmt"
	"strings"
)

var roomEvents = []Event{
	ParticipantArrived{},
	ParticipantLeft{},
	KeyboardTaken{},
	DigestRead{},
	DeviationRecorded{},
	NoteAdded{},
}

// ParticipantArrived puts a person in the room.
type ParticipantArrived struct {
	Person string `json:"person"`
	Role   string `json:"role"`
}

// Type implements [Event].
func (ParticipantArrived) Type() string { return "participant.arrived" }

// Schema implements [Event].
func (ParticipantArrived) Schema() string {
	return `{
  "description": "A person is in the room, in a role.",
  "$comment": "stated",
  "type": "object",
  "required": ["person", "role"],
  "additionalProperties": false,
  "properties": {
    "person": {"$ref": "#/$defs/id"},
    "role": {"$ref": "#/$defs/text"}
  }
}`
}

// Sentence implements [Event].
func (e ParticipantArrived) Sentence() Sentence {
	return say(fmt.Sprintf("%s arrived, as %s", e.Person, e.Role), "")
}

func (e ParticipantArrived) check() error {
	return errors.Join(IsID("person", e.Person), isText("role", e.Role))
}

// ParticipantLeft says that a person left the room for good.
type ParticipantLeft struct {
	Person string `json:"person"`
}

// Type implements [Event].
func (ParticipantLeft) Type() string { return "participant.left" }

// Schema implements [Event].
func (ParticipantLeft) Schema() string {
	return `{
  "description": "A person left the room for good.",
  "$comment": "stated",
  "type": "object",
  "required": ["person"],
  "additionalProperties": false,
  "properties": {
    "person": {"$ref": "#/$defs/id"}
  }
}`
}

// Sentence implements [Event].
func (e ParticipantLeft) Sentence() Sentence {
	return say(e.Person+" left", "")
}

func (e ParticipantLeft) check() error { return IsID("person", e.Person) }

// KeyboardTaken says who types from here on, until it says another name or the session
// ends.
type KeyboardTaken struct {
	Person string `json:"person"`
}

// Type implements [Event].
func (KeyboardTaken) Type() string { return "keyboard.taken" }

// Schema implements [Event].
func (KeyboardTaken) Schema() string {
	return `{
  "description": "A person sits down at the keyboard, and types from here on.",
  "$comment": "stated",
  "type": "object",
  "required": ["person"],
  "additionalProperties": false,
  "properties": {
    "person": {"$ref": "#/$defs/id"}
  }
}`
}

// Sentence implements [Event].
func (e KeyboardTaken) Sentence() Sentence {
	return say(e.Person+" is at the keyboard", "")
}

func (e KeyboardTaken) check() error { return IsID("person", e.Person) }

// DigestRead says that a digest was shown as words and read aloud, and that the
// people in By compared it with paper, or wrote it down.
type DigestRead struct {
	What     string `json:"what"`               // plan, site, tool, seal-key, head, manifest or artifact
	Artifact string `json:"artifact,omitempty"` // its id
	SHA256   string `json:"sha256"`             // of a head: the root of the tree
	Words    string `json:"words,omitempty"`    // separated by spaces; of a head the first sixteen
	Size     int    `json:"size,omitempty"`     // of a head: how many lines it covers
	// Compared: the value was on paper before, in the script or from an earlier
	// session. Without it, people wrote the value down.
	Compared bool `json:"compared,omitempty"`
}

// Type implements [Event].
func (DigestRead) Type() string { return "digest.read" }

// Schema implements [Event].
func (DigestRead) Schema() string {
	return `{
  "description": "A digest was shown as words and read aloud, and compared with paper or written down.",
  "$comment": "stated",
  "type": "object",
  "required": ["what", "sha256"],
  "additionalProperties": false,
  "properties": {
    "what": {"enum": ["plan", "site", "tool", "seal-key", "head", "manifest", "artifact"]},
    "artifact": {"description": "Its id.", "$ref": "#/$defs/id"},
    "sha256": {"$ref": "#/$defs/digest"},
    "words": {"$ref": "#/$defs/some"},
    "size": {"description": "Of a head: how many lines it covers; sha256 is the root over them, and the words are its first sixteen.", "type": "integer", "minimum": 1},
    "compared": {"description": "People compared the value with paper; without this key, they wrote it down.", "const": true}
  },
  "allOf": [
    {"if": {"properties": {"what": {"const": "head"}}}, "then": {"required": ["size"]}, "else": {"properties": {"size": false}}},
    {"if": {"properties": {"what": {"const": "artifact"}}}, "then": {"required": ["artifact"]}, "else": {"properties": {"artifact": false}}}
  ]
}`
}

// Sentence implements [Event].
func (e DigestRead) Sentence() Sentence {
	text := fmt.Sprintf("The digest of %s was read aloud and ", e.Of())
	if e.What == WhatHead {
		text = fmt.Sprintf("The head over %d events was read aloud and ", e.Size)
	}
	text += map[bool]string{true: "compared with paper", false: "written down"}[e.Compared]
	if e.Words != "" {
		text += ": " + e.Words
	}
	return say(text, e.SHA256)
}

func (e DigestRead) check() error {
	if (e.What == WhatHead) != (e.Size > 0) {
		return errors.New("size: required for a head, and only there")
	}
	if (e.What == WhatArtifact) != (e.Artifact != "") {
		return errors.New("artifact: required for the digest of an artifact, and only there")
	}
	return errors.Join(oneOf("what", e.What, WhatPlan, WhatSite, WhatTool, WhatSeal, WhatHead, WhatManifest, WhatArtifact),
		Optional(IsID, "artifact", e.Artifact), IsDigest("sha256", e.SHA256))
}

// Of names what the digest is of.
func (e DigestRead) Of() string {
	switch e.What {
	case WhatArtifact:
		return e.Artifact
	case WhatSite:
		return "the site file"
	}
	return "the " + strings.ReplaceAll(e.What, "-", " ")
}

// What a [DigestRead] is of: at the beginning, of the journal, and of what was made.
const (
	WhatPlan     = "plan"
	WhatSite     = "site"
	WhatTool     = "tool"
	WhatSeal     = "seal-key"
	WhatHead     = "head"
	WhatManifest = "manifest"
	WhatArtifact = "artifact"
)

// DeviationRecorded is a departure from the plan.
type DeviationRecorded struct {
	Expected  string   `json:"expected"`
	Happened  string   `json:"happened"`
	Decision  string   `json:"decision,omitempty"`
	DecidedBy []string `json:"decided_by"`

	// KeySHA256 is that of the public key of a key that is used although it differs
	// from what was requested, in the ways that Departures lists.
	KeySHA256  string   `json:"key_spki_sha256,omitempty"`
	Departures []string `json:"departures,omitempty"`

	// Exception says which rule of the record the deviation is an exception to: one
	// of the constants Exception*. Programs do not interpret what people wrote.
	Exception string `json:"exception,omitempty"`
	Amendment int    `json:"amendment,omitempty"` // of ExceptionUnapproved
	Token     string `json:"token,omitempty"`     // of ExceptionNotClosed
	Chosen    *Key   `json:"chosen,omitempty"`    // of ExceptionChosen: how the private key is called on its token
}

// Type implements [Event].
func (DeviationRecorded) Type() string { return "deviation.recorded" }

// Schema implements [Event].
func (DeviationRecorded) Schema() string {
	return `{
  "description": "A departure from the plan, and who decided it.",
  "$comment": "stated, observed",
  "type": "object",
  "required": ["expected", "happened", "decided_by"],
  "additionalProperties": false,
  "properties": {
    "expected": {"$ref": "#/$defs/text"},
    "happened": {"$ref": "#/$defs/text"},
    "decision": {"$ref": "#/$defs/text", "minLength": 1},
    "decided_by": {"type": ["array", "null"], "items": {"$ref": "#/$defs/text"}},
    "key_spki_sha256": {"description": "Of the public key of a key that is used although it differs from what was requested.", "$ref": "#/$defs/digest"},
    "departures": {"description": "The ways in which the key differs.", "type": "array", "minItems": 1, "items": {"$ref": "#/$defs/text"}},
    "exception": {"description": "The rule of the record to which this is an exception.", "enum": ["as-root", "unapproved-amendment", "token-not-closed", "window-extended", "not-on-paper", "second-medium", "key-chosen", "site-changed", "abandoned"]},
    "amendment": {"description": "The number of the amendment that is not approved.", "type": "integer", "minimum": 1},
    "token": {"description": "The token that did not close.", "$ref": "#/$defs/some"},
    "chosen": {"description": "How the private key that people chose is called on its token.", "$ref": "#/$defs/key"}
  },
  "dependentRequired": {"key_spki_sha256": ["departures"], "departures": ["key_spki_sha256"]},
  "allOf": [
    {
      "if": {"required": ["exception"], "properties": {"exception": {"const": "unapproved-amendment"}}},
      "then": {"required": ["amendment"]},
      "else": {"properties": {"amendment": false}}
    },
    {
      "if": {"required": ["exception"], "properties": {"exception": {"const": "token-not-closed"}}},
      "then": {"required": ["token"]},
      "else": {"properties": {"token": false}}
    },
    {
      "if": {"required": ["exception"], "properties": {"exception": {"const": "key-chosen"}}},
      "then": {"required": ["chosen"]},
      "else": {"properties": {"chosen": false}}
    }
  ]
}`
}

// Sentence implements [Event].
func (e DeviationRecorded) Sentence() Sentence {
	return say("Deviation. "+e.Text(), "").as(Deviation)
}

// Text is a deviation in one line.
func (e DeviationRecorded) Text() string {
	text := fmt.Sprintf("Expected: %s. Happened: %s", e.Expected, e.Happened)
	if e.Decision != "" || len(e.DecidedBy) > 0 {
		text += ". Decided"
	}
	if len(e.DecidedBy) > 0 {
		text += " by " + strings.Join(e.DecidedBy, ", ")
	}
	if e.Decision != "" {
		text += ": " + e.Decision
	}
	return text
}

func (e DeviationRecorded) check() error {
	if (e.KeySHA256 == "") != (len(e.Departures) == 0) {
		return errors.New("key_spki_sha256 and departures: give both or neither")
	}
	switch e.Exception {
	case "", ExceptionAsRoot, ExceptionUnapproved, ExceptionNotClosed, ExceptionExtended, ExceptionNotOnPaper, ExceptionMedium, ExceptionChosen, ExceptionSite, ExceptionAbandoned:
	default:
		return fmt.Errorf("exception: %q is unknown", e.Exception)
	}
	if (e.Exception == ExceptionUnapproved) != (e.Amendment != 0) || e.Amendment < 0 {
		return errors.New("amendment: required for exception " + ExceptionUnapproved + ", and only there")
	}
	if (e.Exception == ExceptionNotClosed) != (e.Token != "") {
		return errors.New("token: required for exception " + ExceptionNotClosed + ", and only there")
	}
	if (e.Exception == ExceptionChosen) != (e.Chosen != nil) {
		return errors.New("chosen: required for exception " + ExceptionChosen + ", and only there")
	}
	return errors.Join(isText("expected", e.Expected), isText("happened", e.Happened), isText("decision", e.Decision), e.Chosen.check(),
		Optional(IsDigest, "key_spki_sha256", e.KeySHA256))
}

// The rules to which a deviation can be an exception. The record is invalid where
// one is broken and no deviation before says so.
const (
	// ExceptionAsRoot: hardware is used although the program runs as root, so a
	// PKCS#11 module can read and write its terminal and its memory.
	ExceptionAsRoot     = "as-root"
	ExceptionUnapproved = "unapproved-amendment" // an amendment applies that is not approved as the policy requires
	ExceptionNotClosed  = "token-not-closed"     // the module failed to close a token
	ExceptionExtended   = "window-extended"      // something is signed after the window ended, within the bound that the plan names
	ExceptionNotOnPaper = "not-on-paper"         // a session continues from lines that no head on paper covers
	ExceptionMedium     = "second-medium"        // the second medium failed, is missing, or lacks lines
	ExceptionChosen     = "key-chosen"           // people say which private key is one that exists: its token does not show it
	ExceptionSite       = "site-changed"         // a session continues with another site file than the one before
	ExceptionAbandoned  = "abandoned"            // people end the ceremony for good, whatever of it is done
)

// NoteAdded is free text of the people in By.
type NoteAdded struct {
	Text string `json:"text"`
}

// Type implements [Event].
func (NoteAdded) Type() string { return "note.added" }

// Schema implements [Event].
func (NoteAdded) Schema() string {
	return `{
  "description": "Free text of people.",
  "$comment": "stated, observed",
  "type": "object",
  "required": ["text"],
  "additionalProperties": false,
  "properties": {
    "text": {"$ref": "#/$defs/text"}
  }
}`
}

// Sentence implements [Event].
func (e NoteAdded) Sentence() Sentence {
	return say("Note: "+e.Text, "")
}

func (e NoteAdded) check() error { return isText("text", e.Text) }
