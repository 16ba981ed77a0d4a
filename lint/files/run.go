// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package files

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"rootceremony/internal/foreign"
	"rootceremony/internal/inspect"
	"rootceremony/lint"
	"rootceremony/lint/format"
)

// result is the result of one file.
type result struct {
	targets []format.Target
	skipped []format.Skipped
	err     error
}

// Check lints files. All certificates and CRLs among them are known to all
// others. The error is about the run; what is wrong with a file is a finding.
func (l *Linter) Check(ctx context.Context, files []File) (*format.Report, error) {
	contents, others := make([][]*object, len(files)), make([][]inspect.Skipped, len(files))
	decoded := make([]error, len(files))
	var all []*object
	seen := map[[sha256.Size]byte]*object{}
	for i := range files {
		if f := &files[i]; f.Err == nil && f.content() == contentObjects {
			contents[i], others[i], decoded[i] = objects(f)
			contents[i] = once(seen, contents[i])
			all = append(all, contents[i]...)
		}
	}
	in := newPool(all, l.opts.Issuers)
	results := make([]result, len(files))
	each(len(files), func(i int) {
		if ctx.Err() == nil {
			results[i] = l.file(ctx, &files[i], contents[i], decoded[i], in)
			results[i].targets = append(results[i].targets, l.passedOver(&files[i], others[i])...)
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return l.report(results)
}

// once leaves out the objects that were there before, as in PEM beside DER: the first tells
// where else it is.
func once(seen map[[sha256.Size]byte]*object, list []*object) []*object {
	return slices.DeleteFunc(list, func(o *object) bool {
		sum := sha256.Sum256(o.der)
		first := seen[sum]
		if first == nil {
			seen[sum] = o
			return false
		}
		first.also = append(first.also, o.name)
		return true
	})
}

// report joins the results.
func (l *Linter) report(results []result) (*format.Report, error) {
	out := &format.Report{Tool: format.Tool{Engines: l.versions()}, Targets: []format.Target{}}
	for _, r := range results {
		if r.err != nil {
			return nil, r.err
		}
		out.Targets = append(out.Targets, r.targets...)
		out.Skip(r.skipped...)
	}
	if !l.opts.At.IsZero() {
		out.At = moment(l.opts.At)
	}
	out.Rules = l.cited(out.Targets)
	out.Sort()
	return out, nil
}

// versions gives those of the engines, which every report of lint has.
func (l *Linter) versions() map[string]string {
	out := map[string]string{}
	r := l.bulk.Check(lint.Object{}, lint.Context{}, nil)
	for engine, version := range r.Versions {
		if l.engine(engine) {
			out[engine] = version
		}
	}
	return out
}

// each calls f for 0 to n-1, side by side.
func each(n int, f func(int)) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				f(int(i))
			}
		})
	}
	workers.Wait()
}

// file lints one file. A panic is a finding of that file, so that one broken
// object neither passes nor hides the others.
func (l *Linter) file(ctx context.Context, f *File, objects []*object, decoded error, in *pool) (r result) {
	defer func() {
		if p := recover(); p != nil {
			r = result{targets: []format.Target{l.broken(f, ruleRead, format.Fatal, fmt.Sprintf("linting it panicked: %v", p))}}
		}
	}()
	switch {
	case f.Err != nil:
		return result{targets: []format.Target{l.broken(f, ruleRead, format.Fatal, f.Err.Error())}}
	case decoded != nil:
		return result{targets: []format.Target{l.broken(f, ruleRead, format.Fatal, decoded.Error())}}
	}
	switch f.content() {
	case contentObjects:
		for _, o := range objects {
			t, why := l.object(o, in)
			if why != nil {
				r.skipped = append(r.skipped, format.Skipped{Name: o.name, Why: why.Error()})
				continue
			}
			e := l.enclosed(o, in)
			r.targets, r.skipped = append(append(r.targets, t), e.targets...), append(r.skipped, e.skipped...)
		}
	case contentProfile:
		var t format.Target
		t, r.err = l.profile(f)
		r.targets = []format.Target{t}
	case contentCeremony:
		var t format.Target
		t, r.err = l.ceremony(ctx, f)
		r.targets = []format.Target{t}
	case contentSite:
		r.targets = []format.Target{l.site(f)}
	default:
		if e := foreign.Known(f.Data); e != nil { // in a folder, too: its name says that it is meant to be one of ours
			r.targets = []format.Target{l.broken(f, ruleFile, format.Error, foreign.Named(e, f.Name).Error())}
			return r
		}
		const why = "not a profile, a ceremony file, a site file, a certificate, a CRL, a certificate request or an OCSP response"
		if !f.Named {
			return result{skipped: []format.Skipped{{Name: f.Name, Why: why}}}
		}
		r.targets = []format.Target{l.broken(f, ruleFile, format.Error, why)}
	}
	return r
}

// passedOver tells of the PEM blocks of a file that are none of ours, beside others that are.
func (l *Linter) passedOver(f *File, blocks []inspect.Skipped) (out []format.Target) {
	for _, b := range blocks {
		t := newTarget(f.Name, "PEM block")
		t.Line = b.Line
		t.Findings = append(t.Findings, l.own(ruleFile, format.Notice, "", "passed over: "+b.Why.Error(), format.Place{File: f.Name, Line: b.Line}))
		out = append(out, t)
	}
	return out
}

// broken is the target of a file that cannot be linted.
func (l *Linter) broken(f *File, rule, level, message string) format.Target {
	t := newTarget(f.Name, "file")
	t.Findings = append(t.Findings, l.own(rule, level, "", message, format.Place{File: f.Name}))
	return t
}
