// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"testing"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// rolloverEdges are about a self-issued certificate of the next key of a CA, which its old
// key signed (RFC 4210 4.4): no root, and one that the CA has issued.
var rolloverEdges = []edge{
	{"crl.first", "error rollover has been valid since", "the next key of the CA", maker(listOf).but(besideRollover)},
	{"crl.idp-uri", "error no certificate of the CA carries", "the next key of the CA points elsewhere", maker(thePartOf).but(besideRollover)},
	{"crl.complete", "not-checked other CRLs", "the next key of the CA points elsewhere", maker(thePartOf).but(besideRollover)},
	{"crl.complete", "error no CRL of the CA covers rollover", "the next key of the CA, and no other CRL", maker(thePartOf).but(besideRollover, parts([]Part{}...))},
	{"set.root-unique", "", "a root beside the certificate of its key by the old one", maker(theRootOf).but(func(t *testing.T, w *hierarchy, m *made) {
		*m = *part(atKey, func(*testing.T, *made, []byte) []byte { return w.e1.cert.RawSPKI })(t, m)
		m.ctx.Siblings = []Sibling{{"rollover", rollover(t, w), nil}}
	})},
	{"set.spki-purpose", "error the same key for", "the next key of the CA with other purposes", maker(e1Of).but(bindingOn("", PackChrome), func(t *testing.T, w *hierarchy, m *made) {
		m.ctx.Siblings = []Sibling{{"rollover", rollover(t, w), nil}}
	})},
	{"root.no-end-entity", "", "below the next key of a CA that may be no root", maker(e1Of).but(breaking(otherBasic(0x30, 0)), func(t *testing.T, w *hierarchy, m *made) { m.ctx.Issuer = rollover(t, w) })},
	{"prog.mozilla-eku", "error extKeyUsage is missing", "the existing one is of the next key, and no root", maker(theCross1).but(bindingOn("", PackMozilla), breaking(drop(inspect.OIDExtKeyUsage)), func(t *testing.T, w *hierarchy, m *made) { m.ctx.Existing = rollover(t, w) })},
}

// rollover is a certificate of the root's name for the key of e1, by the root.
func rollover(t *testing.T, w *hierarchy) *inspect.Certificate {
	t.Helper()
	m := valued(inspect.OIDCRLDistributionPoints, point(shard2))(t, w.e1)
	m = validFrom("2020-01-01", "2029-01-01")(t, drop(inspect.OIDExtKeyUsage)(t, m))
	return ofIssuersName(t, m).cert
}

// besideRollover puts it beside a CRL of the root.
func besideRollover(t *testing.T, w *hierarchy, m *made) {
	m.ctx.Siblings = []Sibling{{"root", w.root.cert, nil}, {"rollover", rollover(t, w), nil}}
}

// affiliateEdges are what only an Affiliate of the issuer may have (BR 7.1.2.10.5, SBR and
// CSBR 7.1.6.3), and what only others must have.
var affiliateEdges = []edge{
	{"sub.policies", "warning anyPolicy: only for an Affiliate of the issuer; nobody says", "anyPolicy, of nobody knows whom", maker(e1Of).but(breaking(policyList(policyAny)))},
	{"sub.policies", "", "anyPolicy of an Affiliate", maker(e1Of).but(breaking(policyList(policyAny)), affiliated(true))},
	{"sub.policies", "error anyPolicy: only for an Affiliate of the issuer [", "anyPolicy of another", maker(e1Of).but(breaking(policyList(policyAny)), affiliated(false))},
	{"sub.policies", "", "a reserved policy of another", maker(e1Of).but(affiliated(false))},
	{"sub.policies", "error no reserved policy", "policies of its own, of an Affiliate for code signing", codeCA("1.2.3.4").but(bindingOn("", PackCodeSigning), affiliated(true))},
	{"sub.policies", "error no CPS", "policies of its own, of another for code signing", codeCA("1.2.3.4").but(bindingOn("", PackCodeSigning), affiliated(false))},
	{"sub.policies", "error no CPS", "the reserved policy, of another for code signing", codeCA(policyCode).but(bindingOn("", PackCodeSigning), affiliated(false))},
	{"sub.policies", "", "policies of its own with a CPS, of another for code signing", codeCA("1.2.3.4").but(breaking(withQualifier("1.2.3.4", cps, cpsURL...)), bindingOn("", PackCodeSigning), affiliated(false))},
	{"sub.eku", "error extKeyUsage is missing", "a cross-certificate of another without purposes", maker(theCross1).but(bindingOn("", PackTLS), breaking(drop(inspect.OIDExtKeyUsage)), affiliated(false))},
	{"sub.eku", "warning for others [", "a cross-certificate of an Affiliate without purposes", maker(theCross1).but(bindingOn("", PackTLS), breaking(drop(inspect.OIDExtKeyUsage)), affiliated(true))},
	{"sub.eku", "error anyExtendedKeyUsage alone", "a cross-certificate of another for any purpose", maker(theCross1).but(bindingOn("", PackTLS), breaking(serving(purposeAny)), affiliated(false))},
	{"sub.eku", "warning anyExtendedKeyUsage alone", "a cross-certificate of an Affiliate for any purpose", maker(theCross1).but(bindingOn("", PackTLS), breaking(serving(purposeAny)), affiliated(true), forIntent(profiles.TLSServer))},
}

// affiliated says whether the CA is an Affiliate of its issuer.
func affiliated(is bool) func(*testing.T, *hierarchy, *made) {
	return known(func(_ *hierarchy, c *Context) { c.Affiliate = &is })
}
