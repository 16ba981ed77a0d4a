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
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"

	"rootceremony/tools/reasons"
)

// ruleFiles are where the rules of lint and the corrections of zlint are.
var ruleFiles = []string{"rules.go", "rules_*.go", "incoming.go", "corrections.go", "algorithms.go", "key_quality.go"}

func main() {
	only := flag.String("only", "", "take only mutants whose name contains this")
	again := flag.String("again", "", "take only those that `FILE`, the output of an earlier run, lists")
	list := flag.Bool("list", false, "list the mutants and end")
	corpus := flag.Bool("corpus", false, "end after the corpus, and list what survived it")
	jobs := flag.Int("jobs", runtime.GOMAXPROCS(0), "processes at once")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, &options{*only, *again, *list, *corpus, *jobs}); err != nil {
		stop()
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1) //nolint:gocritic // stop was called
	}
}

// options are what can be asked for.
type options struct {
	only   string
	again  string
	list   bool
	corpus bool
	jobs   int
}

// errSurvivors says that the tests do not notice something that they should.
var errSurvivors = errors.New("write a test that fails with the mutant, or give the reason why none can in tools/mutants/reasons.txt")

// run is the whole: build, let all mutants meet the tests, tell what survived.
func run(ctx context.Context, out io.Writer, o *options) error {
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	b, err := build(ctx, "lint", dir)
	if err != nil {
		return err
	}
	all, err := b.subjects(ctx, o)
	if err != nil {
		return err
	}
	if o.list {
		for _, s := range all {
			fmt.Fprintln(out, s.name)
		}
		return nil
	}
	if err := b.meetCorpus(ctx, all); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d mutants, %d noticed by the corpus\n", len(all), count(all))
	if o.corpus {
		return tell(out, all, &reasons.Reasons{}, false)
	}
	if err := b.meetTests(ctx, all, o.jobs); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d noticed by all tests\n", count(all))
	why, err := reasons.Read(filepath.Join("tools", "mutants", "reasons.txt"))
	if err != nil {
		return err
	}
	return tell(out, all, why, o.only == "" && o.again == "")
}

// takes tells which mutants are asked for.
func (o *options) takes() (func(name string) bool, error) {
	named := map[string]bool{}
	if o.again != "" {
		data, err := os.ReadFile(o.again)
		if err != nil {
			return nil, fmt.Errorf("reading what survived: %w", err)
		}
		for _, line := range strings.Split(string(data), "\n") {
			name, _, _ := strings.Cut(line, "\t")
			named[strings.TrimPrefix(name, "survives: ")] = true
		}
	}
	return func(name string) bool { return strings.Contains(name, o.only) && (o.again == "" || named[name]) }, nil
}

func count(all []*subject) (n int) {
	for _, s := range all {
		if s.noticed {
			n++
		}
	}
	return n
}

// tell lists survivors without a reason and reasons without a survivor.
func tell(out io.Writer, all []*subject, why *reasons.Reasons, whole bool) error {
	bad, excused := 0, 0
	for _, s := range all {
		if s.noticed {
			continue
		}
		if why.Covers(s.name) {
			excused++
			continue
		}
		bad++
		fmt.Fprintf(out, "survives: %s\t# %s\n", s.name, s.at)
	}
	if whole {
		bad += why.Stale(out)
	}
	fmt.Fprintf(out, "%d survive with a reason, %d lines above\n", excused, bad)
	if bad > 0 {
		return errSurvivors
	}
	return nil
}
