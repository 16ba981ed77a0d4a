// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rootceremony/ceremony/ceremonytest"
	"rootceremony/ceremony/plan"
	"rootceremony/ceremony/verify"
	"rootceremony/lint"
	"rootceremony/transcripts/event"
)

// outcomes are the findings of a report as all stages must have them. Left out is
// what only the room can check, and the sample response of a responder, which its
// key signs afterwards.
func outcomes(list []lint.Finding) []string {
	out := []string{}
	for _, f := range list {
		if f.Absent == lint.AbsentUntilSigned || slices.Contains(f.Lacks, lint.NeedSample) {
			continue
		}
		line := string(f.Status) + " " + f.Rule
		if f.Waived != nil {
			line += " accepted"
		}
		out = append(out, line)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// stored gives the findings of a result in a bundle.
func stored(t *testing.T, path string) []lint.Finding {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Findings []struct {
			Rule   string       `json:"rule"`
			Status lint.Status  `json:"status"`
			Lacks  []lint.Need  `json:"lacks"`
			Absent lint.Absence `json:"absent"`
			Waived *lint.Waiver `json:"waived"`
		} `json:"findings"`
	}
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	var out []lint.Finding
	for _, f := range report.Findings {
		out = append(out, lint.Finding{Rule: f.Rule, Status: f.Status, Lacks: f.Lacks, Absent: f.Absent, Waived: f.Waived})
	}
	return out
}

// oneVerdict guards that what the plan accepts the room finishes and verify
// confirms: all of them find the same on each artifact.
func oneVerdict(t *testing.T, p *plan.Preview, bundle string) {
	t.Helper()
	re, err := verify.Rebuild(context.Background(), bundle, verify.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer re.Verdict.Close()
	last := map[[2]string]string{} // files of results: an artifact may have been prepared more than once
	for _, e := range re.Verdict.History.Linted {
		last[[2]string{e.Event.Artifact, e.Event.Stage}] = filepath.Join(bundle, filepath.FromSlash(e.Event.File))
	}
	for _, planned := range p.Proofs {
		key, _ := strings.CutSuffix(planned.Artifact, "-proof")
		if diff := cmp.Diff(outcomes(planned.Findings), outcomes(re.Proofs[key].Findings)); diff != "" {
			t.Errorf("%s (-plan +verify):\n%s", planned.Artifact, diff)
		}
	}
	for i, a := range p.Plan.Artifacts {
		planned := outcomes(p.Reports[i].Findings)
		for stage, found := range map[string][]lint.Finding{
			"before the signature": stored(t, last[[2]string{a.ID, event.StageBeforeSigning}]),
			"after the signature":  stored(t, last[[2]string{a.ID, event.StageAfterSigning}]),
			"verify":               re.Reports[a.ID].Findings,
		} {
			if diff := cmp.Diff(planned, outcomes(found)); diff != "" {
				t.Errorf("%s: %s (-plan +%s):\n%s", a.ID, stage, stage, diff)
			}
		}
		signature := func(f lint.Finding) bool { return f.Absent == lint.AbsentUntilSigned }
		if after := re.Reports[a.ID].Findings; !slices.ContainsFunc(p.Reports[i].Findings, signature) || slices.ContainsFunc(after, signature) {
			t.Errorf("%s: the plan does not say that the room checks the signature, or the room did not", a.ID)
		}
	}
}

// acceptance accepts that a response is not compared with a CRL that is lost.
const acceptance = `accept-unchecked:
  - rule: ocsp.crl
    artifact: r1-status-1
    lacks: latest CRL
    reason: the last CRL was lost with the old repository
    approver: alice
  - rule: ocsp.crl
    artifact: e1-status-1
    lacks: latest CRL
    reason: the last CRL was lost with the old repository
    approver: alice
`

// withoutCRL takes the step of the CRL out of the first example and gives it back.
func withoutCRL(t *testing.T) (folder, name, text, crl string) {
	t.Helper()
	folder = filepath.Join(ceremonytest.Examples(t), "root-2026")
	name = filepath.Join(folder, "ceremony.yaml")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	from := strings.Index(string(data), "  - crl: root-x1-crl-1\n")
	to := strings.Index(string(data), "  - issue: ocsp-x1-cert\n")
	if from < 0 || to < from {
		t.Fatal("the example has no such steps")
	}
	return folder, name, string(data[:from]) + string(data[to:]), string(data[from:to])
}

// TestLackingContext guards the people in the room: responses without a CRL to
// agree with, or before it, are refused in the plan, with their place and what to
// add. Before, the room stopped after keys and certificates were made. What people
// accept by name the room finishes, and every page says so.
func TestLackingContext(t *testing.T) {
	folder, name, text, crl := withoutCRL(t)
	planned := func(text string) *plan.Preview {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := plan.NewPreview(context.Background(), ceremonytest.Load(t, folder), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	after := text
	end := strings.Index(after, "  - ocsp: r1-status-1\n")
	later := strings.Index(after[end:], "  - section:")
	if later < 0 {
		t.Fatal("nothing follows the responses")
	}
	after = after[:end+later] + crl + after[end+later:]
	for what, text := range map[string]string{"no CRL": text, "a later CRL": after} {
		got := planned(text).Problems.Error()
		for _, want := range []string{"r1-status-1: not-checked: ocsp.crl: not checked without latest CRL", "ceremony.yaml:", "put the step that signs the CRL of root-x1 before this one"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s: want %q in:\n%s", what, want, got)
			}
		}
	}
	if problems := planned(text + acceptance).Problems; len(problems) > 0 {
		t.Fatalf("accepted by name:\n%v", problems)
	}
	p := planned(text + acceptance)
	bundle := carriedOut(t, p, folder).Bundle
	script, err := p.Script(nil)
	if err != nil {
		t.Fatal(err)
	}
	report, err := os.ReadFile(filepath.Join(bundle, "report", "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	var screen strings.Builder
	if err := p.Write(&screen); err != nil {
		t.Fatal(err)
	}
	v, err := verify.Bundle(context.Background(), bundle, verify.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	for where, page := range map[string]string{"script": string(script), "report": string(report), "verify": strings.Join(v.Notices, "\n"),
		"screen": screen.String()} {
		if flat := strings.Join(strings.Fields(page), " "); !strings.Contains(flat, "accepted unchecked") || !strings.Contains(flat, "the last CRL was lost with the old repository") {
			t.Errorf("%s does not say what was accepted unchecked", where)
		}
	}
	if len(v.Problems) > 0 || len(v.Incomplete) > 0 {
		t.Errorf("%v %v", v.Problems, v.Incomplete)
	}
}
