// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package lint

import (
	"crypto/sha256"
	"errors"
	"sync/atomic"
)

// Clearance is the proof that exactly these to-be-signed bytes may be signed.
// Only [Linter.Clear] makes one.
type Clearance struct {
	artifact string
	tbs      []byte
	digest   [32]byte
	used     atomic.Bool
}

// ErrUsed is returned by the second [Clearance.Use].
var ErrUsed = errors.New("clearance was used before")

// Artifact is the artifact the clearance is for.
func (c *Clearance) Artifact() string { return c.artifact }

// Digest is the SHA-256 of the to-be-signed bytes.
func (c *Clearance) Digest() [32]byte { return c.digest }

// Use returns the bytes to sign. It works once.
func (c *Clearance) Use() ([]byte, error) {
	if c == nil || len(c.tbs) == 0 {
		return nil, errors.New("no clearance")
	}
	if c.used.Swap(true) {
		return nil, ErrUsed
	}
	if sha256.Sum256(c.tbs) != c.digest {
		return nil, errors.New("cleared bytes have changed")
	}
	return append([]byte(nil), c.tbs...), nil
}

// Clear lints the real to-be-signed bytes under a static signature as long as
// one of ctx.IssuerKey. The clearance is nil when a finding blocks that no
// waiver of the linter covers, or when an error-level rule lacked context.
func (l *Linter) Clear(obj Object, ctx Context, tbs []byte) (*Clearance, Report) {
	return nil, Report{Artifact: obj.Artifact} // TODO
}

// Issued judges an object after it was signed: the complete DER against what
// was declared, the cleared bytes, the issuer's key, and every rule again.
func (l *Linter) Issued(obj Object, ctx Context, der, clearedTBS []byte) Report {
	return Report{Artifact: obj.Artifact} // TODO
}
