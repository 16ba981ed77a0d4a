// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	"rootceremony/internal/artifact"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// Problem is something wrong with a bundle.
type Problem struct {
	Where string // a path, perhaps with a line
	What  string
}

// String returns both on one line.
func (p Problem) String() string { return p.Where + ": " + p.What }

// VerifyOptions are what Verify needs beside the bundle.
type VerifyOptions struct {
	Anchor Anchor
	// Words, if given, turns a digest into the words that were read aloud, so
	// that those in the journal can be compared.
	Words func(digest []byte) []string
	// Limits bound what a hostile bundle can cost.
	Limits artifact.Limits
}

// Verdict is what Verify found. Close it after use.
type Verdict struct {
	Ceremony       string
	Title          string
	Mode           event.Mode
	SoftwareTokens bool
	Outcome        string           // OutcomeComplete, OutcomeAbandoned, or empty
	Problems       []Problem        // what is wrong
	Incomplete     []string         // what is missing before the record can be verified as a whole
	Notices        []string         // worth knowing, not wrong
	Anchored       []string         // what from outside vouches for the whole record; empty: UNANCHORED
	Records        []event.Record   // as far as the journal could be read
	History        *history.History // what they add up to
	ManifestSHA256 string           // empty where there is none
	Head           Checkpoint       // the last checkpoint, where its seal is right
	Renderer       int              // version of what derived the pages; 0 where the ceremony was not closed
	Exhibits       []Exhibit        // that were added after closing

	tree *artifact.Tree
}

// OK reports that the record is consistent: nothing is wrong and nothing is
// missing. It does not say that the record is the one that was made in the
// room: see IsAnchored.
func (v *Verdict) OK() bool { return len(v.Problems) == 0 && len(v.Incomplete) == 0 }

// IsAnchored reports that something from outside vouches for the whole record.
func (v *Verdict) IsAnchored() bool { return v.OK() && len(v.Anchored) > 0 }

// Paths returns the paths of all files of the bundle.
func (v *Verdict) Paths() []string { return v.tree.Paths() }

// Open opens a file of the bundle.
func (v *Verdict) Open(path string) (io.ReadCloser, error) { return v.tree.Open(path) }

// ReadFile reads a file of the bundle of at most limit bytes.
func (v *Verdict) ReadFile(path string, limit int64) ([]byte, error) {
	return v.tree.ReadFile(path, limit)
}

// Folder gives the files of one folder of the bundle.
func (v *Verdict) Folder(path string) fs.FS { return v.tree.Folder(path) }

// Close ends reading the bundle.
func (v *Verdict) Close() error { return v.tree.Close() }

const (
	maxProblems  = 1000
	maxManifest  = 64 << 20
	maxGenerated = 256 << 20
)

// verifier is the work on one bundle.
type verifier struct {
	*Verdict
	options   VerifyOptions
	renderers map[int]renderer
	digests   map[string]artifact.Digest
	lines     *tree           // over all lines of the journal, once they were read
	whole     bool            // the journal could be read to its end
	claimed   map[string]bool // paths that something accounts for
	sealed    map[int]int     // by session: how many lines its last good checkpoint covers
}

// Verify checks the bundle in a folder: that it is whole, that its journal
// follows the rules of a ceremony and is sealed, that files and events agree,
// and that all that is derived from the journal is what the journal gives. It
// does not look into artifacts beyond their digests and the signatures over
// their to-be-signed bytes. The error says that nothing could be read at all;
// the verdict lists what is wrong with the bundle.
func Verify(dir string, options VerifyOptions) (*Verdict, error) {
	return verifyWith(renderers, dir, options)
}

// verifyWith is Verify by a program that renders by some versions.
func verifyWith(renderers map[int]renderer, dir string, options VerifyOptions) (*Verdict, error) {
	tree, err := artifact.ReadTree(dir, options.Limits)
	if tree == nil {
		return nil, fmt.Errorf("verifying bundle: %w", err)
	}
	v := &verifier{
		Verdict: &Verdict{tree: tree, History: history.New()}, options: options, renderers: renderers,
		digests: map[string]artifact.Digest{}, claimed: map[string]bool{}, sealed: map[int]int{},
	}
	for _, err := range split(err) {
		v.bad(".", "%v", err)
	}
	v.whole = v.readJournal()
	v.checkManifest()
	v.checkEmpty()
	v.checkExhibits()
	if v.whole {
		v.checkRecords()
	}
	v.checkAnchors()
	return v.Verdict, nil
}

// checkEmpty names folders that nothing needs: a closed bundle has none, and MANIFEST,
// which lists files, cannot say so. One with the name of a signature, a statement or the
// record of an exhibit is taken for one by who reads the folder by hand.
func (v *verifier) checkEmpty() {
	if v.ManifestSHA256 == "" {
		return
	}
	for _, dir := range v.tree.Empty() {
		if kind := path.Ext(dir); !listed(dir) && (kind == ".sig" || kind == ".json") {
			v.bad(dir, "a folder, in the place of a file")
			continue
		}
		v.Notices = append(v.Notices, dir+": an empty folder, which is no part of the record")
	}
}

// checkRecords checks a journal that could be read to its end.
func (v *verifier) checkRecords() {
	g := checkGrammar(v.Records)
	for _, p := range g.problems {
		v.bad(p.Where, "%s", p.What)
	}
	v.Notices = append(v.Notices, g.notices...)
	v.checkSeals()
	v.checkFiles()
	v.checkArtifacts()
	v.checkLongSignatures(&g.operations)
	v.checkWords()
	v.checkDerived()
	v.checkUnclaimed()
}

// readJournal reads the journal and reports whether all of it is well formed.
func (v *verifier) readJournal() bool {
	data, err := v.ReadFile(JournalPath, artifact.MaxLog)
	if err != nil {
		v.bad(JournalPath, "%v", err)
		return false
	}
	plan, err := v.digest(event.PlanPath)
	if err != nil {
		v.bad(event.PlanPath, "%v", err)
		return false
	}
	v.Records, err = ReadJournal(data, plan.SHA256Hex())
	v.History = history.Of(v.Records)
	o := v.History.Opened
	v.Ceremony, v.Title, v.Mode, v.SoftwareTokens = o.Ceremony, o.Title, o.Mode, o.SoftwareTokens
	if closed := v.History.Closed; closed != nil {
		v.Outcome, v.Renderer = closed.Outcome, closed.Renderer
	}
	if wrong := (*lineError)(nil); errors.As(err, &wrong) {
		v.bad(lineName(wrong.Line), "%v", wrong.Err)
		return false
	}
	if len(v.Records) == 0 {
		v.bad(JournalPath, "it is empty")
		return false
	}
	return true
}

// digest digests a file once.
func (v *verifier) digest(path string) (artifact.Digest, error) {
	if d, ok := v.digests[path]; ok {
		return d, nil
	}
	d, err := v.tree.Digest(path)
	if err == nil {
		v.digests[path] = d
	}
	return d, err
}

func (v *verifier) bad(where, format string, args ...any) {
	if len(v.Problems) < maxProblems {
		v.Problems = append(v.Problems, Problem{Where: where, What: fmt.Sprintf(format, args...)})
	}
}

// split undoes errors.Join.
func split(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	if err != nil {
		return []error{err}
	}
	return nil
}
