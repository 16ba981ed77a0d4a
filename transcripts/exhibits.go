// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"rootceremony/internal/approval"
	"rootceremony/internal/artifact"
	"rootceremony/internal/unseen"
	"rootceremony/transcripts/event"
)

// ExhibitsDir is where evidence lies that came after the bundle was closed,
// such as scans, videos and logs of the HSM.
const ExhibitsDir = "evidence-late"

// Exhibit is the record of one late exhibit: evidence-late/NNN.json. Records
// count from 1, and each holds the digest of the one before, so that none can be
// taken out of the middle unseen. Nobody vouches for an exhibit but the person who signs
// its record.
type Exhibit struct {
	Version        int    `json:"version"` // 1
	Number         int    `json:"number"`
	File           string `json:"file"`     // in evidence-late/; or the name of an external file
	External       bool   `json:"external"` // only the digests are in the bundle
	SHA256         string `json:"sha256"`
	SHA512         string `json:"sha512"`
	Size           int64  `json:"size"`
	What           string `json:"what"`
	Step           string `json:"step,omitempty"` // of the plan, that it belongs to
	Key            string `json:"key,omitempty"`  // SHA-256 of the public key that it is about, such as an attestation by its device
	By             string `json:"by"`             // who added it
	Added          string `json:"added"`          // RFC 3339, UTC, by the clock of the person who added it
	ManifestSHA256 string `json:"manifest_sha256"`
	Previous       string `json:"previous,omitempty"` // SHA-256 of the record before
}

// maxExhibit is more than any record of an exhibit needs.
const maxExhibit = 64 << 10

// parseExhibit reads the record of an exhibit. Like a line of the journal it has
// one spelling, that of RFC 8785, with a line feed.
func parseExhibit(data []byte) (Exhibit, error) {
	var e Exhibit
	if len(data) > maxExhibit {
		return e, fmt.Errorf("record of %d bytes, at most %d are allowed", len(data), maxExhibit)
	}
	if err := event.DecodeStrict(data, &e); err != nil {
		return e, err
	}
	again, err := e.bytes()
	if err != nil {
		return e, err
	}
	if !bytes.Equal(again, data) {
		return e, errors.New("not in canonical form (RFC 8785), or a key is missing, repeated or misspelled")
	}
	return e, e.check()
}

func (e Exhibit) bytes() ([]byte, error) {
	data, err := event.Canonical(e)
	return append(data, '\n'), err
}

func (e Exhibit) check() error {
	if e.Version != 1 || e.Number < 1 || e.Size < 0 {
		return fmt.Errorf("version %d, number %d, size %d", e.Version, e.Number, e.Size)
	}
	if err := seen("what", e.What); err != nil {
		return err
	}
	if added, err := time.Parse(time.RFC3339, e.Added); err != nil || added.UTC().Format(time.RFC3339) != e.Added {
		return fmt.Errorf("added: %q is not a time such as 2026-12-01T09:00:00Z", e.Added)
	}
	return errors.Join(event.IsID("file", e.File), event.IsID("by", e.By), event.IsDigest("sha256", e.SHA256), event.IsHexOf("sha512", e.SHA512, 64),
		event.IsDigest("manifest_sha256", e.ManifestSHA256), event.Optional(event.IsDigest, "key", e.Key), event.Optional(event.IsDigest, "previous", e.Previous))
}

// maxWhat is more than a description needs, and does not push what matters off a screen.
const maxWhat = 1000

// seen checks that a text is one line that a screen shows as it is.
func seen(name, text string) error {
	if len(text) > maxWhat {
		return fmt.Errorf("%s: it has %d bytes, at most %d are allowed", name, len(text), maxWhat)
	}
	if strings.TrimSpace(text) == "" {
		return fmt.Errorf("%s: the text is empty", name)
	}
	if r, found := unseen.In(text); found {
		return fmt.Errorf("%s: contains the character U+%04X, which readers cannot see", name, r)
	}
	if strings.ContainsAny(text, "\n\t") {
		return fmt.Errorf("%s: it must be one line of text", name)
	}
	return nil
}

// NotVerified is what is said of an exhibit that belongs to a key: its bytes are as they
// were attached, and nothing in it was looked at.
const NotVerified = "attached, not verified"

// ExhibitPath is where the record of an exhibit lies.
func ExhibitPath(number int) string { return fmt.Sprintf("%s/%03d.json", ExhibitsDir, number) }

// path is where the file of an exhibit lies.
func (e Exhibit) path() string { return fmt.Sprintf("%s/%03d-%s", ExhibitsDir, e.Number, e.File) }

// Attach adds an exhibit to a closed bundle that was verified: it fills in number,
// digests, size and what it follows, writes the file unless it is external, and
// then its record. Nothing in the bundle is touched.
func Attach(dir string, v *Verdict, e Exhibit, content io.Reader) (Exhibit, error) {
	switch {
	case v.ManifestSHA256 == "":
		return e, errors.New("attaching: the bundle is not closed")
	case len(v.Problems) > 0:
		return e, fmt.Errorf("attaching: %s", v.Problems[0])
	}
	if err := errors.Join(seen("what", e.What), v.checkAdded(e)); err != nil {
		return e, fmt.Errorf("attaching %s: %w", e.File, err) // before its file is written
	}
	e.Version, e.Number, e.ManifestSHA256 = 1, len(v.Exhibits)+1, v.ManifestSHA256
	if n := len(v.Exhibits); n > 0 {
		last, err := v.Exhibits[n-1].bytes()
		if err != nil {
			return e, err
		}
		e.Previous = hexDigest(last)
	}
	d, err := artifact.OpenDir(dir)
	if err != nil {
		return e, fmt.Errorf("attaching: %w", err)
	}
	if err := e.take(d, content); err != nil {
		return e, fmt.Errorf("attaching %s: %w", e.File, err)
	}
	data, err := e.bytes()
	if err != nil {
		return e, err
	}
	if err := e.check(); err != nil {
		return e, fmt.Errorf("attaching %s: %w", e.File, err)
	}
	return e, d.WriteFile(ExhibitPath(e.Number), data)
}

// take digests the content of an exhibit and, unless it is external, copies it.
func (e *Exhibit) take(d *artifact.Dir, content io.Reader) error {
	to := io.Discard
	var w *artifact.Writer
	if !e.External {
		var err error
		if w, err = d.Create(e.path()); err != nil {
			return err
		}
		defer w.Discard()
		to = w
	}
	sum, err := artifact.SumReader(io.TeeReader(content, to))
	if err != nil {
		return err
	}
	e.SHA256, e.SHA512, e.Size = sum.SHA256Hex(), sum.SHA512Hex(), sum.Size
	if w == nil {
		return nil
	}
	return w.Commit()
}

// readExhibits reads and verifies all late exhibits of a bundle.
func readExhibits(tree *artifact.Tree, manifestSHA256 string) ([]Exhibit, []Problem) {
	var exhibits []Exhibit
	var problems []Problem
	bad := func(where, format string, args ...any) {
		problems = append(problems, Problem{Where: where, What: fmt.Sprintf(format, args...)})
	}
	known := map[string]bool{}
	previous := ""
	for number := 1; ; number++ {
		name := ExhibitPath(number)
		if _, ok := tree.Size(name); !ok {
			break
		}
		known[name] = true
		data, err := tree.ReadFile(name, maxExhibit)
		if err != nil {
			bad(name, "%v", err)
			break
		}
		e, err := parseExhibit(data)
		switch {
		case err != nil:
			bad(name, "%v", err)
		case e.Number != number:
			bad(name, "the record says that it is exhibit %d", e.Number)
		case e.Previous != previous:
			bad(name, "the record does not contain the digest of the exhibit before it")
		case e.ManifestSHA256 != manifestSHA256:
			bad(name, "it was added to a bundle with a different MANIFEST")
		case !e.External:
			known[e.path()] = true
			checkExhibit(tree, e, bad)
		}
		previous = hexDigest(data)
		exhibits = append(exhibits, e)
	}
	for _, p := range tree.Paths() {
		if path.Dir(p) == ExhibitsDir && !known[p] && !isSignatureOf(p, exhibits) || strings.HasPrefix(p, ExhibitsDir+"/") && path.Dir(p) != ExhibitsDir {
			bad(p, "no record of an exhibit names this file")
		}
	}
	return exhibits, problems
}

// isSignatureOf reports whether a file is somebody's signature on the record of
// an exhibit: NNN.json.WHO.sig.
func isSignatureOf(p string, exhibits []Exhibit) bool {
	return slices.ContainsFunc(exhibits, func(e Exhibit) bool {
		who, ok := strings.CutPrefix(p, ExhibitPath(e.Number)+".")
		who, signed := strings.CutSuffix(who, ".sig")
		return ok && signed && approval.IsName(who)
	})
}

func checkExhibit(tree *artifact.Tree, e Exhibit, bad func(where, format string, args ...any)) {
	d, err := tree.Digest(e.path())
	switch {
	case err != nil:
		bad(e.path(), "%v", err)
	case d.Size != e.Size || d.SHA256Hex() != e.SHA256 || d.SHA512Hex() != e.SHA512:
		bad(e.path(), "the file differs from the one that its record names")
	}
}

// checkExhibits verifies the late exhibits of a bundle.
func (v *verifier) checkExhibits() {
	var problems []Problem
	v.Exhibits, problems = readExhibits(v.tree, v.ManifestSHA256)
	for _, p := range problems {
		v.bad(p.Where, "%s", p.What)
	}
	if len(v.Records) == 0 {
		return
	}
	for _, e := range v.Exhibits {
		if err := v.checkAdded(e); err != nil {
			v.bad(ExhibitPath(e.Number), "%v", err)
		}
		if e.Step != "" && !v.History.StepBegun(e.Step) {
			v.bad(ExhibitPath(e.Number), "it belongs to step %s, which the ceremony did not have", e.Step)
		}
		if e.Key != "" && v.History.Key(e.Key) == nil {
			v.bad(ExhibitPath(e.Number), "it belongs to key %s, which the ceremony did not have", e.Key)
		}
	}
}

// checkAdded refuses an exhibit that was added before the ceremony was closed.
func (v *Verdict) checkAdded(e Exhibit) error {
	added, err := time.Parse(time.RFC3339, e.Added)
	if until := v.until(); err == nil && added.Before(until) {
		return fmt.Errorf("it was added at %s, but the ceremony was closed at %s; was a clock wrong?", e.Added, until.UTC().Format(time.RFC3339))
	}
	return nil
}

// until is the second in which the ceremony was closed, by the clock of the room or by that
// of the host, whichever says that it was earlier: people may add an exhibit on the same host
// and at once. A rehearsal may be on any day, which its room says it is: there it is the
// clock of the host, as of the last time that it was read.
func (v *Verdict) until() time.Time {
	until := v.History.Until().Truncate(time.Second)
	clocks := v.History.Clock
	if len(clocks) == 0 {
		return until
	}
	set := clocks[len(clocks)-1].Event
	if host, err := time.Parse(time.RFC3339, set.Host); err == nil && v.Mode == event.Rehearsal {
		return host
	}
	return until.Add(-time.Duration(max(set.OffsetSeconds, 0)) * time.Second)
}
