// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"fmt"

	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/profiles/value"
	"rootceremony/templates"
)

// keyProof is the request that a key signs to show that it works, and that it is the one
// that was made or looked for: its subject says what it is, so that nobody can take it
// for a request for a certificate.
func keyProof(ceremony string, k *Key) *profiles.Request {
	cn := profiles.Attribute{Type: "common-name", OID: "2.5.4.3", String: profiles.UTF8String, Value: "Key proof " + k.ID}
	o := profiles.Attribute{Type: "organization", OID: "2.5.4.10", String: profiles.UTF8String, Value: "Ceremony " + ceremony}
	return &profiles.Request{
		Artifact: k.ID + "-proof", Profile: "key-proof", Signature: k.Algorithm.DefaultSignature(),
		Subject: profiles.Name{Attributes: []profiles.Attribute{o, cn}},
		Purpose: profiles.Purpose{Intent: profiles.Private, Rules: []string{"rfc5280"}},
	}
}

// ProofArtifact wraps the proof of a key so that it is built, cleared and
// checked like everything else that a key of the ceremony signs.
func ProofArtifact(ceremony string, k *Key) *Artifact {
	return &Artifact{ID: k.ID + "-proof", SubjectKey: KeyRef(k.ID).SPKI(), IssuerKey: KeyRef(k.ID), Issuer: Self(),
		Object: keyProof(ceremony, k)}
}

// proofs checks what keys sign to show that they work, at the ends of the window,
// and what replaces existing ones in a rehearsal: the room must not find out when
// the key is there.
func (p *Preview) proofs(keys map[string][]byte) {
	for i := range p.Plan.Keys {
		k := &p.Plan.Keys[i]
		var err error
		hint := ""
		switch k.Source {
		case KeyGenerated:
			err, hint = p.proof(k, keys), hintProof
		case KeyExisting:
			if _, err = StandInTBS(p.Inputs[k.Input].Cert(), k, keys[k.ID]); err == nil {
				err, hint = p.proof(k, keys), hintProof
			}
		}
		if err != nil {
			n := p.keyNodes[k.ID]
			p.Problems = append(p.Problems, &source.Error{Pos: n.Pos(), Path: n.Path(), Msg: fmt.Sprintf("key %s would not be of use: %v", k.ID, err), Hint: hint})
		}
	}
}

const hintProof = "the ids of the ceremony and of the key are in the request that the key signs as proof: shorten them"

// proof checks the proof of one key.
func (p *Preview) proof(k *Key, keys map[string][]byte) error {
	var reports []lint.Report
	for _, at := range p.Plan.Ceremony.Window.ends() {
		w := NewBuilder(p.Loaded, false)
		w.Keys = keys
		report, err := w.proofSpecimen(k, at)
		if err != nil {
			return err
		}
		reports = mergeReports(reports, []lint.Report{report})
	}
	p.Proofs = append(p.Proofs, reports...)
	n := p.keyNodes[k.ID]
	for _, f := range groupFindings(reports[0].Blocking()) {
		f.Place = lint.Place{Doc: p.Doc, Pos: n.Pos(), Path: n.Path()}
		p.Problems = append(p.Problems, f.problem())
	}
	return nil
}

// StandInPath is where the stand-in of an input lies in a bundle: it is
// evidence, not an artifact.
func StandInPath(input string) string {
	return "evidence/" + RehearsalMark + "-stand-in-" + input + ".pem"
}

// StandInTBS builds the stand-in of a certificate: like the real one but for
// its marked subject and its key.
func StandInTBS(real *inspect.Certificate, k *Key, spki []byte) ([]byte, error) {
	name, err := value.Mark(profiles.Name{DER: real.RawSubject})
	if err != nil {
		return nil, fmt.Errorf("marking the stand-in of %s: %w", k.Input, err)
	}
	tbs, err := templates.StandIn(real.RawTBS, name.DER, spki, k.Algorithm.DefaultSignature())
	if err != nil {
		return nil, fmt.Errorf("building the stand-in of %s: %w", k.Input, err)
	}
	return tbs, nil
}
