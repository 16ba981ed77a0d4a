// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package create

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rootceremony/ceremony/plan"
)

// A year later people are asked what to revoke; what they take back, and what cannot be
// revoked, is not in the file. The names of a series go on.
func TestAskRevocations(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "year-2")
	n, err := ReadNext("../../examples/bundles/root-2026", folder, time.Date(2027, 10, 15, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	typed := []string{"r1-cert, superseded", "BACK", "root-x1-cert, superseded", "e1-cert, key-compromise", ""}
	refusals := 0
	err = n.AskRevocations(func(_ Question, def string, refused error) (string, error) {
		if refused != nil {
			refusals++
		}
		answer := typed[0]
		if typed = typed[1:]; answer == "BACK" {
			return "", ErrBack
		}
		return answer, nil
	})
	if err != nil || refusals != 1 {
		t.Errorf("%v, %d answers refused", err, refusals)
	}
	if diff := cmp.Diff(map[string]string{"e1-cert": "key-compromise"}, n.Revoke); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	files, err := n.Files()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Decide(t.Context(), folder, files); err != nil || len(n.open) > 0 {
		t.Error(n.open, err)
	}
	if text := string(files[len(files)-1].Data); strings.Count(text, "reason:") != 1 || !strings.Contains(text, "certificate: e1-cert, date: signing-time, reason: key-compromise") {
		t.Errorf("the file says\n%s", text)
	}
	for id, want := range map[string]string{"root-crl-1": "root-crl-2", "ocsp": "ocsp-2", "ocsp-x1": "ocsp-x1-2", "crl-09": "crl-10"} {
		if got := following(id); got != want {
			t.Errorf("%s is followed by %s, not %s", id, got, want)
		}
	}
}

// Nobody can sign a CRL earlier once the last one has ended: the file is written, says what
// people have to decide, and is planned when they have.
func TestNextAfterTheLastCRL(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "late")
	n, err := ReadNext("../../examples/bundles/root-2026", folder, time.Date(2028, 3, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	files, err := n.Files()
	if err == nil {
		files, err = n.Decide(t.Context(), folder, files)
	}
	if err != nil {
		t.Fatal(err)
	}
	if said := fmt.Sprint(n.Decisions(), n.Commands(folder)); !strings.Contains(said, "TO DECIDE root-x1-crl-2: no CRL is valid from ") || !strings.Contains(said, "at the end of the ceremony file") {
		t.Errorf("people read %s", said)
	}
	last := &files[len(files)-1].Data
	before, after, _ := strings.Cut(string(*last), "#\n# waivers:")
	after = strings.ReplaceAll("\nwaivers:"+strings.ReplaceAll(after, "\n# ", "\n"), `reason: ""`, "reason: the root was out of reach until the vault was opened")
	if *last = []byte(before + after); strings.Count(after, "rule: ") != 1 {
		t.Errorf("the file ends with %s", after)
	}
	if err := Check(t.Context(), folder, files); err != nil {
		t.Errorf("with the reason: %v\n%s", err, after)
	}
}

// A certificate that is signed late in the life of a root ends with it: nobody is sent away
// because the one before was valid for longer.
func TestNextEndsWithIssuer(t *testing.T) {
	for day, want := range map[string]string{"2027-10-15": "for: 3y", "2035-01-15": "not-after: 2036-05-31T23:59:59Z"} {
		now, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		n, err := ReadNext("../../examples/bundles/root-2026", t.TempDir(), now)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := n.ends(n.plan.Artifact("e1-cert")); err != nil || got != want {
			t.Errorf("on %s it is valid %q, not %q: %v", day, got, want, err)
		}
	}
}

// People type 16:05 for the time in the room: the window has begun then, also in the minute
// in which the file was written.
func TestNextBeginsWithMinute(t *testing.T) {
	n, err := ReadNext("../../examples/bundles/root-2026", t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]string{
		"2027-10-15T16:05:42Z": "2027-10-15T16:05:00Z",
		"2026-12-01T08:59:30Z": "2026-12-01T08:59:30Z", // the CRL of the bundle is of 09:00:00
	} {
		if n.Now, err = time.Parse(time.RFC3339, now); err != nil {
			t.Fatal(err)
		}
		if got := n.begins().Format(time.RFC3339); got != want {
			t.Errorf("at %s the window begins at %s, not %s", now, got, want)
		}
	}
}

// The name of a responder gets this year in the place of the last one, year after year,
// more of the date only where the year is the same, and at most 64 characters.
func TestRenamedResponder(t *testing.T) {
	long := strings.Repeat("x", 54)
	for _, tt := range []struct{ old, day, want string }{
		{"A Root OCSP 2026", "2027-11-02", "A Root OCSP 2027"},
		{"A Root OCSP 2026", "2026-12-01", "A Root OCSP 2026-12-01"},
		{"A Root OCSP 2026-12-01", "2026-12-01", "A Root OCSP 2026-12-01T00:00:00Z"},
		{"A Root OCSP 2026-12-01", "2026-12-04", "A Root OCSP 2026-12-04"},
		{"A Root OCSP 2026 2026-12-01", "2027-11-02", "A Root OCSP 2027"},
		{"Responder", "2027-11-02", "Responder 2027"},
		{"Responder 0001", "2027-11-02", "Responder 0001 2027"},
		{"2026", "2027-11-02", "2027"},
		{long + " OCSP 2026", "2027-11-02", long + " OCSP 2027"},
		{long + " OCSP 2026", "2026-12-01", long[:48] + " OCSP 2026-12-01"},
		{strings.Repeat("ß", 64), "2027-11-02", strings.Repeat("ß", 59) + " 2027"},
	} {
		day, err := time.Parse(time.DateOnly, tt.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := restamped(tt.old, day); got != tt.want {
			t.Errorf("on %s %q becomes %q, not %q", tt.day, tt.old, got, tt.want)
		}
	}
}

// The commands after "init --next" can be typed as they are: SoftHSM finds the tokens of
// the earlier ceremony, and the policy is that of its bundle.
func TestNextCommands(t *testing.T) {
	folder := t.TempDir()
	bundle := filepath.Join(folder, "bundle")
	if err := os.CopyFS(bundle, os.DirFS("../../examples/bundles/root-2026")); err != nil {
		t.Fatal(err)
	}
	n, err := ReadNext(bundle, filepath.Join(folder, "year-2"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	n.Tokens, n.plan.Approval = TokensSoftHSM, ""
	for config, want := range map[string]string{"": "export SOFTHSM2_CONF=FILE", filepath.Join(folder, "a b"): "export SOFTHSM2_CONF='" + filepath.Join(folder, "a b") + "'"} {
		t.Setenv("SOFTHSM2_CONF", config)
		var lines []string
		for _, c := range n.Commands("year-2") {
			lines = append(lines, c.Line)
		}
		if all := strings.Join(lines, "\n"); lines[1] != want || !strings.Contains(all, "--policy ../bundle/trust/policy.json ") {
			t.Errorf("with %q the commands are\n%s", config, all)
		}
	}
	n.Tokens, n.plan.Approval = TokensHSM, plan.ApprovalNone
	for _, c := range n.Commands("year-2") {
		if strings.Contains(c.Line, "SOFTHSM2_CONF") || strings.Contains(c.Line, "--policy") {
			t.Errorf("for HSMs and without approval: %s", c.Line)
		}
	}
}

// TestNextSite guards people who continue with the devices of an earlier ceremony: the new
// site file says of them all that the earlier one did, and is not refused.
func TestNextSite(t *testing.T) {
	for _, name := range []string{"../schema/testdata/site-hardware.yaml", "../../examples/root-2026/site.yaml"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		site, err := plan.LoadSite(name, data)
		if err != nil {
			t.Fatal(err)
		}
		next := &Next{site: site}
		again, err := plan.LoadSite("site.yaml", next.siteFile())
		if err != nil {
			t.Fatalf("%v\n%s", err, next.siteFile())
		}
		site.JournalMirror = ""
		if diff := cmp.Diff(site, again); diff != "" {
			t.Errorf("%s: %s\n%s", name, diff, next.siteFile())
		}
	}
}
