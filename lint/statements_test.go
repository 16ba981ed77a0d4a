// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// statement is what one clause of a document says of one object: what its rule has to
// say, as in an edge.
type statement struct {
	clause string
	edge
}

// Each clause was read in its document: where it binds, since when, and what it asks.
// A row is an object on one side of it.
func TestStatements(t *testing.T) {
	w, rules, keys := newHierarchy(t), ownRules(), &keyMemory{}
	for _, s := range slices.Concat(scopeStatements, dateStatements, houseStatements, microsoftStatements, storeStatements,
		mailStatements, codeStatements, constraintStatements, listStatements, answerStatements, issuerStatements, keyStatements) {
		t.Run(s.rule+"/"+s.name, func(t *testing.T) {
			on, i := s.on(t, w, rules, keys)
			if i < 0 {
				t.Fatalf("no rule %s", s.rule)
			}
			if got := rules[i].tells(on); !saysAs(got, s.says) {
				t.Errorf("%s: says %q, want %q", s.clause, got, s.says)
			}
		})
	}
}

// Packs of a root for one purpose.
var (
	webOnly  = bindingOn("", PackTLS)
	mailOnly = bindingOn("", PackSMIME)
	private  = bindingOn("", PackRFC5280)
)

// rootFor says what the root is for.
func rootFor(scopes ...profiles.RootScope) func(*testing.T, *hierarchy, *made) {
	return purpose(func(p *profiles.Purpose) { p.Scope = scopes })
}

// longRoot is a root of thirty years.
func longRoot(t *testing.T, _ *hierarchy) *made {
	return certificate(t, valid(rootProfile(t), "2026-12-01T00:00:00Z", "2056-11-30T23:59:59Z"), key(t, algorithm.ECDSAP384, "root"), nil)
}

// plainDelegate is a responder certificate without ocsp-nocheck.
func plainDelegate(t *testing.T, w *hierarchy) *made {
	return drop(inspect.OIDOCSPNoCheck)(t, w.delegate)
}

// pointing has e1 point to a CRL.
func pointing(u string) maker {
	return maker(e1Of).but(breaking(valued(inspect.OIDCRLDistributionPoints, point(u))))
}

const (
	onTLS   = "https://x1.c.example.com/root-x1.crl"
	inLDAP  = "ldap:///CN=Root,DC=example,DC=com?certificateRevocationList?base"
	noScope = "not-checked scope of the root"
)

// BR 7.1.2.3 has a profile for what is below a root for TLS, and no document of another
// scope refers to it. RFC 5280 holds where nothing else does.
var scopeStatements = []statement{
	{"BR 7.1.2.1.1", edge{"root.validity", "error is more than 9132 days", "30 years for TLS", maker(longRoot).but(webOnly)}},
	{"BR 7.1.2.1.1", edge{"root.validity", "error 365 days and 1 second, from 2026-12-01T00:00:00Z to 2027-12-01T00:00:00Z, is less than 2922 days", "a year and a second for TLS", maker(theRootOf).but(breaking(lasting("2027-12-01T00:00:00Z")), webOnly)}},
	{"CRP 1.8, 1.3.1.3", edge{"prog.chrome-subca-3y", "warning is more than three years", "four years", maker(e1Of).but(breaking(lasting("2030-12-01T00:00:00Z")), bindingOn("", PackChrome))}},
	{"MRSP 5.2, house", edge{"ocspcert.lifetime", "warning is more than 13 months", "two years of a responder", maker(delegateOf).but(breaking(lasting("2028-12-01T00:00:00Z")))}},
	{"CRP 1.8, 1.3.2", edge{"prog.chrome-eku", "error extKeyUsage is missing: it has to be serverAuth", "no purpose", maker(e1Of).but(breaking(drop(inspect.OIDExtKeyUsage)), bindingOn("", PackChrome))}},
	{"ARP 2.0, 1.7", edge{"prog.apple-purpose", "error extKeyUsage is missing", "no purpose for Apple", maker(e1Of).but(breaking(drop(inspect.OIDExtKeyUsage)), bindingOn("", PackApple))}},
	{"BR 7.1.2.10.3", edge{"cert.criticality", "error extension authorityInfoAccess: critical is true", "a critical authorityInfoAccess", maker(e1Of).but(breaking(flagged(inspect.OIDAuthorityInfoAccess, critical)), webOnly)}},
	{"BR 7.1.2.1.1 binds roots for TLS", edge{"root.validity", notApplies, "30 years for S/MIME alone", maker(longRoot).but(mailOnly, rootFor(profiles.ScopeSMIME))}},
	{"BR 7.1.2.1.1 binds roots for TLS", edge{"root.validity", noScope, "30 years for S/MIME and nobody says what else", maker(longRoot).but(mailOnly)}},
	{"BR 7.1.2.1.1 binds roots for TLS", edge{"root.validity", notApplies, "30 years for a private PKI", maker(longRoot).but(private)}},
	{"BR 7.1.2.1.2", edge{"root.aki", "warning", "no identifier, for TLS", maker(theRootOf).but(breaking(drop(inspect.OIDAuthorityKeyID)), webOnly)}},
	{"BR 7.1.2.1.2 binds roots for TLS", edge{"root.aki", notApplies, "no identifier, for S/MIME", maker(theRootOf).but(breaking(drop(inspect.OIDAuthorityKeyID)), mailOnly, rootFor(profiles.ScopeSMIME))}},
	{"BR 7.1.2.8.2", edge{"ocspcert.exact", "error", "no ocsp-nocheck, for TLS", maker(plainDelegate).but(webOnly)}},
	{"BR 7.1.2.8.2 binds what is below a root for TLS", edge{"ocspcert.exact", notApplies, "no ocsp-nocheck, in a private PKI", maker(plainDelegate).but(private)}},
	{"BR 7.1.2.8.2 binds what is below a root for TLS", edge{"ocspcert.exact", notApplies, "no ocsp-nocheck, for code signing", maker(plainDelegate).but(bindingOn("", PackCodeSigning), rootFor(profiles.ScopeCode))}},
	{"BR 7.1.2.11.2", edge{"cert.url", "error", "https for TLS", pointing(onTLS).but(webOnly)}},
	{"RFC 5280 4.2.1.13 permits any scheme", edge{"cert.url", "", "https in a private PKI", pointing(onTLS).but(private)}},
	{"SBR 7.1.2.2 b asks for one HTTP URL", edge{"cert.url", "", "https for S/MIME", pointing(onTLS).but(mailOnly, rootFor(profiles.ScopeSMIME))}},
	{"RFC 5280 4.2.1.13 permits ldap", edge{"cert.url", "", "ldap in a private PKI", pointing(inLDAP).but(private)}},
	{"BR 7.1.2.10.1", edge{"time.not-before", "error", "three days before, for TLS", datedBack.but(webOnly)}},
	{"BR 7.1.2.10.1 binds what is below a root for TLS", edge{"time.not-before", notApplies, "three days before, for S/MIME", datedBack.but(mailOnly, rootFor(profiles.ScopeSMIME))}},
	{"SBR 7.1.5 is for CAs that are to be technically constrained", edge{"nc.smime", notApplies, "no constraints, and none are said", plainMailCA.but(breaking(drop(inspect.OIDNameConstraints)))}},
	{"SBR 7.1.5", edge{"nc.smime", "error", "no constraints, and the CA is said to be constrained", plainMailCA.but(breaking(drop(inspect.OIDNameConstraints)), forIntent(profiles.SMIMEConstrained))}},
	{"RFC 5280 4.2.1.10", edge{"nc.syntax", "", "a domain excluded in a private PKI", maker(constrainedCA).but(breaking(constraint(trees(nil, [][]byte{short(inspect.TagDNS, []byte("mil")...)}))), private)}},
}

// datedBack is a CA whose notBefore is three days before its signing.
var datedBack = maker(e1Of).but(known(func(_ *hierarchy, c *Context) { c.Signing = c.Signing.AddDate(0, 0, 3) }))

// otherHash is a CA below a P-384 key that signs with SHA-256.
func otherHash(t *testing.T, w *hierarchy) *made {
	c := issuingProfile(t, "f-cert", "F1")
	c.Signature = algorithm.ECDSASHA256
	return certificate(t, c, key(t, algorithm.ECDSAP384, "f"), w.root)
}

// Each document asks since a day, and what was signed before stays as it was.
var dateStatements = []statement{
	{"BR 2.0.0, 7.1.2.11.2", edge{"cert.url", "notice", "ldap the day before", pointing(inLDAP).but(bindingOn("2023-09-14", PackTLS))}},
	{"BR 2.0.0, 7.1.2.11.2", edge{"cert.url", "error", "ldap on the day", pointing(inLDAP).but(bindingOn("2023-09-15", PackTLS))}},
	{"MRSP 2.7, 5.1.2", edge{"chain.sigalg-key", "warning (house)", "P-384 with SHA-256 the day before", maker(otherHash).but(bindingOn("2019-12-31", PackMozilla))}},
	{"MRSP 2.7, 5.1.2", edge{"chain.sigalg-key", "error", "P-384 with SHA-256 on the day", maker(otherHash).but(bindingOn("2020-01-01", PackMozilla))}},
	{"BR 1.7.1, 7.1.3.2.2", edge{"chain.sigalg-key", "warning (house)", "P-384 with SHA-256 for TLS the day before", maker(otherHash).but(bindingOn("2020-08-19", PackTLS))}},
	{"BR 1.7.1, 7.1.3.2.2", edge{"chain.sigalg-key", "error", "P-384 with SHA-256 for TLS on the day", maker(otherHash).but(bindingOn("2020-08-20", PackTLS))}},
	{"CSBR 7.1.3.2.2 leaves the hash", edge{"chain.sigalg-key", "warning (house)", "P-384 with SHA-256 for code signing", maker(otherHash).but(bindingOn("", PackCodeSigning))}},
	{"BR 1.7.1, 7.1.2.2 g", edge{"cert.extensions-required", "notice extKeyUsage", "no purposes the day before", maker(e1Of).but(breaking(drop(inspect.OIDExtKeyUsage)), bindingOn("2020-08-19", PackTLS))}},
	{"BR 1.7.1, 7.1.2.2 g", edge{"cert.extensions-required", "error extKeyUsage", "no purposes on the day", maker(e1Of).but(breaking(drop(inspect.OIDExtKeyUsage)), bindingOn("2020-08-20", PackTLS))}},
	{"BR 1.0, Appendix B", edge{"cert.criticality", "error keyUsage: critical is false", "keyUsage not critical on the day", maker(e1Of).but(breaking(flagged(inspect.OIDKeyUsage, nil)), bindingOn("2012-07-01", PackTLS))}},
}

// What no document asks says so and is a warning, unless the object would be of no use.
var houseStatements = []statement{
	{"house", edge{"cert.serial", "warning (house)", "8 octets", maker(e1Of).but(breaking(put(atSerial, 2, 8, 0x71, 1, 2, 3, 4, 5, 6, 7)))}},
	{"BR 7.1.2", edge{"cert.serial", "error cannot hold 64 bits", "7 octets", maker(e1Of).but(breaking(put(atSerial, 2, 7, 0x71, 1, 2, 3, 4, 5, 6)))}},
	{"house", edge{"cert.url", "warning (house)", "a URL without a path", pointing("http://x1.c.example.com")}},
	{"BR 6.1.6, SHOULD", edge{"key.quality", "warning", "a modulus with the factor 3", maker(e1Of).but(breaking(threefold), webOnly)}},
}

// lasting is valid from the ceremony's first second to some time.
func lasting(until string) breaker {
	return part(atValidity, func(t *testing.T, _ *made, _ []byte) []byte {
		return seq(t, der(t, date("2026-12-01T00:00:00Z"), "utc"), der(t, date(until), "utc"))
	})
}

// threefold gives a certificate a modulus that 3 divides.
var threefold = part(atKey, func(t *testing.T, _ *made, _ []byte) []byte {
	n := new(big.Int).SetBit(big.NewInt(0), 4095, 1)
	n.Add(n, big.NewInt(7)) // 2^4095 is 2 modulo 3
	return rsaSPKI(t, n, 65537)
})

// ofNames gives e1, or the constrained CA, name constraints of one permitted name.
func ofNames(mk maker, permitted, excluded [][]byte) maker {
	return mk.but(breaking(constraint(trees(permitted, excluded))), webOnly)
}

var inMail, inURI, onionV2 = [][]byte{baseMail}, [][]byte{short(inspect.TagURI, []byte("example.com")...)}, [][]byte{short(inspect.TagDNS, []byte("expyuzz4wqqyqhjn.onion")...)}

// Names of constraints, by type (BR 2.2.6, RFC 5280).
var constraintStatements = []statement{
	{"BR 7.1.2.5.2: any other value, MUST NOT", edge{"nc.tls", "error not listed", "a mailbox host in a constrained CA", ofNames(constrainedCA, inMail, nil)}},
	{"BR 7.1.2.5.2: any other value, MUST NOT", edge{"nc.tls", "error not listed", "a URI in a constrained CA", ofNames(constrainedCA, inURI, nil)}},
	{"BR 7.1.2.5.2: otherName, NOT RECOMMENDED", edge{"nc.tls", "warning NOT RECOMMENDED", "an otherName in a constrained CA", ofNames(constrainedCA, [][]byte{otherName(1)}, nil)}},
	{"BR 7.1.2.10.8: rfc822Name, NOT RECOMMENDED", edge{"nc.tls", "warning NOT RECOMMENDED", "a mailbox host in another CA", ofNames(e1Of, inMail, nil)}},
	{"BR 7.1.2.10.8: any other value, NOT RECOMMENDED", edge{"nc.tls", "warning NOT RECOMMENDED", "a URI in another CA", ofNames(e1Of, inURI, nil)}},
	{"BR 7.1.2.10.8: directoryName, NOT RECOMMENDED", edge{"nc.tls", "warning excluded", "a directory excluded in another CA", ofNames(e1Of, nil, [][]byte{baseDir})}},
	{"BR Appendix B", edge{"nc.tls", "error version 3 address", "a Tor name of version 2", ofNames(constrainedCA, onionV2, nil)}},
	{"RFC 5280 4.2.1.10", edge{"nc.syntax", "error is not a DNS name", "a dNSName with a leading dot", ofNames(e1Of, [][]byte{short(inspect.TagDNS, []byte(".example.com")...)}, nil)}},
	{"RFC 5280 4.2.1.10", edge{"nc.syntax", "", "a .domain of mailboxes", ofNames(e1Of, [][]byte{short(inspect.TagEmail, []byte(".example.com")...)}, nil)}},
	{"BR 7.1.2.8.3", edge{"cert.aia", "error access method", "the issuer's certificate in a responder", maker(delegateOf).but(breaking(added(inspect.OIDAuthorityInfoAccess, nil, access("1.3.6.1.5.5.7.48.2", "http://i.example.com/ca.crt"))), webOnly)}},
	{"BR 7.1.2.8.3", edge{"cert.aia", "", "a responder in a responder", maker(delegateOf).but(breaking(added(inspect.OIDAuthorityInfoAccess, nil, access("1.3.6.1.5.5.7.48.1", "http://o.example.com/"))), webOnly)}},
}

// withoutIssuer takes the issuer from what is known.
var withoutIssuer = known(func(_ *hierarchy, c *Context) { c.Issuer, c.IssuerKey = nil, nil })

var issuerStatements = []statement{
	{"BR 7.1.2.11.4", edge{"chain.ski", "error", "a CA with the identifier of its issuer", maker(e1Of).but(func(t *testing.T, w *hierarchy, m *made) {
		*m = *fixed(inspect.OIDSubjectKeyID, slices.Concat([]byte{4, 20}, subjectKeyID(w.root.cert.Extensions))...)(t, m)
	})}},
	{"RFC 5280 6.3.3 f", edge{"chain.issuer-can-sign", "error cRLSign", "a CRL of a CA that may not sign any", maker(listOf).but(issuedBy(fixed(inspect.OIDKeyUsage, 3, 2, 2, 4)))}},
	{"RFC 5280 4.1.2.4", edge{"cert.subject", "error", "an empty issuer, and no certificate of it", maker(e1Of).but(breaking(put(atIssuer, 0x30, 0)), withoutIssuer)}},
	{"RFC 5280 4.2.1.1", edge{"cert.aki", "error", "no keyIdentifier, and no certificate of the issuer", maker(e1Of).but(breaking(fixed(inspect.OIDAuthorityKeyID, 0x30, 0)), withoutIssuer)}},
	{"RFC 5280 4.1.2.4", edge{"cert.name-encoding", "error is a BMPString", "a BMPString", maker(e1Of).but(breaking(part(atSubject, func(t *testing.T, _ *made, _ []byte) []byte {
		return seq(t, tlv(t, 0, asn1.TagSet, true, seq(t, []byte{6, 3, 0x55, 4, 3}, []byte{inspect.TagBMPString, 4, 0, 'C', 0, 'A'})))
	})))}},
	{"BR 7.1.2.10.2: the Name is unique", edge{"set.subject-unique", "warning the same name", "one name, another key", beside(func(_ *testing.T, w *hierarchy, p [][]byte) [][]byte { p[atKey] = w.delegate.cert.RawSPKI; return p })}},
	{"BR 7.1.2.10.2: the Name is unique", edge{"set.subject-unique", "", "the same common name in another name", beside(func(t *testing.T, w *hierarchy, p [][]byte) [][]byte {
		rdns := split(t, p[atSubject])
		p[atSubject], p[atKey] = seq(t, rdns[0], rdns[2]), w.delegate.cert.RawSPKI
		return p
	})}},
	{"RFC 5280 4.1.2.2", edge{"set.serial-unique", "error is in other and 2 more", "one serial number in four certificates", maker(beside(otherwiseNamed)).but(again, again)}},
	{"BR 7.1.2.10.2: a CA that is certified again", edge{"set.subject-unique", "", "one name, one key", beside(func(_ *testing.T, _ *hierarchy, p [][]byte) [][]byte { p[atSerial] = []byte{2, 1, 9}; return p })}},
	{"BR 7.1.4.1: names that compare equal", edge{"set.dn-bytes", "error in other bytes", "the same name as a BMPString", maker(e1Of).but(webOnly, func(t *testing.T, w *hierarchy, m *made) {
		m.ctx.Siblings = append(m.ctx.Siblings, Sibling{"other", inBMP(t, w.e1).cert, nil})
	})}},
}

// otherwiseNamed has another subject, and again repeats the last sibling.
func otherwiseNamed(_ *testing.T, w *hierarchy, p [][]byte) [][]byte {
	p[atSubject] = w.delegate.cert.RawSubject
	return p
}

var again = known(func(_ *hierarchy, c *Context) { c.Siblings = append(c.Siblings, c.Siblings[len(c.Siblings)-1]) })

// inBMP has the common name of a certificate as a BMPString.
func inBMP(t *testing.T, m *made) *made {
	return part(atSubject, func(t *testing.T, _ *made, name []byte) []byte {
		rdns := split(t, name)
		var wide []byte
		for _, b := range valuesOf(&m.cert.Subject, oidCommonName)[0] {
			wide = append(wide, 0, byte(b))
		}
		rdns[len(rdns)-1] = tlv(t, 0, asn1.TagSet, true, seq(t, []byte{6, 3, 0x55, 4, 3}, tlv(t, 0, inspect.TagBMPString, false, wide)))
		return seq(t, rdns...)
	})(t, m)
}

// What a key must not be signed with before its day is in TestMailKeys, TestKeyDates and
// TestCodeKeyDates; Apple's sizes are of requests for inclusion.
var keyStatements = []statement{
	{"ARP 2.0, 1.5", edge{"key.size-apple", "error RSA-3072", "RSA-3072 in a root to be included", maker(theRootOf).but(bindingOn("", PackApple), breaking(modulus(3072)), purpose(func(p *profiles.Purpose) { p.Included = profiles.IncludedNew }))}},
	{"ARP 2.0, 1.5", edge{"key.size-apple", notApplies, "RSA-3072 in a root that was included before", maker(theRootOf).but(bindingOn("", PackApple), breaking(modulus(3072)), purpose(func(p *profiles.Purpose) { p.Included = "2026-07-31" }))}},
	{"ARP 2.0, 1.5, without a date of inclusion", edge{"key.size-apple", "warning no date of inclusion", "RSA-3072 in a root dated by its notBefore", maker(theRootOf).but(bindingOn("", PackApple), breaking(modulus(3072)), known(func(_ *hierarchy, c *Context) { c.DatedBy = "its notBefore" }))}},
	{"BR 7.1.2.2, without the time of signing", edge{"time.not-before", "not-checked signing time", "nobody says when it was signed", maker(e1Of).but(webOnly, known(func(_ *hierarchy, c *Context) { c.Signing = time.Time{} }))}},
}

// CSBR 3.10. What remains of an entry after expiry is in TestDropped.
var codeStatements = []statement{
	{"CSBR 7.1.6.3, others than Affiliates", edge{"sub.policies", "warning no CPS|warning no reserved", "an identifier of the CA's own", codeCA("1.2.3.4").but(bindingOn("", PackCodeSigning))}},
	{"CSBR 7.1.2.2 a, others than Affiliates", edge{"sub.policies", "warning no reserved", "an identifier of the CA's own with a CPS", codeCA("1.2.3.4").but(breaking(withQualifier("1.2.3.4", cps, cpsURL...)), bindingOn("", PackCodeSigning))}},
	{"CSBR 7.1.6.3, Affiliates", edge{"sub.policies", "", "the reserved identifier", codeCA(policyCode).but(bindingOn("", PackCodeSigning))}},
	{"CSBR 7.1.6.3, Affiliates", edge{"sub.policies", "warning only for an Affiliate", "anyPolicy", codeCA(policyAny).but(bindingOn("", PackCodeSigning))}},
}
