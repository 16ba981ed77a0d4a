// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

var sessionEvents = []Event{
	SessionStarted{},
	SessionEnded{},
	JournalRecovered{},
	CheckpointSealed{},
	ClockAttested{},
}

// SessionStarted is the first event of a session, in the first session the
// one after CeremonyOpened.
type SessionStarted struct {
	Session int    `json:"session"`
	SealKey string `json:"seal_key"` // the vkey of a C2SP signed note
	Tool    Tool   `json:"tool"`
	Host    *Host  `json:"host,omitempty"`
}

// Type implements [Event].
func (SessionStarted) Type() string { return "session.started" }

// Schema implements [Event].
func (SessionStarted) Schema() string {
	return `{
  "description": "A run of the program begins, with its own seal key.",
  "$comment": "observed",
  "type": "object",
  "required": ["session", "seal_key", "tool"],
  "additionalProperties": false,
  "properties": {
    "session": {"type": "integer"},
    "seal_key": {"description": "The vkey of a C2SP signed note.", "$ref": "#/$defs/text"},
    "tool": {"$ref": "#/$defs/tool"},
    "host": {"$ref": "#/$defs/host"}
  }
}`
}

// Sentence implements [Event].
func (e SessionStarted) Sentence() Sentence {
	return say(fmt.Sprintf("Session %d began, with the seal key", e.Session), e.SealKey)
}

func (e SessionStarted) check() error {
	if err := isSealKey(e.SealKey); err != nil {
		return fmt.Errorf("seal_key: %w", err)
	}
	return Optional(IsDigest, "sha256", e.Tool.SHA256)
}

// isSealKey also refuses other spellings of the same key: the reader of package note takes
// a hash in capitals and base64 with breaks.
func isSealKey(vkey string) error {
	v, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	_, rest, _ := strings.Cut(vkey, "+") // name+hash+key, and a name has no +
	_, text, _ := strings.Cut(rest, "+")
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(data) == 0 {
		return fmt.Errorf("%q is not base64", text)
	}
	if again, err := note.NewEd25519VerifierKey(v.Name(), data[1:]); err != nil || again != vkey {
		return fmt.Errorf("%q is not spelled as %q", vkey, again)
	}
	return nil
}

// Tool is this program, as it describes itself. A digest that a program computes of
// itself proves nothing: compare it with one taken on another system.
type Tool struct {
	Version     string            `json:"version"`
	Go          string            `json:"go"`
	SHA256      string            `json:"sha256,omitempty"`
	VCSRevision string            `json:"vcs_revision,omitempty"`
	Settings    map[string]string `json:"settings,omitempty"`
	Linters     map[string]string `json:"linters,omitempty"` // name: version
}

// Host is the machine the session ran on.
type Host struct {
	Name   string `json:"name,omitempty"`
	OS     string `json:"os,omitempty"`
	Arch   string `json:"arch,omitempty"`
	Kernel string `json:"kernel,omitempty"`
	BootID string `json:"boot_id,omitempty"`
	Root   bool   `json:"root,omitempty"` // the program runs as root, and PKCS#11 modules with it
}

// SessionEnded says that the program ended the session by itself: no crash cut it off.
type SessionEnded struct{}

// Type implements [Event].
func (SessionEnded) Type() string { return "session.ended" }

// Schema implements [Event].
func (SessionEnded) Schema() string {
	return `{
  "description": "The program ended the session by itself; no crash cut it off.",
  "$comment": "observed",
  "type": "object",
  "additionalProperties": false
}`
}

// Sentence implements [Event].
func (e SessionEnded) Sentence() Sentence {
	return say("The session ended; its last checkpoint seals everything up to here", "")
}

func (e SessionEnded) check() error { return nil }

// JournalRecovered says what an interruption had left behind, and what was cleaned
// up when the session began.
type JournalRecovered struct {
	Lines     int      `json:"lines"`                // of the journal, before this session
	CutOff    bool     `json:"cut_off,omitempty"`    // the session before has no end: a crash or a loss of power cut it off
	TornBytes int64    `json:"torn_bytes,omitempty"` // of an incomplete last line
	TornFile  string   `json:"torn_file,omitempty"`  // the file that keeps them
	Removed   []string `json:"removed"`              // files derived from the journal, to be rebuilt
}

// Type implements [Event].
func (JournalRecovered) Type() string { return "journal.recovered" }

// Schema implements [Event].
func (JournalRecovered) Schema() string {
	return `{
  "description": "What an interruption had left behind, and what was cleaned up when the session began.",
  "$comment": "observed",
  "type": "object",
  "required": ["lines", "removed"],
  "additionalProperties": false,
  "properties": {
    "lines": {"description": "Lines of the journal before this session.", "type": "integer"},
    "cut_off": {"description": "The session before has no end: a crash or a loss of power cut it off.", "const": true},
    "torn_bytes": {"description": "Number of octets of an incomplete last line.", "type": "integer", "not": {"const": 0}},
    "torn_file": {"description": "The file that keeps them.", "$ref": "#/$defs/path"},
    "removed": {"description": "Files derived from the journal that were removed, to be rebuilt.", "type": ["array", "null"], "items": {"$ref": "#/$defs/path"}}
  }
}`
}

// Sentence implements [Event].
func (e JournalRecovered) Sentence() Sentence {
	if !e.CutOff {
		return say(fmt.Sprintf("The record continues after event %d", e.Lines), "")
	}
	return say(fmt.Sprintf("Continued after an interruption at event %d; kept %d bytes of an incomplete line", e.Lines, e.TornBytes), "").as(Failure)
}

func (e JournalRecovered) check() error {
	for _, name := range e.Removed {
		if err := isPath(name); err != nil {
			return fmt.Errorf("removed: %w", err)
		}
	}
	return Optional(func(_, s string) error { return isPath(s) }, "torn_file", e.TornFile)
}

// CheckpointSealed says that the first Size lines were sealed.
type CheckpointSealed struct {
	Size int    `json:"size"`
	Root string `json:"root"` // base64, as in the checkpoint
	File string `json:"file"`
}

// Type implements [Event].
func (CheckpointSealed) Type() string { return "checkpoint.sealed" }

// Schema implements [Event].
func (CheckpointSealed) Schema() string {
	return `{
  "description": "The seal key signed a checkpoint over the first lines of the journal.",
  "$comment": "observed",
  "type": "object",
  "required": ["size", "root", "file"],
  "additionalProperties": false,
  "properties": {
    "size": {"description": "Number of lines.", "type": "integer", "minimum": 1},
    "root": {"$ref": "#/$defs/base64"},
    "file": {"$ref": "#/$defs/path"}
  }
}`
}

// Sentence implements [Event].
func (e CheckpointSealed) Sentence() Sentence {
	return say(fmt.Sprintf("The first %d lines were sealed, with the root", e.Size), e.Root)
}

func (e CheckpointSealed) check() error {
	return errors.Join(isCount("size", int64(e.Size)), isPath(e.File), IsBase64("root", e.Root))
}

// ClockAttested sets the ceremony clock: what the people in By read on the
// references of the room, and what the host's clock said then.
type ClockAttested struct {
	Room          string   `json:"room"` // RFC 3339, UTC
	Host          string   `json:"host"` // RFC 3339, UTC
	OffsetSeconds int64    `json:"offset_seconds"`
	References    []string `json:"references"`
}

// SameClock reports whether two names are of one clock: case and blanks tell none apart.
func SameClock(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), ""), strings.Join(strings.Fields(b), ""))
}

// Type implements [Event].
func (ClockAttested) Type() string { return "clock.attested" }

// Schema implements [Event].
func (ClockAttested) Schema() string {
	return `{
  "description": "Two people read the clocks of the room; this sets the ceremony clock.",
  "$comment": "stated",
  "type": "object",
  "required": ["room", "host", "offset_seconds", "references"],
  "additionalProperties": false,
  "properties": {
    "room": {"$ref": "#/$defs/instant"},
    "host": {"$ref": "#/$defs/instant"},
    "offset_seconds": {"type": "integer"},
    "references": {"type": ["array", "null"], "items": {"$ref": "#/$defs/text"}}
  }
}`
}

// Sentence implements [Event].
func (e ClockAttested) Sentence() Sentence {
	return say(fmt.Sprintf("The clock was set to room time %s; the host said %s", e.Room, e.Host), "")
}

func (e ClockAttested) check() error {
	if err := errors.Join(isInstant("room", e.Room), isInstant("host", e.Host)); err != nil {
		return err
	}
	room, _ := time.Parse(time.RFC3339, e.Room)
	host, _ := time.Parse(time.RFC3339, e.Host)
	if got := int64(room.Sub(host) / time.Second); got != e.OffsetSeconds {
		return fmt.Errorf("offset_seconds: %d, but room is %d s ahead of host", e.OffsetSeconds, got)
	}
	return nil
}
