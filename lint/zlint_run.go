// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"fmt"
	"slices"
	"time"

	"github.com/zmap/zcrypto/x509"
	zlint "github.com/zmap/zlint/v3/lint"
	"golang.org/x/crypto/ocsp"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// ruleZLintParse is found when zlint's parser cannot read an object.
const ruleZLintParse = "zlint.parse"

// zlintReads is what that rule asks for.
const zlintReads = "the object can be read by zlint's parser"

// run applies the lints for the kind of the object. There are none for
// certificate requests.
func (e zlintEngine) run(t *target, report *Report) {
	reg := e.registries[settingsFor(t.obj, t.static)]
	z := &zrun{
		dates: asOf{signing: t.ctx.Signing, own: t.ownDate(), expires: t.expires()}, sources: sourcesOf(t.purpose.Rules),
		report: report, field: zlintField,
	}
	switch err := z.object(t, reg); {
	case err == nil:
	case t.unreadName():
		report.add(Finding{Rule: ruleZLintParse, Engine: EngineCeremony, Status: Notice, Citation: "house", Field: FieldIssuer, Requirement: zlintReads,
			Details: "not checked by zlint, whose parser cannot read the name of the existing CA, which stays byte for byte; our own rules have checked it: " + err.Error()})
	case t.ctx.Published:
		report.Notes = append(report.Notes, "zlint's parser does not read it, only our own rules check it: "+err.Error())
		report.add(Finding{Rule: ruleZLintParse, Engine: EngineCeremony, Status: NotChecked, Citation: "house", Requirement: zlintReads,
			Field: FieldEncoding, Lacks: []Need{NeedReadable}, Absent: AbsentLacking})
	default:
		report.fatal(ruleZLintParse, zlintReads, "%v", err)
	}
	report.Ran[EngineZLint] = z.count
}

// object parses for zlint and runs the lints. Parsers may panic, too.
func (z *zrun) object(t *target, reg registry) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("zlint's parser panicked: %v", p)
		}
	}()
	return rows[t.obj.Kind()].zlint(z, t, reg)
}

func (z *zrun) lintCertificate(t *target, reg registry) error {
	c, err := t.byZLint()
	if err != nil {
		return err
	}
	asDeclared(c, t.obj.Kind())
	open := gatesOf(c, t.obj.Kind())
	z.report.Notes = skippedPacks(open, t.purpose.Rules)
	z.certificate(reg, c, open)
	return nil
}

// asDeclared tells zlint what it cannot see. zcrypto calls a certificate self-signed when
// its signature verifies, which that of a specimen or of a damaged root does not, and it
// would be checked as a subordinate CA: that is for chain.signature to say. In a CA whose basicConstraints does
// not say so, as a root of version 1, which has none: that it is one is known otherwise
// (RFC 5280 6.1.4 k), or was declared, or is meant by its keyCertSign, and it would be
// checked as a subscriber's. cert.extensions-required says that cA is missing.
func asDeclared(c *x509.Certificate, kind profiles.Kind) {
	c.SelfSigned = kind == profiles.RootCA
	c.IsCA = c.IsCA || isCA(kind)
}

func (z *zrun) lintCRL(t *target, reg registry) error {
	r, err := x509.ParseRevocationList(t.der)
	if err != nil {
		return err
	}
	z.revocationList(reg, r)
	return nil
}

func (z *zrun) lintResponse(t *target, reg registry) error {
	o, err := t.ocspResponse()
	if err != nil {
		return err
	}
	z.response(reg, o)
	return nil
}

func (z *zrun) lintRequest(*target, registry) error {
	z.report.Notes = []string{"zlint has no lints for certificate requests; only our own rules check them"}
	return nil
}

// skippedPacks says which of the packs that the profile names zlint leaves out for
// this certificate: its framework asks the certificate, not the profile,
// whether the documents of the CA/Browser Forum apply to it.
func skippedPacks(open map[zlint.LintSource]bool, packs []string) (notes []string) {
	for _, g := range []struct {
		pack   string
		source zlint.LintSource
		asks   string
	}{
		{PackTLS, zlint.CABFBaselineRequirements, "no extKeyUsage, serverAuth, anyExtendedKeyUsage or a TLS policy"},
		{PackSMIME, zlint.CABFSMIMEBaselineRequirements, "an S/MIME policy, or an e-mail address and a fitting extKeyUsage"},
		{PackCodeSigning, zlint.CABFCSBaselineRequirements, "a code signing policy"},
	} {
		if slices.Contains(packs, g.pack) && !open[g.source] {
			notes = append(notes, "zlint applies most lints of "+g.pack+" only to certificates with "+g.asks+", and not to responders; our own rules check this one")
		}
	}
	return notes
}

// ocspResponse parses for zlint. The parser verifies the signature under an
// embedded certificate, so a specimen is read without it.
func (t *target) ocspResponse() (*ocsp.Response, error) {
	der := t.der
	if t.static && len(t.resp().Certificates) > 0 {
		basic, err := assemble(t.tbs, t.alg, t.signature)
		if err != nil {
			return nil, err
		}
		if der, err = wrapResponse(basic); err != nil {
			return nil, err
		}
	}
	return ocsp.ParseResponse(der, nil)
}

// ownDate is the date an object carries.
func (t *target) ownDate() time.Time {
	from, _ := t.read.Period()
	return from.Time
}

// expires is when an object ceases to be valid, or zero.
func (t *target) expires() time.Time {
	if _, to := t.read.Period(); to != nil {
		return to.Time
	}
	return time.Time{}
}

// byOwnDate gives the errors that zlint finds in a certificate of another day,
// by the rules of its notBefore alone: it was made under those. specimen is what
// is declared of it where it is not signed yet. Many certificates may name the same
// existing one.
func (e zlintEngine) byOwnDate(c *inspect.Certificate, specimen *profiles.Certificate, packs []string) []Finding {
	kind := profiles.Kind("signed")
	if specimen != nil {
		kind = specimen.Kind
	}
	name := fmt.Appendf(nil, "%s %q ", kind, packs)
	return e.ownDates.of(append(name, c.Raw...), func() []Finding { return e.lintByOwnDate(c, specimen, packs) })
}

func (e zlintEngine) lintByOwnDate(c *inspect.Certificate, specimen *profiles.Certificate, packs []string) []Finding {
	report := newReport("")
	z := &zrun{
		dates: asOf{own: c.NotBefore.Time}, sources: sourcesOf(packs), report: &report, field: zlintField,
	}
	parsed, err := x509.ParseCertificate(c.Raw)
	if err != nil {
		report.fatal(ruleZLintParse, zlintReads, "%v", err)
		return report.Findings
	}
	switch {
	case specimen != nil:
		asDeclared(parsed, specimen.Kind)
	case namesOwnKey(c):
		asDeclared(parsed, profiles.RootCA)
	}
	z.certificate(e.registries[zlintSettings{}], parsed, gates(parsed))
	return slices.DeleteFunc(report.Findings, func(f Finding) bool { return f.Status.weight() < Error.weight() })
}
