// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import "fmt"

// Mode says whether a ceremony is the real thing.
type Mode string

// The modes of a ceremony.
const (
	Run       Mode = "run"
	Rehearsal Mode = "rehearsal"
)

// CeremonyOpened is the first event of every journal.
type CeremonyOpened struct {
	Ceremony       string `json:"ceremony"` // its id: letters, digits, dots, hyphens and underscores
	Title          string `json:"title"`
	Mode           Mode   `json:"mode"`
	PlanSHA256     string `json:"plan_sha256"`           // of plan/plan.json
	SiteSHA256     string `json:"site_sha256,omitempty"` // of plan/site.json
	SoftwareTokens bool   `json:"software_tokens"`       // keys are protected by no hardware
	Unapproved     bool   `json:"unapproved,omitempty"`  // the ceremony file asks for no approval
	Unattended     bool   `json:"unattended,omitempty"`  // a rehearsal whose answers are simulated
}

// CeremonyStopped says that people, or an error, paused the ceremony.
type CeremonyStopped struct {
	Reason string `json:"reason"`
	Pause  bool   `json:"pause,omitempty"` // people put it off, with the tokens closed and the head on paper
}

// CeremonyClosed is the last event but SessionEnded. It counts what the
// journal holds.
type CeremonyClosed struct {
	Outcome    string         `json:"outcome"`    // OutcomeComplete or OutcomeAbandoned
	Operations map[string]int `json:"operations"` // finished ones: the constants What*
	Failed     int            `json:"failed"`     // operations that failed
	Deviations int            `json:"deviations"`
	Renderer   int            `json:"renderer"` // version of what derives transcript, report and README
}

// The ways a ceremony ends.
const (
	OutcomeComplete  = "complete"
	OutcomeAbandoned = "abandoned"
)

// SessionStarted is the first event of a session, in the first session the
// one after CeremonyOpened.
type SessionStarted struct {
	Session int    `json:"session"`
	SealKey string `json:"seal_key"` // the vkey of a C2SP signed note
	Tool    Tool   `json:"tool"`
	Host    *Host  `json:"host,omitempty"`
}

// Tool is this program, as it knows itself. A digest that a program states of
// itself proves nothing: it is there to be compared with one taken elsewhere.
type Tool struct {
	Version     string            `json:"version"`
	Go          string            `json:"go"`
	SHA256      string            `json:"sha256,omitempty"`
	VCSRevision string            `json:"vcs_revision,omitempty"`
	Settings    map[string]string `json:"settings,omitempty"`
	Linters     map[string]string `json:"linters,omitempty"` // name: version
}

// Host is the machine the session ran on.
type Host struct {
	Name   string `json:"name,omitempty"`
	OS     string `json:"os,omitempty"`
	Arch   string `json:"arch,omitempty"`
	Kernel string `json:"kernel,omitempty"`
	BootID string `json:"boot_id,omitempty"`
	Root   bool   `json:"root,omitempty"` // the program runs as root, and PKCS#11 modules with it
}

// SessionEnded says that the process was about to end by itself.
type SessionEnded struct{}

// PlanApproval says who approved the plan and what it needs, as it was judged
// before the bundle was begun, or before an amendment held.
type PlanApproval struct {
	Class        string     `json:"class"`                   // ApprovedBySignatures, ApprovedOnPaper or ApprovedByNobody
	PolicySHA256 string     `json:"policy_sha256,omitempty"` // of trust/policy.json
	Approvals    []Approval `json:"approvals,omitempty"`
	Notices      []string   `json:"notices,omitempty"` // what did not count, and why
}

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

// The classes of approval.
const (
	ApprovedBySignatures = "signatures"
	ApprovedOnPaper      = "paper" // at least in part
	ApprovedByNobody     = "none"
	ApprovedByException  = "exception" // of an amendment: by the people in the room, in the deviation before it
)

// PlanAmended says that from here on another plan holds. What was done before
// is the same in both; both stay in the bundle, the new one in [AmendmentFolder].
type PlanAmended struct {
	Number     int      `json:"number"` // from 1
	PlanSHA256 string   `json:"plan_sha256"`
	Before     string   `json:"before_sha256"` // of the plan.json that held until now
	Difference []string `json:"difference"`    // as people read it before they decided
}

// JournalRecovered says what an interruption had left when the session began.
type JournalRecovered struct {
	Lines     int      `json:"lines"`                // of the journal, before this session
	TornBytes int64    `json:"torn_bytes,omitempty"` // of a line that was not written to its end
	TornFile  string   `json:"torn_file,omitempty"`  // where they are kept
	Removed   []string `json:"removed"`              // files that follow from the journal and are made again
}

// PreflightChecked is one check of the host.
type PreflightChecked struct {
	ID       string `json:"id"`
	Level    string `json:"level"`  // require, warn or record
	Result   string `json:"result"` // pass, fail or unknown
	Observed string `json:"observed,omitempty"`
}

// ClockAttested sets the ceremony clock: what the people in By read on the
// references of the room, and what the host's clock said then.
type ClockAttested struct {
	Room          string   `json:"room"` // RFC 3339, UTC
	Host          string   `json:"host"` // RFC 3339, UTC
	OffsetSeconds int64    `json:"offset_seconds"`
	References    []string `json:"references"`
}

// DigestRead says that a digest was shown as words and read aloud, and that the
// people in By compared it with paper, or wrote it down.
type DigestRead struct {
	What     string `json:"what"`               // plan, site, tool, seal-key, head, manifest or artifact
	Artifact string `json:"artifact,omitempty"` // its id
	SHA256   string `json:"sha256"`             // of a head: the root of the tree
	Words    string `json:"words,omitempty"`    // separated by spaces; of a head the first sixteen
	Size     int    `json:"size,omitempty"`     // of a head: how many lines it covers
	// Compared: the value stood on paper before, in the script or from an earlier
	// session. What did not was written down.
	Compared bool `json:"compared,omitempty"`
}

// What a [DigestRead] is of: at the beginning, of the journal, and of what was made.
const (
	WhatPlan     = "plan"
	WhatSite     = "site"
	WhatSeal     = "seal-key"
	WhatHead     = "head"
	WhatArtifact = "artifact"
)

// AmendmentFolder is where the plan of an amendment stands, with all that it
// was made from.
func AmendmentFolder(number int) string { return fmt.Sprintf("plan/amendment-%d", number) }

// FileLoaded is a file that the ceremony read. Unless External, a copy with
// this digest is in the bundle, under Path.
type FileLoaded struct {
	Path     string `json:"path"`
	Kind     string `json:"kind"` // ceremony, profile, plan, site, input, …
	SHA256   string `json:"sha256"`
	External bool   `json:"external,omitempty"`
}

// FileWritten is a file of the evidence: a stand-in of a rehearsal, a line that
// was torn off the journal, or a file that no event accounted for.
type FileWritten struct {
	Path   string `json:"path"`
	Kind   string `json:"kind"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	From   string `json:"from,omitempty"` // where a file stood that no event accounted for
}

// ParticipantArrived puts a person in the room.
type ParticipantArrived struct {
	Person string `json:"person"`
	Role   string `json:"role"`
}

// ParticipantLeft says that a person left the room for good.
type ParticipantLeft struct {
	Person string `json:"person"`
}

// StepStarted begins the step of the record.
type StepStarted struct {
	Title   string `json:"title"`
	Kind    string `json:"kind,omitempty"`    // do, generate, sign, …
	Attempt int    `json:"attempt,omitempty"` // from 2, when people decided to do it again
}

// StepRecorded holds what people filled in.
type StepRecorded struct {
	Fields map[string]string `json:"fields"`
}

// StepFinished ends the step of the record.
type StepFinished struct {
	Outcome string `json:"outcome"` // one of the constants Step*
}

// The ways a step ends.
const (
	StepDone    = "done"
	StepSkipped = "skipped"
	StepFailed  = "failed"
	StepStopped = "stopped" // people stopped the ceremony or put it off
)

// StepRedone says that a step is done again because an attempt failed: people
// decided it in the deviation before, and what the attempt left stays listed.
type StepRedone struct {
	Step     string   `json:"step"`
	Attempt  int      `json:"attempt"`            // the one that follows, from 2
	Earlier  string   `json:"earlier"`            // what becomes of the earlier one
	Keys     []string `json:"keys,omitempty"`     // that it made: SHA-256 of their public keys
	Artifact string   `json:"artifact,omitempty"` // that it signed, and that is withheld
}

// What becomes of the attempt before.
const (
	EarlierParked    = "parked"    // its keys stay on the token, unused
	EarlierDestroyed = "destroyed" // its keys were destroyed
	EarlierVoid      = "void"      // it made no key; a certificate it signed is issued and withheld
)

// DeviationRecorded is a departure from the plan.
type DeviationRecorded struct {
	Expected  string   `json:"expected"`
	Happened  string   `json:"happened"`
	Decision  string   `json:"decision,omitempty"`
	DecidedBy []string `json:"decided_by"`

	// KeySHA256 is that of the public key of a key that is used although it
	// departs from what was asked for, in the ways that Departures lists.
	KeySHA256  string   `json:"key_spki_sha256,omitempty"`
	Departures []string `json:"departures,omitempty"`

	// Exception says which law of the record the deviation makes an exception of:
	// one of the constants Exception*. Nothing reads what people wrote.
	Exception string `json:"exception,omitempty"`
	Amendment int    `json:"amendment,omitempty"` // of ExceptionUnapproved
	Token     string `json:"token,omitempty"`     // of ExceptionNotClosed
}

// The laws that a deviation can make an exception of. The record is invalid where
// one is broken and no deviation before says so.
const (
	// ExceptionAsRoot: hardware is used although the program runs as root, and
	// nothing keeps a module of root from its terminal and its memory.
	ExceptionAsRoot     = "as-root"
	ExceptionUnapproved = "unapproved-amendment" // an amendment holds that is not approved as the policy demands
	ExceptionNotClosed  = "token-not-closed"     // the module failed when it was to close a token
)

// NoteAdded is free text of the people in By.
type NoteAdded struct {
	Text string `json:"text"`
}

// CheckpointSealed says that the first Size lines were sealed.
type CheckpointSealed struct {
	Size int    `json:"size"`
	Root string `json:"root"` // base64, as in the checkpoint
	File string `json:"file"`
}

// LeftOverFolder is where files are moved that no event accounts for, below a
// folder for each time that some were found.
const LeftOverFolder = "evidence/left-over"

// The kinds of files that FileWritten is about.
const (
	KindLeftOver = "left-over"
	KindTornLine = "torn-line"
)
