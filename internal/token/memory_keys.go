// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"rootceremony/internal/algorithm"
)

func orSystem(random io.Reader) io.Reader {
	if random == nil {
		return rand.Reader
	}
	return random
}

// add puts a pair on the token. Like a real token it accepts duplicates.
func (m *Memory) add(label string, id []byte, signer crypto.Signer, template Template, local bool) (*memoryKey, error) {
	spki, err := x509.MarshalPKIXPublicKey(signer.Public())
	if err != nil {
		return nil, fmt.Errorf("encoding public key: %w", err)
	}
	made, err := algorithm.KeyOf(spki)
	if err != nil {
		return nil, err
	}
	key := &memoryKey{signer: signer, local: local, pair: Pair{Label: label, ID: bytes.Clone(id), Algorithm: made, SPKI: spki}}
	if key.pair.Attributes, err = key.attributes(template); err != nil {
		return nil, err
	}
	m.keys = append(m.keys, key)
	return key, nil
}

func (m *Memory) remove(key *memoryKey) {
	m.keys = slices.DeleteFunc(m.keys, func(k *memoryKey) bool { return k == key })
}

func (m *Memory) find(label string, id, spki []byte) (*memoryKey, error) {
	if label == "" && len(id) == 0 && len(spki) == 0 {
		return nil, errors.New("finding key: want a label, an id or a public key")
	}
	var found []*memoryKey
	for _, k := range m.keys {
		if (label == "" || k.pair.Label == label) && (len(id) == 0 || bytes.Equal(k.pair.ID, id)) &&
			(len(spki) == 0 || bytes.Equal(k.pair.SPKI, spki)) {
			found = append(found, k)
		}
	}
	what := Object{Class: "key", Label: label, ID: hex.EncodeToString(id)}.called()
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, fmt.Errorf("token %q: %s: %w", m.name, what, ErrNoSuchKey)
	}
	return nil, fmt.Errorf("token %q: %s: %w", m.name, what, ErrAmbiguous)
}

// traces finds both halves of each pair by the public key.
func (m *Memory) traces(known Known) *Traces {
	found := &Traces{}
	for _, k := range m.keys {
		if !bytes.Equal(k.pair.SPKI, known.SPKI) {
			continue
		}
		half := func(class, name string, by ...Recognised) Half {
			o := Object{Class: class, Label: k.pair.Label, ID: hex.EncodeToString(k.pair.ID), KeyType: k.pair.Algorithm.PKCS11().KeyType}
			attributes := slices.DeleteFunc(slices.Clone(k.pair.Attributes), func(a Attribute) bool { return a.Half != name })
			return Half{Object: o, By: by, Attributes: attributes, Paired: class == ClassPrivate}
		}
		found.Public = append(found.Public, half(ClassPublic, HalfPublic))
		private := half(ClassPrivate, HalfPrivate, ByPublic)
		if known.named() && known.names(private.Object) {
			private.By = []Recognised{ByName, ByPublic}
		}
		found.Private = append(found.Private, private)
	}
	return found
}

func (m *Memory) census() (Census, error) {
	all := slices.Clone(m.extra)
	for _, k := range m.keys {
		for _, class := range []string{ClassPrivate, ClassPublic} {
			all = append(all, Object{Class: class, Label: k.pair.Label, ID: hex.EncodeToString(k.pair.ID), KeyType: k.pair.Algorithm.PKCS11().KeyType})
		}
	}
	if fault := m.Faults.Census; fault != nil {
		return fault(all.sort())
	}
	return all.sort(), nil
}

// sign signs deterministically: nil as random source asks for RFC 6979.
func (k *memoryKey) sign(alg algorithm.Signature, message []byte) ([]byte, error) {
	digest, err := alg.Digest(message)
	if err != nil {
		return nil, err
	}
	return k.signer.Sign(nil, digest, alg.Hash())
}

// attributes are what a device that follows the template would report.
func (k *memoryKey) attributes(template Template) ([]Attribute, error) {
	t, err := template.resolve()
	if err != nil {
		return nil, err
	}
	asked := make(map[string]bool)
	for _, s := range t.settings(k.pair.Algorithm) {
		asked[s.half+s.name] = s.value
	}
	var all []Attribute
	for _, half := range []string{HalfPrivate, HalfPublic} {
		for _, name := range reportedAttributes(half, k.pair.Algorithm) {
			all = append(all, Attribute{Half: half, Name: name, State: StateValue, Value: k.value(half, name, asked[half+name])})
		}
	}
	return all, nil
}

func (k *memoryKey) value(half, name string, asked bool) string {
	switch name {
	case "CKA_CLASS":
		return half + "-key"
	case "CKA_KEY_TYPE":
		return k.pair.Algorithm.PKCS11().KeyType
	case "CKA_LABEL":
		return k.pair.Label
	case "CKA_ID":
		return hex.EncodeToString(k.pair.ID)
	case "CKA_MODULUS_BITS":
		return strconv.Itoa(k.pair.Algorithm.Bits())
	case "CKA_PUBLIC_EXPONENT":
		return "010001"
	case "CKA_EC_PARAMS":
		return hex.EncodeToString(k.pair.Algorithm.Parameters())
	case "CKA_KEY_GEN_MECHANISM":
		if !k.local {
			return "unavailable"
		}
		return k.pair.Algorithm.PKCS11().Generate.Name
	case "CKA_LOCAL", "CKA_ALWAYS_SENSITIVE", "CKA_NEVER_EXTRACTABLE":
		return strconv.FormatBool(k.local)
	}
	return strconv.FormatBool(asked)
}

// reportedAttributes lists the attributes that are read back of one half of a
// key pair, in the order of the report.
func reportedAttributes(half string, key algorithm.Key) []string {
	names := []string{"CKA_CLASS", "CKA_KEY_TYPE", "CKA_LABEL", "CKA_ID", "CKA_TOKEN", "CKA_PRIVATE", "CKA_LOCAL",
		"CKA_KEY_GEN_MECHANISM", "CKA_MODIFIABLE", "CKA_COPYABLE", "CKA_DESTROYABLE", "CKA_DERIVE"}
	if half == HalfPrivate {
		return append(names, "CKA_SENSITIVE", "CKA_EXTRACTABLE", "CKA_ALWAYS_SENSITIVE", "CKA_NEVER_EXTRACTABLE",
			"CKA_SIGN", "CKA_SIGN_RECOVER", "CKA_DECRYPT", "CKA_UNWRAP", "CKA_WRAP_WITH_TRUSTED", "CKA_ALWAYS_AUTHENTICATE")
	}
	names = append(names, "CKA_VERIFY", "CKA_VERIFY_RECOVER", "CKA_ENCRYPT", "CKA_WRAP", "CKA_TRUSTED")
	return append(names, key.PKCS11().Attributes...)
}
