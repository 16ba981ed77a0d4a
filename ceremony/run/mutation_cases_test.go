// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

package run

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gowebpki/jcs"

	"rootceremony/ceremony/plan"
	"rootceremony/internal/approval"
	"rootceremony/transcripts"
	"rootceremony/transcripts/event"
)

// rechained changes the lines of the journal and makes numbers and links right
// again, as somebody without the seal key can.
func rechained(change func(lines []string) []string) func(t *testing.T, g *golden, dir string) {
	return func(t *testing.T, g *golden, dir string) {
		lines := change(strings.Split(strings.TrimSuffix(string(read(t, dir, transcripts.JournalPath)), "\n"), "\n"))
		prev := plan.SHA256Hex(read(t, dir, "plan/plan.json"))
		var out strings.Builder
		for i, line := range lines {
			var e map[string]any
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				t.Fatal(err)
			}
			e["seq"], e["prev"] = i+1, prev
			raw, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			again, err := jcs.Transform(raw)
			if err != nil {
				t.Fatal(err)
			}
			prev = plan.SHA256Hex(again)
			fmt.Fprintf(&out, "%s\n", again)
		}
		write(t, dir, transcripts.JournalPath, []byte(out.String()))
	}
}

// journalMutations drop, double, swap and edit lines of the journal, chained
// again, but not sealed again.
func journalMutations(t *testing.T, g *golden) []mutation {
	var all []mutation
	n := len(g.records(t))
	last := fmt.Sprintf("journal/checkpoints/%06d.note: ", n)
	add := func(name string, change func([]string) []string) {
		all = append(all, mutation{name: name + ", chained again", names: []string{last}, do: rechained(change)})
	}
	for at := 2; at < n; at += 4 {
		add(fmt.Sprintf("drop line %d", at+1), func(l []string) []string { return slices.Delete(l, at, at+1) })
		add(fmt.Sprintf("double line %d", at+1), func(l []string) []string { return slices.Insert(l, at, l[at]) })
		add(fmt.Sprintf("swap lines %d and %d", at, at+1), func(l []string) []string { l[at-1], l[at] = l[at], l[at-1]; return l })
	}
	for _, cut := range []int{1, 2, 3, 10, n / 2} {
		add(fmt.Sprintf("cut %d lines off", cut), func(l []string) []string { return l[:len(l)-cut] })
	}
	for _, edit := range [][2]string{
		{`"bob"`, `"carol"`}, {`"done"`, `"skipped"`}, {"TEB-0042", "TEB-0043"}, {`"clear":true`, `"clear":false`}, {`"stated"`, `"observed"`},
		{`"private"`, `"public"`}, {"wall clock", "wall watch"}, {`"mode":"run"`, `"mode":"rehearsal"`}, {`"software_tokens":true`, `"software_tokens":false`},
		{`"attempt"`, `"attempt"`},
	} {
		if edit[0] != edit[1] {
			add("edit "+edit[0], func(l []string) []string {
				for i := range l {
					if strings.Contains(l[i], edit[0]) {
						l[i] = strings.Replace(l[i], edit[0], edit[1], 1)
						break
					}
				}
				return l
			})
		}
	}
	return all
}

// eachEvent changes the events of a type.
func eachEvent[E event.Event](change func(*E)) func([]event.Record) []event.Record {
	return func(records []event.Record) []event.Record {
		for i, r := range records {
			if e, ok := r.Event.(E); ok {
				change(&e)
				records[i].Event = e
			}
		}
		return records
	}
}

// without takes the events of a type away.
func without[E event.Event](records []event.Record) []event.Record {
	return slices.DeleteFunc(records, func(r event.Record) bool { _, ok := r.Event.(E); return ok })
}

// says makes a module report another value of an attribute of a private key.
func says(k *event.Key, name, value string) {
	k.Attributes = slices.Clone(k.Attributes)
	for i, a := range k.Attributes {
		if a.Half == "private" && a.Name == name {
			k.Attributes[i].Value = value
		}
	}
}

// forgedPeople change who approved and who signed, with a record that fits.
func forgedPeople(t *testing.T) []mutation {
	pl := func(who string, n approval.Namespace) func(t *testing.T, g *golden) []byte {
		return func(t *testing.T, g *golden) []byte { return signature(t, who, n, g.preview.Canonical) }
	}
	var all []mutation
	add := func(name, file, says string, data func(t *testing.T, g *golden) []byte) {
		all = append(all, mutation{name: "approval: " + name, names: []string{says}, do: func(t *testing.T, g *golden, dir string) {
			g.replaced(t, dir, file, data(t, g))
		}})
	}
	const ann, cat = "plan/approvals/plan.json.ann.sig", "plan/approvals/plan.json.cat.sig"
	const demands = "the approvals do not meet the policy"
	add("wrong namespace", ann, demands, pl("ann", approval.ManifestDeclaration))
	add("somebody the policy does not know", ann, demands, pl("eve", approval.PlanApproval))
	add("the same person twice", ann, demands, pl("cat", approval.PlanApproval))
	add("the same person with another key", cat, demands, pl("ann, second key", approval.PlanApproval))
	add("the auditor instead", ann, demands, pl("dana", approval.PlanApproval))
	add("nobody touched the device", cat, demands, pl("cat, untouched", approval.PlanApproval))
	add("over another plan", ann, demands, func(t *testing.T, g *golden) []byte {
		return signature(t, "ann", approval.PlanApproval, append([]byte(" "), g.preview.Canonical...))
	})
	add("no signature at all", ann, demands, func(*testing.T, *golden) []byte { return []byte("x") })
	const profile = "plan/approvals/example-root.profile.json.ann.sig"
	resolved := func(who string, n approval.Namespace) func(t *testing.T, g *golden) []byte {
		return func(t *testing.T, g *golden) []byte {
			return signature(t, who, n, read(t, g.dir, "plan/profiles/example-root.profile.json"))
		}
	}
	add("of a profile, as that of a plan", profile, demands, resolved("ann", approval.PlanApproval))
	add("of a profile, the same person twice", profile, demands, resolved("cat", approval.ProfileApproval))
	add("of a profile, over another one", profile, demands, func(t *testing.T, g *golden) []byte {
		return signature(t, "ann", approval.ProfileApproval, read(t, g.dir, "plan/profiles/example-root-crl.profile.json"))
	})
	add("a profile that says something else", "plan/profiles/example-root.profile.json", "it differs from the resolved profile", func(t *testing.T, g *golden) []byte {
		return []byte(strings.Replace(string(read(t, g.dir, "plan/profiles/example-root.profile.json")), `"critical":true`, `"critical":false`, 1))
	})
	for _, gone := range []string{ann, profile} {
		all = append(all, mutation{name: "approval: gone is " + gone, names: []string{demands}, do: func(t *testing.T, g *golden, dir string) {
			if err := os.Remove(filepath.Join(dir, gone)); err != nil {
				t.Fatal(err)
			}
			g.forge(t, dir, func(r []event.Record) []event.Record {
				return slices.DeleteFunc(r, func(r event.Record) bool {
					e, ok := r.Event.(event.FileLoaded)
					return ok && e.Path == gone
				})
			})
		}})
	}
	for name, change := range map[string]func(*approval.Draft){
		"a lower threshold": func(d *approval.Draft) { d.Roles[0].Threshold = 1 },
		"a person more": func(d *approval.Draft) {
			d.People = append(d.People, personOf(t, "eve"))
			d.Roles[0].Members = append(d.Roles[0].Members, "eve")
		},
		"the version before": func(d *approval.Draft) { d.Version, d.Previous = 1, "" },
		"the version after":  func(d *approval.Draft) { d.Version = 3 },
		"a key more":         func(d *approval.Draft) { d.People[1].Keys = append(d.People[1].Keys, personOf(t, "eve").Keys...) },
		"nobody need sign":   func(d *approval.Draft) { d.Rules = slices.Delete(d.Rules, 1, 2) },
		"it expired":         func(d *approval.Draft) { d.Expires = d.Expires.AddDate(-2, 0, 0) },
		"no separation":      func(d *approval.Draft) { d.Separation = nil },
	} {
		all = append(all, mutation{name: "policy: " + name, names: []string{"trust/policy.json"}, do: func(t *testing.T, g *golden, dir string) {
			g.replaced(t, dir, plan.PolicyPath, policyFor(t, change))
		}})
	}
	return slices.Concat(all, forgedSignatures())
}
