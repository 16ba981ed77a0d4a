// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package algorithm

import "crypto"

// Hash is a hash by its word in YAML, which is also its name in its standard.
type Hash string

// The hashes that signatures, and what OCSP names things by, can have.
const (
	SHA1   Hash = "sha1"
	SHA256 Hash = "sha256"
	SHA384 Hash = "sha384"
	SHA512 Hash = "sha512"
)

// hashTable has the facts of each hash (RFC 3279 2.2.1, RFC 4055 2.1).
var hashTable = []struct {
	name Hash
	oid  string
	hash crypto.Hash
}{
	{SHA1, "1.3.14.3.2.26", crypto.SHA1}, {SHA256, "2.16.840.1.101.3.4.2.1", crypto.SHA256},
	{SHA384, "2.16.840.1.101.3.4.2.2", crypto.SHA384}, {SHA512, "2.16.840.1.101.3.4.2.3", crypto.SHA512},
}

// HashOf names a hash by its OID, or gives "".
func HashOf(oid string) Hash {
	for _, row := range hashTable {
		if row.oid == oid {
			return row.name
		}
	}
	return ""
}

// OID is the object identifier, "" for an unknown hash.
func (h Hash) OID() string {
	for _, row := range hashTable {
		if row.name == h {
			return row.oid
		}
	}
	return ""
}

// Hash gives the hash that Go has, 0 for an unknown one.
func (h Hash) Hash() crypto.Hash {
	for _, row := range hashTable {
		if row.name == h {
			return row.hash
		}
	}
	return 0
}

// Sum hashes bytes; nil for an unknown hash.
func (h Hash) Sum(b []byte) []byte {
	if h.Hash() == 0 {
		return nil
	}
	w := h.Hash().New()
	w.Write(b)
	return w.Sum(nil)
}
