// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hiddeco/sshsig"

	"rootceremony/internal/unseen"
)

// FuzzParsePolicy holds every policy that is accepted to what the evaluation
// relies on.
func FuzzParsePolicy(f *testing.F) {
	small := smallPolicy(f)
	if _, err := ParsePolicy("policy.json", small); err != nil {
		f.Fatal(err)
	}
	f.Add(small)
	f.Add([]byte(`{"type":"ceremony/trust-policy/v1"}`))
	signature := sign(f, "alice", PlanApproval, aPlan)
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ParsePolicy("policy.json", data)
		if err != nil {
			if err.Error() == "" {
				t.Error("refused without a word")
			}
			return
		}
		checkPolicy(t, p)
		v := Evaluate(p, Case{Object: aPlan, Namespace: PlanApproval, At: today, Signatures: []Signature{signature}})
		if len(v.Signed)+len(v.Refused) != 1 {
			t.Errorf("a signature is lost: %+v", v)
		}
		again, err := NewPolicy(Draft{p.Version, p.Previous, p.Expires, p.People, p.Roles, p.Rules, p.Separation, p.Algorithms, p.MinRSA})
		if err != nil {
			t.Fatalf("it cannot be written again: %v", err)
		}
		q, err := ParsePolicy("policy.json", again)
		if err != nil || !bytes.Equal(AllowedSigners(p), AllowedSigners(q)) {
			t.Errorf("it changes when it is written again: %v", err)
		}
	})
}

// smallPolicy has one of everything and is short: the fuzzer spends its time on
// making inputs smaller otherwise.
func smallPolicy(f *testing.F) []byte {
	f.Helper()
	a, b := keyOf(f, "alice").SSH.String(), publicKey(f, softEd25519(f, "bob", 0).public).String()
	return []byte(`{"type":"ceremony/trust-policy/v1","version":2,"previous":"` + scan + `","expires":"2027-06-30T00:00:00Z",` +
		`"principals":{"alice":{"org":"x","keys":[{"ssh":"` + a + `","not_before":"2026-01-01T00:00:00Z"}]},` +
		`"bob":{"org":"x.y","keys":[{"ssh":"` + b + `","require":["up","uv"]}]}},` +
		`"roles":{"r":{"members":["alice"],"threshold":1},"auditor":{"members":["bob"],"threshold":1}},` +
		`"rules":{"plan":{"all":["r"],"paper":true},"review":{"any":["auditor","r"]}},"separation":[["r","auditor"]],` +
		`"algorithms":{"sig":["ssh-ed25519","sk-ssh-ed25519@openssh.com"],"min_rsa":3072}}`)
}

func checkPolicy(t *testing.T, p *Policy) {
	t.Helper()
	if len(p.Rules) == 0 || len(p.Algorithms) == 0 || p.Expires.IsZero() {
		t.Errorf("it requires nothing, allows nothing or never expires")
	}
	for _, rule := range p.Rules {
		if !rule.For.known() || len(rule.Roles) == 0 {
			t.Errorf("rule %+v", rule)
		}
		for _, name := range rule.Roles {
			r := p.role(name)
			if r == nil || r.Threshold < 1 || r.Threshold > len(r.Members) {
				t.Fatalf("role %q of %+v: %+v", name, rule, r)
			}
			if rule.For != Review && slices.ContainsFunc(r.Members, p.isAuditor) {
				t.Errorf("an auditor approves: %+v", r)
			}
		}
	}
	for _, pair := range p.Separation {
		for _, id := range p.role(pair[0]).Members {
			if slices.Contains(p.role(pair[1]).Members, id) {
				t.Errorf("%s holds both of %v", id, pair)
			}
		}
	}
	checkAllowed(t, p)
}

// allowedLine is one line that ssh-keygen reads as one key of one person.
var allowedLine = regexp.MustCompile(`^[a-z0-9-]+@[a-z0-9.-]+ namespaces="[a-z0-9,-]+" [a-z0-9@.-]+ [A-Za-z0-9+/]+=*$`)

func checkAllowed(t *testing.T, p *Policy) {
	t.Helper()
	keys := 0
	for _, person := range p.People {
		keys += len(person.Keys)
	}
	lines := strings.Split(string(AllowedSigners(p)), "\n")
	if len(lines) != keys+1 || lines[keys] != "" {
		t.Fatalf("%d lines for %d keys", len(lines), keys)
	}
	for _, line := range lines[:keys] {
		if !allowedLine.MatchString(line) {
			t.Errorf("not one key of one person: %q", line)
		}
	}
}

// FuzzAllowedSigners tries to smuggle lines, patterns and options through names
// and keys.
func FuzzAllowedSigners(f *testing.F) {
	key := keyOf(f, "alice").SSH.String()
	f.Add("alice", "example-trust", key)
	f.Add("*", "example", key)
	f.Add("alice\nmallory", "x", key)
	f.Add("alice", `x" cert-authority`, key+" comment")
	f.Fuzz(func(t *testing.T, id, org, line string) {
		k, err := ParsePublicKey(line)
		if err != nil {
			return
		}
		data, err := NewPolicy(Draft{
			Expires: today, People: []Person{{id, org, []Key{{SSH: k}}}},
			Roles: []Role{{"approver", []string{id}, 1}}, Rules: []Rule{{For: PlanApproval, Roles: []string{"approver"}}},
		})
		if err != nil {
			return
		}
		p, err := ParsePolicy("policy.json", data)
		if err != nil {
			t.Fatal(err)
		}
		checkAllowed(t, p)
	})
}

// FuzzParseSignature wants one form for each signature, and nothing that fails
// hard.
func FuzzParseSignature(f *testing.F) {
	f.Add(sign(f, "alice", PlanApproval, aPlan).Data)
	f.Add(signWith(f, softEd25519(f, "bob", flagPresent), "bob", PlanApproval, aPlan).Data)
	f.Add(signWith(f, softEd25519(f, "bob", 0), "bob", PlanApproval, aPlan).Data)
	policy := policyOf(f, draft(f))
	f.Fuzz(func(t *testing.T, data []byte) {
		v := Evaluate(policy, Case{Object: aPlan, Namespace: PlanApproval, At: today, Signatures: []Signature{{"x", data}}})
		if len(v.Signed)+len(v.Refused) != 1 || v.Approved() {
			t.Errorf("%+v", v)
		}
		p, err := parseSignature(data)
		if err != nil {
			return
		}
		again, err := parseSignature(sshsig.Armor(p.sig))
		if err != nil || !bytes.Equal(again.sig.Marshal(), p.sig.Marshal()) || !again.key.equal(p.key) {
			t.Errorf("it changes when it is written again: %v", err)
		}
		if p.key.FIDO() != (p.touch != nil) {
			t.Error("touch is not for FIDO keys")
		}
	})
}

// FuzzParsePaper and the ones below want values within their bounds.
func FuzzParsePaper(f *testing.F) {
	f.Add(paperOf("carol", "plan-approver", "plan", aSum, "2026-11-20"))
	d := draft(f)
	d.Rules[0].Paper = true
	policy := policyOf(f, d)
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := parsePaper("paper.json", data)
		if err == nil && (!p.Meaning.known() || !isSHA256(p.ObjectSHA256) || !isSHA256(p.ScanSHA256) || p.Who == "" || p.Role == "" || p.Resolution == "" || !calendarDay.MatchString(p.Date)) {
			t.Errorf("%+v", p)
		}
		v := Evaluate(policy, Case{Object: aPlan, Namespace: PlanApproval, At: today, Papers: []PaperFile{{Name: "x", Data: data}}})
		if len(v.Papers) != 0 || len(v.Refused) != 1 {
			t.Errorf("a paper that nobody vouches for counts: %+v", v)
		}
	})
}

func FuzzParseAttestation(f *testing.F) {
	f.Add(attestationOf(scan, "agree", "I was there.\nI saw it."))
	f.Add(attestationOf(scan, "disagree", "The bag was open."))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := ParseAttestation("statement.json", data)
		if err != nil {
			return
		}
		if _, bad := unseen.In(a.Text); bad || len(a.Text) > maxStatement || !isSHA256(a.Manifest) || (a.Disagree && strings.TrimSpace(a.Text) == "") {
			t.Errorf("%+v", a)
		}
	})
}

func FuzzParseRevocations(f *testing.F) {
	f.Add([]byte(`{"type":"ceremony/revocations/v1","revoked":[{"object":"` + scan + `","reason":"lost","time":"2026-11-30T12:00:00Z"}]}`))
	f.Add([]byte(`{"type":"ceremony/revocations/v1","revoked":[{"key":"` + keyOf(f, "alice").SSH.Fingerprint() + `","reason":"lost","time":"2026-11-30T12:00:00Z"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ParseRevocations("revocations.json", data)
		if err != nil {
			return
		}
		for _, e := range r.Entries {
			if (e.Key == "") == (e.Object == "") || e.Reason == "" || e.Time.IsZero() {
				t.Errorf("%+v", e)
			}
		}
	})
}
