// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Program carries out another program with the terminal of the caller, so that
// it can ask for a passphrase, a PIN or a touch. It is given what the program
// reads and takes what it writes; everything else of it belongs to the terminal.
type Program func(ctx context.Context, args []string, in io.Reader, out io.Writer) error

// signArguments are those of ssh-keygen. With -q it does not say what it reads; it still asks
// for a passphrase, a PIN and a touch (sign_one in ssh-keygen.c of OpenSSH 9.2).
func signArguments(keyFile string, namespace Namespace) []string {
	return []string{"ssh-keygen", "-q", "-Y", "sign", "-f", asFile(keyFile), "-n", string(namespace)}
}

// FingerprintOf has ssh-keygen say which key is in a file: of a private key without its
// passphrase, as the file has the public half in the clear (PROTOCOL.key of OpenSSH 9.2).
func FingerprintOf(ctx context.Context, run Program, keyFile string) (string, error) {
	var out bytes.Buffer
	if err := run(ctx, []string{"ssh-keygen", "-l", "-E", "sha256", "-f", asFile(keyFile)}, strings.NewReader(""), &out); err != nil {
		return "", err
	}
	words := strings.Fields(out.String())
	if len(words) < 2 || !strings.HasPrefix(words[1], "SHA256:") {
		return "", fmt.Errorf("ssh-keygen shows no fingerprint of %s", keyFile)
	}
	return words[1], nil
}

// asFile keeps a name from being read as an option or as standard input.
func asFile(name string) string {
	if strings.HasPrefix(name, "-") {
		return "./" + name
	}
	return name
}

// SignRequest is what a person is about to sign.
type SignRequest struct {
	KeyFile   string // private key, or public key whose private half is elsewhere
	Agent     bool   // the key must be in the agent
	Namespace Namespace
	Object    []byte
	Policy    *Policy // if given, the key must be one that it names
}

// ErrNoSignature says that there is no signature to look at.
var ErrNoSignature = errors.New("no signature was made")

// Sign has ssh-keygen sign the object. The object goes through a pipe, so that
// what is signed is what was looked at and not a file that changed since. The
// signature is verified before it is returned, with the key that made it.
func Sign(ctx context.Context, run Program, r SignRequest) ([]byte, PublicKey, error) {
	args := signArguments(r.KeyFile, r.Namespace)
	if r.Agent {
		args = append(args, "-U")
	}
	var out bytes.Buffer
	if err := run(ctx, args, bytes.NewReader(r.Object), &out); err != nil {
		return nil, PublicKey{}, fmt.Errorf("%w: %w", ErrNoSignature, err)
	}
	key, err := r.Accept(out.Bytes())
	if err != nil {
		return nil, PublicKey{}, err
	}
	return out.Bytes(), key, nil
}

// Accept verifies a signature that was made for the request, here or by hand,
// and gives the key that made it.
func (r SignRequest) Accept(signature []byte) (PublicKey, error) {
	p, err := parseSignature(signature)
	if err != nil {
		return PublicKey{}, fmt.Errorf("%w: %w", ErrNoSignature, err)
	}
	needVerified := false
	if r.Policy != nil {
		person, key := r.Policy.owner(p.key)
		if person == nil {
			return PublicKey{}, fmt.Errorf("the policy has no key %s", p.key.Fingerprint())
		}
		if err := r.Policy.allows(p.algorithm(), p.key); err != nil {
			return PublicKey{}, err
		}
		if err := r.Policy.mayApprove(person, r.Namespace); err != nil {
			return PublicKey{}, err
		}
		needVerified = key.UserVerified
	}
	if err := p.verify(r.Object, r.Namespace, p.key, needVerified); err != nil {
		return PublicKey{}, fmt.Errorf("verifying the new signature: %w", err)
	}
	return p.key, nil
}

// mayApprove refuses a person whose approval would count for nothing.
func (p *Policy) mayApprove(person *Person, n Namespace) error {
	if rule := p.rule(n); rule != nil && n.meaning().approves && len(p.rolesIn(rule, person.ID)) == 0 {
		return fmt.Errorf("%s: %s", person.Name(), p.noRole(person.ID, n))
	}
	return nil
}

// Approver finds who would approve with the key that has a fingerprint, before they sign.
func (p *Policy) Approver(fingerprint string, n Namespace) (Person, error) {
	person := p.holder(fingerprint)
	if person == nil {
		return Person{}, fmt.Errorf("the policy has no key %s", fingerprint)
	}
	return *person, p.mayApprove(person, n)
}

// Owner finds the person of the policy to whom a key belongs.
func (p *Policy) Owner(key PublicKey) (Person, bool) {
	person, _ := p.owner(key)
	if person == nil {
		return Person{}, false
	}
	return *person, true
}
