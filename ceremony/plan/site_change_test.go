// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
)

// siteChange is a change of the site file, and what people read of it.
type siteChange struct {
	name, was, is string
	opened        *event.TokenOpened // as which device the token was opened, if it was
	alone         bool               // nobody approves the plan
	want          plan.SiteChange
}

// siteChanges are all kinds of changes. In was and is, a line is a line below tokens:, but
// for those that begin with a key of the whole file and "!".
func siteChanges() []siteChange {
	const (
		two     = " (two people agree)"
		witness = " (two people and an auditor or another witness agree)"
		policy  = " (it needs an approval)"
		root    = `root: {module: /m.so, label: l, serial: "1", model: m, login: pin`
		soft    = `!software-token: true` + "\n" + `root: {module: /m.so, label: l, login: pin`
	)
	by := func(needs string, lines ...string) plan.SiteChange {
		return plan.SiteChange{Needs: needs, Lines: lines}
	}
	moved := func(c plan.SiteChange) plan.SiteChange { c.Moved = []string{"root"}; return c }
	refused := func(why ...string) plan.SiteChange {
		return plan.SiteChange{Needs: event.SiteByTwo, Refused: why}
	}
	first := &event.TokenOpened{Serial: "1", Model: "m"}
	return []siteChange{
		{"nothing", root + "}", root + "}", first, false, by(event.SiteByTwo)},
		{"what the ceremony began with", root + "}", "!software-token: true\n!journal-mirror: /mnt/copy\n!host: {network: require}\n" + root + "}", nil, false,
			refused("software-token: is true, and was false", `journal-mirror: is "/mnt/copy", and was ""`, "host: differs")},

		{"a new token", root + "}", root + "}\n" + `b: {module: /b.so, label: b, serial: "2", model: n, login: pin}`, nil, false,
			by(event.SiteByPolicy, `token b is new: module /b.so, label "b", serial "2", model "n"`+policy)},
		{"a new token, where nobody approves", root + "}", root + "}\n" + `b: {module: /b.so, label: b, serial: "2", model: n, login: pin}`, nil, true,
			by(event.SiteByPolicy, `token b is new: module /b.so, label "b", serial "2", model "n"`+two)},
		{"a token taken out", root + "}\n" + `b: {module: /b.so, label: b, serial: "2", model: n, login: pin}`, root + "}", nil, false, by(event.SiteByTwo, "token b is taken out"+two)},

		{"named more closely", soft + "}", soft + `, serial: "1", model: m}`, first, false, by(event.SiteByTwo, `token root is named more closely: serial "1", model "m"`+two)},
		{"a serial number more", soft + ", model: m}", soft + `, serial: "1", model: m}`, nil, false, by(event.SiteByTwo, `token root is named more closely: serial "1", model "m"`+two)},
		{"a model more", soft + `, serial: "1"}`, soft + `, serial: "1", model: m}`, nil, false, by(event.SiteByTwo, `token root is named more closely: serial "1", model "m"`+two)},
		{"a serial number more, of a device that was not opened as one with a model", soft + "}", soft + `, serial: "1"}`, first, false, by(event.SiteByTwo, `token root is named more closely: serial "1"`+two)},
		{"named more closely, as another one by its serial number", soft + "}", soft + `, serial: "3"}`, first, false,
			moved(by(event.SiteByPolicy, `token root is another device or module: serial "3", was not named`+policy))},
		{"named more closely, as another one by its model", soft + "}", soft + `, serial: "1", model: n}`, first, false,
			moved(by(event.SiteByPolicy, `token root is another device or module: serial "1", was not named; model "n", was not named`+policy))},
		{"named less closely", soft + `, serial: "1", model: m}`, soft + ", model: m}", first, false,
			moved(by(event.SiteByPolicy, `token root is another device or module: serial not named, was "1"`+policy))},
		{"without its model", soft + `, serial: "1", model: m}`, soft + `, serial: "1"}`, nil, false,
			moved(by(event.SiteByPolicy, `token root is another device or module: model not named, was "m"`+policy))},
		{"another serial number", soft + `, serial: "1"}`, soft + `, serial: "3"}`, nil, false,
			moved(by(event.SiteByPolicy, `token root is another device or module: serial "3", was "1"`+policy))},
		{"another model", soft + ", model: m}", soft + ", model: n}", nil, false, moved(by(event.SiteByPolicy, `token root is another device or module: model "n", was "m"`+policy))},
		{"another label", root + "}", strings.Replace(root, "label: l", "label: k", 1) + "}", nil, false,
			moved(by(event.SiteByPolicy, `token root is another device or module: label "k", was "l"`+policy))},
		{"another module", root + "}", strings.Replace(root, "/m.so", "/n.so", 1) + "}", first, false, by(event.SiteByPolicy, `token root is another device or module: module "/n.so", was "/m.so"`+policy)},
		{"another module, of a device that was opened as another one", soft + "}", strings.Replace(soft, "/m.so", "/n.so", 1) + "}", &event.TokenOpened{Serial: "1"}, false,
			moved(by(event.SiteByPolicy, `token root is another device or module: module "/n.so", was "/m.so"`+policy))},
		{"the bytes of the module stated", root + "}", root + ", module-sha256: " + strings.Repeat("ab", 32) + "}", first, false,
			by(event.SiteByPolicy, `token root is another device or module: module-sha256 "`+strings.Repeat("ab", 32)+`", was not named`+policy)},

		{"a spare takes the place", root + `, spares: [{serial: "2", label: k}]}`, strings.NewReplacer(`"1"`, `"2"`, "label: l", "label: k").Replace(root) + "}", nil, false,
			moved(by(event.SiteByTwo, `token root is now the spare with serial "2", model "m"; it was serial "1"`+two, `token root no longer has the spare with serial "2"`+two))},
		{"a spare takes the place of a device that was not named", soft + `, spares: [{serial: "2"}]}`, soft + `, serial: "2", spares: [{serial: "4"}]}`, first, false,
			moved(by(event.SiteByPolicy, `token root is now the spare with serial "2"; it was serial "1"`+two, `token root has a new spare: serial "4", module /m.so`+policy, `token root no longer has the spare with serial "2"`+two))},
		{"a spare with another module stated", root + `, spares: [{serial: "2", module: /n.so}]}`, strings.Replace(root, `"1"`, `"2"`, 1) + "}", nil, false,
			moved(by(event.SiteByPolicy, `token root is another device or module: serial "2", was "1"`+policy, `token root no longer has the spare with serial "2"`+two))},
		{"a new spare", root + "}", root + `, spares: [{serial: "9", module: /n.so}]}`, nil, false, by(event.SiteByPolicy, `token root has a new spare: serial "9", model "m", module /n.so`+policy)},
		{"a new spare, where nobody approves", root + "}", root + `, spares: [{serial: "9"}]}`, nil, true, by(event.SiteByPolicy, `token root has a new spare: serial "9", model "m", module /m.so`+two)},
		{"a spare taken out", root + `, spares: [{serial: "2"}]}`, root + "}", nil, false, by(event.SiteByTwo, `token root no longer has the spare with serial "2"`+two)},

		{"a template that allows no more", root + "}", root + ", template: strict}", nil, false, by(event.SiteByWitness, `token root: template "strict", was "default": it allows no more`+witness)},
		{"a template that allows more", root + "}", root + ", template: crypto11}", nil, false, by(event.SiteByPolicy, `token root: template "crypto11", was "default": it allows more, or nobody knows what`+policy)},
		{"a template of one's own, changed", "!templates: {own: {like: strict}}\n" + root + ", template: own}", "!templates: {own: {like: strict, private: {CKA_MODIFIABLE: true}}}\n" + root + ", template: own}", nil, false,
			by(event.SiteByPolicy, `token root: template "own", was "own": it allows more, or nobody knows what`+policy)},
		{"a template of one's own, with another name", "!templates: {own: {like: strict}}\n" + root + ", template: own}", "!templates: {new: {like: strict}}\n" + root + ", template: new}", nil, true,
			by(event.SiteByWitness, `token root: template "new", was "own": it allows no more`+witness)},

		{"deadlines", root + ", deadlines: {call: 90s, sign: 5min, generate: 2h}}", root + "}", nil, false,
			by(event.SiteByTwo, "token root: deadlines: not stated, was {call: 90s, generate: 2h, sign: 5min}"+two)},
		{"a slot and keys", root + "}", root + `, slot: 7, keys: {old: {id: "01"}}}`, nil, false,
			by(event.SiteByTwo, `token root: keys: {"old":{"id":"01"}}, was not stated`+two, `token root: slot: 7, was not stated`+two)},
		{"a token of others", root + "}", root + ", shared-token: true}", nil, false, by(event.SiteByTwo, "token root: shared-token: true, was not stated"+two)},
		{"a login in parts", root + "}", strings.Replace(root, "login: pin", "login: split-pin, parts: [alice, bob]", 1) + "}", nil, true,
			by(event.SiteByWitness, `token root: login: "split-pin", was "pin"`+witness, `token root: pin-parts: ["alice","bob"], was not stated`+witness)},
		{"other parts", strings.Replace(root, "login: pin", "login: split-pin, parts: [alice, bob]", 1) + "}", strings.Replace(root, "login: pin", "login: split-pin, parts: [alice, eve]", 1) + "}", nil, false,
			by(event.SiteByWitness, `token root: pin-parts: ["alice","eve"], was ["alice","bob"]`+witness)},
		{"another login", root + "}", strings.Replace(root, "login: pin", "login: pad", 1) + "}", nil, false, by(event.SiteByWitness, `token root: login: "pad", was "pin"`+witness)},
		{"another user", root + "}", root + ", user: so}", nil, false, by(event.SiteByWitness, `token root: user: "so", was not stated`+witness)},
		{"how many tries", root + ", tries: 5}", root + ", tries: 10}", nil, false, by(event.SiteByWitness, "token root: tries: 10, was 5"+witness)},
		{"what too many do", root + ", then: locks}", root + ", then: zeroizes}", nil, false, by(event.SiteByWitness, `token root: then: "zeroizes", was "locks"`+witness)},
		{"variables, which the table does not have", root + "}", root + ", environment: {CONF: /etc/x}}", nil, false,
			by(event.SiteByPolicy, `token root: environment: {"CONF":"/etc/x"}, was not stated`+policy)},
		{"the most that one needs, which comes first", root + "}", root + ", environment: {CONF: /etc/x}, slot: 7}", nil, false,
			by(event.SiteByPolicy, `token root: environment: {"CONF":"/etc/x"}, was not stated`+policy, "token root: slot: 7, was not stated"+two)},
	}
}

// siteOf reads the site file that lines say.
func siteOf(t *testing.T, lines string) *plan.Site {
	t.Helper()
	text, tokens := "version: 1\n", "tokens:\n"
	for line := range strings.Lines(lines + "\n") {
		if whole, is := strings.CutPrefix(line, "!"); is {
			text += whole
		} else {
			tokens += "  " + line
		}
	}
	s, err := plan.LoadSite("site.yaml", []byte(text+tokens))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSiteChanges guards who has to agree to each kind of change of a site file, which tokens
// count as moved, and what people read of it, word by word.
func TestSiteChanges(t *testing.T) {
	for _, c := range siteChanges() {
		p := &plan.Plan{}
		if c.alone {
			p.Approval = plan.ApprovalNone
		}
		used := func(string) (event.TokenOpened, bool) {
			if c.opened == nil {
				return event.TokenOpened{}, false
			}
			return *c.opened, true
		}
		got := plan.CompareSites(siteOf(t, c.was), siteOf(t, c.is), p, used)
		if diff := cmp.Diff(c.want, got, cmpopts.IgnoreUnexported(plan.SiteChange{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
