// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"
	"slices"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/profiles"
)

// Made reports whether a key is made in the ceremony, or is the stand-in that a
// rehearsal makes.
func (k *Key) Made(rehearsal bool) bool { return k.Source != KeyExisting || rehearsal }

// WaiversOf gives the waivers of an artifact.
func (p *Plan) WaiversOf(artifact string) []Waiver {
	return slices.DeleteFunc(slices.Clone(p.Waivers), func(w Waiver) bool { return w.Artifact != artifact })
}

// StepOf gives the step that signs an artifact; a plan that was not linted yet
// may have none.
func (p *Plan) StepOf(artifact string) Step {
	if st := p.SigningStep(artifact); st != nil {
		return *st
	}
	return Step{}
}

// version is the schema version of plan.json.
const version = 1

// Plan is a ceremony file and all that it names, fully resolved. Its canonical
// JSON is plan.json; it depends on input bytes and the schema version only.
type Plan struct {
	Version     int         `json:"version"`
	Ceremony    Identity    `json:"ceremony"`
	Files       []File      `json:"files"`
	People      []Role      `json:"people"`
	Materials   []Material  `json:"materials"`
	Inputs      []Input     `json:"inputs"`
	Bundles     []Bundle    `json:"bundles,omitempty"`
	Keys        []Key       `json:"keys"`
	Authorities []Authority `json:"authorities"`
	Steps       []Step      `json:"steps"`
	Artifacts   []Artifact  `json:"artifacts"`
	Waivers     []Waiver    `json:"waivers"`
	Unchecked   []Unchecked `json:"accept_unchecked,omitempty"`
	Approval    string      `json:"approval"` // who has to approve the plan: ApprovalPolicy or ApprovalNone
}

// The ways a plan comes to be approved.
const (
	ApprovalPolicy = "policy" // by the people of a trust policy, whose digest comes from outside
	ApprovalNone   = "none"   // by nobody, which every page says
)

// Identity names the ceremony and the window it may happen in.
type Identity struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Window Window `json:"window"`
}

// File is a file that was read for the plan, by the path the ceremony file
// uses for it and the SHA-256 of its bytes.
type File struct {
	Path   string `json:"path"`
	Kind   string `json:"kind"` // ceremony, profile, input, status, revocations or step-template
	Name   string `json:"name"` // of the profile or input
	SHA256 string `json:"sha256"`
}

// Role is a pool of people with the number that must be present.
type Role struct {
	Role string   `json:"role"`
	Of   []string `json:"of"`
	Need int      `json:"need"`
}

// Material is a thing that is on the table.
type Material struct {
	ID     string `json:"id"`
	What   string `json:"what"`
	Token  string `json:"token,omitempty"`  // serial number comes from the site file
	Serial string `json:"serial,omitempty"` // or is known
}

// Input is an existing object that the ceremony reads.
type Input struct {
	ID     string       `json:"id"`
	Kind   string       `json:"kind"` // certificate, crl, certificate-request
	SHA256 string       `json:"sha256"`
	Bundle *BundleInput `json:"bundle,omitempty"`
}

// BundleInput tells from which earlier ceremony an input comes.
type BundleInput struct {
	Ceremony       string `json:"ceremony"`
	Artifact       string `json:"artifact"`
	ManifestSHA256 string `json:"manifest_sha256"`
	Rehearsal      bool   `json:"rehearsal"`
}

// Bundle is a bundle of an earlier ceremony that inputs come from.
type Bundle struct {
	Path           string `json:"path"` // as the ceremony file has it
	Ceremony       string `json:"ceremony"`
	ManifestSHA256 string `json:"manifest_sha256"`
	Rehearsal      bool   `json:"rehearsal"`
	Software       bool   `json:"software,omitempty"`  // its keys were in software tokens
	Abandoned      bool   `json:"abandoned,omitempty"` // people ended it before it was complete
	// Status are all CRLs and OCSP responses that its MANIFEST lists.
	Status []BundleStatus `json:"status,omitempty"`
}

// BundleStatus is a CRL or an OCSP response of an earlier bundle.
type BundleStatus struct {
	Artifact string `json:"artifact"`
	Kind     string `json:"kind"`   // crl, ocsp-response
	SHA256   string `json:"sha256"` // of its DER, as the MANIFEST lists it
	Issuer   string `json:"issuer"` // as the record of that ceremony names it
	Lost     bool   `json:"lost,omitempty"`
}

// KeySource says where a key comes from.
type KeySource string

// Sources of keys.
const (
	KeyGenerated KeySource = "generate" // made on the token in this ceremony
	KeyExisting  KeySource = "existing" // on the token already, known by its certificate
	KeyRequest   KeySource = "request"  // elsewhere, known by its certificate request
)

// Key is a key pair, or the public half of one that lives elsewhere.
type Key struct {
	ID         string        `json:"id"`
	Source     KeySource     `json:"source"`
	Algorithm  algorithm.Key `json:"algorithm"`
	Token      string        `json:"token,omitempty"`
	Class      string        `json:"class,omitempty"`
	Input      string        `json:"input,omitempty"`
	SPKISHA256 string        `json:"spki_sha256,omitempty"` // of keys that exist
}

// Authority is a name with its key and the URLs it publishes under.
type Authority struct {
	ID          string        `json:"id"`
	Key         string        `json:"key"`
	Subject     profiles.Name `json:"subject"`
	Certificate string        `json:"certificate,omitempty"` // input
	KeyID       *KeyID        `json:"key_id,omitempty"`      // where the certificate has none
	URLs        URLs          `json:"urls"`
	OCSP        string        `json:"ocsp,omitempty"`
}

// URLs are where an authority publishes.
type URLs struct {
	CRL       []string `json:"crl,omitempty"`
	CAIssuers []string `json:"ca_issuers,omitempty"`
	OCSP      []string `json:"ocsp,omitempty"`
}

// Artifact is an object the ceremony signs. References name what the
// ceremony will bring or what was read. Plan.json has the object under a name of its kind, see artifactJSON.
type Artifact struct {
	ID         string `json:"id"`
	SubjectKey Ref    `json:"subject_key,omitzero"`
	IssuerKey  Ref    `json:"issuer_key"`
	Issuer     Ref    `json:"issuer"` // itself, a certificate or an input
	Authority  string `json:"authority,omitempty"`
	Serial     Ref    `json:"serial,omitzero"`
	Existing   Ref    `json:"existing,omitzero"`    // input or certificate that is cross-certified
	Request    Ref    `json:"request,omitzero"`     // input: an external request
	Previous   Ref    `json:"previous,omitzero"`    // input or CRL
	First      bool   `json:"first,omitempty"`      // first CRL of its issuer
	Responder  Ref    `json:"responder,omitzero"`   // certificate that signs, for OCSP
	Subject    Ref    `json:"subject,omitzero"`     // certificate answered for, OCSP
	Submission string `json:"submission,omitempty"` // day on which a root is submitted to root programs
	Revokes    []Ref  `json:"revokes,omitempty"`    // certificates newly revoked, CRL
	Online     []Ref  `json:"online,omitempty"`     // of those, whose status is answered online, CRL

	RevokedFrom *RevokedFrom `json:"revoked_from,omitempty"` // a file that lists what is revoked, CRL

	Object profiles.Object `json:"-"`
}

// Waiver is a decision to accept one finding on one artifact.
type Waiver struct {
	Rule     string    `json:"rule"`
	Artifact string    `json:"artifact"`
	Reason   string    `json:"reason"`
	Citation string    `json:"citation"`
	Approver string    `json:"approver"`
	Expires  time.Time `json:"expires"`
}

// Unchecked is a decision to accept that one rule is not checked on one artifact,
// because what it would need is lost: on the day of a compromise perhaps the
// latest CRL.
type Unchecked struct {
	Rule     string `json:"rule"`
	Artifact string `json:"artifact"`
	Lacks    string `json:"lacks"`
	Reason   string `json:"reason"`
	Approver string `json:"approver"`
}

// UncheckedOf gives what is accepted unchecked of an artifact.
func (p *Plan) UncheckedOf(artifact string) []Unchecked {
	return slices.DeleteFunc(slices.Clone(p.Unchecked), func(u Unchecked) bool { return u.Artifact != artifact })
}

// Canonical gives the RFC 8785 bytes of plan.json, of a plan that is whole.
func (p *Plan) Canonical() ([]byte, error) {
	if err := p.CheckComplete(); err != nil {
		return nil, err
	}
	raw, err := CanonicalJSON(p)
	if err != nil {
		return nil, fmt.Errorf("writing plan: %w", err)
	}
	return raw, nil
}

// Key gives the key with an id, or nil.
func (p *Plan) Key(id string) *Key { return Find(p.Keys, func(k *Key) bool { return k.ID == id }) }

// Input gives the input with an id, or nil.
func (p *Plan) Input(id string) *Input {
	return Find(p.Inputs, func(i *Input) bool { return i.ID == id })
}

// Authority gives the authority with an id, or nil.
func (p *Plan) Authority(id string) *Authority {
	return Find(p.Authorities, func(a *Authority) bool { return a.ID == id })
}

// Artifact gives the artifact with an id, or nil.
func (p *Plan) Artifact(id string) *Artifact {
	return Find(p.Artifacts, func(a *Artifact) bool { return a.ID == id })
}

// Step gives the step with an id, or nil.
func (p *Plan) Step(id string) *Step {
	return Find(p.Steps, func(s *Step) bool { return s.ID == id })
}

// Numbered gives the steps without the sections.
func (p *Plan) Numbered() []Step {
	return slices.DeleteFunc(slices.Clone(p.Steps), func(s Step) bool { return s.Kind == StepSection })
}

// SigningStep gives the step that signs an artifact.
func (p *Plan) SigningStep(artifact string) *Step {
	return Find(p.Steps, func(s *Step) bool { return s.Artifact == artifact })
}

// Find gives the first element that fits, or nil.
func Find[T any](list []T, fits func(*T) bool) *T {
	for i := range list {
		if fits(&list[i]) {
			return &list[i]
		}
	}
	return nil
}

// GeneratingStep names the step that makes a key.
func (p *Plan) GeneratingStep(k *Key) string {
	for _, st := range p.Steps {
		if st.Kind == StepGenerate && slices.Contains(st.Keys, k.ID) {
			return st.ID
		}
	}
	return ""
}
