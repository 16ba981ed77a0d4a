// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/ssh"

	"rootceremony/internal/source"
)

// draftBytes is the policy of the tests as a file.
func draftBytes(t testing.TB) []byte {
	t.Helper()
	data, err := NewPolicy(draft(t))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestNewPolicy(t *testing.T) {
	d := draft(t)
	d.People[0].Keys[0].NotBefore, d.People[0].Keys[0].NotAfter = today, today.Add(time.Hour)
	d.People[1].Keys = []Key{{SSH: publicKey(t, softEd25519(t, "bob", 0).public), UserVerified: true}}
	d.Rules[0].Paper = true
	data, err := NewPolicy(d)
	if err != nil {
		t.Fatal(err)
	}
	again, err := NewPolicy(d)
	if err != nil || !bytes.Equal(data, again) {
		t.Errorf("the same draft gives other bytes: %v", err)
	}
	p, err := loadPolicy(data, strings.ToUpper(policyOf(t, d).SHA256()))
	if err != nil {
		t.Fatal(err)
	}
	got := Draft{
		Version: 0, Previous: p.Previous, Expires: p.Expires, People: p.People, Roles: p.Roles, Rules: p.Rules, Separation: p.Separation,
	}
	if diff := cmp.Diff(d, got, cmp.Transformer("key", func(k PublicKey) string { return k.String() })); diff != "" {
		t.Errorf("read back (-draft +read):\n%s", diff)
	}
	if p.Version != 1 || p.MinRSA != 3072 || !slices.Equal(p.Algorithms, Algorithms()) {
		t.Errorf("defaults: version %d, min_rsa %d, algorithms %v", p.Version, p.MinRSA, p.Algorithms)
	}
	if _, err := loadPolicy(data, strings.Repeat("0", 64)); !errors.Is(err, errAnchor) {
		t.Errorf("with another digest: %v", err)
	}
	if _, err := loadPolicy(data, ""); !errors.Is(err, errAnchor) {
		t.Errorf("without a digest: %v", err)
	}
	d.Roles[0].Threshold = 4
	if _, err := NewPolicy(d); err == nil {
		t.Error("a policy that nobody can fulfil is written")
	}
}

// TestPolicyProblems changes a policy in one place each. What is between the
// angle brackets is replaced in the file.
func TestPolicyProblems(t *testing.T) {
	good := string(draftBytes(t))
	alice := keyOf(t, "alice").SSH.String()
	fido := publicKey(t, softEd25519(t, "x", 0).public).String()
	small, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := ssh.NewPublicKey(&small.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{`"type": "ceremony/trust-policy/v1"`, `"type": "ceremony/trust-policy/v2"`, `2:11: type: it is "ceremony/trust-policy/v2"`},
		{`"version": 1`, `"version": 0`, "version: 0 is not from 1 to"},
		{`"version": 1`, `"version": 1.0`, `version: "1.0" is not a whole number`},
		{`"version": 1`, `"version": "1"`, "version: expected a number, got text"},
		{`"version": 1`, `"version": 2`, "previous: the first version has none"},
		{`"version": 1`, `"version": 1, "previous": "` + strings.Repeat("a", 64) + `"`, "previous: the first version has none"},
		{`"version": 1`, `"version": 2, "previous": "AA"`, "previous: it must be a SHA-256"},
		{`"version": 1`, `"version": 1, "version": 1`, `duplicate key "version"`},
		{`"version": 1`, `"version": 1, "Version": 1`, `Version: unknown key "Version"`},
		{`"version": 1`, `"version": null`, "version: no value"},
		{`"2027-06-30T00:00:00Z"`, `"2027-06-30"`, "expires: "},
		{`"2027-06-30T00:00:00Z"`, `"2027-06-30T00:00:00+01:00"`, "is not a time in UTC"},
		{`"2027-06-30T00:00:00Z"`, `"2027-06-30T00:00:00.5Z"`, "is not a time in UTC"},
		{`"2027-06-30T00:00:00Z"`, `"9999-12-31T23:59:59Z"`, "expires: it must expire"},
		{`"alice": {`, `"Alice": {`, `"Alice" is not a name`},
		{`"alice": {`, `"alice@x": {`, "is not a name"},
		{`"alice": {`, `"ceremony-review-v1": {`, "no namespace of signatures"},
		{`"alice": {`, `"alice\u0000": {`, "U+0000"},
		{`"org": "example-trust"`, `"org": "example trust"`, "principals.alice.org: "},
		{`"org": "example-trust"`, `"org": "*"`, "principals.alice.org: "},
		{`"org": "example-trust"`, `"org": "exa\u202emple"`, "U+202E"},
		{`"ssh": "` + alice + `"`, `"ssh": "` + alice + ` alice"`, "without a comment"},
		{`"ssh": "` + alice + `"`, `"ssh": "` + keyOf(t, "bob").SSH.String() + `"`, "principals.bob.keys[0].ssh: duplicate key, already listed for alice"},
		{`"ssh": "` + alice + `"`, `"ssh": "` + alice + `"}, {"ssh": "` + alice + `"`, "principals.alice.keys[1].ssh: duplicate key, already listed for alice"},
		{`"ssh": "` + alice + `"`, `"ssh": "x"`, "principals.alice.keys[0].ssh: "},
		{`"ssh": "` + alice + `"`, `"ssh": "` + alice + `", "require": ["up"]`, "only signatures of FIDO devices show this"},
		{`"ssh": "` + alice + `"`, `"ssh": "` + fido + `", "require": ["pin"]`, `unknown requirement "pin" (one of: up, uv)`},
		{`"ssh": "` + alice + `"`, `"ssh": "` + alice + `", "not_before": "2027-01-01T00:00:00Z", "not_after": "2026-01-01T00:00:00Z"`, "not_after: it is before"},
		{`"ssh": "` + alice + `"`, `"ssh": "` + (PublicKey{rsaKey}).String() + `"`, "an RSA key of 2048 bits; at least 3072"},
		{`"ssh": "` + alice + `"`, `"ssh": "` + alice + `", "shh": ""`, `keys[0].shh: unknown key "shh"`},
		{`"members": [` + "\n" + `        "alice",`, `"members": ["alice", "alice",`, "duplicate alice"},
		{`"members": [` + "\n" + `        "alice",`, `"members": ["zoe",`, `principals has no "zoe"`},
		{`"threshold": 2`, `"threshold": 0`, "roles.plan-approver.threshold: "},
		{`"threshold": 2`, `"threshold": 4`, "4 are needed, but the role has only 3 people"},
		{`"plan": {`, `"plans": {`, `rules.plans: unknown key "plans" (did you mean "plan"?)`},
		{`"all": [` + "\n" + `        "plan-approver"`, `"all": ["external-auditor"`, "rules.plan.all[0]: auditors attend and review"},
		{`"all": [` + "\n" + `        "plan-approver"`, `"all": ["nobody"`, `roles has no "nobody"`},
		{`"all": [` + "\n" + `        "plan-approver"`, `"all": ["plan-approver", "plan-approver"`, "duplicate "},
		{`"all": [` + "\n" + `        "plan-approver"`, `"any": ["plan-approver"], "all": ["plan-approver"`, "rules.plan: it has either all or any"},
		{`"all": [` + "\n" + `        "plan-approver"`, `"all": [`, "rules.plan.all: it has no role"},
		{`"any": [`, `"paper": "yes", "any": [`, `rules.site.paper: "yes" is neither true nor false`},
		{`"members": [` + "\n" + `        "dana"`, `"members": ["alice"`, "alice is an auditor and cannot be a member of plan-approver"},
		{`"separation": [`, `"separation": [["plan-approver", "administrator"],`, "separation[0]: alice is a member of plan-approver and of administrator"},
		{`"separation": [`, `"separation": [["plan-approver"],`, "separation[0]: it must be a pair"},
		{`"separation": [`, `"separation": [["plan-approver", "plan-approver"],`, "cannot exclude itself"},
		{`"separation": [`, `"separation": [["plan-approver", "nobody"],`, "roles does not have both"},
		{`"ssh-ed25519",`, `"ssh-dss",`, "algorithms.sig[0]: "},
		{`"ssh-ed25519",`, `"ssh-ed25519", "ssh-ed25519",`, "duplicate "},
		{`"ssh-ed25519",`, ``, "algorithms.sig allows no signature of a key of type ssh-ed25519"},
		{`"min_rsa": 3072`, `"min_rsa": 1024`, "algorithms.min_rsa: "},
		{`"principals": {`, `"principals": [], "x": {`, "principals: expected a mapping, got a list"},
		{`"principals": {`, `"people": {`, `missing key "principals"`},
		{`{`, ``, "not JSON"},
		{`"version": 1`, `"version": 01`, "not JSON"},
		{`"version": 1`, `"version": 1, "x": ` + strings.Repeat("[", 40) + strings.Repeat("]", 40), "nested deeper than"},
	} {
		bad := strings.Replace(good, c.old, c.new, 1)
		if bad == good {
			t.Errorf("%q is not in the policy", c.old)
			continue
		}
		_, err := ParsePolicy("policy.json", []byte(bad))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q for %q: %v, want %q", c.new, c.old, err, c.want)
		}
	}
}

// TestAllProblemsAtOnce wants every problem with its place.
func TestAllProblemsAtOnce(t *testing.T) {
	_, err := ParsePolicy("policy.json", []byte(`{"type": "ceremony/trust-policy/v1", "version": 0,
  "expires": "soon",
  "principals": {"alice": {"org": "x", "keys": []}},
  "roles": {"approver": {"members": ["alice", "bob"], "threshold": 3}},
  "rules": {}, "algorithms": {"sig": []}, "extra": 1}`))
	want := `policy.json:1:49: version: 0 is not from 1 to 1073741824
policy.json:2:14: expires: "soon" is not a time in UTC with whole seconds (write it as 2006-01-02T15:04:05Z)
policy.json:3:48: principals.alice.keys: alice has no key
policy.json:4:47: roles.approver.members[1]: principals has no "bob"
policy.json:4:68: roles.approver.threshold: 3 are needed, but the role has only 2 people
policy.json:5:12: rules: it requires nothing
policy.json:5:38: algorithms.sig: the list is empty
policy.json:5:43: extra: unknown key "extra"`
	var problems source.Errors
	if !errors.As(err, &problems) {
		t.Fatalf("%T: %v", err, err)
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBrokenText(t *testing.T) {
	good := draftBytes(t)
	for _, bad := range [][]byte{
		nil, []byte("null"), []byte("[]"), []byte(`"x"`), append(bytes.Clone(good), "{}"...),
		bytes.Replace(good, []byte("example-trust"), []byte("\xff"), 1), append([]byte("\xef\xbb\xbf"), good...),
		make([]byte, source.MaxBytes+1),
	} {
		if _, err := ParsePolicy("policy.json", bad); err == nil {
			t.Errorf("%.20q is a policy", bad)
		}
	}
}

func TestDemandsAndOwners(t *testing.T) {
	p := policyOf(t, draft(t))
	if !p.Demands(PlanApproval) || p.Demands(ProfileApproval) || p.Demands("") {
		t.Error("what the policy demands")
	}
	if q, ok := p.Owner(keyOf(t, "bob").SSH); !ok || q.Name() != "bob@example-trust" {
		t.Errorf("bob's key is %v's", q)
	}
	if _, ok := p.Owner(keyOf(t, "mallory").SSH); ok {
		t.Error("a stranger's key has an owner")
	}
	if _, ok := p.Owner(PublicKey{}); ok {
		t.Error("no key has an owner")
	}
}

func TestAuditorRoles(t *testing.T) {
	for name, want := range map[string]bool{
		"auditor": true, "external-auditor": true, "auditors": true, "auditor-of-record": true,
		"administrator": false, "auditory": false,
	} {
		if got := (Role{Name: name}).Auditor(); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestNamespaces(t *testing.T) {
	want := "[ceremony-policy-v1 ceremony-profile-approval-v1 ceremony-plan-approval-v1 ceremony-site-approval-v1 ceremony-manifest-v1 ceremony-review-v1]"
	if got := fmt.Sprint(Namespaces()); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, n := range Namespaces() {
		if back, ok := NamespaceOf(n.Rule()); !ok || back != n || !n.known() || n.Declaration() == "" {
			t.Errorf("%s: rule %q", n, n.Rule())
		}
	}
	if _, ok := NamespaceOf(""); ok || Namespace("file").known() {
		t.Error("a namespace that is not ours")
	}
}

func TestAllowedSigners(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(string(AllowedSigners(policyOf(t, draft(t)))), "\n"), "\n")
	want := []string{
		`alice@example-trust namespaces="ceremony-plan-approval-v1,ceremony-site-approval-v1,ceremony-manifest-v1,ceremony-review-v1" ` + keyOf(t, "alice").SSH.String(),
	}
	if len(lines) != 6 {
		t.Errorf("%d lines, want one for each key", len(lines))
	}
	if diff := cmp.Diff(want, lines[:1]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !slices.IsSorted(lines) {
		t.Error("the order depends on the file")
	}
}
