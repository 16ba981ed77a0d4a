// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
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

// submitted is when a root was submitted, under Microsoft's program alone.
func submitted(day string, intent profiles.Intent, ids ...string) maker {
	return maker(theRootOf).but(bindingOn("", PackMicrosoft), forIntent(intent), breaking(addedPurposes(ids...)),
		rootFor(), known(func(_ *hierarchy, c *Context) { c.Submission = date(day + "T00:00:00Z") }))
}

// answeredFor is a response under Microsoft's program, from now to some time later; the
// last second counts.
func answeredFor(d time.Duration) maker {
	return maker(statusOf).but(breaking(answered(3, until(0, d-time.Second))), bindingOn("", PackMicrosoft))
}

// codeRoot is a root for code signing with an RSA key of so many bits; 0: EC.
func codeRoot(n uint) maker {
	m := maker(theRootOf).but(bindingOn("", PackMicrosoft), forIntent(profiles.CodeSigning))
	if n == 0 {
		return m
	}
	return m.but(breaking(modulus(n)))
}

// unreachable is a CA without a place to ask for its status, but for those given.
func unreachable(pairs ...string) maker {
	m := maker(e1Of).but(bindingOn("", PackMicrosoft), breaking(drop(inspect.OIDCRLDistributionPoints)))
	if len(pairs) == 0 {
		return m.but(breaking(drop(inspect.OIDAuthorityInfoAccess)))
	}
	return m.but(breaking(aia(pairs...)))
}

const before2026, since2026 = "2026-06-30", "2026-07-01"

// MTRP 1.2 of 2026-05-20.
var microsoftStatements = []statement{
	{"MTRP 3.4.3", edge{"prog.ms-root-purpose", "", "server and client", submitted(since2026, profiles.TLSServer, purposeClient)}},
	{"MTRP 3.4.3", edge{"prog.ms-root-purpose", "", "S/MIME and client", submitted(since2026, profiles.SMIME, purposeClient)}},
	{"MTRP 3.4.3", edge{"prog.ms-root-purpose", "", "code, client and time stamping", submitted(since2026, profiles.CodeSigning, purposeClient, purposeTime)}},
	{"MTRP 3.4.3", edge{"prog.ms-root-purpose", "error a root for", "server and S/MIME", submitted(since2026, profiles.TLSServer, purposeEmail)}},
	{"MTRP 3.4.3", edge{"prog.ms-root-purpose", "error a root for", "server and code", submitted(since2026, profiles.TLSServer, purposeCode)}},
	{"MTRP 3.4.3", edge{"prog.ms-root-purpose", "error a root for", "S/MIME and code", submitted(since2026, profiles.SMIME, purposeCode)}},
	{"MTRP 3.4.3", edge{"prog.ms-root-purpose", "error a root for", "server and time stamping", submitted(since2026, profiles.TLSServer, purposeTime)}},
	{"MTRP 3.4.3: no other combination", edge{"prog.ms-root-purpose", "error a root for", "client and time stamping, without code", submitted(since2026, profiles.ClientAuth, purposeClient, purposeTime)}},
	{"MTRP 3.4.3: no other combination", edge{"prog.ms-root-purpose", "error a root for", "S/MIME and document signing", submitted(since2026, profiles.SMIME, "1.3.6.1.4.1.311.10.3.12")}},
	{"MTRP 3.4.2", edge{"prog.ms-root-purpose", "", "document signing alone", submitted(since2026, "", "1.3.6.1.4.1.311.10.3.12")}},
	{"MTRP 3.4.3", edge{"prog.ms-root-purpose", "", "server and S/MIME, submitted before", submitted(before2026, profiles.TLSServer, purposeEmail)}},
	{"MTRP 3.4.3, without a date of submission", edge{"prog.ms-root-purpose", "warning notBefore is used", "server and S/MIME by its scope", twoScopesOf}},
	{"MTRP 3.1.10", edge{"prog.ms-status", "error neither", "neither a CRL nor OCSP", unreachable()}},
	{"MTRP 3.1.10", edge{"prog.ms-status", "error neither", "only a certificate of the issuer", unreachable("1.3.6.1.5.5.7.48.2", "http://i.example.com/ca.crt")}},
	{"MTRP 3.1.10: and/or", edge{"prog.ms-status", "", "OCSP alone", unreachable("1.3.6.1.5.5.7.48.1", "http://o.example.com/")}},
	{"MTRP 3.1.10, should", edge{"prog.ms-status", "warning octets", "a CRL of ten megabytes", maker(listOf).but(bindingOn("", PackMicrosoft), breaking(added(asn1.ObjectIdentifier{1, 2, 3, 4}, nil, func(*testing.T, *made) []byte { return bytes.Repeat([]byte{5, 0}, microsoftCRL/2) })))}},
	{"MTRP 3.1.10, should", edge{"prog.ms-status", "", "a small CRL", maker(listOf).but(bindingOn("", PackMicrosoft))}},
	{"MTRP 3.2.2 a", edge{"prog.ms-ocsp", "warning", "a second less than 8 hours", answeredFor(8*time.Hour - time.Second)}},
	{"MTRP 3.2.2 a", edge{"prog.ms-ocsp", "", "8 hours", answeredFor(8 * time.Hour)}},
	{"MTRP 3.2.2 a", edge{"prog.ms-ocsp", "", "7 days", answeredFor(7 * day)}},
	{"MTRP 3.2.2 a", edge{"prog.ms-ocsp", "warning", "a second more than 7 days", answeredFor(7*day + time.Second)}},
	{"MTRP 3.1.20", edge{"key.size-program", "error RSA keys of 4096", "a root for code signing with an EC key", codeRoot(0)}},
	{"MTRP 3.1.20", edge{"key.size-program", "error RSA keys of 4096", "a root for code signing with RSA-3072", codeRoot(3072)}},
	{"MTRP 3.1.20", edge{"key.size-program", "", "a root for code signing with RSA-4096", codeRoot(4096)}},
	{"MTRP 3.1.20, note", edge{"key.size-program", "error RSA keys of 4096", "a root for code signing with RSA-8192", codeRoot(8192)}},
	{"MTRP 3.1.20, other uses", edge{"key.size-program", "", "a root for TLS with an EC key", maker(theRootOf).but(bindingOn("", PackMicrosoft))}},
	{"MTRP 3.1.20, note", edge{"key.size-program", "warning Windows does not support", "a CA for code signing with an EC key", codeCA(policyCode).but(bindingOn("", PackMicrosoft))}},
}

// sharedKey has e1's key in another certificate with a purpose, valid for a while.
func sharedKey(pack, included, first, last string, ids ...string) maker {
	return maker(e1Of).but(bindingOn("", pack), purpose(func(p *profiles.Purpose) { p.Included = included }), func(t *testing.T, w *hierarchy, m *made) {
		other := certificate(t, valid(purposed(issuingProfile(t, "f-cert", "E1"), ids...), first, last), key(t, algorithm.ECDSAP384, "e1"), w.root)
		m.ctx.Siblings = append(m.ctx.Siblings, Sibling{"other", other.cert, nil})
	})
}

// Validities that are over: of what was signed since ARP 2.0, and before.
const gone0, gone1, earlier0, earlier1 = "2026-08-01T00:00:00Z", "2026-10-31T23:59:59Z", "2025-01-01T00:00:00Z", "2025-12-31T23:59:59Z"

// signedFor is a CA of some purposes, below a root of some scopes, in Apple's program.
func signedFor(day string, scopes []profiles.RootScope, ids ...string) maker {
	return maker(e1Of).but(breaking(serving(ids...)), bindingOn(day, PackApple), rootFor(scopes...))
}

// Apple, Mozilla, Chrome and the CCADB.
var storeStatements = []statement{
	{"ARP 2.0, 1.7", edge{"prog.apple-purpose", notYet + "|notice", "two purposes the day before", signedFor("2026-07-31", nil, purposeServer, purposeEmail)}},
	{"ARP 2.0, 1.7", edge{"prog.apple-purpose", "error is not a Trust Purpose", "two purposes on the day", signedFor("2026-08-01", nil, purposeServer, purposeEmail)}},
	{"ARP 2.0, 1.7", edge{"prog.apple-purpose", "error is not a Trust Purpose", "any purpose below a root of two", signedFor("", []profiles.RootScope{profiles.ScopeTLS, profiles.ScopeSMIME}, purposeAny)}},
	{"ARP 2.0, Appendix A", edge{"prog.apple-purpose", "", "server and client", signedFor("", nil, purposeServer, purposeClient)}},
	{"ARP 2.0, Appendix A", edge{"prog.apple-purpose", "error is not a Trust Purpose", "server and code, below a root of two", signedFor("", []profiles.RootScope{profiles.ScopeTLS, profiles.ScopeCode}, purposeServer, purposeCode)}},
	{"ARP 2.0, 1.7 (b)", edge{"prog.apple-purpose", "notice is not a Trust Purpose", "code, below a root of two", signedFor("", []profiles.RootScope{profiles.ScopeTLS, profiles.ScopeCode}, purposeCode)}},
	{"ARP 2.0, 1.7 (b) ends", edge{"prog.apple-purpose", "error is not a Trust Purpose", "code, below a root of two since 2027-07-01", signedFor("2027-07-01", []profiles.RootScope{profiles.ScopeTLS, profiles.ScopeCode}, purposeCode)}},
	{"ARP 2.0, 1.7 (b)", edge{"prog.apple-purpose", "error is not a Trust Purpose", "code, below a root for TLS", signedFor("", []profiles.RootScope{profiles.ScopeTLS}, purposeCode)}},
	{"ARP 2.0, 1.7 (b), without a scope", edge{"prog.apple-purpose", "warning nobody says what it is for", "code, below a root of which nobody says", signedFor("", nil, purposeCode)}},
	{"ARP 2.0, 2.1.3", edge{"set.spki-purpose", "error the same key for", "a key of an expired certificate for e-mail", sharedKey(PackApple, profiles.IncludedNew, gone0, gone1, purposeEmail)}},
	{"ARP 2.0, 2.1.3: any other certificate", edge{"set.spki-purpose", "error the same key for", "a key of one that was signed before, and expired", sharedKey(PackApple, "2026-08-01", earlier0, earlier1, purposeEmail)}},
	{"ARP 2.0, 2.1.3: a purpose that it does not contain", edge{"set.spki-purpose", "", "a key of one with the same purpose", sharedKey(PackApple, profiles.IncludedNew, gone0, gone1, purposeServer)}},
	{"ARP 2.0, 2.1.3, note", edge{"set.spki-purpose", "", "below a root that was included before", sharedKey(PackApple, "2026-07-31", gone0, gone1, purposeEmail)}},
	{"ARP 2.0, 2.1.3, without a date of inclusion", edge{"set.spki-purpose", "warning nobody says when", "below a root of no known date", sharedKey(PackApple, "", gone0, gone1, purposeEmail)}},
	{"ARP 2.0", edge{"set.spki-purpose", notYet + "|notice the same key for", "a key of an expired certificate the day before, for Apple alone", sharedKey(PackApple, profiles.IncludedNew, gone0, gone1, purposeEmail).but(bindingOn("2026-07-31", PackApple))}},
	{"ARP 2.0", edge{"set.spki-purpose", "notice the same key for", "a key of an expired certificate the day before, for Chrome and Apple", sharedKey(PackApple, profiles.IncludedNew, earlier0, earlier1, purposeEmail).but(bindingOn("2026-07-31", PackApple, PackChrome))}},
	{"ARP 2.0", edge{"set.spki-purpose", "notice nobody says when", "the day before, below a root of no known date", sharedKey(PackApple, "", earlier0, earlier1, purposeEmail).but(bindingOn("2026-07-31", PackApple, PackChrome))}},
	{"CRP 1.8, 1.3.2: different purposes", edge{"set.spki-purpose", "error the same key for", "a key of a valid certificate with fewer purposes", sharedKey(PackChrome, "", "2026-12-01T00:00:00Z", "2027-11-30T23:59:59Z", purposeServer).but(breaking(serving(purposeServer, purposeClient)))}},
	{"CRP 1.8, 1.3.2: unexpired", edge{"set.spki-purpose", "", "a key of an expired certificate in Chrome's program", sharedKey(PackChrome, "", gone0, gone1, purposeEmail)}},
	{"MRSP 3.1, 7.5.1", edge{"prog.mozilla-dedicated", "", "server and client", dedicated(profiles.IncludedNew, profiles.ScopeTLS, purposeServer, purposeClient)}},
	{"MRSP 3.1, 7.5.1", edge{"prog.mozilla-dedicated", "error extKeyUsage", "server and another", dedicated("2025-03-16", profiles.ScopeTLS, purposeServer, "1.2.3.4")}},
	{"MRSP 3.1, 7.5.1", edge{"prog.mozilla-dedicated", "error extKeyUsage", "client alone", dedicated("2025-03-16", profiles.ScopeTLS, purposeClient)}},
	{"MRSP 3.1, 7.5.2", edge{"prog.mozilla-dedicated", "", "e-mail and another", dedicated(profiles.IncludedNew, profiles.ScopeSMIME, purposeEmail, "1.2.3.4")}},
	{"MRSP 3.1, 7.5.2", edge{"prog.mozilla-dedicated", "error extKeyUsage", "e-mail and time stamping", dedicated(profiles.IncludedNew, profiles.ScopeSMIME, purposeEmail, purposeTime)}},
	{"MRSP 3.1, 7.5: added after March 15, 2025", edge{"prog.mozilla-dedicated", "", "below a root of that day", dedicated("2025-03-15", profiles.ScopeSMIME, purposeEmail, purposeTime)}},
	{"MRSP 3.1, 7.5, without a date of inclusion", edge{"prog.mozilla-dedicated", "not-checked date of inclusion", "below a root of no known date", dedicated("", profiles.ScopeSMIME, purposeEmail, purposeTime).but(known(func(_ *hierarchy, c *Context) { c.Issuer = nil }))}},
	{"MRSP 3.1, 5.3, without the existing certificate", edge{"prog.mozilla-eku", "not-checked existing certificate", "a cross-certificate for both", maker(theCross1).but(breaking(serving(purposeServer, purposeEmail)), bindingOn("", PackMozilla), known(func(_ *hierarchy, c *Context) { c.Existing = nil }))}},
	{"MTRP 3.1.11", edge{"set.root-unique", "", "beside a cross-certificate of the root", maker(theRootOf).but(func(t *testing.T, w *hierarchy, m *made) {
		cross := part(atSubject, func(*testing.T, *made, []byte) []byte { return w.root.cert.RawSubject })(t, part(atKey, func(*testing.T, *made, []byte) []byte { return w.root.cert.RawSPKI })(t, w.cross))
		cross = part(atIssuer, func(*testing.T, *made, []byte) []byte { return w.e1.cert.RawSubject })(t, cross)
		m.ctx.Siblings = []Sibling{{"cross", cross.cert, nil}}
	})}},
	{"MTRP 3.1.11", edge{"set.root-unique", "error has the same key|error has the same subject", "beside the root that it renews", renewal()}},
	{"MTRP binds its members", edge{"set.root-unique", notApplies, "a private root beside the one that it renews", renewal().but(private)}},
	{"CCADB Policy 2.1, 6.3", edge{"cross.ev-oid", "error the existing certificate has", "anyPolicy between hierarchies for EV", evCross(policyAny)}},
	{"CCADB Policy 2.1, 6.3", edge{"cross.ev-oid", "", "the policy for EV and another", evCross(policyEV, "1.2.3.4")}},
}

// renewal is a root of Microsoft's program beside an older one of the same name and key.
func renewal() maker {
	return maker(theRootOf).but(bindingOn("", PackMicrosoft), func(t *testing.T, w *hierarchy, m *made) {
		old := put(atSerial, 2, 1, 9)(t, w.root)
		m.ctx.Siblings = []Sibling{{"old", old.cert, nil}}
	})
}

// evCross is a cross-certificate of policies, for an existing CA that issues EV.
func evCross(policies ...string) maker {
	return maker(theCross1).but(bindingOn("", PackCCADB), breaking(policyList(policies...)), known(func(*hierarchy, *Context) {}), func(t *testing.T, w *hierarchy, m *made) {
		m.ctx.Existing = policyList(policyEV)(t, w.e1).cert
	})
}

// dedicated is a CA below a root of one scope that was included on a day.
func dedicated(included string, s profiles.RootScope, ids ...string) maker {
	return maker(e1Of).but(breaking(serving(ids...)), bindingOn("", PackMozilla), rootFor(s), purpose(func(p *profiles.Purpose) { p.Included = included }))
}

// withSHA1 says in the certificate that SHA-1 was signed.
var withSHA1 = part(atAlgorithm, func(t *testing.T, _ *made, _ []byte) []byte { return seq(t, rawOID(t, "1.2.840.10045.4.1")) })

// noticeOf gives a policy for S/MIME a notice with these parts.
func noticeOf(parts ...byte) maker {
	return plainMailCA.but(breaking(withQualifier(policyEmail+"1.2", notice, append([]byte{0x30, byte(len(parts))}, parts...)...)))
}

// SBR 1.0.16 of 2026-09-28.
var mailStatements = []statement{
	{"SBR 7.1.2.2 g (SMC018), announced", edge{"sub.eku-smime", "notice is not emailProtection", "e-mail and document signing", plainMailCA.but(breaking(serving(purposeEmail, "1.3.6.1.4.1.311.10.3.12")), bindingOn("2027-06-30", PackSMIME))}},
	{"SBR 7.1.2.2 g (SMC018)", edge{"sub.eku-smime", "error is not emailProtection", "e-mail and document signing on the day", plainMailCA.but(breaking(serving(purposeEmail, "1.3.6.1.4.1.311.10.3.12")), bindingOn("2027-07-01", PackSMIME))}},
	{"SBR 7.1.2.2 g (SMC018)", edge{"sub.eku-smime", "", "e-mail and client on the day", plainMailCA.but(breaking(serving(purposeEmail, purposeClient)), bindingOn("2027-07-01", PackSMIME))}},
	{"SBR 7.1.3.2 (SMC016)", edge{"cert.alg-table", "notice SHA-1|error inside", "SHA-1 the day before", plainMailCA.but(breaking(withSHA1), bindingOn("2026-09-14", PackSMIME))}},
	{"SBR 7.1.3.2 (SMC016)", edge{"cert.alg-table", "error SHA-1|error inside", "SHA-1 on the day", plainMailCA.but(breaking(withSHA1), bindingOn("2026-09-15", PackSMIME))}},
	{"SBR 6.1.5 (SMC017v2), announced", edge{"key.smime-issuing", "notice RSA-2048", "RSA-2048 the day before", plainMailCA.but(breaking(modulus(2048)), bindingOn("2027-09-14", PackSMIME))}},
	{"SBR 6.1.5 (SMC017v2)", edge{"key.smime-issuing", "error RSA-2048", "RSA-2048 on the day", plainMailCA.but(breaking(modulus(2048)), bindingOn("2027-09-15", PackSMIME))}},
	{"SBR 6.1.5 (SMC017v2)", edge{"key.smime-issuing", "", "RSA-3072 on the day", plainMailCA.but(breaking(modulus(3072)), bindingOn("2027-09-15", PackSMIME))}},
	{"SBR 7.1.2.2 a", edge{"sub.policies", "", "a notice with explicitText", noticeOf(0x0c, 2, 'N', 'o')}},
	{"SBR 7.1.2.2 a", edge{"sub.policies", "error noticeRef", "a notice without explicitText", noticeOf()}},
	{"SBR 7.1.2.2 a", edge{"sub.policies", "error noticeRef", "a notice with noticeRef", noticeOf(0x30, 9, 0x0c, 2, 'C', 'A', 0x30, 3, 2, 1, 1, 0x0c, 2, 'N', 'o')}},
	{"SBR 6.1.5 (SMC013)", edge{"key.quality", "not-checked a library that knows such keys", "ML-DSA for S/MIME", withSPKI(mlDSAKey).but(mailOnly)}},
	{"SBR 6.1.5 (SMC013)", edge{"cert.alg-table", "", "ML-DSA for S/MIME", withSPKI(mlDSAKey).but(mailOnly)}},
	{"BR 7.1.3.1", edge{"cert.alg-table", "error key is not in the table", "ML-DSA for TLS", withSPKI(mlDSAKey).but(webOnly)}},
	{"SBR 7.1.3.1.3", edge{"cert.alg-table", "", "Ed25519 for S/MIME", withSPKI(ed25519Key).but(mailOnly)}},
	{"RFC 9909", edge{"key.quality", "not-checked a library that knows such keys", "SLH-DSA in a private PKI", withSPKI(slhDSAKey).but(private)}},
	{"RFC 9909", edge{"cert.alg-table", "", "SLH-DSA in a private PKI", withSPKI(slhDSAKey).but(private)}},
	{"SBR 7.1.3.1 lists no SLH-DSA", edge{"cert.alg-table", "error key is not in the table", "SLH-DSA for S/MIME", withSPKI(slhDSAKey).but(mailOnly)}},
	{"RFC 9909", edge{"chain.signature", "not-checked a library that knows such keys", "an issuer with SLH-DSA", maker(e1Of).but(private, func(t *testing.T, _ *hierarchy, m *made) { m.ctx.IssuerKey = slhDSAKey(t) })}},
	{"BR 7.1.3.1", edge{"cert.alg-table", "error key is not in the table", "Ed25519 for TLS", withSPKI(ed25519Key).but(webOnly)}},
	{"RFC 8410", edge{"key.quality", "", "Ed25519 in a private PKI", withSPKI(ed25519Key).but(private)}},
}

// withSPKI gives e1 another key.
func withSPKI(spki func(t *testing.T) []byte) maker {
	return maker(e1Of).but(breaking(part(atKey, func(t *testing.T, _ *made, _ []byte) []byte { return spki(t) })))
}

func mlDSAKey(t *testing.T) []byte {
	return seq(t, []byte{0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 0x12}, bits(t, make([]byte, 1952)))
}

func slhDSAKey(t *testing.T) []byte {
	return seq(t, []byte{0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 20}, bits(t, make([]byte, 32)))
}

func ed25519Key(t *testing.T) []byte {
	return seq(t, []byte{0x30, 5, 6, 3, 0x2b, 0x65, 0x70}, bits(t, slices.Concat([]byte{0x58}, bytes.Repeat([]byte{0x66}, 31))))
}

// CSBR 3.10. What remains of an entry after expiry is in TestDropped.
var codeStatements = []statement{
	{"CSBR 7.1.6.3, others than Affiliates", edge{"sub.policies", "warning no CPS|warning no reserved", "an identifier of the CA's own", codeCA("1.2.3.4").but(bindingOn("", PackCodeSigning))}},
	{"CSBR 7.1.2.2 a, others than Affiliates", edge{"sub.policies", "warning no reserved", "an identifier of the CA's own with a CPS", codeCA("1.2.3.4").but(breaking(withQualifier("1.2.3.4", cps, cpsURL...)), bindingOn("", PackCodeSigning))}},
	{"CSBR 7.1.6.3, Affiliates", edge{"sub.policies", "", "the reserved identifier", codeCA(policyCode).but(bindingOn("", PackCodeSigning))}},
	{"CSBR 7.1.6.3, Affiliates", edge{"sub.policies", "warning only for an Affiliate", "anyPolicy", codeCA(policyAny).but(bindingOn("", PackCodeSigning))}},
}

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

// valuedFor is a CRL from a day for some time.
func valuedFor(day string, covers profiles.Scope, s source.Span) maker {
	return func(t *testing.T, w *hierarchy) *made {
		l := crlProfile(t, "crl", 1)
		l.Covers, l.NextUpdate, l.Purpose.Rules = covers, profiles.End{For: s}, []string{PackTLS}
		return revocationList(t, l, w.root, date(day+"T00:00:00Z"))
	}
}

// BR 2.2.6, 4.9.7: more than ten days, or twelve months, beyond thisUpdate. A span ends
// a second before it is over, so that here a second is added.
var listStatements = []statement{
	{"BR 4.9.7", edge{"crl.window", "", "exactly ten days", valuedFor("2026-12-01", profiles.SubscriberCertificates, source.Span{Days: 10, Seconds: 1})}},
	{"BR 4.9.7", edge{"crl.window", "error more than 10 days", "ten days and a second", valuedFor("2026-12-01", profiles.SubscriberCertificates, source.Span{Days: 10, Seconds: 2})}},
	{"BR 4.9.7", edge{"crl.window", "", "exactly twelve months", valuedFor("2026-12-01", profiles.CACertificates, source.Span{Months: 12, Seconds: 1})}},
	{"BR 4.9.7", edge{"crl.window", "notice more than 365 days", "twelve months with a leap day", valuedFor("2027-03-01", profiles.CACertificates, source.Span{Months: 12, Seconds: 1})}},
	{"BR 4.9.7", edge{"crl.window", "error more than 12 months", "twelve months and a second", valuedFor("2026-12-01", profiles.CACertificates, source.Span{Months: 12, Seconds: 2})}},
}

// aboutSubscribers is a response about a subscriber certificate that is valid for some
// time, of which the last second counts.
func aboutSubscribers(d time.Duration) maker {
	return maker(statusOf).but(webOnly, breaking(answered(3, until(0, d-time.Second))), func(_ *testing.T, _ *hierarchy, m *made) {
		m.obj.response().Covers = profiles.SubscriberCertificates
	})
}

var answerStatements = []statement{
	{"BR 4.9.10: inclusive", edge{"ocsp.window", "", "ten days", aboutSubscribers(10 * day)}},
	{"BR 4.9.10: inclusive", edge{"ocsp.window", "error", "ten days and a second", aboutSubscribers(10*day + time.Second)}},
	{"BR 4.9.10: inclusive", edge{"ocsp.window", "", "eight hours", aboutSubscribers(8 * time.Hour)}},
	{"BR 4.9.10: inclusive", edge{"ocsp.window", "error", "a second less than eight hours", aboutSubscribers(8*time.Hour - time.Second)}},
	{"RFC 6960 2.4", edge{"ocsp.order", "error", "revoked after thisUpdate", maker(statusOf).but(breaking(answered(1, revokedAs(time.Second, 4))))}},
	{"RFC 6960 2.4", edge{"ocsp.order", "", "revoked at thisUpdate", maker(statusOf).but(breaking(answered(1, revokedAs(0, 4))))}},
	{"MRSP 3.1, 6", edge{"ocsp.within-signer", "error", "valid beyond the delegate", maker(statusOf).but(breaking(answered(3, until(24, 0))), bindingOn("", PackMozilla))}},
	{"MRSP 3.1, 6", edge{"ocsp.within-signer", "", "valid as long as the delegate", maker(statusOf).but(breaking(answered(3, func(t *testing.T, m *made) []byte {
		return explicit(t, 0, der(t, m.ctx.Responder.NotAfter.Time, "generalized"))
	})), bindingOn("", PackMozilla))}},
}

// alone takes the issuer from what is known.
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
