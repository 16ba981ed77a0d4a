// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"encoding/hex"
	"fmt"
	"slices"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/inspect"
	"rootceremony/templates"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// prove restarts the workers of all tokens with new keys, finds each key again
// and has it sign a certificate request for its own name.
func (ks *keys) prove() error {
	restarted := []string{}
	for _, id := range ks.withEarlier(ks.unproved) {
		k := ks.state.Plan.Key(id)
		if done, err := ks.proved(k); done || err != nil {
			if err != nil {
				return err
			}
			continue
		}
		t := ks.tokens.of(k)
		if !slices.Contains(restarted, k.Token) {
			ks.say("\n      A fresh process looks for the new keys on token %s", k.Token)
			if err := ks.restart(ks.ctx, t); err != nil {
				return err
			}
			if err := ks.note(event.TokenRestarted{Token: k.Token, Reason: event.ReasonFresh}, event.Observed); err != nil {
				return err
			}
			restarted = append(restarted, k.Token)
		}
		pair, err := ks.locate(k, ks.state.label(k), ks.handles[id].ID, ks.state.Keys[id])
		if err != nil {
			return fmt.Errorf("key %s was generated but is not found again: %w", id, err)
		}
		ks.handles[id] = pair.Handle()
		if err := ks.proveBySigning(k); err != nil {
			return err
		}
	}
	ks.unproved = nil
	_, err := ks.journal.Seal()
	return err
}

// withEarlier adds the keys of generate steps that an earlier session finished
// without the proof that follows the last of them.
func (ks *keys) withEarlier(ids []string) []string {
	var out []string
	for _, k := range ks.state.Plan.Keys {
		made := ks.have(k.ID) && k.Source == plan.KeyGenerated
		if slices.Contains(ids, k.ID) || made && ks.state.replay.Keys[k.ID].ID != "" {
			out = append(out, k.ID)
		}
	}
	return out
}

// proveUse has a key that was found sign its proof before anything else: an id that
// names it can be that of another key.
func (ks *keys) proveUse(k *plan.Key) error {
	if done, err := ks.proved(k); done || err != nil {
		return err
	}
	return ks.proveBySigning(k)
}

// moved reports whether a key was proved on a device in whose place there is another one
// now: it proves itself again, against the public key that is recorded.
func (ks *keys) moved(k *plan.Key, recorded event.Key) bool {
	known := ks.journal.History().Key(recorded.SPKISHA256)
	return known != nil && len(known.Proved) > 0 && !ks.state.replay.Proved[k.ID] && ks.journal.History().MovedAt(k.Token) > 0
}

// proved reports whether a key has signed its proof. One that was signed and recorded
// when the session was cut off is taken over.
func (ks *keys) proved(k *plan.Key) (done bool, err error) {
	if ks.state.replay.Proved[k.ID] {
		return true, nil
	}
	op := ks.state.replay.Proofs[k.ID]
	if op == 0 {
		return false, nil
	}
	return true, ks.keyProved(k, op)
}

// proveBySigning has a key that is on its token sign its proof.
func (ks *keys) proveBySigning(k *plan.Key) error {
	a := plan.ProofArtifact(ks.state.Plan.Ceremony.ID, k)
	signing := ks.signingTime()
	s, err := ks.state.ToBeSigned(a, signing)
	if err != nil {
		return err
	}
	clearance, report, err := ks.state.Clear(s)
	switch {
	case err != nil:
		return err
	case clearance == nil:
		return plan.Blocked(a.ID, &report)
	}
	tbs, err := clearance.Use()
	if err != nil {
		return err
	}
	intent := event.OperationIntended{Purpose: event.PurposeProof, For: k.ID, Moment: plan.Stamp(signing)}
	signature, err := ks.signBytes(k, a.Signature(), tbs, intent)
	if err != nil {
		return err
	}
	_, report, err = ks.state.Issued(s, signature)
	switch {
	case err != nil:
		return err
	case len(report.Blocking()) > 0:
		return plan.Blocked(a.ID, &report)
	}
	ks.say("      key %s was found and signs", k.ID)
	return ks.keyProved(k, ks.tokens.last)
}

func (ks *keys) keyProved(k *plan.Key, op int) error {
	h := ks.handles[k.ID]
	e := event.KeyProved{Key: k.ID, Token: k.Token, ID: hex.EncodeToString(h.ID), SPKISHA256: plan.SHA256Hex(h.SPKI), How: event.ProvedRequest,
		Operation: op, Fresh: ks.tokens.of(k).Info().FreshProcess}
	return ks.note(e, event.Observed)
}

// standIn takes the place of an existing key in a rehearsal: a new key, and a
// certificate like the real one but for its marked subject and its key.
func (ks *keys) standIn(st plan.Step, k *plan.Key) error {
	ks.say("%4s  A stand-in for key %s is generated on token %s", st.ID, k.ID, k.Token)
	if err := ks.generate(k); err != nil {
		return err
	}
	real := ks.state.Inputs[k.Input].Cert()
	tbs, err := plan.StandInTBS(real, k, ks.state.Keys[k.ID])
	if err != nil {
		return err
	}
	intent := event.OperationIntended{Purpose: event.PurposeStandIn, For: k.Input}
	signature, err := ks.signBytes(k, k.Algorithm.DefaultSignature(), tbs, intent)
	if err != nil {
		return err
	}
	der, err := templates.Assemble(tbs, k.Algorithm.DefaultSignature(), signature)
	if err != nil {
		return err
	}
	cert, err := inspect.ParseCertificate(der)
	if err != nil {
		return err
	}
	ks.state.StandIns[k.Input] = cert
	_, err = ks.journal.WriteFile(plan.StandInPath(k.Input), event.KindStandIn, transcripts.PEM(event.KindCertificate, der, true), ks.step)
	return err
}
