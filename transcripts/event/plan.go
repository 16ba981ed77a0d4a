// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"errors"
	"fmt"
	"strings"
)

var planEvents = []Event{PlanApproval{}, PlanAmended{}}

// PlanApproval says who approved the plan, its profiles and the site. The program
// checks this before it creates the bundle, and before an amendment takes effect.
type PlanApproval struct {
	Class        string     `json:"class"`                   // ApprovedBySignatures, ApprovedOnPaper or ApprovedByNobody
	PolicySHA256 string     `json:"policy_sha256,omitempty"` // of trust/policy.json
	Approvals    []Approval `json:"approvals,omitempty"`
	Notices      []string   `json:"notices,omitempty"` // approvals that did not count, and why
	// Warnings are what the plan should have and does not need, as people saw them.
	Warnings []string `json:"warnings,omitempty"`
}

// Type implements [Event].
func (PlanApproval) Type() string { return "plan.approval" }

// Schema implements [Event].
func (PlanApproval) Schema() string {
	return `{
  "description": "Who approved the plan, as checked before the bundle was created or the amendment took effect.",
  "$comment": "observed",
  "type": "object",
  "required": ["class"],
  "additionalProperties": false,
  "properties": {
    "class": {"description": "signatures; paper: at least in part on paper; none: nobody approved it; exception: an amendment that the people in the room accepted in the deviation before it.", "enum": ["signatures", "paper", "none", "exception"]},
    "policy_sha256": {"description": "Of trust/policy.json.", "$ref": "#/$defs/digest"},
    "approvals": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/approval"}},
    "notices": {"description": "Approvals that did not count, and why.", "type": "array", "minItems": 1, "items": {"$ref": "#/$defs/text"}},
    "warnings": {"description": "What the plan should have and does not need, as its screen and script say.", "type": "array", "minItems": 1, "items": {"$ref": "#/$defs/text"}}
  }
}`
}

// Sentence implements [Event].
func (e PlanApproval) Sentence() Sentence {
	text := "Approval of the plan: " + e.Class
	for _, f := range e.ByFile() {
		text += fmt.Sprintf("; %s by %s", f.File, f.By)
	}
	for _, w := range e.Warnings {
		text += "; warning: " + w
	}
	return say(strings.Join(append([]string{text}, e.Notices...), "; "), "")
}

func (e PlanApproval) check() error {
	err := errors.Join(oneOf("class", e.Class, ApprovedBySignatures, ApprovedOnPaper, ApprovedByNobody, ApprovedByException),
		Optional(IsDigest, "policy_sha256", e.PolicySHA256))
	for _, w := range e.Warnings {
		err = errors.Join(err, isText("warning", w))
	}
	for _, a := range e.Approvals {
		err = errors.Join(err, oneOf("object", a.Object, "plan", "profile", "site"), IsID("file", a.File),
			IsID("person", a.Person), isText("resolution", a.Resolution), IsDigest("sha256", a.SHA256), Optional(IsDigest, "scan_sha256", a.ScanSHA256))
	}
	return err
}

// The classes of approval.
const (
	ApprovedBySignatures = "signatures"
	ApprovedOnPaper      = "paper" // at least in part
	ApprovedByNobody     = "none"
	ApprovedByException  = "exception" // of an amendment: the people in the room accepted it in the deviation before it
)

// Approval is one person's approval of one file: by a signature or on paper.
type Approval struct {
	Object string   `json:"object"` // plan, profile or site
	File   string   `json:"file"`   // its name
	SHA256 string   `json:"sha256"`
	Person string   `json:"person"`
	Roles  []string `json:"roles"` // for which it counts

	Key       string `json:"key,omitempty"` // fingerprint, as ssh-keygen shows it
	Algorithm string `json:"algorithm,omitempty"`
	Touch     string `json:"touch,omitempty"` // what a FIDO device saw

	Resolution string   `json:"resolution,omitempty"` // on paper
	Date       string   `json:"date,omitempty"`       // of the paper
	ScanSHA256 string   `json:"scan_sha256,omitempty"`
	Vouchers   []string `json:"vouchers,omitempty"` // who signed for the paper
}

// OnPaper reports whether it is an approval on paper.
func (a Approval) OnPaper() bool { return a.Resolution != "" }

// ApprovedFile is a file with everybody who approved it.
type ApprovedFile struct{ Object, File, SHA256, By string }

// ByFile gathers the approvals by file, in their order.
func (e PlanApproval) ByFile() []ApprovedFile {
	var files []ApprovedFile
	for _, a := range e.Approvals {
		if n := len(files); n == 0 || files[n-1].File != a.File {
			files = append(files, ApprovedFile{Object: a.Object, File: a.File, SHA256: a.SHA256})
		}
		f := &files[len(files)-1]
		if f.By != "" {
			f.By += ", "
		}
		f.By += a.text()
	}
	return files
}

// text names the person, and for what and how they approved.
func (a Approval) text() string {
	var about []string
	if len(a.Roles) > 0 {
		about = append(about, strings.Join(a.Roles, ", "))
	}
	if a.OnPaper() {
		about = append(about, fmt.Sprintf("on paper: %s of %s, vouched for by %s", a.Resolution, a.Date, strings.Join(a.Vouchers, ", ")))
	}
	if len(about) == 0 {
		return a.Person
	}
	return fmt.Sprintf("%s (%s)", a.Person, strings.Join(about, "; "))
}

// PlanAmended says that a new plan applies from here on. The steps done before are
// the same in both; both stay in the bundle, the new one in [AmendmentFolder].
type PlanAmended struct {
	Number     int      `json:"number"` // from 1
	PlanSHA256 string   `json:"plan_sha256"`
	Before     string   `json:"before_sha256"` // of the plan.json that applied until now
	Difference []string `json:"difference"`    // as shown to people before they decided
}

// Type implements [Event].
func (PlanAmended) Type() string { return "plan.amended" }

// Schema implements [Event].
func (PlanAmended) Schema() string {
	return `{
  "description": "A new plan applies from here on. The steps done before are the same in both plans, and both stay in the bundle.",
  "$comment": "observed",
  "type": "object",
  "required": ["number", "plan_sha256", "before_sha256", "difference"],
  "additionalProperties": false,
  "properties": {
    "number": {"description": "From 1. The plan and its sources are in the folder plan/amendment-NUMBER.", "type": "integer", "minimum": 1},
    "plan_sha256": {"description": "Of its plan.json.", "$ref": "#/$defs/digest"},
    "before_sha256": {"description": "Of the plan.json that applied until now.", "$ref": "#/$defs/digest"},
    "difference": {"description": "What changes, as shown to people before they decided.", "type": ["array", "null"], "items": {"$ref": "#/$defs/text"}}
  }
}`
}

// Sentence implements [Event].
func (e PlanAmended) Sentence() Sentence {
	return say(fmt.Sprintf("Amendment %d: from here on the plan in %s applies. %s", e.Number, AmendmentFolder(e.Number),
		strings.Join(e.Difference, "; ")), e.PlanSHA256).as(Deviation)
}

func (e PlanAmended) files() []File {
	return []File{{Path: AmendmentFolder(e.Number) + "/plan.json", SHA256: e.PlanSHA256}}
}

func (e PlanAmended) check() error {
	if e.Number < 1 {
		return fmt.Errorf("number: %d, but numbers start at 1", e.Number)
	}
	return errors.Join(IsDigest("plan_sha256", e.PlanSHA256), IsDigest("before_sha256", e.Before))
}

// AmendmentFolder is where the plan of an amendment is, with its sources.
func AmendmentFolder(number int) string { return fmt.Sprintf("plan/amendment-%d", number) }
