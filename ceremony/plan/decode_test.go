// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"strings"
	"testing"

	"rootceremony/internal/token"
)

// TestDecodeStrictly guards people who approve plan.json and site.json, and read them with
// other programs than this one: both say the same in each of them.
func TestDecodeStrictly(t *testing.T) {
	site := &Site{Version: 1, JournalMirror: "/mnt/b", Tokens: []token.Config{{Name: "root", Module: "/m", Label: "l", Login: token.LoginPIN, Template: "default"}}}
	canonical, err := site.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	changed := func(old, is string) string { return strings.Replace(string(canonical), old, is, 1) }
	for name, c := range map[string]struct{ text, says string }{
		"as it was written":   {string(canonical), ""},
		"doubled":             {changed(`"journal_mirror":"/mnt/b"`, `"journal_mirror":"/mnt/a","journal_mirror":"/mnt/b"`), `duplicate key "journal_mirror"`},
		"in other letters":    {changed(`"journal_mirror":"/mnt/b"`, `"Journal_Mirror":"/mnt/a","journal_mirror":"/mnt/b"`), "not in canonical form"},
		"with other spaces":   {changed("{", "{ "), "not in canonical form"},
		"of another version":  {changed(`"version":1`, `"version":2`), "version 2"},
		"a mirror anywhere":   {changed(`"/mnt/b"`, `"b"`), "not an absolute path"},
		"an unknown check":    {changed(`{"journal`, `{"host":{"x":"require"},"journal`), "none of the checks"},
		"a module anywhere":   {changed(`"/m"`, `"m"`), "want an absolute path"},
		"a token twice":       {changed(`"tokens":[`, `"tokens":[{"label":"x","login":"pin","module":"/m","name":"root","template":"default"},`), "is there twice"},
		"a name with a slash": {changed(`"name":"root"`, `"name":"../root"`), "is not an id"},
		"no time":             {changed(`[{`, `[{"deadlines":{"open":-1},`), "at most a day"},
		"a year":              {changed(`[{`, `[{"deadlines":{"sign":31536000},`), "at most a day"},
		"two variables":       {changed(`[{`, `[{"environment":{"A\nB":"x"},`), "is not a variable"},
		"a library":           {changed(`[{`, `[{"environment":{"LD_PRELOAD":"/x"},`), "is not a variable"},
		"with something more": {string(canonical) + "{}", "something follows"},
	} {
		if _, err := DecodeSite([]byte(c.text)); c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	if _, err := Decode([]byte(`{"ceremony":{"id":"a","id":"b"}}`)); err == nil || !strings.Contains(err.Error(), `duplicate key "ceremony.id"`) {
		t.Errorf("plan.json: %v", err)
	}
}
