// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"bytes"
	"encoding/base64"
	"errors"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/templates"
	"rootceremony/transcripts"
)

// other makes a signature again that is no planned artifact: the proof of a
// key, or the stand-in of a rehearsal.
func (re *rebuild) other(in transcripts.OperationIntended, op int) {
	where := line(re.seqs[op])
	if in.Key == nil {
		re.v.problem(where, "a signature by no key")
		return
	}
	id := re.labels[in.Key.Label]
	k := re.w.plan.key(id)
	if k == nil {
		re.v.problem(where, "a signature by %q, which is no key of the plan", in.Key.Label)
		return
	}
	if spki := re.signers[in.Key.SPKISHA256]; spki != nil { // of an earlier attempt, perhaps
		defer func(last []byte) { re.w.keys[id] = last }(re.w.keys[id])
		re.w.keys[id] = spki
	}
	var tbs []byte
	var err error
	alg := proofSignature[k.Algorithm]
	switch {
	case in.Purpose == proofPurpose+k.ID:
		tbs, _, err = re.w.tbs(proofArtifact(re.w.plan.Ceremony.ID, k), time.Time{})
	case re.w.rehearsal && in.Purpose == "stand-in of "+k.Input:
		tbs, err = re.standIn(k, op)
	default:
		err = errors.New("its purpose is none that a ceremony has")
	}
	if err != nil {
		re.v.problem(where, "a signature by %s: %v", k.ID, err)
		return
	}
	if sha256Hex(tbs) != in.TBSSHA256 {
		re.v.problem(where, "the bytes that were signed (%s) do not follow from plan.json", in.Purpose)
		return
	}
	re.verifySignature(where, k, alg, tbs, op)
}

func (re *rebuild) verifySignature(where string, k *Key, alg profiles.SignatureAlgorithm, tbs []byte, op int) {
	signature, err := base64.StdEncoding.DecodeString(re.signed[op].Signature)
	if err == nil {
		var id []byte
		if id, err = templates.AlgorithmIdentifier(alg); err == nil {
			err = inspect.VerifySignature(re.w.keys[k.ID], id, tbs, signature)
		}
	}
	if err != nil {
		re.v.problem(where, "the signature by %s: %v", k.ID, err)
	}
}

// standIn makes the stand-in certificate of a rehearsal again and compares its
// file.
func (re *rebuild) standIn(k *Key, op int) ([]byte, error) {
	tbs, err := standInTBS(re.v.Loaded.inputs[k.Input].cert, k, re.w.keys[k.ID])
	if err != nil {
		return nil, err
	}
	signature, err := base64.StdEncoding.DecodeString(re.signed[op].Signature)
	if err != nil {
		return nil, err
	}
	der, err := templates.Assemble(tbs, proofSignature[k.Algorithm], signature)
	if err != nil {
		return nil, err
	}
	file, err := re.v.ReadFile(standInPath(k.Input), maxInput)
	if err != nil || !bytes.Equal(file, transcripts.PEM(transcripts.KindCertificate, der, true)) {
		return nil, errors.New("the file of the stand-in is not what the record gives")
	}
	re.w.standIns[k.Input], err = inspect.ParseCertificate(der)
	return tbs, err
}
