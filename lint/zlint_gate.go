// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"

	"github.com/zmap/zcrypto/x509"
	zlint "github.com/zmap/zlint/v3/lint"
	"github.com/zmap/zlint/v3/util"

	"rootceremony/profiles"
)

// registry is one of zlint with its lints of certificates prepared: there are four
// hundred of them, and what the framework does around each took longer than most of
// them do.
type registry struct {
	zlint.Registry
	certificates []certificateLint
}

// certificateLint is a lint without what was, or will be, decided for many at once.
type certificateLint struct {
	meta         *zlint.LintMetadata   // with the dates
	alone        zlint.CertificateLint // without dates, which we check, and without the gate
	gated        bool                  // the gate of its source applies
	configurable bool
	results      *memory[*zlint.LintResult] // of costly lints, which look at nothing but the certificate
}

// prepared prepares the lints of certificates.
func prepared(reg zlint.Registry) registry {
	out := registry{Registry: reg}
	for _, l := range reg.CertificateLints().Lints() {
		alone := zlint.CertificateLint{LintMetadata: undated(l.LintMetadata), Lint: l.Lint}
		alone.OverrideFrameworkFilter = true
		_, configurable := l.Lint().(zlint.Configurable)
		c := certificateLint{meta: &l.LintMetadata, alone: alone, gated: !l.OverrideFrameworkFilter, configurable: configurable}
		if slices.Contains(costlyLints, l.Name) {
			c.results = new(memory[*zlint.LintResult])
		}
		out.certificates = append(out.certificates, c)
	}
	return out
}

// gates are the sources whose lints zlint applies to some certificates only. Its
// framework asks the certificate before each lint, with the same answer.
func gates(c *x509.Certificate) map[zlint.LintSource]bool {
	return map[zlint.LintSource]bool{
		zlint.CABFBaselineRequirements:      util.IsServerAuthCert(c),
		zlint.CABFSMIMEBaselineRequirements: util.IsEmailProtectionCert(c),
		zlint.CABFCSBaselineRequirements:    util.IsCodeSigning(c.PolicyIdentifiers),
	}
}

// gatesOf are those of a certificate of a kind. A TLS policy does not make the certificate of
// a responder that of a subscriber (BR 7.1.2.8).
func gatesOf(c *x509.Certificate, kind profiles.Kind) map[zlint.LintSource]bool {
	open := gates(c)
	if kind == profiles.OCSPResponder {
		open[zlint.CABFBaselineRequirements] = false
	}
	return open
}

// notApplicableHere is what most lints say.
//
//nolint:gochecknoglobals // nobody writes to it, and a new one for each lint and object is waste
var notApplicableHere = &zlint.LintResult{Status: zlint.NA}

// run does what the framework does for a lint, in the same order: the gate of its source,
// its configuration, whether it applies, and what it finds.
func (l *certificateLint) run(c *x509.Certificate, open map[zlint.LintSource]bool, config zlint.Configuration) *zlint.LintResult {
	if applies, gate := open[l.meta.Source]; l.gated && gate && !applies {
		return notApplicableHere
	}
	if l.results != nil {
		return l.results.of(c.Raw, func() *zlint.LintResult { return l.execute(c, config) })
	}
	return l.execute(c, config)
}

func (l *certificateLint) execute(c *x509.Certificate, config zlint.Configuration) *zlint.LintResult {
	if l.configurable {
		return l.alone.Execute(c, config)
	}
	lint := l.alone.Lint()
	if !lint.CheckApplies(c) {
		return notApplicableHere
	}
	return lint.Execute(c)
}

// certificate runs the certificate lints.
func (z *zrun) certificate(reg registry, c *x509.Certificate, open map[zlint.LintSource]bool) {
	config := reg.GetConfiguration()
	for i := range reg.certificates {
		l := &reg.certificates[i]
		z.runLint(l.meta, func() *zlint.LintResult { return l.run(c, open, config) })
	}
}
