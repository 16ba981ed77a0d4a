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
	site := &Site{Version: 1, JournalMirror: "/mnt/b", Tokens: []token.Config{{Name: "root", Module: "/m", Label: "l", Serial: "1", Model: "M", Login: token.LoginPIN, Template: "default",
		Spares: []token.Spare{{Module: "/m", Label: "l", Serial: "2", Model: "M"}}, Keys: map[string]token.KeyName{"k": {ID: "0a"}}, Environment: map[string]string{"V": "v"}}}}
	canonical, err := site.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	changed := func(old, is string) string {
		if !strings.Contains(string(canonical), old) {
			t.Errorf("%s has no %s", canonical, old)
		}
		return strings.Replace(string(canonical), old, is, 1)
	}
	own := func(text string) string {
		return changed(`"serial":"1","spares"`, `"own_template":{`+text+`},"serial":"1","spares"`)
	}
	const none = "no site file can say"
	for name, c := range map[string]struct{ text, says string }{
		"as it was written":        {string(canonical), ""},
		"doubled":                  {changed(`"journal_mirror":"/mnt/b"`, `"journal_mirror":"/mnt/a","journal_mirror":"/mnt/b"`), `duplicate key "journal_mirror"`},
		"in other letters":         {changed(`"journal_mirror":"/mnt/b"`, `"Journal_Mirror":"/mnt/a","journal_mirror":"/mnt/b"`), "not in canonical form"},
		"with other spaces":        {changed("{", "{ "), "not in canonical form"},
		"another order":            {changed(`"label":"l","login":"pin"`, `"login":"pin","label":"l"`), "not in canonical form"},
		"an escape":                {changed(`"login":"pin"`, `"login":"\u0070in"`), "not in canonical form"},
		"of another version":       {changed(`"version":1`, `"version":2`), "version"},
		"a number of another form": {changed(`"version":1`, `"version":1.0`), "1.0"},
		"a mirror anywhere":        {changed(`"/mnt/b"`, `"b"`), "must be an absolute path"},
		"an unknown check":         {changed(`{"journal`, `{"host":{"x":"require"},"journal`), `unknown key "x"`},
		"no tokens":                {`{"software_token":false,"tokens":[],"version":1}`, none},
		"a module anywhere":        {changed(`"/m"`, `"m"`), "want an absolute path"},
		"a token twice":            {changed(`"tokens":[`, `"tokens":[{"label":"x","login":"pin","model":"M","module":"/m","name":"root","serial":"1","template":"default"},`), "duplicate key"},
		"a name with a slash":      {changed(`"name":"root"`, `"name":"../root"`), "is not a name"},
		"more in a name":           {changed(`"name":"root"`, `"name":"root: {label: x}\n  b"`), "login"},
		"no serial number":         {changed(`"serial":"1",`, ``), "needs serial: and model:"},
		"no model":                 {changed(`"model":"M",`, ``), "needs serial: and model:"},
		"no label":                 {changed(`"label":"l",`, ``), "label"},
		"no login":                 {changed(`"login":"pin"`, `"login":""`), "login"},
		"no template":              {changed(`"template":"default"`, `"template":""`), none},
		"an unknown template":      {changed(`"template":"default"`, `"template":"mine"`), "unknown template"},
		"an unseen character":      {changed(`"label":"l"`, "\"label\":\"l\u202e\""), none},
		"a line break":             {changed(`"label":"l"`, `"label":"l\nm"`), "a line break"},
		"a space at the end":       {changed(`"label":"l"`, `"label":"l "`), none},
		"unseen in a variable":     {changed(`"V":"v"`, "\"V\":\"\u200b\""), "character U+200B"},
		"unseen in a mirror":       {changed(`"/mnt/b"`, "\"/mnt/\u202eb\""), "character U+202E"},
		"a spare without a number": {changed(`,"serial":"2"`, ``), "serial"},
		"a spare without a model":  {changed(`"model":"M","module":"/m","serial":"2"`, `"module":"/m","serial":"2"`), none},
		"the token as its spare":   {changed(`"serial":"2"`, `"serial":"1"`), "the spare is the token itself"},
		"a key without a name":     {changed(`{"id":"0a"}`, `{}`), "a key is named by"},
		"a key by no bytes":        {changed(`"0a"`, `"0g"`), "not hexadecimal"},
		"a key in other letters":   {changed(`"0a"`, `"0A"`), none},
		"a key that is no name":    {changed(`{"k":{"id"`, `{"K":{"id"`), "is not a name"},
		"a slot too many":          {changed(`"spares":`, `"slot":2147483648,"spares":`), "slot"},
		"too many tries":           {changed(`"template":"default"`, `"template":"default","tries":101`), "tries"},
		"one try":                  {changed(`"template":"default"`, `"template":"default","tries":1`), "tries"},
		"no tries":                 {changed(`"template":"default"`, `"template":"default","tries":-1`), "tries"},
		"an end of no tries":       {changed(`"template":"default"`, `"template":"default","then":"burns"`), "burns"},
		"parts without a login":    {changed(`"serial":"1"`, `"pin_parts":["a","b"],"serial":"1"`), "no other login has any"},
		"a part without a name":    {changed(`"login":"pin","model":"M","module":"/m","name":"root"`, `"login":"split-pin","model":"M","module":"/m","name":"root","pin_parts":["a",""]`), "empty"},
		"a template of the site":   {strings.Replace(own(`"like":"default"`), `"template":"default"`, `"template":"mine"`, 1), ""},
		"a template like another":  {strings.Replace(own(`"like":"mine"`), `"template":"default"`, `"template":"mine"`, 1), "unknown template"},
		"a template in its place":  {own(`"like":"default"`), "is a template of this program"},
		"attributes in no order":   {strings.Replace(own(`"like":"default","private":[{"name":"CKA_SENSITIVE","value":"true"},{"name":"CKA_DERIVE","value":"true"}]`), `"template":"default"`, `"template":"mine"`, 1), none},
		"an attribute twice":       {strings.Replace(own(`"like":"default","private":[{"name":"CKA_DERIVE","value":"true"},{"name":"CKA_DERIVE","value":"false"}]`), `"template":"default"`, `"template":"mine"`, 1), "duplicate key"},
		"a mechanism twice":        {strings.Replace(own(`"allowed_mechanisms":[1,1],"like":"default"`), `"template":"default"`, `"template":"mine"`, 1), "is a duplicate"},
		"a mechanism too large":    {strings.Replace(own(`"allowed_mechanisms":[4294967296],"like":"default"`), `"template":"default"`, `"template":"mine"`, 1), "is not a mechanism"},
		"bytes in other letters":   {strings.Replace(own(`"like":"default","private":[{"name":"0x80000001","value":"AB"}]`), `"template":"default"`, `"template":"mine"`, 1), none},
		"no time":                  {changed(`[{`, `[{"deadlines":{"open":-1},`), "-1s"},
		"a year":                   {changed(`[{`, `[{"deadlines":{"sign":31536000},`), "at most 24 hours"},
		"two variables":            {changed(`"V":"v"`, `"A\nB":"x"`), "line break"},
		"a library":                {changed(`"V":"v"`, `"LD_PRELOAD":"/x"`), "is not a variable"},
		"with something more":      {string(canonical) + "{}", "something follows"},
	} {
		if _, err := DecodeSite([]byte(c.text)); c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	if _, err := Decode([]byte(`{"ceremony":{"id":"a","id":"b"}}`)); err == nil || !strings.Contains(err.Error(), `duplicate key "ceremony.id"`) {
		t.Errorf("plan.json: %v", err)
	}
}
