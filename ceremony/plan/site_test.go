// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// TestSiteKeys guards a team against a site file whose name for a key does nothing: it
// names nothing, or a key that is made in the ceremony or is on another token.
func TestSiteKeys(t *testing.T) {
	p := ceremonytest.PreviewOldCA(t, ceremonytest.WriteOldCA(t, 0)).Plan
	made := ceremonytest.Preview(t, ceremonytest.FastFolder(t)).Plan
	const token = "{module: /m.so, label: l, login: pin"
	for text, want := range map[string]string{
		"root: " + token + `, keys: {old: {label: theirs, id: "0A01"}}}`:              "",
		"root: " + token + `, keys: {of-another-ceremony: {id: "0a01"}}}`:             "",
		"root: " + token + `, keys: {old: {}}}`:                                       "a key is named by its label:, its id:, or both",
		"root: " + token + `, keys: {old: {id: "0a0"}}}`:                              "not hexadecimal",
		"root: " + token + `, keys: {old: {id: "0a", name: x}}}`:                      "name",
		"root: " + token + "}\n  spare: " + token + `, keys: {old: {label: theirs}}}`: `names key "old" on token "spare", and the ceremony file has it on token "root"`,
		"root: " + token + `, keys: {` + made.Keys[0].ID + `: {label: theirs}}}`:      "and the ceremony makes it",
	} {
		s, err := plan.LoadSite("site.yaml", []byte("version: 1\nsoftware-token: true\ntokens:\n  "+text+"\n"))
		if err == nil {
			if err = s.Has(p); err == nil {
				err = s.Has(made)
			}
		}
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

// TestSiteDevices guards a site file that says more of a device: what no module could get,
// or means nothing, is refused at its line.
func TestSiteDevices(t *testing.T) {
	for text, want := range map[string]string{
		"deadlines: {sign: 5min, generate: 2h}":                                       "",
		"deadlines: {sign: 1d}":                                                       "at most 24 hours",
		"deadlines: {sign: 25h}":                                                      "at most 24 hours",
		"deadlines: {login: 5min}":                                                    "login",
		"environment: {CONF: /etc/x}":                                                 "",
		"environment: {LD_PRELOAD: /tmp/x.so}":                                        "not a variable that a module may get",
		"environment: {\"A=B\": c}":                                                   "not a variable that a module may get",
		"spares: [{serial: \"2\", module: /n.so}]":                                    "",
		"spares: [{serial: \"1\"}]":                                                   "the spare is the token itself (take it out of spares",
		`spares: [{uri: "pkcs11:token=l"}]`:                                           `missing key "serial"`,
		`spares: [{uri: "pkcs11:token=l;serial=2", label: l}]`:                        "write it into the URI",
		`spares: [{uri: "pkcs11:token=l;serial=2;slot-id=7"}]`:                        "take slot-id out of the URI",
		`spares: [{uri: "pkcs11:token=l;serial=2?module-path=/n.so", module: /m.so}]`: "a second time",
		"spares: [{label: l}]":                                                        `missing key "serial" (ceremony token list --module /m.so shows it)`,
		"module-sha256: abcd":                                                         "module-sha256",
		"tries: 10, then: zeroizes":                                                   "",
		"tries: 1":                                                                    "tries",
		"then: burns":                                                                 "end of the tries",
		"user: so":                                                                    "",
		"user: \"0x80000001\"":                                                        "",
		"user: \"0x1\"":                                                               "a number of the vendor's",
		"user: root":                                                                  "a number of the vendor's",
		"slot: -1":                                                                    "slot",
		"parts: [alice, bob]":                                                         "no other login has any",
		"spares: [{serial: \"2\", module: n.so}]":                                     "want an absolute path",
	} {
		_, err := plan.LoadSite("site.yaml", []byte("version: 1\ntokens:\n  root: {module: /m.so, label: l, serial: \"1\", model: m, login: pin, "+text+"}\n"))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

// TestSpares guards a device that takes the place of another: each name of it that the site
// file gives is looked at, and what it leaves out is as at the token, but not the bytes of
// another module.
func TestSpares(t *testing.T) {
	sum, other := strings.Repeat("ab", 32), strings.Repeat("cd", 32)
	is := token.Spare{Module: "/m.so", ModuleSHA256: sum, Label: "l", Serial: "2", Model: "m", Manufacturer: "M"}
	for text, change := range map[string]func(*token.Spare){
		`serial: "2"`:                                             func(*token.Spare) {},
		`serial: "2", label: two`:                                 func(s *token.Spare) { s.Label = "two" },
		`serial: "2", model: n`:                                   func(s *token.Spare) { s.Model = "n" },
		`serial: "2", module: /n.so`:                              func(s *token.Spare) { s.Module, s.ModuleSHA256 = "/n.so", "" },
		`serial: "2", module-sha256: "` + other + `"`:             func(s *token.Spare) { s.ModuleSHA256 = other },
		`uri: "pkcs11:token=l;serial=2"`:                          func(*token.Spare) {},
		`uri: "pkcs11:token=two;serial=2"`:                        func(s *token.Spare) { s.Label = "two" },
		`uri: "pkcs11:token=l;serial=2;model=n"`:                  func(s *token.Spare) { s.Model = "n" },
		`uri: "pkcs11:token=l;serial=2;manufacturer=N"`:           func(s *token.Spare) { s.Manufacturer = "N" },
		`uri: "pkcs11:token=l;serial=2?module-path=/n.so"`:        func(s *token.Spare) { s.Module, s.ModuleSHA256 = "/n.so", "" },
		`uri: "pkcs11:token=l;serial=2", module: /n.so`:           func(s *token.Spare) { s.Module, s.ModuleSHA256 = "/n.so", "" },
		`uri: "pkcs11:token=l;serial=2", module-sha256: ` + other: func(s *token.Spare) { s.ModuleSHA256 = other },
	} {
		want := is
		change(&want)
		s, err := plan.LoadSite("site.yaml", []byte("version: 1\ntokens:\n  root: {login: pin, module-sha256: "+sum+
			", uri: \"pkcs11:token=l;serial=1;model=m;manufacturer=M?module-path=/m.so\", spares: [{"+text+"}]}\n"))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if d := cmp.Diff([]token.Spare{want}, s.Tokens[0].Spares); d != "" {
			t.Errorf("%s (-want +got):\n%s", text, d)
		}
	}
}

// TestSiteOneProblem guards people who put right what they are told: what only follows from a
// value that is refused is not said besides.
func TestSiteOneProblem(t *testing.T) {
	const device = "module: /m.so, label: l, serial: \"1\", model: m, login: pin"
	for text, want := range map[string]string{
		`module: /m.so, serial: "1", model: m, login: pin`:                                      `missing key "label"`,
		`module: /m.so, label: " ", serial: "1", model: m, login: pin`:                          "begins or ends with a space",
		`module: /m.so, label: "", serial: "1", model: m, login: pin`:                           "the text is empty",
		`module: /m.so, label: l, serial: " ", model: m, login: pin`:                            "begins or ends with a space",
		`module: /m.so, label: l, serial: "1", model: " ", login: pin`:                          "begins or ends with a space",
		`module: " ", label: l, serial: "1", model: m, login: pin`:                              "begins or ends with a space",
		`module: /m.so, label: l, serial: "1", model: m, login: split-pin, parts: [" ", alice]`: "begins or ends with a space",
		`module: /m.so, label: l, serial: "1", model: m, login: split-pin, parts: alice`:        "expected a list",
		device + `, environment: {" ": x}`:                                                      "begins or ends with a space",
		device + `, spares: [{serial: " "}]`:                                                    "begins or ends with a space",
		device + `, keys: {old: {label: " "}}`:                                                  "begins or ends with a space",
	} {
		_, err := plan.LoadSite("site.yaml", []byte("version: 1\nsoftware-token: "+fmt.Sprint(!strings.Contains(text, "serial"))+"\ntokens:\n  root: {"+text+"}\n"))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), "site.yaml:") != 1 {
			t.Errorf("%s: got %v, want %q alone", text, err, want)
		}
	}
}

// TestSiteURI guards a team that names a token by a URI: it is the device that the four
// keys would name, and what the URI leaves out is asked for.
func TestSiteURI(t *testing.T) {
	load := func(text string) (*plan.Site, error) {
		return plan.LoadSite("site.yaml", []byte("version: 1\ntokens:\n  root: {login: pin, "+text+"}\n"))
	}
	keys, err := load(`module: /m.so, label: the root, serial: "1", model: m, slot: 7`)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := keys.Digest()
	for text, refused := range map[string]string{
		`uri: "pkcs11:token=the%20root;serial=1;model=m;slot-id=7?module-path=/m.so"`:                 "",
		`uri: "pkcs11:token=the%20root;serial=1;model=m;slot-id=7", module: /m.so`:                    "",
		`uri: "pkcs11:token=the%20root;serial=1;model=m;slot-id=7"`:                                   "write ?module-path=/PATH at its end",
		`uri: "pkcs11:token=the%20root;serial=1;model=m?module-path=/m.so", module: /m.so`:            "a second time",
		`uri: "pkcs11:token=the%20root;model=m?module-path=/m.so"`:                                    "a hardware token needs serial: and model:",
		`uri: "pkcs11:token=the%20root;serial=1;model=m?module-path=/m.so", slot: 7`:                  "write it into the URI",
		`uri: "pkcs11:token=the%20root;serial=1;model=m?module-path=/m.so&pin-source=file:/root/pin"`: "people type it",
	} {
		s, err := load(text)
		if refused != "" {
			if err == nil || !strings.Contains(err.Error(), refused) {
				t.Errorf("%s: %v, want %q", text, err, refused)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if got, _ := s.Digest(); got != want {
			t.Errorf("%s: the site is another one than by the keys", text)
		}
	}
	s, err := load(`uri: "pkcs11:token=the%20root;serial=1;model=m;slot-id=7;manufacturer=A?module-path=/m.so"`)
	if err != nil || s.Tokens[0].Manufacturer != "A" {
		t.Fatalf("%+v, %v", s, err)
	}
	spare := `, spares: [{uri: "pkcs11:token=the%20spare;serial=2;model=n?module-path=/n.so"}]`
	byKeys, err := load(`module: /m.so, label: the root, serial: "1", model: m, spares: [{module: /n.so, label: the spare, serial: "2", model: n}]`)
	if err != nil {
		t.Fatal(err)
	}
	byURI, err := load(`uri: "pkcs11:token=the%20root;serial=1;model=m?module-path=/m.so"` + spare)
	if err != nil || !slices.Equal(byURI.Tokens[0].Spares, byKeys.Tokens[0].Spares) {
		t.Errorf("the spare by a URI: %+v, %v, want %+v", byURI, err, byKeys.Tokens[0].Spares)
	}
	c := plan.CompareSites(keys, s, &plan.Plan{}, func(string) (event.TokenOpened, bool) { return event.TokenOpened{}, false })
	if c.Needs != event.SiteByPolicy || len(c.Lines) != 1 {
		t.Errorf("another manufacturer: %+v", c)
	}
}

// TestCompareSites guards who has to agree to another site file: what is not known to
// need less needs an approval.
func TestCompareSites(t *testing.T) {
	load := func(text string) *plan.Site {
		s, err := plan.LoadSite("site.yaml", []byte("version: 1\ntokens:\n  root: {module: /m.so, label: l, serial: \"1\", model: m, spares: [{serial: \"2\"}], "+text+"}\n"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	was := load("login: pin")
	for text, want := range map[string]string{
		"login: pin, deadlines: {sign: 5min}":                             event.SiteByTwo,
		"login: pin, slot: 7":                                             event.SiteByTwo,
		"login: pin, keys: {old: {id: \"01\"}}":                           event.SiteByTwo,
		"login: pad":                                                      event.SiteByWitness,
		"login: external":                                                 event.SiteByWitness,
		"login: pin, user: so":                                            event.SiteByWitness,
		"login: pin, tries: 10, then: locks":                              event.SiteByWitness,
		"login: pin, template: strict":                                    event.SiteByWitness,
		"login: pin, template: crypto11":                                  event.SiteByPolicy,
		"login: pin, environment: {CONF: /etc/x}":                         event.SiteByPolicy,
		"login: pad, environment: {CONF: /etc/x}":                         event.SiteByPolicy,
		"login: pin, module-sha256: \"" + strings.Repeat("00", 32) + "\"": event.SiteByPolicy,
	} {
		c := plan.CompareSites(was, load(text), &plan.Plan{}, func(string) (event.TokenOpened, bool) { return event.TokenOpened{}, false })
		if c.Needs != want || len(c.Lines) == 0 || len(c.Moved)+len(c.Refused) > 0 && want != event.SiteByPolicy {
			t.Errorf("%s: %+v, want %q", text, c, want)
		}
	}
	if c := plan.CompareSites(was, load("login: pin, deadlines: {call: 90s, sign: 5min, generate: 2h}"), &plan.Plan{}, func(string) (event.TokenOpened, bool) { return event.TokenOpened{}, false }); !strings.HasPrefix(c.Lines[0], "token root: deadlines: {call: 90s, generate: 2h, sign: 5min}, was not stated") {
		t.Errorf("people read %q", c.Lines)
	}
	moved := load("login: pin")
	moved.Tokens[0].Serial, moved.Tokens[0].Spares = "2", nil
	c := plan.CompareSites(was, moved, &plan.Plan{}, func(string) (event.TokenOpened, bool) { return event.TokenOpened{}, false })
	if c.Needs != event.SiteByTwo || len(c.Moved) != 1 {
		t.Errorf("the spare: %+v", c)
	}
	moved.Tokens[0].Serial = "3"
	if c := plan.CompareSites(was, moved, &plan.Plan{}, func(string) (event.TokenOpened, bool) { return event.TokenOpened{}, false }); c.Needs != event.SiteByPolicy || len(c.Moved) != 1 {
		t.Errorf("another device: %+v", c)
	}
	moved.Tokens[0].Model, moved.Tokens[0].Spares = "", []token.Spare{{Module: "/n.so", Serial: "9"}}
	c = plan.CompareSites(was, moved, &plan.Plan{Approval: plan.ApprovalNone}, func(string) (event.TokenOpened, bool) { return event.TokenOpened{}, false })
	if said := strings.Join(c.Lines, "\n"); c.Needs != event.SiteByPolicy || !strings.Contains(said, `model not named, was "m"`) || !strings.Contains(said, `new spare: serial "9", module /n.so`) || strings.Contains(said, "approval") {
		t.Errorf("by a plan that nobody approves people read\n%s", said)
	}
}
