// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"rootceremony/internal/artifact"
	"rootceremony/transcripts/event"
)

// derived are the files that Close makes from the journal.
var derived = []string{transcriptPath, envelopePath, readmePath, reportPath, sealPEMPath}

// checkManifest compares MANIFEST with the files, both ways.
func (v *verifier) checkManifest() {
	data, err := v.ReadFile(ManifestPath, maxManifest)
	if errors.Is(err, fs.ErrNotExist) && v.whole && v.Outcome == "" {
		v.Incomplete = append(v.Incomplete, "the ceremony was not closed")
		return
	}
	if err != nil {
		v.bad(ManifestPath, "%v", err)
		return
	}
	v.ManifestSHA256 = hexDigest(data)
	if v.whole && v.Outcome == "" {
		v.bad(ManifestPath, "the file exists, but the ceremony was not closed")
	}
	m, err := ParseManifest(data)
	if err != nil {
		v.bad(ManifestPath, "%v", err)
		return
	}
	if len(v.Records) > 0 && (m.Ceremony != v.Ceremony || m.Rehearsal != (v.Mode == event.Rehearsal) || m.Software != v.SoftwareTokens) {
		v.bad(ManifestPath, "its header names another ceremony, or does not say correctly whether it was a rehearsal or used software tokens")
	}
	entries := map[string]bool{}
	for _, e := range m.Entries {
		entries[e.Path] = true
		v.checkEntry(e)
	}
	for _, path := range v.Paths() {
		if listed(path) && !entries[path] {
			v.bad(path, "not listed in %s", ManifestPath)
		}
	}
}

func (v *verifier) checkEntry(e Entry) {
	d, err := v.digest(e.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		v.bad(e.Path, "listed in %s, but missing", ManifestPath)
	case err != nil:
		v.bad(e.Path, "%v", err)
	case d.SHA256Hex() != e.SHA256 || d.SHA512Hex() != e.SHA512:
		v.bad(e.Path, "its digest differs from the one in %s", ManifestPath)
	}
}

// checkFiles compares the files with the events that name them.
func (v *verifier) checkFiles() {
	left := 0
	for _, f := range v.History.Files {
		if !f.External {
			v.fileIs(f.Record, f.File)
		}
	}
	for _, w := range v.History.Written() {
		if w.Event.Kind == event.KindLeftOver {
			left++
		}
	}
	if left > 0 {
		v.Notices = append(v.Notices, fmt.Sprintf("%s: %s that no event accounted for, found while the ceremony lay there or went on: no part of it",
			event.LeftOverFolder, event.Count(left, "file")))
	}
}

// fileIs checks that a file is the one that a record names.
func (v *verifier) fileIs(r event.Record, f event.File) {
	if !listed(f.Path) || slices.Contains(derived, f.Path) || strings.HasPrefix(f.Path, "journal/") {
		v.bad(lineName(r.Seq), "%s: an event must not name the file %s", r.Event.Type(), f.Path)
		return
	}
	v.claimed[f.Path] = true
	d, err := v.digest(f.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		v.bad(f.Path, "%s names it, but it is missing", lineName(r.Seq))
	case err != nil:
		v.bad(f.Path, "%v", err)
	case d.SHA256Hex() != f.SHA256:
		v.bad(f.Path, "its digest differs from the one in %s", lineName(r.Seq))
	case f.SHA512 != "" && d.SHA512Hex() != f.SHA512:
		v.bad(f.Path, "its SHA-512 differs from the one in %s", lineName(r.Seq))
	}
	if got, ok := v.tree.Size(f.Path); ok && f.Size != nil && got != *f.Size {
		v.bad(f.Path, "it has %d bytes, not %d as in %s", got, *f.Size, lineName(r.Seq))
	}
}

// checkUnclaimed names the files that nothing accounts for.
func (v *verifier) checkUnclaimed() {
	for _, path := range v.Paths() {
		switch {
		case !listed(path) && v.ManifestSHA256 == "" && !strings.HasPrefix(path, ExhibitsDir+"/"): // of exhibits it is said
			v.bad(path, "added to a bundle that is not closed")
		case !listed(path) || v.claimed[path]:
		case artifact.IsPartial(path) && v.History.Closed == nil:
			v.Notices = append(v.Notices, path+": incomplete file, left behind when a crash cut off a write")
		default:
			v.bad(path, "no event names this file")
		}
	}
}

// checkLongSignatures verifies the signatures over bytes that were too long
// for a line.
func (v *verifier) checkLongSignatures(o *operations) {
	for _, op := range v.History.Ended {
		intent := op.Intended.Event
		if intent.What != event.WhatSign || intent.TBSFile == "" || intent.Key == nil {
			continue
		}
		switch done, failed := op.Finished, op.Failed; {
		case done != nil:
			if err := v.verifyFile(o, intent, done.Event.Signature); err != nil {
				v.bad(lineName(done.Seq), "operation %d: %v", op.Number, err)
			}
		case failed != nil && failed.Event.Signature != "" && exists(v.verifyFile(o, intent, failed.Event.Signature)):
			v.bad(lineName(failed.Seq), "the signature of operation %d verifies, so it exists", op.Number)
		}
	}
}

// verifyFile checks a signature, in base64, over bytes in a file.
func (v *verifier) verifyFile(o *operations, intent event.OperationIntended, made string) error {
	f, err := v.Open(intent.TBSFile)
	if err != nil {
		return err
	}
	return errors.Join(o.verifyStream(intent, made, io.Reader(f)), f.Close())
}

// checkWords compares the words that were read aloud with their digests.
func (v *verifier) checkWords() {
	for _, r := range v.History.Digests {
		e := r.Event
		if e.Words == "" || v.options.Words == nil {
			continue
		}
		digest, err := hex.DecodeString(e.SHA256)
		if err != nil || !strings.HasPrefix(strings.Join(v.options.Words(digest), " ")+" ", e.Words+" ") {
			v.bad(lineName(r.Seq), "%s: the words for %q do not match its digest", e.Type(), e.What)
		}
	}
	v.readDigests()
}

// readDigests compares digests that were read aloud with what they are of.
func (v *verifier) readDigests() {
	type object struct{ what, artifact string }
	known := map[object][]string{}
	knowObject := func(o object, sha256 string) {
		if sha256 != "" {
			known[o] = append(known[o], sha256)
		}
	}
	know := func(what, sha256 string) { knowObject(object{what: what}, sha256) }
	for _, s := range v.History.Sites {
		know("site", s.SHA256)
	}
	for _, p := range v.History.Plans {
		know("plan", p.SHA256)
	}
	for _, s := range v.History.Sessions {
		know("tool", s.Event.Tool.SHA256)
		if digest, err := SealDigest(s.Event.SealKey); err == nil {
			know("seal-key", digest)
		}
	}
	for _, f := range v.History.Artifacts {
		knowObject(object{event.WhatArtifact, f.ID}, f.Summary().SHA256)
	}
	for _, r := range v.History.Digests {
		e := r.Event
		switch {
		case e.What == event.WhatHead:
			if !v.isHead(e, r.Seq) {
				v.bad(lineName(r.Seq), "%s: not the root hash over the first %d lines", e.Type(), e.Size)
			}
		case !slices.Contains(known[object{e.What, e.Artifact}], e.SHA256): // also of what the record does not know
			v.bad(lineName(r.Seq), "%s: not the digest of %s", e.Type(), e.Of())
		}
	}
}

// isHead reports whether a digest is the root over the lines that it says, all
// of them before its own.
func (v *verifier) isHead(e event.DigestRead, seq int) bool {
	if v.lines == nil || e.Size >= seq {
		return false
	}
	root, err := v.lines.root(e.Size)
	return err == nil && e.SHA256 == hex.EncodeToString(root[:])
}
