// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"strings"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/profiles"
)

// organized makes an issuing CA of an organization.
func organized(org string) func(*testing.T, *hierarchy) *made {
	return sub(func(t *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return named(c, attr(t, "country", "US"), attr(t, "organization", org), attr(t, "common-name", "F1"))
	})
}

// typed makes an issuing CA whose organization holds what profiles refuse.
func typed(org string) func(*testing.T, *hierarchy) *made {
	return func(t *testing.T, w *hierarchy) *made { return attribute(oidOrganization, utf8Tag, org)(t, w.e1) }
}

var failingSpellings = []failing{
	{"name.script", Warning, "a Cyrillic a", organized("Ex\u0430mple Trust")},
	{"name.script", Warning, "a Greek O before Latin letters", organized("\u039Fpen Example")},
	{"name.nfc", Warning, "u and a combining diaeresis", organized("Mu\u0308ller Trust")},
	{"name.spaces", Warning, "two spaces", organized("Example  Trust")},
	{"name.spaces", Warning, "a no-break space", typed("Example\u00a0Trust")},
	{"name.spaces", Warning, "a space at the end", typed("Example Trust ")},
	{"name.quotes", Warning, "an apostrophe from Word", organized("O\u2019Example")},
	{"name.quotes", Warning, "German quotation marks", organized("\u201eExample\u201c GmbH")},
	{"set.organization", Warning, "a swapped letter", organized("Exapmle Trust")},
	{"set.organization", Warning, "other case", organized("Example trust")},
	{"set.organization", Warning, "another country", sub(func(t *testing.T, c *profiles.Certificate) *profiles.Certificate {
		return named(c, attr(t, "country", "DE"), attr(t, "organization", "Example Trust"), attr(t, "common-name", "F1"))
	})},
	{"set.organization", Warning, "an authority without a certificate here", knowing(theE1, func(_ *testing.T, _ *hierarchy, c *Context) {
		c.Siblings, c.Authorities = []Sibling{}, []Organization{{Of: "f1", Organization: "Exanple Trust", Country: "US"}}
	})},
	{"set.organization", Warning, "a request for another country", func(t *testing.T, _ *hierarchy) *made {
		m := *theRequest(t)
		m.ctx.Authorities = []Organization{{Of: "f1", Organization: "Example Trust", Country: "DE"}}
		return &m
	}},
}

// TestSpellingAccepts guards the names of those who do not write in ASCII: a
// warning about each would teach people to read none.
func TestSpellingAccepts(t *testing.T) {
	w := newHierarchy(t)
	for _, org := range []string{
		"Müller Trust", "Főtanúsítvány", "Пример Траст", "Παράδειγμα", "例えばトラスト", "한국漢字 인증", "中華電信", "CA Пример 2",
		"Trust-Example Inc", "People's Trust", "A. B. Example", "דוגמה", "مثال", "Short", "Wholly Different Ltd",
	} {
		got := spellingFindings(t, organized(org)(t, w))
		if len(got) > 0 {
			t.Errorf("%s: %v", org, got)
		}
	}
}

// TestCopiedNames guards the name of an existing CA: who mends its spelling makes
// a certificate that no path leads to.
func TestCopiedNames(t *testing.T) {
	w := newHierarchy(t)
	old := organized("Example  Trust")(t, w)
	again := certificate(t, named(issuingProfile(t, "again", "F1"), attr(t, "country", "US"), attr(t, "organization", "Example  Trust"), attr(t, "common-name", "F1")),
		key(t, algorithm.ECDSAP384, "f"), w.root)
	again.ctx.Siblings = append(again.ctx.Siblings, Sibling{"old", old.cert, nil})
	got := spellingFindings(t, again)
	if len(got) != 1 || got[0].Status != Notice || !strings.Contains(got[0].Details, "has to keep its bytes") {
		t.Errorf("got %v, want notices that say why nothing is mended", got)
	}
}

// TestCopiedRequest guards the same of a request: an authority that has a certificate
// asks for the next one under the name that it has.
func TestCopiedRequest(t *testing.T) {
	w := newHierarchy(t)
	m := *theRequest(t)
	german := Organization{Of: "f1", Organization: "Example Trust", Country: "DE"}
	m.ctx.Authorities = []Organization{german, german} // as many as those with the old country
	old := *w.e1.cert
	old.RawSubject = m.req.Subject.Raw
	m.ctx.Siblings = []Sibling{{"old", &old, nil}}
	got := spellingFindings(t, &m)
	if len(got) != 1 || got[0].Status != Notice {
		t.Errorf("got %v, want a notice", got)
	}
}

// spellingFindings gives what the rules of this file find.
func spellingFindings(t *testing.T, m *made) (out []Finding) {
	t.Helper()
	for _, f := range m.check(newLinter(t)).Findings {
		if strings.HasPrefix(f.Rule, "name.") || f.Rule == "set.organization" {
			out = append(out, f)
		}
	}
	return out
}
