// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"reflect"
	"strings"
	"testing"
)

// TestURI guards people who name a token by the URI that another tool prints: it means
// that token and no other, and what would make it mean something else is refused.
func TestURI(t *testing.T) {
	seven := uint64(7)
	for text, want := range map[string]URI{
		"pkcs11:token=root": {Label: "root"},
		"PKCS11:token=The%20root;manufacturer=A%3bB;serial=4711;model=HSM%209000;slot-id=7?module-path=/usr/lib/lib%c3%a4.so": {
			Label: "The root", Manufacturer: "A;B", Serial: "4711", Model: "HSM 9000", Slot: &seven, Module: "/usr/lib/libä.so"},
		"pkcs11:token=a%5cb%01;serial=0000:[x]@!$'()*+,=&": {Label: `a\x5cb\x01`, Serial: "0000:[x]@!$'()*+,=&"},
		"pkcs11:token=padded%20%20":                        {Label: "padded"},
	} {
		got, err := ParseURI(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"token=root":                                     "begins with pkcs11:",
		"pkcs11:":                                        "want token",
		"pkcs11:serial=1":                                "it has no token",
		"pkcs11:token=a;token=b":                         "duplicate",
		"pkcs11:token=":                                  "not empty",
		"pkcs11:token=%20":                               "not empty",
		"pkcs11:token=a%00b":                             "%00",
		"pkcs11:token=%ff":                               "UTF-8",
		"pkcs11:token=%4":                                "percent encoding",
		"pkcs11:token=%zz":                               "no byte in percent encoding",
		"pkcs11:token=a b":                               "as %20",
		"pkcs11:token=a/b":                               "as %2F",
		"pkcs11:token=a#b":                               "as %23",
		"pkcs11:token=a;slot-id=0x1":                     "want digits",
		"pkcs11:token=a;slot-id=4294967296":              "want digits",
		"pkcs11:token=a;object=key":                      "keys are named below keys:",
		"pkcs11:token=a;id=%01":                          "keys are named below keys:",
		"pkcs11:token=a;library-version=2":               "module-sha256",
		"pkcs11:token=a;x-vendor=1":                      "x-vendor: leave it out",
		"pkcs11:token=a;module-path=/a":                  "after a question mark",
		"pkcs11:token=a;color=red":                       "want token, manufacturer",
		"pkcs11:token=a?":                                "want module-path",
		"pkcs11:token=a?pin-value=1234":                  "no PIN is in a file",
		"pkcs11:token=a?pin-source=file:/etc/pin":        "no PIN comes from a file",
		"pkcs11:token=a?module-name=softhsm2":            "write module-path",
		"pkcs11:token=a?module-path=lib.so":              "absolute path",
		"pkcs11:token=a?module-path=/a&module-path=/b":   "duplicate",
		"pkcs11:token=a?module-path=/a%0A":               "control characters",
		"pkcs11:token=a?module-path=/a;pin-value=%31%32": `";" has to be written`,
	} {
		if u, err := ParseURI(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %+v, %v, want %q", text, u, err, want)
		}
	}
}

// FuzzURI guards that a URI that is written again is the same token.
func FuzzURI(f *testing.F) {
	f.Add("pkcs11:token=The%20root;manufacturer=A;serial=4711;model=M;slot-id=7?module-path=/usr/lib/lib%c3%a4.so")
	f.Add(`pkcs11:token=a%5cx41%01&;serial=%e2%80%8b`)
	f.Fuzz(func(t *testing.T, text string) {
		u, err := ParseURI(text)
		if err != nil {
			return
		}
		again, err := ParseURI(u.String())
		if err != nil || !reflect.DeepEqual(again, u) {
			t.Errorf("%q: %+v is written as %q and read as %+v, %v", text, u, u.String(), again, err)
		}
	})
}
