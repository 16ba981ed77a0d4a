// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto/x509"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// afterSigning are the rules that ask for what no plan and no specimen has: the
// signature itself, the bytes that were signed, and what the certified key
// signs later. All others are checked before the signature and again after it.
var afterSigning = []string{"chain.signature", "crl.signature", "ocsp.sample", "ocsp.signature", "req.signature", "tbs.equal"}

// TestLintedBefore guards the room against a finding that nobody could foresee:
// every rule that is checked after the signature is checked before it as well.
func TestLintedBefore(t *testing.T) {
	onlyAfter := map[string]bool{}
	for name, m := range goodObjects(t) {
		before, err := newTarget(&m.obj, &m.ctx, m.der)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		after, _ := newTarget(&m.obj, &m.ctx, m.der)
		before.static, after.cleared = true, m.tbs
		before.zlint, after.zlint = newLinter(t).zlint, newLinter(t).zlint
		for _, r := range ownRules() {
			_, b := r.run(before)
			if _, a := r.run(after); a != b {
				onlyAfter[r.ID] = true
			}
		}
	}
	for _, id := range afterSigning {
		if !onlyAfter[id] && id != "ocsp.sample" { // conforming objects have none
			t.Errorf("%s is evaluated before the signature: take it off the list", id)
		}
		delete(onlyAfter, id)
	}
	for id := range onlyAfter {
		t.Errorf("%s gives another result before the signature than after it", id)
	}
}

// TestFailingBefore is the same for what is found: an object that a rule
// condemns once it is signed is condemned before.
func TestFailingBefore(t *testing.T) {
	l, w, n := newLinter(t), newHierarchy(t), 0
	for _, c := range allFailing() {
		if !strings.HasPrefix(c.rule, "chain.") || slices.Contains(afterSigning, c.rule) || c.name == "by another key" {
			continue
		}
		m := c.make(t, w)
		if _, report := l.Clear(m.obj, m.ctx, m.tbs); !found(report, c.rule, c.level) {
			t.Errorf("%s/%s: not found before the signature:%s", c.rule, c.name, show(report))
		}
		n++
	}
	if n < 10 {
		t.Errorf("%d cases", n)
	}
}

// TestStandIn guards the path that planning validates: it differs from the
// real one in the key of the issuer and in the signature alone, and the stand-in
// signs nothing but its own message.
func TestStandIn(t *testing.T) {
	w := newHierarchy(t)
	for _, m := range []*made{w.e1, w.delegate, w.cross} {
		before, _ := newTarget(&m.obj, &m.ctx, m.der)
		before.static = true
		c, anchor, err := before.path()
		if err != nil {
			t.Fatal(err)
		}
		read, err := before.byZLint()
		if err != nil || read == c.byZCrypto || string(read.Signature) == string(c.byZCrypto.Signature) {
			t.Errorf("zlint is shown the stand-in: %v", err)
		}
		want, issuer := parsed(t, m.der), parsed(t, m.ctx.Issuer.Raw)
		if err := c.byGo.CheckSignatureFrom(anchor.byGo); err != nil {
			t.Error(err)
		}
		if err := c.byZCrypto.CheckSignatureFrom(anchor.byZCrypto); err != nil {
			t.Error(err)
		}
		if want.CheckSignatureFrom(anchor.byGo) == nil || parsed(t, m.der).CheckSignatureFrom(issuer) != nil {
			t.Error("the stand-in signs what it is not for")
		}
		c.byGo.SignatureAlgorithm, c.byGo.RawTBSCertificate, c.byGo.Signature = want.SignatureAlgorithm, want.RawTBSCertificate, want.Signature
		if !reflect.DeepEqual(want, c.byGo) {
			t.Errorf("the certificate is another: %+v", c.byGo)
		}
		s := anchor.byGo
		if string(s.RawSubject) != string(issuer.RawSubject) || !reflect.DeepEqual(s.Extensions, issuer.Extensions) ||
			s.NotAfter != issuer.NotAfter {
			t.Error("the issuer is another")
		}
	}
	for _, bad := range [][]byte{nil, {0x30, 0}, {0x30, 3, 1, 1}, w.crl.tbs[:20]} {
		if a := newStandIn(bad); a.err == nil {
			t.Errorf("%x issues a stand-in", bad)
		}
	}
}

func parsed(t *testing.T, der []byte) *x509.Certificate {
	t.Helper()
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A path that one implementation refuses at two moments is one finding. Where it
// validates in the middle, and both certificates are valid at the ends, it is not
// validated there again: with six signatures a certificate, linting took a third longer.
func TestPathProblems(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 12, day, 0, 0, 0, 0, time.UTC) }
	refuse := func(moment time.Time) error {
		if moment.Equal(at(2)) {
			return nil
		}
		return ErrUsed
	}
	p := path{who: "x", at: refuse, from: at(1), to: at(3), since: at(2), until: at(3)}
	ps := p.problems()
	if len(ps) != 1 || ps[0].details != "x at 2026-12-01T00:00:00Z, 2026-12-03T00:00:00Z: "+ErrUsed.Error() {
		t.Error(ps)
	}
	for _, c := range []struct{ since, until, middle, problems int }{{1, 3, 2, 0}, {1, 7, 4, 1}, {2, 3, 2, 1}, {1, 2, 2, 1}} {
		p.since, p.until, p.to = at(c.since), at(c.until), at(2*c.middle-1)
		if ps := p.problems(); len(ps) != c.problems {
			t.Errorf("%+v: %v", c, ps)
		}
	}
}
