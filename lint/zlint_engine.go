// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"fmt"
	"sync"
	"time"

	"github.com/zmap/zcrypto/x509"
	_ "github.com/zmap/zlint/v3" // registers the lints
	zlint "github.com/zmap/zlint/v3/lint"
	"golang.org/x/crypto/ocsp"

	"rootceremony/profiles"
)

// zlintEngine holds one registry for each configuration.
type zlintEngine struct {
	registries map[zlintSettings]registry
	ownDates   *memory[[]Finding] // what was found in existing certificates
}

// zlintEngines are the registries, by whether the costly lints are in them. They
// are made when a linter first needs them, and nothing changes them then.
var zlintEngines = map[bool]func() (zlintEngine, error){
	false: sync.OnceValues(func() (zlintEngine, error) { return newZLint(false) }),
	true:  sync.OnceValues(func() (zlintEngine, error) { return newZLint(true) }),
}

// newZLint filters and configures the registries.
func newZLint(keyLints bool) (zlintEngine, error) {
	engine := zlintEngine{map[zlintSettings]registry{}, &memory[[]Finding]{}}
	for _, s := range []zlintSettings{{}, {crossCertificate: true}, {subscriberCRL: true},
		{specimen: true}, {crossCertificate: true, specimen: true}, {subscriberCRL: true, specimen: true}} {
		opts := zlint.FilterOptions{IncludeSources: allSources(), ExcludeNames: s.without(keyLints)}
		reg, err := zlint.GlobalRegistry().Filter(opts)
		if err != nil {
			return engine, fmt.Errorf("filtering zlint's lints: %w", err)
		}
		cfg, err := zlint.NewConfigFromString(s.toml())
		if err != nil {
			return engine, fmt.Errorf("configuring zlint: %w", err)
		}
		reg.SetConfiguration(cfg)
		engine.registries[s] = prepared(reg)
	}
	return engine, nil
}

// asOf are the dates an object is checked at: a violation at either date
// counts.
type asOf struct {
	signing, own time.Time
	expires      time.Time // of the object, for what takes effect while it is valid
}

// in tells at which of the dates a lint is in effect, or "" for none. zlint
// itself only asks for the date in the object, so a backdated object would be
// checked against the wrong rules.
func (d asOf) in(m *zlint.LintMetadata) string {
	switch {
	case !d.signing.IsZero() && inWindow(m, d.signing):
		return AtSigning
	case inWindow(m, d.own):
		return AtOwnDate
	}
	return ""
}

// effective is the day since which a lint is in effect. Some lints are older than the
// document that they cite: they have the day of the RFC that says the same in other
// words, or none.
func effective(m *zlint.LintMetadata) time.Time {
	first := sourceDates[m.Source]
	if m.EffectiveDate.After(first) {
		return m.EffectiveDate
	}
	return first
}

// inWindow reports whether a lint is in effect at t.
func inWindow(m *zlint.LintMetadata, t time.Time) bool {
	return !t.Before(effective(m)) && (m.IneffectiveDate.IsZero() || t.Before(m.IneffectiveDate))
}

// undated takes the window off a copy of the metadata: it was checked already.
func undated(m zlint.LintMetadata) zlint.LintMetadata {
	m.EffectiveDate, m.IneffectiveDate = time.Time{}, time.Time{}
	return m
}

// zrun collects the results of one object.
type zrun struct {
	dates   asOf
	sources map[zlint.LintSource]bool
	report  *Report
	count   Count
	field   func(lint string) profiles.Field
}

// runLint runs one lint unless it is in effect at none of the dates. A panic is
// fatal; zlint itself recovers those of certificate lints only.
func (z *zrun) runLint(m *zlint.LintMetadata, execute func() *zlint.LintResult) {
	if !z.sources[m.Source] {
		return
	}
	when := z.dates.in(m)
	if when == "" {
		z.count.NotInEffect++
		z.announce(m, execute)
		return
	}
	r := recovered(m.Name, execute)
	switch r.Status {
	case zlint.NA:
		z.count.NotApplicable++
	case zlint.NE:
		z.count.NotInEffect++
	case zlint.Pass:
		z.count.Evaluated++
	default:
		z.count.Evaluated++
		z.report.Findings = append(z.report.Findings, z.finding(m, r, when))
	}
}

// finding makes a finding of a result. Its weight comes from the status, never
// from the name of the lint.
func (z *zrun) finding(m *zlint.LintMetadata, r *zlint.LintResult, when string) Finding {
	return Finding{
		Rule: m.Name, Engine: EngineZLint, Status: zlintStatus(r.Status),
		Citation: m.Citation, Requirement: m.Description, Details: r.Details, Sense: r.Details,
		Artifact: z.report.Artifact, Field: z.field(m.Name), When: when,
	}
}

// zlintStatus translates a status; an unknown one is fatal.
func zlintStatus(s zlint.LintStatus) Status {
	switch s {
	case zlint.Notice:
		return Notice
	case zlint.Warn:
		return Warning
	case zlint.Error:
		return Error
	default:
		return Fatal
	}
}

// recovered runs a lint and turns a panic, or no result, into a fatal result.
func recovered(name string, execute func() *zlint.LintResult) (r *zlint.LintResult) {
	defer func() {
		if p := recover(); p != nil {
			r = &zlint.LintResult{Status: zlint.Fatal, Details: fmt.Sprintf("%s panicked: %v", name, p)}
		}
	}()
	if r = execute(); r == nil {
		r = &zlint.LintResult{Status: zlint.Fatal, Details: name + " gave no result"}
	}
	return r
}

// revocationList runs the CRL lints.
func (z *zrun) revocationList(reg registry, r *x509.RevocationList) {
	for _, l := range reg.RevocationListLints().Lints() {
		z.runLint(&l.LintMetadata, func() *zlint.LintResult {
			lint := zlint.RevocationListLint{LintMetadata: undated(l.LintMetadata), Lint: l.Lint}
			return lint.Execute(r, reg.GetConfiguration())
		})
	}
}

// response runs the OCSP lints.
func (z *zrun) response(reg registry, o *ocsp.Response) {
	for _, l := range reg.OcspResponseLints().Lints() {
		z.runLint(&l.LintMetadata, func() *zlint.LintResult {
			lint := zlint.OcspResponseLint{LintMetadata: undated(l.LintMetadata), Lint: l.Lint}
			return lint.Execute(o, reg.GetConfiguration())
		})
	}
}
