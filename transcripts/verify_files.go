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
func (j *judge) checkManifest() {
	data, err := j.ReadFile(ManifestPath, maxManifest)
	if errors.Is(err, fs.ErrNotExist) && j.whole && j.Outcome == "" {
		j.Incomplete = append(j.Incomplete, "the ceremony was not closed")
		return
	}
	if err != nil {
		j.bad(ManifestPath, "%v", err)
		return
	}
	j.ManifestSHA256 = hexDigest(data)
	if j.whole && j.Outcome == "" {
		j.bad(ManifestPath, "the file exists, but the ceremony was not closed")
	}
	m, err := ParseManifest(data)
	if err != nil {
		j.bad(ManifestPath, "%v", err)
		return
	}
	if len(j.Records) > 0 && (m.Ceremony != j.Ceremony || m.Rehearsal != (j.Mode == event.Rehearsal) || m.Software != j.SoftwareTokens) {
		j.bad(ManifestPath, "its header names another ceremony, or does not say correctly whether it was a rehearsal or used software tokens")
	}
	entries := map[string]bool{}
	for _, e := range m.Entries {
		entries[e.Path] = true
		j.checkEntry(e)
	}
	for _, path := range j.Paths() {
		if listed(path) && !entries[path] {
			j.bad(path, "not listed in %s", ManifestPath)
		}
	}
}

func (j *judge) checkEntry(e Entry) {
	d, err := j.digest(e.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		j.bad(e.Path, "listed in %s, but missing", ManifestPath)
	case err != nil:
		j.bad(e.Path, "%v", err)
	case d.SHA256Hex() != e.SHA256 || d.SHA512Hex() != e.SHA512:
		j.bad(e.Path, "its digest differs from the one in %s", ManifestPath)
	}
}

// checkFiles compares the files with the events that name them.
func (j *judge) checkFiles() {
	left := 0
	for _, f := range j.History.Files {
		if !f.External {
			j.fileIs(f.Record, f.File)
		}
	}
	for _, w := range j.History.Written() {
		if w.Event.Kind == event.KindLeftOver {
			left++
		}
	}
	if left > 0 {
		j.Notices = append(j.Notices, fmt.Sprintf("%s: %d files that no event accounted for were found while the ceremony lay there or went on; they are no part of it",
			event.LeftOverFolder, left))
	}
}

// fileIs checks that a file is the one that a record names.
func (j *judge) fileIs(r event.Record, f event.File) {
	if !listed(f.Path) || slices.Contains(derived, f.Path) || strings.HasPrefix(f.Path, "journal/") {
		j.bad(lineName(r.Seq), "%s: an event must not name the file %s", r.Event.Type(), f.Path)
		return
	}
	j.claimed[f.Path] = true
	d, err := j.digest(f.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		j.bad(f.Path, "%s names it, but it is missing", lineName(r.Seq))
	case err != nil:
		j.bad(f.Path, "%v", err)
	case d.SHA256Hex() != f.SHA256:
		j.bad(f.Path, "its digest differs from the one in %s", lineName(r.Seq))
	case f.SHA512 != "" && d.SHA512Hex() != f.SHA512:
		j.bad(f.Path, "its SHA-512 differs from the one in %s", lineName(r.Seq))
	}
	if got, ok := j.tree.Size(f.Path); ok && f.Size != nil && got != *f.Size {
		j.bad(f.Path, "it has %d bytes, not %d as in %s", got, *f.Size, lineName(r.Seq))
	}
}

// checkUnclaimed names the files that nothing accounts for.
func (j *judge) checkUnclaimed() {
	for _, path := range j.Paths() {
		switch {
		case !listed(path) || j.claimed[path]:
		case artifact.IsPartial(path) && j.History.Closed == nil:
			j.Notices = append(j.Notices, path+": incomplete file, left behind when a crash cut off a write")
		default:
			j.bad(path, "no event names this file")
		}
	}
}

// checkLongSignatures verifies the signatures over bytes that were too long
// for a line.
func (j *judge) checkLongSignatures(o *operations) {
	for _, op := range j.History.Ended {
		intent := op.Intended.Event
		if op.Finished == nil || op.Finished.Event.What != event.WhatSign || intent.TBSFile == "" || intent.Key == nil {
			continue
		}
		if err := j.verifyFile(o, intent, op.Finished.Event); err != nil {
			j.bad(lineName(op.Finished.Seq), "operation %d: %v", op.Number, err)
		}
	}
}

func (j *judge) verifyFile(o *operations, intent event.OperationIntended, e event.OperationFinished) error {
	f, err := j.Open(intent.TBSFile)
	if err != nil {
		return err
	}
	return errors.Join(o.verifyStream(intent, e, io.Reader(f)), f.Close())
}

// checkWords compares the words that were read aloud with their digests.
func (j *judge) checkWords() {
	for _, r := range j.History.Digests {
		e := r.Event
		if e.Words == "" || j.options.Words == nil {
			continue
		}
		digest, err := hex.DecodeString(e.SHA256)
		if err != nil || !strings.HasPrefix(strings.Join(j.options.Words(digest), " ")+" ", e.Words+" ") {
			j.bad(lineName(r.Seq), "%s: the words for %q do not match its digest", e.Type(), e.What)
		}
	}
	j.readDigests()
}

// readDigests compares digests that were read aloud with what they are of.
func (j *judge) readDigests() {
	type object struct{ what, artifact string }
	known := map[object][]string{}
	knowObject := func(o object, sha256 string) {
		if sha256 != "" {
			known[o] = append(known[o], sha256)
		}
	}
	know := func(what, sha256 string) { knowObject(object{what: what}, sha256) }
	know("site", j.History.Opened.SiteSHA256)
	for _, p := range j.History.Plans {
		know("plan", p.SHA256)
	}
	for _, s := range j.History.Sessions {
		know("tool", s.Event.Tool.SHA256)
		if digest, err := SealDigest(s.Event.SealKey); err == nil {
			know("seal-key", digest)
		}
	}
	for _, f := range j.History.Artifacts {
		knowObject(object{event.WhatArtifact, f.ID}, f.Summary().SHA256)
	}
	for _, r := range j.History.Digests {
		e := r.Event
		if want := known[object{e.What, e.Artifact}]; len(want) > 0 && !slices.Contains(want, e.SHA256) {
			j.bad(lineName(r.Seq), "%s: not the digest of %s", e.Type(), e.Of())
		}
		if e.What == event.WhatHead && !j.isHead(e, r.Seq) {
			j.bad(lineName(r.Seq), "%s: not the root hash over the first %d lines", e.Type(), e.Size)
		}
	}
}

// isHead reports whether a digest is the root over the lines that it says, all
// of them before its own.
func (j *judge) isHead(e event.DigestRead, seq int) bool {
	if j.lines == nil || e.Size >= seq {
		return false
	}
	root, err := j.lines.root(e.Size)
	return err == nil && e.SHA256 == hex.EncodeToString(root[:])
}
