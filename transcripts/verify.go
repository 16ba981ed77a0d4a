// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"errors"
	"io/fs"
)

// Problem is something wrong with a bundle.
type Problem struct {
	Where string // a path, perhaps with a line
	What  string
}

// Anchor is what is known of a bundle from outside of it. All parts that are
// given must match; one that covers the whole journal is enough to anchor it.
type Anchor struct {
	ManifestSHA256 string // hexadecimal
	SealKey        []byte // the Ed25519 public key of the last session
	Heads          []Head
}

// Head is a head of the journal that was read aloud: the first bytes of the
// root over the first Size lines, at least 16.
type Head struct {
	Size int
	Root []byte
}

// VerifyOptions are what Verify needs beside the bundle.
type VerifyOptions struct {
	Anchor Anchor
	// Words, if given, turns a digest into the words that were read aloud.
	Words func(digest []byte) []string
}

// Verdict is what Verify found.
type Verdict struct {
	Ceremony   string
	Title      string
	Mode       Mode
	Software   bool // keys were in software tokens
	Problems   []Problem
	Notices    []string // worth knowing, not wrong
	Incomplete []string // what is missing before the record can be judged as a whole
	Anchored   bool     // something from outside vouches for the whole record
	Records    []Record
	Manifest   []byte // its bytes
	files      fs.FS
}

// OK reports that nothing is wrong or missing. It says nothing about anchors.
func (v *Verdict) OK() bool { return len(v.Problems) == 0 && len(v.Incomplete) == 0 }

// Files gives access to the files of the bundle, through the same safe
// reading that Verify used.
func (v *Verdict) Files() fs.FS { return v.files }

// Verify judges the bundle in the folder dir. An error means that it could not be read
// at all; what is wrong with it stands in the verdict.
func Verify(dir string, o VerifyOptions) (*Verdict, error) {
	return nil, errors.New("not yet")
}
