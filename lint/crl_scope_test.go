// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/internal/inspect"
	"rootceremony/profiles"
	"rootceremony/profiles/ext"
)

// Names of distribution points.
const (
	shard1 = "http://x1.c.example.com/1.crl"
	shard2 = "http://x1.c.example.com/2.crl"
	moved1 = "http://new.example.com/1.crl"
)

// Scopes of CRLs: of one named distribution point or more, or of none.
func caOnly(urls ...string) ext.IssuingPoint { return ext.IssuingPoint{URLs: urls, OnlyCACerts: true} }
func userOnly(urls ...string) ext.IssuingPoint {
	return ext.IssuingPoint{URLs: urls, OnlyUserCerts: true}
}
func shard(urls ...string) ext.IssuingPoint { return ext.IssuingPoint{URLs: urls} }

// scoped makes a CRL of a scope; of the zero one it is complete.
func scoped(t *testing.T, w *hierarchy, artifact string, number int64, p ext.IssuingPoint, at time.Time, entries ...profiles.RevokedEntry) *made {
	t.Helper()
	l := crlProfile(t, artifact, number, entries...)
	if len(p.URLs) > 0 || p.OnlyCACerts || p.OnlyUserCerts {
		l.Extensions = append(slices.Clone(l.Extensions), profiles.Extension{Name: ext.NameIssuingPoint, Critical: true, Value: p})
	}
	return revocationList(t, l, w.root, at)
}

// following makes a CRL of a scope after one of another scope.
func following(now, old ext.IssuingPoint, parts ...Part) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		m := scoped(t, w, "crl-2", 2, now, signing)
		m.ctx.First, m.ctx.Previous, m.ctx.Parts = false, scoped(t, w, "crl-1", 1, old, signing.AddDate(0, -1, 0)).crl, parts
		return m
	}
}

// partOf is another CRL of the ceremony.
func partOf(p ext.IssuingPoint, continues bool) Part {
	s := CRLScope{Names: p.URLs, Users: !p.OnlyCACerts, CAs: !p.OnlyUserCerts}
	return Part{Artifact: "other-crl", Scope: s, Continues: continues}
}

var failingKept = []failing{
	{"crl.scope-kept", Error, "the CRL of CAs after that of all", following(caOnly(), shard())},
	{"crl.scope-kept", Error, "one of a name after the complete one", following(shard(shard1), shard())},
	{"crl.scope-kept", Error, "the rest in a CRL of another name", following(caOnly(shard1), shard(shard1), partOf(userOnly(shard2), false))},
	{"crl.scope-kept", Error, "the rest in a CRL of before", following(caOnly(), shard(), Part{Artifact: "old", Scope: CRLScope{Users: true}, Before: true})},
	{"crl.scope-kept", Error, "users alone after CAs alone", following(userOnly(), caOnly())},
	{"crl.scope-kept", Error, "the previous one of another part", following(shard(shard2), shard(shard1), partOf(shard(shard1), true))},
	{"crl.scope-kept", Error, "another part, whose last CRL is there", func(t *testing.T, w *hierarchy) *made {
		m := following(shard(shard2), shard(shard1))(t, w)
		m.ctx.Earlier.CRLs = []EarlierCRL{{"shard-2", scoped(t, w, "x", 1, shard(shard2), signing.AddDate(0, -1, 0)).crl}}
		return m
	}},
	{"crl.scope-kept", Notice, "all after CAs alone", following(shard(), caOnly())},
	{"crl.scope-kept", Notice, "all after one of a name", following(shard(), shard(shard1))},
	{"crl.scope-kept", Notice, "another name", following(shard(moved1), shard(shard1))},
	{"crl.scope-kept", Notice, "one name less", following(shard(shard1), shard(shard1, moved1))},
	{"crl.scope-kept", Notice, "the rest in another CRL", following(caOnly(), shard(), partOf(userOnly(), true))},
	{"crl.scope-kept", Notice, "the rest of a name in another CRL", following(caOnly(moved1), shard(shard1), partOf(userOnly(shard2), true))},
	{"crl.earlier", Error, "a later CRL under the name of before", func(t *testing.T, w *hierarchy) *made {
		m := following(shard(moved1), shard(shard1))(t, w)
		m.ctx.Earlier.CRLs = []EarlierCRL{{"later", scoped(t, w, "x", 7, shard(shard1), signing.AddDate(0, -1, 0)).crl}}
		return m
	}},
	{"crl.earlier", Error, "the first of all after one of CAs", func(t *testing.T, w *hierarchy) *made {
		m := scoped(t, w, "crl-2", 2, shard(), signing)
		m.ctx.Earlier.CRLs = []EarlierCRL{{"cas", scoped(t, w, "x", 1, caOnly(), signing.AddDate(0, -1, 0)).crl}}
		return m
	}},
	{"crl.earlier", Error, "all after CAs alone, without what a CRL of users lists", func(t *testing.T, w *hierarchy) *made {
		m := following(shard(), caOnly())(t, w)
		user := profiles.RevokedEntry{Serial: "77", Date: profiles.SigningTime, Reason: profiles.Superseded}
		m.ctx.Earlier.CRLs = []EarlierCRL{{"users", scoped(t, w, "x", 1, userOnly(), signing.AddDate(0, -1, 0), user).crl}}
		return m
	}},
}

// afterDelta gives a CRL a delta CRL that is later than the previous one.
func afterDelta(number int64, serial, base string) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made {
		m := following(shard(), shard())(t, w)
		entry := profiles.RevokedEntry{Serial: profiles.Serial(serial), Date: profiles.SigningTime, Reason: profiles.Superseded}
		later := scoped(t, w, "x", number, shard(), signing.AddDate(0, 0, -1), entry)
		delta, err := inspect.ParseRevocationList(extend(t, later, w.root, inspect.OIDDeltaCRLIndicator, critical, []byte{2, 1, base[0] - '0'}).der)
		if err != nil {
			t.Fatal(err)
		}
		m.ctx.Earlier.CRLs = []EarlierCRL{{"delta", delta}}
		return m
	}
}

var failingDeltas = []failing{
	{"crl.delta", Error, "a certificate that only a delta CRL revokes", func(t *testing.T, w *hierarchy) *made {
		m := afterDelta(2, "77", "1")(t, w)
		m.ctx.Previous = scoped(t, w, "crl-1", 1, shard(), signing.AddDate(0, -1, 0)).crl
		return m
	}},
	{"crl.delta", Error, "the number of a delta CRL", afterDelta(2, "77", "1")},
	{"crl.delta", Error, "a delta CRL to a complete one that is not there", afterDelta(9, "77", "8")},
	{"ocsp.crl", Error, "good, and revoked by a delta CRL", func(t *testing.T, w *hierarchy) *made {
		m := *w.response
		delta := afterDelta(9, hexSerial(w.e1.cert.Serial), "1")(t, w).ctx.Earlier.CRLs
		m.ctx.Earlier.CRLs = delta
		return &m
	}},
}

// TestScopeKept guards a CA against errors about CRLs that lose nothing.
func TestScopeKept(t *testing.T) {
	l, w := newLinter(t), newHierarchy(t)
	for name, make := range map[string]func(*testing.T, *hierarchy) *made{
		"all":                following(shard(), shard()),
		"CAs":                following(caOnly(), caOnly()),
		"a name":             following(shard(shard1), shard(shard1), partOf(shard(shard2), false)),
		"another name, more": following(shard(moved1, shard1), shard(shard1)),
		"CAs, after a full CRL of years ago": func(t *testing.T, w *hierarchy) *made {
			m := following(caOnly(), caOnly())(t, w)
			user := profiles.RevokedEntry{Serial: "77", Date: profiles.SigningTime, Reason: profiles.Superseded}
			m.ctx.Earlier.CRLs = []EarlierCRL{{"old", scoped(t, w, "x", 1, shard(), signing.AddDate(-1, 0, 0), user).crl}}
			return m
		},
		"of another part": func(t *testing.T, w *hierarchy) *made {
			m := following(shard(shard1), shard(shard1))(t, w)
			m.ctx.Earlier.CRLs = []EarlierCRL{{"other", scoped(t, w, "x", 9, shard(shard2), signing).crl}}
			return m
		},
	} {
		for _, f := range make(t, w).check(l).Findings {
			if f.Rule == "crl.scope-kept" || f.Rule == "crl.earlier" {
				t.Errorf("%s: %s %s", name, f.Rule, f.Details)
			}
		}
	}
	moved := following(shard(moved1), shard(shard1))(t, w).check(l)
	if !slices.ContainsFunc(moved.Findings, func(f Finding) bool {
		return f.Rule == "crl.scope-kept" && strings.Contains(f.Details, "certificates that point to "+shard1)
	}) {
		t.Errorf("nothing said of the old name:%s", show(moved))
	}
}
