// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"slices"

	"rootceremony/internal/algorithm"
)

// Traces are what a token shows of one existing key, known by its public key. They are
// read only: nothing is signed to find out which private key it is.
type Traces struct {
	// Public are the public key objects that are this key.
	Public Census `json:"public"`
	// Private are the private key objects that are this key, or that have an id of it.
	Private []Half `json:"private"`
	// Untold are private keys of the same kind of which nothing that can be read says
	// whose they are: a private EC key, unlike one of RSA, need not have its public
	// half (PKCS#11 v2.40, 2.1.3 and 2.3.4).
	Untold Census `json:"untold"`
}

// Half is a private key object that was recognised.
type Half struct {
	Object     Object      `json:"object"`
	By         Recognised  `json:"by"`
	Attributes []Attribute `json:"attributes"`

	key algorithm.Key
}

// Departures lists in which ways the private key is not what a template asks for: see
// [Pair.Departures] for keys that existed before.
func (h Half) Departures(templateName string) []string {
	return (&Pair{Algorithm: h.key, Attributes: h.Attributes}).Departures(templateName, false)
}

// AsksEachTime reports whether the private key wants a login before each signature
// (CKA_ALWAYS_AUTHENTICATE; PKCS#11 v2.40, 4.9).
func (h Half) AsksEachTime() bool {
	return slices.ContainsFunc(h.Attributes, func(a Attribute) bool {
		return a.Half == HalfPrivate && a.Name == "CKA_ALWAYS_AUTHENTICATE" && a.State == StateValue && a.Value == "true"
	})
}

// of says which kind of key the halves are.
func (t *Traces) of(key algorithm.Key) *Traces {
	for i := range t.Private {
		t.Private[i].key = key
	}
	return t
}

// Recognised says by what a private key object was recognised. An id says less than a
// value of the public key: anybody can give a key any id.
type Recognised string

// By what a private key object is recognised, the surest first.
const (
	ByModulus     Recognised = "its modulus"
	ByPoint       Recognised = "its point"
	ByPublic      Recognised = "the id of its public half"
	ByCertificate Recognised = "the id of its certificate"
	ByIdentifier  Recognised = "an id that is the key identifier"
)

// idOf is where an id of a key was seen.
type idOf struct {
	id []byte
	by Recognised
}
