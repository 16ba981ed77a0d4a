// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"bytes"
	"context"
	"crypto/rand"
	"html"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/transcripts/event"
)

// forWindows is the fast ceremony with an issuing CA on Windows, which sent a
// request.
func forWindows(t *testing.T) string {
	t.Helper()
	folder := ceremonytest.FastFolder(t)
	ceremonytest.CopyFile(t, "../../internal/inspect/testdata/fake-windows-request.pem", filepath.Join(folder, "ca.req"))
	ceremonytest.Replace(t, filepath.Join(folder, "ceremony.yaml"), "keys:\n", "inputs:\n  from-windows: {file: ca.req, kind: certificate-request}\nkeys:\n")
	ceremonytest.Replace(t, filepath.Join(folder, "ceremony.yaml"), "ca: {token: root, algorithm: ecdsa-p384, class: affiliate-sub}", "ca: {request: from-windows}")
	ceremonytest.Replace(t, filepath.Join(folder, "ceremony.yaml"), "generate: [root, ca]", "generate: [root]")
	return folder
}

// TestAsked guards that what a request asks for and does not get is not dropped
// silently, and that a notice blocks nothing: plan, script, confirmation and
// report show both, the journal keeps them, and verify finds them again.
func TestAsked(t *testing.T) {
	folder := forWindows(t)
	p := ceremonytest.Preview(t, folder)
	var shown bytes.Buffer
	if err := p.Write(&shown); err != nil {
		t.Fatal(err)
	}
	script, err := p.Script(nil)
	if err != nil {
		t.Fatal(err)
	}
	said, bundle := &heard{}, filepath.Join(folder, "bundle")
	res, err := Execute(context.Background(), p, Options{
		Mode: event.Rehearsal, Bundle: bundle, People: said,
		Clock: newHostClock(time.Unix(1e9, 0)), Rand: rand.Reader, Tool: event.Tool{Version: "test", Go: "test"},
	})
	if err != nil {
		t.Fatal(err)
	}
	mustVerify(t, res.Bundle, len(p.Plan.Artifacts))
	report, err := os.ReadFile(filepath.Join(bundle, "report", "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	asked := []string{
		"basicConstraints (critical): cA TRUE, path length absent: the certificate has it critical as cA true, pathLenConstraint 0",
		`certificateTemplateName of Windows: "SubCA": not granted`,
		`osVersion of Windows: "10.0.20348.2": not used`,
		`enrolmentCSP of Windows: 1, "Microsoft Software Key Storage Provider": not used`,
		"challengePassword: not shown, it is a password: not used",
	}
	const notice = `pop.subject: the request asks for "CN=FAKE Windows CA", the certificate has "C=US, O=Example Trust, CN=`
	for name, text := range map[string]string{"plan": shown.String(), "script": string(script), "confirmation": said.text.String(), "report": string(report)} {
		text = strings.Join(strings.Fields(html.UnescapeString(text)), " ")
		for _, want := range asked {
			if !strings.Contains(text, want) {
				t.Errorf("%s does not show %q", name, want)
			}
		}
		if name == "script" { // it follows from the plan alone, and no rule made it
			continue
		}
		if name == "report" {
			text = strings.ReplaceAll(text, "</td><td>notice</td><td>", ": ")
			text = strings.ReplaceAll(text, `<br><span class="soft">house</span>`, "")
		}
		if !strings.Contains(text, notice) {
			t.Errorf("%s does not show the notice", name)
		}
		for _, granted := range []string{"Asked for keyUsage", "asked for keyUsage", "asked for extKeyUsage", "hunter2"} {
			if strings.Contains(text, granted) {
				t.Errorf("%s shows %q", name, granted)
			}
		}
	}
	if !strings.Contains(shown.String(), "plan OK") || !strings.Contains(shown.String(), "notices: 1") {
		t.Errorf("the notice blocks the plan, or is not counted:\n%s", shown.String())
	}
	linted := recorded[event.ObjectLinted](t, bundle)
	i := slices.IndexFunc(linted, func(e event.ObjectLinted) bool { return e.Artifact == "ca-cert" })
	if i < 0 || len(linted[i].Asked) != 7 || !linted[i].Clear || len(linted[i].Findings) != 1 || linted[i].Findings[0].Status != event.StatusNotice {
		t.Errorf("the journal has %+v", linted)
	}
}

// TestWaivedNotice refuses a waiver of what blocks nothing.
func TestWaivedNotice(t *testing.T) {
	folder := forWindows(t)
	text := ceremonyText(t, folder) + "waivers:\n  - {rule: pop.subject, artifact: ca-cert, reason: the name was agreed on by telephone, citation: house, approver: alice, expires: 2027-12-01}\n"
	if err := os.WriteFile(filepath.Join(folder, "ceremony.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	l := ceremonytest.Load(t, folder)
	p, err := plan.NewPreview(context.Background(), l, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Problems) != 1 || !strings.Contains(p.Problems[0].Error(), "a notice blocks nothing and needs no waiver; remove it") {
		t.Errorf("problems are %v", p.Problems)
	}
}

func ceremonyText(t *testing.T, folder string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, "ceremony.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
