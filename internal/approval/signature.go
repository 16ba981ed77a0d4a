// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"

	"rootceremony/internal/foreign"
)

// Signature is a detached SSHSIG file.
type Signature struct {
	Name string // of the file, for people
	Data []byte
}

// Touch is what a FIDO device says of the time of signing.
type Touch struct {
	Present  bool   `json:"user_present"`  // it was touched
	Verified bool   `json:"user_verified"` // and entered a PIN or gave a finger
	Flags    byte   `json:"flags"`         // as they were signed
	Counter  uint32 `json:"counter"`       // signatures of the device so far, 0 if it does not count
}

// Flags of authenticator data, from the Web Authentication standard, 6.1.
const (
	flagPresent  = 0x01
	flagVerified = 0x04
)

// Errors of Verify that say more than that a signature is wrong.
var (
	errNamespace = errors.New("it was made for another namespace")
	errNoTouch   = errors.New("the FIDO device was not touched")
	errUnpinned  = errors.New("the FIDO device did not verify its user by PIN or fingerprint, which the policy requires")
)

// parsed is an SSHSIG that is well formed. Nothing of it is proved.
type parsed struct {
	sig   *sshsig.Signature
	key   PublicKey
	touch *Touch // of FIDO keys
}

// maxSignature holds a signature of the largest RSA key.
const maxSignature = 16 << 10

// armor takes what ssh-keygen writes and nothing around it.
var armor = regexp.MustCompile(`\A-----BEGIN SSH SIGNATURE-----\n((?:[A-Za-z0-9+/]{1,76}={0,2}\n)+)-----END SSH SIGNATURE-----\n?\z`)

// CheckBySelf checks a signature under the public key that it contains, whosever that
// is. A bad one is bad without a policy: the key is in it (PROTOCOL.sshsig, "Blob
// format"). A good one says nothing, because anybody can make it with a key of their own.
func CheckBySelf(s Signature, object []byte, namespace Namespace) error {
	p, err := parseSignature(s.Data)
	if err != nil {
		return err
	}
	return p.verify(object, namespace, p.key, false)
}

// parseSignature reads an armored SSHSIG. Each signature has one encoding, apart
// from where its lines end; an ECDSA signature (r, s) is one as (r, n-s), too, and an RSA
// signature may lack its leading zeros, as some agents write it (RFC 8332, 3, March 2018).
func parseSignature(data []byte) (*parsed, error) {
	if len(data) > maxSignature {
		return nil, fmt.Errorf("it has more than %d bytes", maxSignature)
	}
	match := armor.FindSubmatch(data)
	if match == nil {
		if e := foreign.Known(data); e != nil {
			return nil, fmt.Errorf("it is no signature of ssh-keygen but %s", e.What)
		}
		return nil, errors.New("it is no signature of ssh-keygen, or there is more in the file (-----BEGIN SSH SIGNATURE----- has to be its first line)")
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(string(bytes.ReplaceAll(match[1], []byte("\n"), nil)))
	if err != nil {
		return nil, errors.New("it is not base64")
	}
	sig, err := sshsig.ParseSignature(raw)
	if err != nil {
		return nil, fmt.Errorf("reading SSHSIG: %w", err)
	}
	if !bytes.Equal(sig.Marshal(), raw) {
		return nil, errors.New("its encoding is not the canonical one")
	}
	p := &parsed{sig: sig, key: PublicKey{sig.PublicKey}}
	if !p.isCanonical() {
		return nil, errors.New("its encoding is not the canonical one")
	}
	return p, p.readTouch()
}

// isCanonical reports whether the numbers of an ECDSA signature have no more octets than
// they need: an mpint has no leading zeros but for its sign (RFC 4251, 5, January 2006).
func (p *parsed) isCanonical() bool {
	if !strings.Contains(p.algorithm(), "ecdsa") {
		return true
	}
	var n struct{ R, S *big.Int }
	err := ssh.Unmarshal(p.sig.Signature.Blob, &n)
	return err == nil && bytes.Equal(ssh.Marshal(n), p.sig.Signature.Blob)
}

// readTouch reads what follows the signature of a FIDO key: flags and counter
// (PROTOCOL.u2f). Nothing follows those of other keys.
func (p *parsed) readTouch() error {
	rest := p.sig.Signature.Rest
	switch {
	case !p.key.FIDO() && len(rest) > 0:
		return errors.New("there is data after the signature")
	case !p.key.FIDO():
		return nil
	case len(rest) != 5:
		return errors.New("the flags and the counter of the FIDO device are missing")
	}
	p.touch = &Touch{
		Present: rest[0]&flagPresent != 0, Verified: rest[0]&flagVerified != 0,
		Flags: rest[0], Counter: binary.BigEndian.Uint32(rest[1:]),
	}
	return nil
}

// algorithm is the one the signature names.
func (p *parsed) algorithm() string { return p.sig.Signature.Format }

// verify checks the signature over object under a key that is trusted to sign.
// Presence at a FIDO device is required always.
func (p *parsed) verify(object []byte, namespace Namespace, key PublicKey, needVerified bool) error {
	switch {
	case !namespace.known():
		return fmt.Errorf("internal error: unknown namespace %q", namespace)
	case !p.key.equal(key):
		return sshsig.ErrPublicKeyMismatch
	case p.sig.Namespace != string(namespace):
		return errNamespace
	case p.sig.HashAlgorithm != sshsig.HashSHA256 && p.sig.HashAlgorithm != sshsig.HashSHA512:
		return fmt.Errorf("its hash algorithm %q is not supported", p.sig.HashAlgorithm)
	case !slices.Contains(Algorithms(), p.algorithm()):
		return fmt.Errorf("its algorithm %q is not supported", p.algorithm())
	case p.touch != nil && !p.touch.Present:
		return errNoTouch
	}
	if err := sshsig.Verify(bytes.NewReader(object), p.sig, key.key, p.sig.HashAlgorithm, string(namespace)); err != nil {
		return errors.New("it is not a signature of these bytes by this key")
	}
	if needVerified && (p.touch == nil || !p.touch.Verified) {
		return errUnpinned
	}
	return nil
}
