// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"math/big"
	"slices"
	"testing"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// June and August are when entries of the edges were revoked.
const (
	june, august = "2026-06-01T00:00:00Z", "2026-08-01T00:00:00Z"
)

// revokedOn is an entry for e1.
func revokedOn(w *hierarchy, day string, reason profiles.Reason) profiles.RevokedEntry {
	return profiles.RevokedEntry{Serial: profiles.Serial(hexSerial(w.e1.cert.Serial)), Date: profiles.FixedMoment(date(day)), Reason: reason}
}

// sinceDelta makes CRL 9, which lists what is given, after CRL 1 and the delta CRL 5 to it,
// which revokes e1 as superseded in June.
func sinceDelta(p ext.IssuingPoint, list ...func(w *hierarchy) profiles.RevokedEntry) maker {
	return func(t *testing.T, w *hierarchy) *made {
		var entries []profiles.RevokedEntry
		for _, e := range list {
			entries = append(entries, e(w))
		}
		m := scoped(t, w, "crl-9", 9, p, signing, entries...)
		m.ctx.First, m.ctx.Previous = false, scoped(t, w, "crl-1", 1, shard(), signing.AddDate(0, -8, 0)).crl
		later := scoped(t, w, "delta", 5, shard(), signing.AddDate(0, 0, -1), revokedOn(w, june, profiles.Superseded))
		later = extend(t, later, w.root, inspect.OIDDeltaCRLIndicator, critical, []byte{2, 1, 1})
		m.ctx.Earlier.CRLs = []EarlierCRL{{"delta", reread(t, later)}}
		m.ctx.Revoked = map[string]*inspect.Certificate{hexSerial(w.e1.cert.Serial): w.e1.cert}
		return m
	}
}

// reread reads a CRL that was changed.
func reread(t *testing.T, m *made) *inspect.RevocationList {
	t.Helper()
	l, err := inspect.ParseRevocationList(m.der)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// lists gives an entry for e1.
func lists(day string, reason profiles.Reason) func(*hierarchy) profiles.RevokedEntry {
	return func(w *hierarchy) profiles.RevokedEntry { return revokedOn(w, day, reason) }
}

// delta changes the delta CRL that is known.
func delta(change func(w *hierarchy, d *inspect.RevocationList)) func(*testing.T, *hierarchy, *made) {
	return func(_ *testing.T, w *hierarchy, m *made) {
		d := *m.ctx.Earlier.CRLs[0].CRL
		d.Entries = slices.Clone(d.Entries)
		change(w, &d)
		m.ctx.Earlier.CRLs = []EarlierCRL{{"delta", &d}}
	}
}

// takesOut makes the entry of the delta CRL one that takes e1 out.
func takesOut(_ *hierarchy, d *inspect.RevocationList) {
	code := removeFromCRL
	d.Entries[0].Reason = &code
}

// holds makes the entry of the delta CRL one on hold.
func holds(_ *hierarchy, d *inspect.RevocationList) {
	code := reasonHold
	d.Entries[0].Reason = &code
}

// dropped takes an extension away that was read.
func dropped(x inspect.Extensions, oid []int) inspect.Extensions {
	return slices.DeleteFunc(slices.Clone(x), func(e inspect.Extension) bool { return slices.Equal(e.OID, oid) })
}

// ending gives e1 another end.
func ending(day string) func(w *hierarchy, c *Context) {
	return func(w *hierarchy, c *Context) {
		e1 := *w.e1.cert
		e1.NotAfter.Time = date(day)
		c.Revoked = map[string]*inspect.Certificate{hexSerial(e1.Serial): &e1}
	}
}

// earlierCRL is another CRL of the CA, of a scope, some months before, that lists e1.
func earlierCRL(number int64, p ext.IssuingPoint, months int) func(*testing.T, *hierarchy, *made) {
	return func(t *testing.T, w *hierarchy, m *made) {
		m.ctx.Earlier.CRLs = []EarlierCRL{{"old", scoped(t, w, "x", number, p, signing.AddDate(0, -months, 0), revokedOn(w, june, profiles.Superseded)).crl}}
		m.ctx.Revoked = map[string]*inspect.Certificate{hexSerial(w.e1.cert.Serial): w.e1.cert}
	}
}

// previousAmongThem puts the previous CRL among those that the inputs give.
func previousAmongThem(_ *testing.T, _ *hierarchy, m *made) {
	m.ctx.Earlier.CRLs = append(m.ctx.Earlier.CRLs, EarlierCRL{"previous", m.ctx.Previous})
}

// unreadableScope gives a CRL a scope that cannot be read.
var unreadableScope = added(inspect.OIDIssuingDistributionPoint, critical, literal(2, 1, 1))

var deltaEdges = []edge{
	{"crl.delta", "", "lists what the delta CRL does", sinceDelta(shard(), lists(june, profiles.Superseded))},
	{"crl.delta", "error and this CRL does not", "does not list it", sinceDelta(shard())},
	{"crl.delta", "error for superseded, and this CRL on 2026-08-01", "a later date", sinceDelta(shard(), lists(august, profiles.Superseded))},
	{"crl.delta", "error for superseded, and this CRL on 2026-06-01T00:00:00Z for cessation", "another reason", sinceDelta(shard(), lists(june, profiles.CessationOfOperation))},
	{"crl.delta", "", "becomes keyCompromise of an earlier day", sinceDelta(shard(), lists("2026-05-01T00:00:00Z", profiles.KeyCompromise))},
	{"crl.delta", "", "revokes what it has on hold", sinceDelta(shard(), lists(june, profiles.Superseded)).but(delta(holds))},
	{"crl.delta", "error for certificateHold, and this CRL on 2026-08-01", "later than what it has on hold", sinceDelta(shard(), lists(august, profiles.Superseded)).but(delta(holds))},
	{"crl.delta", "notice takes out serial", "lists what it takes out", sinceDelta(shard(), lists(june, profiles.Superseded)).but(delta(takesOut))},
	{"crl.delta", "", "does not list what it takes out", sinceDelta(shard()).but(delta(takesOut))},
	{"crl.delta", "", "does not list what has expired before", sinceDelta(shard()).but(known(ending("2026-07-01T00:00:00Z")))},
	{"crl.delta", "", "does not list what is out of its scope", sinceDelta(userOnly())},
	{"crl.delta", "error does not", "does not list what nobody knows", sinceDelta(shard()).but(known(func(_ *hierarchy, c *Context) { c.Revoked = map[string]*inspect.Certificate{} }))},
	{"crl.delta", "error cannot be read", "a delta CRL without number", sinceDelta(shard()).but(delta(func(_ *hierarchy, d *inspect.RevocationList) {
		d.Extensions = dropped(d.Extensions, inspect.OIDCRLNumber)
	}))},
	{"crl.delta", "", "a delta CRL that the previous one follows", sinceDelta(shard()).but(func(t *testing.T, w *hierarchy, m *made) {
		m.ctx.Previous = scoped(t, w, "crl-5", 5, shard(), signing.AddDate(0, 0, -1)).crl
	})},
	{"crl.delta", "error declared as the first", "the first, and there is a delta CRL", sinceDelta(shard(), lists(june, profiles.Superseded)).but(known(func(_ *hierarchy, c *Context) {
		c.First, c.Previous = true, nil
	}))},
	{"crl.delta", notApplies, "a scope that cannot be read", sinceDelta(shard()).but(breaking(unreadableScope))},
	{"ocsp.crl", "error but the delta CRL delta lists", "revoked by a later delta CRL", aboutDelta(func(*made) {})},
	{"ocsp.crl", "", "a delta CRL that the latest CRL follows", aboutDelta(func(m *made) { m.ctx.LatestCRL = numbered(m.ctx.LatestCRL, m.ctx.Earlier.CRLs[0].CRL) })},
	{"ocsp.crl", "", "taken out by a delta CRL", aboutDelta(func(m *made) { takesOut(nil, m.ctx.Earlier.CRLs[0].CRL) })},
	{"ocsp.crl", "", "listed by another complete CRL", aboutDelta(func(m *made) {
		d := m.ctx.Earlier.CRLs[0].CRL
		d.Extensions = dropped(d.Extensions, inspect.OIDDeltaCRLIndicator)
	})},
}

// aboutDelta is a response that says good of what the delta CRL 5 revokes.
func aboutDelta(change func(m *made)) maker {
	return func(t *testing.T, w *hierarchy) *made {
		m := *w.response
		m.ctx.Earlier.CRLs = sinceDelta(shard())(t, w).ctx.Earlier.CRLs
		change(&m)
		return &m
	}
}

// numbered gives a CRL the extensions of another, its number among them.
func numbered(l, as *inspect.RevocationList) *inspect.RevocationList {
	out := *l
	out.Extensions = dropped(as.Extensions, inspect.OIDDeltaCRLIndicator)
	return &out
}

var earlierEdges = []edge{
	{"crl.earlier", "", "no number, which crl.number says", maker(following(shard(), shard())).but(earlierCRL(1, shard(), 2), breaking(drop(inspect.OIDCRLNumber)))},
	{"crl.earlier", "", "a part that this one is not", maker(following(shard(shard1), shard(shard1))).but(earlierCRL(1, shard(shard2), 2))},
	{"crl.earlier", "", "a part that this one is not, of what nobody knows", maker(following(shard(shard1), shard(shard1))).but(earlierCRL(1, shard(shard2), 2), known(func(_ *hierarchy, c *Context) {
		c.Revoked = map[string]*inspect.Certificate{}
	}))},
	{"crl.earlier", "", "one of CAs before one whose scope cannot be read", maker(following(shard(), shard())).but(earlierCRL(1, caOnly(), 2), func(t *testing.T, w *hierarchy, m *made) {
		m.ctx.Previous = reread(t, unreadableScope(t, scoped(t, w, "crl-1", 1, shard(), signing.AddDate(0, -1, 0))))
	})},
	{"crl.earlier", "", "no previous one", maker(following(shard(), shard())).but(earlierCRL(1, caOnly(), 2), known(func(_ *hierarchy, c *Context) { c.Previous = nil }))},
	{"crl.earlier", "error and this CRL, for all certificates, does not", "lacks what one of CAs lists", maker(following(shard(), userOnly())).but(earlierCRL(1, caOnly(), 2))},
	{"crl.earlier", "", "has what one of CAs lists", func(t *testing.T, w *hierarchy) *made {
		m := scoped(t, w, "crl-2", 2, shard(), signing, revokedOn(w, june, profiles.Superseded))
		m.ctx.First, m.ctx.Previous = false, scoped(t, w, "crl-1", 1, userOnly(), signing.AddDate(0, -1, 0)).crl
		earlierCRL(1, caOnly(), 2)(t, w, m)
		return m
	}},
	{"crl.earlier", "", "lacks what has expired before one of CAs", maker(following(shard(), userOnly())).but(earlierCRL(1, caOnly(), 2), known(ending("2026-07-01T00:00:00Z")))},
	{"crl.earlier", "error lists serial", "lacks what an older one of the same lists", maker(following(shard(), shard())).but(earlierCRL(0, shard(), 2), previousAmongThem)},
	{"crl.earlier", "notice another CRL than the previous one, with the same number 1|error lists serial", "lacks what another one with the number of the previous one lists", maker(following(shard(), shard())).but(earlierCRL(1, shard(), 2), previousAmongThem)},
	{"crl.earlier", "notice entries that the previous CRL does not have any more: 1", "the same, of what nobody knows", maker(following(shard(), shard())).but(earlierCRL(0, shard(), 2), previousAmongThem, known(func(_ *hierarchy, c *Context) {
		c.Revoked = map[string]*inspect.Certificate{}
	}))},
	{"crl.earlier", "notice entries that the previous CRL does not have any more: 1", "the same, of a hold", maker(following(shard(), shard())).but(earlierCRL(0, shard(), 2), previousAmongThem, func(_ *testing.T, _ *hierarchy, m *made) {
		hold := reasonHold
		m.ctx.Earlier.CRLs[0].CRL.Entries[0].Reason = &hold
	})},
	{"crl.earlier", "", "the same, expired since", maker(following(shard(), shard())).but(earlierCRL(0, shard(), 2), previousAmongThem, known(ending("2026-07-01T00:00:00Z")))},
	{"crl.earlier", "", "the same, after one of this ceremony", maker(following(shard(), shard())).but(earlierCRL(0, shard(), 2))},
	{"crl.earlier", "", "lists what an older one lists, and the previous one does not", func(t *testing.T, w *hierarchy) *made {
		m := scoped(t, w, "crl-2", 2, shard(), signing, revokedOn(w, june, profiles.Superseded))
		m.ctx.First, m.ctx.Previous = false, scoped(t, w, "crl-1", 1, shard(), signing.AddDate(0, -1, 0)).crl
		earlierCRL(0, shard(), 2)(t, w, m)
		previousAmongThem(t, w, m)
		return m
	}},
	{"crl.earlier-responses", "error has to be replaced", "good for months", before(revokingOf, calledGood)},
	{"crl.earlier-responses", "", "good for months, and renewed", maker(before(revokingOf, calledGood)).but(known(func(w *hierarchy, c *Context) {
		c.Earlier.Renewed = map[string]string{hexSerial(w.e1.cert.Serial): "online"}
	}))},
	{"crl.earlier-responses", "error replaced within 24 hours [revoke[0]] (house)", "good of a certificate that names no responder", maker(before(revokingOf, calledGood)).but(onlyIssuers, bindingOn("", PackTLS))},
	{"crl.earlier-responses", "error replaced within 24 hours", "the same for S/MIME", maker(before(revokingOf, calledGood)).but(onlyIssuers, bindingOn("", PackSMIME))},
	{"crl.earlier-responses", "", "good, and not listed", maker(before(theCRL, calledGood)).but(known(func(w *hierarchy, c *Context) { c.Revoked = w.revoking.ctx.Revoked }))},
	{"crl.earlier-responses", "", "called revoked, and out of scope", maker(before(theCRL, calledRevoked)).but(breaking(userPoint), known(func(w *hierarchy, c *Context) { c.Revoked = w.revoking.ctx.Revoked }))},
	{"crl.earlier-responses", "", "called revoked, and expired", maker(before(theCRL, calledRevoked)).but(known(ending("2026-11-01T00:00:00Z")))},
	{"ocsp.earlier", "", "revoked, and called so before", maker(before(responseOf, calledRevoked)).but(breaking(answered(1, revokedAs(0, 4))))},
	{"ocsp.earlier", "", "good, and another was called revoked", maker(before(responseOf, calledRevoked)).but(known(func(_ *hierarchy, c *Context) {
		r := *c.Earlier.Responses[0].Response
		r.Singles = slices.Clone(r.Singles)
		r.Singles[0].CertID.Serial = big.NewInt(7)
		c.Earlier.Responses = []Answer{{"old", &r}}
	}))},
}

// userPoint makes a CRL one of users.
var userPoint = added(inspect.OIDIssuingDistributionPoint, critical, literal(0x30, 3, 0x81, 1, 0xff))

// onlyIssuers gives e1 an authorityInfoAccess without a responder.
func onlyIssuers(t *testing.T, w *hierarchy, m *made) {
	e1 := valued(inspect.OIDAuthorityInfoAccess, access("1.3.6.1.5.5.7.48.2", "http://i.example.com/ca.crt"))(t, w.e1)
	m.ctx.Revoked = map[string]*inspect.Certificate{hexSerial(w.e1.cert.Serial): e1.cert}
}

// fromList declares the first entry as one of a list of the CA.
func fromList(_ *testing.T, _ *hierarchy, m *made) {
	l := m.obj.revocationList()
	l.Entries = slices.Clone(l.Entries)
	l.Entries[0].Listed = true
	m.ctx.Revoked, m.ctx.Previous = map[string]*inspect.Certificate{}, nil
}

// inRehearsal has the CA's own certificate beside that of its stand-in, of another number.
func inRehearsal(t *testing.T, w *hierarchy, m *made) {
	standIn := *w.root.cert
	standIn.Serial = big.NewInt(77)
	m.ctx.IssuerOfRecord, m.ctx.Issuer = w.root.cert, &standIn
}

// alone makes a CRL that lists one serial number.
func alone(serial func(w *hierarchy) *big.Int) maker {
	return entries(func(t *testing.T, w *hierarchy) [][]byte {
		return [][]byte{rawEntry(t, serial(w), signing, rawReason(t, 10, 4))}
	})
}

// amongSpecimens is a CRL of a plan that lists a specimen.
func amongSpecimens(siblings ...func(c *inspect.Certificate) Sibling) maker {
	return maker(revokingMade).but(known(func(w *hierarchy, c *Context) {
		specimen := damagedCert(w.e1.cert)
		c.Specimen, c.Siblings = true, nil
		c.Revoked = map[string]*inspect.Certificate{hexSerial(specimen.Serial): specimen}
		for _, s := range siblings {
			c.Siblings = append(c.Siblings, s(specimen))
		}
	}))
}

func revokingMade(_ *testing.T, w *hierarchy) *made { return w.revoking }

var entryEdges = []edge{
	{"crl.entry-known", "", "of a list of a private CA", maker(revokingMade).but(fromList, bindingOn("", PackRFC5280))},
	{"crl.entry-known", "error no certificate with serial", "of a list of CA certificates", maker(revokingMade).but(fromList)},
	{"crl.entry-known", "", "of a list of subscribers", maker(revokingMade).but(fromList, func(_ *testing.T, _ *hierarchy, m *made) {
		m.obj.revocationList().Covers = profiles.SubscriberCertificates
	})},
	{"crl.entry-known", "error CA's own certificate", "the CA itself, in a rehearsal", alone(func(w *hierarchy) *big.Int { return w.root.cert.Serial }).but(inRehearsal)},
	{"crl.entry-known", "error CA's own certificate", "the stand-in, in a rehearsal", alone(func(*hierarchy) *big.Int { return big.NewInt(77) }).but(inRehearsal)},
	{"crl.entry-known", "not-checked signature by the real key", "a specimen of this ceremony", amongSpecimens(
		func(*inspect.Certificate) Sibling {
			return Sibling{Artifact: "nothing", Declared: &profiles.Certificate{}}
		},
		func(c *inspect.Certificate) Sibling { return Sibling{"e1-cert", c, &profiles.Certificate{}} })},
	{"crl.entry-known", "error the signature of", "a specimen that is an input", amongSpecimens(
		func(c *inspect.Certificate) Sibling { return Sibling{"e1-cert", c, nil} })},
	{"crl.entry-known", "error the signature of", "beside another of this ceremony", amongSpecimens(
		func(c *inspect.Certificate) Sibling {
			return Sibling{"other", &inspect.Certificate{Raw: []byte{1}}, &profiles.Certificate{}}
		})},
	{"crl.entry-reason", "", "cACompromise, carried over", maker(entries(func(t *testing.T, w *hierarchy) [][]byte {
		return [][]byte{rawEntry(t, w.e1.cert.Serial, signing, rawReason(t, 10, 2))}
	})).but(func(t *testing.T, w *hierarchy, m *made) { m.ctx.Previous, m.ctx.First = reread(t, m), false })},
	{"crl.entry-ext", "", "an invalidityDate that is the revocationDate", func(t *testing.T, w *hierarchy) *made {
		return carried(reason(4), invalidity(0))(t, codeCRL(t, w))
	}},
	{"crl.entry-ext", "notice has holdInstructionCode", "a hold instruction before BR 7.2.2, after CSBR 7.2.2", func(t *testing.T, w *hierarchy) *made {
		m := carried(reason(4), raw([]int{2, 5, 29, 23}, nil, 6, 2, 0x2a, 3))(t, codeCRL(t, w))
		return maker(func(*testing.T, *hierarchy) *made { return m }).but(bindingOn("2023-01-01"))(t, w)
	}},
	{"crl.entry-ext", notYet + "|notice invalidityDate", "before CSBR 7.2.2", func(t *testing.T, w *hierarchy) *made {
		m := carried(reason(4), invalidity(-time.Hour))(t, codeCRL(t, w))
		return maker(func(*testing.T, *hierarchy) *made { return m }).but(bindingOn("2022-06-30", PackCodeSigning))(t, w)
	}},
}

var listEdges = slices.Concat(deltaEdges, earlierEdges, entryEdges)
