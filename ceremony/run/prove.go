// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"encoding/hex"
	"fmt"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/templates"
	"rootceremony/transcripts"
)

// trustworthy refuses a key that was just made and that anyone can compute, or
// that no certificate may have, before it signs anything: a proof of it would be a
// signature by everybody.
func (ks *keys) trustworthy(k *plan.Key) error {
	var bad []lint.Finding
	for _, f := range ks.work.linter.Key(k.ID, ks.work.Keys[k.ID]) {
		if f.Status == lint.Error || f.Status == lint.Fatal {
			bad = append(bad, f)
		}
	}
	if len(bad) == 0 {
		return nil
	}
	return fmt.Errorf("key %s was made on token %s and signs nothing; do not trust keys of this token before its maker has explained that: %w",
		k.ID, k.Token, plan.Blocked("the key", &lint.Report{Findings: bad}))
}

// proveBySigning has a key that a fresh process found sign its proof.
func (ks *keys) proveBySigning(k *plan.Key) error {
	a := plan.ProofArtifact(ks.work.Plan.Ceremony.ID, k)
	signing := ks.signingTime()
	tbs, obj, err := ks.work.TBS(a, signing)
	if err != nil {
		return err
	}
	clearance, report := ks.work.linter.Clear(obj, ks.work.Context(a, signing, false), tbs)
	if clearance == nil {
		return plan.Blocked(a.ID, &report)
	}
	tbs, err = clearance.Use()
	if err != nil {
		return err
	}
	intent := transcripts.OperationIntended{Purpose: plan.ProofPurpose + k.ID, Moment: plan.Stamp(signing)}
	signature, err := ks.signBytes(k, a.Signature(), tbs, intent)
	if err != nil {
		return err
	}
	der, err := ks.work.Assemble(a, tbs, signature)
	if err != nil {
		return err
	}
	if report := ks.work.linter.Issued(obj, ks.work.Context(a, signing, false), der, tbs); len(report.Blocking()) > 0 {
		return plan.Blocked(a.ID, &report)
	}
	ks.say("      key %s is there and signs", k.ID)
	return ks.keyProved(k, "request", ks.tokens.last)
}

func (ks *keys) keyProved(k *plan.Key, how string, op int) error {
	h := ks.handles[k.ID]
	e := transcripts.KeyProved{Key: k.ID, Token: k.Token, ID: hex.EncodeToString(h.ID), SPKISHA256: plan.SHA256Hex(h.SPKI), How: how,
		Operation: op, Fresh: ks.tokens.byName[k.Token].Info().FreshProcess}
	return ks.note(e, transcripts.Observed)
}

// standIn takes the place of an existing key in a rehearsal: a new key, and a
// certificate like the real one but for its marked subject and its key.
func (ks *keys) standIn(st plan.Step, k *plan.Key) error {
	ks.say("%4s  A stand-in for key %s is generated on token %s", st.ID, k.ID, k.Token)
	if err := ks.generate(k); err != nil {
		return err
	}
	real := ks.work.Inputs[k.Input].Cert
	tbs, err := plan.StandInTBS(real, k, ks.work.Keys[k.ID])
	if err != nil {
		return err
	}
	intent := transcripts.OperationIntended{Purpose: "stand-in of " + k.Input}
	signature, err := ks.signBytes(k, plan.ProofSignature[k.Algorithm], tbs, intent)
	if err != nil {
		return err
	}
	der, err := templates.Assemble(tbs, plan.ProofSignature[k.Algorithm], signature)
	if err != nil {
		return err
	}
	cert, err := inspect.ParseCertificate(der)
	if err != nil {
		return err
	}
	ks.work.StandIns[k.Input] = cert
	_, err = ks.journal.WriteFile(plan.StandInPath(k.Input), "stand-in", transcripts.PEM(transcripts.KindCertificate, der, true), ks.step)
	return err
}
