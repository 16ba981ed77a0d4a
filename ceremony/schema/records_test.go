// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package schema_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gowebpki/jcs"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/artifact"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// plansAgree holds the schema to the plans of the examples, and to every
// single fault of the one that holds most. A plan.json is checked by comparing
// it with another, so that the schema may say more than reading one does.
func plansAgree(t *testing.T, dir string) {
	l := language{schema: "plan"}
	var samples []sample
	for _, name := range append(exampleNames, "everything") {
		folder := filepath.Join(dir, name)
		loaded, err := plan.Load(name, readFile(t, filepath.Join(folder, "ceremony.yaml")), newKept(folder))
		if err != nil {
			t.Fatal(err)
		}
		data, err := loaded.Plan.Canonical()
		if err != nil {
			t.Fatal(err)
		}
		samples = append(samples, sample{name, decode(t, data), readPlan})
	}
	l.accepts(t, samples...)
	last := samples[len(samples)-1]
	s, n := compile(t, "plan"), 0
	for _, f := range faults(last.value, nil) {
		if s.Validate(f.value) != nil {
			n++
		} else if err := readPlan(encode(t, f.value)); err != nil && !errors.Is(err, plan.ErrIncomplete) {
			// No schema can compare the list of steps with that of artifacts.
			t.Errorf("%s: the schema accepts it, reading says %v", f, err)
		}
	}
	t.Logf("%d samples, %d faults that the schema refuses", len(samples), n)
}

// readPlan reads a plan strictly: what it wrote again must be the same.
func readPlan(data []byte) error {
	var p plan.Plan
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return err
	}
	again, err := p.Canonical()
	if err != nil {
		return err
	}
	want, err := jcs.Transform(data)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, want) {
		return errors.New("a key is missing or holds what is left out when it is empty")
	}
	return nil
}

// journalAgrees holds the schema to the journal of a rehearsal and to lines of
// every event, once with all that it can hold and once with as little.
func journalAgrees(t *testing.T, dir string) {
	data := readFile(t, filepath.Join(dir, "bundles", "root-2026", transcripts.JournalPath))
	known, s := howKnown(t), compile(t, "journal")
	for line := range bytes.Lines(data) {
		v := decode(t, line)
		if err := s.Validate(v); err != nil {
			t.Errorf("%s: %v", line, err)
		}
		m := v.(map[string]any)
		how := strings.Replace(m["how"].(string), "simulated", "stated", 1)
		if !strings.Contains(known[m["type"].(string)], how) {
			t.Errorf("%s is known as %q, the schema says %q", m["type"], how, known[m["type"].(string)])
		}
	}
	l := language{schema: "journal", beyond: beyondJournal}
	l.agree(t, everyEvent(t))
}

// TestFormats guards the hand-written examples of docs/formats.
func TestFormats(t *testing.T) {
	s := compile(t, "journal")
	for line := range bytes.Lines(readFile(t, "../../docs/formats/journal.jsonl")) {
		if err := s.Validate(decode(t, line)); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
	if err := compile(t, "plan#/$defs/artifact").Validate(decode(t, readFile(t, "../../docs/formats/plan-entry.json"))); err != nil {
		t.Error(err)
	}
}

// howKnown gives the comment of each event of the schema.
func howKnown(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for name, def := range definitions(t, "journal") {
		if how, ok := def.(map[string]any)["$comment"].(string); ok {
			out[name] = how
		}
	}
	return out
}

// definitions gives the $defs of a schema.
func definitions(t *testing.T, name string) map[string]any {
	t.Helper()
	return schemaValue(t, name)["$defs"].(map[string]any)
}

// everyEvent gives lines that the journal itself wrote.
func everyEvent(t *testing.T) []sample {
	t.Helper()
	plan := []byte("{}")
	folder, err := artifact.NewDir(filepath.Join(t.TempDir(), "bundle"))
	if err != nil {
		t.Fatal(err)
	}
	opened := filled(event.CeremonyOpened{}, true).(event.CeremonyOpened)
	start := transcripts.Start{Plan: plan, Opened: opened, Clock: hostClock{new(time.Duration)}, Rand: rand.Reader}
	j, err := transcripts.Create(folder, start)
	if err != nil {
		t.Fatal(err)
	}
	records := j.Records()
	key := j.SealVKey()
	for _, e := range event.Types {
		for _, all := range []bool{true, false} {
			e := filled(e, all)
			if s, ok := e.(event.SessionStarted); ok {
				s.SealKey = key
				e = s
			}
			r, err := j.Append(e, "1", event.Observed, "alice")
			if err != nil {
				t.Fatal(err)
			}
			records = append(records, r)
		}
	}
	var samples []sample
	for _, r := range records {
		v := decode(t, r.Line).(map[string]any)
		v["seq"] = json.Number("1")
		samples = append(samples, sample{r.Event.Type(), v, readLine(r.Prev)})
	}
	return samples
}

// readLine reads a line as if it were the first of a journal.
func readLine(prev string) func([]byte) error {
	return func(data []byte) error {
		line, err := jcs.Transform(data)
		if err != nil {
			return err
		}
		_, err = transcripts.ReadJournal(append(line, '\n'), prev)
		return err
	}
}

func schemaValue(t *testing.T, name string) map[string]any {
	t.Helper()
	for _, s := range allSchemas() {
		if s.Name == name {
			return decode(t, s.Data).(map[string]any)
		}
	}
	t.Fatalf("no schema %s", name)
	return nil
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
