// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"path"
	"slices"
	"strings"

	"rootceremony/transcripts/event"
)

// Types of fields for a digest that another machine takes. The program knows what
// it has to be, and takes no other.
const (
	FieldArtifacts = "artifacts-digest" // of the artifacts as they left the room; the host never shows it
	FieldKey       = "key-digest"       // SHA-256 of the SubjectPublicKeyInfo of the key that the field is called after
)

// Expected gives what a field must hold after the records, and what that is of;
// nothing for fields that hold what people say.
func (f Field) Expected(records []event.Record) (digest, of string) {
	switch f.Type {
	case FieldArtifacts:
		return artifactsDigest(records), "the artifacts at that time"
	case FieldKey:
		return keyDigest(f.Name, records), "the public key"
	}
	return "", ""
}

// keyDigest gives the SHA-256 of the public key (SPKI, DER) by which a key was
// last shown to be on its token.
func keyDigest(key string, records []event.Record) string {
	digest := ""
	for _, r := range records {
		if e, ok := r.Event.(event.KeyProved); ok && e.Key == key {
			digest = e.SPKISHA256
		}
	}
	return digest
}

// artifactsDigest gives what this prints in the folder of artifacts, as they
// stand after the records:
//
//	sha256sum * | LC_ALL=C sort -k 2 | sha256sum
func artifactsDigest(records []event.Record) string {
	var lines []string
	for _, r := range records {
		if e, ok := r.Event.(event.ArtifactWritten); ok && strings.HasPrefix(e.Path, "artifacts/") {
			lines = append(lines, e.SHA256+"  "+path.Base(e.Path)+"\n")
		}
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[64:], b[64:]) })
	return SHA256Hex([]byte(strings.Join(lines, "")))
}
