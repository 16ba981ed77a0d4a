// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// subject is a mutant on its way through the tests.
type subject struct {
	key     string // how the test program knows it
	name    string
	at      string
	noticed bool
}

// run runs some tests of the program with variables.
func (b *built) run(ctx context.Context, tests string, env ...string) (takes time.Duration, err error) {
	cmd := exec.CommandContext(ctx, b.program, "-test.run", tests, "-test.failfast", "-test.timeout", "20m")
	cmd.Dir, cmd.Env = b.pkg, append(os.Environ(), env...)
	text, err := cmd.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%w\n%s", err, text)
	}
	return cmd.ProcessState.UserTime(), nil // others may be using the machine
}

// subjects are the mutants that are asked for: of the source and of the tables.
func (b *built) subjects(ctx context.Context, o *options) (out []*subject, err error) {
	var tables []string
	if err := b.ask(ctx, "^TestMutantTables$", &tables); err != nil {
		return nil, err
	}
	takes, err := o.takes()
	if err != nil {
		return nil, err
	}
	for _, m := range b.mutants {
		out = append(out, &subject{key: strconv.Itoa(m.id), name: m.name, at: m.at})
	}
	for _, name := range tables {
		out = append(out, &subject{key: name, name: name, at: "table"})
	}
	return slices.DeleteFunc(out, func(s *subject) bool { return !takes(s.name) }), nil
}

// ask runs a test that answers in a file.
func (b *built) ask(ctx context.Context, test string, answer any, env ...string) error {
	where := filepath.Join(b.dir, "answer.json")
	if _, err := b.run(ctx, test, append(env, "CEREMONY_MUTANTS_OUT="+where)...); err != nil {
		return fmt.Errorf("asking %s: %w", test, err)
	}
	data, err := os.ReadFile(where)
	if err != nil {
		return fmt.Errorf("asking %s: %w", test, err)
	}
	if err := json.Unmarshal(data, answer); err != nil {
		return fmt.Errorf("asking %s: %w", test, err)
	}
	return nil
}

// meetCorpus lets all mutants meet the corpus, in one process.
func (b *built) meetCorpus(ctx context.Context, all []*subject) error {
	var keys, noticed []string
	for _, s := range all {
		keys = append(keys, s.key)
	}
	where := filepath.Join(b.dir, "mutants.txt")
	if err := os.WriteFile(where, []byte(strings.Join(keys, "\n")), 0o600); err != nil {
		return fmt.Errorf("meeting the corpus: %w", err)
	}
	if err := b.ask(ctx, "^TestMutantCorpus$", &noticed, "CEREMONY_MUTANTS_IN="+where); err != nil {
		return err
	}
	for _, s := range all {
		s.noticed = slices.Contains(noticed, s.key)
	}
	return nil
}

// reach is a test with what it passes and how long it takes.
type reach struct {
	name   string
	passes map[string]bool
	takes  time.Duration
}

// corpusTests have met the mutants already, or are about files of the tree, which the
// overlay is none of.
var corpusTests = []string{"TestMutantCorpus", "TestMutantTables", "TestEdges", "TestSingleFaults", "TestSentences", "TestFailing", "TestEngineSources"}

// reaches runs each test alone, without a mutant, and keeps those that are fast.
func (b *built) reaches(ctx context.Context, jobs int) ([]reach, error) {
	cmd := exec.CommandContext(ctx, b.program, "-test.list", "^Test")
	cmd.Dir = b.pkg
	list, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("listing the tests: %w", err)
	}
	tests := slices.DeleteFunc(strings.Fields(string(list)), func(n string) bool { return slices.Contains(corpusTests, n) })
	out, errs := make([]reach, len(tests)), make([]error, len(tests))
	each(jobs, len(tests), func(i int) {
		where := filepath.Join(b.dir, tests[i]+".reach")
		takes, err := b.run(ctx, "^"+tests[i]+"$", "CEREMONY_MUTANTS_REACHED="+where)
		if err != nil {
			errs[i] = fmt.Errorf("%s fails without a mutant: %w", tests[i], err)
			return
		}
		out[i] = reach{tests[i], map[string]bool{}, takes}
		var data []byte
		data, errs[i] = os.ReadFile(where)
		for _, w := range strings.Split(string(data), "\n") {
			out[i].passes[w] = true
		}
	})
	return slices.DeleteFunc(out, func(r reach) bool { return r.takes > longest }), errors.Join(errs...)
}

// longest is how much time of a processor a test may take that mutants meet: those that
// take longer go through octets or roots in bulk, and a branch of a rule deserves a test
// of its own.
const longest = time.Second

// meetTests lets each mutant that the corpus does not notice meet the tests that
// pass its place, in a process of its own.
func (b *built) meetTests(ctx context.Context, all []*subject, jobs int) error {
	tests, err := b.reaches(ctx, jobs)
	if err != nil {
		return err
	}
	left := slices.DeleteFunc(slices.Clone(all), func(s *subject) bool { return s.noticed })
	each(jobs, len(left), func(i int) {
		s := left[i]
		var names []string
		for _, r := range tests {
			if r.passes[s.place()] {
				names = append(names, r.name)
			}
		}
		if len(names) > 0 {
			_, err := b.run(ctx, "^("+strings.Join(names, "|")+")$", "CEREMONY_MUTANT="+s.key)
			s.noticed = err != nil
		}
	})
	return ctx.Err()
}

// place is what a test passes that can notice the mutant.
func (s *subject) place() string {
	place, _, _ := strings.Cut(s.key, " -> ")
	return place
}

// each calls f for all numbers below n, some at once.
func each(jobs, n int, f func(i int)) {
	var workers sync.WaitGroup
	next := make(chan int)
	for range jobs {
		workers.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	workers.Wait()
}
