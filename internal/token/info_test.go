// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"strings"
	"testing"
)

// TestSoftwareByName guards against a CA whose keys lie in files, on a token that is taken
// for hardware, and against hardware of the same maker that is taken for software.
func TestSoftwareByName(t *testing.T) {
	for _, c := range []struct {
		info Info
		want bool
	}{
		{Info{Manufacturer: "SoftHSM project", Model: "SoftHSM v2"}, true},
		{Info{Manufacturer: "IBM", Model: "Soft"}, true},         // opencryptoki
		{Info{Manufacturer: "IBM", Model: "IBM SoftTok"}, true},  // opencryptoki 3.8
		{Info{Manufacturer: "IBM", Model: "EP11"}, false},        // its token for an HSM
		{Info{Manufacturer: "Softer Ltd", Model: "Soft"}, false}, // a name is not enough
		{Info{Manufacturer: "Microsoft", Model: "HSM"}, false},
		{Info{ModuleDescription: "NSS Internal Crypto Services"}, true},
	} {
		if got := c.info.looksLikeSoftware(); got != c.want {
			t.Errorf("%q by %q: software %v, want %v", c.info.Model, c.info.Manufacturer, got, c.want)
		}
	}
}

// TestSoftHSMLooks guards who sees no token of SoftHSM because another shell had its
// variable; who uses another module is told nothing.
func TestSoftHSMLooks(t *testing.T) {
	t.Setenv("SOFTHSM2_CONF", "")
	if got := SoftHSMLooks("/usr/lib/softhsm/libsofthsm2.so"); !strings.HasPrefix(got, "SOFTHSM2_CONF is not set, so SoftHSM reads ~/.config/") {
		t.Errorf("unset: %q", got)
	}
	if got := SoftHSMLooks("/opt/vendor/libCryptoki2.so"); got != "" {
		t.Errorf("another module: %q", got)
	}
	t.Setenv("SOFTHSM2_CONF", t.TempDir())
	if got := SoftHSMLooks("/usr/lib/softhsm/libsofthsm2.so"); got != "" {
		t.Errorf("set: %q", got)
	}
}
