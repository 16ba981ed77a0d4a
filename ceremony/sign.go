// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"crypto"
	"crypto/sha256"
	_ "crypto/sha512" // SHA-384 and SHA-512 for signatures
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"rootceremony/internal/artifact"
	"rootceremony/internal/inspect"
	"rootceremony/internal/token"
	"rootceremony/lint"
	"rootceremony/profiles"
	"rootceremony/templates"
	"rootceremony/transcripts"
)

// sign makes one artifact: serial number, bytes, lint, confirmation, signature,
// record, and only then every check of what came out.
func (r *runner) sign(a *Artifact) ([]string, error) {
	r.say("\n%4s  %s: %s", r.step, a.ID, whatIs(a))
	if err := r.drawSerial(a); err != nil {
		return nil, err
	}
	signing := r.signingTime()
	if win := r.p.Plan.Ceremony.Window; signing.After(win.To) {
		return nil, fmt.Errorf("it is %s, after the window ended at %s; nothing was signed", stamp(signing), stamp(win.To))
	}
	tbs, obj, err := r.w.tbs(a, signing)
	if err != nil {
		return nil, err
	}
	ctx := r.w.context(a, signing, false)
	clearance, report := r.linter.Clear(obj, ctx, tbs)
	lintFile, err := r.linted(report, transcripts.StageBeforeSigning, "before", clearance != nil)
	if err != nil {
		return nil, err
	}
	if clearance == nil {
		return nil, &FindingsError{Artifact: a.ID, Findings: report.Blocking()}
	}
	by, err := r.confirm(a, clearance, signing)
	if err != nil {
		return nil, err
	}
	signature, cleared, err := r.signature(a, clearance, signing, lintFile)
	if err != nil {
		return nil, err
	}
	return by, r.judge(a, obj, ctx, &object{tbs: cleared, signing: signing}, signature)
}

// FindingsError says that an object must not exist, or should not have been
// signed.
type FindingsError struct {
	Artifact string
	Findings []lint.Finding
}

// Error implements error.
func (e *FindingsError) Error() string {
	var lines []string
	for _, f := range e.Findings {
		lines = append(lines, fmt.Sprintf("%s: %s: %s (%s)", f.Status, f.Rule, firstOf(f.Details, f.Requirement), f.Citation))
	}
	return fmt.Sprintf("%s has findings:\n  %s", e.Artifact, strings.Join(lines, "\n  "))
}

// drawSerial draws a certificate's serial number from the generator of the
// token that will sign.
func (r *runner) drawSerial(a *Artifact) error {
	if a.Certificate == nil {
		return nil
	}
	n := a.Certificate.SerialOctets
	random, err := r.random(r.signer(a).Token, "serial number of "+a.ID, n)
	if err != nil {
		return err
	}
	serial, err := templates.SerialNumber(random, n)
	if err != nil {
		return err
	}
	r.w.serials[a.ID] = serial
	e := transcripts.SerialDrawn{Artifact: a.ID, Serial: bigHex(serial), RandomBits: n*8 - 1, Source: r.signer(a).Token, Operation: r.ops}
	return r.note(e, transcripts.Observed)
}

// signer gives the key that signs an artifact.
func (r *runner) signer(a *Artifact) *Key {
	_, id := reference(a.IssuerKey)
	return r.p.Plan.key(id)
}

// linted writes all results of linting an object into the bundle and gives the
// digest of that file.
func (r *runner) linted(report lint.Report, stage, word string, clear bool) (string, error) {
	data, err := canonicalJSON(report)
	if err != nil {
		return "", err
	}
	path := fmt.Sprintf("lint/%s.%s.json", report.Artifact, word)
	if err := r.dir.WriteFile(path, data); err != nil {
		return "", err
	}
	e := transcripts.ObjectLinted{Artifact: report.Artifact, Stage: stage, Clear: clear, Engines: report.Versions,
		Counts: map[string]int{}, File: path, SHA256: artifact.Sum(data).SHA256Hex()}
	for engine, c := range report.Ran {
		e.Counts[engine] = c.Judged
	}
	for _, f := range report.Findings {
		if f.Status != lint.NotChecked && f.Suppressed == "" {
			e.Findings = append(e.Findings, r.eventFinding(f))
		}
	}
	return e.SHA256, r.note(e, transcripts.Observed)
}

func (r *runner) eventFinding(f lint.Finding) transcripts.Finding {
	pos, path := r.p.place(f.Artifact, f.Field)
	out := transcripts.Finding{Rule: f.Rule, Status: string(f.Status), Details: f.Details, Citation: f.Citation,
		Where: fmt.Sprintf("%d:%d: %s", pos.Line, pos.Column, path)}
	if f.Waived != nil {
		out.Waived = &transcripts.Waiver{Reason: f.Waived.Reason, Citation: f.Waived.Citation, Approver: f.Waived.Approver,
			Expires: f.Waived.Expires.UTC().Format(time.DateOnly)}
	}
	return out
}

// confirm shows what will be signed. The administrator types the first four
// hexadecimal digits of the SHA-256 of the bytes, a witness the next four.
func (r *runner) confirm(a *Artifact, c *lint.Clearance, signing time.Time) ([]string, error) {
	sum := c.Digest()
	digest := hex.EncodeToString(sum[:])
	r.say("%s", r.screenOf(a, signing))
	r.say("      SHA-256 of the bytes to be signed:\n      %s", digest)
	var by, digits []string
	for i, role := range []string{roleAdministrator, roleWitness} {
		p := r.withRole(role)[0]
		want := digest[4*i : 4*i+4]
		which := []string{"first", "next"}[i]
		for {
			typed, err := r.o.People.Digits(p, which, want)
			if err != nil {
				return nil, err
			}
			if typed == want {
				break
			}
			r.say("      %q are not the %s four digits; read them again", typed, which)
			e := transcripts.ConfirmationRefused{Artifact: a.ID, TBSSHA256: digest, Entered: typed, Reason: "other digits"}
			if err := r.note(e, r.o.People.How(), p.Name); err != nil {
				return nil, err
			}
		}
		by, digits = append(by, p.Name), append(digits, want)
	}
	e := transcripts.SignatureConfirmed{Artifact: a.ID, TBSSHA256: digest, Digits: digits}
	return by, r.note(e, r.o.People.How(), by...)
}

// screenOf says in a few lines what is about to be signed.
func (r *runner) screenOf(a *Artifact, signing time.Time) string {
	var b strings.Builder
	s := &screen{w: &b}
	switch {
	case a.Certificate != nil:
		if c, err := r.w.marked(a); err == nil {
			s.row("subject", nameText(c.Subject))
		}
		if from, to, err := a.Certificate.Validity.At(signing); err == nil {
			s.row("validity", validityLine(from, to))
		}
		s.row("serial", bigHex(r.w.serials[a.ID]))
	case a.RevocationList != nil:
		s.row("number", a.RevocationList.Number)
		s.row("entries", entriesLine(a.RevocationList))
	case a.Response != nil:
		_, subject := reference(a.Subject)
		s.row("status", subject+" is "+a.Response.Status)
	case a.CertRequest != nil:
		s.row("subject", nameText(a.CertRequest.Subject))
	}
	s.row("signed by", a.IssuerKey+" with "+string(a.signature()))
	return strings.TrimRight(b.String(), "\n")
}

// nameText writes a name for a screen.
func nameText(n profiles.Name) string {
	der, err := templates.EncodeName(n)
	if err != nil {
		return err.Error()
	}
	name, err := inspect.ParseName(der)
	if err != nil {
		return err.Error()
	}
	return name.String()
}

// signature uses up a clearance: intent, call, result.
func (r *runner) signature(a *Artifact, c *lint.Clearance, signing time.Time, lintFile string) (sig, tbs []byte, err error) {
	if tbs, err = c.Use(); err != nil {
		return nil, nil, err
	}
	intent := transcripts.OperationIntended{Artifact: a.ID, LintSHA256: lintFile, Moment: stamp(signing)}
	sig, err = r.signBytes(r.signer(a), a.signature(), tbs, intent)
	return sig, tbs, err
}

// signBytes has a key sign, with the record around it. A signature that exists
// is recorded even if it is wrong.
func (r *runner) signBytes(k *Key, alg profiles.SignatureAlgorithm, tbs []byte, intent transcripts.OperationIntended) ([]byte, error) {
	h, ok := r.handles[k.ID]
	if !ok {
		return nil, fmt.Errorf("key %q is not ready", k.ID)
	}
	sum := sha256.Sum256(tbs)
	intent.What, intent.Token, intent.Algorithm = transcripts.WhatSign, k.Token, string(alg)
	intent.Key = &transcripts.Key{Label: r.label(k), ID: hex.EncodeToString(h.ID), SPKISHA256: spkiHex(h.SPKI)}
	intent.TBS, intent.TBSSHA256 = base64.StdEncoding.EncodeToString(tbs), hex.EncodeToString(sum[:])
	digest, err := digestFor(alg, tbs)
	if err != nil {
		return nil, err
	}
	var signature []byte
	err = r.operation(intent, func() (transcripts.OperationFinished, error) {
		var err error
		signature, err = r.tokens[k.Token].Sign(r.ctx, h, token.SignatureAlgorithm(alg), digest)
		return transcripts.OperationFinished{Signature: base64.StdEncoding.EncodeToString(signature)}, err
	})
	return signature, err
}

// digestFor hashes with the hash of a signature algorithm.
func digestFor(alg profiles.SignatureAlgorithm, data []byte) ([]byte, error) {
	for word, h := range map[string]crypto.Hash{"sha256": crypto.SHA256, "sha384": crypto.SHA384, "sha512": crypto.SHA512} {
		if strings.Contains(string(alg), word) {
			w := h.New()
			w.Write(data)
			return w.Sum(nil), nil
		}
	}
	return nil, fmt.Errorf("signature algorithm %q has no known hash", alg)
}

func spkiHex(spki []byte) string {
	sum := sha256.Sum256(spki)
	return hex.EncodeToString(sum[:])
}
