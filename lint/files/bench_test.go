// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package files

import (
	"fmt"
	"runtime/debug"
	"syscall"
	"testing"
	"time"

	"rootceremony/lint"
	"rootceremony/profiles"
)

// cpu is the processor time that this process has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkProfiles lints the built-in profiles, in bulk and on all cores,
// every key, signature and end of the validity that each allows: between one
// and three specimens a profile. profiles/s is by the clock; the metrics with
// -2cpu are by processor time, as if two cores had nothing else to do. ratio
// compares with the naive run below.
func BenchmarkProfiles(b *testing.B) {
	naive := naiveTime(b)
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as ceremony lint has it
	l := newLinter(b, Options{})
	var files []File
	specimens := 0
	for i := range 20 {
		for _, f := range builtInFiles() {
			f.Name = fmt.Sprintf("%d/%s", i, f.Name)
			files = append(files, f)
		}
	}
	for _, builtIn := range profiles.BuiltIns() {
		p, err := builtInProfile[profiles.Profile](builtIn.Name)
		if err != nil {
			b.Fatal(err)
		}
		specimens += 20 * len(choices(p))
	}
	if _, err := l.Check(b.Context(), files[:len(profiles.BuiltIns())]); err != nil { // specimens, once
		b.Fatal(err)
	}
	used := cpu(b)
	for b.Loop() {
		if _, err := l.Check(b.Context(), files); err != nil {
			b.Fatal(err)
		}
	}
	used = cpu(b) - used
	n := float64(b.N * len(files))
	b.ReportMetric(n/b.Elapsed().Seconds(), "profiles/s")
	b.ReportMetric(2*n/used.Seconds(), "profiles/s-2cpu")
	b.ReportMetric(2*float64(b.N*specimens)/used.Seconds(), "specimens/s-2cpu")
	b.ReportMetric(naive.Seconds()/(used.Seconds()/n), "ratio")
	b.ReportMetric(0, "ns/op") // of the whole heap; it says nothing
}

// naiveTime is the processor time that a naive CI takes for one built-in
// profile: it makes a key for the subject and for the issuer, signs, and lints
// with the costly lints. It does so once for each choice, as the run above
// does.
func naiveTime(b *testing.B) time.Duration {
	b.Helper()
	linter, err := lint.New(lint.Options{KeyLints: true})
	if err != nil {
		b.Fatal(err)
	}
	w, err := newSpecimenCAs(today)
	if err != nil {
		b.Fatal(err)
	}
	count := 0
	used := cpu(b)
	for _, builtIn := range profiles.BuiltIns() {
		p, err := builtInProfile[profiles.Profile](builtIn.Name)
		if err != nil {
			b.Fatal(err)
		}
		count++
		for _, c := range choices(p) {
			naive(b, w, linter, p, c)
		}
	}
	return (cpu(b) - used) / time.Duration(count)
}

// naive makes keys, signs and lints one choice.
func naive(b *testing.B, w *specimenCAs, linter *lint.Linter, p profiles.Profile, c choice) {
	b.Helper()
	issuer := signerFor(c.sig)
	if c.key != "" {
		newKey(b, c.key)
	}
	if c.sig == "" {
		issuer = c.key
	}
	k := newKey(b, issuer)
	s, problems, err := w.specimen(p, c, p.Head().Purpose.Rules)
	if err != nil || len(problems) > 0 {
		b.Fatal(err, problems)
	}
	// The signature is by the new key and so does not verify, which costs as much.
	sig := sign(b, k, s.der)
	s.ctx.Specimen = true
	if _, err := issuer.DefaultSignature().Identifier(); err != nil || len(sig) == 0 {
		b.Fatal(err)
	}
	linter.Check(s.obj, s.ctx, s.der)
}
