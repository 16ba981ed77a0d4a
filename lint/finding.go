// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"rootceremony/internal/source"
	"rootceremony/profiles"
)

// Status is how bad a finding is.
type Status string

// Statuses, in rising order of weight. NotChecked says that a rule lacked the
// context it needs.
const (
	NotChecked Status = "not-checked"
	Notice     Status = "notice"
	Warning    Status = "warning"
	Error      Status = "error"
	Fatal      Status = "fatal"
)

// weight orders statuses.
func (s Status) weight() int {
	return slices.Index([]Status{NotChecked, Notice, Warning, Error, Fatal}, s)
}

// The two engines.
const (
	EngineZLint    = "zlint"
	EngineCeremony = "ceremony"
)

// Dates a finding can be checked at.
const (
	AtSigning = "signing"  // the time of signing
	AtOwnDate = "own-date" // notBefore, thisUpdate or producedAt
)

// Finding is one result of one rule on one artifact that is not a pass.
type Finding struct {
	Rule        string         `json:"rule"`
	Engine      string         `json:"engine"` // "zlint" or "ceremony"
	Status      Status         `json:"status"`
	Citation    string         `json:"citation"`
	Requirement string         `json:"requirement"` // quoted
	Details     string         `json:"details,omitempty"`
	Artifact    string         `json:"artifact"`
	Field       profiles.Field `json:"field,omitzero"` // what is at fault
	When        string         `json:"when,omitempty"` // the date it was checked at, when that matters
	Waived      *Waiver        `json:"waived,omitempty"`
	Suppressed  string         `json:"suppressed,omitempty"` // why the tool suppressed it
	// TakesEffect is the day from which the requirement applies, when it is
	// between the signing and the end of the validity: of an announced notice.
	TakesEffect time.Time `json:"takes_effect,omitzero"`
	// Lacks is the context that a rule would need to check: of "not-checked".
	Lacks []Need `json:"lacks,omitempty"`
	// Absent says why that context is not there: of "not-checked".
	Absent Absence `json:"absent,omitempty"`
	// Required says of "not-checked" that the rule could find an error and that
	// its context is lacking: what it did not look at must not be signed.
	Required bool   `json:"required,omitempty"`
	Record   Record `json:"-"` // what of the record it contradicts
	Sense    string `json:"-"` // what is compared with other sentences, whatever people read
	Twice    bool   `json:"-"` // it is suppressed because an own rule tells the same
	Kind     string `json:"-"` // the same for what differs in serial numbers, names and times alone
	More     int    `json:"-"` // how many others of its kind there are
	Place    Place  `json:"-"` // set by the reader of the YAML
	Hint     string `json:"-"` // what to add to a ceremony file so that the rule can be checked
}

// Place is where a finding is in YAML. The caller that shows it has the
// document, so that the place is never parsed from text.
type Place struct {
	Doc  *source.Document
	Pos  source.Pos
	Path string
}

// Announced reports whether the requirement takes effect only later.
func (f *Finding) Announced() bool { return !f.TakesEffect.IsZero() }

// SetAside reports whether the tool suppressed the finding.
func (f *Finding) SetAside() bool { return f.Suppressed != "" || f.Announced() }

// Text says what was found, for people. It is never parsed; its parts are in
// the fields.
func (f *Finding) Text() string {
	switch {
	case len(f.Lacks) > 0 && f.Waived != nil:
		return "accepted unchecked, without " + joinNeeds(f.Lacks)
	case len(f.Lacks) > 0:
		return "not checked without " + joinNeeds(f.Lacks)
	}
	return cmp.Or(f.Details, f.Requirement)
}

// Record is a statement that the record of a ceremony makes of an object: the
// bytes, the key and the names are what they are, as of any date and under any
// rules. Findings of all other rules may be those of a newer version.
type Record string

// What a record states of each object.
const (
	RecordBytes     Record = "bytes linted are the bytes signed"
	RecordDeclared  Record = "every declared field is in the issued object"
	RecordSignature Record = "signature verifies under the recorded public key"
	RecordIssuer    Record = "the issuer is the one of the record"
)

// Members that findings are about. Others are about an extension, or about an
// entry of a CRL that is new, in declared order; one that was carried over is
// blamed on the previous CRL.
var (
	FieldValidity    = profiles.Field{Member: "validity"}
	FieldIssuer      = profiles.Field{Member: "issuer"}
	FieldSubject     = profiles.Field{Member: "subject"}
	FieldKey         = profiles.Field{Member: "key"}
	FieldSubjectKey  = profiles.Field{Member: "subject-key"}
	FieldSignature   = profiles.Field{Member: "signature"}
	FieldSerial      = profiles.Field{Member: "serial"}
	FieldNumber      = profiles.Field{Member: "number"}
	FieldExtensions  = profiles.Field{Member: "extensions"}
	FieldThisUpdate  = profiles.Field{Member: "this-update"}
	FieldNextUpdate  = profiles.Field{Member: "next-update"}
	FieldExisting    = profiles.Field{Member: "existing"}
	FieldPrevious    = profiles.Field{Member: "previous"}
	FieldRequest     = profiles.Field{Member: "request"}
	FieldResponder   = profiles.Field{Member: "responder"}
	FieldCertificate = profiles.Field{Member: "certificate"}
	FieldStatus      = profiles.Field{Member: "status"}
	FieldOCSP        = profiles.Field{Member: "ocsp"}
	FieldEncoding    = profiles.Field{Member: "encoding"}
	FieldRevokeFrom  = profiles.Field{Member: "revoke-from"}
	FieldEntries     = profiles.Field{Member: "entries"}
	FieldCertID      = profiles.Field{Member: "certificate-id"}
	FieldHierarchy   = profiles.Field{Member: "subject-hierarchy"}
	FieldSubmission  = profiles.Field{Member: "submission"}
)

// blocks reports whether the finding blocks: it is neither waived nor
// suppressed, and is a warning or worse. A notice is told and recorded, and never
// blocks. A rule that could not be checked blocks where the object is cleared for
// signing and the rule could find an error.
func (f *Finding) blocks() bool {
	switch {
	case f.Waived != nil || f.SetAside():
		return false
	case f.Status == NotChecked:
		return f.Required
	}
	return f.Status.weight() >= Warning.weight()
}

// Waivable reports whether people may decide to accept the finding. These
// cannot be accepted: a fatal result, a panic or a parse failure (all of them
// fatal), or that what was built is not what was declared. [ApplyWaivers] refuses,
// too, what is against the purpose that the profile declares.
func (f *Finding) Waivable() bool {
	return f.Status != Fatal && f.Status != NotChecked && !comparesWithProfile(f.Rule)
}

// Waiver is a decision to accept one finding on one artifact, or, with Lacks, that
// one rule was not checked there because that context is lost.
type Waiver struct {
	Rule     string     `json:"rule"`
	Artifact string     `json:"artifact"`
	Lacks    string     `json:"lacks,omitempty"` // as the finding names it; instead of Citation and Expires
	Reason   string     `json:"reason"`
	Citation string     `json:"citation,omitempty"`
	Approver string     `json:"approver"`
	Expires  time.Time  `json:"expires,omitzero"`
	Pos      source.Pos `json:"-"`
}

// Count tells the outcome of the rules of one engine.
type Count struct {
	Evaluated     int `json:"evaluated"`      // passed or found something
	NotApplicable int `json:"not_applicable"` // not applicable to this object
	NotInEffect   int `json:"not_in_effect"`  // at none of the dates
	NotChecked    int `json:"not_checked"`    // because context is missing
}

// Report is all that was found on one artifact.
type Report struct {
	Artifact string            `json:"artifact"`
	Findings []Finding         `json:"findings"`
	Ran      map[string]Count  `json:"ran"`             // by engine
	Versions map[string]string `json:"versions"`        // by engine
	Notes    []string          `json:"notes,omitempty"` // what an engine did not look at, and why
}

// Blocking returns the findings that block the signature.
func (r *Report) Blocking() []Finding {
	return slices.DeleteFunc(slices.Clone(r.Findings), func(f Finding) bool { return !f.blocks() })
}

// Notices returns the findings that people are told and that block nothing. One that
// is only announced for later is not among them.
func (r *Report) Notices() []Finding {
	return slices.DeleteFunc(slices.Clone(r.Findings), func(f Finding) bool { return f.Status != Notice || f.SetAside() })
}

// sort puts the findings into their one order: engine, rule, field, details.
func (r *Report) sort() {
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(
			strings.Compare(a.Engine, b.Engine),
			strings.Compare(a.Rule, b.Rule),
			strings.Compare(a.Field.String(), b.Field.String()),
			strings.Compare(a.Details, b.Details),
		)
	})
}
