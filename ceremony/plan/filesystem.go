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
)

// MaxInput bounds what is read of a plan.
const MaxInput = source.MaxFile

// Disk reads what a ceremony file names from the folder it is in.
type Disk struct{ Folder string }

// Read implements [Files].
func (d Disk) Read(name string) ([]byte, error) {
	data, err := source.ReadFile(filepath.Join(d.Folder, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("file %s not found next to the ceremony file", name)
	}
	return data, err
}

// Artifact implements [Files]: it verifies the record of the earlier bundle
// before it takes anything out of it.
func (d Disk) Artifact(bundle, artifact string) ([]byte, BundleInput, error) {
	dir := filepath.Join(d.Folder, filepath.FromSlash(bundle))
	if _, err := os.Stat(dir); err != nil {
		return nil, BundleInput{}, fmt.Errorf("bundle %s not found", bundle)
	}
	v, err := transcripts.Verify(dir, transcripts.VerifyOptions{})
	if err != nil {
		return nil, BundleInput{}, fmt.Errorf("reading bundle %s: %w", bundle, err)
	}
	defer v.Close() //nolint:errcheck // read only
	if len(v.Problems) > 0 {
		p := v.Problems[0]
		return nil, BundleInput{}, fmt.Errorf("bundle %s does not verify: %s: %s", bundle, p.Where, p.What)
	}
	if len(v.Incomplete) > 0 {
		return nil, BundleInput{}, fmt.Errorf("bundle %s is incomplete: %s", bundle, v.Incomplete[0])
	}
	from := BundleInput{Ceremony: v.Ceremony, Artifact: artifact, ManifestSHA256: v.ManifestSHA256, Rehearsal: v.Mode == event.Rehearsal}
	var withheld error
	for _, a := range v.History.Artifacts {
		w := a.File(event.EncodingDER)
		switch {
		case a.ID != artifact || w == nil:
			continue
		case a.Withheld() != "":
			withheld = fmt.Errorf("artifact %q of bundle %s is withheld: %s", artifact, bundle, a.Withheld())
			continue // another attempt may have been delivered
		}
		data, err := v.ReadFile(w.Event.Path, MaxInput)
		if err != nil {
			return nil, from, fmt.Errorf("reading %s of bundle %s: %w", w.Event.Path, bundle, err)
		}
		return data, from, nil
	}
	if withheld != nil {
		return nil, from, withheld
	}
	return nil, from, fmt.Errorf("bundle %s has no artifact %q", bundle, artifact)
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

// Artifact implements [Files].
func (b Bundled) Artifact(bundle, artifact string) ([]byte, BundleInput, error) {
	data, err := b.Read(bundleInputPath(bundle, artifact))
	if err != nil {
		return nil, BundleInput{}, err
	}
	f := Find(b.Plan.Files, func(f *File) bool { return f.Path == bundleInputPath(bundle, artifact) })
	in := b.Plan.Input(f.Name)
	if in == nil || in.Bundle == nil {
		return nil, BundleInput{}, fmt.Errorf("plan.json does not name the ceremony that %s comes from", artifact)
	}
	return data, *in.Bundle, nil
}

// bundleInputPath is how plan.json names an artifact of an earlier bundle.
func bundleInputPath(bundle, artifact string) string {
	return strings.TrimSuffix(path.Clean(bundle), "/") + "/artifact:" + artifact
}
