// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/source"
)

// Declared says how a person knows of a ceremony. Who was there throughout signs the
// manifest, as [ManifestDeclaration]; all others say it in an attestation, which counts
// toward no threshold.
type Declared string

// What people declare in an attestation.
const (
	DeclaredPart      Declared = "part"      // present for some steps
	DeclaredRecording Declared = "recording" // watched the recording, not present
	DeclaredApproved  Declared = "approved"  // approved the plan, was absent
	DeclaredReceived  Declared = "received"  // received the bundle and verified it
)

// DeclaredNames lists what can be declared, with what a signature on the manifest says
// first.
func DeclaredNames() []string {
	return []string{"present", string(DeclaredPart), string(DeclaredRecording), string(DeclaredApproved), string(DeclaredReceived)}
}

// Declaration is how the person who signs an attestation knows of the ceremony.
type Declaration struct {
	What       Declared `json:"what"`
	From       string   `json:"from,omitempty"`       // first step, of DeclaredPart
	To         string   `json:"to,omitempty"`         // last step, of DeclaredPart
	Recordings []string `json:"recordings,omitempty"` // SHA-256 of each file that was watched, of DeclaredRecording
}

// declarationAt reads a declaration.
func declarationAt(n source.Node) *Declaration {
	if !n.Present() {
		return nil
	}
	m := n.Map()
	defer m.Close()
	d := &Declaration{What: Declared(m.Need("what").Enum("declaration", DeclaredNames()[1:]...))}
	if from := m.Opt("from"); from.Present() {
		d.From = line(from)
	}
	if to := m.Opt("to"); to.Present() {
		d.To = line(to)
	}
	for _, r := range m.Opt("recordings").List() {
		d.Recordings = append(d.Recordings, digestAt(r))
	}
	if (d.What == DeclaredPart) != (d.From != "" && d.To != "") {
		n.Fail("from and to: the first and the last step, required for part, and only there")
	}
	if (d.What == DeclaredRecording) != (len(d.Recordings) > 0) {
		n.Fail("recordings: at least one SHA-256, required for recording, and only there")
	}
	return d
}

// Says is what a person declares, to be read before signing.
func (d *Declaration) Says() string {
	switch d.What {
	case DeclaredPart:
		return fmt.Sprintf("I was present from step %s to step %s, except for absences in the journal; in these steps the script was followed "+
			"except for exceptions in the journal; to my knowledge the record of them is true", d.From, d.To)
	case DeclaredRecording:
		return "I was not present; I watched the recording with SHA-256 " + strings.Join(d.Recordings, " and ") + "; to my knowledge this record agrees with it"
	case DeclaredApproved:
		return "I approved the plan and was absent from the ceremony"
	case DeclaredReceived:
		return "I received the bundle and verified it; of the ceremony itself I know nothing"
	}
	return ""
}

// watches reports whether a person has the role of an auditor or of a witness: at least
// one of them vouches for a paper.
func (p *Policy) watches(person string) bool {
	return slices.ContainsFunc(p.rolesOf(person), func(role string) bool {
		return isAuditor(role) || hasWord(role, "witness", "witnesses")
	})
}
