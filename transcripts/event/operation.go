// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"errors"
	"fmt"
)

var operationEvents = []Event{OperationIntended{}, OperationFinished{}, OperationFailed{}}

// OperationIntended says what a token will be asked to do. It is on the medium
// before the call.
type OperationIntended struct {
	Operation  int    `json:"operation"` // from 1
	What       string `json:"what"`
	Token      string `json:"token"`
	Key        *Key   `json:"key,omitempty"`
	Artifact   string `json:"artifact,omitempty"`
	Purpose    string `json:"purpose,omitempty"` // of a signature that is part of no artifact, or of random bytes: one of the constants Purpose*
	For        string `json:"for,omitempty"`     // the key, input or artifact of the plan that the purpose is about
	Algorithm  string `json:"algorithm,omitempty"`
	TBS        string `json:"tbs,omitempty"`      // base64 of the DER
	TBSFile    string `json:"tbs_file,omitempty"` // the file with it, if it is too long for a line
	TBSSHA256  string `json:"tbs_sha256,omitempty"`
	Moment     string `json:"moment,omitempty"` // RFC 3339: the time of signing that the bytes were built for
	PlanSHA256 string `json:"plan_sha256,omitempty"`
	LintSHA256 string `json:"lint_sha256,omitempty"` // of the file of the ObjectLinted that permits the signature
}

// Type implements [Event].
func (OperationIntended) Type() string { return "operation.intended" }

// Schema implements [Event].
func (OperationIntended) Schema() string {
	return `{
  "description": "What a token will be asked to do; on the medium before the call.",
  "$comment": "observed",
  "type": "object",
  "required": ["operation", "what", "token"],
  "additionalProperties": false,
  "properties": {
    "operation": {"description": "From 1.", "type": "integer", "minimum": 1},
    "what": {"$ref": "#/$defs/what"},
    "token": {"$ref": "#/$defs/text"},
    "key": {"$ref": "#/$defs/key"},
    "artifact": {"$ref": "#/$defs/id"},
    "purpose": {"description": "Of a signature that is part of no artifact: key-proof or stand-in. Of random bytes: serial-number.", "enum": ["key-proof", "stand-in", "serial-number"]},
    "for": {"description": "The key, input or artifact of the plan that the purpose is about.", "$ref": "#/$defs/some"},
    "algorithm": {"$ref": "#/$defs/some"},
    "tbs": {"description": "The octets to be signed.", "$ref": "#/$defs/some-base64"},
    "tbs_file": {"description": "The file with these octets, if they are too long for a line.", "$ref": "#/$defs/path", "pattern": "^evidence/"},
    "tbs_sha256": {"$ref": "#/$defs/digest"},
    "moment": {"description": "The time of signing that the octets were built for.", "$ref": "#/$defs/instant"},
    "plan_sha256": {"$ref": "#/$defs/digest"},
    "lint_sha256": {"description": "Of the lint result that permits the signature.", "$ref": "#/$defs/digest"}
  },
  "dependentRequired": {"purpose": ["for"], "for": ["purpose"]},
  "allOf": [
    {
      "if": {"required": ["purpose"], "properties": {"purpose": {"const": "serial-number"}}},
      "then": {"properties": {"what": {"const": "random"}}}
    },
    {
      "if": {"required": ["purpose"], "properties": {"purpose": {"enum": ["key-proof", "stand-in"]}}},
      "then": {"properties": {"what": {"const": "sign"}, "artifact": false}}
    }
  ]
}`
}

// Sentence implements [Event].
func (e OperationIntended) Sentence() Sentence {
	return say(fmt.Sprintf("Operation %d begins: %s on token %s%s", e.Operation, e.What, e.Token, e.aim()), e.TBSSHA256)
}

// InlineTBS is how many bytes to be signed are in a line of the journal; more lie in a file
// of their own, as those of a CRL with thousands of entries do.
const InlineTBS = 64 << 10

// TBSPath is where bytes to be signed lie that are too long for a line: their digest alone
// gives their name.
func TBSPath(sha256 string) string { return "evidence/tbs-" + sha256 + ".der" }

func (e OperationIntended) files() []File {
	if e.TBSFile == "" {
		return nil
	}
	return []File{{Path: e.TBSFile, SHA256: e.TBSSHA256}}
}

func (e OperationIntended) check() error {
	return errors.Join(isCount("operation", int64(e.Operation)), isWhat(e.What), e.checkPurpose(), Optional(IsID, "artifact", e.Artifact),
		Optional(isInstant, "moment", e.Moment), IsBase64("tbs", e.TBS), Optional(IsDigest, "tbs_sha256", e.TBSSHA256),
		Optional(func(name, s string) error { return isIn(name, s, "evidence/") }, "tbs_file", e.TBSFile),
		Optional(IsDigest, "plan_sha256", e.PlanSHA256), Optional(IsDigest, "lint_sha256", e.LintSHA256), e.Key.check())
}

// checkPurpose checks that an operation has a purpose that calls of its kind can have.
func (e OperationIntended) checkPurpose() error {
	if (e.Purpose == "") != (e.For == "") {
		return errors.New("purpose and for: give both or neither")
	}
	switch e.Purpose {
	case "":
		return nil
	case PurposeProof, PurposeStandIn:
		if e.What != WhatSign || e.Artifact != "" {
			return fmt.Errorf("purpose: %q is only for signatures that are part of no artifact", e.Purpose)
		}
	case PurposeSerial:
		if e.What != WhatRandom {
			return fmt.Errorf("purpose: %q is only for random bytes", e.Purpose)
		}
	default:
		return fmt.Errorf("purpose: %q is unknown", e.Purpose)
	}
	return nil
}

// PurposeText tells people the purpose of an operation that makes no artifact.
func (e OperationIntended) PurposeText() string {
	return map[string]string{
		PurposeProof: "proof of key ", PurposeStandIn: "stand-in of ", PurposeSerial: "serial number of ",
	}[e.Purpose] + e.For
}

// aim says what an operation is for.
func (e OperationIntended) aim() string {
	var s string
	if e.Key != nil && e.Key.Label != "" {
		s += " with key " + e.Key.Label
	}
	if e.Artifact != "" {
		s += " for " + e.Artifact
	}
	if purpose := e.PurposeText(); purpose != "" {
		s += " as " + purpose
	}
	if e.TBSSHA256 != "" {
		s += ", over bytes with SHA-256"
	}
	return s
}

// What an operation does.
const (
	WhatGenerate = "generate"
	WhatSign     = "sign"
	WhatRandom   = "random"
	WhatFind     = "find"
	WhatDestroy  = "destroy"
)

func isWhat(what string) error {
	return oneOf("what", what, WhatGenerate, WhatSign, WhatRandom, WhatFind, WhatDestroy)
}

// The purposes of operations that make no artifact.
const (
	PurposeProof   = "key-proof"     // a signature by the key For, to show that it works
	PurposeStandIn = "stand-in"      // in a rehearsal: a signature over a certificate that replaces the input For
	PurposeSerial  = "serial-number" // random bytes: for the artifact For
)

// OperationFinished is the result of an operation. It is on the medium before
// the program uses the result.
type OperationFinished struct {
	Operation  int           `json:"operation"`
	What       string        `json:"what"`
	Token      string        `json:"token"`
	DurationMS int64         `json:"duration_ms"`
	Key        *Key          `json:"key,omitempty"`
	Signature  string        `json:"signature,omitempty"` // base64
	Random     string        `json:"random,omitempty"`    // base64
	Census     *CensusChange `json:"census,omitempty"`
}

// Type implements [Event].
func (OperationFinished) Type() string { return "operation.finished" }

// Schema implements [Event].
func (OperationFinished) Schema() string {
	return `{
  "description": "What the token returned; on the medium before the program uses it.",
  "$comment": "reported",
  "type": "object",
  "required": ["operation", "what", "token", "duration_ms"],
  "additionalProperties": false,
  "properties": {
    "operation": {"type": "integer"},
    "what": {"$ref": "#/$defs/what"},
    "token": {"$ref": "#/$defs/text"},
    "duration_ms": {"type": "integer"},
    "key": {"$ref": "#/$defs/key"},
    "signature": {"$ref": "#/$defs/some-base64"},
    "random": {"$ref": "#/$defs/some-base64"},
    "census": {"$ref": "#/$defs/change"}
  }
}`
}

// Sentence implements [Event].
func (e OperationFinished) Sentence() Sentence {
	text := fmt.Sprintf("Operation %d: done in %d ms", e.Operation, e.DurationMS)
	switch {
	case e.Key != nil:
		return say(text+"; the public key has SHA-256", e.Key.SPKISHA256)
	case e.Signature != "":
		return say(text+"; signed", "")
	}
	return say(text, "")
}

func (e OperationFinished) check() error {
	return errors.Join(isWhat(e.What), IsBase64("signature", e.Signature), IsBase64("random", e.Random), e.Key.check())
}

// OperationFailed says that a token returned an error. An error does not prove
// that nothing happened: Effect says what was found out.
type OperationFailed struct {
	Operation  int           `json:"operation"`
	What       string        `json:"what"`
	Token      string        `json:"token"`
	DurationMS int64         `json:"duration_ms"`
	Error      string        `json:"error"`
	Effect     string        `json:"effect"` // EffectNone, EffectUnknown or EffectHappened
	Key        *Key          `json:"key,omitempty"`
	Signature  string        `json:"signature,omitempty"` // base64 of one that does not verify
	Census     *CensusChange `json:"census,omitempty"`
}

// Type implements [Event].
func (OperationFailed) Type() string { return "operation.failed" }

// Schema implements [Event].
func (OperationFailed) Schema() string {
	return `{
  "description": "The token returned an error, which does not prove that nothing happened; effect says what was found out.",
  "$comment": "reported, observed",
  "type": "object",
  "required": ["operation", "what", "token", "duration_ms", "error", "effect"],
  "additionalProperties": false,
  "properties": {
    "operation": {"type": "integer"},
    "what": {"$ref": "#/$defs/what"},
    "token": {"$ref": "#/$defs/text"},
    "duration_ms": {"type": "integer"},
    "error": {"$ref": "#/$defs/text"},
    "effect": {"enum": ["none", "unknown", "happened"]},
    "key": {"$ref": "#/$defs/key"},
    "signature": {"$ref": "#/$defs/some-base64"},
    "census": {"$ref": "#/$defs/change"}
  }
}`
}

// Sentence implements [Event].
func (e OperationFailed) Sentence() Sentence {
	return say(fmt.Sprintf("Operation %d failed: %s. Its effect: %s", e.Operation, e.Error, e.Effect), "").as(Failure)
}

func (e OperationFailed) check() error {
	return errors.Join(isWhat(e.What), IsBase64("signature", e.Signature), e.Key.check(),
		oneOf("effect", e.Effect, EffectNone, EffectUnknown, EffectHappened))
}

// The effects of an operation that failed.
const (
	EffectNone     = "none"
	EffectUnknown  = "unknown"
	EffectHappened = "happened"
)

// IsOutcome reports whether an event is the outcome of an operation. A token cannot
// undo what it did, so an outcome is recorded even if it is malformed.
func IsOutcome(e Event) bool {
	switch e.(type) {
	case OperationFinished, OperationFailed:
		return true
	}
	return false
}
