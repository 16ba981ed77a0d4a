// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
)

// Anchor is what is known of a bundle from outside of it: from paper, video,
// or people's signatures. All that is given must match.
type Anchor struct {
	ManifestSHA256 string   // hexadecimal
	SealKeys       []string // SHA-256 of the SubjectPublicKeyInfo, hexadecimal
	Heads          []Head
}

// Head is a head of the journal that was read aloud: at least the first 16
// bytes of the root over the first Size lines.
type Head struct {
	Size int
	Root []byte
}

func (v *verifier) checkAnchors() {
	a := v.options.Anchor
	if a.ManifestSHA256 != "" {
		if a.ManifestSHA256 == v.ManifestSHA256 {
			v.Anchored = append(v.Anchored, "the digest of "+ManifestPath)
		} else {
			v.bad(ManifestPath, "its SHA-256 differs from the given anchor%s", v.digestOf(a.ManifestSHA256))
		}
	}
	if len(v.History.Sessions) == 0 {
		return
	}
	v.anchorKeys(a.SealKeys)
	for _, h := range a.Heads {
		v.anchorHead(h)
	}
}

// digestOf says of which file of the bundle a digest is that was given for another.
func (v *verifier) digestOf(sum string) string {
	for _, path := range slices.Sorted(maps.Keys(v.digests)) {
		if d := v.digests[path]; d.SHA256Hex() == sum {
			return ", which is that of " + path
		}
	}
	return ""
}

// anchorKeys compares the seal keys that were given with those of the
// sessions. Only the last one can have sealed the whole journal; another, or one
// whose tail is not sealed, vouches for the lines up to its last checkpoint.
func (v *verifier) anchorKeys(given []string) {
	if len(given) == 0 {
		return
	}
	found := map[string]bool{}
	for i, s := range v.History.Sessions {
		digest, err := SealDigest(s.Event.SealKey)
		if err != nil || !slices.Contains(given, digest) {
			continue
		}
		found[digest] = true
		if i == len(v.History.Sessions)-1 && v.Head.Size == len(v.Records) {
			v.Anchored = append(v.Anchored, fmt.Sprintf("the seal key of session %d", s.Event.Session))
		} else {
			v.Notices = append(v.Notices, fmt.Sprintf("the given seal key of session %d anchors the first %d of %d lines", s.Event.Session, v.sealed[s.Event.Session], len(v.Records)))
		}
	}
	if slices.ContainsFunc(given, func(key string) bool { return !found[key] }) {
		v.bad(JournalPath, "a given seal key is not in this journal: this is not the record that was sealed with that key")
	}
}

func (v *verifier) anchorHead(h Head) {
	if len(h.Root) < HeadBytes || h.Size < 1 || h.Size > len(v.Records) {
		v.bad(JournalPath, "the given head, of %d bytes over %d lines, cannot be compared", len(h.Root), h.Size)
		return
	}
	root, err := HeadOver(v.Records, h.Size)
	switch {
	case err != nil || !bytes.HasPrefix(root, h.Root):
		v.bad(JournalPath, "the root hash over %d lines differs from the given head", h.Size)
	case h.Size == len(v.Records):
		v.Anchored = append(v.Anchored, "the head of the whole journal")
	default:
		v.Notices = append(v.Notices, fmt.Sprintf("the given head anchors the first %d of %d lines", h.Size, len(v.Records)))
	}
}
