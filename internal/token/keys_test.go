// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"testing"

	"rootceremony/internal/algorithm"
)

// A worker can make and read a key of every type, and has names for all that a
// module says of it.
func TestWorkerKnowsKeys(t *testing.T) {
	named := func(list map[uint]string, name string) bool {
		for _, have := range list {
			if have == name {
				return true
			}
		}
		return false
	}
	for _, k := range algorithm.Keys() {
		p := k.PKCS11()
		if parameters[k.Family()] == nil {
			t.Errorf("%s: the worker cannot generate it", k)
		}
		if form := directForms[k.Family()]; form == nil || form.mechanism() != p.Sign {
			t.Errorf("%s: the worker cannot sign with it itself", k)
		}
		if readers[p.KeyType] == nil || !named(keyTypeNames, p.KeyType) {
			t.Errorf("%s: the worker cannot read a key of type %q", k, p.KeyType)
		}
		for _, m := range []algorithm.Mechanism{p.Generate, p.Sign} {
			if mechanismNames[uint(m.Type)] != m.Name {
				t.Errorf("%s: the worker calls mechanism %#x %q, not %q", k, m.Type, mechanismNames[uint(m.Type)], m.Name)
			}
		}
		for _, name := range p.Attributes {
			if _, known := attributeKinds[name]; !known {
				t.Errorf("%s: the worker cannot read %s", k, name)
			}
		}
	}
}
