// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import "time"

// Verdict is the result of checking the signatures on one object.
type Verdict struct {
	Namespace     Namespace       `json:"namespace"`
	ObjectSHA256  string          `json:"object_sha256"`
	PolicySHA256  string          `json:"policy_sha256"`
	PolicyVersion int             `json:"policy_version"`
	At            time.Time       `json:"at"`
	Demanded      bool            `json:"demanded"` // the policy has a rule for it
	Any           bool            `json:"any"`      // one of the thresholds is enough
	Thresholds    []Threshold     `json:"thresholds"`
	Signed        []Approval      `json:"signed"`
	Papers        []PaperApproval `json:"papers"`
	Refused       []Refusal       `json:"refused"`
	Problems      []string        `json:"problems"` // what is wrong with the whole, regardless of who signed
	Notices       []string        `json:"notices"`  // worth knowing, not wrong
}

// Threshold is one role of the rule, and who fills it.
type Threshold struct {
	Role   string   `json:"role"`
	Need   int      `json:"need"`
	Signed []string `json:"signed"` // people
	Paper  []string `json:"paper"`  // other people, on paper
	Open   []string `json:"open"`   // who has not approved, and whose key would count now
}

// Met reports whether enough people fill the role.
func (t Threshold) Met() bool { return len(t.Signed)+len(t.Paper) >= t.Need }

// Approval is one good signature.
type Approval struct {
	Name        string   `json:"name"`
	SHA256      string   `json:"sha256"` // of the file
	Person      string   `json:"person"`
	Org         string   `json:"org"`
	Roles       []string `json:"roles"` // those of the rule that the person holds
	Fingerprint string   `json:"fingerprint"`
	Algorithm   string   `json:"algorithm"`
	Hash        string   `json:"hash"`
	Touch       *Touch   `json:"touch,omitempty"` // of FIDO keys
	// Duplicate says that the person has signed already: people count once.
	Duplicate bool `json:"duplicate,omitempty"`
}

// PaperApproval is an approval on paper that others vouch for.
type PaperApproval struct {
	Name       string   `json:"name"`
	Person     string   `json:"person"`
	Role       string   `json:"role"`
	Resolution string   `json:"resolution"`
	Date       string   `json:"date"`
	ScanSHA256 string   `json:"scan_sha256"`
	Vouchers   []string `json:"vouchers"`
}

// Reason is why a signature does not count.
type Reason string

// Reasons of refusals.
const (
	reasonMalformed Reason = "malformed"     // no signature can be read
	reasonUnknown   Reason = "unknown-key"   // the policy has no such key or person
	reasonNamespace Reason = "namespace"     // made for another namespace
	reasonAlgorithm Reason = "algorithm"     // not allowed by the policy
	reasonSignature Reason = "bad-signature" // not a signature of this object by this key
	reasonNoTouch   Reason = "no-touch"      // the FIDO device was not touched
	reasonUnproved  Reason = "not-verified"  // the FIDO device asked for no PIN
	reasonTime      Reason = "time"          // the key did not count then
	reasonRevoked   Reason = "revoked"       // the key was revoked
	reasonNoRole    Reason = "no-role"       // the person has no role for this object
	reasonPaper     Reason = "paper"         // a paper that does not count
	reasonObject    Reason = "object"        // about another object
)

// Refusal is what does not count, and why.
type Refusal struct {
	Name        string `json:"name"`
	Person      string `json:"person,omitempty"`
	Fingerprint string `json:"fingerprint,omitempty"`
	Reason      Reason `json:"reason"`
	Why         string `json:"why"`
	// Failure says that the object is not approved because of it, however many
	// others signed: something that a known person signed, or a file that
	// should be a signature, is invalid, and must be investigated.
	Failure bool `json:"failure,omitempty"`
}

// Approved reports whether the policy has a rule, enough people fill it, and
// nothing is wrong.
func (v Verdict) Approved() bool {
	return v.Demanded && len(v.Problems) == 0 && len(v.failures()) == 0 && v.enough()
}

// failures lists the refusals by which the whole fails.
func (v Verdict) failures() []Refusal {
	var out []Refusal
	for _, r := range v.Refused {
		if r.Failure {
			out = append(out, r)
		}
	}
	return out
}

// onPaper reports whether it was paper that made the difference.
func (v Verdict) onPaper() bool {
	if !v.Approved() {
		return false
	}
	signed := v
	signed.Thresholds = nil
	for _, t := range v.Thresholds {
		t.Paper = nil
		signed.Thresholds = append(signed.Thresholds, t)
	}
	return !signed.enough()
}

func (v Verdict) enough() bool {
	met := 0
	for _, t := range v.Thresholds {
		if t.Met() {
			met++
		}
	}
	if v.Any {
		return met > 0
	}
	return met > 0 && met == len(v.Thresholds)
}
