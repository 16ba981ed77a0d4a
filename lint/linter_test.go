// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/profiles"
)

// clean fails unless nothing blocks of an object and every rule that applies
// was checked.
func clean(t *testing.T, l *Linter, m *made) {
	t.Helper()
	r := m.check(l)
	if len(r.Blocking()) > 0 || len(r.unchecked()) > 0 {
		t.Errorf("%s:%s", m.obj.Artifact, show(r))
	}
	cleared, report := l.Clear(m.obj, m.ctx, m.tbs)
	if cleared == nil {
		t.Fatalf("%s is not cleared:%s", m.obj.Artifact, show(report))
	}
	tbs, err := cleared.Use()
	if err != nil {
		t.Fatal(err)
	}
	if r := l.Issued(m.obj, m.ctx, m.der, tbs); len(r.Blocking()) > 0 {
		t.Errorf("%s issued:%s", m.obj.Artifact, show(r))
	}
}

// What the example ceremonies make, and its like, conforms to every rule.
func TestConformant(t *testing.T) {
	l, err := New(Options{KeyLints: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range goodObjects(t) {
		t.Run(name, func(t *testing.T) { clean(t, l, m) })
	}
	v := values("r1-cert", "R1", 3)
	v.SubjectKey = algorithm.RSA3072
	p := example[*profiles.CertificateProfile](t, "root-2026/profiles/tls-issuing.yaml")
	clean(t, l, certificate(t, bound[profiles.Certificate](t)(p.Bind(v)), key(t, algorithm.RSA3072, "r1"), theRoot(t)))
}

// Bytes other than the cleared ones are never what was cleared, whatever the clock says.
func TestIssuedOtherBytes(t *testing.T) {
	l := newLinter(t)
	root := theRoot(t)
	e1 := theIssuing(t, root)
	if r := l.Issued(e1.obj, e1.ctx, e1.der, root.tbs); !found(r, "tbs.equal", Error) {
		t.Errorf("not found:%s", show(r))
	}
	if r := l.Issued(e1.obj, e1.ctx, e1.der, nil); !found(r, "tbs.equal", Error) {
		t.Errorf("without cleared bytes:%s", show(r))
	}
	e1.ctx.Signing = date("2025-03-14T00:00:00Z") // before BR 4.3.1.2 asks for linting
	if r := l.Issued(e1.obj, e1.ctx, e1.der, root.tbs); !found(r, "tbs.equal", Error) {
		t.Errorf("by a clock that is wrong:%s", show(r))
	}
}

// unchecked returns the findings of rules that lacked context.
func (r *Report) unchecked() []Finding {
	return slices.DeleteFunc(slices.Clone(r.Findings), func(f Finding) bool { return f.Status != NotChecked })
}
