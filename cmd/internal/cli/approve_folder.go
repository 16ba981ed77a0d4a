// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"rootceremony/internal/approval"
	"rootceremony/internal/unseen"
)

// inFolders puts in the place of each folder the files in it that people approve.
func (o *approveOptions) inFolders(names []string) ([]string, error) {
	var all []string
	for _, name := range names {
		if info, err := os.Stat(name); err != nil || !info.IsDir() {
			all = append(all, name) // reading says what is wrong with a name
			continue
		}
		if o.As.value != meaningByName {
			return nil, usage("name one FILE with it", "--as does not fit the folder %s", name)
		}
		entries, err := os.ReadDir(name)
		if err != nil {
			return nil, err
		}
		n := len(all)
		for _, e := range entries {
			if _, known := approval.NamespaceOfFile(e.Name()); known {
				all = append(all, filepath.Join(name, e.Name()))
			}
		}
		if len(all) == n {
			return nil, usage("name the folder of a plan", "nothing in %s is to be approved", name)
		}
	}
	return all, nil
}

// agreed shows all files that are about to be signed, and at a terminal asks once.
func (a *approvals) agreed(ctx context.Context, opts approveOptions, deps deps) error {
	a.table(deps.Err)
	opts.introduce(ctx, deps.Err, a.policy)
	return oneWord(ctx, "approve", fmt.Sprintf("Type APPROVE to sign all %d, anything else to stop: ", len(a.files)), deps)
}

// table shows each file in two lines, with a digest to compare with the script. Those of
// the plan are also there as words.
func (a *approvals) table(w io.Writer) {
	for _, f := range a.files {
		if title := f.title(); title != "" {
			printRow(w, "ceremony", title)
			printRow(w, "words", digestWords(f.object))
		}
	}
	fmt.Fprintf(w, "You approve %d files:\n", len(a.files))
	for _, f := range a.files {
		fmt.Fprintf(w, "  %s: %s\n  %x\n", unseen.Line(f.name), f.namespace.Declaration(), sha256.Sum256(f.object))
	}
}
