// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"crypto"
	"errors"
	"fmt"
)

// The parsers of others that read each object, too.
const (
	parserCT   = "certificate-transparency-go"
	parserOCSP = "golang.org/x/crypto/ocsp"
)

// UnsupportedError says that the second parser does not support what is in an object, in
// which the own reader finds no fault. That is neither a disagreement nor an error of the
// object.
type UnsupportedError struct {
	Parser string // whose
	Key    string // what the key is, where that is why; "" otherwise
	err    error
}

// Error implements error.
func (e *UnsupportedError) Error() string {
	if e.Key != "" {
		return fmt.Sprintf("%s does not support its key, %s: %v", e.Parser, e.Key, e.err)
	}
	return fmt.Sprintf("%s does not support what is in it: %v", e.Parser, e.err)
}

// Unwrap gives what the second parser said.
func (e *UnsupportedError) Unwrap() error { return e.err }

// refusal says that the second parser gave an object back unread.
type refusal struct {
	object, parser string
	err            error
}

// Error implements error.
func (r *refusal) Error() string {
	return fmt.Sprintf("%s: %s refuses it: %v", r.object, r.parser, r.err)
}

// Unwrap gives what the parser said.
func (r *refusal) Unwrap() error { return r.err }

// asLimit says of an object that the second parser refuses whether that is a limit of the
// parser: where the own walk read all of it, and no name, no value of an extension and no
// key is malformed.
func asLimit(err error, exts Extensions, spki []byte, key crypto.PublicKey, names ...Name) error {
	var refused *refusal
	if !errors.As(err, &refused) {
		return err
	}
	for i := range exts {
		e := &exts[i]
		if k := knownExtension(e.OID); k != nil && k.text(new(printer), Extensions{*e}) != nil {
			return err
		}
	}
	for _, n := range names {
		if n.malformed() {
			return err
		}
	}
	out := &UnsupportedError{Parser: refused.parser, err: refused.err}
	if spki != nil && key == nil {
		if UnreadKey(spki) == KeyMalformed {
			return err
		}
		out.Key = KeyDescription(spki)
	}
	return out
}
