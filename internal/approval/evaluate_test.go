// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/ssh"
)

var aPlan = []byte(`{"ceremony":"2026-root-x1"}`)

func TestEvaluate(t *testing.T) {
	policy := policyOf(t, draft(t))
	by := func(name string) Signature { return sign(t, name, PlanApproval, aPlan) }
	for _, c := range []struct {
		name     string
		sigs     []Signature
		approved bool
		signed   []string
		refused  []Reason
	}{
		{"nobody", nil, false, []string{}, nil},
		{"one of two", []Signature{by("alice")}, false, []string{"alice"}, nil},
		{"two of two", []Signature{by("alice"), by("carol")}, true, []string{"alice", "carol"}, nil},
		{"one person twice", []Signature{by("alice"), by("alice")}, false, []string{"alice"}, nil},
		{"someone without a say", []Signature{by("alice"), by("erin")}, false, []string{"alice"}, []Reason{reasonNoRole}},
		{"an auditor", []Signature{by("alice"), by("dana")}, false, []string{"alice"}, []Reason{reasonNoRole}},
		{"a stranger", []Signature{by("alice"), by("mallory")}, false, []string{"alice"}, []Reason{reasonUnknown}},
		{"a stranger beside enough", []Signature{by("alice"), by("bob"), by("mallory")}, true, []string{"alice", "bob"}, []Reason{reasonUnknown}},
		{"wrong namespace", []Signature{by("alice"), sign(t, "bob", SiteApproval, aPlan)}, false, []string{"alice"}, []Reason{reasonNamespace}},
		{"replayed from another object", []Signature{by("alice"), sign(t, "bob", PlanApproval, []byte("old"))}, false, []string{"alice"}, []Reason{reasonSignature}},
		{"a bad one beside enough", []Signature{by("alice"), by("bob"), sign(t, "carol", PlanApproval, []byte("old"))}, false, []string{"alice", "bob"}, []Reason{reasonSignature}},
		{"no signature at all", []Signature{by("alice"), by("bob"), {Name: "x.sig", Data: []byte("no")}}, false, []string{"alice", "bob"}, []Reason{reasonMalformed}},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := Evaluate(policy, Case{Object: aPlan, Namespace: PlanApproval, Signatures: c.sigs, At: today})
			if v.Approved() != c.approved {
				t.Errorf("approved: %v, want %v\n%s", v.Approved(), c.approved, strings.Join(v.Lines(), "\n"))
			}
			if diff := cmp.Diff(c.signed, v.Thresholds[0].Signed); diff != "" {
				t.Errorf("who counts (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(c.refused, refused(v)); diff != "" {
				t.Errorf("refused (-want +got):\n%s", diff)
			}
			if len(v.Signed)+len(v.Refused) != len(c.sigs) {
				t.Errorf("%d signatures, %d accounted for", len(c.sigs), len(v.Signed)+len(v.Refused))
			}
		})
	}
}

// TestTwoKeys guards that thresholds count people, never keys.
func TestTwoKeys(t *testing.T) {
	d := draft(t)
	d.People[0].Keys = append(d.People[0].Keys, keyOf(t, "alice-at-home"))
	v := Evaluate(policyOf(t, d), Case{Object: aPlan, Namespace: PlanApproval, At: today, Signatures: []Signature{
		sign(t, "alice", PlanApproval, aPlan), sign(t, "alice-at-home", PlanApproval, aPlan),
	}})
	if v.Approved() || len(v.Thresholds[0].Signed) != 1 {
		t.Errorf("one person with two keys counts twice:\n%s", strings.Join(v.Lines(), "\n"))
	}
	if !v.Signed[1].Duplicate || v.Signed[0].Duplicate {
		t.Errorf("the second signature of a person is not called one: %+v", v.Signed)
	}
}

// TestAllAndAny checks rules of two roles that exclude each other.
func TestAllAndAny(t *testing.T) {
	policy := policyOf(t, draft(t))
	evaluate := func(n Namespace, names ...string) bool {
		c := Case{Object: aPlan, Namespace: n, At: today}
		for _, name := range names {
			c.Signatures = append(c.Signatures, sign(t, name, n, aPlan))
		}
		return Evaluate(policy, c).Approved()
	}
	for _, c := range []struct {
		n        Namespace
		names    []string
		approved bool
	}{
		{ManifestDeclaration, []string{"alice"}, false},
		{ManifestDeclaration, []string{"bob", "carol"}, false},
		{ManifestDeclaration, []string{"alice", "erin", "bob"}, false},
		{ManifestDeclaration, []string{"erin", "bob", "carol"}, true},
		{SiteApproval, []string{"alice"}, true},
		{SiteApproval, []string{"bob"}, false},
		{SiteApproval, []string{"bob", "carol"}, true},
		{Review, []string{"dana"}, true},
		{Review, []string{"alice"}, false},
		{ProfileApproval, []string{"alice", "bob", "carol", "erin"}, false}, // no rule
	} {
		if got := evaluate(c.n, c.names...); got != c.approved {
			t.Errorf("%s by %v: approved %v, want %v", c.n, c.names, got, c.approved)
		}
	}
}

func TestNoTouch(t *testing.T) {
	const up, uv = flagPresent, flagVerified
	for _, c := range []struct {
		name    string
		key     *softKey
		needUV  bool
		refused []Reason
	}{
		{"touched", softEd25519(t, "bob", up), false, nil},
		{"not touched", softEd25519(t, "bob", 0), false, []Reason{reasonNoTouch}},
		{"only verified", softEd25519(t, "bob", uv), false, []Reason{reasonNoTouch}},
		{"verified", softEd25519(t, "bob", up|uv), true, nil},
		{"not verified", softEd25519(t, "bob", up), true, []Reason{reasonUnproved}},
		{"ecdsa touched", softECDSA(t, up|uv), true, nil},
		{"ecdsa not touched", softECDSA(t, 0), false, []Reason{reasonNoTouch}},
		{"ecdsa not verified", softECDSA(t, up), true, []Reason{reasonUnproved}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := draft(t)
			d.People[1].Keys = []Key{{SSH: publicKey(t, c.key.public), UserVerified: c.needUV}}
			v := Evaluate(policyOf(t, d), Case{Object: aPlan, Namespace: PlanApproval, At: today, Signatures: []Signature{
				sign(t, "alice", PlanApproval, aPlan), sign(t, "carol", PlanApproval, aPlan),
				signWith(t, c.key, "bob", PlanApproval, aPlan),
			}})
			if diff := cmp.Diff(c.refused, refused(v)); diff != "" {
				t.Fatalf("refused (-want +got):\n%s", diff)
			}
			if v.Approved() != (c.refused == nil) {
				t.Errorf("approved: %v", v.Approved())
			}
			if c.refused == nil {
				want := &Touch{Present: true, Verified: c.key.flags&uv != 0, Flags: c.key.flags, Counter: 7}
				if diff := cmp.Diff(want, v.Signed[2].Touch); diff != "" {
					t.Errorf("touch (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// TestFlagsAreSigned guards that flags and counter cannot be set afterwards.
func TestFlagsAreSigned(t *testing.T) {
	key := softEd25519(t, "bob", 0)
	honest := key.sign
	key.sign = func(message []byte) []byte { // signs without touch …
		message[32] = 0
		return honest(message)
	}
	key.flags = flagPresent // … and claims one
	sig := signWith(t, key, "bob", PlanApproval, aPlan)
	if err := verifySignature(sig.Data, aPlan, publicKey(t, key.public)); err == nil {
		t.Error("a flag that was not signed is believed")
	}
}

func TestTimes(t *testing.T) {
	expires := draft(t).Expires
	from, to := today.Add(-time.Hour), today.Add(time.Hour)
	d := draft(t)
	d.People[0].Keys[0].NotBefore, d.People[0].Keys[0].NotAfter = from, to
	policy := policyOf(t, d)
	for _, c := range []struct {
		name     string
		at       time.Time
		approved bool
		refused  []Reason
		problems int
	}{
		{"first second", from, true, nil, 0},
		{"last second", to, true, nil, 0},
		{"too early", from.Add(-time.Second), false, []Reason{reasonTime}, 0},
		{"too late", to.Add(time.Second), false, []Reason{reasonTime}, 0},
		{"policy expired", expires.Add(time.Second), false, []Reason{reasonTime}, 1},
		{"no time", time.Time{}, false, []Reason{reasonTime}, 1},
	} {
		v := Evaluate(policy, Case{Object: aPlan, Namespace: PlanApproval, At: c.at, Signatures: []Signature{
			sign(t, "alice", PlanApproval, aPlan), sign(t, "bob", PlanApproval, aPlan),
		}})
		if v.Approved() != c.approved || len(v.Problems) != c.problems || !cmp.Equal(c.refused, refused(v)) {
			t.Errorf("%s: approved %v, problems %q, refused %v", c.name, v.Approved(), v.Problems, refused(v))
		}
	}
}

func TestExpiredPolicy(t *testing.T) {
	d := draft(t)
	c := Case{Object: aPlan, Namespace: PlanApproval, Signatures: []Signature{
		sign(t, "alice", PlanApproval, aPlan), sign(t, "bob", PlanApproval, aPlan),
	}}
	policy := policyOf(t, d)
	if c.At = d.Expires; !Evaluate(policy, c).Approved() {
		t.Error("refused in the last second")
	}
	if c.At = d.Expires.Add(time.Second); Evaluate(policy, c).Approved() {
		t.Error("an expired policy approves")
	}
}

func TestRevocations(t *testing.T) {
	policy := policyOf(t, draft(t))
	alice := keyOf(t, "alice").SSH.Fingerprint()
	evaluate := func(e ...Revocation) Verdict {
		return Evaluate(policy, Case{Object: aPlan, Namespace: PlanApproval, At: today, Revocations: &Revocations{e}, Signatures: []Signature{
			sign(t, "alice", PlanApproval, aPlan), sign(t, "bob", PlanApproval, aPlan), sign(t, "carol", PlanApproval, aPlan),
		}})
	}
	sum := evaluate().ObjectSHA256
	if v := evaluate(Revocation{Key: alice, Reason: "lost", Time: today}); !v.Approved() || !cmp.Equal(refused(v), []Reason{reasonRevoked}) {
		t.Errorf("a revoked key beside enough others:\n%s", strings.Join(v.Lines(), "\n"))
	}
	if v := evaluate(Revocation{Key: alice, Time: today}, Revocation{Key: keyOf(t, "bob").SSH.Fingerprint(), Time: today}); v.Approved() {
		t.Error("two revoked keys of three approve")
	}
	if v := evaluate(Revocation{Key: alice, Reason: "lost", Time: today.Add(1)}); !v.Approved() || len(v.Notices) != 1 || len(v.Refused) != 0 {
		t.Errorf("a key that was revoked later:\n%s", strings.Join(v.Lines(), "\n"))
	}
	if v := evaluate(Revocation{Key: alice, Time: today.Add(1)}, Revocation{Key: alice, Time: today}); len(v.Refused) != 1 {
		t.Error("the later of two revocations holds")
	}
	if v := evaluate(Revocation{Object: sum, Reason: "a mistake", Time: today}); v.Approved() || len(v.Problems) != 1 {
		t.Error("a revoked plan is approved")
	}
	if v := evaluate(Revocation{Object: sum, Reason: "a mistake", Time: today.Add(1)}); !v.Approved() || len(v.Notices) != 1 {
		t.Error("a plan that was revoked later")
	}
}

// TestAlgorithms guards that a policy can be narrower than the program.
func TestAlgorithms(t *testing.T) {
	d := draft(t)
	d.Algorithms = []string{ssh.KeyAlgoED25519}
	policy := policyOf(t, d)
	policy.Algorithms = []string{ssh.KeyAlgoECDSA384} // as no file could say it
	v := Evaluate(policy, Case{Object: aPlan, Namespace: PlanApproval, At: today, Signatures: []Signature{sign(t, "alice", PlanApproval, aPlan)}})
	if !cmp.Equal(refused(v), []Reason{reasonAlgorithm}) || len(v.failures()) != 1 {
		t.Errorf("refused %v", refused(v))
	}
}

func TestTooMany(t *testing.T) {
	v := Evaluate(policyOf(t, draft(t)), Case{Object: aPlan, Namespace: PlanApproval, At: today, Signatures: make([]Signature, maxFiles+1)})
	if v.Approved() || len(v.Problems) != 1 || len(v.failures()) != maxFiles+1 {
		t.Errorf("%+v", v)
	}
}

func TestUnknownNamespace(t *testing.T) {
	policy := policyOf(t, draft(t))
	policy.Rules = append(policy.Rules, Rule{For: "file", Roles: []string{"plan-approver"}})
	v := Evaluate(policy, Case{Object: aPlan, Namespace: "file", At: today, Signatures: []Signature{
		sign(t, "alice", "file", aPlan), sign(t, "bob", "file", aPlan),
	}})
	if v.Approved() || len(v.Problems) != 1 {
		t.Errorf("a namespace that is not ours approves: %+v", v)
	}
}

func TestLines(t *testing.T) {
	key := softEd25519(t, "bob", flagPresent|flagVerified)
	d := draft(t)
	d.People[1].Keys = []Key{{SSH: publicKey(t, key.public), UserVerified: true}}
	v := Evaluate(policyOf(t, d), Case{Object: aPlan, Namespace: PlanApproval, At: today, Signatures: []Signature{
		sign(t, "alice", PlanApproval, aPlan), sign(t, "alice", PlanApproval, aPlan),
		signWith(t, key, "bob", PlanApproval, aPlan), sign(t, "mallory", PlanApproval, aPlan),
		{Name: "a\nb.sig", Data: []byte("x")},
	}})
	got := strings.Join(v.Lines(), "\n")
	for _, want := range []string{
		"plan  NOT APPROVED: a signature or a paper is invalid\n",
		"  role      plan-approver: 2 of 2, signed by alice, bob\n",
		", duplicate: each person counts once\n", "touched, user verified by PIN or fingerprint, counter 7\n",
		`  refused   "plan.json.mallory.sig": the policy has no such key` + "\n", `  FAILURE   "a\nb.sig": `,
	} {
		if !strings.Contains(got+"\n", want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}
