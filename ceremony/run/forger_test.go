// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/internal/approval"
	"rootceremony/internal/term"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// fewestForgings is how many changes the forger must try.
const fewestForgings = 300

// forgerAll says whether every change is tried, which takes minutes: see the Makefile.
// Anything else in the variable is a pattern of the changes to try.
func forgerAll() bool { return os.Getenv("CEREMONY_FORGER") == "all" }

// TestForger guards an auditor against somebody who has the record and its seal keys:
// whatever field of whatever line is changed, dropped, doubled or added, and all that
// follows from it made right again, verify names the place. What it cannot see is in
// the table that docs/limits.md is made from, and each thing known from outside shows it.
func TestForger(t *testing.T) {
	f := &forger{t: t, used: map[string]bool{}}
	seen, types := map[string]bool{}, map[string]bool{}
	goldens := []*golden{eventful(t), makeGolden(t), exceptional(t, "for: 3y}", "for: 2y}")}
	if forgerAll() {
		goldens = append(goldens, triedRarely(t)...)
	}
	for _, g := range goldens {
		records := g.records(t)
		for _, r := range records {
			types[r.Event.Type()] = true
		}
		d, err := newDesk(t, g, records)
		if err != nil {
			t.Fatal(err)
		}
		f.sweep(d, sampled(forgings(t, d.records, seen))) // of lines with the forger's seals: else these give each change away
	}
	for _, e := range event.Types {
		if !types[e.Type()] {
			t.Errorf("no record has the event %s: the forger cannot change it", e.Type())
		}
	}
	if f.tried < fewestForgings && os.Getenv("CEREMONY_FORGER") == "" {
		t.Errorf("%d changes, want at least %d", f.tried, fewestForgings)
	}
	for _, l := range forgerLimits {
		if forgerAll() && !f.used[l.says] {
			t.Errorf("nothing that is accepted is %q: take the row away", l.says)
		}
	}
	t.Logf("%d changes, %d of them in the table of limits", f.tried, f.accepted)
}

// sampled takes a part of the changes, unless all of them are to be tried.
func sampled(all []forging) []forging {
	if forgerAll() {
		return all
	}
	pattern := regexp.MustCompile(os.Getenv("CEREMONY_FORGER"))
	return slices.DeleteFunc(all, func(f forging) bool {
		if pattern.String() != "" {
			return !pattern.MatchString(f.name)
		}
		h := fnv.New32()
		_, _ = h.Write([]byte(f.name))
		return h.Sum32()%10 != 3
	})
}

// forger tries changes of records.
type forger struct {
	t  *testing.T
	mu sync.Mutex

	tried, accepted int
	used            map[string]bool // rows of the table of limits
}

// sweep tries changes of one record.
func (f *forger) sweep(d *desk, all []forging) {
	if testing.Verbose() {
		fmt.Printf("%d changes of a record of %d lines\n", len(all), len(d.records))
	}
	var work sync.WaitGroup
	next := make(chan forging)
	for range 2 {
		place := filepath.Join(f.t.TempDir(), "bundle")
		if err := d.lay(place); err != nil {
			f.t.Fatal(err)
		}
		work.Go(func() {
			for c := range next {
				f.try(d, place, c)
			}
		})
	}
	for _, c := range all {
		next <- c
	}
	close(next)
	work.Wait()
}

// try makes one change, which must be refused, or be in the table of limits.
func (f *forger) try(d *desk, place string, c forging) {
	where := fmt.Sprintf("line %d: %s", c.line, c.name)
	changed := c.do(slices.Clone(d.records))
	if c.line < len(d.records)-1 && len(changed) > 2 { // without its end a record is verified sooner
		if problems, err := d.open(place, changed[:len(changed)-2], c.line); err != nil {
			f.t.Errorf("%s: %v", where, err)
		} else if len(problems) > 0 {
			f.refused(where, problems)
			return
		}
	}
	o, err := reseal(changed, c.line, d.plan, d.seals)
	if errors.Is(err, errForm) {
		f.refused(where, []transcripts.Problem{{Where: where, What: err.Error()}})
		return
	}
	dir := filepath.Join(f.t.TempDir(), "bundle")
	if err == nil {
		err = d.write(dir, o)
	}
	if err != nil {
		f.t.Errorf("%s: %v", where, err)
		return
	}
	defer os.RemoveAll(dir)
	v, err := verify.Bundle(context.Background(), dir, d.options())
	if err != nil {
		f.t.Errorf("%s: %v", where, err)
		return
	}
	defer v.Close()
	switch named := d.named(v.Notices); {
	case len(v.Problems)+len(v.Incomplete) > 0:
		f.refused(where, append(v.Problems, transcripts.Problem{Where: "record", What: strings.Join(v.Incomplete, "; ")}))
	case named != "":
		f.refused(where, []transcripts.Problem{{Where: "notice", What: named}})
	default:
		f.limited(d, c, dir, changed)
	}
}

// refused counts a change that verify names the place of.
func (f *forger) refused(where string, problems []transcripts.Problem) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tried++
	if slices.ContainsFunc(problems, func(p transcripts.Problem) bool { return p.Where == "" || p.Where == "." }) {
		f.t.Errorf("%s: refused without its place: %v", where, problems)
	}
	if testing.Verbose() {
		fmt.Printf("REFUSED %s: %v\n", where, problems[0])
	}
}

// limited counts a change that nothing in the bundle shows. What is known from outside
// shows it.
func (f *forger) limited(d *desk, c forging, dir string, changed []event.Record) {
	i := slices.IndexFunc(forgerLimits, func(l limit) bool { return l.covers(c.name) })
	f.mu.Lock()
	f.tried++
	f.accepted++
	if i < 0 {
		f.mu.Unlock()
		f.t.Errorf("line %d: %s: nobody sees it", c.line, c.name)
		return
	}
	again := f.used[forgerLimits[i].says]
	f.used[forgerLimits[i].says] = true
	f.mu.Unlock()
	if again && !forgerAll() {
		return
	}
	for _, missed := range d.anchored(f.t, dir, c, changed) {
		f.t.Errorf("line %d: %s: %s does not show it", c.line, c.name, missed)
	}
}

// options are those of an auditor without anything from outside.
func (d *desk) options() verify.Options {
	return verify.Options{VerifyOptions: transcripts.VerifyOptions{Words: term.Words}}
}

// named gives the first notice that the record had not before it was changed, at whichever
// line.
func (d *desk) named(notices []string) string {
	number := regexp.MustCompile(`(lines? |jsonl:)[0-9]+( to [0-9]+)?`)
	anywhere := func(n string) string { return number.ReplaceAllString(n, "$1#") }
	for _, n := range notices {
		if !slices.ContainsFunc(d.notices, func(was string) bool { return anywhere(was) == anywhere(n) }) {
			return n
		}
	}
	return ""
}

// open verifies a record without its end, in a folder that has all but the journal.
func (d *desk) open(place string, records []event.Record, touched int) ([]transcripts.Problem, error) {
	o, err := reseal(records, touched, d.plan, d.seals)
	if errors.Is(err, errForm) {
		return []transcripts.Problem{{Where: "line", What: err.Error()}}, nil
	}
	if err == nil {
		err = d.put(place, o)
	}
	if err != nil {
		return nil, err
	}
	v, err := transcripts.Verify(place, d.options().VerifyOptions) // most are refused by the record alone
	if err != nil {
		return nil, err
	}
	_ = v.Close()
	if len(v.Problems) > 0 {
		return v.Problems, nil
	}
	soon, cancel := context.WithCancel(context.Background())
	cancel() // nothing is rebuilt, which takes longest
	for _, ctx := range []context.Context{soon, context.Background()} {
		re, err := verify.Rebuild(ctx, place, d.options())
		if re == nil || err != nil && !errors.Is(err, context.Canceled) {
			return nil, err
		}
		_ = re.Verdict.Close()
		if len(re.Verdict.Problems) > 0 {
			return re.Verdict.Problems, nil
		}
	}
	return nil, nil
}

// anchored names the things known from outside that do not show a change which the
// forger made with the seal keys of the record, or, where they are what is known, with others.
func (d *desk) anchored(t *testing.T, dir string, c forging, changed []event.Record) (missed []string) {
	shows := func(what, dir string, a transcripts.Anchor) {
		v, err := transcripts.Verify(dir, transcripts.VerifyOptions{Anchor: a})
		if err != nil {
			t.Error(err)
			return
		}
		defer v.Close()
		if v.IsAnchored() || v.OK() {
			missed = append(missed, what)
		}
	}
	shows("the digest of MANIFEST", dir, transcripts.Anchor{ManifestSHA256: plan.SHA256Hex(d.manifest)})
	for _, h := range d.heads {
		if c.line <= h.Size {
			shows(fmt.Sprintf("the head over %d lines on paper", h.Size), dir, transcripts.Anchor{Heads: []transcripts.Head{h}})
		}
	}
	others := d.seals
	others.generation++
	o, err := reseal(changed, c.line, d.plan, others)
	other := filepath.Join(t.TempDir(), "bundle")
	if err == nil {
		err = d.write(other, o)
	}
	if err != nil {
		t.Error(err)
		return missed
	}
	shows("the seal key on paper", other, transcripts.Anchor{SealKeys: d.sealKeys})
	if d.policy == "" {
		return missed
	}
	for _, who := range []string{"ann", "ben"} {
		name := filepath.Join(dir, verify.SignaturesDir, "MANIFEST."+who+".sig")
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, signature(t, who, approval.ManifestDeclaration, d.manifest), 0o644)); err != nil {
			t.Error(err)
		}
	}
	v, err := verify.Bundle(context.Background(), dir, verify.Options{PolicySHA256: d.policy})
	if err != nil {
		t.Error(err)
		return missed
	}
	defer v.Close()
	if v.IsAnchored() || v.OK() {
		missed = append(missed, "the signatures of people on MANIFEST")
	}
	return missed
}
