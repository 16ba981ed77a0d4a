// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package plan_test

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/source"
)

// onceFiles reads what a ceremony file names once.
type onceFiles struct {
	plan.Disk
	read  map[string][]byte
	taken map[string]*plan.EarlierBundle
}

func (o onceFiles) Read(name string) ([]byte, error) {
	if data, ok := o.read[name]; ok {
		return data, nil
	}
	data, err := o.Disk.Read(name)
	if err == nil {
		o.read[name] = data
	}
	return data, err
}

func (o onceFiles) Bundle(path string) (*plan.EarlierBundle, error) {
	if b, ok := o.taken[path]; ok {
		return b, nil
	}
	b, err := o.Disk.Bundle(path)
	if err == nil {
		o.taken[path] = b
	}
	return b, err
}

// nameWord matches the words of a ceremony file that may be the name of something.
var nameWord = regexp.MustCompile(`[a-z0-9][a-z0-9-]*`)

// swaps are an example with every name in it changed to every other name, one
// at a time; of them all, one in so many.
func swaps(text string, oneIn int, try func(text string)) {
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^  ([a-z0-9-]+): *\{|^  ([a-z0-9-]+):$|- (?:issue|request|crl|ocsp): ([a-z0-9-]+)$`).FindAllStringSubmatch(text, -1) {
		ids[m[1]+m[2]+m[3]] = true
	}
	n := 0
	for _, place := range nameWord.FindAllStringIndex(text, -1) {
		if !ids[text[place[0]:place[1]]] {
			continue
		}
		for _, id := range sortedKeys(ids) {
			if n++; n%oneIn == 0 {
				try(text[:place[0]] + id + text[place[1]:])
			}
		}
	}
}

func sortedKeys(m map[string]bool) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// TestSwappedNames guards the operator against a mixed-up name: whatever is
// for whatever, planning ends in a plan or in errors with places. Nothing here
// recovers from a panic.
func TestSwappedNames(t *testing.T) {
	const previews = 2 // that have no errors, of each example: they take time
	for name, oneIn := range map[string]int{"root-2026": 11, "issuing-2027": 6, "cross-2026": 5} {
		folder := filepath.Join("..", "..", "examples", name)
		data, err := os.ReadFile(filepath.Join(folder, "ceremony.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		files := onceFiles{plan.Disk{Folder: folder}, map[string][]byte{}, map[string]*plan.EarlierBundle{}}
		loaded, accepted := 0, 0
		swaps(strings.ReplaceAll(string(data), "rsa-3072", "ecdsa-p384"), oneIn, func(text string) {
			loaded++
			l, err := plan.Load(name, []byte(text), files)
			var problems source.Errors
			switch {
			case err != nil && !errors.As(err, &problems):
				t.Errorf("an error without a place: %v", err)
			case err != nil:
				return
			}
			if accepted++; accepted > previews && accepted%10 != 0 {
				return
			}
			if _, err := plan.NewPreview(context.Background(), l, rand.Reader); err != nil {
				t.Errorf("planning: %v\n%s", err, text)
			}
		})
		if loaded < 50 || accepted == 0 {
			t.Errorf("%s: %d swaps, %d of them a plan", name, loaded, accepted)
		}
	}
}
