// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"fmt"
	"slices"

	"rootceremony/internal/algorithm"
)

// weakness is a value of an attribute by which a key may do more, or others may do more
// with it. What a template does not state is the default of PKCS#11, or the token decides.
type weakness struct {
	half, name string
	weak       bool
	unset      standing
	means      string
	section    string // of PKCS#11 v3.0
}

// standing says how weak a template leaves an attribute.
type standing int

const (
	strong    standing = iota
	undecided          // by the template: the token decides
	weak
)

// weaknesses are those of all attributes that a site may state, but for the two by which
// keys can leave: of these people are told whatever the template is like.
var weaknesses = []weakness{
	{HalfPrivate, "CKA_PRIVATE", false, undecided, "keys can be seen and used without a login", "4.4"},
	{HalfPrivate, "CKA_MODIFIABLE", true, weak, "attributes of private keys can be changed later", "4.4"},
	{HalfPublic, "CKA_MODIFIABLE", true, weak, "attributes of public keys can be changed later", "4.4"},
	{HalfPrivate, "CKA_COPYABLE", true, weak, "private keys can be copied", "4.4"},
	{HalfPublic, "CKA_COPYABLE", true, weak, "public keys can be copied", "4.4"},
	{HalfPrivate, "CKA_DERIVE", true, strong, "private keys can also derive others", "4.7"},
	{HalfPublic, "CKA_DERIVE", true, strong, "public keys can also derive others", "4.7"},
	{HalfPrivate, "CKA_DECRYPT", true, undecided, "private keys can also decrypt", "4.9"},
	{HalfPrivate, "CKA_UNWRAP", true, undecided, "private keys can also unwrap others", "4.9"},
	{HalfPrivate, "CKA_SIGN_RECOVER", true, undecided, "private keys can also sign so that the data is recovered", "4.9"},
	{HalfPrivate, "CKA_WRAP_WITH_TRUSTED", false, weak, "keys need not be wrapped under trusted ones", "4.9"},
	{HalfPublic, "CKA_ENCRYPT", true, undecided, "public keys can also encrypt", "4.8"},
	{HalfPublic, "CKA_WRAP", true, undecided, "public keys can also wrap others", "4.8"},
	{HalfPublic, "CKA_VERIFY_RECOVER", true, undecided, "public keys can also verify and recover data", "4.8"},
}

// of says how weak settings leave the attribute.
func (w weakness) of(settings []setting) standing {
	i := slices.IndexFunc(settings, func(s setting) bool { return s.half == w.half && s.name == w.name && s.flag() })
	switch {
	case i < 0:
		return w.unset
	case settings[i].value == w.weak:
		return weak
	}
	return strong
}

// weaker says in which ways a template of a site makes a key weaker than the one that it
// is like, for keys of any kind.
func (o *Own) weaker(own template) []string {
	base, err := templateFor(o.Like)
	if err != nil {
		return nil // refused where it is resolved
	}
	var all []string
	for _, w := range weaknesses {
		is := strong
		for _, key := range algorithm.Keys() {
			if now := w.of(own.settings(key)); now > w.of(base.settings(key)) {
				is = max(is, now)
			}
		}
		switch is {
		case weak:
			all = append(all, fmt.Sprintf("%s (%s %v, unlike %q; PKCS#11 v3.0, %s)", w.means, w.name, w.weak, o.Like, w.section))
		case undecided:
			all = append(all, fmt.Sprintf("the token decides whether %s (%s not stated, unlike %q; PKCS#11 v3.0, %s)", w.means, w.name, o.Like, w.section))
		}
	}
	return all
}
