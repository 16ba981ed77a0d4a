// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package token

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

func orSystem(random io.Reader) io.Reader {
	if random == nil {
		return rand.Reader
	}
	return random
}

// generateKey makes a key in software. ECDSA keys are a function of random.
func generateKey(random io.Reader, algorithm Algorithm) (crypto.Signer, error) {
	kind := keyKinds[algorithm]
	if kind.curve == nil {
		return rsa.GenerateKey(random, kind.bits)
	}
	return generateECDSA(random, kind.curve)
}

// generateECDSA draws private keys until one lies in [1, n-1] (FIPS 186-5,
// A.2.2). crypto/ecdsa does the same, but from Go 1.26 on no longer lets the
// caller say from which source.
func generateECDSA(random io.Reader, curve elliptic.Curve) (*ecdsa.PrivateKey, error) {
	order := curve.Params().N
	scalar := make([]byte, (order.BitLen()+7)/8)
	for {
		if _, err := io.ReadFull(random, scalar); err != nil {
			return nil, fmt.Errorf("reading random bytes: %w", err)
		}
		scalar[0] &= byte(1<<((order.BitLen()-1)%8+1) - 1)
		if d := new(big.Int).SetBytes(scalar); d.Sign() > 0 && d.Cmp(order) < 0 {
			return ecdsa.ParseRawPrivateKey(curve, scalar)
		}
	}
}

// add puts a pair on the token. Like a real one it does not mind duplicates.
func (m *Memory) add(label string, id []byte, signer crypto.Signer, local bool) (*memoryKey, error) {
	spki, err := x509.MarshalPKIXPublicKey(signer.Public())
	if err != nil {
		return nil, fmt.Errorf("encoding public key: %w", err)
	}
	algorithm, err := AlgorithmOf(spki)
	if err != nil {
		return nil, err
	}
	key := &memoryKey{signer: signer, local: local, pair: Pair{Label: label, ID: bytes.Clone(id), Algorithm: algorithm, SPKI: spki}}
	if key.pair.Attributes, err = key.attributes(m.template); err != nil {
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
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return nil, fmt.Errorf("token %q: key with label %q, id %s: %w", m.name, label, hex.EncodeToString(id), ErrNoSuchKey)
	}
	return nil, fmt.Errorf("token %q: key with label %q, id %s: %w", m.name, label, hex.EncodeToString(id), ErrAmbiguous)
}

// keyType returns the name of the CKK of an algorithm.
func (a Algorithm) keyType() string {
	if keyKinds[a].curve != nil {
		return "ec"
	}
	return "rsa"
}

func (m *Memory) census() (Census, error) {
	all := slices.Clone(m.extra)
	for _, k := range m.keys {
		for _, class := range []string{ClassPrivate, ClassPublic} {
			all = append(all, Object{Class: class, Label: k.pair.Label, ID: hex.EncodeToString(k.pair.ID), KeyType: k.pair.Algorithm.keyType()})
		}
	}
	if fault := m.Faults.Census; fault != nil {
		return fault(all.sort())
	}
	return all.sort(), nil
}

// sign signs deterministically: nil as random source asks for RFC 6979. PSS
// needs a salt.
func (k *memoryKey) sign(algorithm SignatureAlgorithm, digest []byte) ([]byte, error) {
	if schemes[algorithm].pss {
		return k.signer.Sign(rand.Reader, digest, algorithm.options())
	}
	return k.signer.Sign(nil, digest, algorithm.options())
}

// attributes are what a device would report that does as it is asked.
func (k *memoryKey) attributes(templateName string) ([]Attribute, error) {
	t, err := templateFor(templateName)
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
		return k.pair.Algorithm.keyType()
	case "CKA_LABEL":
		return k.pair.Label
	case "CKA_ID":
		return hex.EncodeToString(k.pair.ID)
	case "CKA_MODULUS_BITS":
		return strconv.Itoa(keyKinds[k.pair.Algorithm].bits)
	case "CKA_PUBLIC_EXPONENT":
		return "010001"
	case "CKA_EC_PARAMS":
		return curveNames[k.pair.Algorithm]
	case "CKA_KEY_GEN_MECHANISM":
		if !k.local {
			return "unavailable"
		}
		return "CKM_" + strings.ToUpper(map[string]string{"ec": "EC", "rsa": "RSA_PKCS"}[k.pair.Algorithm.keyType()]) + "_KEY_PAIR_GEN"
	case "CKA_LOCAL", "CKA_ALWAYS_SENSITIVE", "CKA_NEVER_EXTRACTABLE":
		return strconv.FormatBool(k.local)
	}
	return strconv.FormatBool(asked)
}

// curveNames are the object identifiers of CKA_EC_PARAMS in DER, hexadecimal.
var curveNames = map[Algorithm]string{
	ECDSAP256: "06082a8648ce3d030107", // 1.2.840.10045.3.1.7
	ECDSAP384: "06052b81040022",       // 1.3.132.0.34
	ECDSAP521: "06052b81040023",       // 1.3.132.0.35
}

// reportedAttributes lists the attributes that are read back of one half of a
// key pair, in the order of the report.
func reportedAttributes(half string, algorithm Algorithm) []string {
	names := []string{"CKA_CLASS", "CKA_KEY_TYPE", "CKA_LABEL", "CKA_ID", "CKA_TOKEN", "CKA_PRIVATE", "CKA_LOCAL",
		"CKA_KEY_GEN_MECHANISM", "CKA_MODIFIABLE", "CKA_COPYABLE", "CKA_DESTROYABLE", "CKA_DERIVE"}
	if half == HalfPrivate {
		return append(names, "CKA_SENSITIVE", "CKA_EXTRACTABLE", "CKA_ALWAYS_SENSITIVE", "CKA_NEVER_EXTRACTABLE",
			"CKA_SIGN", "CKA_SIGN_RECOVER", "CKA_DECRYPT", "CKA_UNWRAP", "CKA_WRAP_WITH_TRUSTED", "CKA_ALWAYS_AUTHENTICATE")
	}
	names = append(names, "CKA_VERIFY", "CKA_VERIFY_RECOVER", "CKA_ENCRYPT", "CKA_WRAP", "CKA_TRUSTED")
	if keyKinds[algorithm].curve != nil {
		return append(names, "CKA_EC_PARAMS")
	}
	return append(names, "CKA_MODULUS_BITS", "CKA_PUBLIC_EXPONENT")
}
