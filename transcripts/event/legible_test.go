// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestLegible guards whoever reads a record at a terminal or in a page: no line has a
// character that does not show, wherever in it, and what a module says is recorded
// with signs in their place.
func TestLegible(t *testing.T) {
	for _, unseen := range []string{"\x00", "\x07", "\b", "\f", "\r", "\x1b[2J", "\x7f", "\u009b", "\u202e", "\u2066", "\u200f"} {
		e := TokenOpened{Token: "root", Label: "HSM" + unseen, Flags: []string{"a", unseen}, Module: &Module{Description: unseen},
			Libraries: map[string]string{"/lib" + unseen: unseen}}
		for name, r := range map[string]Record{
			"event": {Event: e}, "by": {Event: SessionEnded{}, By: []string{"al" + unseen}}, "step": {Event: SessionEnded{}, Step: unseen},
			"map": {Event: TokenOpened{Environment: map[string]string{unseen: ""}}},
		} {
			r.Seq, r.How, r.Time = 1, Observed, time.Now().UTC()
			if err := r.Encode(); err == nil || !strings.Contains(err.Error(), "which readers cannot see") {
				t.Errorf("%s with %+q: %v", name, unseen, err)
			}
		}
		is := Legible(Event(e))
		r := Record{Seq: 1, How: Reported, Time: time.Now().UTC(), Event: is}
		if err := r.Encode(); err != nil {
			t.Errorf("%+q made legible: %v", unseen, err)
		}
		if again, err := ParseRecord(r.Line); err != nil || !cmp.Equal(again.Event, is) {
			t.Errorf("%+q read again: %v, %+v", unseen, err, again.Event)
		}
		if e.Label != "HSM"+unseen || e.Flags[1] != unseen || e.Module.Description != unseen || e.Libraries["/lib"+unseen] != unseen {
			t.Errorf("the event itself was changed: %+v", e)
		}
	}
	r := Record{Seq: 1, How: Stated, Time: time.Now().UTC(), Event: NoteAdded{Text: "one\ntwo\t\"three\" \\ می\u200cخواهم <&>"}}
	if err := r.Encode(); err != nil {
		t.Error(err)
	}
	if e := (NoteAdded{Text: "plain"}); Legible(e) != e {
		t.Error("a legible event was changed")
	}
}

// TestNamesAreOneLine guards readers against the name of a value that looks like another,
// or like two: as a variable of a process, or a library, which may hold anything.
func TestNamesAreOneLine(t *testing.T) {
	for name, e := range map[string]Event{
		"environment": TokenOpened{Environment: map[string]string{"P11\nLD_PRELOAD": "x"}}, "libraries": TokenOpened{Libraries: map[string]string{"/lib\t/other": "x"}},
		"settings": SessionStarted{Tool: Tool{Settings: map[string]string{"a\nb": ""}}}, "engines": ObjectLinted{Engines: map[string]string{"a": "", "b\n": "1"}},
		"fields": StepRecorded{Fields: map[string]string{"seal\n": "1"}},
	} {
		r := Record{Seq: 1, How: Reported, Time: time.Now().UTC(), Event: e}
		if err := r.Encode(); err == nil || !strings.Contains(err.Error(), "is not one line") {
			t.Errorf("%s: %v", name, err)
		}
		if r.Event = Legible(e); r.Encode() != nil {
			t.Errorf("%s made legible: %v", name, r.Encode())
		}
	}
	honest := Record{Seq: 1, How: Reported, Time: time.Now().UTC(), Event: TokenOpened{Environment: map[string]string{`a\nb`: "one\ntwo\":", `q"`: "\n"}}}
	if err := honest.Encode(); err != nil {
		t.Error(err)
	}
}
