// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"

	"rootceremony/tools/reasons"
)

// packages verify a record, each with those whose tests show what it is for: the nearest
// first.
var packages = []struct {
	folder string
	users  []string
}{
	{"transcripts/event", []string{"transcripts", "ceremony/schema", "ceremony/verify"}},
	{"transcripts/history", []string{"transcripts", "ceremony/verify"}},
	{"transcripts", []string{"ceremony/verify", "ceremony/run"}},
	{"internal/approval", []string{"ceremony/verify", "ceremony/run"}},
	{"ceremony/verify", []string{"ceremony/run"}},
}

func main() {
	only := flag.String("only", "", "empty only tables whose name contains this")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, *only); err != nil {
		stop()
		fmt.Fprintln(os.Stderr, "tables:", err)
		os.Exit(1) //nolint:gocritic // stop was called
	}
}

// run is the whole: build, empty each table in turn, tell which no test misses.
func run(ctx context.Context, out io.Writer, only string) error {
	dir, err := os.MkdirTemp("", "tables")
	if err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	var folders []string
	for _, p := range packages {
		folders = append(folders, p.folder)
	}
	b := &built{dir: dir, programs: map[string]string{}}
	if b.overlay, err = overlay(folders, dir); err != nil {
		return fmt.Errorf("putting in the switches: %w", err)
	}
	why, err := reasons.Read(filepath.Join("tools", "tables", "reasons.txt"))
	if err != nil {
		return err
	}
	count, bad := 0, 0
	for _, p := range packages {
		tables, err := b.tables(ctx, p.folder)
		if err != nil {
			return err
		}
		for _, table := range tables {
			if !strings.Contains(table, only) {
				continue
			}
			count++
			by, err := b.missed(ctx, table, append([]string{p.folder}, p.users...))
			switch {
			case err != nil:
				return err
			case by != "":
				fmt.Fprintf(out, "%s: missed by %s\n", table, by)
			case !why.Covers(table):
				bad++
				fmt.Fprintf(out, "%s: NO TEST MISSES IT\n", table)
			}
		}
	}
	if only == "" {
		bad += why.Stale(out)
	}
	fmt.Fprintf(out, "%d tables, %d lines to see to\n", count, bad)
	if bad > 0 {
		return errors.New("write a test that fails without the table, or give the reason why none can in tools/tables/reasons.txt")
	}
	return nil
}

// built makes the test programs with switches, when they are needed.
type built struct {
	dir, overlay string
	programs     map[string]string // by package
}

func (b *built) program(ctx context.Context, pkg string) (string, error) {
	if have := b.programs[pkg]; have != "" {
		return have, nil
	}
	program := filepath.Join(b.dir, strings.ReplaceAll(pkg, "/", "+")+".test")
	cmd := exec.CommandContext(ctx, "go", "test", "-c", "-overlay", b.overlay, "-o", program, "./"+pkg)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("building the tests of %s with switches: %w", pkg, err)
	}
	b.programs[pkg] = program
	return program, nil
}

// test runs tests of a package, with a variable for the switches.
func (b *built) test(ctx context.Context, pkg, tests, env string) ([]byte, error) {
	program, err := b.program(ctx, pkg)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, program, "-test.run", tests, "-test.failfast", "-test.short", "-test.timeout", "30m")
	cmd.Dir, cmd.Env = pkg, append(os.Environ(), env)
	return cmd.CombinedOutput()
}

// tables lists those of a package.
func (b *built) tables(ctx context.Context, pkg string) ([]string, error) {
	where := filepath.Join(b.dir, "tables.txt")
	if err := os.WriteFile(where, nil, 0o600); err != nil {
		return nil, err
	}
	if text, err := b.test(ctx, pkg, "^$", "CEREMONY_TABLES_OUT="+where); err != nil {
		return nil, fmt.Errorf("listing the tables of %s: %w\n%s", pkg, err, text)
	}
	data, err := os.ReadFile(where)
	if err != nil {
		return nil, err
	}
	all := slices.DeleteFunc(strings.Fields(string(data)), func(name string) bool { return !strings.HasPrefix(name, pkg+".") })
	slices.Sort(all)
	return slices.Compact(all), nil
}

// missed names the package with a test that fails without a table; nothing where none
// does.
func (b *built) missed(ctx context.Context, table string, in []string) (string, error) {
	for _, pkg := range in {
		if _, err := b.program(ctx, pkg); err != nil {
			return "", err
		}
		if text, err := b.test(ctx, pkg, ".", "CEREMONY_TABLE="+table); err != nil {
			return pkg + ": " + first(text), ctx.Err()
		}
	}
	return "", nil
}

// first names the first test that failed, as far as it says so.
func first(text []byte) string {
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(strings.TrimSpace(line), "--- FAIL: "); ok {
			name, _, _ = strings.Cut(name, " ")
			return name
		}
	}
	return "it does not even start"
}
