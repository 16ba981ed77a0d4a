// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"rootceremony/internal/algorithm"
	"rootceremony/profiles"
)

// Clearance is the proof that exactly these to-be-signed bytes may be signed.
// Only [Linter.Clear] makes one.
type Clearance struct {
	artifact string
	tbs      []byte
	digest   [32]byte
	used     atomic.Bool
}

// ErrUsed is returned by the second [Clearance.Use].
var ErrUsed = errors.New("clearance was used before")

// Artifact is the artifact the clearance is for.
func (c *Clearance) Artifact() string { return c.artifact }

// Digest is the SHA-256 of the to-be-signed bytes.
func (c *Clearance) Digest() [32]byte { return c.digest }

// Use returns the bytes to sign. It works once.
func (c *Clearance) Use() ([]byte, error) {
	if c == nil || len(c.tbs) == 0 {
		return nil, errors.New("no clearance")
	}
	if c.used.Swap(true) {
		return nil, ErrUsed
	}
	return slices.Clone(c.tbs), nil
}

// ruleStatic is found when no static signature can be put to the bytes.
const ruleStatic = "tbs.specimen"

// Clear lints the real to-be-signed bytes under a static signature as long as
// one of ctx.IssuerKey, and makes the clearance to sign them. ctx.Specimen says
// whether the certificates around it are specimens, too. The clearance is nil
// when a finding blocks that no waiver of the linter covers, or when an
// error-level rule lacked the context to check: what was not checked is not
// cleared.
func (l *Linter) Clear(obj Object, ctx Context, tbs []byte) (*Clearance, Report) {
	der, err := specimen(&obj, &ctx, tbs)
	if err != nil {
		report := newReport(obj.Artifact)
		report.fatal(ruleStatic, "the object is linted before it is signed, with a signature of full size", "%v", err)
		return nil, report
	}
	report := l.settled(l.lint(&obj, &ctx, der, lintMode{static: true, cleared: tbs}), &ctx)
	if len(report.Blocking()) > 0 {
		return nil, report
	}
	tbs = slices.Clone(tbs)
	return &Clearance{artifact: obj.Artifact, tbs: tbs, digest: sha256.Sum256(tbs)}, report
}

// require makes rules that lacked context and could find an error block. So a
// report that blocks always says by what.
func (l *Linter) require(r *Report) {
	for i := range r.Findings {
		f := &r.Findings[i]
		at := slices.IndexFunc(l.rules, func(rule Rule) bool { return rule.ID == f.Rule })
		f.Required = f.Absent == AbsentLacking && at >= 0 && !l.rules[at].Later && l.rules[at].Level.weight() >= Error.weight()
	}
}

// settled says what has to be checked, and applies the waivers of the linter.
func (l *Linter) settled(r Report, ctx *Context) Report {
	l.require(&r)
	if len(l.waivers) == 0 {
		return r
	}
	out, _ := ApplyWaivers([]Report{r}, l.waivers, ctx.Signing)
	return out[0]
}

// Issued checks an object after it was signed: the complete DER against what
// was declared, the cleared bytes, the issuer's key, and every rule again.
func (l *Linter) Issued(obj Object, ctx Context, der, clearedTBS []byte) Report {
	ctx.Specimen = false
	if clearedTBS == nil {
		clearedTBS = []byte{}
	}
	return l.settled(l.lint(&obj, &ctx, der, lintMode{cleared: clearedTBS}), &ctx)
}

// specimen puts a static signature to to-be-signed bytes. All else is as it will
// be, so that what is checked after the signature can be checked before it.
func specimen(obj *Object, ctx *Context, tbs []byte) ([]byte, error) {
	if len(ctx.IssuerKey) == 0 {
		return nil, errors.New("the signing key is not known")
	}
	if _, err := parseKey(ctx.IssuerKey); err != nil {
		return nil, err
	}
	signature, err := algorithm.SpecimenSignature(ctx.IssuerKey)
	if err != nil {
		return nil, err
	}
	identifier, err := obj.Declared.SignatureAlgorithm().Identifier()
	if err != nil {
		return nil, err
	}
	if obj.Kind() != profiles.OCSPResponse {
		der, err := assemble(tbs, identifier, signature)
		if err != nil {
			return nil, fmt.Errorf("assembling a specimen: %w", err)
		}
		return der, nil
	}
	var certs [][]byte
	if ctx.Responder != nil {
		certs = [][]byte{ctx.Responder.Raw}
	}
	return specimenResponse(tbs, identifier, signature, certs)
}
