// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	_ "crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/algorithm"
	"rootceremony/internal/artifact"
	"rootceremony/lint"
	"rootceremony/templates"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// signing makes the artifacts: each is built, cleared, confirmed, signed, checked
// and written.
type signing struct {
	*session
	state    *state
	room     *room
	tokens   *tokens
	keys     *keys
	prepared map[string]*prepared // by artifact id
	moments  map[string]time.Time // of signatures that may be repeated, by artifact id
}

// prepared is an artifact that is cleared for signing.
type prepared struct {
	*plan.ToBeSigned
	clearance *lint.Clearance
	told      []transcripts.CardRow // the notices of that result
	lintFile  string                // digest of the result that allows it
	by        []string              // who confirmed it
}

// sign makes one artifact: serial number, bytes, lint, confirmation, signature,
// record, and only then every check of what came out. CRLs and OCSP responses
// of steps that follow each other are confirmed together, as one table.
func (sg *signing) sign(a *plan.Artifact) ([]string, error) {
	if done := sg.state.replay.Signed(a.ID); done != nil {
		return nil, sg.finish(a, done.Finished.Event)
	}
	if sg.prepared[a.ID] == nil {
		batch := sg.state.Plan.ConfirmedTogether(a)
		for _, b := range batch {
			p, err := sg.prepare(b, len(batch) > 1)
			if err != nil {
				return nil, err
			}
			sg.prepared[b.ID] = p
		}
		if err := sg.confirm(batch); err != nil {
			return nil, err
		}
	}
	p := sg.prepared[a.ID]
	signature, err := sg.signature(p)
	if err != nil {
		return nil, err
	}
	return p.by, sg.storeSigned(p.ToBeSigned, signature)
}

// again has the next signature for an artifact be over the same bytes as one that
// may exist: as of the same moment.
func (sg *signing) again(artifact string, moment time.Time) { sg.moments[artifact] = moment }

// forget lets an artifact be made anew.
func (sg *signing) forget(artifact string) {
	delete(sg.prepared, artifact)
	delete(sg.moments, artifact)
	delete(sg.state.Made, artifact)
	delete(sg.state.Serials, artifact)
}

// prepare builds and lints an artifact. Later rows of one table are linted
// against earlier ones, which are not signed yet: specimens take their place.
func (sg *signing) prepare(a *plan.Artifact, more bool) (*prepared, error) {
	at, err := sg.moment(a)
	if err != nil {
		return nil, err
	}
	if err := sg.drawSerial(a); err != nil {
		return nil, err
	}
	s, err := sg.state.ToBeSigned(a, at)
	if err != nil {
		return nil, err
	}
	p := &prepared{ToBeSigned: s}
	var report lint.Report
	if p.clearance, report, err = sg.state.Clear(s); err != nil {
		return nil, err
	}
	if p.lintFile, err = sg.linted(report, event.StageBeforeSigning, p.clearance != nil); err != nil {
		return nil, err
	}
	if p.clearance == nil {
		return nil, plan.Blocked(a.ID, &report)
	}
	p.told = plan.NoticeRows(&report)
	if !more {
		return p, nil
	}
	return p, sg.state.Specimen(s)
}

// drawSerial draws a certificate's serial number from the generator of the
// token that will sign.
func (sg *signing) drawSerial(a *plan.Artifact) error {
	if _, again := sg.moments[a.ID]; again || a.Certificate() == nil {
		return nil // the same bytes have the same serial number
	}
	sg.sayReplaced(a)
	n := a.Certificate().SerialOctets
	random, err := sg.tokens.random(sg.state.signer(a).Token, a.ID, n)
	if err != nil {
		return err
	}
	serial, err := templates.SerialNumber(random, n)
	if err != nil {
		return err
	}
	sg.state.Serials[a.ID] = serial
	e := event.SerialDrawn{Artifact: a.ID, Serial: plan.BigHex(serial), RandomBits: verify.RandomBits(n), Source: sg.state.signer(a).Token, Operation: sg.tokens.last}
	return sg.note(e, event.Observed)
}

// sayReplaced tells people that a serial number which an earlier session drew and showed
// is not the one that is signed: it may be on paper by now.
func (sg *signing) sayReplaced(a *plan.Artifact) {
	if was := sg.journal.History().Artifact(a.ID); was != nil && was.Serial != nil {
		sg.say("\n      ANOTHER SERIAL NUMBER FOR %s. The one drawn before is in nothing that was signed.\n      Cross it out where it is on paper: %s", a.ID, was.Serial.Serial)
	}
}

// linted writes all results of linting an object into the bundle and gives the
// digest of that file.
func (sg *signing) linted(report lint.Report, stage string, clear bool) (string, error) {
	data, err := plan.CanonicalJSON(report)
	if err != nil {
		return "", err
	}
	path := verify.LintPath(report.Artifact, stage, sg.journal.Has)
	if err := sg.dir.WriteFile(path, data); err != nil {
		return "", err
	}
	e := verify.LintedEvent(sg.state.Loaded, report, stage, clear)
	e.File, e.SHA256 = path, artifact.Sum(data).SHA256Hex()
	return e.SHA256, sg.note(e, event.Observed)
}

// screenOf shows every value of what is about to be signed.
func (sg *signing) screenOf(p *prepared) (string, error) {
	rows, err := sg.state.Card(p.ToBeSigned)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	screen := &plan.Screen{W: &b}
	screen.Rows(append(rows, p.told...))
	return b.String(), screen.Err()
}

// whole shows all that is in the bytes of what is about to be signed.
func (sg *signing) whole(batch []*plan.Artifact) (string, error) {
	var b strings.Builder
	for _, a := range batch {
		text, err := sg.state.Text(sg.prepared[a.ID].ToBeSigned)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "%s\n%s", plan.Rule(a.ID), text)
	}
	return b.String(), nil
}

// signature uses up a clearance: intent, call, result.
func (sg *signing) signature(p *prepared) ([]byte, error) {
	tbs, err := p.clearance.Use()
	if err != nil {
		return nil, err
	}
	a := p.Artifact
	intent := event.OperationIntended{Artifact: a.ID, LintSHA256: p.lintFile, Moment: plan.Stamp(p.Signing)}
	return sg.keys.signBytes(sg.state.signer(a), a.Signature(), tbs, intent)
}

// signBytes has a key sign, with the record around it. A signature that exists
// is recorded even if it is wrong.
func (ks *keys) signBytes(k *plan.Key, alg algorithm.Signature, tbs []byte, intent event.OperationIntended) ([]byte, error) {
	h, ok := ks.handles[k.ID]
	if !ok {
		return nil, fmt.Errorf("key %q is not available", k.ID)
	}
	if err := ks.accept(k); err != nil {
		return nil, err
	}
	intent.What, intent.Token, intent.Algorithm = event.WhatSign, k.Token, string(alg)
	intent.Key = &event.Key{Label: ks.state.label(k), ID: hex.EncodeToString(h.ID), SPKISHA256: plan.SHA256Hex(h.SPKI)}
	if err := ks.recordTBS(&intent, tbs); err != nil {
		return nil, err
	}
	var signature []byte
	err := ks.tokens.operation(intent, func() (event.OperationFinished, error) {
		var err error
		signature, err = ks.tokens.of(k).Sign(ks.ctx, h, alg, tbs)
		return event.OperationFinished{Signature: base64.StdEncoding.EncodeToString(signature)}, err
	})
	return signature, err
}

// recordTBS puts the bytes to be signed on the medium, or into the intent that is
// about to be.
func (ks *keys) recordTBS(intent *event.OperationIntended, tbs []byte) error {
	intent.TBSSHA256 = plan.SHA256Hex(tbs)
	if len(tbs) <= event.InlineTBS {
		intent.TBS = base64.StdEncoding.EncodeToString(tbs)
		return nil
	}
	intent.TBSFile = event.TBSPath(intent.TBSSHA256)
	if ks.journal.Has(intent.TBSFile) {
		return nil // the same bytes, which an earlier attempt was to sign
	}
	_, err := ks.journal.WriteFile(intent.TBSFile, event.KindTBS, tbs, ks.step)
	return err
}
