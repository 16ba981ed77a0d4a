// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"fmt"
	"slices"
	"strings"

	"rootceremony/internal/algorithm"
)

// setting is one attribute that a template states for one half: true or false, unless
// there is something else.
type setting struct {
	half  string
	name  string
	value bool

	raw        []byte   // of an attribute that this program does not know
	mechanisms []uint64 // of CKA_ALLOWED_MECHANISMS
}

// flag reports whether the attribute is true or false.
func (s setting) flag() bool { return s.raw == nil && s.mechanisms == nil }

// String says what is asked for.
func (s setting) String() string {
	switch {
	case s.raw != nil:
		return fmt.Sprintf("%s %s %x", s.half, s.name, s.raw)
	case s.mechanisms != nil:
		return fmt.Sprintf("%s %s %#x", s.half, s.name, s.mechanisms)
	}
	return fmt.Sprintf("%s %s %v", s.half, s.name, s.value)
}

// template is what is asked of a token beyond class, type, size, label and
// id. They are sent in this order.
type template struct {
	name string
	both []setting
	rsa  []setting
	ec   []setting

	shortID bool // CKA_ID is the device's own object id, of two bytes
}

func private(name string, value bool) setting {
	return setting{half: HalfPrivate, name: name, value: value}
}

func public(name string, value bool) setting {
	return setting{half: HalfPublic, name: name, value: value}
}

// signOnly states the policy with the fewest attributes: a private key that
// signs, does nothing else, does not leave and stays as it was made.
func signOnly(name string, more ...setting) template {
	return template{
		name: name,
		both: append([]setting{
			private("CKA_TOKEN", true), private("CKA_PRIVATE", true), private("CKA_SENSITIVE", true),
			private("CKA_EXTRACTABLE", false), private("CKA_MODIFIABLE", false), private("CKA_SIGN", true),
			public("CKA_TOKEN", true), public("CKA_VERIFY", true),
		}, more...),
		rsa: []setting{
			private("CKA_DECRYPT", false), private("CKA_UNWRAP", false),
			public("CKA_ENCRYPT", false), public("CKA_WRAP", false),
		},
		ec: []setting{private("CKA_DERIVE", false)},
	}
}

// templates returns the named template profiles. One is chosen before a
// ceremony; a refused one is never retried with a weaker.
func templates() []template {
	// It states every usage as false: SoftHSM, NSS.
	strict := signOnly("strict")
	strict.rsa = append(strict.rsa, private("CKA_SIGN_RECOVER", false))
	strict.ec = append(strict.ec, private("CKA_DECRYPT", false), private("CKA_UNWRAP", false), private("CKA_SIGN_RECOVER", false))

	// AWS CloudHSM: public keys are private objects, and CKA_MODIFIABLE is taken
	// with its default only, which is true.
	cloud := signOnly("cloudhsm", public("CKA_PRIVATE", true))
	cloud.both = slices.DeleteFunc(cloud.both, func(s setting) bool { return s.name == "CKA_MODIFIABLE" })

	// nShield with module protection has no private objects.
	module := signOnly("nshield-module")
	module.both = slices.DeleteFunc(module.both, func(s setting) bool { return s.name == "CKA_PRIVATE" })

	// YubiHSM 2: few attributes, ids of two bytes.
	yubi := template{name: "yubihsm", shortID: true,
		both: []setting{private("CKA_TOKEN", true), private("CKA_SENSITIVE", true), private("CKA_EXTRACTABLE", false),
			private("CKA_SIGN", true), public("CKA_TOKEN", true), public("CKA_VERIFY", true)},
		rsa: []setting{private("CKA_DECRYPT", false), public("CKA_ENCRYPT", false)}}
	// The same, but the key can be exported under a wrap key of the device, which is the
	// only way to back it up.
	wrapped := yubi
	wrapped.name = "yubihsm-backup"
	wrapped.both = slices.Clone(yubi.both)
	wrapped.both[2].value = true

	// TPMs behind tpm2-pkcs11: a key that signs only is refused.
	tpm := signOnly("tpm")
	tpm.rsa = []setting{private("CKA_DECRYPT", true), private("CKA_UNWRAP", false), public("CKA_ENCRYPT", true), public("CKA_WRAP", false)}

	return []template{
		signOnly(DefaultTemplate), // fewest attributes that state the policy
		strict,
		signOnly("luna"), // Thales Luna
		module,
		cloud,
		yubi,
		wrapped,
		tpm,
		// What crypto11 asks for; RSA keys may also decrypt.
		{name: "crypto11",
			both: []setting{private("CKA_TOKEN", true), private("CKA_SENSITIVE", true), private("CKA_EXTRACTABLE", false),
				private("CKA_SIGN", true), public("CKA_TOKEN", true), public("CKA_VERIFY", true)},
			rsa: []setting{private("CKA_DECRYPT", true), public("CKA_ENCRYPT", true)}},
	}
}

// Templates lists the names of the template profiles.
func Templates() []string {
	var names []string
	for _, t := range templates() {
		names = append(names, t.name)
	}
	return names
}

// DefaultTemplate is the template where none is named.
const DefaultTemplate = "default"

func templateFor(name string) (template, error) {
	if name == "" {
		name = DefaultTemplate
	}
	for _, t := range templates() {
		if t.name == name {
			return t, nil
		}
	}
	return template{}, fmt.Errorf("template %q: want one of %s", name, strings.Join(Templates(), ", "))
}

// settings returns what is stated for a key of the algorithm, in order. All keys
// on curves, whose CKK begins with EC, are asked for alike.
func (t template) settings(key algorithm.Key) []setting {
	own := t.rsa
	if strings.HasPrefix(key.PKCS11().KeyType, "ec") {
		own = t.ec
	}
	return slices.Concat(t.both, own)
}
