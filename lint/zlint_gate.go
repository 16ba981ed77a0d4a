// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"github.com/zmap/zcrypto/x509"
	zlint "github.com/zmap/zlint/v3/lint"
	"github.com/zmap/zlint/v3/util"
)

// registry is one of zlint with its lints of certificates made ready: there are four
// hundred of them, and what the framework does around each took longer than most.
type registry struct {
	zlint.Registry
	certificates []certificateLint
}

// certificateLint is a lint without what was, or will be, decided for many at once.
type certificateLint struct {
	meta  *zlint.LintMetadata   // with the dates
	alone zlint.CertificateLint // without dates, which we check, and without the gate
	gated bool                  // the gate of its source applies
}

// ready makes the lints of certificates ready.
func ready(reg zlint.Registry) registry {
	out := registry{Registry: reg}
	for _, l := range reg.CertificateLints().Lints() {
		alone := zlint.CertificateLint{LintMetadata: undated(l.LintMetadata), Lint: l.Lint}
		alone.OverrideFrameworkFilter = true
		out.certificates = append(out.certificates, certificateLint{&l.LintMetadata, alone, !l.OverrideFrameworkFilter})
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

// run runs the lint unless the gate of its source is shut.
func (l *certificateLint) run(c *x509.Certificate, open map[zlint.LintSource]bool, config zlint.Configuration) *zlint.LintResult {
	if applies, gate := open[l.meta.Source]; l.gated && gate && !applies {
		return &zlint.LintResult{Status: zlint.NA}
	}
	return l.alone.Execute(c, config)
}

// certificate runs the certificate lints.
func (z *zrun) certificate(reg registry, c *x509.Certificate) {
	open, config := gates(c), reg.GetConfiguration()
	for i := range reg.certificates {
		l := &reg.certificates[i]
		z.runLint(l.meta, func() *zlint.LintResult { return l.run(c, open, config) })
	}
}
