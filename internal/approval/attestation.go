// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"rootceremony/internal/source"
)

// attestationType is the type that an attestation names itself by.
const attestationType = "ceremony/attestation/v1"

// Attestation is a statement about a ceremony in the signer's own words. It
// counts toward no threshold.
type Attestation struct {
	Manifest string // SHA-256 of the manifest it is about
	Disagree bool
	Text     string
	// Declaration is how the signer knows of the ceremony; nil where nothing says it.
	Declaration *Declaration
}

// maxStatement bounds the text of an attestation.
const maxStatement = 64 << 10

// ParseAttestation reads an attestation, which has one spelling: what a reader with
// another program sees is all that was signed. All problems are returned at once, as
// [source.Errors] with the name of the file.
func ParseAttestation(name string, data []byte) (Attestation, error) {
	var a Attestation
	err := readDocument(name, data, attestationType, func(o *source.Map) {
		a.Manifest = digestAt(o.Need("manifest_sha256"))
		a.Disagree = o.Need("verdict").Enum("verdict", "agree", "disagree") == "disagree"
		a.Declaration = declarationAt(o.Opt("declaration"))
		text := o.Need("text")
		if a.Disagree || !text.IsEmpty() {
			a.Text = text.Prose() // a dissent needs a reason
		}
		if len(a.Text) > maxStatement {
			text.Fail("it has %d bytes, at most %d are allowed", len(a.Text), maxStatement)
		}
	})
	if err != nil {
		return Attestation{}, err
	}
	if again, err := a.spelled(); err != nil || !bytes.Equal(again, data) {
		return Attestation{}, errSpelling
	}
	return a, nil
}

var errSpelling = errors.New("it is not spelled as this program writes a statement")

// NewAttestation writes an attestation.
func NewAttestation(a Attestation) ([]byte, error) {
	a.Text = strings.TrimRight(a.Text, "\n ")
	data, err := a.spelled()
	if err != nil {
		return nil, err
	}
	_, err = ParseAttestation("", data)
	return data, err
}

// spelled is an attestation as `jq .` prints it: in lines, because people read it before
// they sign.
func (a Attestation) spelled() ([]byte, error) {
	verdict := "agree"
	if a.Disagree {
		verdict = "disagree"
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(struct {
		Type     string `json:"type"`
		Manifest string `json:"manifest_sha256"`
		Verdict  string `json:"verdict"`
		Text     string `json:"text"`

		Declaration *Declaration `json:"declaration,omitempty"`
	}{attestationType, a.Manifest, verdict, a.Text, a.Declaration})
	if err != nil {
		return nil, fmt.Errorf("writing attestation: %w", err)
	}
	return out.Bytes(), nil
}

// Statement is an attestation with who signed it.
type Statement struct {
	Attestation
	Name    string     // of the file
	Signed  []Approval // good signatures; Roles are all the signer holds
	Refused []Refusal  // signatures that are not
	Notices []string   // worth knowing, not wrong
	// Problem says why the statement does not count: not readable, about
	// another manifest, or not signed. It is still shown.
	Problem string
}

// Dissent reports whether the statement disagrees, also when it is not signed:
// a reader should know that it exists.
func (s Statement) Dissent() bool { return s.Disagree }

// StatementCase is an attestation that is to be checked.
type StatementCase struct {
	Name           string
	Data           []byte
	Signatures     []Signature
	ManifestSHA256 string // of the bundle
	Revocations    *Revocations
	At             time.Time
}

// EvaluateStatement says who signed an attestation.
func EvaluateStatement(policy *Policy, c StatementCase) Statement {
	s := Statement{Name: c.Name, Signed: []Approval{}, Refused: []Refusal{}}
	a, err := ParseAttestation("", c.Data)
	if err != nil {
		s.Problem = "it cannot be read: " + oneLine(err)
		return s
	}
	s.Attestation = a
	// Checked apart from the rule for reviews: every person of the policy may
	// make one.
	free := *policy
	free.Rules = nil
	v := Evaluate(&free, Case{Object: c.Data, Namespace: Review, Signatures: c.Signatures, Revocations: c.Revocations, At: c.At})
	s.Signed, s.Refused, s.Notices = v.Signed, v.Refused, v.Notices
	for i := range s.Signed {
		s.Signed[i].Roles = policy.rolesOf(s.Signed[i].Person)
	}
	switch {
	case a.Manifest != c.ManifestSHA256:
		s.Problem = "it is about another manifest"
	case len(v.Problems) > 0:
		s.Problem = strings.Join(v.Problems, "; ")
	case len(v.failures()) > 0:
		s.Problem = v.failures()[0].Name + ": " + v.failures()[0].Why
	case len(s.Signed) == 0:
		s.Problem = "no person of the policy has signed it"
	}
	return s
}
