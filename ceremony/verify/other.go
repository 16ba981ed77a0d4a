// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package verify

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/templates"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// rebuildOther rebuilds a signed object that is not a planned artifact: the proof of a
// key, or the stand-in of a rehearsal. Of a call that gave no signature it rebuilds the
// bytes: what a key was to sign follows from the plan, whatever became of it.
func (re *Verifier) rebuildOther(o *history.Operation) {
	in, where := o.Intended.Event, line(o.Intended.Seq)
	if in.Key == nil {
		re.Verdict.problem(where, "a signature without a key")
		return
	}
	by := re.at(o.Intended.Seq)
	id := by.names.labels[in.Key.Label]
	k := by.Plan.Key(id)
	if k == nil {
		re.Verdict.problem(where, "a signature by %q, which is not a key of the plan", in.Key.Label)
		return
	}
	if spki := re.signer(by, in.Key.SPKISHA256); spki != nil { // of an earlier attempt, perhaps
		defer func(last []byte) { re.Builder.Keys[id] = last }(re.Builder.Keys[id])
		re.Builder.Keys[id] = spki
	}
	var tbs []byte
	var proof *plan.ToBeSigned
	var err error
	switch {
	case in.Purpose == event.PurposeProof && in.For == k.ID:
		if proof, err = by.proof(k, in); err == nil {
			tbs = proof.Bytes
		}
	case re.Builder.Rehearsal && in.Purpose == event.PurposeStandIn && in.For == k.Input:
		tbs, err = plan.StandInTBS(by.Inputs[k.Input].Cert(), k, re.Builder.Keys[k.ID])
	default:
		err = errors.New("unknown purpose")
	}
	switch {
	case err != nil:
		re.Verdict.problem(where, "a signature by %s: %v", k.ID, err)
	case plan.SHA256Hex(tbs) != in.TBSSHA256:
		re.Verdict.problem(where, "the signed bytes (%s) do not follow from plan.json", in.PurposeText())
	case o.Finished != nil:
		re.otherSigned(where, k, tbs, proof, o)
	}
}

// otherSigned is about the signature that a call gave.
func (re *Verifier) otherSigned(where string, k *plan.Key, tbs []byte, proof *plan.ToBeSigned, o *history.Operation) {
	re.verifySignature(where, k, k.Algorithm.DefaultSignature(), tbs, o)
	if proof != nil {
		re.lintProof(where, proof, o)
		return
	}
	if err := re.standIn(k, tbs, o); err != nil {
		re.Verdict.problem(where, "a signature by %s: %v", k.ID, err)
	}
}

// proof builds the proof of a key again. Its bytes are the same at any moment.
func (p period) proof(k *plan.Key, in event.OperationIntended) (*plan.ToBeSigned, error) {
	signing, err := time.Parse(time.RFC3339, in.Moment)
	if err != nil {
		return nil, fmt.Errorf("the moment of signing: %w", err)
	}
	return p.ToBeSigned(plan.ProofArtifact(p.Plan.Ceremony.ID, k), signing)
}

// lintProof lints a proof as the room did, after its signature.
func (re *Verifier) lintProof(where string, s *plan.ToBeSigned, o *history.Operation) {
	signature, err := base64.StdEncoding.DecodeString(o.Finished.Event.Signature)
	if err != nil {
		return // said where the signature was verified
	}
	_, report, err := re.at(o.Intended.Seq).Issued(s, signature)
	if err != nil {
		re.Verdict.problem(where, "%s cannot be assembled again: %v", s.Artifact.ID, err)
		return
	}
	re.Proofs[o.Intended.Event.For] = report
	for _, f := range report.Blocking() {
		if f.Record != lint.RecordSignature { // verified already
			re.found(where, s.Artifact.ID, o, f)
		}
	}
}

// signer gives the public key (SPKI) of a key of the plan by its SHA-256.
func (re *Verifier) signer(by period, sha256 string) []byte {
	k := re.Verdict.History.Key(sha256)
	if k == nil || by.names.of(&k.Key) == "" {
		return nil
	}
	spki, err := base64.StdEncoding.DecodeString(k.SPKI)
	if err != nil {
		return nil
	}
	return spki
}

func (re *Verifier) verifySignature(where string, k *plan.Key, alg algorithm.Signature, tbs []byte, o *history.Operation) {
	signature, err := base64.StdEncoding.DecodeString(o.Finished.Event.Signature)
	if err == nil {
		var id []byte
		if id, err = alg.Identifier(); err == nil {
			err = inspect.VerifySignature(re.Builder.Keys[k.ID], id, tbs, signature)
		}
	}
	if err != nil {
		re.Verdict.problem(where, "the signature by %s: %v", k.ID, err)
	}
}

// standIn rebuilds the stand-in certificate of a rehearsal and compares its
// file.
func (re *Verifier) standIn(k *plan.Key, tbs []byte, o *history.Operation) error {
	signature, err := base64.StdEncoding.DecodeString(o.Finished.Event.Signature)
	if err != nil {
		return err
	}
	der, err := templates.Assemble(tbs, k.Algorithm.DefaultSignature(), signature)
	if err != nil {
		return err
	}
	file, err := re.Verdict.ReadFile(plan.StandInPath(k.Input), plan.MaxInput)
	if err != nil || !bytes.Equal(file, transcripts.PEM(event.KindCertificate, der, true)) {
		return errors.New("the stand-in file differs from the record")
	}
	re.Builder.StandIns[k.Input], err = inspect.ParseCertificate(der)
	return err
}
