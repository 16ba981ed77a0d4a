// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import "slices"

// restricting are the values by which an attribute allows less. A usage that is false, a
// key that is hidden, kept and fixed (PKCS#11 v2.40, 4.9).
var restricting = map[string]bool{
	"CKA_TOKEN": true, "CKA_PRIVATE": true, "CKA_SENSITIVE": true, "CKA_SIGN": true, "CKA_VERIFY": true, "CKA_WRAP_WITH_TRUSTED": true,
	"CKA_EXTRACTABLE": false, "CKA_MODIFIABLE": false, "CKA_COPYABLE": false, "CKA_DERIVE": false, "CKA_DECRYPT": false, "CKA_ENCRYPT": false,
	"CKA_UNWRAP": false, "CKA_WRAP": false, "CKA_SIGN_RECOVER": false, "CKA_VERIFY_RECOVER": false,
}

// AsStrictAs reports whether keys that are made by a template may do nothing, and suffer
// nothing, that other forbids: each restriction of other is stated, and nothing is
// allowed that other does not state as allowed. What an attribute without a name does,
// nobody here knows: both must have the same.
func (t Template) AsStrictAs(other Template) bool {
	is, err := t.resolve()
	was, otherErr := other.resolve()
	if err != nil || otherErr != nil {
		return false
	}
	lists := func(t template) [][]setting {
		return [][]setting{slices.Concat(t.both, t.rsa), slices.Concat(t.both, t.ec)}
	}
	for i, now := range lists(is) {
		if !asStrict(now, lists(was)[i]) {
			return false
		}
	}
	return true
}

func asStrict(now, before []setting) bool {
	for _, s := range before {
		if s.loosens() {
			continue
		}
		if i := slices.IndexFunc(now, s.sameAttribute); i < 0 || !now[i].within(s) {
			return false
		}
	}
	for _, s := range now {
		if s.flag() && !s.loosens() || s.mechanisms != nil {
			continue // it forbids more
		}
		if i := slices.IndexFunc(before, s.sameAttribute); i < 0 || !s.within(before[i]) {
			return false
		}
	}
	return true
}

func (s setting) sameAttribute(o setting) bool { return s.half == o.half && s.name == o.name }

// loosens reports whether a setting allows what its other value forbids.
func (s setting) loosens() bool {
	strict, known := restricting[s.name]
	return s.flag() && (!known || s.value != strict)
}

// within reports whether a setting allows no more than another one of the same attribute.
func (s setting) within(o setting) bool {
	switch {
	case s.mechanisms != nil:
		return !slices.ContainsFunc(s.mechanisms, func(m uint64) bool { return !slices.Contains(o.mechanisms, m) })
	case s.raw != nil:
		return string(s.raw) == string(o.raw)
	}
	return o.flag() && (s.value == o.value || !s.loosens())
}
