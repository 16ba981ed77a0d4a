// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"bytes"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/crypto/ssh"
)

// algorithm is a signature algorithm that a policy may allow.
type algorithm struct {
	name    string
	keyType string
	fido    bool
}

// algorithms is closed: what is not here cannot be allowed.
var algorithms = []algorithm{
	{ssh.KeyAlgoED25519, ssh.KeyAlgoED25519, false},
	{ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA256, false},
	{ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA384, false},
	{ssh.KeyAlgoSKED25519, ssh.KeyAlgoSKED25519, true},
	{ssh.KeyAlgoSKECDSA256, ssh.KeyAlgoSKECDSA256, true},
	{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSA, false},
}

// Algorithms lists the signature algorithms that a policy may allow.
func Algorithms() []string {
	var out []string
	for _, a := range algorithms {
		out = append(out, a.name)
	}
	return out
}

// minRSABits is the floor under any policy; defaultRSABits is what NewPolicy writes.
const (
	minRSABits     = 2048
	defaultRSABits = 3072
	maxRSABits     = 16384
)

// PublicKey is the public key of a person.
type PublicKey struct {
	key ssh.PublicKey
}

// maxKeyLine holds the largest RSA key.
const maxKeyLine = 8 << 10

// ParsePublicKey reads a public key: type and base64, as in the first two words
// of a .pub file. Anything else on the line but a comment is refused.
func ParsePublicKey(line string) (PublicKey, error) {
	line = strings.TrimRight(line, "\r\n")
	words := strings.Split(line, " ")
	if strings.HasPrefix(line, "-----BEGIN ") && strings.Contains(line, "PRIVATE KEY-----") {
		return PublicKey{}, errors.New("it is a private key, which nobody else should see: give the .pub file beside it")
	}
	if len(line) > maxKeyLine || len(words) < 2 || strings.ContainsAny(line, "\r\n") {
		return PublicKey{}, errors.New("it is not one line of type and base64, as in a .pub file")
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(words[1])
	if err != nil {
		return PublicKey{}, errors.New("its second word is not base64")
	}
	key, err := ssh.ParsePublicKey(raw)
	if err != nil {
		return PublicKey{}, fmt.Errorf("reading SSH public key: %w", err)
	}
	switch {
	case !slices.ContainsFunc(algorithms, func(a algorithm) bool { return a.keyType == key.Type() }):
		return PublicKey{}, fmt.Errorf("keys of type %q are not supported", key.Type())
	case key.Type() != words[0]:
		return PublicKey{}, fmt.Errorf("it says %q, but has a key of type %q", words[0], key.Type())
	case !bytes.Equal(key.Marshal(), raw):
		return PublicKey{}, errors.New("its encoding is not the canonical one")
	case ofAnybody(key):
		return PublicKey{}, errors.New("anybody can sign under it: it is a point of small order, which no program makes")
	}
	return PublicKey{key}, nil
}

// String returns type and base64.
func (k PublicKey) String() string {
	if k.key == nil {
		return ""
	}
	return k.key.Type() + " " + base64.StdEncoding.EncodeToString(k.key.Marshal())
}

// Fingerprint returns "SHA256:…" as ssh-keygen -l prints it.
func (k PublicKey) Fingerprint() string {
	if k.key == nil {
		return ""
	}
	return ssh.FingerprintSHA256(k.key)
}

// FIDO reports whether the key lives in a FIDO device, whose signatures tell
// whether it was touched.
func (k PublicKey) FIDO() bool {
	return slices.ContainsFunc(algorithms, func(a algorithm) bool { return a.fido && k.key != nil && a.keyType == k.key.Type() })
}

// rsaBits gives the size of an RSA key, 0 for others.
func (k PublicKey) rsaBits() int {
	if c, ok := k.key.(ssh.CryptoPublicKey); ok {
		if r, ok := c.CryptoPublicKey().(*rsa.PublicKey); ok {
			return r.N.BitLen()
		}
	}
	return 0
}

// equal reports whether both are the same key. No key equals none.
func (k PublicKey) equal(other PublicKey) bool {
	return k.key != nil && other.key != nil && bytes.Equal(k.key.Marshal(), other.key.Marshal())
}
