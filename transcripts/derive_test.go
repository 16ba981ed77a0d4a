// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// TestDerivedAnywhere derives everything in other time zones and locales.
func TestDerivedAnywhere(t *testing.T) {
	dir, _ := makeBundle(t, roomOptions{mode: event.Rehearsal, software: true})
	records, err := ReadJournal(get(t, dir, JournalPath), hexDigest(testPlan))
	check(t, err)
	was := time.Local
	t.Cleanup(func() { time.Local = was })
	for zone, locale := range map[string]string{"Pacific/Kiritimati": "tr_TR.UTF-8", "America/St_Johns": "C", "UTC": "de_DE.UTF-8"} {
		t.Setenv("LC_ALL", locale)
		location, err := time.LoadLocation(zone)
		check(t, err)
		time.Local = location
		for i := range records {
			records[i].Time = records[i].Time.In(location)
		}
		for path, derive := range map[string]func(*history.History) ([]byte, error){transcriptPath: transcriptBytes, reportPath: reportOf, readmePath: readmeText} {
			data, err := derive(history.Of(records))
			check(t, err)
			if diff := cmp.Diff(string(get(t, dir, path)), string(data)); diff != "" {
				t.Errorf("%s in %s: %s", path, zone, diff)
			}
		}
	}
}

// TestTwoBundlesAlike plays the same ceremony twice: all bytes are the same.
func TestTwoBundlesAlike(t *testing.T) {
	_, a := makeBundle(t, roomOptions{})
	_, b := makeBundle(t, roomOptions{})
	if diff := cmp.Diff(string(a.Manifest), string(b.Manifest)); diff != "" {
		t.Error(diff)
	}
}

func TestStatement(t *testing.T) {
	dir, _ := makeBundle(t, roomOptions{})
	var s statement
	check(t, event.DecodeStrict(get(t, dir, transcriptPath), &s))
	if s.Type != statementType || len(s.Subject) != 6 {
		t.Errorf("type %q, %d subjects", s.Type, len(s.Subject))
	}
	p := s.Predicate
	want := map[string]int{event.WhatGenerate: 2, event.WhatSign: 3}
	if diff := cmp.Diff(want, p.Operations); diff != "" || p.Failed != 1 || len(p.Deviations) != 1 {
		t.Errorf("operations %v, failed %d, deviations %d", p.Operations, p.Failed, len(p.Deviations))
	}
	if len(p.Keys) != 2 || p.Keys[0].Signatures != 3 || len(p.Keys[0].Proved) != 1 || !p.Keys[0].Generated {
		t.Errorf("keys %+v", p.Keys)
	}
	for _, a := range p.Artifacts {
		if a.Summary == nil || a.SignedBy != p.Keys[0].SPKISHA256 || len(a.Confirmed) != 2 || len(a.Lint) != 2 {
			t.Errorf("artifact %+v", a)
		}
	}
}

// TestKeysAreSnakeCase looks at every key of every derived JSON file, but for
// those of in-toto and DSSE.
func TestKeysAreSnakeCase(t *testing.T) {
	dir, _ := makeBundle(t, roomOptions{})
	var s struct{ Predicate any }
	check(t, json.Unmarshal(get(t, dir, transcriptPath), &s))
	good := regexp.MustCompile(`^[a-z][a-z0-9_.-]*$`)
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, inner := range v {
				if !good.MatchString(k) {
					t.Errorf("key %q", k)
				}
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		}
	}
	walk(s.Predicate)
}

// TestReportHarmless holds the report to what a page of unknown origin may do:
// nothing.
func TestReportHarmless(t *testing.T) {
	r := openRoom(t, roomOptions{mode: event.Rehearsal, software: true})
	r.play(roomOptions{software: true})
	r.record(event.ModuleOutput{Token: "root", Line: "</p><script>alert(1)</script><img src=http://x.example/> \u202egnp.exe \x1b[31m"}, "")
	_, err := r.j.Close(event.OutcomeComplete)
	check(t, err)
	page := get(t, r.path, reportPath)
	for _, bad := range []string{"<script", "<img", "<link", "url(", "\u202e", "\x1b", "onload"} {
		if bytes.Contains(bytes.ToLower(page), []byte(bad)) {
			t.Errorf("the report contains %q", bad)
		}
	}
	if away := regexp.MustCompile(`href=("[^#]|[^"])`).Find(page); away != nil {
		t.Errorf("the report has a link that leads out of it: %s", away)
	}
	for _, good := range []string{"default-src 'none'", "[U&#43;202E]gnp.exe", "[U&#43;001B]", "&lt;script&gt;"} {
		if !bytes.Contains(page, []byte(good)) {
			t.Errorf("the report does not contain %q", good)
		}
	}
	body := page[bytes.Index(page, []byte("<body>")):]
	if first := bytes.Index(body, []byte("REHEARSAL")); first < 0 || first > bytes.Index(body, []byte("<h1>")) {
		t.Error("the report does not say REHEARSAL first")
	}
	if !strings.HasPrefix(string(get(t, r.path, ManifestPath)), "# REHEARSAL\n# SOFTWARE TOKENS\n") {
		t.Error("MANIFEST does not say REHEARSAL first")
	}
}

func TestReportWithVerdict(t *testing.T) {
	dir, closed := makeBundle(t, roomOptions{})
	for want, o := range map[string]VerifyOptions{
		"Record consistent, but UNANCHORED": {},
		"Record consistent</h2>":            {Anchor: Anchor{ManifestSHA256: closed.ManifestSHA256}},
		"Record NOT consistent":             {Anchor: Anchor{ManifestSHA256: strings.Repeat("0", 64)}},
	} {
		page, err := ReportWithVerdict(verifyBundle(t, dir, o), "ceremony v9", After{})
		check(t, err)
		if !bytes.Contains(page, []byte(want)) || bytes.Contains(bytes.ToLower(page), []byte("compliant")) {
			t.Errorf("want %q", want)
		}
	}
	if inside, err := os.ReadFile(dir + "/" + reportPath); err != nil || bytes.Contains(inside, []byte("Record consistent")) {
		t.Error("the report inside the bundle gives a verdict")
	}
}

// TestNewerRenderer verifies a bundle that a later release closed: what it
// derived cannot be compared, and that is said.
func TestNewerRenderer(t *testing.T) {
	r := openRoom(t, roomOptions{})
	r.play(roomOptions{})
	h := history.Of(r.j.Records())
	r.record(event.CeremonyClosed{Outcome: event.OutcomeComplete, Operations: h.Finished(), Failed: h.Failed(), Deviations: 1, Signatures: h.Standings(), Renderer: RendererVersion + 1}, "")
	_, err := r.j.end()
	check(t, err)
	check(t, r.j.writeDerived())
	_, err = r.j.writeManifest(h.Opened)
	check(t, err)
	v := verifyBundle(t, r.path, VerifyOptions{})
	if v.OK() || len(v.Problems) > 0 || len(v.Incomplete) != 1 || !strings.Contains(v.Incomplete[0], "version 2 of the renderer") {
		t.Errorf("want one thing incomplete:\n%s", said(v))
	}
}

// TestReportDoubtFirst guards readers of a long statement against believing it before
// they read that it does not count.
func TestReportDoubtFirst(t *testing.T) {
	dir, _ := makeBundle(t, roomOptions{})
	for _, disagree := range []bool{true, false} {
		after := After{Statements: []StatementView{{Who: "mallet", Text: "All was forged.", Problem: "nobody knows its signer", Disagree: disagree}}}
		page, err := ReportWithVerdict(verifyBundle(t, dir, VerifyOptions{}), "ceremony v9", after)
		if err != nil {
			t.Fatal(err)
		}
		for rest := string(page); strings.Contains(rest, "All was forged."); {
			var before string
			if before, rest, _ = strings.Cut(rest, "All was forged."); !strings.Contains(before, "nobody knows its signer") {
				t.Errorf("disagree %v: the text comes before what makes it worthless", disagree)
			}
		}
	}
}

// TestPageShowsCharacters guards readers of a page against a name or a note that reads as
// what nobody wrote: each text is looked at for itself, between its tags.
func TestPageShowsCharacters(t *testing.T) {
	const page = "<p>Zo\u0435</p><p>Ключ у[Cyrillic] Zoë.</p><p>all\u0336 good</p>\tx\u3164"
	const want = "<p>Zo[U+0435]</p><p>Ключ у[Cyrillic] Zoë.</p><p>all[U+0336] good</p>[U+0009]x[U+3164]"
	if got := string(visible([]byte(page))); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestOldRenderer guards a reader against pages of a forger who says that an older version
// of the renderer made them: a later program compares them with what that version makes,
// and one that does not have it any more never calls such a bundle complete.
func TestOldRenderer(t *testing.T) {
	dir, _ := makeBundle(t, roomOptions{})
	later := map[int]renderer{RendererVersion: renderers[RendererVersion], RendererVersion + 1: {}}
	without := map[int]renderer{RendererVersion + 1: {}}
	forged := copyOf(t, dir)
	put(t, forged, reportPath, append(get(t, forged, reportPath), "<p>All was well."...))
	remanifest(t, forged)
	for name, c := range map[string]struct {
		dir      string
		by       map[int]renderer
		ok       bool
		says     string
		problems int
	}{
		"an older record":                          {dir, later, true, "", 0},
		"an older record without its renderer":     {dir, without, false, "were made by version 1 of the renderer, which this program does not have", 0},
		"pages of a forger":                        {forged, later, false, "report/report.html: differs", 1},
		"pages of a forger without their renderer": {forged, without, false, "were made by version 1 of the renderer", 0},
	} {
		v, err := verifyWith(c.by, c.dir, VerifyOptions{})
		check(t, err)
		t.Cleanup(func() { check(t, v.Close()) })
		said := strings.Join(v.Incomplete, "\n")
		for _, p := range v.Problems {
			said += "\n" + p.String()
		}
		if v.OK() != c.ok || !strings.Contains(said, c.says) || len(v.Problems) != c.problems {
			t.Errorf("%s: OK is %t, want %t and %q in %q", name, v.OK(), c.ok, c.says, said)
		}
	}
	for version := 1; version <= RendererVersion; version++ {
		for _, path := range []string{transcriptPath, reportPath, readmePath} {
			if renderers[version][path] == nil {
				t.Errorf("nothing makes %s by version %d of the renderer: keep its function and its templates", path, version)
			}
		}
	}
}
