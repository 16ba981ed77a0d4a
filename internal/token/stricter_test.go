// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import "testing"

// TestAsStrictAs guards which template may take another's place without an approval: one
// that allows anything more, or something unknown, is not as strict.
func TestAsStrictAs(t *testing.T) {
	own := func(o Own) Template { return Config{Template: "own", Own: &o}.Chosen() }
	set := func(name, value string) Template {
		return own(Own{Like: "strict", Private: []Stated{{Name: name, Value: value}}})
	}
	raw := set("0x80000001", "01")
	for name, c := range map[string]struct {
		now, before Template
		want        bool
	}{
		"the same":                   {Named("strict"), Named("strict"), true},
		"another name":               {Named("luna"), Named("default"), true},
		"more forbidden":             {Named("strict"), Named("default"), true},
		"less forbidden":             {Named("default"), Named("strict"), false},
		"may decrypt":                {Named("tpm"), Named("default"), false},
		"no longer may decrypt":      {Named("default"), Named("tpm"), true},
		"can leave":                  {Named("yubihsm-backup"), Named("yubihsm"), false},
		"no longer leaves":           {Named("yubihsm"), Named("yubihsm-backup"), true},
		"unset":                      {set("CKA_MODIFIABLE", Unset), Named("strict"), false},
		"stated and stricter":        {set("CKA_COPYABLE", "false"), Named("strict"), true},
		"allowed, not stated before": {set("CKA_COPYABLE", "true"), Named("strict"), false},
		"unknown":                    {raw, Named("strict"), false},
		"unknown is gone":            {Named("strict"), raw, false},
		"the same unknown":           {raw, set("0x80000001", "01"), true},
		"other unknown":              {raw, set("0x80000001", "02"), false},
		"fewer mechanisms":           {own(Own{Like: "strict", Mechanisms: []uint64{1}}), own(Own{Like: "strict", Mechanisms: []uint64{1, 2}}), true},
		"more mechanisms":            {own(Own{Like: "strict", Mechanisms: []uint64{1, 2}}), own(Own{Like: "strict", Mechanisms: []uint64{1}}), false},
		"mechanisms not stated":      {Named("strict"), own(Own{Like: "strict", Mechanisms: []uint64{1}}), false},
		"mechanisms stated":          {own(Own{Like: "strict", Mechanisms: []uint64{1}}), Named("strict"), true},
	} {
		if got := c.now.AsStrictAs(c.before); got != c.want {
			t.Errorf("%s: %t, want %t", name, got, c.want)
		}
	}
}
