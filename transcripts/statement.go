// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import "rootceremony/transcripts/event"

// The types of transcript.json.
const (
	statementType = "https://in-toto.io/Statement/v1"
	predicateType = "urn:x-rootceremony:transcript:v1"
	payloadType   = "application/vnd.in-toto+json"
)

// statement is transcript.json: an in-toto Statement v1 whose subjects are the
// files of all artifacts.
type statement struct {
	Type          string             `json:"_type"`
	Subject       []statementSubject `json:"subject"`
	PredicateType string             `json:"predicateType"`
	Predicate     predicate          `json:"predicate"`
}

// statementSubject is one file of an artifact.
type statementSubject struct {
	Name   string `json:"name"` // its path
	Digest struct {
		SHA256 string `json:"sha256"`
		SHA512 string `json:"sha512"`
	} `json:"digest"`
}

// predicate is what the ceremony states about the subjects.
type predicate struct {
	Ceremony   predicateCeremony    `json:"ceremony"`
	Sessions   []predicateSession   `json:"sessions"`
	Clock      []predicateClock     `json:"clock"`
	People     []predicatePerson    `json:"people"`
	Plan       []event.FileLoaded   `json:"plan"` // all files the ceremony read
	Amendments []event.PlanAmended  `json:"amendments,omitempty"`
	Sites      []event.SiteChanged  `json:"site_changes,omitempty"`
	Tokens     []event.TokenOpened  `json:"tokens"`
	Keys       []predicateKey       `json:"keys"`
	Artifacts  []predicateArtifact  `json:"artifacts"`
	Signatures []predicateSignature `json:"signatures"` // that were made, or may have been
	Operations map[string]int       `json:"operations"` // finished, by what they do
	Failed     int                  `json:"failed_operations"`
	Deviations []predicateDeviated  `json:"deviations"`
	Steps      map[string]int       `json:"steps"` // number by outcome
	Journal    predicateJournal     `json:"journal"`
	Renderer   predicateRenderer    `json:"renderer"`
}

// predicateCeremony is which ceremony it was.
type predicateCeremony struct {
	ID             string     `json:"id"`
	Title          string     `json:"title"`
	Mode           event.Mode `json:"mode"`
	Outcome        string     `json:"outcome"`
	SoftwareTokens bool       `json:"software_tokens"`
	Unattended     bool       `json:"unattended"`
	Opened         string     `json:"opened"`
	Ended          string     `json:"ended"`
	PlanSHA256     string     `json:"plan_sha256"`
	SiteSHA256     string     `json:"site_sha256,omitempty"`
}

// predicateSession is one run of the program.
type predicateSession struct {
	Session int         `json:"session"`
	Started string      `json:"started"`
	SealKey string      `json:"seal_key"`
	Tool    event.Tool  `json:"tool"`
	Host    *event.Host `json:"host,omitempty"`
}

// predicateClock is one attestation of the ceremony clock.
type predicateClock struct {
	event.ClockAttested
	By []string `json:"by"`
}

// predicatePerson is who was there.
type predicatePerson struct {
	Person  string   `json:"person"`
	Roles   []string `json:"roles"`
	Arrived string   `json:"arrived"`
	Left    []string `json:"left,omitempty"`
}

// predicateKey is a key pair that was made, used or destroyed.
type predicateKey struct {
	Label      string            `json:"label"`
	Token      string            `json:"token"`
	ID         string            `json:"id"`
	Algorithm  string            `json:"algorithm,omitempty"`
	SPKI       string            `json:"spki"`
	SPKISHA256 string            `json:"spki_sha256"`
	Generated  bool              `json:"generated"` // in this ceremony; else found
	Destroyed  bool              `json:"destroyed,omitempty"`
	Parked     bool              `json:"parked,omitempty"` // made by an attempt that was repeated
	Signatures int               `json:"signatures"`       // that this ceremony made with it
	Reported   []event.Attribute `json:"reported,omitempty"`
	Proved     []event.KeyProved `json:"proved,omitempty"`
}

// predicateArtifact is one artifact.
type predicateArtifact struct {
	Artifact  string             `json:"artifact"`
	Attempt   int                `json:"attempt,omitempty"` // from 2
	Kind      string             `json:"kind"`
	Withheld  string             `json:"withheld,omitempty"`
	Possible  bool               `json:"possibly_issued,omitempty"` // outcome of C_Sign unknown, a signature may exist
	Files     []string           `json:"files"`
	Summary   *event.Summary     `json:"summary,omitempty"`
	SignedBy  string             `json:"signed_by,omitempty"` // SPKI digest
	TBSSHA256 string             `json:"tbs_sha256,omitempty"`
	Serial    *event.SerialDrawn `json:"serial,omitempty"`
	Confirmed []string           `json:"confirmed_by,omitempty"`
	Lint      []objectLint       `json:"lint,omitempty"`
	Checks    []event.Check      `json:"checks,omitempty"`
}

// predicateSignature is one signature that was made, or may have been: it counts as
// issued.
type predicateSignature struct {
	Operation int            `json:"operation"`
	Line      int            `json:"line"` // of the result; of the intent where there is none
	Time      string         `json:"t"`
	Step      string         `json:"step"`
	Artifact  string         `json:"artifact,omitempty"`
	Attempt   int            `json:"attempt,omitempty"` // from 2
	Purpose   string         `json:"purpose,omitempty"`
	For       string         `json:"for,omitempty"`
	SignedBy  string         `json:"signed_by"` // SPKI digest
	TBSSHA256 string         `json:"tbs_sha256"`
	Standing  string         `json:"standing"`
	Owner     string         `json:"owner,omitempty"`
	Lacks     string         `json:"lacks,omitempty"` // why nobody owns it
	Due       []predicateDue `json:"due,omitempty"`
}

// predicateDue is what somebody has to do because of a signature.
type predicateDue struct {
	What     string `json:"what"`
	Of       string `json:"of"` // serial number, or SPKI digest
	Citation string `json:"citation"`
	Since    string `json:"since"`
	Until    string `json:"until,omitempty"`
	Met      int    `json:"met_in_line,omitempty"`
}

// objectLint is the result of one stage of linting.
type objectLint struct {
	Stage    string            `json:"stage"`
	Clear    bool              `json:"clear"`
	Engines  map[string]string `json:"engines,omitempty"`
	Counts   map[string]int    `json:"counts,omitempty"`
	Findings []event.Finding   `json:"findings,omitempty"`
	SHA256   string            `json:"sha256,omitempty"` // of the file with all results
}

// predicateDeviated is one departure from the plan.
type predicateDeviated struct {
	event.DeviationRecorded
	Step string `json:"step,omitempty"`
	Time string `json:"t"`
}

// predicateJournal is the head of the journal.
type predicateJournal struct {
	Size       int    `json:"size"`
	Root       string `json:"root"` // base64, RFC 6962
	HeadSHA256 string `json:"head_sha256"`
	SHA256     string `json:"sha256"` // of the file
}

// predicateRenderer is what derived the statement and the report.
type predicateRenderer struct {
	Version        int    `json:"version"`
	TemplateSHA256 string `json:"template_sha256"`
}
