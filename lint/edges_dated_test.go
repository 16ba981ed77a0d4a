// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"slices"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// Days on which one document asks already, and another does not yet.
const (
	afterCSBR = "2023-06-01" // CSBR 2 and BR 1.7.1 are in force, BR 2.0.0 and the SBRs are not
	beforeBR2 = "2023-09-10" // so are the SBRs
)

// codeCA makes a code signing CA of other policies.
func codeCA(policies ...string) maker {
	return func(t *testing.T, w *hierarchy) *made {
		return certificate(t, policied(codeProfile(t), policies...), key(t, algorithm.ECDSAP384, "code"), w.root)
	}
}

// timeCA makes a time stamping CA of other policies.
func timeCA(policies ...string) maker {
	return func(t *testing.T, w *hierarchy) *made {
		return certificate(t, policied(timeProfile(t), policies...), key(t, algorithm.ECDSAP384, "time"), w.root)
	}
}

// withQualifier gives a certificate one policy with a qualifier.
func withQualifier(policy, kind string, value ...byte) breaker {
	return valued(inspect.OIDCertificatePolicies, func(t *testing.T, _ *made) []byte {
		return seq(t, seq(t, rawOID(t, policy), seq(t, seq(t, rawOID(t, kind), value))))
	})
}

// policyList gives a certificate other policies.
func policyList(ids ...string) breaker {
	return valued(inspect.OIDCertificatePolicies, func(t *testing.T, _ *made) []byte {
		var list [][]byte
		for _, id := range ids {
			list = append(list, seq(t, rawOID(t, id)))
		}
		return seq(t, list...)
	})
}

// serving gives a certificate other key purposes.
func serving(ids ...string) breaker { return valued(inspect.OIDExtKeyUsage, oids(ids...)) }

// aia gives a certificate another authorityInfoAccess.
func aia(pairs ...string) breaker { return valued(inspect.OIDAuthorityInfoAccess, access(pairs...)) }

const cps, notice = "1.3.6.1.5.5.7.2.1", "1.3.6.1.5.5.7.2.2"

// cpsURL is a CPS qualifier.
var cpsURL = append([]byte{0x16, 20}, "http://example.com/c"...)

// oldName has a common name in a string type of the last century.
func oldName(t *testing.T, _ *made, _ []byte) []byte {
	return seq(t, tlv(t, 0, asn1.TagSet, true, seq(t, []byte{6, 3, 0x55, 4, 3}, tlv(t, 0, inspect.TagT61String, false, []byte("Old")))))
}

// policyEdges are what documents ask of policies and purposes since days that differ.
var policyEdges = []edge{
	{"sub.policies", "notice qualifier other than id-qt-cps", "a notice before BR 2.0.0", codeCA(policyCode).but(breaking(withQualifier(policyCode, notice, 0x30, 0)), bindingOn(afterCSBR))},
	{"sub.policies", "notice has a qualifier, which is NOT", "a CPS before BR 2.0.0", codeCA(policyCode).but(breaking(withQualifier(policyCode, cps, cpsURL...)), bindingOn(afterCSBR))},
	{"sub.policies", "notice TLS policy", "a TLS policy in a code signing CA before BR 2.0.0", codeCA(policyCode, "2.23.140.1.2.1").but(bindingOn(afterCSBR))},
	{"sub.policies", "error TLS policy", "a TLS policy in a code signing CA", codeCA(policyCode, "2.23.140.1.2.1")},
	{"sub.policies", "", "a TLS policy in a code signing CA that the BRs do not bind", codeCA(policyCode, "2.23.140.1.2.1").but(bindingOn("", PackCodeSigning))},
	{"sub.policies", "notice 2 reserved", "two reserved policies before BR 2.0.0", maker(e1Of).but(breaking(policyList("2.23.140.1.2.1", "2.23.140.1.2.2")), bindingOn(beforeBR2, PackTLS, PackSMIME))},
	{"sub.policies", "notice is not the first", "the reserved policy second before BR 2.0.0", maker(e1Of).but(breaking(policyList("1.2.3.4", "2.23.140.1.2.1")), bindingOn(beforeBR2, PackTLS, PackSMIME))},
	{"sub.policies", "warning exactly one if subscribers chain directly", "two reserved policies in a cross-certificate", maker(theCross1).but(breaking(policyList("2.23.140.1.2.1", "2.23.140.1.2.2")), forIntent(profiles.TLSServer), bindingOn("", PackTLS))},
	{"sub.policies", "notice exactly one if subscribers chain directly", "two reserved policies in a cross-certificate before BR 2.0.0", maker(theCross1).but(breaking(policyList("2.23.140.1.2.1", "2.23.140.1.2.2")), forIntent(profiles.TLSServer), bindingOn(beforeBR2, PackTLS, PackSMIME))},
	{"sub.policies", "warning no CPS|notice no reserved", "no reserved policy in a time stamping CA before 2022-03-31", timeCA("1.2.3.4").but(bindingOn("2022-03-30", PackCodeSigning))},
	{"sub.policies", "warning no CPS|warning no reserved", "no reserved policy in a time stamping CA since", timeCA("1.2.3.4").but(bindingOn("2022-03-31", PackCodeSigning))},
	{"sub.policies", "warning no CPS|warning no reserved", "no reserved policy in a code signing CA before", codeCA("1.2.3.4").but(bindingOn("2022-03-30", PackCodeSigning))},
	{"sub.policies", "", "no reserved policy in a CA for S/MIME that the SBRs do not bind", plainMailCA.but(breaking(policyList("1.2.3.4")), bindingOn("", PackTLS))},
	{"sub.policies", "", "no reserved policy in a CA for code signing that the CSBRs do not bind", codeCA("1.2.3.4").but(bindingOn("", PackTLS))},
	{"sub.eku", "error precertificate signing MUST NOT", "for servers and precertificates since BR 2.0.0", maker(e1Of).but(breaking(serving(purposeServer, purposePrecert)), bindingOn("2023-09-15", PackTLS))},
	{"sub.eku", "notice precertificate signing MUST NOT", "for servers and precertificates before BR 2.0.0", maker(e1Of).but(breaking(serving(purposeServer, purposePrecert)), bindingOn(beforeBR2, PackTLS))},
	{"sub.eku", "notice no CA for precertificates alone", "for precertificates alone, while there were such CAs", maker(e1Of).but(breaking(serving(purposePrecert)), bindingOn("2026-03-14", PackTLS))},
	{"sub.eku", "error no CA for precertificates alone", "for precertificates alone since 2026-03-15", maker(e1Of).but(breaking(serving(purposePrecert)), bindingOn("2026-03-15", PackTLS))},
	{"sub.eku", "notice 1.2.3.4 is NOT RECOMMENDED", "for code signing before the CSBRs", codeCA(policyCode).but(breaking(serving(purposeCode, "1.2.3.4")), bindingOn("2021-01-01"))},
	{"sub.eku", "warning 1.2.3.4 is NOT RECOMMENDED", "for code signing since the CSBRs", codeCA(policyCode).but(breaking(serving(purposeCode, "1.2.3.4")), bindingOn("2021-06-01"))},
	{"sub.eku", "error email-protection MUST NOT be present", "what has a name", codeCA(policyCode).but(breaking(serving(purposeCode, purposeEmail)))},
	{"sub.eku-smime", notApplies, "a CA that is not for S/MIME", maker(e1Of).but(bindingOn("", PackSMIME))},
	{"sub.eku-smime", "error is not emailProtection", "a cross-certificate since SMC018", mailCross.but(breaking(serving(purposeEmail, purposeCode)))},
	{"sub.eku-smime", "notice is not emailProtection", "a subordinate CA since SMC018", plainMailCA.but(breaking(serving(purposeEmail, purposeCode)))},
	{"prog.chrome-eku", "error extKeyUsage", "for e-mail before 2026-06-15", maker(e1Of).but(breaking(serving(purposeServer, purposeEmail)), bindingOn("2026-03-01", PackChrome))},
	{"prog.chrome-eku", "notice extKeyUsage", "for clients, too, before 2026-06-15", maker(e1Of).but(breaking(serving(purposeServer, purposeClient)), bindingOn("2026-03-01", PackChrome))},
	{"prog.chrome-eku", notYet + "|notice extKeyUsage", "before CCADB Policy 6.3", maker(e1Of).but(breaking(serving(purposeServer, purposeEmail)), bindingOn("2025-06-14", PackChrome))},
	{"key.smime-issuing", notYet + "|notice RSA-2048", "before the SBRs", plainMailCA.but(breaking(modulus(2048)), bindingOn("2023-08-31", PackSMIME))},
	{"key.smime-issuing", notApplies, "a CA that is not for S/MIME", maker(e1Of).but(bindingOn("", PackSMIME))},
	{"key.size-program", "notice RSA-3072 in", "RSA of 3072 bits before CSBR 3.0", codeCA(policyCode).but(breaking(modulus(3072)), bindingOn("2022-06-28", PackCodeSigning))},
	{"key.size-program", "error RSA-2048 in", "RSA of 2048 bits since CSBR 2", codeCA(policyCode).but(breaking(modulus(2048)), bindingOn("2021-06-01", PackCodeSigning))},
}

// mailCross is a cross-certificate into a hierarchy for S/MIME.
var mailCross = maker(theCross1).but(bindingOn("", PackSMIME), purpose(func(p *profiles.Purpose) {
	p.Intent, p.SubjectHierarchy = profiles.TLSServer, profiles.SMIME
}))

// extensionEdges are what documents ask of extensions, names and times.
var extensionEdges = []edge{
	{"cert.extensions-required", "notice authorityInfoAccess", "no authorityInfoAccess before the CSBRs", codeCA(policyCode).but(breaking(drop(inspect.OIDAuthorityInfoAccess)), bindingOn("2021-05-31", PackCodeSigning))},
	{"root.extensions", "warning certificatePolicies in a root", "policies that the SBRs ask about", maker(theRootOf).but(breaking(added(inspect.OIDCertificatePolicies, nil, literal(0x30, 8, 0x30, 6, 6, 4, 0x55, 0x1d, 0x20, 0))), bindingOn("", PackSMIME))},
	{"root.extensions", "", "an extension that the SBRs do not ask about", maker(theRootOf).but(breaking(added(asn1.ObjectIdentifier{1, 2, 3, 4}, nil, literal(5, 0))), bindingOn("", PackSMIME))},
	{"root.extensions", "warning extension 1.2.3.4", "an extension that the BRs ask about", maker(theRootOf).but(breaking(added(asn1.ObjectIdentifier{1, 2, 3, 4}, nil, literal(5, 0))), bindingOn("", PackTLS))},
	{"root.extensions", "notice extension 1.2.3.4", "an extension before BR 2.0.0", maker(theRootOf).but(breaking(added(asn1.ObjectIdentifier{1, 2, 3, 4}, nil, literal(5, 0))), bindingOn(afterCSBR, PackTLS))},
	{"cert.ku", "", "a responder below the SBRs", maker(delegateOf).but(bindingOn("", PackSMIME))},
	{"cert.ku", "", "a responder of other bits below the SBRs", maker(delegateOf).but(breaking(fixed(inspect.OIDKeyUsage, 3, 2, 1, 6)), bindingOn("", PackSMIME))},
	{"cert.ocsp-intent", "", "a key that signs OCSP responses", maker(e1Of).but(breaking(fixed(inspect.OIDKeyUsage, 3, 2, 1, 0x86)), purpose(func(p *profiles.Purpose) { p.OCSP = ocspDirect }))},
	{"cert.attr-required", notApplies, "a responder below the SBRs", maker(delegateOf).but(bindingOn("", PackSMIME))},
	{"cert.ou", "notice organizational-unit", "in a cross-certificate", maker(theCross1).but(breaking(part(atSubject, withUnit)))},
	{"cert.name-encoding", "notice is a T61String", "before RFC 3280 asked for UTF-8", maker(e1Of).but(breaking(part(atSubject, oldName)), bindingOn("2003-12-31"))},
	{"cert.name-encoding", "error is a T61String", "since", maker(e1Of).but(breaking(part(atSubject, oldName)), bindingOn("2004-01-01"))},
	{"cert.aia", "notice access method", "another method before BR 2.0.0", codeCA(policyCode).but(breaking(aia("1.2.3.4", "http://a.example.com/", "1.3.6.1.5.5.7.48.2", "http://i.example.com/ca.crt")), bindingOn(afterCSBR))},
	{"cert.aia", "notice duplicate", "twice before BR 2.0.0", codeCA(policyCode).but(breaking(aia("1.3.6.1.5.5.7.48.2", "http://i.example.com/ca.crt", "1.3.6.1.5.5.7.48.2", "http://i.example.com/ca.crt")), bindingOn(afterCSBR))},
	{"cert.aia", "notice is not a URI", "a name before BR 2.0.0", codeCA(policyCode).but(breaking(valued(inspect.OIDAuthorityInfoAccess, func(t *testing.T, m *made) []byte {
		return seq(t, seq(t, rawOID(t, "1.3.6.1.5.5.7.48.1"), short(2, 'a')), seq(t, rawOID(t, "1.3.6.1.5.5.7.48.2"), uri(t, "http://i.example.com/ca.crt")))
	})), bindingOn(afterCSBR))},
	{"chain.issuer-urls", notApplies, "no URL", maker(e1Of).but(breaking(drop(inspect.OIDCRLDistributionPoints)), breaking(drop(inspect.OIDAuthorityInfoAccess)))},
	{"crl.comes-in", notApplies, "no CRL comes in", listOf},
	{"crl.entry-dates", notApplies, "nothing is listed", listOf},
	{"crl.entry-reason", notApplies, "nothing is listed", listOf},
	{"crl.responses", notApplies, "no response is signed before", maker(revokingMade)},
	{"ocsp.crl", notApplies, "a private CA has no CRL", maker(statusOf).but(bindingOn("", PackRFC5280), known(func(_ *hierarchy, c *Context) { c.LatestCRL = nil }))},
	{"chain.nc-nested", notApplies, "no constraints", e1Of},
	{"set.organization", notApplies, "published already", maker(e1Of).but(known(func(_ *hierarchy, c *Context) { c.Published = true }))},
	{"set.root-unique", "", "another root", maker(theRootOf).but(func(t *testing.T, w *hierarchy, m *made) {
		m.ctx.Siblings = []Sibling{{"private", privateRoot(t).cert, nil}}
	})},
	{"cert.validity", "error declared validity", "a validity that cannot be read", maker(e1Of).but(func(_ *testing.T, _ *hierarchy, m *made) {
		m.obj.certificate().Validity.NotBefore = "yesterday"
	})},
	{"cert.time", "error is not a UTCTime", "a GeneralizedTime before 2050", maker(e1Of).but(breaking(part(atValidity, func(t *testing.T, m *made, _ []byte) []byte {
		return seq(t, der(t, m.cert.NotBefore.Time, "generalized"), der(t, m.cert.NotAfter.Time, "utc"))
	})))},
	{"time.not-before", "", "a cross-certificate of a CA that is younger", maker(theCross1).but(known(func(_ *hierarchy, c *Context) {
		old := *c.Existing
		old.NotBefore.Time = c.Signing.Add(-time.Hour)
		c.Existing = &old
	}))},
}

func delegateOf(_ *testing.T, w *hierarchy) *made { return w.delegate }

// withUnit adds an organizational unit to a name.
func withUnit(t *testing.T, _ *made, name []byte) []byte {
	return seq(t, append(split(t, name), tlv(t, 0, asn1.TagSet, true, seq(t, []byte{6, 3, 0x55, 4, 11}, []byte{0x13, 2, 'U', 'S'})))...)
}

// programEdges are what root programs ask.
var programEdges = []edge{
	{"prog.mozilla-eku", "error extKeyUsage", "a subordinate CA for both", maker(e1Of).but(breaking(serving(purposeServer, purposeEmail)), bindingOn("", PackMozilla))},
	{"prog.mozilla-eku", "", "a cross-certificate of a root", maker(theCross1).but(breaking(serving(purposeServer, purposeEmail)), bindingOn("", PackMozilla))},
	{"prog.mozilla-eku", "error extKeyUsage", "a cross-certificate of a CA", maker(theCross1).but(breaking(serving(purposeServer, purposeEmail)), bindingOn("", PackMozilla), known(func(w *hierarchy, c *Context) { c.Existing = w.e1.cert }))},
	{"prog.mozilla-dedicated", "", "below a root that was added before", plainMailCA.but(breaking(serving(purposeEmail, purposeCode)), purpose(func(p *profiles.Purpose) { p.Included = "2025-03-15" }))},
	{"prog.mozilla-dedicated", "error extKeyUsage", "below a root that was added after", plainMailCA.but(breaking(serving(purposeEmail, purposeCode)), purpose(func(p *profiles.Purpose) { p.Included = "2025-03-16" }))},
	{"prog.mozilla-dedicated", "error extKeyUsage", "for TLS below a root for S/MIME", plainMailCA.but(breaking(serving(purposeServer)), purpose(func(p *profiles.Purpose) { p.Included = profiles.IncludedNew }))},
	{"prog.ms-ocsp", "", "no nextUpdate", maker(statusOf).but(breaking(noNext), bindingOn("", PackMicrosoft))},
	{"prog.ms-root-purpose", "", "for servers and clients", maker(theRootOf).but(bindingOn("", PackMicrosoft), breaking(addedPurposes(purposeClient)), purpose(func(p *profiles.Purpose) { p.Scope = []profiles.RootScope{profiles.ScopeTLS} }))},
	{"prog.ms-root-purpose", "", "for TLS and S/MIME, submitted before", maker(twoScopesOf).but(known(func(_ *hierarchy, c *Context) { c.Submission = date("2026-06-30T00:00:00Z") }))},
	{"prog.ms-root-purpose", "error a root for", "for TLS and S/MIME, submitted since", maker(twoScopesOf).but(known(func(_ *hierarchy, c *Context) { c.Submission = date("2026-07-01T00:00:00Z") }))},
	{"key.age", "", "for S/MIME, sixteen years", agedRoot(profiles.SMIME)},
	{"key.age", "warning 15 years after its key", "for TLS, sixteen years", agedRoot(profiles.TLSServer)},
	{"key.size-smime", "error 4096 bits; its notBefore is used", "dated by its notBefore", plainMailCA.but(breaking(modulus(2048)), known(func(_ *hierarchy, c *Context) { c.DatedBy = "its notBefore" }))},
}

func twoScopesOf(t *testing.T, _ *hierarchy) *made { return twoScopes(t) }

// addedPurposes gives a root key purposes.
func addedPurposes(ids ...string) breaker { return added(inspect.OIDExtKeyUsage, nil, oids(ids...)) }

// agedRoot is a root that is valid for sixteen years.
func agedRoot(i profiles.Intent) maker {
	return func(t *testing.T, w *hierarchy) *made {
		c := aimed(valid(rootProfile(t), "2026-12-01T00:00:00Z", "2042-11-30T23:59:59Z"), i)
		m := certificate(t, c, key(t, algorithm.ECDSAP384, "root"), nil)
		m.ctx.KeyGenerated = signing
		return m
	}
}

// noNext takes nextUpdate from a response.
func noNext(t *testing.T, m *made) *made {
	parts := split(t, m.tbs)
	for i, p := range parts {
		if p[0] == 0x30 {
			list := split(t, p)
			s := split(t, list[0])
			list[0] = seq(t, s[:3]...)
			parts[i] = seq(t, list...)
			break
		}
	}
	return reanswerBy(t, m, seq(t, parts...))
}

// spellingEdges are names that are odd.
var spellingEdges = []edge{
	{"name.quotes", "warning typographic", "in a new name", maker(e1Of).but(breaking(part(atSubject, quoted)))},
	{"name.quotes", "notice has to keep its bytes", "in a cross-certificate", maker(theCross1).but(breaking(part(atSubject, quoted)))},
	{"name.quotes", "notice has to keep its bytes", "in the name of a certificate that is there", maker(e1Of).but(breaking(part(atSubject, quoted)), func(_ *testing.T, _ *hierarchy, m *made) {
		m.ctx.Siblings = append(m.ctx.Siblings, Sibling{"old", &inspect.Certificate{Raw: []byte{1}, RawSubject: m.cert.RawSubject}, nil})
	})},
	{"name.quotes", "warning typographic", "beside another certificate that is there", maker(e1Of).but(breaking(part(atSubject, quoted)), known(func(_ *hierarchy, c *Context) {
		c.Siblings = append(c.Siblings, Sibling{"old", &inspect.Certificate{Raw: []byte{1}, RawSubject: []byte{2}}, nil})
	}))},
	{"set.organization", "", "no organization", maker(e1Of).but(breaking(part(atSubject, unnamed)), known(otherOrganizations("Example Trust", "")))},
	{"set.organization", "warning and \"Example Trusts\" in one", "two others of nearly this name", maker(e1Of).but(known(otherOrganizations("Example Trusts", "Example Trusts", "")))},
	{"set.organization", "warning the country of", "the same in another country, of more", maker(e1Of).but(known(otherCountries))},
}

// unnamed is a name without an organization.
func unnamed(t *testing.T, _ *made, _ []byte) []byte {
	return seq(t, tlv(t, 0, asn1.TagSet, true, seq(t, []byte{6, 3, 0x55, 4, 3}, []byte{0x13, 2, 'C', 'A'})))
}

// otherOrganizations are what authorities say of themselves.
func otherOrganizations(names ...string) func(*hierarchy, *Context) {
	return func(_ *hierarchy, c *Context) {
		c.Siblings = nil
		for _, n := range names {
			c.Authorities = append(c.Authorities, Organization{Of: "one", Organization: n, Country: "US"})
		}
	}
}

// otherCountries are three authorities of the same organization, two of them abroad.
func otherCountries(_ *hierarchy, c *Context) {
	c.Siblings = nil
	for _, country := range []string{"NL", "NL"} {
		c.Authorities = append(c.Authorities, Organization{Of: "one", Organization: "Example Trust", Country: country})
	}
}

// quoted is a name with a typographic apostrophe.
func quoted(t *testing.T, _ *made, _ []byte) []byte {
	return seq(t, tlv(t, 0, asn1.TagSet, true, seq(t, []byte{6, 3, 0x55, 4, 3}, tlv(t, 0, asn1.TagUTF8String, false, []byte("People\u2019s CA")))))
}

var datedEdges = slices.Concat(policyEdges, extensionEdges, programEdges, spellingEdges)
