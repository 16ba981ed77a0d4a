// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package run

import (
	"fmt"
	"strings"
	"testing"

	"rootceremony/internal/token"
	"rootceremony/transcripts/event"
)

// TestSiteSpare guards a ceremony whose device dies after it made the keys: a spare that
// the site file names takes its place, with the keys read back from it, and they prove
// themselves there before they sign anything else.
func TestSiteSpare(t *testing.T) {
	r := newSiteRoom(t, threePeople(t))
	spare := r.device("example-spare")
	r.site.Tokens[0].Template, r.site.Tokens[0].Own = "leaves", &token.Own{Like: "default", Private: []token.Stated{{Name: "CKA_EXTRACTABLE", Value: "true"}}}
	r.site.Tokens[0].Spares = []token.Spare{spare.Device()}
	if err := r.begin(r.people()); err != nil {
		t.Fatal(err)
	}
	onSpare := r.changed(func(c *token.Config) { c.Label, c.Serial, c.Spares = spare.Label, spare.Serial, nil })
	screen, err := r.resume(onSpare, r.people("serial (text)", r.first, "serial (text)", spare.Serial))
	if err == nil || !strings.Contains(err.Error(), "no such key") {
		t.Fatalf("the keys were not restored: %v", err)
	}
	root := recorded[event.OperationFinished](t, r.bundle)[0].Key
	if refused := recorded[event.ConfirmationRefused](t, r.bundle); len(refused) != 1 || refused[0].Entered != r.first {
		t.Errorf("the serial number of another device was taken: %+v", refused)
	}
	for _, want := range []string{"decide        Whether the changed site file is in force", "- key root: CKA_LABEL \"root\", CKA_ID\n        " + root.ID, "      openssl pkey -pubin -in FILE -outform DER | sha256sum\n"} {
		if !strings.Contains(screen, want) {
			t.Errorf("people do not see %q:\n%s", want, screen)
		}
	}
	restore(t, "example-root", "example-spare")
	killToken(t, "example-root")
	if len(recorded[event.SiteChanged](t, r.bundle)) != 1 {
		t.Fatal("the first change is not in force")
	}
	r.mustRefuse(r.site, "no token matches", fmt.Sprintf("have a spare take its place, with serial %q", spare.Serial))
	renumber(t, "example-spare")
	if _, err := r.resume(onSpare, r.people("serial (text)", spare.Serial)); err == nil || !strings.Contains(err.Error(), "restore the key with the CKA_ID that it had") {
		t.Fatalf("the keys were restored under other ids: %v", err)
	}
	renumber(t, "example-spare")
	people := r.people("serial (text)", spare.Serial)
	r.mustResume(onSpare, people)
	e := recorded[event.SiteChanged](t, r.bundle)[0]
	if e.Needs != event.SiteByTwo || len(e.Restored) != 1 || e.Restored[0].Serial != spare.Serial || e.Restored[0].Seal != "TEB-0042" || len(e.Restored[0].Keys) != 2 {
		t.Errorf("the change: %+v", e)
	}
	if n := len(recorded[event.KeyProved](t, r.bundle)); n != 4 {
		t.Errorf("%d proofs, want two on each device", n)
	}
}
