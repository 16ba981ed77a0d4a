// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// overlay is what the tests of the package get to turn mutants on.
//
//go:embed overlay
var overlay embed.FS

// built is a test program with switches.
type built struct {
	pkg     string // folder of the package
	program string
	dir     string // for files in between
	mutants []mutant
}

// build makes the test program of a package, of files that are nowhere in the tree.
func build(ctx context.Context, pkg, dir string) (*built, error) {
	p := &instrumented{files: map[string][]byte{}, names: map[string]int{}}
	for _, pattern := range ruleFiles {
		names, err := filepath.Glob(filepath.Join(pkg, pattern))
		if err != nil || len(names) == 0 {
			return nil, fmt.Errorf("no file is called %s: call this from the top of the tree", filepath.Join(pkg, pattern))
		}
		for _, name := range names {
			if err := p.read(name); err != nil {
				return nil, err
			}
		}
	}
	if err := p.addOverlay(pkg); err != nil {
		return nil, err
	}
	where, err := p.write(dir)
	if err != nil {
		return nil, err
	}
	b := &built{pkg, filepath.Join(dir, "mutants.test"), dir, p.mutants}
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-overlay", where, "-o", b.program, "./"+pkg)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("building the tests with switches: %w", err)
	}
	return b, nil
}

// read instruments a file; a test only stops at its first failure.
func (p *instrumented) read(name string) error {
	if strings.HasSuffix(name, "_test.go") {
		return nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("reading the rules: %w", err)
	}
	return p.instrument(name, data)
}

// addOverlay adds the switches themselves, and tests that stop at once.
func (p *instrumented) addOverlay(pkg string) error {
	switches, err := overlay.ReadFile("overlay/switches.go.txt")
	if err != nil {
		return fmt.Errorf("reading the switches: %w", err)
	}
	p.files[filepath.Join(pkg, "mutants_on.go")] = fmt.Appendf(switches, "\nconst mutantCount = %d\n", len(p.mutants))
	if p.files[filepath.Join(pkg, "mutants_on_test.go")], err = overlay.ReadFile("overlay/corpus_test.go.txt"); err != nil {
		return fmt.Errorf("reading the corpus: %w", err)
	}
	tests, err := filepath.Glob(filepath.Join(pkg, "*_test.go"))
	if err != nil {
		return fmt.Errorf("listing the tests: %w", err)
	}
	stops := strings.NewReplacer("\tt.Errorf(", "\tt.Fatalf(", "\tt.Error(", "\tt.Fatal(")
	for _, name := range tests {
		data, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("reading the tests: %w", err)
		}
		p.files[name] = []byte(stops.Replace(string(data)))
	}
	return nil
}

// write writes the files elsewhere and says to the compiler what they replace.
func (p *instrumented) write(dir string) (string, error) {
	replace := map[string]string{}
	for name, data := range p.files {
		instead := filepath.Join(dir, strings.ReplaceAll(filepath.ToSlash(name), "/", "+"))
		if err := os.WriteFile(instead, data, 0o600); err != nil {
			return "", fmt.Errorf("writing the overlay: %w", err)
		}
		path, err := filepath.Abs(name)
		if err != nil {
			return "", fmt.Errorf("writing the overlay: %w", err)
		}
		replace[path] = instead
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", fmt.Errorf("writing the overlay: %w", err)
	}
	where := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(where, data, 0o600); err != nil {
		return "", fmt.Errorf("writing the overlay: %w", err)
	}
	return where, nil
}
