// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"encoding/asn1"
	"testing"
	"time"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

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
