// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package run

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rootceremony/ceremony/verify"
	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// TestSiteEnvironment guards what people approved of a module, and the device: it has the
// variables that the site file states, and a record that has others, other bytes of the
// module, or another device on which no key was proved, is refused.
func TestSiteEnvironment(t *testing.T) {
	r := newSiteRoom(t, threePeople(t))
	r.site.Tokens[0].Environment = map[string]string{"VENDOR_CONF": "/etc/vendor"}
	if err := r.begin(r.people()); err != nil {
		t.Fatal(err)
	}
	if screen, err := r.resume(r.site, r.people()); err != nil {
		t.Fatalf("%v\n%s", err, screen)
	}
	r.mustBeValid()
	g := &golden{dir: r.bundle, preview: r.p}
	d, err := newDesk(t, g, g.records(t))
	if err != nil {
		t.Fatal(err)
	}
	place := filepath.Join(t.TempDir(), "bundle")
	if err := d.lay(place); err != nil {
		t.Fatal(err)
	}
	second := slices.IndexFunc(d.records, func(r event.Record) bool { return r.Session == 2 && r.Event.Type() == "token.opened" })
	for says, change := range map[string]func(e *event.TokenOpened){
		`the module had VENDOR_CONF="/tmp/other", and the site file states "/etc/vendor"`: func(e *event.TokenOpened) { e.Environment = map[string]string{"VENDOR_CONF": "/tmp/other"} },
		"has other bytes than before, and no site file states them": func(e *event.TokenOpened) {
			m := *e.Module
			m.SHA256 = strings.Repeat("00", 32)
			e.Module = &m
		},
		"was not proved before signing": func(e *event.TokenOpened) { e.Manufacturer = "another" },
	} {
		changed := slices.Clone(d.records)
		e, _ := changed[second].Event.(event.TokenOpened)
		change(&e)
		changed[second].Event = e
		if problems, err := d.open(place, changed[:len(changed)-2], second); err != nil || !strings.Contains(fmt.Sprint(problems), says) {
			t.Errorf("%s: %v %v", says, problems, err)
		}
	}
}

// TestSiteLooser guards who reads the record of a ceremony that went on with a template by
// which a key may leave its token: report and verdict say so as they do of the first site
// file, and the deviation cannot tell of another change.
func TestSiteLooser(t *testing.T) {
	r := newSiteRoom(t, threePeople(t))
	t.Setenv("FAULT", "gen:before:1:err=d1")
	t.Setenv("FAULT_ONCE", filepath.Join(t.TempDir(), "once"))
	if err := r.begin(r.people()); err == nil {
		t.Fatal("the template was not refused")
	}
	looser := r.changed(func(c *token.Config) { c.Template = "yubihsm-backup" })
	notes := looser.TemplateNotes()
	if screen, err := r.resume(looser, r.people()); err != nil { // until it pauses
		t.Fatalf("%v\n%s", err, screen)
	}
	if e := r.mustResume(looser, r.people()); len(notes) == 0 || !slices.Equal(e.TemplateNotes, notes) {
		t.Errorf("recorded: %q, want %q", e.TemplateNotes, notes)
	}
	v, _ := verified(t, r.bundle, verify.Options{})
	if !slices.Contains(v.Notices, "key template: "+notes[0]) {
		t.Errorf("verify does not say it: %q", v.Notices)
	}
	if !strings.Contains(string(read(t, r.bundle, "report/report.html")), "KEY TEMPLATE") {
		t.Error("the report does not say it")
	}
	d, err := newDesk(t, &golden{dir: r.bundle, preview: r.p}, v.Records)
	if err != nil {
		t.Fatal(err)
	}
	for name, forge := range map[string]func(e event.Event) event.Event{
		"another difference in words": func(e event.Event) event.Event {
			if d, ok := e.(event.DeviationRecorded); ok && d.Exception == event.ExceptionSite {
				d.Happened = "the site file differs: token root: a deadline"
				return d
			}
			return e
		},
		"no template notes": func(e event.Event) event.Event {
			if s, ok := e.(event.SiteChanged); ok {
				s.TemplateNotes = nil
				return s
			}
			return e
		},
	} {
		forged := slices.Clone(d.records)
		for i := range forged {
			forged[i].Event = forge(forged[i].Event)
		}
		o, err := reseal(forged, 0, d.plan, d.seals)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Join(t.TempDir(), "bundle")
		if err := d.write(dir, o); err != nil {
			t.Fatal(err)
		}
		if v, _ := verified(t, dir, d.options()); len(v.Problems) == 0 {
			t.Errorf("%s: verify accepts it", name)
		}
	}
}
