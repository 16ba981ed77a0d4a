// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"encoding/hex"
	"fmt"

	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/templates"
	"rootceremony/transcripts"
)

// proofSignature is what a key of each kind signs its proof with.
var proofSignature = map[profiles.KeyAlgorithm]profiles.SignatureAlgorithm{
	profiles.RSA2048: profiles.SHA256RSA, profiles.RSA3072: profiles.SHA256RSA, profiles.RSA4096: profiles.SHA256RSA,
	profiles.ECDSAP256: profiles.ECDSASHA256, profiles.ECDSAP384: profiles.ECDSASHA384, profiles.ECDSAP521: profiles.ECDSASHA512,
}

// trustworthy refuses a key that was just made and that anyone can compute, or
// that no certificate may have, before it signs anything: a proof of it would be a
// signature by everybody.
func (r *runner) trustworthy(k *Key) error {
	var bad []lint.Finding
	for _, f := range r.linter.Key(k.ID, r.w.keys[k.ID]) {
		if f.Status == lint.Error || f.Status == lint.Fatal {
			bad = append(bad, f)
		}
	}
	if len(bad) == 0 {
		return nil
	}
	return fmt.Errorf("key %s was made on token %s and signs nothing; do not trust keys of this token before its maker has explained that: %w",
		k.ID, k.Token, blocked("the key", &lint.Report{Findings: bad}))
}

// keyProof is the request a new key signs to show that it works: its subject
// says what it is, so that nobody can take it for a request for a certificate.
func keyProof(ceremony string, k *Key) *profiles.Request {
	cn := profiles.Attribute{Type: "common-name", OID: "2.5.4.3", String: profiles.UTF8String, Value: "Key proof " + k.ID}
	o := profiles.Attribute{Type: "organization", OID: "2.5.4.10", String: profiles.UTF8String, Value: "Ceremony " + ceremony}
	return &profiles.Request{
		Artifact: k.ID + "-proof", Profile: "key-proof", Signature: proofSignature[k.Algorithm],
		Subject: profiles.Name{Attributes: []profiles.Attribute{o, cn}},
		Purpose: profiles.Purpose{Intent: profiles.Private, Rules: []string{"rfc5280"}},
	}
}

// proofArtifact wraps the proof of a key so that it is built, cleared and
// checked like everything else that a key of the ceremony signs.
func proofArtifact(ceremony string, k *Key) *Artifact {
	return &Artifact{ID: k.ID + "-proof", SubjectKey: "key:" + k.ID + ".spki", IssuerKey: "key:" + k.ID, Issuer: "self",
		CertRequest: keyProof(ceremony, k)}
}

// proofPurpose begins the purpose of a signature that proves a key; the key's id
// follows.
const proofPurpose = "proof of key "

// proveBySigning has a key that a fresh process found sign its proof.
func (r *runner) proveBySigning(k *Key) error {
	a := proofArtifact(r.p.Plan.Ceremony.ID, k)
	signing := r.signingTime()
	tbs, obj, err := r.w.tbs(a, signing)
	if err != nil {
		return err
	}
	clearance, report := r.linter.Clear(obj, r.w.context(a, signing, false), tbs)
	if clearance == nil {
		return blocked(a.ID, &report)
	}
	tbs, err = clearance.Use()
	if err != nil {
		return err
	}
	intent := transcripts.OperationIntended{Purpose: proofPurpose + k.ID, Moment: stamp(signing)}
	signature, err := r.signBytes(k, a.signature(), tbs, intent)
	if err != nil {
		return err
	}
	der, err := r.w.assemble(a, tbs, signature)
	if err != nil {
		return err
	}
	if report := r.linter.Issued(obj, r.w.context(a, signing, false), der, tbs); len(report.Blocking()) > 0 {
		return blocked(a.ID, &report)
	}
	r.say("      key %s is there and signs", k.ID)
	return r.keyProved(k, "request", r.ops)
}

func (r *runner) keyProved(k *Key, how string, op int) error {
	h := r.handles[k.ID]
	e := transcripts.KeyProved{Key: k.ID, Token: k.Token, ID: hex.EncodeToString(h.ID), SPKISHA256: sha256Hex(h.SPKI), How: how,
		Operation: op, Fresh: r.tokens[k.Token].Info().FreshProcess}
	return r.note(e, transcripts.Observed)
}

// standIn takes the place of an existing key in a rehearsal: a new key, and a
// certificate like the real one but for its marked subject and its key.
func (r *runner) standIn(st Step, k *Key) error {
	r.say("%4s  A stand-in for key %s is generated on token %s", st.ID, k.ID, k.Token)
	if err := r.generate(k); err != nil {
		return err
	}
	real := r.p.inputs[k.Input].cert
	tbs, err := standInTBS(real, k, r.w.keys[k.ID])
	if err != nil {
		return err
	}
	intent := transcripts.OperationIntended{Purpose: "stand-in of " + k.Input}
	signature, err := r.signBytes(k, proofSignature[k.Algorithm], tbs, intent)
	if err != nil {
		return err
	}
	der, err := templates.Assemble(tbs, proofSignature[k.Algorithm], signature)
	if err != nil {
		return err
	}
	cert, err := inspect.ParseCertificate(der)
	if err != nil {
		return err
	}
	r.w.standIns[k.Input] = cert
	_, err = r.j.WriteFile(standInPath(k.Input), "stand-in", transcripts.PEM(transcripts.KindCertificate, der, true), r.step)
	return err
}

// standInPath is where the stand-in of an input lies in a bundle: it is
// evidence, not an artifact.
func standInPath(input string) string {
	return "evidence/" + rehearsalMark + "-stand-in-" + input + ".pem"
}

// standInTBS builds the stand-in of a certificate: like the real one but for
// its marked subject and its key.
func standInTBS(real *inspect.Certificate, k *Key, spki []byte) ([]byte, error) {
	name, err := profiles.Mark(profiles.Name{DER: real.RawSubject})
	if err != nil {
		return nil, fmt.Errorf("marking the stand-in of %s: %w", k.Input, err)
	}
	tbs, err := templates.StandIn(real.RawTBS, name.DER, spki, proofSignature[k.Algorithm])
	if err != nil {
		return nil, fmt.Errorf("building the stand-in of %s: %w", k.Input, err)
	}
	return tbs, nil
}
