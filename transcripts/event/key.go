// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"errors"
	"fmt"
)

var keyEvents = []Event{KeyProved{}, SerialDrawn{}}

// Key is a key pair, as far as it is known.
type Key struct {
	Label      string      `json:"label,omitempty"`
	ID         string      `json:"id,omitempty"` // hexadecimal
	Algorithm  string      `json:"algorithm,omitempty"`
	SPKI       string      `json:"spki,omitempty"` // base64 of the DER
	SPKISHA256 string      `json:"spki_sha256,omitempty"`
	Attributes []Attribute `json:"attributes,omitempty"`
	Facts      string      `json:"facts,omitempty"` // by which people chose it among keys of one label and id
}

func (k *Key) check() error {
	if k == nil {
		return nil
	}
	return errors.Join(isHex("id", k.ID), Optional(isText, "facts", k.Facts), IsBase64("spki", k.SPKI), Optional(IsDigest, "spki_sha256", k.SPKISHA256))
}

// Restored names the attributes by which the module says that a private key was
// not made where it is, or could once be read or leave: it was restored from a
// backup, or imported.
func (k *Key) Restored() []string {
	var lost []string
	for _, a := range k.Attributes {
		history := a.Name == "CKA_LOCAL" || a.Name == "CKA_ALWAYS_SENSITIVE" || a.Name == "CKA_NEVER_EXTRACTABLE"
		if history && a.Half == "private" && a.Value == "false" {
			lost = append(lost, a.Name)
		}
	}
	return lost
}

// Attribute is what a module says of one attribute of one half of a key pair.
type Attribute struct {
	Half  string `json:"half"`
	Name  string `json:"name"`
	State string `json:"state"`
	Value string `json:"value"`
}

// The ways to prove a key that [KeyProved] tells apart: it signed a certificate request,
// or it was only found.
const (
	ProvedRequest = "request"
	ProvedFound   = "found"
)

// KeyProved says that a process found the key again and, unless How is found,
// that a signature by it verified under its public key.
type KeyProved struct {
	Key        string `json:"key"` // its name in the ceremony file
	Token      string `json:"token,omitempty"`
	ID         string `json:"id"`
	SPKISHA256 string `json:"spki_sha256"`
	How        string `json:"how"`                 // what was signed: request, certificate or challenge; found: nothing was
	Operation  int    `json:"operation,omitempty"` // the signature
	Fresh      bool   `json:"fresh"`               // by a process other than the one that made it
}

// Type implements [Event].
func (KeyProved) Type() string { return "key.proved" }

// Schema implements [Event].
func (KeyProved) Schema() string {
	return `{
  "description": "A process found the key again and, unless how is found, a signature by it verified under its public key.",
  "$comment": "observed",
  "type": "object",
  "required": ["key", "id", "spki_sha256", "how", "fresh"],
  "additionalProperties": false,
  "properties": {
    "key": {"description": "Its name in the ceremony file.", "$ref": "#/$defs/text"},
    "token": {"$ref": "#/$defs/some"},
    "id": {"$ref": "#/$defs/hex"},
    "spki_sha256": {"$ref": "#/$defs/digest"},
    "how": {"description": "What was signed; found: nothing was.", "enum": ["request", "certificate", "challenge", "found"]},
    "operation": {"description": "The operation that signed.", "type": "integer", "not": {"const": 0}},
    "fresh": {"description": "By a process other than the one that made it.", "type": "boolean"}
  }
}`
}

// Sentence implements [Event].
func (e KeyProved) Sentence() Sentence {
	if e.How == "found" {
		return say(fmt.Sprintf("Key %s was found on its token", e.Key), e.SPKISHA256)
	}
	return say(fmt.Sprintf("Key %s was proved by signing a %s", e.Key, e.How), e.SPKISHA256)
}

func (e KeyProved) check() error {
	return errors.Join(isHex("id", e.ID), IsDigest("spki_sha256", e.SPKISHA256), oneOf("how", e.How, "request", "certificate", "challenge", "found"))
}

// SerialDrawn is a serial number made from a token's random bytes.
type SerialDrawn struct {
	Artifact   string `json:"artifact"`
	Serial     string `json:"serial"` // lower-case hexadecimal
	RandomBits int    `json:"random_bits"`
	Source     string `json:"source"`              // token
	Operation  int    `json:"operation,omitempty"` // the one that drew the bytes
}

// Type implements [Event].
func (SerialDrawn) Type() string { return "serial.drawn" }

// Schema implements [Event].
func (SerialDrawn) Schema() string {
	return `{
  "description": "A serial number, made from random bytes of the token.",
  "$comment": "observed",
  "type": "object",
  "required": ["artifact", "serial", "random_bits", "source"],
  "additionalProperties": false,
  "properties": {
    "artifact": {"$ref": "#/$defs/id"},
    "serial": {"$ref": "#/$defs/hex"},
    "random_bits": {"type": "integer"},
    "source": {"description": "Token.", "$ref": "#/$defs/text"},
    "operation": {"description": "The operation that drew the bytes.", "type": "integer", "not": {"const": 0}}
  }
}`
}

// Sentence implements [Event].
func (e SerialDrawn) Sentence() Sentence {
	return say(fmt.Sprintf("Serial number of %s, with %d random bits from %s", e.Artifact, e.RandomBits, e.Source), e.Serial)
}

func (e SerialDrawn) check() error {
	return errors.Join(IsID("artifact", e.Artifact), isHex("serial", e.Serial))
}
