// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// entryList makes the entries of a CRL.
type entryList func(t *testing.T, w *hierarchy) [][]byte

// e1On lists e1, revoked on a day.
func e1On(day string, extensions ...func(*testing.T) []byte) entryList {
	return e1In("utc", day, extensions...)
}

// e1In is the same, with the day in one of the two forms.
func e1In(form, day string, extensions ...func(*testing.T) []byte) entryList {
	return func(t *testing.T, w *hierarchy) [][]byte {
		parts := [][]byte{der(t, w.e1.cert.Serial, ""), der(t, date(day), form)}
		var list [][]byte
		for _, x := range extensions {
			list = append(list, x(t))
		}
		if len(list) > 0 {
			parts = append(parts, seq(t, list...))
		}
		return [][]byte{seq(t, parts...)}
	}
}

// and adds more entries.
func (l entryList) and(more entryList) entryList {
	return func(t *testing.T, w *hierarchy) [][]byte { return append(l(t, w), more(t, w)...) }
}

// may is an earlier day than june.
const may = "2026-05-01T00:00:00Z"

// Entries of e1, and extensions of entries.
var (
	superseded   = e1On(june, reason(4))
	compromised  = e1On(june, reason(1))
	onHold       = e1On(june, reason(6))
	strange      = raw(nobodys, nil, 5, 0)
	otherStrange = raw(nobodys, nil, 1, 0)
	holdCode     = raw(oidHoldInstruction, nil, 6, 2, 0x2a, 3)
	nobodys      = asn1.ObjectIdentifier{1, 2, 3, 4}
)

// succeeding makes a CRL of what it lists after one, of November 2026, of what that lists.
func succeeding(was, now entryList) maker { return succeedingIn(shard(), was, now) }

// succeedingIn is the same of a scope.
func succeedingIn(p ext.IssuingPoint, was, now entryList) maker {
	return func(t *testing.T, w *hierarchy) *made {
		m := scoped(t, w, "crl-3", 3, p, signing)
		if now != nil {
			m = listing(t, m, w.root, now(t, w)...)
		}
		m.ctx.First, m.ctx.Previous = false, reread(t, listing(t, scoped(t, w, "crl-2", 2, shard(), signing.AddDate(0, -1, 0)), w.root, was(t, w)...))
		m.ctx.Revoked = map[string]*inspect.Certificate{hexSerial(w.e1.cert.Serial): w.e1.cert}
		return m
	}
}

// declaring has the ceremony file say that the entry of e1 changes.
func declaring(_ *testing.T, w *hierarchy, m *made) {
	m.obj.revocationList().Entries = []profiles.RevokedEntry{{Serial: serialOf(w), CarriedOver: true, Change: &profiles.Change{Item: 1}}}
}

// leaving has it say that the entry of e1 is left out.
func leaving(how profiles.LeftOut) func(*testing.T, *hierarchy, *made) {
	return func(_ *testing.T, w *hierarchy, m *made) {
		m.obj.revocationList().LeftOut = []profiles.LeftOutEntry{{Serial: serialOf(w), How: how, Item: 1}}
	}
}

func serialOf(w *hierarchy) profiles.Serial { return profiles.Serial(hexSerial(w.e1.cert.Serial)) }

// previously changes the previous CRL, and signs it again.
func previously(b breaker) func(*testing.T, *hierarchy, *made) {
	return func(t *testing.T, w *hierarchy, m *made) {
		m.ctx.Previous = reread(t, b(t, &made{obj: m.obj, tbs: m.ctx.Previous.RawTBS, by: w.root}))
	}
}

// published says that the CRL exists already.
func published(_ *hierarchy, c *Context) { c.Published = true }

// ofPrivateCA leaves the documents of the CA/Browser Forum away.
var ofPrivateCA = bindingOn("", PackRFC5280)

// longValue is what an extension holds of more octets than are shown.
var longValue = literal(append([]byte{4, 0x82, 0x10, 0x00}, bytes.Repeat([]byte{7}, 0x1000)...)...)

// stayingEdges are about what a CRL has as the previous one has it.
var stayingEdges = []edge{
	{"crl.continuity", "", "an entry as it was", succeeding(superseded, superseded)},
	{"crl.continuity", "error was issued by", "a previous CRL of another CA", succeeding(superseded, superseded).but(previously(put(listIssuer, 0x30, 0)))},
	{"crl.continuity", "error is written with other string types than the subject of the CA", "one whose issuer is in other string types", succeeding(superseded, superseded).but(previously(part(listIssuer, inUTF8)))},
	{"crl.continuity", "notice with the reasonCode unspecified: 1; it is left out", "unspecified is left out", succeeding(e1On(june, reason(0)), e1On(june))},
	{"crl.continuity", "error may only become an earlier one", "unspecified is left out, and the date is later", succeeding(e1On(june, reason(0)), e1On(august))},
	{"crl.continuity", "error other extensions have to stay", "unspecified is left out, and another extension", succeeding(e1On(june, reason(0), strange), e1On(june))},
	{"crl.continuity", "error declare it", "unspecified becomes a reason", succeeding(e1On(june, reason(0)), superseded)},
	{"crl.continuity", "error may only become keyCompromise", "a reason is left out", succeeding(superseded, e1On(june))},
	{"crl.continuity", "notice whose date is a GeneralizedTime before 2050: 1; it is now a UTCTime", "a GeneralizedTime", succeeding(e1In("generalized", june, reason(4)), superseded)},
	{"crl.continuity", "error may only become an earlier one", "a GeneralizedTime becomes a later day", succeeding(e1In("generalized", june, reason(4)), e1On(august, reason(4)))},
	{"crl.continuity", "error declare it", "a GeneralizedTime becomes keyCompromise", succeeding(e1In("generalized", june, reason(4)), compromised)},
	{"crl.continuity", "notice lists more than once: 1", "listed twice, and once now", succeeding(superseded.and(superseded), superseded)},
	{"crl.continuity", "error declare it|notice lists more than once: 1", "listed twice, and the second now", succeeding(superseded.and(e1On(august, reason(4))), e1On(august, reason(4)))},
	{"crl.continuity", "notice lists more than once: 1", "listed twice, and the second now, as declared", succeeding(superseded.and(e1On(august, reason(4))), e1On(august, reason(4))).but(declaring)},
	{"crl.continuity", "error was revoked on 2026-06-01T00:00:00Z for superseded, now revoked on 2026-09-01T00:00:00Z|error was revoked on 2026-08-01T00:00:00Z|notice lists more than once: 1", "listed twice, and otherwise now", succeeding(superseded.and(e1On(august, reason(4))), e1On("2026-09-01T00:00:00Z", reason(4))).but(declaring)},
	{"crl.continuity", "", "an extension as it was", succeeding(superseded, superseded).but(previously(added(nobodys, nil, literal(5, 0))), breaking(added(nobodys, nil, literal(5, 0))))},
	{"crl.continuity", "notice does not have as they were: 1.2.3.4 0500;", "an extension is lost", succeeding(superseded, superseded).but(previously(added(nobodys, nil, literal(5, 0))))},
	{"crl.continuity", "notice freshestCRL (2.5.29.46) 0500;", "an extension that has a name is lost", succeeding(superseded, superseded).but(previously(added(inspect.OIDFreshestCRL, nil, literal(5, 0))))},
	{"crl.continuity", "notice 1.2.3.4 0500;", "an extension gets another value", succeeding(superseded, superseded).but(previously(added(nobodys, nil, literal(5, 0))), breaking(added(nobodys, nil, literal(1, 0))))},
	{"crl.continuity", "notice 1.2.3.4 0500;", "an extension becomes critical", succeeding(superseded, superseded).but(previously(added(nobodys, nil, literal(5, 0))), breaking(added(nobodys, critical, literal(5, 0))))},
	{"crl.continuity", "notice 1.2.3.4 of 4100 octets, which openssl asn1parse shows", "a long extension is lost", succeeding(superseded, superseded).but(previously(added(nobodys, nil, longValue)))},
	{"crl.continuity", "", "another scope, which crl.scope-kept looks at", succeeding(superseded, superseded).but(previously(userPoint))},
	{"crl.continuity", "", "another authorityKeyIdentifier, which cert.aki looks at", succeeding(superseded, superseded).but(previously(withSerial))},
}

// inUTF8 writes the strings of a name as UTF8String.
func inUTF8(t *testing.T, _ *made, name []byte) []byte {
	out := slices.Clone(name)
	for i := range out {
		if out[i] == asn1.TagPrintableString && bytes.HasPrefix(out[max(0, i-5):], []byte{6, 3, 0x55, 4}) {
			out[i] = asn1.TagUTF8String
		}
	}
	if bytes.Equal(out, name) {
		t.Fatal("no PrintableString in the name")
	}
	return out
}

// changingEdges are about entries that are not as they were.
var changingEdges = []edge{
	{"crl.continuity", "error for superseded, now revoked on 2026-06-01T00:00:00Z for keyCompromise: declare it", "keyCompromise, which nobody declared", succeeding(superseded, compromised)},
	{"crl.continuity", "", "keyCompromise, declared", succeeding(superseded, compromised).but(declaring)},
	{"crl.continuity", "error declare it", "keyCompromise, declared for what a rule asks", succeeding(superseded, compromised).but(declaring, func(_ *testing.T, _ *hierarchy, m *made) {
		m.obj.revocationList().Entries[0].Change = &profiles.Change{}
	})},
	{"crl.continuity", "", "keyCompromise, published", succeeding(superseded, compromised).but(known(published))},
	{"crl.continuity", "warning may only become keyCompromise", "another reason, published", succeeding(superseded, e1On(june, reason(5))).but(known(published))},
	{"crl.continuity", "error may only become keyCompromise", "another reason", succeeding(superseded, e1On(june, reason(5))).but(declaring)},
	{"crl.continuity", "error may only become keyCompromise", "no reason any more", succeeding(superseded, e1On(june)).but(declaring)},
	{"crl.continuity", "", "an extension that stays, with keyCompromise", succeeding(e1On(june, reason(4), strange), e1On(june, reason(1), strange)).but(declaring)},
	{"crl.continuity", "error other extensions have to stay", "an extension of another value", succeeding(e1On(june, reason(4), strange), e1On(june, reason(4), otherStrange)).but(declaring)},
	{"crl.continuity", "error for superseded, invalid since 2027-06-01T09:00:00Z, now revoked on 2026-06-01T00:00:00Z for superseded: its invalidityDate is lost", "an invalidityDate is lost", succeeding(e1On(june, reason(4), invalidity(0)), superseded).but(declaring)},
	{"crl.continuity", "error for superseded, now revoked on 2026-06-01T00:00:00Z for keyCompromise: its invalidityDate is lost", "an invalidityDate that nobody can read is lost", succeeding(e1On(june, reason(4), raw(inspect.OIDInvalidityDate, nil, 5, 0)), compromised).but(declaring)},
	{"crl.continuity", "", "gets an invalidityDate", succeeding(superseded, e1On(june, reason(4), invalidity(0))).but(declaring)},
	{"crl.continuity", "", "no reason becomes one", succeeding(e1On(june), superseded).but(declaring)},
	{"crl.continuity", "", "unspecified becomes a reason", succeeding(e1On(june, reason(0)), superseded).but(declaring)},
	{"crl.continuity", "", "a reason that cannot be read becomes one", succeeding(superseded, superseded).but(declaring, oldEntry(func(e *inspect.RevokedEntry) { e.Reason, e.Raw = nil, nil }))},
	{"crl.continuity", "error may only become keyCompromise", "no reason becomes unspecified", succeeding(e1On(june), e1On(june, reason(0))).but(declaring)},
	{"crl.continuity", "error may only become keyCompromise", "no reason becomes one that cannot be read", succeeding(e1On(june), e1On(june, func(t *testing.T) []byte { return rawReason(t, asn1.TagInteger, 4) })).but(declaring)},
	{"crl.continuity", "error may only become keyCompromise", "no reason becomes certificateHold", succeeding(e1On(june), onHold).but(declaring)},
	{"crl.continuity", "", "on hold, then revoked on a later day, without an instruction", succeeding(e1On(june, reason(6), holdCode), e1On(august, reason(4))).but(declaring, ofPrivateCA)},
	{"crl.continuity", "error or be no longer on hold", "on hold, then without a reason", succeeding(onHold, e1On(june)).but(declaring, ofPrivateCA)},
	{"crl.continuity", "error other extensions have to stay", "on hold, without the instruction", succeeding(e1On(june, reason(6), holdCode), onHold).but(declaring, ofPrivateCA)},
	{"crl.continuity", "error other extensions have to stay", "an instruction without a hold is lost", succeeding(e1On(june, reason(4), holdCode), compromised).but(declaring, ofPrivateCA)},
	{"crl.continuity", "error may only become an earlier one", "a later date", succeeding(compromised, e1On(august, reason(1))).but(declaring)},
	{"crl.continuity", "", "a later date under the CSBRs", succeeding(compromised, e1On(august, reason(1))).but(declaring, bindingOn("", PackCodeSigning))},
	{"crl.continuity", "error an earlier one only for keyCompromise", "an earlier date", succeeding(superseded, e1On(may, reason(4))).but(declaring)},
	{"crl.continuity", "", "an earlier date for keyCompromise", succeeding(superseded, e1On(may, reason(1))).but(declaring)},
	{"crl.continuity", "", "an earlier date under the CSBRs", succeeding(superseded, e1On(may, reason(4))).but(declaring, bindingOn("", PackCodeSigning))},
}

// oldEntry changes the entry of the previous CRL as it was read.
func oldEntry(change func(e *inspect.RevokedEntry)) func(*testing.T, *hierarchy, *made) {
	return known(func(_ *hierarchy, c *Context) {
		l := *c.Previous
		l.Entries = slices.Clone(l.Entries)
		change(&l.Entries[0])
		c.Previous = &l
	})
}

// parts says which other CRLs of the CA there are.
func parts(list ...Part) func(*testing.T, *hierarchy, *made) {
	return known(func(_ *hierarchy, c *Context) { c.Parts = list })
}

// noCertificate says that no certificate is given for the entry.
var noCertificate = known(func(_ *hierarchy, c *Context) { c.Revoked = map[string]*inspect.Certificate{} })

// ofAnotherCA gives e1 another issuer.
var ofAnotherCA = known(func(w *hierarchy, c *Context) {
	e1 := *w.e1.cert
	e1.RawIssuer, e1.NotAfter.Time = e1.RawSubject, date(august)
	c.Revoked = map[string]*inspect.Certificate{hexSerial(e1.Serial): &e1}
})

// besides has other certificates of the ceremony, like e1 but for something; no certificate
// is given for the entry.
func besides(changes ...func(c *inspect.Certificate)) func(*testing.T, *hierarchy, *made) {
	return known(func(w *hierarchy, c *Context) {
		c.Revoked, c.Siblings = map[string]*inspect.Certificate{}, []Sibling{{Artifact: "nothing"}}
		for _, change := range changes {
			e1 := *w.e1.cert
			e1.NotAfter.Time = date(august)
			change(&e1)
			c.Siblings = append(c.Siblings, Sibling{"e1-cert", &e1, nil})
		}
	})
}

// alsoListed has another CRL, of a number of days ago, that lists e1, or nothing.
func alsoListed(days int, list ...func(*hierarchy) profiles.RevokedEntry) func(*testing.T, *hierarchy, *made) {
	return func(t *testing.T, w *hierarchy, m *made) {
		var entries []profiles.RevokedEntry
		for _, e := range list {
			entries = append(entries, e(w))
		}
		m.ctx.Earlier.CRLs = []EarlierCRL{{"other", scoped(t, w, "x", 1, shard(), signing.AddDate(0, 0, -days), entries...).crl}}
	}
}

// elsewhereEdges are about entries that another CRL has now.
var elsewhereEdges = []edge{
	{"crl.continuity", "", "in the CRL of CAs", succeedingIn(userOnly(), superseded, nil).but(parts(partOf(caOnly(), true)))},
	{"crl.continuity", "error declare it", "in a CRL of CAs that follows none", succeedingIn(userOnly(), superseded, nil).but(parts(partOf(caOnly(), false)))},
	{"crl.continuity", "error declare it", "in a CRL of users", succeedingIn(userOnly(), superseded, nil).but(parts(partOf(userOnly(), true)))},
	{"crl.continuity", "error declare it", "beside a CRL of CAs, and covered here", succeedingIn(caOnly(), superseded, nil).but(parts(partOf(caOnly(), true)))},
	{"crl.continuity", "error declare it", "beside a CRL of CAs, in a scope that cannot be read", succeeding(superseded, nil).but(parts(partOf(caOnly(), true)), breaking(unreadableScope))},
	{"crl.continuity", "error declare it", "beside a CRL of CAs, of a certificate of nobody", succeedingIn(userOnly(), superseded, nil).but(parts(partOf(caOnly(), true)), noCertificate)},
	{"crl.continuity", "error declare it", "beside a CRL of CAs, of a certificate of another CA", succeedingIn(userOnly(), superseded, nil).but(parts(partOf(caOnly(), true)), ofAnotherCA)},
}

// missingEdges are about entries that are not there any more.
var missingEdges = []edge{
	{"crl.continuity", "error and is missing: declare it", "missing", succeeding(superseded, nil)},
	{"crl.continuity", "error one CRL after 2029", "missing, published", succeeding(superseded, nil).but(known(published))},
	{"crl.continuity", "", "missing and expired, published", succeeding(superseded, nil).but(known(published), known(ending(august)))},
	{"crl.continuity", "", "dropped", succeeding(superseded, nil).but(leaving(profiles.Dropped), known(ending(august)))},
	{"crl.continuity", "error is not given, so its expiry is not known", "dropped, of a certificate of nobody", succeeding(superseded, nil).but(leaving(profiles.Dropped), noCertificate)},
	{"crl.continuity", "error was issued by", "dropped, by the certificate of another CA", succeeding(superseded, nil).but(leaving(profiles.Dropped), ofAnotherCA)},
	{"crl.continuity", "error one CRL after 2029", "released, and not on hold", succeeding(superseded, nil).but(leaving(profiles.Released), ofPrivateCA)},
	{"crl.continuity", "", "released, by the certificate of another CA, which has expired", succeeding(superseded, nil).but(leaving(profiles.Released), ofPrivateCA, ofAnotherCA)},
	{"crl.continuity", "", "released", succeeding(onHold, nil).but(leaving(profiles.Released), ofPrivateCA)},
	{"crl.continuity", "error certificateHold is for private CAs", "released under the BRs", succeeding(onHold, nil).but(leaving(profiles.Released))},
	{"crl.continuity", "error certificateHold is for private CAs", "released under the BRs, published", succeeding(onHold, nil).but(known(published))},
	{"crl.continuity", "", "released under the BRs, and expired", succeeding(onHold, nil).but(leaving(profiles.Released), known(ending(august)))},
	{"crl.continuity", "error one CRL after 2029", "dropped, on hold", succeeding(onHold, nil).but(leaving(profiles.Dropped), ofPrivateCA)},
	{"crl.continuity", "error ten years after", "dropped under the CSBRs", succeeding(superseded, nil).but(leaving(profiles.Dropped), known(ending(august)), bindingOn("", PackCodeSigning))},
	{"crl.continuity", "", "dropped under the CSBRs after ten years", succeeding(superseded, nil).but(leaving(profiles.Dropped), known(ending("2016-11-30T00:00:00Z")), bindingOn("", PackCodeSigning))},
	{"crl.continuity", "", "dropped, of another certificate of the ceremony", succeeding(superseded, nil).but(leaving(profiles.Dropped), besides(func(*inspect.Certificate) {}))},
	{"crl.continuity", "error is not given", "dropped, beside one of another number", succeeding(superseded, nil).but(leaving(profiles.Dropped), besides(func(c *inspect.Certificate) { c.Serial = big.NewInt(7) }))},
	{"crl.continuity", "error is not given", "dropped, beside one of another CA", succeeding(superseded, nil).but(leaving(profiles.Dropped), besides(func(c *inspect.Certificate) { c.RawIssuer = c.RawSubject }))},
	{"crl.continuity", "error one CRL after 2029", "dropped, of what is given, beside an expired one", succeeding(superseded, nil).but(leaving(profiles.Dropped), besides(func(*inspect.Certificate) {}), known(func(w *hierarchy, c *Context) {
		c.Revoked = map[string]*inspect.Certificate{hexSerial(w.e1.cert.Serial): w.e1.cert}
	}))},
	{"crl.continuity", "error one CRL after 2026-11-15", "dropped, and expired since the previous CRL", sinceExpired()},
	{"crl.continuity", "", "dropped, and listed by another CRL since", sinceExpired(alsoListed(1, lists(june, profiles.Superseded)))},
	{"crl.continuity", "error one CRL after 2026-11-15", "dropped, and listed by another CRL before", sinceExpired(alsoListed(20, lists(june, profiles.Superseded)))},
	{"crl.continuity", "error one CRL after 2026-11-15", "dropped, and not listed by another CRL", sinceExpired(alsoListed(1))},
}

// sinceExpired drops e1, which has expired between the previous CRL and this one.
func sinceExpired(more ...func(*testing.T, *hierarchy, *made)) maker {
	return succeeding(superseded, nil).but(append(more, leaving(profiles.Dropped), known(ending("2026-11-15T00:00:00Z")))...)
}

var continuityEdges = slices.Concat(stayingEdges, changingEdges, elsewhereEdges, missingEdges)
