// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package artifact

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
)

// Digest is the size of some bytes and their two digests.
type Digest struct {
	Size   int64
	SHA256 [sha256.Size]byte
	SHA512 [sha512.Size]byte
}

// Sum digests bytes.
func Sum(data []byte) Digest {
	return Digest{int64(len(data)), sha256.Sum256(data), sha512.Sum512(data)}
}

// SumReader digests all that can be read, in constant memory.
func SumReader(r io.Reader) (Digest, error) {
	d := newDigester()
	_, err := io.Copy(d, r)
	return d.sum(), err
}

// digester digests what is written to it.
type digester struct {
	h256, h512 hash.Hash
	size       int64
}

func newDigester() *digester { return &digester{h256: sha256.New(), h512: sha512.New()} }

// Write implements io.Writer. It does not fail.
func (d *digester) Write(p []byte) (int, error) {
	d.h256.Write(p)
	d.h512.Write(p)
	d.size += int64(len(p))
	return len(p), nil
}

// sum gives the digest of what was written until now.
func (d *digester) sum() Digest {
	out := Digest{Size: d.size}
	d.h256.Sum(out.SHA256[:0])
	d.h512.Sum(out.SHA512[:0])
	return out
}

// SumFile digests a file.
func SumFile(path string) (Digest, error) {
	f, err := os.Open(path)
	if err != nil {
		return Digest{}, fmt.Errorf("digesting: %w", err)
	}
	d, err := SumReader(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return Digest{}, fmt.Errorf("digesting %s: %w", path, err)
	}
	return d, nil
}

// SHA256Hex returns the SHA-256 in lower-case hexadecimal.
func (d Digest) SHA256Hex() string { return hex.EncodeToString(d.SHA256[:]) }

// SHA512Hex returns the SHA-512 in lower-case hexadecimal.
func (d Digest) SHA512Hex() string { return hex.EncodeToString(d.SHA512[:]) }
