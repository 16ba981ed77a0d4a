// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"fmt"
	"strings"
	"testing"
)

// TestMissing guards the one line that tells people what to do: how many
// approvals are missing, and of whom. Who cannot approve any more is not named.
func TestMissing(t *testing.T) {
	policy := policyOf(t, draft(t))
	lost, err := ParseRevocations("revocations.json", fmt.Appendf(nil, `{"type":"ceremony/revocations/v1","revoked":[{"key":%q,"reason":"lost","time":"2026-11-30T12:00:00Z"}]}`,
		keyOf(t, "carol").SSH.Fingerprint()))
	if err != nil {
		t.Fatal(err)
	}
	by := func(n Namespace, names ...string) []Signature {
		var out []Signature
		for _, name := range names {
			out = append(out, sign(t, name, n, aPlan))
		}
		return out
	}
	for _, c := range []struct {
		name    string
		as      Namespace
		sigs    []Signature
		revoked *Revocations
		want    string
	}{
		{"nobody", PlanApproval, nil, nil, "2 approvals of alice, bob or carol"},
		{"one of two", PlanApproval, by(PlanApproval, "alice"), nil, "one more approval of bob or carol"},
		{"enough", PlanApproval, by(PlanApproval, "alice", "bob"), nil, ""},
		{"a key is lost", PlanApproval, by(PlanApproval, "alice"), lost, "one more approval of bob"},
		{"nobody, and a key is lost", PlanApproval, nil, lost, "2 approvals of alice and bob"},
		{"too few keys are left", PlanApproval, by(PlanApproval, "carol"), lost, "2 approvals of alice and bob"},
		{"one of some roles", SiteApproval, nil, nil, "one approval of alice or erin, or 2 approvals of bob and carol"},
		{"all of some roles", ManifestDeclaration, by(ManifestDeclaration, "bob"), nil, "one approval of alice or erin, and one more approval of carol"},
		{"no rule", ProfileApproval, nil, nil, ""},
		{"a wrong one", PlanApproval, by(SiteApproval, "alice"), nil, `"plan.json.alice.sig" is invalid: `},
	} {
		got := Evaluate(policy, Case{Object: aPlan, Namespace: c.as, Signatures: c.sigs, Revocations: c.revoked, At: today}).missing()
		if got != c.want && (c.want == "" || !strings.HasSuffix(c.want, ": ") || !strings.HasPrefix(got, c.want)) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestMissingFiles guards that a plan says for which files something is missing.
func TestMissingFiles(t *testing.T) {
	v := PlanVerdict{Problems: []string{"the sky fell"}}
	lacks := func(file string, signed, open []string) FileVerdict {
		return FileVerdict{file, Verdict{Demanded: true, Thresholds: []Threshold{{Role: "approver", Need: 2, Signed: signed, Open: open}}}}
	}
	v.Plan = lacks("plan.json", []string{"ann"}, []string{"ben"}).Verdict
	for _, name := range []string{"a", "b", "c"} {
		v.Profiles = append(v.Profiles, lacks(name, nil, []string{"ann"}))
	}
	const want = "one more approval of ben (plan.json); 2 approvals as approver, but valid keys remain for only 1 (a and 2 more files); the sky fell"
	if got := v.Missing(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
