// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"errors"
	"fmt"
)

var fileEvents = []Event{FileLoaded{}, FileWritten{}}

// Where the plan is in a bundle, and the devices of the site.
const (
	PlanPath = "plan/plan.json"
	SitePath = "plan/site.json"
)

// File is a file of the bundle that an event names.
type File struct {
	Path   string
	SHA256 string
	SHA512 string // may be empty
	Size   *int64 // may be nil
}

// Files gives the files that an event names. The check of each event says which
// folders they may be in.
func Files(e Event) []File {
	if e, ok := e.(interface{ files() []File }); ok {
		return e.files()
	}
	return nil
}

// FileLoaded is a file that the ceremony read. Unless External, a copy with
// this digest is in the bundle, under Path.
type FileLoaded struct {
	Path     string `json:"path"`
	Kind     string `json:"kind"` // ceremony, profile, plan, site, input, …
	SHA256   string `json:"sha256"`
	External bool   `json:"external,omitempty"`
}

// Type implements [Event].
func (FileLoaded) Type() string { return "file.loaded" }

// Schema implements [Event].
func (FileLoaded) Schema() string {
	return `{
  "description": "A file that the ceremony read. Its copy is in the bundle, unless it is external.",
  "$comment": "observed",
  "type": "object",
  "required": ["path", "kind", "sha256"],
  "if": {"required": ["external"]}, "else": {"properties": {"path": {"pattern": "^(plan|trust)/"}}},
  "additionalProperties": false,
  "properties": {
    "path": {"$ref": "#/$defs/path"},
    "kind": {"$ref": "#/$defs/text"},
    "sha256": {"$ref": "#/$defs/digest"},
    "external": {"const": true}
  }
}`
}

// Sentence implements [Event].
func (e FileLoaded) Sentence() Sentence {
	return say(fmt.Sprintf("Read %s (%s)", e.Path, e.Kind), e.SHA256)
}

func (e FileLoaded) files() []File {
	if e.External {
		return nil
	}
	return []File{{Path: e.Path, SHA256: e.SHA256}}
}

func (e FileLoaded) check() error {
	err := errors.Join(isPath(e.Path), IsDigest("sha256", e.SHA256))
	if !e.External {
		err = errors.Join(err, isIn("path", e.Path, "plan/", "trust/"))
	}
	return err
}

// FileWritten is a file of the evidence: a stand-in of a rehearsal, a line that
// was torn off the journal, or a file that no event named.
type FileWritten struct {
	Path   string `json:"path"`
	Kind   string `json:"kind"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	From   string `json:"from,omitempty"` // where a file was that no event named
}

// Type implements [Event].
func (FileWritten) Type() string { return "file.written" }

// Schema implements [Event].
func (FileWritten) Schema() string {
	return `{
  "description": "A file written to the evidence, or one that no event named and that was moved there.",
  "$comment": "observed",
  "type": "object",
  "required": ["path", "kind", "sha256", "size"],
  "if": {"required": ["from"]}, "then": {"properties": {"path": {"pattern": "^evidence/left-over/"}, "kind": {"const": "left-over"}}},
  "additionalProperties": false,
  "properties": {
    "from": {"description": "Where it was found.", "$ref": "#/$defs/path"},
    "path": {"$ref": "#/$defs/path", "pattern": "^evidence/"},
    "kind": {"$ref": "#/$defs/text"},
    "sha256": {"$ref": "#/$defs/digest"},
    "size": {"type": "integer"}
  }
}`
}

// Sentence implements [Event].
func (e FileWritten) Sentence() Sentence {
	return say(fmt.Sprintf("Wrote %s (%s)", e.Path, e.Kind), e.SHA256)
}

func (e FileWritten) files() []File {
	return []File{{Path: e.Path, SHA256: e.SHA256, Size: &e.Size}}
}

func (e FileWritten) check() error {
	err := errors.Join(isPath(e.Path), IsDigest("sha256", e.SHA256), isIn("path", e.Path, "evidence/"))
	if e.From != "" {
		err = errors.Join(err, isPath(e.From), isIn("path", e.Path, LeftOverFolder+"/"), oneOf("kind", e.Kind, KindLeftOver))
	}
	return err
}

// LeftOverFolder is where files are moved that no event names, below a folder for
// each time that some were found.
const LeftOverFolder = "evidence/left-over"

// The kinds of files that FileWritten is about.
const (
	KindLeftOver = "left-over"
	KindTornLine = "torn-line"
	KindTBS      = "tbs"      // bytes to be signed that are too long for a line
	KindStandIn  = "stand-in" // of an input, in a rehearsal
)
