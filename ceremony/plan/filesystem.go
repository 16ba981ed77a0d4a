// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"rootceremony/internal/source"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// MaxInput bounds what is read of a plan.
const MaxInput = source.MaxFile

// Disk reads what a ceremony file names from the folder it is in.
type Disk struct {
	Folder string
	// Rebuild builds all that the record of an earlier bundle claims again from its plan, and
	// adds what is wrong to its verdict; nil where the record alone is verified.
	Rebuild func(*transcripts.Verdict) error
}

// Read implements [Files].
func (d Disk) Read(name string) ([]byte, error) {
	data, err := source.ReadFile(filepath.Join(d.Folder, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) && filepath.IsAbs(name) {
		return nil, fmt.Errorf("file %s not found: paths begin in the folder of the ceremony file, so that they are the same on every machine: copy the file there", name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("file %s not found next to the ceremony file", name)
	}
	return data, err
}

// Bundle implements [Files]: it verifies the earlier bundle before it takes anything out of
// it. What "verify" calls invalid is no input: a certificate of another key in it would be
// renewed, or a CRL be missed. A CRL or a response that is lost does not spoil the
// rest: the rules that would need it say so.
func (d Disk) Bundle(bundle string) (*EarlierBundle, error) {
	dir := filepath.Join(d.Folder, filepath.FromSlash(bundle))
	if _, err := os.Stat(dir); err != nil {
		return nil, fmt.Errorf("bundle %s not found", bundle)
	}
	v, err := transcripts.Verify(dir, transcripts.VerifyOptions{})
	if err != nil {
		return nil, fmt.Errorf("reading bundle %s: %w", bundle, err)
	}
	defer v.Close() //nolint:errcheck // read only
	b := &EarlierBundle{Objects: map[string][]byte{}, Withheld: map[string]string{}}
	b.Bundle = Bundle{Path: bundle, Ceremony: v.Ceremony, ManifestSHA256: v.ManifestSHA256, Rehearsal: v.Mode == event.Rehearsal,
		Software: v.SoftwareTokens, Abandoned: v.Outcome == event.OutcomeAbandoned}
	lost := map[string]bool{}
	for _, a := range v.History.Artifacts {
		if err := b.take(v, a, lost); err != nil {
			return nil, fmt.Errorf("reading bundle %s: %w", bundle, err)
		}
	}
	incomplete := v.Incomplete // what else its plan demands is for those who plan
	if d.Rebuild != nil {
		if err := d.Rebuild(v); err != nil {
			return nil, fmt.Errorf("verifying bundle %s: %w", bundle, err)
		}
	}
	for _, p := range v.Problems {
		if !lost[p.Where] {
			return nil, fmt.Errorf("bundle %s does not verify: %s: %s", bundle, p.Where, p.What)
		}
	}
	if len(incomplete) > 0 {
		return nil, fmt.Errorf("bundle %s is incomplete: %s", bundle, incomplete[0])
	}
	return b, nil
}

// take takes a delivered artifact out of a bundle. Of one that is withheld another
// attempt may have been delivered.
func (b *EarlierBundle) take(v *transcripts.Verdict, a *history.Artifact, lost map[string]bool) error {
	w := a.File(event.EncodingDER)
	if w == nil {
		return nil
	}
	if why := a.Withheld(); why != "" {
		b.Withheld[a.ID] = why
		return nil
	}
	status := a.Kind() == event.KindCRL || a.Kind() == event.KindOCSP
	der, err := v.ReadFile(w.Event.Path, MaxInput)
	if gone := errors.Is(err, fs.ErrNotExist); gone && status {
		for _, f := range a.Files {
			lost[f.Event.Path] = true
		}
	} else if err != nil && !gone {
		return err
	}
	if b.Objects[a.ID] = der; status {
		b.Status = append(b.Status, BundleStatus{Artifact: a.ID, Kind: a.Kind(), SHA256: w.Event.SHA256, Issuer: a.Summary().Issuer, Lost: der == nil})
	}
	return nil
}

// Bundled reads what a ceremony file names from the bundle that was made from
// it. Which earlier bundle an input came from is what the plan says.
type Bundled struct {
	ReadAs func(path string, limit int64) ([]byte, error)
	Folder string // of the plan, in the bundle
	Plan   *Plan
}

// Read implements [Files].
func (b Bundled) Read(name string) ([]byte, error) {
	f := Find(b.Plan.Files, func(f *File) bool { return f.Path == name && f.Kind != "ceremony" })
	if f == nil {
		return nil, fmt.Errorf("plan.json names no file %s", name)
	}
	return b.ReadAs(f.In(b.Folder), MaxInput)
}

// builtin implements bundledFiles.
func (b Bundled) builtin(path string) ([]byte, error) { return b.Read(path) }

// Bundle implements [Files]: the plan says what the bundle was, and has copies of
// what was taken from it.
func (b Bundled) Bundle(bundle string) (*EarlierBundle, error) {
	of := Find(b.Plan.Bundles, func(o *Bundle) bool { return o.Path == bundle })
	if of == nil {
		return nil, fmt.Errorf("plan.json does not name the bundle %s", bundle)
	}
	e := &EarlierBundle{Bundle: *of, Objects: map[string][]byte{}}
	for _, f := range b.Plan.Files {
		artifact, here := strings.CutPrefix(f.Path, bundleInputPath(bundle, ""))
		if !here || f.Kind != "input" && f.Kind != kindStatus {
			continue
		}
		data, err := b.Read(f.Path)
		if err != nil {
			return nil, err
		}
		e.Objects[artifact] = data
	}
	return e, nil
}

// bundleInputPath is how plan.json names an artifact of an earlier bundle.
func bundleInputPath(bundle, artifact string) string {
	return strings.TrimSuffix(path.Clean(bundle), "/") + "/artifact:" + artifact
}

// kindStatus is what a plan calls the file of a CRL or response that the MANIFEST of
// an input bundle lists.
const kindStatus = "status"
