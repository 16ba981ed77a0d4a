// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
)

// otherResult puts other bytes in the place of a lint result, in a record that names
// them wherever it named the result.
func otherResult(t *testing.T, g *golden, dir, name string, data []byte) {
	t.Helper()
	was := plan.SHA256Hex(read(t, dir, name))
	write(t, dir, name, data)
	g.forge(t, dir, func(r []event.Record) []event.Record {
		r = eachEvent(func(e *event.ObjectLinted) {
			if e.File == name {
				e.SHA256 = plan.SHA256Hex(data)
			}
		})(r)
		return eachEvent(func(e *event.OperationIntended) {
			if e.LintSHA256 == was {
				e.LintSHA256 = plan.SHA256Hex(data)
			}
		})(r)
	})
}

// forgedLints are records of findings, counts and checks that the engines did not
// find. All that is stored of them is computed again.
func forgedLints() []mutation {
	var all []mutation
	add := func(name, says string, do func(t *testing.T, g *golden, dir string)) {
		all = append(all, mutation{name: "lint: " + name, names: []string{says}, do: do})
	}
	record := func(name, says string, change func([]event.Record) []event.Record) {
		add(name, says, func(t *testing.T, g *golden, dir string) { g.forge(t, dir, change) })
	}
	for _, name := range []string{"lint/root-cert.before.json", "lint/ca-cert.before.json", "lint/root-crl.after.json"} {
		for what, change := range map[string][2]string{
			"another count": {`"evaluated":`, `"evaluated":1`}, "a finding less": {`"findings":[{`, `"findings":[],"x":[{`},
			"other words": {`"details":"`, `"details":"not `},
		} {
			add(what+" in "+name, name+": it is not what the same engines find on", func(t *testing.T, g *golden, dir string) {
				data := read(t, dir, name)
				changed := bytes.Replace(data, []byte(change[0]), []byte(change[1]), 1)
				if bytes.Equal(data, changed) {
					t.Skipf("%s has no %s", name, change[0])
				}
				otherResult(t, g, dir, name, changed)
			})
		}
	}
	const otherwise = "is recorded otherwise than the same engines find it"
	record("other counts", otherwise, eachEvent(func(e *event.ObjectLinted) {
		e.Counts = maps.Clone(e.Counts)
		e.Counts["zlint"]++
	}))
	record("no counts", otherwise, eachEvent(func(e *event.ObjectLinted) { e.Counts = nil }))
	record("a finding that nobody found", otherwise, eachEvent(func(e *event.ObjectLinted) {
		e.Findings = append(slices.Clone(e.Findings), event.Finding{Rule: "a.rule", Status: "warning"})
	}))
	record("a result of other engines", "but the program of session 1 has", func(r []event.Record) []event.Record {
		seen := 0
		return eachEvent(func(e *event.ObjectLinted) {
			if seen++; seen == 2 {
				e.Engines = map[string]string{"ceremony": "2020-01-01", "zlint": "v3.0.0"}
			}
		})(r)
	})
	record("a check with other details", "are recorded otherwise than they end", eachEvent(func(e *event.ArtifactChecked) {
		e.Checks = slices.Clone(e.Checks)
		e.Checks[len(e.Checks)-1].Details = "no findings at all"
	}))
	add("a result of an object that is never signed", "no event names this file", func(t *testing.T, g *golden, dir string) {
		write(t, dir, "lint/ca-cert.before.2.json", read(t, dir, "lint/ca-cert.before.json"))
		relisted(t, dir, nil)
	})
	return all
}

// TestOtherEngines guards an auditor of years later: what other versions found is not
// compared, and verify says which they are and what that leaves open; an older
// record is not wrong for it.
func TestOtherEngines(t *testing.T) {
	g := makeGolden(t)
	dir := g.copied(t)
	unsigned(t, dir)
	g.forge(t, dir, func(r []event.Record) []event.Record {
		older := map[string]string{"ceremony": "2020-01-01", "zlint": "v3.0.0"}
		r = eachEvent(func(e *event.ObjectLinted) { e.Engines, e.Counts = older, map[string]int{"zlint": 1} })(r)
		if started, ok := r[1].Event.(event.SessionStarted); ok {
			started.Tool.Linters = older
			r[1].Event = started
		}
		return r
	})
	mustVerify(t, dir, len(g.preview.Plan.Artifacts), "6 lint results were made with ceremony 2020-01-01, zlint v3.0.0; this program has ceremony 2026-11-22+")
}
