// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

var objectEvents = []Event{ObjectLinted{}, SignatureConfirmed{}, ConfirmationRefused{}}

// ObjectLinted is the result of linting one object.
type ObjectLinted struct {
	Artifact   string   `json:"artifact"`
	Stage      string   `json:"stage"`
	Clear      bool     `json:"clear"`           // no finding forbids signing
	Rules      []string `json:"rules,omitempty"` // packs that its profile names
	CA         bool     `json:"ca,omitempty"`    // it is the certificate of a CA
	SelfSigned bool     `json:"self_signed,omitempty"`
	// OldResponses say otherwise of what a CRL revokes, and are still valid.
	OldResponses []string `json:"old_responses,omitempty"`
	// Asked is what a request asks for and does not get as it asks.
	Asked    []string          `json:"asked,omitempty"`
	Engines  map[string]string `json:"engines,omitempty"` // name: version
	Counts   map[string]int    `json:"counts,omitempty"`  // status: number of rules
	Findings []Finding         `json:"findings,omitempty"`
	File     string            `json:"file,omitempty"`   // with all results
	SHA256   string            `json:"sha256,omitempty"` // of File
}

// Type implements [Event].
func (ObjectLinted) Type() string { return "object.linted" }

// Schema implements [Event].
func (ObjectLinted) Schema() string {
	return `{
  "description": "The result of linting one object.",
  "$comment": "observed",
  "type": "object",
  "required": ["artifact", "stage", "clear"],
  "additionalProperties": false,
  "properties": {
    "artifact": {"$ref": "#/$defs/id"},
    "stage": {"enum": ["planning", "before-signing", "after-signing"]},
    "clear": {"description": "No finding forbids signing.", "type": "boolean"},
    "rules": {"description": "Rule packs that its profile names.", "type": "array", "minItems": 1, "items": {"$ref": "#/$defs/some"}},
    "ca": {"description": "It is the certificate of a CA.", "const": true},
    "self_signed": {"const": true},
    "old_responses": {"description": "OCSP responses that say otherwise of what a CRL revokes, and are still valid.", "type": "array", "minItems": 1, "items": {"$ref": "#/$defs/some"}},
    "asked": {"description": "What the request asks for and does not get as it asks.", "type": "array", "minItems": 1, "items": {"$ref": "#/$defs/some"}},
    "engines": {"type": "object", "minProperties": 1, "propertyNames": {"$ref": "#/$defs/name"}, "additionalProperties": {"$ref": "#/$defs/text"}},
    "counts": {"type": "object", "minProperties": 1, "propertyNames": {"$ref": "#/$defs/name"}, "additionalProperties": {"type": "integer"}},
    "findings": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/finding"}},
    "file": {"description": "Named after the artifact.", "$ref": "#/$defs/path", "pattern": "^lint/"},
    "sha256": {"$ref": "#/$defs/digest"}
  }
}`
}

// Sentence implements [Event].
func (e ObjectLinted) Sentence() Sentence {
	if !e.Clear {
		return say(fmt.Sprintf("Linted %s (%s): not cleared, %d findings", e.Artifact, e.Stage, len(e.Findings)), "").as(Failure)
	}
	return say(fmt.Sprintf("Linted %s (%s): cleared, %d findings", e.Artifact, e.Stage, len(e.Findings)), "")
}

func (e ObjectLinted) files() []File {
	if e.File == "" {
		return nil
	}
	return []File{{Path: e.File, SHA256: e.SHA256}}
}

func (e ObjectLinted) check() error {
	if slices.Contains(e.Rules, "") {
		return errors.New("rules: a pack without a name")
	}
	if slices.Contains(e.OldResponses, "") {
		return errors.New("old_responses: one of them says nothing")
	}
	if slices.Contains(e.Asked, "") {
		return errors.New("asked: one of them says nothing")
	}
	return errors.Join(IsID("artifact", e.Artifact), oneOf("stage", e.Stage, StagePlanning, StageBeforeSigning, StageAfterSigning),
		Optional(func(name, s string) error { return isIn(name, s, "lint/"+e.Artifact+".") }, "file", e.File),
		Optional(IsDigest, "sha256", e.SHA256))
}

// The stages of linting.
const (
	StagePlanning      = "planning"
	StageBeforeSigning = "before-signing"
	StageAfterSigning  = "after-signing"
)

// StatusNotice is the status of a finding that is told and blocks nothing.
const StatusNotice = "notice"

// Finding is one rule that an object does not meet.
type Finding struct {
	Rule     string   `json:"rule"`
	Status   string   `json:"status"`
	Details  string   `json:"details,omitempty"`
	Citation string   `json:"citation,omitempty"`
	Field    string   `json:"field,omitempty"` // of the object
	Lacks    []string `json:"lacks,omitempty"` // without which the rule could not be evaluated, and the object must not be signed
	Place    *Place   `json:"place,omitempty"`
	Waived   *Waiver  `json:"waived,omitempty"`
}

// Text says what was found, for people.
func (f *Finding) Text() string {
	switch {
	case len(f.Lacks) > 0 && f.Waived != nil:
		return "accepted unchecked, without " + strings.Join(f.Lacks, ", ")
	case len(f.Lacks) > 0:
		return "not checked without " + strings.Join(f.Lacks, ", ")
	}
	return f.Details
}

// Place is the line and column in a file of the plan that a finding is about.
type Place struct {
	File   string `json:"file"` // its name in plan.json
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Path   string `json:"path,omitempty"` // within the YAML
}

// Waiver is a decision to accept a finding.
type Waiver struct {
	Reason   string `json:"reason"`
	Citation string `json:"citation,omitempty"`
	Approver string `json:"approver"`
	Expires  string `json:"expires,omitempty"`
}

// SignatureConfirmed says that the people in By saw what will be signed and
// typed digits of its digest. A table of objects is confirmed by the digest
// of [Table].
type SignatureConfirmed struct {
	Artifact  string      `json:"artifact,omitempty"`
	TBSSHA256 string      `json:"tbs_sha256,omitempty"`
	Table     []Confirmed `json:"table,omitempty"` // instead of Artifact and TBSSHA256
	Digits    []string    `json:"digits"`          // four hexadecimal digits a person, in the order of By
}

// Type implements [Event].
func (SignatureConfirmed) Type() string { return "signature.confirmed" }

// Schema implements [Event].
func (SignatureConfirmed) Schema() string {
	return `{
  "description": "People saw what will be signed and typed digits of its digest.",
  "$comment": "stated",
  "type": "object",
  "required": ["digits"],
  "oneOf": [{"required": ["artifact", "tbs_sha256"], "not": {"required": ["table"]}}, {"required": ["table"], "not": {"anyOf": [{"required": ["artifact"]}, {"required": ["tbs_sha256"]}]}}],
  "additionalProperties": false,
  "properties": {
    "artifact": {"$ref": "#/$defs/id"},
    "tbs_sha256": {"$ref": "#/$defs/digest"},
    "table": {"description": "Objects that are confirmed together, instead of artifact and tbs_sha256.", "type": "array", "minItems": 1, "items": {"$ref": "#/$defs/row"}},
    "digits": {"type": ["array", "null"], "items": {"$ref": "#/$defs/text"}}
  }
}`
}

// Sentence implements [Event].
func (e SignatureConfirmed) Sentence() Sentence {
	digits := strings.Join(e.Digits, " ")
	if e.TBSSHA256 != "" {
		return say(fmt.Sprintf("Signature of %s confirmed by typing %s", e.Artifact, digits), e.TBSSHA256)
	}
	return say(fmt.Sprintf("Signatures of %d objects confirmed by typing %s of the table", len(e.Table), digits), TableSHA256(e.Table))
}

func (e SignatureConfirmed) check() error {
	if one := e.TBSSHA256 != ""; one == (len(e.Table) > 0) || one != (e.Artifact != "") {
		return errors.New("want either artifact and tbs_sha256, or table")
	}
	for _, row := range e.Table {
		if err := errors.Join(IsID("artifact", row.Artifact), IsDigest("tbs_sha256", row.TBSSHA256)); err != nil {
			return err
		}
	}
	return errors.Join(Optional(IsID, "artifact", e.Artifact), Optional(IsDigest, "tbs_sha256", e.TBSSHA256))
}

// Confirmed is one row of a table of objects that are confirmed together.
type Confirmed struct {
	Artifact  string `json:"artifact"`
	TBSSHA256 string `json:"tbs_sha256"`
}

// Table returns the text whose digest people confirm for objects that are
// signed together. It has the form that sha256sum writes.
func Table(rows []Confirmed) []byte {
	var b strings.Builder
	for _, row := range rows {
		b.WriteString(row.TBSSHA256 + "  " + row.Artifact + "\n")
	}
	return []byte(b.String())
}

// TableSHA256 returns the digest of the table.
func TableSHA256(rows []Confirmed) string {
	sum := sha256.Sum256(Table(rows))
	return hex.EncodeToString(sum[:])
}

// ConfirmationRefused says that somebody refused to confirm, or typed wrong digits.
// The digest that would have been right is not in it: who reads the record on the
// disk before the next answer could copy it.
type ConfirmationRefused struct {
	Artifact string `json:"artifact,omitempty"`
	Entered  string `json:"entered"`
	Reason   string `json:"reason"`
}

// OtherDigits is why digits of a digest are refused.
const OtherDigits = "other digits"

// Type implements [Event].
func (ConfirmationRefused) Type() string { return "confirmation.refused" }

// Schema implements [Event].
func (ConfirmationRefused) Schema() string {
	return `{
  "description": "Somebody refused to confirm, or typed wrong digits.",
  "$comment": "stated",
  "type": "object",
  "required": ["entered", "reason"],
  "additionalProperties": false,
  "properties": {
    "artifact": {"$ref": "#/$defs/id"},
    "entered": {"$ref": "#/$defs/text"},
    "reason": {"$ref": "#/$defs/text"}
  }
}`
}

// Sentence implements [Event].
func (e ConfirmationRefused) Sentence() Sentence {
	what := "What was typed is refused"
	if e.Artifact != "" {
		what = "Signature of " + e.Artifact + " not confirmed"
	}
	return say(what+": "+e.Reason, "").as(Failure)
}

func (e ConfirmationRefused) check() error {
	return errors.Join(Optional(IsID, "artifact", e.Artifact), isText("entered", e.Entered), isText("reason", e.Reason))
}
