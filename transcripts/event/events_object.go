// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"cmp"
	"strings"
)

// The stages of linting.
const (
	StagePlanning      = "planning"
	StageBeforeSigning = "before-signing"
	StageAfterSigning  = "after-signing"
)

// ObjectLinted is the result of linting one object.
type ObjectLinted struct {
	Artifact string            `json:"artifact"`
	Stage    string            `json:"stage"`
	Clear    bool              `json:"clear"`             // no finding forbids it
	Engines  map[string]string `json:"engines,omitempty"` // name: version
	Counts   map[string]int    `json:"counts,omitempty"`  // status: number of rules
	Findings []Finding         `json:"findings,omitempty"`
	File     string            `json:"file,omitempty"`   // with all results
	SHA256   string            `json:"sha256,omitempty"` // of File
}

// Finding is one rule that an object does not meet.
type Finding struct {
	Rule     string   `json:"rule"`
	Status   string   `json:"status"`
	Details  string   `json:"details,omitempty"`
	Citation string   `json:"citation,omitempty"`
	Field    string   `json:"field,omitempty"` // of the object
	Lacks    []string `json:"lacks,omitempty"` // without which the rule could not be judged, and the object must not be signed
	Place    *Place   `json:"place,omitempty"`
	Waived   *Waiver  `json:"waived,omitempty"`
}

// Place is where in a file of the plan a finding stands.
type Place struct {
	File   string `json:"file"` // as plan.json calls it
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Path   string `json:"path,omitempty"` // within the YAML
}

// Text says what was found, for people.
func (f *Finding) Text() string {
	if len(f.Lacks) > 0 {
		return "not checked without " + strings.Join(f.Lacks, ", ")
	}
	return f.Details
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

// Confirmed is one row of a table of objects that are confirmed together.
type Confirmed struct {
	Artifact  string `json:"artifact"`
	TBSSHA256 string `json:"tbs_sha256"`
}

// ConfirmationRefused says that somebody would not confirm, or typed digits
// that were wrong.
type ConfirmationRefused struct {
	Artifact  string `json:"artifact,omitempty"`
	TBSSHA256 string `json:"tbs_sha256"` // or of the table
	Entered   string `json:"entered,omitempty"`
	Reason    string `json:"reason"`
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

// Summary is what an artifact says, in words for people. All of it can be
// read from the artifact.
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
	Number             string `json:"number,omitempty"`  // of a CRL, decimal
	Entries            int64  `json:"entries,omitempty"` // of a CRL
	Status             string `json:"status,omitempty"`  // of an OCSP response
	SubjectKeyID       string `json:"subject_key_id,omitempty"`
	AuthorityKeyID     string `json:"authority_key_id,omitempty"`
	Key                string `json:"key,omitempty"` // name of the subject's key
	KeyAlgorithm       string `json:"key_algorithm,omitempty"`
	SPKISHA256         string `json:"spki_sha256,omitempty"`
	SignatureAlgorithm string `json:"signature_algorithm,omitempty"`
	Profile            string `json:"profile,omitempty"`
	SHA256             string `json:"sha256,omitempty"` // of the DER: the fingerprint
	CA                 bool   `json:"ca,omitempty"`
}

// ArtifactChecked is what was found when the finished bytes were read back
// and compared with the plan.
type ArtifactChecked struct {
	Artifact string  `json:"artifact"`
	Checks   []Check `json:"checks"`
}

// Check is one comparison.
type Check struct {
	Name    string `json:"name"`
	OK      bool   `json:"ok"`
	Details string `json:"details,omitempty"`
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
