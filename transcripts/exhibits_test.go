// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package transcripts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/transcripts/event"
	"rootceremony/transcripts/history"
)

// FuzzParseExhibit guards against records of exhibits that can be read in two
// ways, or that stop the program.
func FuzzParseExhibit(f *testing.F) {
	e := Exhibit{Version: 1, Number: 1, File: "scan.pdf", SHA256: strings.Repeat("ab", 32), SHA512: strings.Repeat("cd", 64), Size: 3,
		What: "a scan", Step: "3", By: "dana", Added: "2026-12-02T10:00:00Z", ManifestSHA256: strings.Repeat("01", 32)}
	good, err := e.bytes()
	if err != nil {
		f.Fatal(err)
	}
	if _, err := parseExhibit(good); err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte("{}\n"))
	f.Add(append([]byte(" "), good...))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := parseExhibit(data)
		if err != nil {
			return
		}
		again, err := e.bytes()
		if err != nil || string(again) != string(data) {
			t.Errorf("%q was read as %q (%v)", data, again, err)
		}
	})
}

// TestAddedBeforeClosing guards an unfinished bundle against files that look as if people
// had signed it: there is no MANIFEST yet.
func TestAddedBeforeClosing(t *testing.T) {
	for _, name := range []string{"signatures/MANIFEST.eve.sig", "attestations/eve.json", "attestations/README", "evidence-late/001.json", "evidence-late/scan"} {
		r := openRoom(t, roomOptions{})
		r.play(roomOptions{})
		check(t, r.j.End())
		check(t, os.MkdirAll(filepath.Join(r.path, filepath.Dir(name)), 0o755))
		put(t, r.path, name, []byte("x"))
		if v := verifyBundle(t, r.path, VerifyOptions{}); !strings.Contains(said(v), name+": ") {
			t.Errorf("%s is not named:\n%s", name, said(v))
		}
	}
}

// TestExhibitRecords guards readers of an exhibit that nobody signed against a day on which
// there was no bundle to add it to, a time that can be read otherwise, and a text that
// fills the screen, and a key that was none of the ceremony. A rehearsal may be on any day, but its host has a clock.
func TestExhibitRecords(t *testing.T) {
	const day, what = "2026-12-02T10:00:00Z", "a scan"
	for _, mode := range []event.Mode{event.Run, event.Rehearsal} {
		dir, _ := makeBundle(t, roomOptions{mode: mode})
		v := verifyBundle(t, dir, VerifyOptions{})
		closed := v.Records[len(v.Records)-1].Time.Truncate(time.Second)
		if mode == event.Rehearsal {
			closed = time.Date(2026, 12, 1, 9, 0, 2, 0, time.UTC)
		}
		at := func(d time.Duration) string { return closed.Add(d).UTC().Format(time.RFC3339) }
		for _, c := range []struct{ added, what, want string }{
			{at(0), what, ""}, {at(-time.Second), what, "was a clock wrong?"}, {"2026-12-01T00:00:00Z", what, "was a clock wrong?"},
			{day, what, ""}, {day, "of no key", "which the ceremony did not have"}, {"2031-01-01T00:00:00Z", what, ""}, {day, strings.Repeat("x", 1000), ""},
			{"1999-01-01T00:00:00Z", what, "was a clock wrong?"}, {"2026-11-30T08:59:00Z", what, "was a clock wrong?"},
			{"2026-12-02T10:00:00+00:00", what, "is not a time such as"}, {"2026-12-02T10:00:00.5Z", what, "is not a time such as"},
			{"2026-12-02T10:00:00,5Z", what, "is not a time such as"}, {"2026-12-03T09:59:00+23:59", what, "is not a time such as"},
			{day, strings.Repeat("x", 1001), "it has 1001 bytes"},
		} {
			e := Exhibit{Version: 1, Number: 1, File: "scan", External: true, SHA256: hexDigest(nil), SHA512: strings.Repeat("ab", 64), What: c.what, By: "dana",
				Added: c.added, ManifestSHA256: v.ManifestSHA256}
			if c.what == "of no key" {
				e.Key = strings.Repeat("ab", 32)
			}
			data, err := e.bytes()
			check(t, err)
			check(t, os.MkdirAll(filepath.Join(dir, ExhibitsDir), 0o755))
			put(t, dir, ExhibitPath(1), data)
			if got := said(verifyBundle(t, dir, VerifyOptions{})); (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
				t.Errorf("%s, added %s, %d bytes: want %q in %q", mode, c.added, len(c.what), c.want, got)
			}
		}
	}
}

// TestExhibitClocks guards people who add an exhibit on the host of the ceremony, at once:
// its clock may be behind that of the room.
func TestExhibitClocks(t *testing.T) {
	room := time.Date(2026, 12, 1, 15, 44, 7, 5e8, time.UTC)
	for offset, want := range map[int64]string{0: "15:44:07", -3600: "15:44:07", 3600: "14:44:07"} {
		h := &history.History{Records: []event.Record{{Time: room}}}
		h.Clock = append(h.Clock, history.Entry[event.ClockAttested]{Event: event.ClockAttested{OffsetSeconds: offset}})
		v := Verdict{History: h, Mode: event.Run}
		if got := v.until().Format(time.TimeOnly); got != want {
			t.Errorf("host behind by %d s: closed at %s, want %s", offset, got, want)
		}
	}
}
