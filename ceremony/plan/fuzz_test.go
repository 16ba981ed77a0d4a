// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"testing"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/source"
	"rootceremony/internal/token"
)

// noFiles has nothing that a ceremony file could name but the built-in profiles.
type noFiles struct{}

func (noFiles) Read(string) ([]byte, error) { return nil, errors.New("no such file") }

func (noFiles) Bundle(string) (*plan.EarlierBundle, error) { return nil, errors.New("no such bundle") }

// FuzzLoad guards the operator: whatever a ceremony file holds, the answer is a
// plan or a list of problems with places, never a panic.
func FuzzLoad(f *testing.F) {
	for _, name := range []string{"root-2026", "issuing-2027", "cross-2026"} {
		data, err := os.ReadFile("../../examples/" + name + "/ceremony.yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(ceremonytest.Small))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := plan.Load("ceremony.yaml", data, noFiles{})
		if err == nil {
			if _, err := l.Plan.Canonical(); err != nil {
				t.Error(err)
			}
			return
		}
		var problems source.Errors
		if !errors.As(err, &problems) {
			t.Errorf("the error has no place: %v", err)
		}
	})
}

// FuzzLoadSite is the same for site files, and guards a ceremony whose record nobody could
// verify: what a site file says, its canonical form may say.
func FuzzLoadSite(f *testing.F) {
	for _, name := range []string{"../../examples/root-2026/site.yaml", "../schema/testdata/site-hardware.yaml"} {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, text := range oddSites {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := plan.LoadSite("site.yaml", data)
		if err != nil {
			return
		}
		canonical, err := s.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := plan.DecodeSite(canonical); err != nil {
			t.Errorf("%s: %v\n%s", canonical, err, s.File())
		}
	})
}

// TestSiteFileSaysAll guards a record of a site file that says something new: what is not
// written again would be refused.
func TestSiteFileSaysAll(t *testing.T) {
	said := map[string]bool{}
	hardware, err := os.ReadFile("../schema/testdata/site-hardware.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range append(oddSites, string(hardware)) {
		s, err := plan.LoadSite("site.yaml", []byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		v := reflect.ValueOf(*s)
		saidIn(said, v)
		for _, c := range s.Tokens {
			saidIn(said, reflect.ValueOf(c))
			for _, spare := range c.Spares {
				saidIn(said, reflect.ValueOf(spare))
			}
		}
	}
	for _, of := range []any{plan.Site{}, token.Config{}, token.Spare{}} {
		for i := range reflect.TypeOf(of).NumField() {
			if name := fmt.Sprintf("%T.%s", of, reflect.TypeOf(of).Field(i).Name); !said[name] {
				t.Errorf("no site file here says %s: let one of oddSites, and see that FuzzLoadSite still passes", name)
			}
		}
	}
}

// saidIn notes which fields are said.
func saidIn(said map[string]bool, v reflect.Value) {
	for i := range v.NumField() {
		if !v.Field(i).IsZero() {
			said[v.Type().String()+"."+v.Type().Field(i).Name] = true
		}
	}
}

// oddSites say what few site files do.
var oddSites = []string{
	"version: 1\ntokens: {}\n",
	"version: 1\njournal-mirror: /a b\nhost: {}\ntemplates: {x: {like: luna, private: {}}}\ntokens:\n  a: {module: /m, label: 'l\\x41\\', serial: '0', model: '::', login: pin, template: x, deadlines: {}, environment: {}, keys: {}, spares: []}\n",
	"version: 1\ntokens:\n  a: {uri: 'pkcs11:token=%20l%5Cx;serial=%E2%A0%80;model=%20m;manufacturer=%20M;slot-id=0?module-path=/m%E2%80%AE', login: none, spares: [{serial: '%', label: 'a\\x', module: /m}]}\n",
	"version: 1\ntokens:\n  a: {uri: 'pkcs11:token=%20l;serial=%202;model=%20m?module-path=/m', module-sha256: " + zeros + ", login: none, spares: [{serial: '3', label: b}, {serial: '2', module: /m}, {serial: '2', module: /n, module-sha256: " + zeros + "}, {uri: 'pkcs11:token=%20l;serial=%203;manufacturer=x'}]}\n",
	"version: 1\nsoftware-token: true\ntemplates:\n  t: {like: default, public: {CKA_WRAP: unset}, allowed-mechanisms: ['0x0', '0xffffffff']}\ntokens:\n  a: {module: /m, label: yes, login: split-pin, parts: [b, \"null\"], user: so, then: locks, template: t, environment: {Y: \"no\"}}\n",
}

const zeros = "'0000000000000000000000000000000000000000000000000000000000000000'"
