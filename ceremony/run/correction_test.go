// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/internal/inspect"
	"rootceremony/transcripts/event"
)

// secondCRL is the last line of the second example, which revokes E1.
const secondCRL = "      - {certificate: e1-cert, date: signing-time, reason: superseded, status: online}\n"

const whyCorrected = "the key was found in a public repository"

// wasRevoked is what that line says, to be changed.
const wasRevoked = "was: {date: signing-time, reason: superseded}, "

// becomesCompromised is what it becomes.
const becomesCompromised = "now: {date: 2027-05-14T06:00:00Z, reason: key-compromise}, because: " + whyCorrected

// thirdCRL is a step that says of E1 something else, in the CRL after that.
func thirdCRL(list, more string) string {
	return `  - crl: root-x1-crl-3
    profile: profiles/root-crl.yaml
    issuer: root-x1
    number: 3
    previous: root-x1-crl-2
    this-update: signing-time
    next-update: 11mo
    ` + list + `:
      - {certificate: e1-cert, ` + more + "}\n"
}

// TestCorrection guards what BR 7.2.2 asks for: an entry of the previous CRL
// becomes keyCompromise, with an earlier date, where the file declares it and
// says why. People see what it was, the CRL is signed so, and an auditor's
// program finds the declaration.
func TestCorrection(t *testing.T) {
	dir := ceremonytest.Examples(t)
	rehearse(t, filepath.Join(dir, "root-2026"))
	folder := edited(t, dir, mistake{name: "corrected", example: "issuing-2027", edits: []edit{
		{ceremonyFile, secondCRL, secondCRL + thirdCRL("change", wasRevoked+becomesCompromised)},
	}})
	p := ceremonytest.Preview(t, folder)
	if n := len(p.Plan.Artifact("root-x1-crl-3").Revokes); n != 0 {
		t.Errorf("%d certificates are newly revoked", n)
	}
	var shown bytes.Buffer
	if err := p.Write(&shown); err != nil {
		t.Fatal(err)
	}
	script, err := p.Script(nil)
	if err != nil {
		t.Fatal(err)
	}
	said := &heard{}
	bundle := filepath.Join(folder, "bundle")
	if _, err := Execute(context.Background(), p, Options{
		Mode: event.Rehearsal, Bundle: bundle, People: said,
		Clock: newHostClock(time.Unix(1e9, 0)), Rand: rand.Reader, Tool: event.Tool{Version: "test", Go: "test"},
	}); err != nil {
		t.Fatal(err)
	}
	mustVerify(t, bundle, len(p.Plan.Artifacts))
	for name, text := range map[string]string{"plan": shown.String(), "script": string(script), "confirmation": said.text.String()} {
		text = strings.Join(strings.Fields(text), " ")
		for _, want := range []string{
			"1: 0 new, 0 carried over, 1 changed", "revoked 2027-05-14T06:00:00Z, key-compromise",
			"was revoked at the time of signing root-x1-crl-2, superseded; because: " + whyCorrected,
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not show %q", name, want)
			}
		}
	}
	data, err := os.ReadFile(filepath.Join(bundle, "artifacts", "REHEARSAL-root-x1-crl-3.der"))
	if err != nil {
		t.Fatal(err)
	}
	crl, err := inspect.ParseRevocationList(data)
	if err != nil {
		t.Fatal(err)
	}
	if e := crl.Entries; len(e) != 1 || *e[0].Reason != 1 || plan.Stamp(e[0].Date.Time) != "2027-05-14T06:00:00Z" {
		t.Errorf("the entries are %+v", e)
	}
}

// heard keeps what people are shown.
type heard struct {
	Simulated
	text strings.Builder
}

// Say keeps the text.
func (h *heard) Say(text string) { h.text.WriteString(text) }

// Page keeps the text.
func (h *heard) Page(pages []string, i int) error {
	h.Say(pages[i])
	return nil
}
