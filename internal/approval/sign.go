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

// SignCommand is the command by which a person signs a file by hand. The
// signature is written to the name of the file with ".sig" at its end.
func SignCommand(keyFile string, namespace Namespace, file string) []string {
	return append(signArguments(keyFile, namespace), asFile(file))
}

func signArguments(keyFile string, namespace Namespace) []string {
	return []string{"ssh-keygen", "-Y", "sign", "-f", asFile(keyFile), "-n", string(namespace)}
}

// asFile keeps a name from being read as an option or as standard input.
func asFile(name string) string {
	if strings.HasPrefix(name, "-") {
		return "./" + name
	}
	return name
}

// SignRequest is what somebody is about to sign.
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
// signature is verified before it is returned.
func Sign(ctx context.Context, run Program, r SignRequest) ([]byte, Proof, error) {
	args := signArguments(r.KeyFile, r.Namespace)
	if r.Agent {
		args = append(args, "-U")
	}
	var out bytes.Buffer
	if err := run(ctx, args, bytes.NewReader(r.Object), &out); err != nil {
		return nil, Proof{}, fmt.Errorf("%w: %w", ErrNoSignature, err)
	}
	proof, err := r.Accept(out.Bytes())
	if err != nil {
		return nil, Proof{}, err
	}
	return out.Bytes(), proof, nil
}

// Accept verifies a signature that was made for the request, here or by hand.
func (r SignRequest) Accept(signature []byte) (Proof, error) {
	p, err := parseSignature(signature)
	if err != nil {
		return Proof{}, fmt.Errorf("%w: %w", ErrNoSignature, err)
	}
	needVerified := false
	if r.Policy != nil {
		person, key := r.Policy.owner(p.key)
		if person == nil {
			return Proof{}, fmt.Errorf("the policy names no key %s", p.key.Fingerprint())
		}
		if err := r.Policy.allows(p.algorithm(), p.key); err != nil {
			return Proof{}, err
		}
		needVerified = key.UserVerified
	}
	if err := p.verify(r.Object, r.Namespace, p.key, needVerified); err != nil {
		return Proof{}, fmt.Errorf("verifying the new signature: %w", err)
	}
	return Proof{p.key, p.algorithm(), string(p.sig.HashAlgorithm), p.touch}, nil
}

// Owner finds the person of the policy to whom a key belongs.
func (p *Policy) Owner(key PublicKey) (Person, bool) {
	person, _ := p.owner(key)
	if person == nil {
		return Person{}, false
	}
	return *person, true
}
