// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token_test

import (
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"testing"

	"rootceremony/internal/algorithm"
	"rootceremony/internal/token"
	"rootceremony/internal/token/tokentest"
)

// acme is a template of a site.
func acme(private ...token.Stated) *token.Own { return &token.Own{Like: "strict", Private: private} }

// TestOwnTemplates guards a device that needs attributes of its own: what the site file
// states is what the token gets, and nothing else.
func TestOwnTemplates(t *testing.T) {
	o, log := faulty(t, "")
	t.Setenv("FAULT_TRACE", "1")
	o.Config.Template = "acme"
	o.Config.Own = acme(token.Stated{Name: "CKA_COPYABLE", Value: "false"}, token.Stated{Name: "CKA_MODIFIABLE", Value: "unset"})
	o.Config.Own.Mechanisms = []uint64{0x1041, 0x1044}
	tok := open(t, o)
	id, err := token.NewID(rand.Reader, o.Config.Chosen())
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tok.Generate(t.Context(), token.Request{Label: "root", ID: id, Algorithm: algorithm.ECDSAP256})
	if err != nil {
		t.Fatal(err)
	}
	if found := pair.Departures(o.Config.Chosen(), true); len(found) > 0 {
		t.Errorf("departures: %v", found)
	}
	read := map[string]string{}
	for _, a := range pair.Attributes {
		if a.Half == token.HalfPrivate {
			read[a.Name] = a.Value
		}
	}
	if read["CKA_COPYABLE"] != "false" || read["CKA_MODIFIABLE"] != "true" || read["CKA_SENSITIVE"] != "true" || read["CKA_EXTRACTABLE"] != "false" {
		t.Errorf("read back: %v", read)
	}
	if log.count("0x40000600:16") == 0 || log.count(" 0x170:") != 0 { // CKA_ALLOWED_MECHANISMS of two; CKA_MODIFIABLE
		t.Error("the token got another template")
	}
	// CKA_TOKEN, CKA_PRIVATE, CKA_SENSITIVE, CKA_EXTRACTABLE, CKA_SIGN: where their order matters
	// to a device, as to a TPM behind tpm2-pkcs11, each key would be another, and this one weaker.
	if log.count("private 0x102:20 0x3:4 0x1:1 0x2:1 0x103:1 0x162:1 0x108:1") == 0 {
		t.Error("the attributes are not sent in the order of the template")
	}
	if _, err := tok.Sign(t.Context(), pair.Handle(), algorithm.ECDSASHA256, tokentest.Message()); err != nil {
		t.Errorf("an allowed mechanism: %v", err)
	}
}

// TestVendorAttributes guards the bytes of a vendor's attribute on their way to the device.
// SoftHSM knows none, and says so.
func TestVendorAttributes(t *testing.T) {
	o, log := faulty(t, "")
	t.Setenv("FAULT_TRACE", "1")
	o.Config.Template, o.Config.Own = "acme", acme(token.Stated{Name: "0x80000001", Value: "01ff02"})
	tok := open(t, o)
	_, err := tok.Generate(t.Context(), tokentest.NewRequest("root", algorithm.ECDSAP256))
	if err == nil || !strings.Contains(err.Error(), "CKR_ATTRIBUTE_TYPE_INVALID") || !strings.Contains(err.Error(), "ceremony token test") {
		t.Errorf("got %v", err)
	}
	if log.count("0x80000001:3") == 0 {
		t.Error("the attribute did not come to the token")
	}
	if lets := o.Config.Chosen().Lets(); len(lets) != 1 || !strings.Contains(lets[0], "0x80000001") {
		t.Errorf("said of it: %v", lets)
	}
}

// TestTemplateLets guards people who approve a site file: a template that lets keys leave
// says so, by whatever way it is stated.
func TestTemplateLets(t *testing.T) {
	for _, name := range token.Templates() {
		if lets := token.Named(name).Lets(); (len(lets) > 0) != (name == "yubihsm-backup") {
			t.Errorf("%s: %v", name, lets)
		}
	}
	for _, own := range []*token.Own{
		acme(token.Stated{Name: "CKA_EXTRACTABLE", Value: "true"}), acme(token.Stated{Name: "CKA_SENSITIVE", Value: "false"}),
		acme(token.Stated{Name: "0x110", Value: "3230323630313031"}), {Like: "yubihsm-backup"},
	} {
		if lets := (token.Config{Template: "acme", Own: own}).Chosen().Lets(); len(lets) != 1 {
			t.Errorf("%+v: %v", own, lets)
		}
	}
	for _, s := range []token.Stated{{"0x162", "01"}, {"0x103", "00"}, {"0x11", "00"}, {"0x40000212", "00"}, {"CKA_DESTROYABLE", "false"},
		{"CKA_EXTRACTABLE", "unset"}, {"CKA_SIGN", "false"}, {"CKA_LOCAL", "true"}, {"0x80000001", ""}, {"0x800000010", "00"}} {
		if err := s.Check(token.HalfPrivate); err == nil {
			t.Errorf("%v is accepted", s)
		}
	}
}

// TestTemplateWeaker guards people who approve a site file: they are told of each attribute
// by which its template makes keys weaker than the one that it is like, and of no other.
func TestTemplateWeaker(t *testing.T) {
	strong := map[string]string{"CKA_PRIVATE": "true", "CKA_SENSITIVE": "true", "CKA_WRAP_WITH_TRUSTED": "true"}
	alike := []string{"private CKA_COPYABLE", "public CKA_COPYABLE", "public CKA_MODIFIABLE", "private CKA_WRAP_WITH_TRUSTED", "public CKA_PRIVATE"} // the default
	for _, half := range []string{token.HalfPrivate, token.HalfPublic} {
		for _, name := range token.Changeable(half) {
			good, bad := "false", "true"
			if strong[name] != "" {
				good, bad = bad, good
			}
			lets := func(value string) []string {
				own := &token.Own{Like: "strict"}
				if half == token.HalfPrivate {
					own.Private = []token.Stated{{Name: name, Value: value}}
				} else {
					own.Public = []token.Stated{{Name: name, Value: value}}
				}
				return (token.Config{Template: "acme", Own: own}).Chosen().Lets()
			}
			told := lets(bad)
			if want := !slices.Contains(alike, half+" "+name); (len(told) == 1) != want || want && !strings.Contains(told[0], name) {
				t.Errorf("%s %s %s: %q", half, name, bad, told)
			}
			if told := lets(good); len(told) > 0 {
				t.Errorf("%s %s %s: %q", half, name, good, told)
			}
		}
	}
	for unset, want := range map[string]string{
		"CKA_MODIFIABLE": "attributes of private keys can be changed later", "CKA_PRIVATE": "the token decides whether keys can be seen", "CKA_UNWRAP": "the token decides whether", "CKA_DERIVE": "",
	} {
		told := (token.Config{Template: "acme", Own: acme(token.Stated{Name: unset, Value: "unset"})}).Chosen().Lets()
		if (len(told) == 1) != (want != "") || want != "" && !strings.HasPrefix(told[0], want) {
			t.Errorf("%s not stated: %q", unset, told)
		}
	}
}

// TestBackupTemplate guards a CA whose YubiHSM needs a backup: its keys are exportable and
// sensitive, and that is no departure; one that is not exportable is.
func TestBackupTemplate(t *testing.T) {
	tok := open(t, token.Options{Config: tokentest.NewSoftHSM(t, "ca")})
	pair := sacrificial(t, tok, algorithm.ECDSAP256, "yubihsm-backup")
	if found := pair.Departures(token.Named("yubihsm-backup"), true); len(found) > 0 {
		t.Errorf("departures: %v", found)
	}
	if found := pair.Departures(token.Named("yubihsm"), true); len(found) != 2 { // CKA_EXTRACTABLE, CKA_NEVER_EXTRACTABLE
		t.Errorf("as yubihsm: %v", found)
	}
	fixed := sacrificial(t, tok, algorithm.ECDSAP256, "yubihsm")
	if found := fixed.Departures(token.Named("yubihsm-backup"), true); len(found) != 1 {
		t.Errorf("a key without a backup: %v", found)
	}
}

// TestFIPSGeneration guards a device in its FIPS mode: where a module lists no other, RSA
// keys are made by CKM_RSA_X9_31_KEY_PAIR_GEN, with the same template.
func TestFIPSGeneration(t *testing.T) {
	o, _ := faulty(t, "")
	t.Setenv("FAULT_FIPS", "1")
	tok := open(t, o)
	if lacks := tok.Info().Unoffered(algorithm.RSA2048, true); lacks != "" {
		t.Errorf("it lacks %s", lacks)
	}
	pair, err := tok.Generate(t.Context(), tokentest.NewRequest("root", algorithm.RSA2048))
	if err != nil {
		t.Fatal(err)
	}
	if found := pair.Departures(o.Config.Chosen(), true); len(found) > 0 {
		t.Errorf("departures: %v", found)
	}
	if _, err := tok.Sign(t.Context(), pair.Handle(), algorithm.SHA256RSA, tokentest.Message()); err != nil {
		t.Error(err)
	}
}

// TestGeneralCodes guards a room in which a token makes no key and does not say why: the error
// names a device that is gone first, then the template and the command that finds out. Where
// the token took the template before, it is not the template.
func TestGeneralCodes(t *testing.T) {
	for code, first := range map[string]string{"5": "look at it", "6": "look at it", "30": "look at it", "200": "key template"} { // CKR_GENERAL_ERROR, FUNCTION_FAILED, DEVICE_ERROR, FUNCTION_REJECTED
		t.Run(code, func(t *testing.T) {
			o, _ := faulty(t, "gen:before:1:err="+code)
			_, err := open(t, o).Generate(t.Context(), tokentest.NewRequest("root", algorithm.ECDSAP256))
			var module *token.ModuleError
			if !errors.As(err, &module) || !module.TemplateSuspected() || module.TemplateRefused() || !strings.Contains(err.Error(), "ceremony token test") {
				t.Fatalf("got %v", err)
			}
			if said, _, _ := strings.Cut(module.Hint, ";"); !strings.Contains(said, first) {
				t.Errorf("first of the hint: %q", said)
			}
		})
	}
	o, _ := faulty(t, "gen:before:2:err=5")
	tok := open(t, o)
	if _, err := tok.Generate(t.Context(), tokentest.NewRequest("first", algorithm.ECDSAP256)); err != nil {
		t.Fatal(err)
	}
	_, err := tok.Generate(t.Context(), tokentest.NewRequest("second", algorithm.ECDSAP256))
	var module *token.ModuleError
	if !errors.As(err, &module) || module.Code != "CKR_GENERAL_ERROR" || strings.Contains(err.Error(), "ceremony token test") || !strings.Contains(module.Hint, "look at it") {
		t.Errorf("got %v", err)
	}
}
