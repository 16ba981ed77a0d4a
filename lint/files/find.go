// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rootceremony/internal/source"
	"rootceremony/lint/format"
)

// extensions are those of files in folders that are looked into.
var extensions = []string{
	".yaml", ".yml", ".pem", ".der", ".crt", ".cer", ".cert", ".crl", ".csr", ".req", ".p10", ".ors", ".ocsp",
}

// File is one file to lint.
type File struct {
	Name  string
	Data  []byte
	Named bool // given by name, not met in a folder
	// Profile says that it is meant to be a profile, regardless of its content.
	Profile bool
	Err     error // why it could not be read
}

// Found are the files below some paths.
type Found struct {
	Files   []File
	Skipped []format.Skipped // files of folders that were not looked into
	Bundles []string         // folders that were passed by
}

// StandardInput is the path that names it.
const StandardInput = "-"

// Find reads the files that paths name, or in, and those below folders whose names
// end as files of this program do. Hidden folders and bundles are passed by. The error
// is about a path that is not there; what cannot be read is among the files.
func Find(paths []string, in io.Reader) (*Found, error) {
	out := &Found{}
	seen := map[string]bool{}
	for _, p := range paths {
		if p == StandardInput {
			data, err := source.ReadAll("standard input", in)
			out.put(seen, p, true, data, err)
			continue
		}
		info, err := os.Stat(p)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			out.add(seen, p, true)
			continue
		}
		if err := out.walk(seen, p); err != nil {
			return nil, fmt.Errorf("looking through %s: %w", p, err)
		}
	}
	return out, nil
}

// walk adds the files below a folder, in the order of their names.
func (f *Found) walk(seen map[string]bool, folder string) error {
	return filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil { // a finding, so that it neither passes nor hides the others
			f.put(seen, name, false, nil, err)
			return nil
		}
		hidden := strings.HasPrefix(entry.Name(), ".") && name != folder
		switch {
		case entry.IsDir() && hidden:
			return fs.SkipDir
		case entry.IsDir() && isBundle(name):
			f.Bundles = append(f.Bundles, filepath.ToSlash(name))
			return fs.SkipDir
		case entry.IsDir():
		case hidden:
			f.skip(name, "a hidden file")
		case !entry.Type().IsRegular():
			f.skip(name, "not a regular file")
		case !slices.Contains(extensions, strings.ToLower(filepath.Ext(name))):
			f.skip(name, "its name does not end as those of files that lint reads")
		default:
			f.add(seen, name, false)
		}
		return nil
	})
}

// skip notes a file that is not looked into.
func (f *Found) skip(name, why string) {
	f.Skipped = append(f.Skipped, format.Skipped{Name: filepath.ToSlash(name), Why: why})
}

// isBundle reports whether a folder is the result of a ceremony.
func isBundle(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, "journal", "journal.jsonl"))
	return err == nil
}

// add reads one file, once.
func (f *Found) add(seen map[string]bool, name string, named bool) {
	name = filepath.Clean(name)
	if seen[name] {
		return
	}
	data, err := source.ReadFile(name)
	f.put(seen, name, named, data, err)
}

// put adds what was read of a file, or why that failed, once.
func (f *Found) put(seen map[string]bool, name string, named bool, data []byte, err error) {
	if name = filepath.Clean(name); !seen[name] {
		seen[name] = true
		f.Files = append(f.Files, File{Name: filepath.ToSlash(name), Data: data, Named: named, Err: err})
	}
}
