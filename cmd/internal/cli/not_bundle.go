// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/internal/foreign"
	"rootceremony/internal/inspect"
	"rootceremony/internal/source"
	"rootceremony/internal/unseen"
	"rootceremony/transcripts"
)

// isBundle reports whether a folder has one of the files that make it a bundle, whatever
// is wrong with it: one that lost the others is still to be verified.
func isBundle(folder string) bool {
	return slices.ContainsFunc([]string{transcripts.ManifestPath, transcripts.JournalPath, "transcript.json"}, func(name string) bool {
		_, err := os.Lstat(filepath.Join(folder, filepath.FromSlash(name)))
		return err == nil
	})
}

// needsBundle refuses what is no bundle by saying what it is, and what to try. A reader
// who named the wrong folder would else be told that a record is broken.
func needsBundle(name string) error {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return withHint(err, "%s", notThere())
	case err != nil:
		return err
	case isBundle(name):
		return nil
	}
	if bundle := bundleAround(name); bundle != "" {
		return usage("name the bundle: "+bundle, "%s is inside a bundle, and not the bundle", name)
	}
	if !info.IsDir() {
		return notBundleFile(name)
	}
	entries, err := os.ReadDir(name)
	if err != nil {
		return err
	}
	has := func(file string) bool {
		return slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == file })
	}
	below := bundlesBelow(name)
	switch {
	case len(entries) == 0:
		return usage(`name the folder that "run" or "rehearse" wrote with --bundle`, "%s is an empty folder", name)
	case has("plan.json"):
		return usage("a bundle is another folder; this command shows who approved the plan:\n  "+plan.Commands{Plan: name}.Approvals(), "%s is the folder of a plan, and not a bundle", name)
	case len(below) > 0:
		return usage("there is: "+strings.Join(below, ", "), "%s is not a bundle, but has some", name)
	}
	return usage(`name the folder that "run" or "rehearse" wrote with --bundle`, "%s is not a bundle: it has neither %s nor %s", name, transcripts.ManifestPath, transcripts.JournalPath)
}

// notThere helps who typed the name of a bundle that is not there, or is in another folder
// than they think.
func notThere() string {
	if below := bundlesBelow("."); len(below) > 0 {
		return "there is: " + strings.Join(below, ", ")
	}
	return startsHere()
}

// startsHere helps who typed a command in another folder than they think.
func startsHere() string {
	here, err := os.Getwd()
	if err != nil {
		return "paths begin in the current folder"
	}
	return "paths begin in the current folder, " + unseen.Line(here)
}

// needsBegun is [needsBundle] for a ceremony that is to continue: a crash may have left its
// plan alone, and then the program says that nothing was done.
func needsBegun(name string) error {
	if _, err := os.Lstat(filepath.Join(name, plan.Folder, "plan.json")); err == nil {
		return nil
	}
	return needsBundle(name)
}

// notBundleFile says what a file is.
func notBundleFile(name string) error {
	hint := `a bundle is a folder, which "run" or "rehearse" wrote with --bundle`
	data, err := source.ReadFile(name)
	if err != nil {
		return withHint(err, "%s", hint)
	}
	if _, known := approval.NamespaceOfFile(filepath.Base(name)); known {
		return usage("a bundle is another folder; this command shows who approved the plan:\n  "+plan.Commands{Plan: filepath.Dir(name)}.Approvals(), "%s is a file of a plan, and not a bundle", name)
	}
	if doc, err := source.Parse(name, data); err == nil {
		if kind, try := source.FileKind(doc.Root()); kind != "" {
			return usage(try, "%s is a %s, and not a bundle", name, kind)
		}
	}
	if blocks, err := inspect.Decode(data); err == nil {
		if _, err := inspect.Shown(blocks[0].DER); err == nil {
			return usage(fmt.Sprintf("ceremony inspect %s shows what is in it, ceremony lint %[1]s checks it", name), "%s is a file, and not a bundle", name)
		}
	}
	if e := foreign.Known(data); e != nil {
		return usage(hint, "%s is %s, and not a bundle", name, e.What)
	}
	return usage(hint, "%s is a file, and not a bundle", name)
}

// bundleAround is the bundle that something is in, as far as the folders of its path go.
func bundleAround(name string) string {
	full, err := filepath.Abs(name)
	if err != nil {
		return ""
	}
	for folder := filepath.Dir(full); folder != filepath.Dir(folder); folder = filepath.Dir(folder) {
		if isBundle(folder) {
			if here, err := os.Getwd(); err == nil {
				if near, err := filepath.Rel(here, folder); err == nil && !strings.HasPrefix(near, "..") {
					return near
				}
			}
			return folder
		}
	}
	return ""
}

// mostBelow is how many bundles are named.
const mostBelow = 5

// bundlesBelow finds bundles in a folder and in those in it.
func bundlesBelow(folder string) (out []string) {
	for _, pattern := range []string{"*", "*/*"} {
		all, _ := filepath.Glob(filepath.Join(folder, filepath.FromSlash(pattern))) // without a match there is none to name
		for _, name := range all {
			if len(out) < mostBelow && isBundle(name) {
				out = append(out, unseen.Line(name))
			}
		}
	}
	return out
}
