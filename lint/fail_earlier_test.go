// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"testing"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
)

// nothingEarlier says that the CA said nothing before.
func nothingEarlier() Earlier {
	return Earlier{CRLs: []EarlierCRL{}, Responses: []Answer{}, Renewed: map[string]string{}}
}

// before gives a CRL or response what its CA said before.
func before(pick func(w *hierarchy) *made, change func(t *testing.T, w *hierarchy, c *Context)) func(*testing.T, *hierarchy) *made {
	return knowing(pick, func(t *testing.T, w *hierarchy, c *Context) {
		c.Earlier = nothingEarlier()
		change(t, w, c)
	})
}

// calledGood puts the response of the hierarchy among what was said before.
func calledGood(t *testing.T, w *hierarchy, c *Context) {
	c.Earlier.Responses = []Answer{w.response.answer(t)}
}

// calledRevoked does with one of revoked.
func calledRevoked(t *testing.T, w *hierarchy, c *Context) {
	c.Earlier.Responses = []Answer{answered(1, revokedAs(0, 4))(t, w.response).answer(t)}
}

var failingEarlier = []failing{
	{"crl.earlier", Error, "declared as the first", before(theCRL, func(_ *testing.T, w *hierarchy, c *Context) {
		c.Earlier.CRLs = []EarlierCRL{{"old", w.crl.crl}}
	})},
	{"crl.earlier", Error, "a number again (GTS 1634795)", before(revokingOf, func(_ *testing.T, w *hierarchy, c *Context) {
		c.Earlier.CRLs = []EarlierCRL{{"old", w.revoking.crl}}
	})},
	{"crl.earlier", Error, "not the latest before it", before(revokingOf, func(t *testing.T, w *hierarchy, c *Context) {
		c.Previous = revocationList(t, crlProfile(t, "crl-0", 0), w.root, signing).crl
		c.Earlier.CRLs = []EarlierCRL{{"old", w.crl.crl}}
	})},
	{"crl.earlier-responses", Error, "good for months", before(revokingOf, calledGood)},
	{"crl.earlier-responses", Error, "not listed", before(theCRL, func(t *testing.T, w *hierarchy, c *Context) {
		c.Revoked = w.revoking.ctx.Revoked
		calledRevoked(t, w, c)
	})},
	{"crl.earlier-responses", NotChecked, "not listed, of a certificate that nobody gave", before(theCRL, func(t *testing.T, w *hierarchy, c *Context) {
		c.Revoked = map[string]*inspect.Certificate{}
		calledRevoked(t, w, c)
	})},
	{"crl.earlier-responses", Warning, "a private CA", func(t *testing.T, w *hierarchy) *made {
		m := before(revokingOf, calledGood)(t, w)
		l := *m.obj.revocationList()
		l.Purpose.Rules = []string{profiles.PackRFC5280}
		m.obj.Declared = &l
		return m
	}},
	{"ocsp.earlier", Error, "good again", before(responseOf, calledRevoked)},
}

// TestEarlierAnswered guards a CA against errors about what nobody is shown any more,
// or what the plan replaces.
func TestEarlierAnswered(t *testing.T) {
	l, w := newLinter(t), newHierarchy(t)
	for name, change := range map[string]func(t *testing.T, w *hierarchy, c *Context){
		"replaced": func(t *testing.T, w *hierarchy, c *Context) {
			calledGood(t, w, c)
			c.Earlier.Renewed = map[string]string{hexSerial(w.e1.cert.Serial): "online"}
		},
		"over": func(t *testing.T, w *hierarchy, c *Context) {
			old := answered(len(w.response.answer(t).Response.Singles)+2, until(0, time.Hour))(t, w.response)
			c.Earlier.Responses = []Answer{old.answer(t)}
		},
		"revoked before": calledRevoked,
		"a lower number": func(_ *testing.T, w *hierarchy, c *Context) { c.Earlier.CRLs = []EarlierCRL{{"old", w.crl.crl}} },
		"of another number": func(_ *testing.T, w *hierarchy, c *Context) {
			c.Earlier.CRLs = []EarlierCRL{{"part", thePart(t, w.root, w.e1).crl}}
		},
	} {
		m := before(revokingOf, change)(t, w)
		r := m.check(l)
		for _, rule := range []string{"crl.earlier", "crl.earlier-responses"} {
			if found(r, rule, Error) || found(r, rule, Warning) {
				t.Errorf("%s:%s", name, show(r))
			}
		}
	}
}
