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

// run runs some tests of the program with variables, and gives what they print.
func (b *built) run(ctx context.Context, tests string, env ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, b.program, "-test.run", tests, "-test.failfast", "-test.timeout", "20m")
	cmd.Dir, cmd.Env = b.pkg, append(os.Environ(), env...)
	return cmd.CombinedOutput()
}

// meetCorpus lets all mutants meet the corpus, in one process.
func (b *built) meetCorpus(ctx context.Context) ([]*subject, error) {
	where := filepath.Join(b.dir, "corpus.json")
	if text, err := b.run(ctx, "^TestMutantCorpus$", "CEREMONY_MUTANTS_OUT="+where); err != nil {
		return nil, fmt.Errorf("meeting the corpus: %w\n%s", err, text)
	}
	data, err := os.ReadFile(where)
	if err != nil {
		return nil, fmt.Errorf("meeting the corpus: %w", err)
	}
	var met struct{ Noticed, Tables []string }
	if err := json.Unmarshal(data, &met); err != nil {
		return nil, fmt.Errorf("meeting the corpus: %w", err)
	}
	var out []*subject
	for _, m := range b.mutants {
		out = append(out, &subject{key: strconv.Itoa(m.id), name: m.name, at: m.at})
	}
	for _, name := range met.Tables {
		out = append(out, &subject{key: name, name: name, at: "table"})
	}
	for _, s := range out {
		s.noticed = slices.Contains(met.Noticed, s.key)
	}
	return out, nil
}

// reach is a test with what it passes and how long it takes.
type reach struct {
	name   string
	passes map[string]bool
	takes  time.Duration
}

// corpusTests have met the mutants already, or are about files of the tree, which the
// overlay is none of.
var corpusTests = []string{"TestMutantCorpus", "TestSingleFaults", "TestSentences", "TestFailing", "TestEngineSources"}

// reaches runs each test alone, without a mutant, the fast ones first.
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
		where, start := filepath.Join(b.dir, tests[i]+".reach"), time.Now()
		if text, err := b.run(ctx, "^"+tests[i]+"$", "CEREMONY_MUTANTS_REACHED="+where); err != nil {
			errs[i] = fmt.Errorf("%s fails without a mutant: %w\n%s", tests[i], err, text)
			return
		}
		out[i] = reach{tests[i], map[string]bool{}, time.Since(start)}
		var data []byte
		data, errs[i] = os.ReadFile(where)
		for _, w := range strings.Split(string(data), "\n") {
			out[i].passes[w] = true
		}
	})
	slices.SortFunc(out, func(a, b reach) int { return int(a.takes - b.takes) })
	return out, errors.Join(errs...)
}

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
		for _, r := range batches(tests, s.place()) {
			if _, err := b.run(ctx, "^("+strings.Join(r, "|")+")$", "CEREMONY_MUTANT="+s.key); err != nil && ctx.Err() == nil {
				s.noticed = true
				return
			}
		}
	})
	return ctx.Err()
}

// place is what a test passes that can notice the mutant.
func (s *subject) place() string {
	place, _, _ := strings.Cut(s.key, " -> ")
	return place
}

// batches are the tests that pass a place, those that take long by themselves.
func batches(tests []reach, place string) (out [][]string) {
	var fast []string
	for _, r := range tests {
		if !r.passes[place] {
			continue
		}
		if r.takes < time.Second {
			fast = append(fast, r.name)
		} else {
			out = append(out, []string{r.name})
		}
	}
	if len(fast) > 0 {
		out = slices.Insert(out, 0, fast)
	}
	return out
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
