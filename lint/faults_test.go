// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/zmap/zcrypto/x509"
	zlint3 "github.com/zmap/zlint/v3"
	zlint "github.com/zmap/zlint/v3/lint"
	"golang.org/x/crypto/ocsp"

	"rootceremony/profiles"
)

// broken is one requirement, broken in an object that conforms otherwise.
type broken struct {
	name   string
	level  Status // Error for MUST, Warning for SHOULD
	rules  string // ids of the rules that may find it; whatever else is found does not count
	breaks breaker
}

// flock is a kind of object with all that can be broken in it.
type flock struct {
	kind   string
	base   *made
	faults []broken
}

// tally counts one kind: what was found by the parsers alone, which faults are
// not in the bytes but in what surrounds them, and what zlint finds by itself.
type tally struct{ must, mustFound, should, shouldFound, parsers, context, zlint int }

// add adds up kinds.
func (c *tally) add(o tally) {
	c.must, c.mustFound, c.should, c.shouldFound = c.must+o.must, c.mustFound+o.mustFound, c.should+o.should, c.shouldFound+o.shouldFound
	c.parsers, c.context, c.zlint = c.parsers+o.parsers, c.context+o.context, c.zlint+o.zlint
}

// Each fault of the corpus is found by a rule that names it. Rules that compare
// an object with its profile do not count: a profile may declare the fault.
func TestSingleFaults(t *testing.T) {
	l := newLinter(t)
	deep, err := New(Options{KeyLints: true})
	if err != nil {
		t.Fatal(err)
	}
	alone := newAlone(t)
	known := ruleIDs()
	var sum tally
	table := fmt.Sprintf("%-16s %7s %7s %7s %7s %7s %7s %7s", "kind", "MUST", "found", "SHOULD", "found", "parsers", "context", "zlint")
	all, _ := builtFlocks(t)
	for _, k := range all {
		before := k.base.check(l)
		if len(before.Blocking()) > 0 {
			t.Errorf("%s does not conform:%s", k.kind, show(before))
		}
		by := l
		if k.kind == "key" {
			by = deep
		}
		c := checkFlock(t, by, k, known, alone)
		table += "\n" + c.row(k.kind)
		sum.add(c)
	}
	t.Logf("single faults found by a rule that names them; zlint alone: found by anything new\n%s\n%s", table, sum.row("all"))
	if n := sum.must + sum.should; n < 300 {
		t.Errorf("%d faults", n)
	}
}

func (c *tally) row(name string) string {
	return fmt.Sprintf("%-16s %7d %7d %7d %7d %7d %7d %7d", name, c.must, c.mustFound, c.should, c.shouldFound, c.parsers, c.context, c.zlint)
}

// checkFlock checks the faults of one kind.
func checkFlock(t *testing.T, l *Linter, k flock, known map[string]bool, reg zlint.Registry) (c tally) {
	_, built := builtFlocks(t)
	alone := zlintAlone(reg, k.base)
	names := map[string]bool{}
	for _, f := range k.faults {
		if names[f.name] {
			t.Errorf("%s: duplicate fault %s", k.kind, f.name)
		}
		names[f.name] = true
		for _, id := range strings.Fields(f.rules) {
			if !known[id] || comparesWithProfile(id) {
				t.Errorf("%s: %s cannot count on %s", k.kind, f.name, id)
			}
		}
		m := built[k.kind+": "+f.name]
		r := m.check(l)
		hit := slices.ContainsFunc(r.Findings, func(x Finding) bool { return f.foundBy(&x) })
		c.count(f.level, hit)
		if len(r.Findings) == 1 && r.Findings[0].Rule == ruleParse {
			c.parsers++
		}
		if bytes.Equal(m.der, k.base.der) {
			c.context++
		}
		if !hit {
			t.Errorf("MISS %s: %s (%s), of %s:%s", k.kind, f.name, f.level, f.rules, show(r))
		}
		if zlintAlone(reg, m).more(alone) {
			c.zlint++
		}
	}
	return c
}

// count adds one fault.
func (c *tally) count(level Status, hit bool) {
	all, found := &c.must, &c.mustFound
	if level != Error {
		all, found = &c.should, &c.shouldFound
	}
	*all++
	if hit {
		*found++
	}
}

// foundBy reports whether a finding is of a rule that the fault names, and
// weighs enough.
func (f *broken) foundBy(x *Finding) bool {
	return slices.Contains(strings.Fields(f.rules), x.Rule) && !x.SetAside() && x.Status.weight() >= f.level.weight()
}

// results are what zlint alone says, by lint.
type results map[string]zlint.LintStatus

// more reports whether there is a warning or an error that the conforming
// object did not have.
func (r results) more(than results) bool {
	for name, s := range r {
		if s >= zlint.Warn && s > than[name] {
			return true
		}
	}
	return false
}

// newAlone is zlint as its command line has it, but for the three lints that
// take most of the time.
func newAlone(t *testing.T) zlint.Registry {
	t.Helper()
	reg, err := zlint.GlobalRegistry().Filter(zlint.FilterOptions{ExcludeNames: costlyLints})
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

// zlintAlone lints without our configuration. What its parser refuses is found.
func zlintAlone(reg zlint.Registry, m *made) results {
	out, set := results{}, (*zlint3.ResultSet)(nil)
	refused := func(err error) bool {
		if err != nil {
			out["parser"] = zlint.Fatal
		}
		return err != nil
	}
	switch m.obj.Kind() {
	case profiles.CertRequest:
		return out
	case profiles.CRL:
		if r, err := x509.ParseRevocationList(m.der); !refused(err) {
			set = zlint3.LintRevocationListEx(r, reg)
		}
	case profiles.OCSPResponse:
		if o, err := ocsp.ParseResponse(m.der, nil); !refused(err) {
			set = zlint3.LintOcspResponseEx(o, reg)
		}
	default:
		if c, err := x509.ParseCertificate(m.der); !refused(err) {
			set = zlint3.LintCertificateEx(c, reg)
		}
	}
	if set != nil {
		for name, r := range set.Results {
			out[name] = r.Status
		}
	}
	return out
}
