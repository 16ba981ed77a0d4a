// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"testing"

	"rootceremony/internal/inspect"
)

// renamed is an issuer who differs in nothing but its name, reidentified one who
// differs in nothing but its key identifier.
func renamed(_ *testing.T, w *hierarchy, c *Context) {
	other := *c.Issuer
	other.RawSubject = w.e1.cert.RawSubject
	c.Issuer = &other
}

func reidentified(t *testing.T, w *hierarchy, c *Context) {
	c.Issuer = extend(t, w.root, nil, inspect.OIDSubjectKeyID, nil, tlv(t, 0, 4, false, make([]byte, 20))).cert
}

// recordCase is an object with one fault: nothing but the rule is between a
// bundle that holds it and the verdict valid.
type recordCase struct {
	rule   string
	states Record
	make   func(*testing.T, *hierarchy) *made
}

var recordCases = []recordCase{
	{"tbs.equal", RecordBytes, nil},
	{"cert.declared-eq-issued", RecordDeclared, failingBytes[len(failingBytes)-1].make},
	{"chain.signature", RecordSignature, func(t *testing.T, w *hierarchy) *made { return resign(t, w.e1, w.e1, w.e1.tbs) }},
	{"crl.signature", RecordSignature, func(t *testing.T, w *hierarchy) *made { return resign(t, w.crl, w.e1, w.crl.tbs) }},
	{"req.signature", RecordSignature, func(t *testing.T, w *hierarchy) *made { return resign(t, w.request, w.root, w.request.tbs) }},
	{"ocsp.signature", RecordSignature, knowing(responseOf, func(_ *testing.T, w *hierarchy, c *Context) { c.IssuerKey = w.e1.cert.RawSPKI })},
	{"chain.issuer-dn", RecordIssuer, knowing(theE1, renamed)},
	{"chain.aki", RecordIssuer, knowing(theE1, reidentified)},
	{"crl.issuer", RecordIssuer, knowing(theCRL, renamed)},
	{"crl.aki", RecordIssuer, knowing(theCRL, reidentified)},
	{"ocsp.certid-issuer", RecordIssuer, knowing(responseOf, renamed)},
}

// TestRecordRules guards the rules by which verify calls a bundle invalid,
// under any version of the rules. Each has an object on which it alone says so:
// a rule that loses its field, or gets one without such an object, fails.
func TestRecordRules(t *testing.T) {
	l := newLinter(t)
	w := newHierarchy(t)
	for _, c := range recordCases {
		t.Run(c.rule, func(t *testing.T) {
			m, cleared := w.e1, w.root.tbs
			if c.make != nil {
				m = c.make(t, w)
				cleared = m.tbs
			}
			r := l.Issued(m.obj, m.ctx, m.der, cleared)
			contradicted := map[string]Record{}
			for _, f := range r.Blocking() {
				if f.Record != "" {
					contradicted[f.Rule] = f.Record
				}
			}
			if len(contradicted) != 1 || contradicted[c.rule] != c.states {
				t.Errorf("%v contradict the record, want %s alone, which says that not %q:%s", contradicted, c.rule, c.states, show(r))
			}
		})
	}
	for _, r := range ownRules() {
		shown := slices.ContainsFunc(recordCases, func(c recordCase) bool { return c.rule == r.ID })
		if r.Record != "" && !shown {
			t.Errorf("%s contradicts the record and has no object that shows it", r.ID)
		}
	}
}

// TestUncheckedContradictsNothing keeps a rule that lacked its context from
// condemning a bundle.
func TestUncheckedContradictsNothing(t *testing.T) {
	w := newHierarchy(t)
	m := *w.e1
	m.ctx.Issuer = nil
	r := m.check(newLinter(t))
	for _, f := range r.unchecked() {
		if f.Record != "" {
			t.Errorf("%s was not checked and contradicts the record", f.Rule)
		}
	}
	if len(r.unchecked()) == 0 {
		t.Error("nothing lacked the issuer")
	}
}
