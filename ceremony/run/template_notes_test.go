// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package run

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/verify"
	"rootceremony/internal/term/termtest"
	"rootceremony/transcripts/event"
)

// TestTemplateNotes guards people who approve, run and audit a ceremony whose keys can
// leave their token, which is how a YubiHSM 2 is backed up: script, screen, record and
// report say so, and the key is no departure from what was asked for.
func TestTemplateNotes(t *testing.T) {
	const note = `token root, template "yubihsm-backup": keys can leave the token, wrapped under other keys (CKA_EXTRACTABLE true)`
	p, o := smallRun(t, "")
	for i := range o.Site.Tokens {
		if o.Site.Tokens[i].Name == "root" {
			o.Site.Tokens[i].Template = "yubihsm-backup"
		}
	}
	o = runOptions(p, o.Site, o.Bundle)
	screen := termtest.NewScript(80).Then(attendants(p.Plan.Ceremony.Window.From.Add(20 * time.Minute)))
	o.People = Asked{Terminal: screen}
	res, err := Execute(context.Background(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	mustVerify(t, res.Bundle, len(p.Plan.Artifacts), "key template: "+note)
	if v, _ := verified(t, res.Bundle, verify.Options{}); !slices.Contains(v.Notices, "key template: "+note) {
		t.Errorf("verify does not say it: %q", v.Notices)
	}
	opened := events[event.CeremonyOpened](t, res.Bundle)[0]
	if len(opened.TemplateNotes) != 1 || opened.TemplateNotes[0] != note {
		t.Errorf("recorded: %q", opened.TemplateNotes)
	}
	if len(events[event.DeviationRecorded](t, res.Bundle)) > 0 {
		t.Error("the key is called a departure")
	}
	report, err := os.ReadFile(res.Report)
	if err != nil {
		t.Fatal(err)
	}
	for where, text := range map[string]string{"script": string(o.Script), "screen": screen.Screen(), "report": string(report)} {
		if text = strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "&#34;", `"`); !strings.Contains(text, note) {
			t.Errorf("%s does not say it", where)
		}
	}
}
