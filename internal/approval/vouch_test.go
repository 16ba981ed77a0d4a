// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package approval

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestVouchers guards thresholds against a key that counts more than once: for
// its holder and for a paper, or for two papers. The role has three people.
func TestVouchers(t *testing.T) {
	for _, c := range []struct {
		name   string
		papers []string // who: vouchers
		signed []string
		count  int
		idle   int // papers that do not count
	}{
		{"myself and a paper", []string{"bob: alice"}, []string{"alice"}, 1, 1},
		{"two papers", []string{"bob: alice", "carol: alice"}, nil, 1, 1},
		{"myself and two papers", []string{"bob: alice", "carol: alice"}, []string{"alice"}, 1, 2},
		{"each for the other", []string{"alice: bob", "bob: alice"}, nil, 1, 1},
		{"each for the next", []string{"alice: bob", "bob: carol", "carol: alice"}, nil, 1, 2},
		{"a voucher who counts on paper", []string{"bob: alice", "alice: carol"}, nil, 1, 1},
		{"two papers of one person", []string{"bob: alice", "bob: carol"}, nil, 1, 0},
		{"another vouches", []string{"carol: bob"}, []string{"alice"}, 2, 0},
		{"another vouches, too", []string{"carol: alice bob"}, []string{"alice"}, 2, 0},
		{"signed and on paper", []string{"alice: bob"}, []string{"alice"}, 1, 0},
		{"from outside of the role", []string{"bob: erin"}, []string{"alice"}, 2, 0},
		{"from outside of the role, twice", []string{"bob: erin", "carol: erin"}, []string{"alice"}, 2, 1},
		{"an order that must not matter", []string{"bob: alice erin", "carol: alice"}, nil, 2, 0},
		{"an order that must not matter, turned", []string{"carol: alice", "bob: alice erin"}, nil, 2, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := draft(t)
			d.Roles[2].Members, d.Separation = []string{"alice", "bob", "carol", "erin"}, nil // all are witnesses
			d.Rules[0].Paper, d.Rules[0].Any, d.Rules[0].Roles = true, true, []string{"plan-approver", "administrator"}
			var in Case
			in.Object, in.Namespace, in.At = aPlan, PlanApproval, today
			for _, who := range c.signed {
				in.Signatures = append(in.Signatures, sign(t, who, PlanApproval, aPlan))
			}
			for i, p := range c.papers {
				who, vouchers, _ := strings.Cut(p, ": ")
				data := append(paperOf(who, "plan-approver", "plan", aSum, "2026-11-20"), slices.Repeat([]byte{' '}, i)...)
				file := PaperFile{Name: who + ".paper.json", Data: data}
				for _, v := range strings.Fields(vouchers) {
					file.Vouchers = append(file.Vouchers, sign(t, v, Review, data))
				}
				in.Papers = append(in.Papers, file)
			}
			v := Evaluate(policyOf(t, d), in)
			role := v.Thresholds[slices.IndexFunc(v.Thresholds, func(t Threshold) bool { return t.Role == "plan-approver" })]
			if got := len(role.Signed) + len(role.Paper); got != c.count || role.Met() != (c.count >= 2) {
				t.Errorf("%d people count, want %d\n%s", got, c.count, strings.Join(v.Lines(), "\n"))
			}
			if got := refused(v); len(got) != c.idle || slices.ContainsFunc(got, func(r Reason) bool { return r != reasonPaper }) {
				t.Errorf("refused %v, want %d papers", got, c.idle)
			}
		})
	}
}

// TestVoucherOfOtherRole guards a rule that wants people of two roles against one key: that
// of a witness who signs, and who vouches for the paper of an administrator.
func TestVoucherOfOtherRole(t *testing.T) {
	for _, c := range []struct {
		name   string
		papers []string // who as which: vouchers
		signed []string
		counts bool
	}{
		{"the witness alone", []string{"alice administrator: bob"}, []string{"bob"}, false},
		{"the witness and an auditor", []string{"alice administrator: dana"}, []string{"bob"}, true},
		{"the witness, and an auditor besides", []string{"alice administrator: bob dana"}, []string{"bob"}, true},
		{"one auditor for both", []string{"alice administrator: dana", "bob internal-witness: dana"}, nil, false},
		{"two for both", []string{"alice administrator: carol", "bob internal-witness: dana"}, nil, true},
		{"an order that must not matter", []string{"alice administrator: dana carol", "bob internal-witness: dana"}, nil, true},
		{"an order that must not matter, turned", []string{"alice administrator: dana", "bob internal-witness: dana carol"}, nil, true},
		{"one person in both roles", []string{"frank administrator: dana", "frank internal-witness: dana"}, nil, true},
		{"one person in both roles, on the paper of two", []string{"frank administrator: dana", "frank internal-witness: carol"}, nil, true},
		{"one person in both roles, one paper by a witness who signs", []string{"frank administrator: dana", "frank internal-witness: bob"}, []string{"bob"}, true},
		{"a witness for a paper that comes second", []string{"frank administrator: bob"}, []string{"bob"}, false},
	} {
		d := draft(t)
		d.Roles[1].Members, d.Roles[2].Members, d.Roles[2].Threshold = append(d.Roles[1].Members, "frank"), append(d.Roles[2].Members, "frank"), 1
		d.Separation = nil
		d.Rules[0].Paper, d.Rules[0].Roles = true, []string{"administrator", "internal-witness"}
		in := Case{Object: aPlan, Namespace: PlanApproval, At: today}
		for _, who := range c.signed {
			in.Signatures = append(in.Signatures, sign(t, who, PlanApproval, aPlan))
		}
		for i, p := range c.papers {
			what, vouchers, _ := strings.Cut(p, ": ")
			who, role, _ := strings.Cut(what, " ")
			data := append(paperOf(who, role, "plan", aSum, "2026-11-20"), slices.Repeat([]byte{' '}, i)...)
			file := PaperFile{Name: who + ".paper.json", Data: data}
			for _, v := range strings.Fields(vouchers) {
				file.Vouchers = append(file.Vouchers, sign(t, v, Review, data))
			}
			in.Papers = append(in.Papers, file)
		}
		for range 2 {
			if v := Evaluate(policyOf(t, d), in); v.Approved() != c.counts {
				t.Errorf("%s: approved is %t, want %t\n%s", c.name, v.Approved(), c.counts, strings.Join(v.Lines(), "\n"))
			}
			slices.Reverse(d.Rules[0].Roles)
		}
	}
}

// TestVoucherWatches guards a paper against two approvers who vouch for each other's: one
// who vouches is there to watch.
func TestVoucherWatches(t *testing.T) {
	for vouchers, counts := range map[string]bool{"alice": false, "erin": false, "alice erin": false, "carol": true, "dana": true, "erin dana": true} {
		d := draft(t)
		d.Rules[0].Paper, d.Rules[0].Any, d.Rules[0].Roles = true, true, []string{"plan-approver", "administrator"}
		data := paperOf("bob", "plan-approver", "plan", aSum, "2026-11-20")
		file := PaperFile{Name: "bob.paper.json", Data: data}
		for _, v := range strings.Fields(vouchers) {
			file.Vouchers = append(file.Vouchers, sign(t, v, Review, data))
		}
		v := Evaluate(policyOf(t, d), Case{Object: aPlan, Namespace: PlanApproval, At: today, Papers: []PaperFile{file}})
		if got := len(v.Papers) == 1; got != counts {
			t.Errorf("%s: counts %t\n%s", vouchers, got, strings.Join(v.Lines(), "\n"))
		}
	}
	d := draft(t)
	d.Roles, d.Rules, d.Separation = d.Roles[:1], d.Rules[:1], nil
	d.Rules[0].Paper = true
	if err := policyOf(t, d).CanBeMet(today); err == nil || !strings.Contains(err.Error(), "nobody is an auditor or a witness") {
		t.Errorf("a policy accepts papers that nobody can vouch for: %v", err)
	}
}

// TestCanBeMet guards a team against a policy that nobody can ever fulfil: too
// few of its people have keys that count at one time.
func TestCanBeMet(t *testing.T) {
	late := today.AddDate(0, 3, 0)
	for _, c := range []struct {
		name   string
		change func(*Draft)
		parse  string // what reading says
		from   string // what using it from late on says
	}{
		{"as it is", func(*Draft) {}, "", ""},
		{"one key after the other", func(d *Draft) { // two are needed of alice, bob and carol
			d.People[0].Keys[0].NotAfter = late
			d.People[1].Keys[0].NotBefore, d.People[1].Keys[0].NotAfter = late.Add(time.Second), late.Add(2*time.Second)
			d.People[2].Keys[0].NotBefore = late.Add(3 * time.Second)
		}, "roles.plan-approver.threshold: it can never be met: until the policy expires, at most 1 of these people have valid keys", ""},
		{"keys that begin when the policy has expired", func(d *Draft) {
			for i := range 2 {
				d.People[i].Keys[0].NotBefore = d.Expires.Add(time.Second)
			}
		}, "roles.plan-approver.threshold: it can never be met", ""},
		{"a key that begins in time", func(d *Draft) { d.People[0].Keys[0].NotBefore = d.Expires }, "", ""},
		{"keys that are over", func(d *Draft) {
			for i := range 2 {
				d.People[i].Keys[0].NotAfter = today
			}
		}, "", "rules.plan needs 2 as plan-approver, but at most 1 of them have valid keys"},
		{"expired", func(d *Draft) { d.Expires = today.AddDate(0, 2, 0) }, "", "the policy expired at"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := draft(t)
			c.change(&d)
			data, err := NewPolicy(d)
			if (err == nil) != (c.parse == "") || err != nil && !strings.Contains(err.Error(), c.parse) {
				t.Fatalf("reading it: %v, want %q", err, c.parse)
			}
			if err != nil {
				return
			}
			p, err := ParsePolicy("policy.json", data)
			if err != nil {
				t.Fatal(err)
			}
			if err := p.CanBeMet(late); (err == nil) != (c.from == "") || err != nil && !strings.Contains(err.Error(), c.from) {
				t.Errorf("from %v on: %v, want %q", late, err, c.from)
			}
		})
	}
}
