// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// Annex is what an auditor draws samples from: each list is a whole population,
// with the line of the journal that a row comes from. [NewAnnex] makes it from
// what a journal adds up to; it adds nothing to them and leaves nothing out.
//
// Digests and serial numbers are in upper-case hexadecimal without separators,
// as CCADB writes them. Times are UTC.
type Annex struct {
	Ceremony       string             `json:"ceremony"`
	Title          string             `json:"title"`
	Mode           event.Mode         `json:"mode"`
	SoftwareTokens bool               `json:"software_tokens"`
	Outcome        string             `json:"outcome"`
	PlanSHA256     string             `json:"plan_sha256"`
	ManifestSHA256 string             `json:"manifest_sha256"`
	Verdict        *AnnexVerdict      `json:"verdict,omitempty"`
	Steps          []AnnexStep        `json:"steps"`
	Signatures     []AnnexSignature   `json:"signatures"`
	Due            []AnnexDue         `json:"due"`
	Keys           []AnnexKey         `json:"keys"`
	Logins         []AnnexLogin       `json:"logins"`
	Approvals      []AnnexApproval    `json:"approvals"`
	Attendance     []AnnexAttendance  `json:"attendance"`
	Deviations     []AnnexDeviation   `json:"deviations"`
	Evidence       []AnnexEvidence    `json:"evidence"`
	Certificates   []AnnexCertificate `json:"certificates"`
}

// AnnexVerdict is what the program that wrote the annex found in the bundle. A
// population of an inconsistent record is no population.
type AnnexVerdict struct {
	Tool       string   `json:"tool"`
	Consistent bool     `json:"consistent"`
	Anchored   []string `json:"anchored"`
	Problems   []string `json:"problems"`
	Incomplete []string `json:"incomplete"`
	Notices    []string `json:"notices"`
}

// PlannedStep is a step of the plan.
type PlannedStep struct {
	ID, Kind, Title string
	Who             []string
}

// AnnexStep is one step that was planned, or one attempt at a step.
type AnnexStep struct {
	Step      string   `json:"step"`
	Kind      string   `json:"kind"`
	Title     string   `json:"title"`
	Planned   string   `json:"planned"` // yes, no, or unknown where the plan could not be read
	Who       []string `json:"planned_who"`
	Attempt   int      `json:"attempt"` // 0: never started
	Outcome   string   `json:"outcome"` // done, failed, skipped, open or not started
	By        []string `json:"done_by"`
	Started   string   `json:"started"`
	Finished  string   `json:"finished"`
	FirstLine int      `json:"first_line"` // of the journal
	LastLine  int      `json:"last_line"`
	Recorded  []string `json:"recorded"` // what people filled in
	Script    string   `json:"script"`   // place in the printed script
}

// AnnexSignature is one call that asked a token for a signature.
type AnnexSignature struct {
	Line        int      `json:"line"` // of the result; of the intent where there is none
	Time        string   `json:"time"`
	Step        string   `json:"step"`
	Operation   int      `json:"operation"`
	Token       string   `json:"token"`
	Key         string   `json:"key"`
	KeySHA256   string   `json:"key_spki_sha256"`
	Artifact    string   `json:"artifact"`
	Purpose     string   `json:"purpose"` // of a signature that makes no artifact: key-proof or stand-in
	For         string   `json:"for"`     // the key or the input of that purpose
	Algorithm   string   `json:"algorithm"`
	TBSSHA256   string   `json:"tbs_sha256"`
	Result      string   `json:"result"` // signed, failed or unknown
	Effect      string   `json:"effect"` // of a failure
	ConfirmedBy []string `json:"confirmed_by"`
	ConfirmLine int      `json:"confirmation_line"`
	Standing    string   `json:"standing"` // in the ledger; empty where no signature can exist
	Owner       string   `json:"owner"`
	Lacks       string   `json:"lacks"` // why nobody owns it
}

// AnnexDue is what somebody has to do because of a signature that was made, or may
// have been.
type AnnexDue struct {
	Line      int    `json:"line"` // of the signature
	Time      string `json:"since"`
	Operation int    `json:"operation"`
	Signed    string `json:"signed"` // the artifact, or the purpose
	What      string `json:"what"`   // revoked, disclosed, destroyed or parked
	Of        string `json:"of"`     // serial number, or SHA-256 of the public key
	Citation  string `json:"citation"`
	Until     string `json:"until"`
	Met       int    `json:"met_in_line"` // 0 where nothing in the ceremony did it
}

// AnnexKey is one event in the life of a key.
type AnnexKey struct {
	Line       int       `json:"line"`
	Time       string    `json:"time"`
	Step       string    `json:"step"`
	Operation  int       `json:"operation"`
	Event      string    `json:"event"` // generate, find, destroy or prove
	Result     string    `json:"result"`
	Token      string    `json:"token"`
	Key        string    `json:"key"`
	ID         string    `json:"id"` // CKA_ID
	Algorithm  string    `json:"algorithm"`
	SPKISHA256 string    `json:"spki_sha256"`
	How        event.How `json:"how"`
}

// AnnexLogin is one event of a token: opened, which includes the login, taken
// over by a fresh process, or closed; or a PIN that was not accepted. Result is done,
// or what the module returned.
type AnnexLogin struct {
	Line     int       `json:"line"`
	Time     string    `json:"time"`
	Event    string    `json:"event"`
	Result   string    `json:"result"`
	Person   string    `json:"person"` // who entered a PIN that was not accepted
	Token    string    `json:"token"`
	Label    string    `json:"label"`
	Serial   string    `json:"serial"` // as the module reports it
	Model    string    `json:"model"`
	Firmware string    `json:"firmware"`
	Login    string    `json:"login"`
	Module   string    `json:"module"`
	Software bool      `json:"software"`
	How      event.How `json:"how"`
}

// AnnexApproval is one person's approval of one file, as it was evaluated before the
// plan was in force; where nobody approved it, one that says so.
type AnnexApproval struct {
	Line         int       `json:"line"`
	Time         string    `json:"time"`
	Plan         string    `json:"plan"` // plan, or amendment and its number
	PlanSHA256   string    `json:"plan_sha256"`
	Class        string    `json:"class"` // of the whole: signatures, paper, none or exception
	PolicySHA256 string    `json:"policy_sha256"`
	Object       string    `json:"object"` // plan, profile or site
	File         string    `json:"file"`
	SHA256       string    `json:"sha256"`
	Person       string    `json:"person"`
	Roles        []string  `json:"roles"`
	Key          string    `json:"key"`
	Algorithm    string    `json:"algorithm"`
	Touch        string    `json:"touch"`
	Resolution   string    `json:"resolution"` // on paper
	Date         string    `json:"date"`
	ScanSHA256   string    `json:"scan_sha256"`
	Vouchers     []string  `json:"vouchers"`
	How          event.How `json:"how"`
}

// AnnexAttendance is an arrival or a departure.
type AnnexAttendance struct {
	Line   int       `json:"line"`
	Time   string    `json:"time"`
	Event  string    `json:"event"`
	Person string    `json:"person"`
	Role   string    `json:"role"`
	By     []string  `json:"stated_by"`
	How    event.How `json:"how"`
}

// AnnexDeviation is a departure from the plan, as people recorded it.
type AnnexDeviation struct {
	Line      int       `json:"line"`
	Time      string    `json:"time"`
	Step      string    `json:"step"`
	Expected  string    `json:"expected"`
	Happened  string    `json:"happened"`
	Decision  string    `json:"decision"`
	DecidedBy []string  `json:"decided_by"`
	How       event.How `json:"how"`
}

// AnnexEvidence is one file that the journal vouches for.
type AnnexEvidence struct {
	Line   int       `json:"line"`
	Time   string    `json:"time"`
	Step   string    `json:"step"`
	Event  string    `json:"event"` // read, written or external
	Path   string    `json:"path"`
	Kind   string    `json:"kind"`
	SHA256 string    `json:"sha256"`
	How    event.How `json:"how"`
}

// AnnexCertificate is one certificate that was issued, delivered or not.
type AnnexCertificate struct {
	Line               int    `json:"line"` // where its DER was written
	Artifact           string `json:"artifact"`
	Subject            string `json:"subject"`
	Issuer             string `json:"issuer"`
	Serial             string `json:"serial"`
	SPKISHA256         string `json:"spki_sha256"`
	SHA256             string `json:"certificate_sha256"`
	Key                string `json:"key"`
	KeyAlgorithm       string `json:"key_algorithm"`
	SignatureAlgorithm string `json:"signature_algorithm"`
	NotBefore          string `json:"not_before"`
	NotAfter           string `json:"not_after"`
	SubjectKeyID       string `json:"subject_key_id"`
	AuthorityKeyID     string `json:"authority_key_id"`
	CA                 bool   `json:"ca"`
	Profile            string `json:"profile"`
	Path               string `json:"path"`
	Withheld           string `json:"withheld"` // why it was not delivered
}

// NewAnnex collects the populations. planned is what the plan says, in its
// order; nil says that the plan could not be read.
func NewAnnex(h *history.History, planned []PlannedStep) *Annex {
	a := &Annex{
		Ceremony: h.Opened.Ceremony, Title: h.Opened.Title, Mode: h.Opened.Mode,
		SoftwareTokens: h.Opened.SoftwareTokens, Outcome: outcomeOf(h), PlanSHA256: upper(h.Opened.PlanSHA256),
		Steps: annexSteps(h, planned), Signatures: []AnnexSignature{}, Due: []AnnexDue{}, Keys: []AnnexKey{}, Logins: []AnnexLogin{},
		Approvals: []AnnexApproval{}, Attendance: []AnnexAttendance{}, Deviations: []AnnexDeviation{}, Evidence: []AnnexEvidence{}, Certificates: []AnnexCertificate{},
	}
	c := &collector{annex: a, History: h, ledger: map[int]history.Signature{}}
	for _, s := range h.Ledger() {
		c.ledger[s.Number] = s
	}
	c.approvals()
	c.room()
	c.logins()
	c.operations()
	c.due()
	c.files()
	return a
}

// AddVerdict puts a verdict on the annex; what people have still to sign makes it
// incomplete.
func (a *Annex) AddVerdict(v *Verdict, tool string, after After) {
	a.ManifestSHA256 = upper(v.ManifestSHA256)
	a.Verdict = &AnnexVerdict{Tool: tool, Consistent: after.ok(v), Anchored: list(v.Anchored), Problems: []string{},
		Incomplete: list(slices.Concat(v.Incomplete, after.Unsigned)), Notices: list(v.Notices)}
	for _, p := range v.Problems {
		a.Verdict.Problems = append(a.Verdict.Problems, p.String())
	}
}

// list is never null in JSON.
func list(texts []string) []string { return append([]string{}, texts...) }

// upper writes a digest or number as CCADB does.
func upper(hex string) string { return strings.ToUpper(hex) }

// annexTime writes a time as the journal does.
func annexTime(t time.Time) string { return t.UTC().Format(event.TimeForm) }

// fieldTexts gives what people filled in, in the order of names.
func fieldTexts(fields map[string]string) []string {
	out := []string{}
	for _, f := range labelled(fields) {
		out = append(out, fmt.Sprintf("%s: %s", f.Label, f.Value))
	}
	return out
}
