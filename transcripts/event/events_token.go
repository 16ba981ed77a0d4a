// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

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

// Module is a PKCS#11 module.
type Module struct {
	Path         string `json:"path,omitempty"`
	Description  string `json:"description,omitempty"`
	Manufacturer string `json:"manufacturer,omitempty"`
	Version      string `json:"version,omitempty"`
	Cryptoki     string `json:"cryptoki,omitempty"`
	SHA256       string `json:"sha256,omitempty"`
}

// PINRefused says that a login was not accepted. Nothing of the PIN is in it, not
// even its length.
type PINRefused struct {
	Token   string `json:"token"`
	Outcome string `json:"outcome"`          // one of the constants PIN*
	Person  string `json:"person,omitempty"` // who entered it, as people said
}

// How a login was not accepted.
const (
	PINWrong     = "wrong"
	PINCancelled = "cancelled" // by people, or at the pad, also because time ran out there
	PINLocked    = "locked"
)

// TokenCensus lists the objects of a token.
type TokenCensus struct {
	Token   string   `json:"token"`
	When    string   `json:"when"` // opened, before, after, closing
	Objects []Object `json:"objects"`
}

// Object is one object of a token.
type Object struct {
	Class   string `json:"class"`
	Label   string `json:"label"`
	ID      string `json:"id"` // hexadecimal
	KeyType string `json:"key_type,omitempty"`
	Problem string `json:"problem,omitempty"`
}

// CensusChange is how the objects of a token changed.
type CensusChange struct {
	Added   []Object `json:"added,omitempty"`
	Removed []Object `json:"removed,omitempty"`
}

// TokenRestarted says that a fresh process took over the token.
type TokenRestarted struct {
	Token  string `json:"token"`
	Reason string `json:"reason,omitempty"`
}

// TokenClosed says that a token was logged out of and closed, or what its module
// returned instead; the process that held it has ended either way.
type TokenClosed struct {
	Token string `json:"token"`
	Error string `json:"error,omitempty"`
}

// ModuleOutput is a line that a PKCS#11 module printed.
type ModuleOutput struct {
	Token string `json:"token"`
	Line  string `json:"line"`
}

// What an operation does.
const (
	WhatGenerate = "generate"
	WhatSign     = "sign"
	WhatRandom   = "random"
	WhatFind     = "find"
	WhatDestroy  = "destroy"
)

// What an operation is for that makes no artifact.
const (
	PurposeProof   = "key-proof"     // a signature: of the key For, that it works
	PurposeStandIn = "stand-in"      // a signature of a rehearsal: over a certificate in place of the input For
	PurposeSerial  = "serial-number" // random bytes: for the artifact For
)

// OperationIntended is on the medium before a token is called.
type OperationIntended struct {
	Operation  int    `json:"operation"` // from 1
	What       string `json:"what"`
	Token      string `json:"token"`
	Key        *Key   `json:"key,omitempty"`
	Artifact   string `json:"artifact,omitempty"`
	Purpose    string `json:"purpose,omitempty"` // of a signature that makes no artifact, or of random bytes: one of the constants Purpose*
	For        string `json:"for,omitempty"`     // what has that purpose: a key, an input or an artifact of the plan
	Algorithm  string `json:"algorithm,omitempty"`
	TBS        string `json:"tbs,omitempty"`      // base64 of the DER
	TBSFile    string `json:"tbs_file,omitempty"` // where it is too long for a line
	TBSSHA256  string `json:"tbs_sha256,omitempty"`
	Moment     string `json:"moment,omitempty"` // RFC 3339: the moment of signing that the bytes were built for
	PlanSHA256 string `json:"plan_sha256,omitempty"`
	LintSHA256 string `json:"lint_sha256,omitempty"` // of the file of the ObjectLinted that allows it
}

// Key is a key pair, as far as it is known.
type Key struct {
	Label      string      `json:"label,omitempty"`
	ID         string      `json:"id,omitempty"` // hexadecimal
	Algorithm  string      `json:"algorithm,omitempty"`
	SPKI       string      `json:"spki,omitempty"` // base64 of the DER
	SPKISHA256 string      `json:"spki_sha256,omitempty"`
	Attributes []Attribute `json:"attributes,omitempty"`
}

// Attribute is what a module says of one attribute of one half of a key pair.
type Attribute struct {
	Half  string `json:"half"`
	Name  string `json:"name"`
	State string `json:"state"`
	Value string `json:"value"`
}

// OperationFinished is the result of an operation. It is on the medium before
// anything is done with the result.
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

// OperationFailed says that a token returned an error, which proves nothing:
// Effect says what was found out.
type OperationFailed struct {
	Operation  int           `json:"operation"`
	What       string        `json:"what"`
	Token      string        `json:"token"`
	DurationMS int64         `json:"duration_ms"`
	Error      string        `json:"error"`
	Effect     string        `json:"effect"` // EffectNone, EffectUnknown or EffectHappened
	Key        *Key          `json:"key,omitempty"`
	Signature  string        `json:"signature,omitempty"` // base64, where one came that is wrong
	Census     *CensusChange `json:"census,omitempty"`
}

// The effects of an operation that failed.
const (
	EffectNone     = "none"
	EffectUnknown  = "unknown"
	EffectHappened = "happened"
)

// KeyProved says that a fresh process found the key again and that it signs
// for its public key.
type KeyProved struct {
	Key        string `json:"key"` // its name in the ceremony file
	Token      string `json:"token,omitempty"`
	ID         string `json:"id"`
	SPKISHA256 string `json:"spki_sha256"`
	How        string `json:"how"`                 // what was signed: request, certificate or challenge; found where nothing was
	Operation  int    `json:"operation,omitempty"` // the signature
	Fresh      bool   `json:"fresh"`               // by another process than made it
}

// SerialDrawn is a serial number made from a token's random bytes.
type SerialDrawn struct {
	Artifact   string `json:"artifact"`
	Serial     string `json:"serial"` // lower-case hexadecimal
	RandomBits int    `json:"random_bits"`
	Source     string `json:"source"`              // token
	Operation  int    `json:"operation,omitempty"` // that drew the bytes
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

// PurposeText says for people what an operation is for that makes no artifact.
func (e OperationIntended) PurposeText() string {
	return map[string]string{
		PurposeProof: "proof of key ", PurposeStandIn: "stand-in of ", PurposeSerial: "serial number of ",
	}[e.Purpose] + e.For
}
