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

var artifactEvents = []Event{ArtifactWritten{}, ArtifactChecked{}}

// ArtifactWritten is one file of an artifact: there is an event for each
// encoding.
type ArtifactWritten struct {
	Artifact string   `json:"artifact"`
	Kind     string   `json:"kind"`     // one of the constants Kind*
	Path     string   `json:"path"`     // under artifacts/, or under withheld/
	Encoding string   `json:"encoding"` // EncodingDER or EncodingPEM
	SHA256   string   `json:"sha256"`
	SHA512   string   `json:"sha512"`
	Size     int64    `json:"size"`
	Withheld string   `json:"withheld,omitempty"` // why it is not delivered
	Summary  *Summary `json:"summary,omitempty"`
}

// Type implements [Event].
func (ArtifactWritten) Type() string { return "artifact.written" }

// Schema implements [Event].
func (ArtifactWritten) Schema() string {
	return `{
  "description": "One file of an artifact; there is an event for each encoding.",
  "$comment": "observed",
  "type": "object",
  "required": ["artifact", "kind", "path", "encoding", "sha256", "sha512", "size"],
  "if": {"required": ["withheld"]}, "then": {"properties": {"path": {"pattern": "^withheld/"}}}, "else": {"properties": {"path": {"pattern": "^artifacts/"}}},
  "additionalProperties": false,
  "properties": {
    "artifact": {"$ref": "#/$defs/id"},
    "kind": {"enum": ["certificate", "crl", "csr", "ocsp-response"]},
    "path": {"$ref": "#/$defs/path"},
    "encoding": {"enum": ["der", "pem"]},
    "sha256": {"$ref": "#/$defs/digest"},
    "sha512": {"type": "string", "pattern": "^[0-9a-f]{128}$"},
    "size": {"type": "integer"},
    "withheld": {"description": "Why the artifact is not delivered.", "$ref": "#/$defs/some"},
    "summary": {"$ref": "#/$defs/summary"}
  }
}`
}

// Sentence implements [Event].
func (e ArtifactWritten) Sentence() Sentence {
	if e.Withheld != "" {
		return say(fmt.Sprintf("Withheld %s: %s. Wrote %s", e.Artifact, e.Withheld, e.Path), e.SHA256).as(Deviation)
	}
	text := fmt.Sprintf("Wrote %s (%s, %s)", e.Path, e.Kind, e.Encoding)
	if e.Summary != nil && len(e.Summary.Revoked) > 0 && e.Encoding == EncodingDER { // said once
		text = "Revoked " + e.Summary.Revokes() + ". " + text
	}
	return say(text, e.SHA256)
}

func (e ArtifactWritten) files() []File {
	return []File{{Path: e.Path, SHA256: e.SHA256, SHA512: e.SHA512, Size: &e.Size}}
}

func (e ArtifactWritten) check() error {
	room := "artifacts/"
	if e.Withheld != "" {
		room = "withheld/"
	}
	if !strings.HasPrefix(e.Path, room) {
		return fmt.Errorf("path: %q does not begin with %q", e.Path, room)
	}
	return errors.Join(oneOf("kind", e.Kind, KindCertificate, KindCRL, KindCSR, KindOCSP),
		oneOf("encoding", e.Encoding, EncodingDER, EncodingPEM),
		IsID("artifact", e.Artifact), isPath(e.Path), IsDigest("sha256", e.SHA256), IsHexOf("sha512", e.SHA512, 64), e.Summary.check())
}

// The kinds of artifacts.
const (
	KindCertificate = "certificate"
	KindCRL         = "crl"
	KindCSR         = "csr"
	KindOCSP        = "ocsp-response"
)

// The encodings of the files of an artifact.
const (
	EncodingDER = "der"
	EncodingPEM = "pem"
)

// Summary shows the fields of an artifact to people. All of it can be read from
// the artifact.
type Summary struct {
	Subject            string `json:"subject,omitempty"`
	Issuer             string `json:"issuer,omitempty"`
	CommonName         string `json:"common_name,omitempty"` // of the subject
	IssuerCommonName   string `json:"issuer_common_name,omitempty"`
	Serial             string `json:"serial,omitempty"` // lower-case hexadecimal
	NotBefore          string `json:"not_before,omitempty"`
	NotAfter           string `json:"not_after,omitempty"`
	ThisUpdate         string `json:"this_update,omitempty"`
	NextUpdate         string `json:"next_update,omitempty"`
	Number             string `json:"number,omitempty"`       // of a CRL, decimal
	Entries            int64  `json:"entries,omitempty"`      // of a CRL
	RevokedFrom        string `json:"revoked_from,omitempty"` // of a CRL: how many others, and the file that lists them
	Changed            string `json:"changed,omitempty"`      // of a CRL: what becomes of entries of the one before it that do not stay as they were, or stay on hold
	Status             string `json:"status,omitempty"`       // of an OCSP response
	SubjectKeyID       string `json:"subject_key_id,omitempty"`
	AuthorityKeyID     string `json:"authority_key_id,omitempty"`
	Key                string `json:"key,omitempty"` // name of the subject's key
	KeyAlgorithm       string `json:"key_algorithm,omitempty"`
	SPKISHA256         string `json:"spki_sha256,omitempty"`
	SignatureAlgorithm string `json:"signature_algorithm,omitempty"`
	Profile            string `json:"profile,omitempty"`
	SHA256             string `json:"sha256,omitempty"` // of the DER: the fingerprint
	CA                 bool   `json:"ca,omitempty"`

	Revoked []Revocation `json:"revoked,omitempty"` // of a CRL: what the one before it does not have
}

// Revocation is a certificate that a CRL is the first to list.
type Revocation struct {
	Serial string `json:"serial"`         // lower-case hexadecimal
	Name   string `json:"name,omitempty"` // of its subject, where the certificate is known
	Reason string `json:"reason"`
	Date   string `json:"date"`
}

// Text is the revocation for people.
func (r Revocation) Text() string {
	return fmt.Sprintf("%s (serial number %s), %s, from %s", cmp.Or(r.Name, "a certificate that is not at hand"), r.Serial, r.Reason, r.Date)
}

// Revokes lists what a CRL is the first to list, for people.
func (s Summary) Revokes() string {
	var all []string
	for _, r := range s.Revoked {
		all = append(all, r.Text())
	}
	return strings.Join(all, "; ")
}

// IsRevoked reports whether a CRL is the first to list a serial number.
func (s Summary) IsRevoked(serial string) bool {
	return slices.ContainsFunc(s.Revoked, func(r Revocation) bool { return r.Serial == serial })
}

// check refuses revocations that do not say what is revoked, why, and since when.
func (s *Summary) check() error {
	if s == nil {
		return nil
	}
	for i, r := range s.Revoked {
		if r.Serial == "" || r.Reason == "" || r.Date == "" {
			return fmt.Errorf("summary: revoked: entry %d of %d: no serial, reason or date", i+1, len(s.Revoked))
		}
	}
	return nil
}

// SelfIssued reports whether subject and issuer are the same, as far as the
// summary says.
func (s Summary) SelfIssued() bool {
	return s.Subject != "" && s.Subject == s.Issuer && (s.AuthorityKeyID == "" || s.AuthorityKeyID == s.SubjectKeyID)
}

// Name is what people call the subject: by its common name, or by all of it.
func (s Summary) Name() string { return cmp.Or(s.CommonName, s.Subject) }

// IssuerName is the same of the issuer.
func (s Summary) IssuerName() string { return cmp.Or(s.IssuerCommonName, s.Issuer) }

// ArtifactChecked is what was found when the finished bytes were read back
// and compared with the plan.
type ArtifactChecked struct {
	Artifact string  `json:"artifact"`
	Checks   []Check `json:"checks"`
}

// Type implements [Event].
func (ArtifactChecked) Type() string { return "artifact.checked" }

// Schema implements [Event].
func (ArtifactChecked) Schema() string {
	return `{
  "description": "The finished octets were read back and compared with the plan.",
  "$comment": "observed",
  "type": "object",
  "required": ["artifact", "checks"],
  "additionalProperties": false,
  "properties": {
    "artifact": {"$ref": "#/$defs/id"},
    "checks": {"type": ["array", "null"], "items": {"$ref": "#/$defs/check"}}
  }
}`
}

// Sentence implements [Event].
func (e ArtifactChecked) Sentence() Sentence {
	met := 0
	for _, c := range e.Checks {
		if c.OK {
			met++
		}
	}
	told := say(fmt.Sprintf("Read %s back and compared it with the plan: %d of %d checks passed", e.Artifact, met, len(e.Checks)), "")
	if met < len(e.Checks) {
		return told.as(Failure)
	}
	return told
}

func (e ArtifactChecked) check() error { return IsID("artifact", e.Artifact) }

// Check is one comparison.
type Check struct {
	Name    string `json:"name"`
	OK      bool   `json:"ok"`
	Details string `json:"details,omitempty"`
}
