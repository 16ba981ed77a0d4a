// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package ext_test

import (
	"encoding/json"
	"strings"
	"testing"

	"rootceremony/profiles/ext"
	"rootceremony/profiles/value"
)

// TestJSON guards the form in which a plan holds an extension: written as it is
// read, and nothing else accepted.
func TestJSON(t *testing.T) {
	for _, text := range []string{
		`{"extension":"ocsp-no-check","critical":false}`,
		`{"extension":"basic-constraints","critical":true,"basic_constraints":{"ca":true,"path_length":0}}`,
		`{"extension":"crl-distribution-points","critical":false,"crl_urls":["http://a.example/?a=1&b=<>"]}`,
		`{"extension":"key-usage","critical":true}`, // Check says that the value is missing
	} {
		var e ext.Extension
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		again, err := e.MarshalJSON()
		if err != nil || string(again) != text {
			t.Errorf("%s becomes %s (%v)", text, again, err)
		}
		if outer, err := json.Marshal(e); err != nil || strings.Contains(string(outer), "&") {
			t.Errorf("the caller wants HTML to be escaped, and %s is not (%v)", outer, err)
		}
	}
	for text, want := range map[string]string{
		`{"extension":"key-usage","critical":true,"bits":[]}`:                            `unknown field "bits"`,
		`{"extension":"key-usage","critical":true,"basic_constraints":{"ca":true}}`:      "key-usage has the value of another extension",
		`{"extension":"ocsp-no-check","critical":true,"key_usage":["cert-sign"]}`:        "has the value of another extension",
		`{"extension":"basic-constraints","critical":true,"basic_constraints":{"x":1}}`:  `unknown field "x"`,
		`{"extension":"basic-constraints","critical":"yes"}`:                             "critical of an extension",
		`{"extension":"nothing","critical":true,"raw":{"oid":"1.2.3","der":"0500"}}`:     "has the value of another extension",
		`{"extension":"raw","critical":false,"raw":{"oid":"1.2.3","der":"AB"}}`:          "lower-case hexadecimal",
		`{"extension":"certificate-policies","critical":false,"certificate_policies":1}`: "certificate-policies",
	} {
		if err := json.Unmarshal([]byte(text), new(ext.Extension)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

// TestCheck guards what is refused before it is encoded, also where nothing was
// read from YAML.
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		e    ext.Extension
		want string
	}{
		{ext.Extension{Name: ext.NameCRLNumber}, ""},
		{ext.Extension{Name: ext.NameCRLNumber, Value: ext.CRLNumber{}}, ""},
		{ext.Extension{Name: "nothing"}, `unknown extension "nothing"`},
		{ext.Extension{Name: ext.NameKeyUsage}, "the value is missing"},
		{ext.Extension{Name: ext.NameKeyUsage, Value: ext.KeyUsage{}}, "the value is missing"},
		{ext.Extension{Name: ext.NameKeyUsage, Value: ext.OCSPNoCheck{}}, "another extension"},
		{ext.Extension{Name: ext.NameOCSPNoCheck, Value: ext.KeyUsage{ext.CertSign}}, "another extension"},
		{ext.Extension{Name: ext.NameRaw, Value: ext.Raw{OID: "2.5.29.15", DER: value.HexBytes{5, 0}}}, "must be written by its name, key-usage"},
	} {
		err := c.e.Check()
		if (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.e, err, c.want)
		}
		_, _ = c.e.Content(), c.e.Title() // never a panic
		_, _ = c.e.Issued()
	}
	var missing ext.Extension
	if err := json.Unmarshal([]byte(`{"extension":"basic-constraints","critical":true,"basic_constraints":null}`), &missing); err != nil {
		t.Fatal(err)
	}
	if err := missing.Check(); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("null is a value: %v", err)
	}
}

// TestTable guards that names, identifiers and keys are there once.
func TestTable(t *testing.T) {
	seen := map[string]ext.Name{}
	for _, s := range ext.Specs() {
		for _, word := range []string{string(s.Name), string(s.OID), "key " + s.Key} {
			if other, twice := seen[word]; twice && word != "" && word != "key " {
				t.Errorf("%s and %s both have %s", other, s.Name, word)
			}
			seen[word] = s.Name
		}
		if named, ok := ext.Named(s.OID); s.Name != ext.NameRaw && (!ok || named.Name != s.Name) {
			t.Errorf("%s is not found by its identifier", s.Name)
		}
		for kind := range s.Refused {
			if _, both := s.Allowed[kind]; both {
				t.Errorf("%s can and cannot be in %s", s.Name, kind)
			}
		}
	}
}
